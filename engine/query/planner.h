// SPDX-License-Identifier: Apache-2.0
//
// From an analysed query to scorers.
//
//   rewritten query --Make--> QueryPlan --Build(segment)--> exec::Scorer
//
// Make() resolves what is the same for all segments: where each term lies in each dictionary,
// collection statistics, weights. Build() opens the posting lists of one segment. Which way a
// boolean is evaluated is decided inside its scorer, window by window, from costs and bounds.
#ifndef SEGUE_QUERY_PLANNER_H_
#define SEGUE_QUERY_PLANNER_H_

#include <cstddef>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "engine/exec/scorer.h"
#include "engine/exec/search_context.h"
#include "engine/exec/segment_search.h"
#include "engine/exec/top_k.h"
#include "engine/query/planned_field.h"
#include "segue/query.h"
#include "segue/schema.h"
#include "segue/search.h"
#include "segue/statistics.h"
#include "segue/types.h"

namespace segue {

// The statistics that a search for `query`, a rewritten one, uses.
// Errors: kDataLoss, kResourceExhausted.
absl::StatusOr<Statistics> CollectQueryStatistics(const Query& query, Segments segments);

struct PlanOptions {
  // Of the segments and the schema; outlives the plan. nullptr: each plan makes those it needs.
  const PlannedFields* fields = nullptr;
  // Whether scorers can explain themselves and name their matches.
  bool explains = true;
};

// Immutable once made. Build may be called from several threads, each with its own context.
class QueryPlan {
 public:
  // `query`: rewritten (rewrite.h) and valid; segments, schema and options.statistics outlive the
  // plan. Errors: kInvalidArgument (a phrase over a field without positions, parameters out of
  // range), kDataLoss.
  static absl::StatusOr<QueryPlan> Make(const Query& query, Segments segments, const Schema& schema,
                                        const SearchOptions& options,
                                        const PlanOptions& plan_options = {});
  QueryPlan(QueryPlan&&) noexcept;
  QueryPlan& operator=(QueryPlan&&) noexcept;
  ~QueryPlan();

  // Searches segments[segment], in the way that suits the query; see exec::SearchSegment. Errors:
  // kDataLoss, kResourceExhausted, kCancelled, kDeadlineExceeded.
  absl::Status Search(size_t segment, const exec::SearchedSegment& searched, bool exhaustive,
                      exec::SearchContext* context, exec::TopK* top_k,
                      exec::MatchCounter* counter) const;

  // The scorer of segments[segment], which the plan must outlive. Terms can tell their places
  // (CollectMatches) only with `with_positions`. Errors: kDataLoss, kResourceExhausted.
  absl::StatusOr<exec::ScorerPtr> Build(size_t segment, exec::SearchContext* context,
                                        bool with_positions = false) const;

  // What the user should know that only the collection tells, and where it stood in the text.
  const std::vector<Diagnostic>& diagnostics() const;
  // Some pattern stands for more terms than are scored; a diagnostic says which.
  bool expansions_cut() const;

  struct Node;
  struct Data;

 private:
  explicit QueryPlan(std::unique_ptr<const Data> data);

  std::unique_ptr<const Data> data_;
};

// Of all segments, deleted documents among them.
absl::StatusOr<TermStatistics> TermStatisticsOf(Segments segments, std::string_view field,
                                                std::string_view term);

// The number of documents of all segments that hold the term, deleted ones among them.
absl::StatusOr<uint64_t> DocFreqOf(Segments segments, std::string_view field,
                                   std::string_view term);

}  // namespace segue

#endif  // SEGUE_QUERY_PLANNER_H_

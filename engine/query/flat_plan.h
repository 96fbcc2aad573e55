// SPDX-License-Identifier: Apache-2.0
//
// FlatPlan: a flat query (flat_shape.h) in one segment, for loops that take lists instead of
// scorers.
#ifndef SEGUE_QUERY_FLAT_PLAN_H_
#define SEGUE_QUERY_FLAT_PLAN_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "engine/exec/flat_search.h"
#include "engine/exec/search_context.h"
#include "engine/exec/segment_search.h"
#include "engine/exec/top_k.h"
#include "engine/query/flat_shape.h"
#include "engine/query/plan_builder.h"

namespace segue {

class FlatPlan {
 public:
  using Node = QueryPlan::Node;

  // What is passed by reference outlives the plan.
  FlatPlan(const FlatShape& shape, PlanBuilder* builder)
      : shape_(shape), builder_(*builder), context_(builder->context()) {}

  // Searches the query, whose root is `root`. False, and nothing done but to build some scorers,
  // which the builder has then: its gates leave too many documents, and a tree of scorers is
  // faster. Errors: kDataLoss, kResourceExhausted, and why a search ends early.
  absl::StatusOr<bool> Search(const Node& root, const exec::SearchedSegment& searched,
                              exec::TopK* top_k, exec::MatchCounter* counter);

 private:
  // A gate that is open, but not asked yet.
  struct OpenGate {
    const Node* node = nullptr;
    exec::ScorerPtr scorer = {};
  };

  absl::Status SearchLists(const Node& root, const exec::SearchedSegment& searched,
                           exec::TopK* top_k, exec::MatchCounter* counter);
  absl::StatusOr<bool> SearchGated(const exec::SearchedSegment& searched, exec::TopK* top_k,
                                   exec::MatchCounter* counter);
  absl::Status Charge();
  std::optional<uint64_t> CountByDictionary() const;
  absl::StatusOr<bool> SearchTerm(const Node& root, const exec::SearchedSegment& searched,
                                  exec::TopK* top_k, exec::MatchCounter* counter);
  uint64_t InLists() const;
  absl::Status TakeFewValues(uint64_t asked, std::optional<std::vector<DocId>>* candidates,
                             const Node** taken);
  absl::StatusOr<std::vector<OpenGate>> OpenGates(uint64_t asked, const Node* taken);
  bool TakeCandidates(uint64_t in_lists, bool any_hits, std::vector<OpenGate>* gates,
                      std::optional<std::vector<DocId>>* candidates);
  absl::StatusOr<std::vector<exec::FlatClause>> OpenLists(bool with_bounds);
  absl::StatusOr<bool> AddClause(const Node& node, bool with_bounds,
                                 std::vector<exec::FlatClause>* clauses);
  absl::StatusOr<std::unique_ptr<exec::FlatList>> OpenList(const Node& node, size_t term,
                                                           bool with_positions, bool with_bounds);

  const FlatShape& shape_;
  PlanBuilder& builder_;
  exec::SearchContext* context_;
};

}  // namespace segue

#endif  // SEGUE_QUERY_FLAT_PLAN_H_

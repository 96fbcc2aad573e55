// SPDX-License-Identifier: Apache-2.0
//
// PlanBuilder: the scorers of one segment. What a segment does not have becomes a scorer that
// matches nothing, so that every scorer above it stays the same.
#ifndef SEGUE_QUERY_PLAN_BUILDER_H_
#define SEGUE_QUERY_PLAN_BUILDER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "engine/exec/boolean_scorer.h"
#include "engine/exec/list_union.h"
#include "engine/exec/proximity_scorer.h"
#include "engine/exec/scorer.h"
#include "engine/exec/search_context.h"
#include "engine/exec/term_scorer.h"
#include "engine/format/term_meta.h"
#include "engine/query/plan_node.h"

namespace segue {

class PlanBuilder {
 public:
  using Node = QueryPlan::Node;
  using ScorerPtr = exec::ScorerPtr;

  // Of segment `index` of the plan; what is passed by reference outlives the builder and what it
  // builds.
  PlanBuilder(const QueryPlan::Data& plan, size_t index, bool with_positions,
              exec::SearchContext* context)
      : plan_(plan),
        segment_(*plan.segments[index]),
        index_(index),
        with_positions_(with_positions),
        asked_(segment_.doc_count()),
        context_(context) {}

  // The scorer of a node. Errors: kDataLoss, kResourceExhausted.
  absl::StatusOr<ScorerPtr> Build(const Node& node);

  // From now on what is built will be asked about so many documents at most.
  void SetAsked(uint64_t asked) { asked_ = asked; }
  // Whether what is built will count matches, all of them.
  void SetCounts(bool counts) { counts_ = counts; }
  // A scorer of the node that was built and not used: the next Build of it gives it back.
  void PutBack(const Node& node, ScorerPtr scorer) {
    built_.emplace_back(&node, std::move(scorer));
  }

  const Segment& segment() const { return segment_; }
  exec::SearchContext* context() { return context_; }
  const SegmentField* FieldOf(const Node& node) const { return node.field->in_segments[index_]; }
  // What the segment has of one of the node's terms; nullptr: nothing.
  const TermMeta* MetaOf(const Node& node, size_t term) const {
    return plan_.Find(node.first_term + term, index_);
  }
  bool HasAllTerms(const Node& node) const;
  // Opens the list of one of the node's terms, which the segment has.
  absl::Status OpenSource(const Node& node, size_t term, bool with_positions, bool with_bounds,
                          exec::TermSource* source);

 private:
  // A set of documents, all with the score of the node.
  using DocSet = std::unique_ptr<exec::ListUnion>;

  absl::StatusOr<ScorerPtr> BuildPlain(const Node& node);
  static ScorerPtr None(std::string why);
  absl::StatusOr<std::unique_ptr<exec::TermScorer>> OpenTerm(const Node& node, size_t term,
                                                             bool with_positions);
  absl::StatusOr<ScorerPtr> BuildTerm(const Node& node);
  // By the similarity of the node's field: the scorer itself scores by BM25.
  absl::StatusOr<ScorerPtr> Scored(std::unique_ptr<exec::FreqScorer> scorer, const Node& node);
  absl::StatusOr<ScorerPtr> BuildPhrase(const Node& node);
  absl::StatusOr<ScorerPtr> BuildNear(const Node& node);
  // Opens those of the terms that the segment has and that are not open yet; nothing if there are
  // too few parts with any. `number_of`: of each term of the node, among *terms.
  absl::StatusOr<std::optional<exec::ProximitySource>> OpenNear(
      const Node& node, const NearPlan& near, std::vector<uint32_t>* number_of,
      exec::ProximityScorer::Terms* terms);
  absl::StatusOr<ScorerPtr> BuildValues(const Node& node, const exec::WantedValues& wanted);
  absl::StatusOr<ScorerPtr> BuildBoolean(const Node& node);
  // Ranges of values come last: required clauses say how few documents they will be asked about.
  absl::StatusOr<std::vector<exec::BooleanClause>> BuildClauses(std::span<const Node> children);
  absl::StatusOr<ScorerPtr> BuildCombined(const Node& node);
  absl::StatusOr<ScorerPtr> BuildFunction(const Node& node);
  absl::StatusOr<ScorerPtr> BuildMax(const Node& node);

  // In plan_sets.cc.
  absl::StatusOr<DocSet> NewSet();
  static ScorerPtr ConstantSet(DocSet docs, const Node& node);
  absl::StatusOr<ScorerPtr> BuildSet(const Node& node);
  // Of numbers, any value; of text, a length that is not 0. Keywords have no lengths: any term.
  absl::StatusOr<ScorerPtr> BuildExists(const Node& node);
  // A pattern: the set of the documents that hold any of its terms, and what scores them best.
  absl::StatusOr<ScorerPtr> BuildTerms(const Node& node);
  // Looks at the clock now and then while thousands of lists are opened.
  absl::Status SpendOnList(const TermMeta& meta);
  absl::Status AddDocsOf(const SegmentField& field, const TermMeta& meta, exec::ListUnion* docs);
  absl::Status AddDocsOfChildren(const Node& node, exec::ListUnion* docs);
  absl::Status AddDocsOfPattern(const Node& node, const SegmentField& field, exec::ListUnion* docs);
  // The best of the terms of a pattern; nullptr: none is scored here. Terms stay apart where
  // somebody wants to know them.
  absl::StatusOr<ScorerPtr> BuildBest(const Node& node);
  absl::StatusOr<ScorerPtr> BuildBestOnly(const Node& node);

  const QueryPlan::Data& plan_;
  const Segment& segment_;
  size_t index_;
  bool with_positions_;
  uint64_t asked_;  // documents that what is built is asked about, at most
  bool counts_ = false;
  std::vector<std::pair<const Node*, ScorerPtr>> built_;
  exec::SearchContext* context_;
};

}  // namespace segue

#endif  // SEGUE_QUERY_PLAN_BUILDER_H_

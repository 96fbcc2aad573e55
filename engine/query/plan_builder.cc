// SPDX-License-Identifier: Apache-2.0
//
// QueryPlan::Build: the scorers of one segment. What a segment does not have becomes a scorer
// that matches nothing, so that every scorer above it stays the same.
#include <utility>

#include "engine/base/check.h"
#include "engine/base/status.h"
#include "engine/exec/checked_scorer.h"
#include "engine/exec/disjunction_max_scorer.h"
#include "engine/exec/simple_scorers.h"
#include "engine/format/bounds_reader.h"
#include "engine/format/postings_reader.h"
#include "engine/query/plan_node.h"

namespace segue {
namespace {

using exec::ScorerPtr;
using Node = QueryPlan::Node;

class PlanBuilder {
 public:
  PlanBuilder(const Segment& segment, size_t index, bool with_positions,
              exec::SearchContext* context)
      : segment_(segment), index_(index), with_positions_(with_positions), context_(context) {}

  absl::StatusOr<ScorerPtr> Build(const Node& node) {
    SEGUE_ASSIGN_OR_RETURN(ScorerPtr scorer, BuildPlain(node));
    if (SEGUE_CHECKS_ON == 0) return scorer;
    return ScorerPtr(std::make_unique<exec::CheckedScorer>(std::move(scorer), context_));
  }

 private:
  absl::StatusOr<ScorerPtr> BuildPlain(const Node& node) {
    switch (node.kind) {
      case Node::Kind::kNone:
        return None(node.name);
      case Node::Kind::kAll:
        return ScorerPtr(std::make_unique<exec::MatchAllScorer>(segment_.doc_count(), node.score));
      case Node::Kind::kTerm:
        return BuildTerm(node);
      case Node::Kind::kPhrase:
        return BuildPhrase(node);
      case Node::Kind::kRange:
        return BuildRange(node);
      case Node::Kind::kBoolean:
        return BuildBoolean(node);
      case Node::Kind::kMax:
        return BuildMax(node);
      case Node::Kind::kConstant: {
        SEGUE_ASSIGN_OR_RETURN(ScorerPtr inner, Build(*node.children[0]));
        return ScorerPtr(std::make_unique<exec::ConstantScorer>(std::move(inner), node.score));
      }
    }
    return Error(ErrorCode::kInternal, "a plan node of no known kind");
  }

  static ScorerPtr None(std::string why) {
    return std::make_unique<exec::MatchNoneScorer>(std::move(why));
  }

  absl::StatusOr<std::unique_ptr<exec::TermScorer>> OpenTerm(const Node& node, size_t term,
                                                             bool with_positions) {
    SEGUE_RETURN_IF_ERROR(context_->Charge(sizeof(exec::TermScorer)));
    const SegmentField& field = *segment_.field(node.field);
    const TermMeta& meta = *node.terms[term].metas[index_];
    exec::TermSource source;
    SEGUE_ASSIGN_OR_RETURN(source.list, PostingList::Open(field.postings(), meta, with_positions));
    SEGUE_ASSIGN_OR_RETURN(source.bounds, BoundList::Open(field.postings(), meta));
    source.norms = field.norms();
    source.doc_count = segment_.doc_count();
    const BoundParameters built = field.bounds();
    source.bounds_built_with = {{.k1 = built.k1, .b = built.b}, built.average_length};
    return std::make_unique<exec::TermScorer>(std::move(source), node.scoring, node.score,
                                              context_);
  }

  absl::StatusOr<ScorerPtr> BuildTerm(const Node& node) {
    if (!node.terms[0].metas[index_].has_value()) return None("no matching term: " + node.name);
    SEGUE_ASSIGN_OR_RETURN(ScorerPtr scorer, OpenTerm(node, 0, with_positions_));
    return scorer;
  }

  absl::StatusOr<ScorerPtr> BuildPhrase(const Node& node) {
    for (const PlannedTerm& term : node.terms) {
      if (!term.metas[index_].has_value()) return None("no matching phrase: " + node.name);
    }
    SEGUE_RETURN_IF_ERROR(context_->Charge(exec::PhraseScorer::MemoryBytes()));
    const SegmentField& field = *segment_.field(node.field);
    if (!field.has_positions()) return None("no positions in this segment: " + node.name);
    std::vector<std::unique_ptr<exec::TermScorer>> terms;
    for (size_t i = 0; i < node.terms.size(); ++i) {
      SEGUE_ASSIGN_OR_RETURN(std::unique_ptr<exec::TermScorer> term, OpenTerm(node, i, true));
      terms.push_back(std::move(term));
    }
    return ScorerPtr(std::make_unique<exec::PhraseScorer>(
        std::move(terms), node.words, node.scoring, node.score, field.norms(), context_));
  }

  absl::StatusOr<ScorerPtr> BuildRange(const Node& node) {
    const SegmentField* field = segment_.field(node.field);
    if (field == nullptr || field->column() == nullptr) {
      return None("no document has a value: " + node.name);
    }
    SEGUE_RETURN_IF_ERROR(context_->Charge(sizeof(exec::ColumnRangeScorer)));
    return ScorerPtr(std::make_unique<exec::ColumnRangeScorer>(field->column(), node.low, node.high,
                                                               node.score, node.name, context_));
  }

  absl::StatusOr<ScorerPtr> BuildBoolean(const Node& node) {
    SEGUE_RETURN_IF_ERROR(context_->Charge(exec::BooleanScorer::MemoryBytes(node.children.size())));
    std::vector<exec::BooleanClause> clauses;
    for (size_t i = 0; i < node.children.size(); ++i) {
      SEGUE_ASSIGN_OR_RETURN(ScorerPtr scorer, Build(*node.children[i]));
      clauses.push_back({node.occurs[i], std::move(scorer)});
    }
    return ScorerPtr(
        std::make_unique<exec::BooleanScorer>(std::move(clauses), node.min_should_match, context_));
  }

  absl::StatusOr<ScorerPtr> BuildMax(const Node& node) {
    SEGUE_RETURN_IF_ERROR(context_->Charge(exec::DisjunctionMaxScorer::MemoryBytes()));
    std::vector<ScorerPtr> scorers;
    for (const Node::NodePtr& child : node.children) {
      SEGUE_ASSIGN_OR_RETURN(ScorerPtr scorer, Build(*child));
      scorers.push_back(std::move(scorer));
    }
    return ScorerPtr(std::make_unique<exec::DisjunctionMaxScorer>(std::move(scorers), node.tie));
  }

  const Segment& segment_;
  size_t index_;
  bool with_positions_;
  exec::SearchContext* context_;
};

}  // namespace

absl::StatusOr<exec::ScorerPtr> QueryPlan::Build(size_t segment, exec::SearchContext* context,
                                                 bool with_positions) const {
  return PlanBuilder(*segments_[segment], segment, with_positions, context).Build(*root_);
}

}  // namespace segue

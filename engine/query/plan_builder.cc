// SPDX-License-Identifier: Apache-2.0
//
// QueryPlan::Build: the scorers of one segment. What a segment does not have becomes a scorer
// that matches nothing, so that every scorer above it stays the same. QueryPlan::Search: flat
// queries have a loop of their own, which takes lists instead of scorers.
#include <optional>
#include <utility>
#include <vector>

#include "engine/base/check.h"
#include "engine/base/status.h"
#include "engine/exec/checked_scorer.h"
#include "engine/exec/disjunction_max_scorer.h"
#include "engine/exec/flat_search.h"
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

  // The clauses of a flat query (exec/flat_search.h), none if nothing can match; std::nullopt if
  // the query is not flat.
  absl::StatusOr<std::optional<std::vector<exec::FlatClause>>> BuildFlat(const Node& root) {
    if (!IsFlat(root)) return std::nullopt;
    SEGUE_RETURN_IF_ERROR(context_->Charge(FlatBytes(root)));
    std::vector<exec::FlatClause> clauses;
    if (root.kind != Node::Kind::kBoolean) {
      SEGUE_RETURN_IF_ERROR(AddFlat(root, exec::ClauseKind::kMust, &clauses).status());
      return clauses;
    }
    bool any_required = false, any = false;
    for (size_t i = 0; i < root.children.size(); ++i) {
      const exec::ClauseKind kind = root.occurs[i];
      SEGUE_ASSIGN_OR_RETURN(const bool there, AddFlat(*root.children[i], kind, &clauses));
      if (exec::IsRequired(kind) && !there) return std::vector<exec::FlatClause>();
      any_required = any_required || exec::IsRequired(kind);
      any = any || (there && kind != exec::ClauseKind::kMustNot);
    }
    if (!any && !any_required) clauses.clear();
    return clauses;
  }

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

  // Weights of ordinary size: sums of them can be scaled to bytes.
  static bool HasFlatWeight(const Node& node) { return node.score > 1e-20f && node.score < 1e20f; }

  static bool IsFlat(const Node& root) {
    if (root.kind == Node::Kind::kTerm || root.kind == Node::Kind::kPhrase) {
      return HasFlatWeight(root);
    }
    if (root.kind != Node::Kind::kBoolean) return false;
    bool any_scored = false, any_required = false;
    int phrases = 0;
    for (size_t i = 0; i < root.children.size(); ++i) {
      const Node& child = *root.children[i];
      const bool scored = exec::IsScored(root.occurs[i]);
      if (child.kind == Node::Kind::kPhrase) {
        if (++phrases > 1 || root.occurs[i] != exec::ClauseKind::kMust) return false;
      } else if (child.kind != Node::Kind::kTerm && child.kind != Node::Kind::kNone) {
        return false;
      }
      if (scored && child.kind != Node::Kind::kNone && !HasFlatWeight(child)) return false;
      any_scored = any_scored || scored;
      any_required = any_required || exec::IsRequired(root.occurs[i]);
    }
    return any_scored && root.min_should_match <= (any_required ? 0u : 1u);
  }

  uint64_t FlatBytes(const Node& root) const {
    size_t lists = root.terms.size();
    for (const Node::NodePtr& child : root.children) lists += child->terms.size();
    return exec::FlatMemoryBytes(lists, segment_.doc_count());
  }

  // Adds a term or phrase; false if the segment has none.
  absl::StatusOr<bool> AddFlat(const Node& node, exec::ClauseKind kind,
                               std::vector<exec::FlatClause>* clauses) {
    if (node.kind == Node::Kind::kNone) return false;
    for (const PlannedTerm& term : node.terms) {
      if (!term.metas[index_].has_value()) return false;
    }
    const bool phrase = node.kind == Node::Kind::kPhrase;
    if (phrase && !segment_.field(node.field)->has_positions()) return false;
    std::vector<std::unique_ptr<exec::FlatList>> lists;
    for (size_t i = 0; i < node.terms.size(); ++i) {
      SEGUE_ASSIGN_OR_RETURN(exec::TermSource source, OpenSource(node, i, phrase));
      lists.push_back(
          std::make_unique<exec::FlatList>(std::move(source), *node.scoring, node.score, context_));
    }
    exec::FlatClause& clause = clauses->emplace_back(exec::FlatClause{.kind = kind});
    if (phrase) {
      clause.phrase = std::make_unique<exec::FlatPhrase>(std::move(lists), node.words, context_);
    } else {
      clause.list = std::move(lists[0]);
    }
    return true;
  }

  absl::StatusOr<exec::TermSource> OpenSource(const Node& node, size_t term, bool with_positions) {
    const SegmentField& field = *segment_.field(node.field);
    const TermMeta& meta = *node.terms[term].metas[index_];
    exec::TermSource source;
    SEGUE_ASSIGN_OR_RETURN(source.list, PostingList::Open(field.postings(), meta, with_positions));
    SEGUE_ASSIGN_OR_RETURN(source.bounds, BoundList::Open(field.postings(), meta));
    source.norms = field.norms();
    source.doc_count = segment_.doc_count();
    const BoundParameters built = field.bounds();
    source.bounds_built_with = {{.k1 = built.k1, .b = built.b}, built.average_length};
    return source;
  }

  absl::StatusOr<std::unique_ptr<exec::TermScorer>> OpenTerm(const Node& node, size_t term,
                                                             bool with_positions) {
    SEGUE_RETURN_IF_ERROR(context_->Charge(sizeof(exec::TermScorer)));
    SEGUE_ASSIGN_OR_RETURN(exec::TermSource source, OpenSource(node, term, with_positions));
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
    SEGUE_RETURN_IF_ERROR(context_->Charge(exec::PhraseScorer::MemoryBytes(node.terms.size())));
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

absl::Status QueryPlan::Search(size_t segment, const exec::SearchedSegment& searched,
                               bool exhaustive, exec::SearchContext* context, exec::TopK* top_k,
                               exec::MatchCounter* counter) const {
  if (!exhaustive) {
    PlanBuilder builder(*segments_[segment], segment, /*with_positions=*/false, context);
    SEGUE_ASSIGN_OR_RETURN(auto clauses, builder.BuildFlat(*root_));
    if (clauses.has_value()) {
      if (!clauses->empty()) {
        exec::SearchFlat(std::move(*clauses), searched, context, top_k, counter);
      }
      return context->status();
    }
  }
  SEGUE_ASSIGN_OR_RETURN(const ScorerPtr scorer, Build(segment, context));
  exec::SearchSegment(*scorer, searched, exhaustive, context, top_k, counter);
  return context->status();
}

}  // namespace segue

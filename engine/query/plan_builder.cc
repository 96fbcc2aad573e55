// SPDX-License-Identifier: Apache-2.0
#include "engine/query/plan_builder.h"

#include <algorithm>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "engine/base/check.h"
#include "engine/base/status.h"
#include "engine/exec/checked_scorer.h"
#include "engine/exec/column_scorer.h"
#include "engine/exec/combined_scorer.h"
#include "engine/exec/demoting_scorer.h"
#include "engine/exec/disjunction_max_scorer.h"
#include "engine/exec/function_scorer.h"
#include "engine/exec/phrase_scorer.h"
#include "engine/exec/similarity_scorer.h"
#include "engine/exec/simple_scorers.h"
#include "engine/format/bounds_reader.h"
#include "engine/format/postings_reader.h"

namespace segue {

using exec::ScorerPtr;

absl::StatusOr<ScorerPtr> PlanBuilder::Build(const Node& node) {
  for (auto& [built, scorer] : built_) {
    if (built == &node && scorer != nullptr) return std::move(scorer);
  }
  SEGUE_ASSIGN_OR_RETURN(ScorerPtr scorer, BuildPlain(node));
  if (SEGUE_CHECKS_ON == 0) return scorer;
  return ScorerPtr(std::make_unique<exec::CheckedScorer>(std::move(scorer), context_));
}

absl::StatusOr<ScorerPtr> PlanBuilder::BuildPlain(const Node& node) {
  switch (node.kind) {
    case Node::Kind::kNone:
      return None(node.name);
    case Node::Kind::kAll:
      return ScorerPtr(std::make_unique<exec::MatchAllScorer>(segment_.doc_count(), node.score));
    case Node::Kind::kTerm:
      return BuildTerm(node);
    case Node::Kind::kPhrase:
      return BuildPhrase(node);
    case Node::Kind::kNear:
      return BuildNear(node);
    case Node::Kind::kValues:
      return BuildValues(node, *node.wanted);
    case Node::Kind::kSet:
      return BuildSet(node);
    case Node::Kind::kExists:
      return BuildExists(node);
    case Node::Kind::kTerms:
      return BuildTerms(node);
    case Node::Kind::kBoolean:
      return BuildBoolean(node);
    case Node::Kind::kMax:
      return BuildMax(node);
    case Node::Kind::kConstant: {
      SEGUE_ASSIGN_OR_RETURN(ScorerPtr inner, Build(node.children[0]));
      return ScorerPtr(std::make_unique<exec::ConstantScorer>(std::move(inner), node.score));
    }
    case Node::Kind::kCombined:
      return BuildCombined(node);
    case Node::Kind::kFunction:
      return BuildFunction(node);
    case Node::Kind::kDemote: {
      SEGUE_ASSIGN_OR_RETURN(ScorerPtr positive, Build(node.children[0]));
      SEGUE_ASSIGN_OR_RETURN(ScorerPtr negative, Build(node.children[1]));
      return ScorerPtr(std::make_unique<exec::DemotingScorer>(std::move(positive),
                                                              std::move(negative), node.score));
    }
  }
  return Error(ErrorCode::kInternal, "a plan node of no known kind");
}

ScorerPtr PlanBuilder::None(std::string why) {
  return std::make_unique<exec::MatchNoneScorer>(std::move(why));
}

bool PlanBuilder::HasAllTerms(const Node& node) const {
  for (size_t i = 0; i < node.term_count; ++i) {
    if (MetaOf(node, i) == nullptr) return false;
  }
  return true;
}

absl::Status PlanBuilder::OpenSource(const Node& node, size_t term, bool with_positions,
                                     bool with_bounds, exec::TermSource* source) {
  const SegmentField& field = *FieldOf(node);
  const TermMeta& meta = *MetaOf(node, term);
  SEGUE_ASSIGN_OR_RETURN(source->list, PostingList::Open(field.postings(), meta, with_positions));
  if (with_bounds) {
    SEGUE_ASSIGN_OR_RETURN(source->bounds, BoundList::Open(field.postings(), meta));
  }
  source->norms = field.norms();
  source->doc_count = segment_.doc_count();
  const BoundParameters built = field.bounds();
  source->bounds_built_with = {{.k1 = built.k1, .b = built.b}, built.average_length};
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<exec::TermScorer>> PlanBuilder::OpenTerm(const Node& node,
                                                                        size_t term,
                                                                        bool with_positions) {
  SEGUE_RETURN_IF_ERROR(context_->Charge(sizeof(exec::TermScorer)));
  exec::TermSource source;
  SEGUE_RETURN_IF_ERROR(OpenSource(node, term, with_positions, /*with_bounds=*/true, &source));
  return std::make_unique<exec::TermScorer>(std::move(source), &node.scoring, node.score, context_);
}

absl::StatusOr<ScorerPtr> PlanBuilder::BuildTerm(const Node& node) {
  if (!HasAllTerms(node)) return None("no matching term: " + node.name);
  SEGUE_ASSIGN_OR_RETURN(auto scorer, OpenTerm(node, 0, with_positions_));
  return Scored(std::move(scorer), node);
}

absl::StatusOr<ScorerPtr> PlanBuilder::Scored(std::unique_ptr<exec::FreqScorer> scorer,
                                              const Node& node) {
  if (node.scoring.similarity == nullptr) return ScorerPtr(std::move(scorer));
  SEGUE_RETURN_IF_ERROR(context_->Charge(exec::SimilarityScorer::MemoryBytes()));
  return ScorerPtr(std::make_unique<exec::SimilarityScorer>(std::move(scorer), &node.scoring,
                                                            FieldOf(node)->norms()));
}

absl::StatusOr<ScorerPtr> PlanBuilder::BuildPhrase(const Node& node) {
  if (!HasAllTerms(node)) return None("no matching phrase: " + node.name);
  SEGUE_RETURN_IF_ERROR(context_->Charge(exec::PhraseScorer::MemoryBytes(node.term_count)));
  const SegmentField& field = *FieldOf(node);
  if (!field.has_positions()) return None("no positions in this segment: " + node.name);
  std::vector<std::unique_ptr<exec::TermScorer>> terms;
  for (size_t i = 0; i < node.term_count; ++i) {
    SEGUE_ASSIGN_OR_RETURN(std::unique_ptr<exec::TermScorer> term, OpenTerm(node, i, true));
    terms.push_back(std::move(term));
  }
  return Scored(std::make_unique<exec::PhraseScorer>(std::move(terms), node.words, &node.scoring,
                                                     node.score, field.norms(), context_),
                node);
}

absl::StatusOr<ScorerPtr> PlanBuilder::BuildNear(const Node& node) {
  const SegmentField* field = FieldOf(node);
  if (field == nullptr || !field->has_positions()) {
    return None("no positions in this segment: " + node.name);
  }
  std::vector<uint32_t> number_of(node.term_count, UINT32_MAX);
  exec::ProximityScorer::Terms terms;
  SEGUE_ASSIGN_OR_RETURN(std::optional<exec::ProximitySource> source,
                         OpenNear(node, *node.near, &number_of, &terms));
  if (!source.has_value()) return None("no matching term: " + node.name);
  std::optional<exec::RelatedSource> related;
  if (const NearPlan* const other = node.near->other.get(); other != nullptr) {
    SEGUE_ASSIGN_OR_RETURN(std::optional<exec::ProximitySource> of_other,
                           OpenNear(node, *other, &number_of, &terms));
    if (of_other.has_value()) {
      related = {.source = *std::move(of_other), .relation = node.near->relation};
    } else if (exec::SpanFilter(node.near->relation).needs_others()) {
      return None("no matching term: " + node.name);
    }
  }
  SEGUE_RETURN_IF_ERROR(context_->Charge(exec::ProximityScorer::MemoryBytes(terms.size())));
  return Scored(std::make_unique<exec::ProximityScorer>(std::move(terms), *std::move(source),
                                                        std::move(related), &node.scoring,
                                                        node.score, field->norms(), context_),
                node);
}

absl::StatusOr<std::optional<exec::ProximitySource>> PlanBuilder::OpenNear(
    const Node& node, const NearPlan& near, std::vector<uint32_t>* number_of,
    exec::ProximityScorer::Terms* terms) {
  std::vector<std::vector<uint32_t>> parts;
  size_t there = 0;
  for (const std::vector<uint32_t>& of_plan : near.parts) {
    std::vector<uint32_t>& part = parts.emplace_back();
    for (const uint32_t term : of_plan) {
      if (MetaOf(node, term) == nullptr) continue;
      uint32_t& number = (*number_of)[term];
      if (number == UINT32_MAX) {
        number = static_cast<uint32_t>(terms->size());
        SEGUE_ASSIGN_OR_RETURN(std::unique_ptr<exec::TermScorer> scorer,
                               OpenTerm(node, term, /*with_positions=*/true));
        terms->push_back(std::move(scorer));
      }
      part.push_back(number);
    }
    there += part.empty() ? 0 : 1;
  }
  if (!near.IsEnough(there)) return std::optional<exec::ProximitySource>();
  return exec::ProximitySource{.parts = std::move(parts),
                               .matcher = {near.places, near.proximity, near.slop, near.at_least}};
}

absl::StatusOr<ScorerPtr> PlanBuilder::BuildValues(const Node& node,
                                                   const exec::WantedValues& wanted) {
  const SegmentField* field = FieldOf(node);
  if (field == nullptr || field->column() == nullptr) {
    return None("no document has a value: " + node.name);
  }
  SEGUE_RETURN_IF_ERROR(context_->Charge(sizeof(exec::ColumnScorer)));
  auto scorer = std::make_unique<exec::ColumnScorer>(field->column(), &wanted, node.score,
                                                     node.name, context_);
  SEGUE_RETURN_IF_ERROR(scorer->UseOrder(asked_, counts_));
  return ScorerPtr(std::move(scorer));
}

absl::StatusOr<ScorerPtr> PlanBuilder::BuildBoolean(const Node& node) {
  SEGUE_RETURN_IF_ERROR(context_->Charge(exec::BooleanScorer::MemoryBytes(node.children.size())));
  SEGUE_ASSIGN_OR_RETURN(std::vector<exec::BooleanClause> clauses, BuildClauses(node.children));
  return ScorerPtr(
      std::make_unique<exec::BooleanScorer>(std::move(clauses), node.min_should_match, context_));
}

absl::StatusOr<std::vector<exec::BooleanClause>> PlanBuilder::BuildClauses(
    std::span<const Node> children) {
  std::vector<exec::BooleanClause> clauses(children.size());
  const uint64_t asked_before = asked_;
  for (const bool are_values : {false, true}) {
    for (size_t i = 0; i < children.size(); ++i) {
      if ((children[i].kind == Node::Kind::kValues) != are_values) continue;
      clauses[i].kind = children[i].occur;
      SEGUE_ASSIGN_OR_RETURN(clauses[i].scorer, Build(children[i]));
      if (!exec::IsRequired(children[i].occur)) continue;
      asked_ = std::min(asked_, clauses[i].scorer->Cost());
    }
  }
  asked_ = asked_before;
  return clauses;
}

absl::StatusOr<ScorerPtr> PlanBuilder::BuildCombined(const Node& node) {
  std::vector<exec::CombinedList> lists;
  for (const Node& child : node.children) {
    if (MetaOf(child, 0) == nullptr) continue;
    SEGUE_ASSIGN_OR_RETURN(std::unique_ptr<exec::TermScorer> term,
                           OpenTerm(child, 0, with_positions_));
    lists.push_back({.term = std::move(term), .weight = child.tie});
  }
  if (lists.empty()) return None("no matching term: " + node.name);
  SEGUE_RETURN_IF_ERROR(context_->Charge(exec::CombinedScorer::MemoryBytes(lists.size())));
  return Scored(
      std::make_unique<exec::CombinedScorer>(std::move(lists), &node.scoring, node.score, context_),
      node);
}

absl::StatusOr<ScorerPtr> PlanBuilder::BuildFunction(const Node& node) {
  SEGUE_RETURN_IF_ERROR(context_->Charge(sizeof(exec::FunctionScorer)));
  SEGUE_ASSIGN_OR_RETURN(ScorerPtr inner, Build(node.children[0]));
  const SegmentField* field = FieldOf(node);
  return ScorerPtr(std::make_unique<exec::FunctionScorer>(
      std::move(inner), node.function.get(), field != nullptr ? field->column() : nullptr,
      node.score, node.name, context_));
}

absl::StatusOr<ScorerPtr> PlanBuilder::BuildMax(const Node& node) {
  SEGUE_RETURN_IF_ERROR(context_->Charge(exec::DisjunctionMaxScorer::MemoryBytes()));
  std::vector<ScorerPtr> scorers;
  for (const Node& child : node.children) {
    SEGUE_ASSIGN_OR_RETURN(ScorerPtr scorer, Build(child));
    scorers.push_back(std::move(scorer));
  }
  return ScorerPtr(std::make_unique<exec::DisjunctionMaxScorer>(std::move(scorers), node.tie));
}

}  // namespace segue

// SPDX-License-Identifier: Apache-2.0
//
// Words near each other. The parts of all queries that belong together have one numbering of terms.
#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/status.h"
#include "engine/query/plan_maker.h"
#include "engine/query/query_node.h"
#include "engine/query/term_expansion.h"
#include "engine/query/term_pattern.h"

namespace segue {
namespace {

exec::SpanRelation RelationOf(NearRelation relation) {
  switch (relation) {
    case NearRelation::kContaining:
      return exec::SpanRelation::kContaining;
    case NearRelation::kNotContaining:
      return exec::SpanRelation::kNotContaining;
    case NearRelation::kWithin:
      return exec::SpanRelation::kWithin;
    case NearRelation::kNotWithin:
      return exec::SpanRelation::kNotWithin;
  }
  return exec::SpanRelation::kContaining;
}

bool HasEnoughTerms(const NearPlan& plan) {
  const auto there = std::count_if(plan.parts.begin(), plan.parts.end(),
                                   [](const auto& part) { return !part.empty(); });
  return plan.IsEnough(static_cast<size_t>(there));
}

}  // namespace

absl::Status PlanMaker::FillNear(const Query& query, float boost, Node* node) {
  node->kind = Node::Kind::kNear;
  node->field = FieldOf(query.field());
  node->first_term = data_->term_count;
  if (plan_options_.explains) node->name = query.ToString();
  TermNumbers numbers;
  WordStatistics of_parts;
  const bool is_related = query.kind() == QueryKind::kNearRelated;
  const Query& near = is_related ? query.children()[0] : query;
  SEGUE_ASSIGN_OR_RETURN(const auto plan, NearPlanOf(near, &numbers, &of_parts, node));
  bool is_whole = HasEnoughTerms(*plan);
  if (is_related) {
    WordStatistics of_other;
    SEGUE_ASSIGN_OR_RETURN(const auto other,
                           NearPlanOf(query.children()[1], &numbers, &of_other, node));
    plan->relation = RelationOf(query.relation());
    const bool needs_other = NeedsOther(query.relation());
    if (needs_other) of_parts.insert(of_parts.end(), of_other.begin(), of_other.end());
    const bool has_other = HasEnoughTerms(*other);
    if (has_other) plan->other = other;
    is_whole = is_whole && (has_other || !needs_other);
  }
  if (!is_whole) return FillNone("no matching term: " + node->name, node);
  node->near = plan;
  SetPhraseScoring(boost, of_parts, node);
  return absl::OkStatus();
}

// The parts of a kNear; *of_parts: of those that count for its idf. Where some parts are enough,
// these are the most frequent ones: so much every match has.
absl::StatusOr<std::shared_ptr<NearPlan>> PlanMaker::NearPlanOf(const Query& query,
                                                                TermNumbers* numbers,
                                                                WordStatistics* of_parts,
                                                                Node* node) {
  const NearOptions& options = query.near();
  auto near = std::make_shared<NearPlan>();
  near->slop = options.slop;
  near->at_least = options.at_least;
  near->proximity = options.order == NearOrder::kAny       ? exec::Proximity::kNear
                    : options.order == NearOrder::kOrdered ? exec::Proximity::kOrdered
                                                           : exec::Proximity::kPhrase;
  const std::vector<Query>& children = query.children();
  for (size_t i = 0; i < children.size(); ++i) {
    std::vector<uint32_t>& part = near->parts.emplace_back();
    TermStatistics& of_part = of_parts->emplace_back();
    SEGUE_RETURN_IF_ERROR(AddPart(query, children[i], numbers, &part, &of_part, node));
    std::sort(part.begin(), part.end());
    part.erase(std::unique(part.begin(), part.end()), part.end());
    uint32_t position = 0;
    if (options.order == NearOrder::kPhrase) {
      position = options.positions.empty() ? static_cast<uint32_t>(i) : options.positions[i];
    }
    // By what was asked for: which terms a shard has of it does not matter.
    const auto same = std::find(children.begin(), children.end(), children[i]);
    near->places.push_back(
        {.position = position, .words = static_cast<uint32_t>(same - children.begin())});
  }
  if (options.at_least != 0) {
    std::sort(of_parts->begin(), of_parts->end(),
              [](const TermStatistics& a, const TermStatistics& b) {
                return std::pair(a.doc_freq, a.total_freq) > std::pair(b.doc_freq, b.total_freq);
              });
    of_parts->resize(options.at_least);
  }
  return near;
}

// *of_part: the greatest of the part's terms. Those that only other shards have count for it.
absl::Status PlanMaker::AddPart(const Query& query, const Query& part, TermNumbers* numbers,
                                std::vector<uint32_t>* terms, TermStatistics* of_part, Node* node) {
  for (const QueryClause& clause : part.clauses()) {
    SEGUE_RETURN_IF_ERROR(AddPart(query, clause.query, numbers, terms, of_part, node));
  }
  if (part.kind() == QueryKind::kBoolean) return absl::OkStatus();
  const auto next = static_cast<uint32_t>(node->term_count);
  if (part.kind() == QueryKind::kTerm) {
    const auto [known, is_new] = numbers->try_emplace(part.text(), next, TermStatistics());
    if (is_new) {
      ++node->term_count;
      SEGUE_RETURN_IF_ERROR(AddTerm(*node->field, part.text(), kNotLocated, &known->second.second));
    }
    terms->push_back(known->second.first);
    RaiseTo(known->second.second, of_part);
    return absl::OkStatus();
  }
  SEGUE_ASSIGN_OR_RETURN(const TermPattern pattern,
                         TermPattern::Of(part, patterns_, options_.limits));
  SEGUE_ASSIGN_OR_RETURN(
      const TermExpansions expansions,
      Expand(pattern, query.field(), part, "are looked for beside the other words"));
  for (const TermExpansion& expansion : expansions.terms) {
    RaiseTo(expansion.statistics, of_part);
    if (expansion.metas.empty()) continue;  // other shards have it
    const auto [known, is_new] = numbers->try_emplace(
        expansion.term, static_cast<uint32_t>(node->term_count), expansion.statistics);
    if (is_new) {
      ++node->term_count;
      AddMetas(expansion);
    }
    terms->push_back(known->second.first);
  }
  return absl::OkStatus();
}

}  // namespace segue

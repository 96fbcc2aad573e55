// SPDX-License-Identifier: Apache-2.0
//
// What stands for many terms of the dictionary.
#include <memory>
#include <string>
#include <utility>

#include "engine/base/status.h"
#include "engine/base/strings.h"
#include "engine/exec/search_context.h"
#include "engine/query/plan_maker.h"
#include "engine/query/query_text.h"
#include "engine/query/term_expansion.h"
#include "engine/query/term_pattern.h"
#include "engine/rank/bm25.h"

namespace segue {

// A pattern. Where scores do not matter its terms are only looked for segment by segment.
absl::Status PlanMaker::FillTerms(const Query& query, float boost, Node* node) {
  node->kind = Node::Kind::kTerms;
  node->field = FieldOf(query.field());
  node->name = plan_options_.explains ? query.ToString() : std::string();
  SEGUE_ASSIGN_OR_RETURN(TermPattern pattern, TermPattern::Of(query, patterns_, options_.limits));
  node->pattern = std::make_shared<const TermPattern>(std::move(pattern));
  if (!plan_options_.explains && (boost == 0 || options_.k == 0)) return absl::OkStatus();
  SEGUE_ASSIGN_OR_RETURN(
      const TermExpansions expansions,
      Expand(*node->pattern, query.field(), query, "are scored, documents with others come last"));
  node->is_whole = !expansions.cut;
  AddExpansions(expansions, boost, node);
  if (!node->is_whole || node->children.size() > 1) return absl::OkStatus();
  if (node->children.empty()) return FillNone("no matching term: " + node->name, node);
  Node only = std::move(node->children[0]);
  only.occur = node->occur;
  *node = std::move(only);
  return absl::OkStatus();
}

// The same score for all.
absl::Status PlanMaker::FillTermRange(const Query& query, float boost, Node* node) {
  node->kind = Node::Kind::kConstant;
  node->score = boost;
  return FillTerms(query, 0.0f, &node->children.emplace_back());
}

// The greatest document frequency is that of all: a rare misspelling counts no more than the
// word.
void PlanMaker::AddExpansions(const TermExpansions& expansions, float boost, Node* node) {
  TermStatistics blended;
  for (const TermExpansion& expansion : expansions.terms) {
    Blend(expansion.statistics, &blended);
  }
  const float idf = Idf(blended.doc_freq, node->field->statistics.doc_count);
  node->children.reserve(expansions.terms.size());
  for (const TermExpansion& expansion : expansions.terms) {
    if (expansion.metas.empty()) continue;  // other shards have it
    Node& child = node->children.emplace_back();
    child.kind = Node::Kind::kTerm;
    child.field = node->field;
    child.first_term = data_->term_count;
    child.term_count = 1;
    AddMetas(expansion);
    if (plan_options_.explains) {
      NameTerm(node->field->name, expansion.term, blended.doc_freq, &child);
    }
    SetScoring(boost * expansion.closeness, idf, {&blended, 1}, &child);
  }
}

void PlanMaker::AddMetas(const TermExpansion& expansion) {
  ++data_->term_count;
  for (size_t i = 0; i < segments_.size(); ++i) {
    data_->metas.push_back(i < expansion.metas.size() ? expansion.metas[i] : TermMeta{});
  }
}

// `source`: what it stands for in the query. Where not all terms are taken a diagnostic says what
// happens to the nearest ones: `fate`.
absl::StatusOr<TermExpansions> PlanMaker::Expand(const TermPattern& pattern, std::string_view field,
                                                 const Query& source, std::string_view fate) {
  absl::StatusOr<TermExpansions> expansions =
      ExpandTerms(pattern, field, options_.limits.expansions, segments_, options_.statistics,
                  [this] { return exec::StopReason(options_, 0); });
  if (expansions.ok() && expansions->cut) NoteCut(source, fate);
  return expansions;
}

void PlanMaker::NoteCut(const Query& source, std::string_view fate) {
  data_->expansions_cut = true;
  data_->diagnostics.push_back(
      {source.source_begin(), source.source_end(),
       Cat(ShownText(source.ToString()), " stands for more than ", options_.limits.expansions,
           " terms; the nearest ", options_.limits.expansions, " ", fate)});
}

}  // namespace segue

// SPDX-License-Identifier: Apache-2.0
//
// Terms that are scored as one, and those that stand for a text that documents are to be like.
#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/status.h"
#include "engine/base/strings.h"
#include "engine/exec/search_context.h"
#include "engine/query/plan_maker.h"
#include "engine/query/query_node.h"
#include "engine/rank/bm25.h"
#include "engine/rank/similarity.h"

namespace segue {
namespace {

std::string NothingLike(const LikeOptions& like) {
  std::string most;
  if (like.max_doc_freq != UINT64_MAX) most = Cat(" and at most ", like.max_doc_freq);
  return Cat("no word of the text is in at least ", like.min_doc_freq, most,
             " documents, as min_doc_freq asks; nothing is like it");
}

}  // namespace

// The terms are weighed together: what each is opened with has a weight of 1.
absl::Status PlanMaker::FillCombined(const Query& query, float boost, Node* node) {
  node->kind = Node::Kind::kCombined;
  if (plan_options_.explains) node->name = query.ToString();
  const std::vector<CombinedTerm>& terms = query.combined_terms();
  node->children.reserve(terms.size());
  SEGUE_RETURN_IF_ERROR(CheckCombined(terms));
  TermStatistics blended;
  uint64_t doc_count = 0;
  for (const CombinedTerm& term : terms) {
    Node& child = node->children.emplace_back();
    child.kind = Node::Kind::kTerm;
    child.field = FieldOf(term.field);
    child.first_term = data_->term_count;
    child.term_count = 1;
    child.tie = term.weight;
    TermStatistics of_term;
    SEGUE_RETURN_IF_ERROR(AddTerm(*child.field, term.term, kNotLocated, &of_term));
    if (plan_options_.explains) NameTerm(term.field, term.term, of_term.doc_freq, &child);
    SetScoring(1, 1, {&of_term, 1}, &child);
    Blend(of_term, &blended);
    doc_count = std::max(doc_count, child.field->statistics.doc_count);
  }
  node->scoring.boost = boost;
  node->scoring.idf = Idf(blended.doc_freq, doc_count);
  node->scoring.doc_freqs = {blended.doc_freq};
  node->scoring.doc_count = doc_count;
  node->scoring.name = node->name;
  node->score = BoostProduct(boost, node->scoring.idf);
  if (terms.empty()) return absl::OkStatus();
  node->field = node->children[0].field;
  SetSimilarity(*node->field, {&blended, 1}, node);
  return absl::OkStatus();
}

// Frequencies of one field can be added up under any similarity; how those of several fields make
// one score only BM25F says.
absl::Status PlanMaker::CheckCombined(const std::vector<CombinedTerm>& terms) {
  for (const CombinedTerm& term : terms) {
    if (term.field == terms[0].field) continue;
    for (const CombinedTerm& other : terms) {
      if (FieldOf(other.field)->similarity == nullptr) continue;
      return Error(ErrorCode::kInvalidArgument,
                   Cat("fields that are searched as one are scored by BM25F; the similarity of \"",
                       other.field, "\" is not bm25"));
    }
    break;
  }
  return absl::OkStatus();
}

// The terms that stand for the text best, chosen by what the whole collection has of them, so
// that no layout of segments or shards changes which they are (decision D2).
absl::StatusOr<std::vector<const CombinedTerm*>> PlanMaker::ChooseTerms(const Query& query) {
  const LikeOptions& like = query.like();
  std::vector<std::pair<double, const CombinedTerm*>> ranked;
  for (size_t i = 0; i < query.combined_terms().size(); ++i) {
    const CombinedTerm& term = query.combined_terms()[i];
    constexpr size_t kTermsToStop = 256;
    if (i % kTermsToStop == 0) SEGUE_RETURN_IF_ERROR(exec::StopReason(options_, 0));
    uint64_t doc_freq = 0;
    if (options_.statistics != nullptr) {
      doc_freq = options_.statistics->DocFreq(term.field, term.term);
    } else {
      SEGUE_ASSIGN_OR_RETURN(doc_freq, DocFreqOf(segments_, term.field, term.term));
    }
    if (doc_freq == 0 || doc_freq < like.min_doc_freq || doc_freq > like.max_doc_freq) continue;
    const float idf = Idf(doc_freq, FieldOf(term.field)->statistics.doc_count);
    ranked.emplace_back(double{term.weight} * double{idf}, &term);
  }
  const size_t chosen = std::min<size_t>(ranked.size(), like.max_terms);
  // Those before have the lesser bytes.
  std::partial_sort(ranked.begin(), ranked.begin() + static_cast<ptrdiff_t>(chosen), ranked.end(),
                    [](const auto& a, const auto& b) {
                      return a.first != b.first ? a.first > b.first : a.second < b.second;
                    });
  std::vector<const CombinedTerm*> terms;
  for (size_t i = 0; i < chosen; ++i) terms.push_back(ranked[i].second);
  return terms;
}

// A boolean of them, as of words that somebody typed.
absl::Status PlanMaker::FillLike(const Query& query, float boost, Node* node) {
  SEGUE_ASSIGN_OR_RETURN(const std::vector<const CombinedTerm*> terms, ChooseTerms(query));
  // A text is looked for in several fields, and may have words in one alone.
  const std::pair place(query.source_begin(), query.source_end());
  if (terms.empty()) {
    likes_.try_emplace(place, NothingLike(query.like()));
    return FillNone("no word stands for the text", node);
  }
  likes_[place] = std::nullopt;
  const auto fill = [&](const CombinedTerm& term, Node* of_term) {
    return FillTerm(term.field, term.term, BoostProduct(boost, term.weight), kNotLocated, of_term);
  };
  if (terms.size() == 1) return fill(*terms[0], node);
  node->kind = Node::Kind::kBoolean;
  const uint64_t wanted = terms.size() * query.like().min_match_percent / 100;
  node->min_should_match = static_cast<uint32_t>(std::max<uint64_t>(wanted, 1));
  node->children.reserve(terms.size());
  for (const CombinedTerm* term : terms) {
    Node* const child = &node->children.emplace_back();
    child->occur = exec::ClauseKind::kShould;
    SEGUE_RETURN_IF_ERROR(fill(*term, child));
  }
  return absl::OkStatus();
}

void PlanMaker::NoteNothingLike() {
  for (auto& [source, problem] : likes_) {
    if (!problem) continue;
    data_->diagnostics.push_back({source.first, source.second, *std::move(problem)});
  }
}

}  // namespace segue

// SPDX-License-Identifier: Apache-2.0
#include "engine/exec/similarity_scorer.h"

#include <utility>

#include "engine/rank/bm25_explain.h"

namespace segue::exec {

SimilarityScorer::SimilarityScorer(std::unique_ptr<FreqScorer> inner, const TermScoring* scoring,
                                   const uint8_t* norms)
    : inner_(std::move(inner)), scoring_(scoring), norms_(norms) {}

void SimilarityScorer::Bound(const Window& window, WordBounds* bounds) {
  inner_->Bound(window, bounds);
  const float bound = inner_->MaxScoreBy(*scoring_->similarity, window);
  for (float& of_word : *bounds) {
    if (of_word != kNoMatch) of_word = bound;
  }
}

// Frequencies first, then scores in their place.
void SimilarityScorer::Score(const Window& window, const DocMask& docs, WindowScores* scores) {
  inner_->Freqs(window, docs, scores);
  const uint8_t* norms = norms_ + window.begin;
  const TermSimilarity& similarity = *scoring_->similarity;
  docs.ForEach([&](uint32_t offset) {
    (*scores)[offset] = similarity.Score((*scores)[offset], norms[offset]);
  });
}

Explanation SimilarityScorer::Explain(const Window& window, DocId doc) {
  Explanation of_inner = inner_->Explain(window, doc);
  if (!of_inner.match) return of_inner;
  DocMask one;
  one.Set(doc - window.begin);
  const auto freqs = std::make_unique<WindowScores>();
  inner_->Freqs(window, one, freqs.get());
  const TermSimilarity& similarity = *scoring_->similarity;
  const float freq = (*freqs)[doc - window.begin];
  return ExplainWeight(scoring_->name, doc, similarity.name(),
                       similarity.Explain(inner_->ExplainFreq(freq), norms_[doc]));
}

}  // namespace segue::exec

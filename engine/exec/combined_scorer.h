// SPDX-License-Identifier: Apache-2.0
//
// CombinedScorer: terms of several fields, or several terms of one, scored as if they were one term
// of one field (BM25F; Robertson, Zaragoza and Taylor 2004): frequencies are added up, each by its
// field's length and weight, before they saturate.
//
//   y = sum over the terms of weight * freq / (k1 * ((1 - b) + b * length / avgdl))
//   score = w - w / (1 + y),  w = boost * idf
//
// in the order of the terms, in double, cast to float once: of one term with weight 1 the bits of
// its BM25 score.
#ifndef SEGUE_EXEC_COMBINED_SCORER_H_
#define SEGUE_EXEC_COMBINED_SCORER_H_

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <memory>
#include <vector>

#include "engine/exec/freq_scorer.h"
#include "engine/exec/scorer.h"
#include "engine/exec/search_context.h"
#include "engine/exec/term_scorer.h"

namespace segue::exec {

// A term of a segment, opened with a weight of 1, and how much its frequency counts.
struct CombinedList {
  std::unique_ptr<TermScorer> term;
  float weight = 1;
};

class CombinedScorer final : public FreqScorer {
 public:
  // `scoring` is that of the whole; it outlives this. `weight`: boost * idf.
  CombinedScorer(std::vector<CombinedList> lists, const TermScoring* scoring, float weight,
                 SearchContext* context);

  // Beside those of the terms.
  static uint64_t MemoryBytes(size_t lists) {
    return sizeof(CombinedScorer) + lists * (sizeof(CombinedList) + sizeof(YBounds));
  }

  DocId NextCandidate(DocId from) override;
  void Bound(const Window& window, WordBounds* bounds) override;
  void Match(const Window& window, const DocMask& among, DocMask* out) override;
  void MatchAbove(const Window& window, const DocMask& among, float threshold,
                  DocMask* out) override;
  void Score(const Window& window, const DocMask& docs, WindowScores* scores) override;
  uint64_t Cost() const override;
  Explanation Explain(const Window& window, DocId doc) override;
  void CollectMatches(const Window& window, DocId doc, std::vector<MatchSpan>* spans) override;
  // Of terms of one field: the sum of weight * freq.
  void Freqs(const Window& window, const DocMask& docs, WindowScores* freqs) override;
  float MaxScoreBy(const TermSimilarity& similarity, const Window& window) override;
  Explanation ExplainFreq(float freq) const override;

 private:
  using YBounds = std::array<float, kWindowWords>;  // what a list adds to y at most

  void LoadBounds(const Window& window);
  // Never falls when y rises.
  float ScoreOf(double y) const {
    const auto sum = static_cast<float>(std::min(y, double{std::numeric_limits<float>::max()}));
    return weight_ - weight_ / (1.0f + sum);
  }
  float BoundOf(double y) const;
  // sums_[d - w.begin] = the sum of weight * freq * factor_of(term, d) for each d of docs.
  template <typename Factor>
  void SumFreqs(const Window& window, const DocMask& docs, Factor&& factor_of);

  std::vector<CombinedList> lists_;
  const TermScoring* scoring_;
  float weight_;
  SearchContext* context_;
  Window bounds_window_{1, 1};  // what the bounds describe; no window begins at 1
  std::vector<YBounds> bounds_;
  std::array<double, kWindowDocs> sums_;
  float max_score_by_ = -1;  // by another similarity; below 0: not computed yet
};

}  // namespace segue::exec

#endif  // SEGUE_EXEC_COMBINED_SCORER_H_

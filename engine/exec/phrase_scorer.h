// SPDX-License-Identifier: Apache-2.0
//
// PhraseScorer: documents in which terms stand at given distances, scored as one term whose
// frequency is the number of such places and whose idf is the sum of the terms' (Lucene's
// PhraseQuery with slop 0).
//
// Positions are the last thing looked at: first the terms' masks are intersected, then bounds
// (a phrase is at most as frequent as its rarest word) drop what cannot reach the threshold.
#ifndef SEGUE_EXEC_PHRASE_SCORER_H_
#define SEGUE_EXEC_PHRASE_SCORER_H_

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "engine/exec/freq_scorer.h"
#include "engine/exec/phrase_matcher.h"
#include "engine/exec/scorer.h"
#include "engine/exec/search_context.h"
#include "engine/exec/term_scorer.h"

namespace segue::exec {

class PhraseScorer final : public FreqScorer, private PostingRanks {
 public:
  // `terms`: the distinct terms, each with the phrase's weight and opened with positions.
  // `scoring`: of the phrase as a whole. REQUIRES: at least one word.
  PhraseScorer(std::vector<std::unique_ptr<TermScorer>> terms, std::vector<PhraseWord> words,
               const TermScoring* scoring, float weight, const uint8_t* norms,
               SearchContext* context);

  static uint64_t MemoryBytes(size_t terms) {
    return sizeof(PhraseScorer) + terms * sizeof(PositionColumn);
  }

  DocId NextCandidate(DocId from) override;
  void Bound(const Window& window, WordBounds* bounds) override;
  void Match(const Window& window, const DocMask& among, DocMask* out) override {
    MatchAbove(window, among, kNoThreshold, out);
  }
  void MatchAbove(const Window& window, const DocMask& among, float threshold,
                  DocMask* out) override;
  void Score(const Window& window, const DocMask& docs, WindowScores* scores) override;
  uint64_t Cost() const override;
  Explanation Explain(const Window& window, DocId doc) override;
  void CollectMatches(const Window& window, DocId doc, std::vector<MatchSpan>* spans) override;
  void Freqs(const Window& window, const DocMask& docs, WindowScores* freqs) override;
  float MaxScoreBy(const TermSimilarity& similarity, const Window& window) override;
  Explanation ExplainFreq(float freq) const override;

 private:
  void Ranks(size_t term, const uint32_t* rows, size_t count, uint32_t* ranks) override;
  void EnterWindow(const Window& window);
  uint32_t PhraseFreq(const Window& window, uint32_t offset, float threshold);

  std::vector<std::unique_ptr<TermScorer>> terms_;  // by ascending document frequency
  const TermScoring* scoring_;
  Bm25Scorer similarity_;
  const uint8_t* norms_;
  SearchContext* context_;
  PhraseMatcher matcher_;
  std::vector<uint32_t> ranks_;  // of the document being looked at, one a term

  Window window_{1, 1};                      // what the masks below describe; no window begins at 1
  DocMask all_terms_;                        // documents with all the terms
  DocMask checked_;                          // of these, those whose positions were compared
  DocMask matched_;                          // of these, those with the phrase
  std::array<uint32_t, kWindowDocs> freqs_;  // of the matched ones
};

}  // namespace segue::exec

#endif  // SEGUE_EXEC_PHRASE_SCORER_H_

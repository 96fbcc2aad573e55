// SPDX-License-Identifier: Apache-2.0
//
// ProximityScorer: documents in which words stand near each other (proximity_matcher.h), scored as
// one term whose frequency is the sum of what the matches count and whose idf is the sum of the
// parts', as Lucene scores phrases with a slop.
//
// As in PhraseScorer positions are the last thing looked at: the parts' masks are intersected, then
// frequencies say what cannot reach the threshold.
#ifndef SEGUE_EXEC_PROXIMITY_SCORER_H_
#define SEGUE_EXEC_PROXIMITY_SCORER_H_

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "engine/exec/proximity_matcher.h"
#include "engine/exec/scorer.h"
#include "engine/exec/search_context.h"
#include "engine/exec/term_scorer.h"
#include "engine/format/position_reader.h"

namespace segue::exec {

class ProximityScorer final : public Scorer {
 public:
  using Terms = std::vector<std::unique_ptr<TermScorer>>;

  // `terms`: distinct ones, each with the weight of the whole and opened with positions. `parts`:
  // of each part of the matcher the terms, one of which has to be at its place. `scoring`: of the
  // whole. REQUIRES: no part without terms.
  ProximityScorer(Terms terms, std::vector<std::vector<uint32_t>> parts, ProximityMatcher matcher,
                  const TermScoring* scoring, float weight, const uint8_t* norms,
                  SearchContext* context);

  static uint64_t MemoryBytes(size_t terms) {
    return sizeof(ProximityScorer) + terms * (sizeof(TermScorer) + sizeof(PositionReader));
  }

  DocId NextCandidate(DocId from) override;
  void Bound(const Window& window, WordBounds* bounds) override;
  void Match(const Window& window, const DocMask& among, DocMask* out) override {
    MatchAbove(window, among, kNoThreshold, out);
  }
  void MatchAbove(const Window& window, const DocMask& among, float threshold,
                  DocMask* out) override;
  void Score(const Window& window, const DocMask& docs, WindowScores* scores) override;
  uint64_t Cost() const override { return part_costs_[cheapest_first_[0]]; }
  Explanation Explain(const Window& window, DocId doc) override;
  void CollectMatches(const Window& window, DocId doc, std::vector<MatchSpan>* spans) override;

 private:
  // As Bm25Scorer::Score, of a frequency that need not be whole.
  float ScoreOf(float freq, uint8_t norm) const {
    const float weight = similarity_.weight();
    return weight - weight / (1.0f + freq * similarity_.norm_inverse()[norm]);
  }
  void EnterWindow(const Window& window);
  float Freq(const Window& window, uint32_t offset, float threshold,
             ProximityMatcher::Spans* spans);
  bool Locate(const Window& window, uint32_t offset, float threshold);
  void ReadPlaces(size_t part);

  Terms terms_;
  std::vector<std::vector<uint32_t>> parts_;  // numbers of terms
  std::vector<uint64_t> part_costs_;          // postings
  std::vector<uint32_t> cheapest_first_;      // parts
  ProximityMatcher matcher_;
  const TermScoring* scoring_;
  Bm25Scorer similarity_;
  const uint8_t* norms_;
  SearchContext* context_;

  // Of the document being looked at.
  std::vector<PostingPlace> postings_;  // by term; freq 0: it does not have that
  std::vector<PositionReader> readers_;
  std::vector<std::vector<uint32_t>> places_;  // by part
  std::vector<std::span<const uint32_t>> spans_of_places_;
  std::vector<uint32_t> read_;

  Window window_{1, 1};                   // what the masks below describe; no window begins at 1
  DocMask all_parts_;                     // documents with all the parts
  DocMask checked_;                       // of these, those whose positions were compared
  DocMask matched_;                       // of these, those that match
  std::array<float, kWindowDocs> freqs_;  // of the matched ones
};

}  // namespace segue::exec

#endif  // SEGUE_EXEC_PROXIMITY_SCORER_H_

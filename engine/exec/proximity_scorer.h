// SPDX-License-Identifier: Apache-2.0
//
// ProximityScorer: documents in which words stand near each other (proximity_matcher.h), scored as
// one term whose frequency is the sum of what the matches count and whose idf is the sum of the
// parts', as Lucene scores phrases with a slop. Where their matches have to contain or lie within
// those of other words, the others are matched beside and filter them (span_filter.h).
//
// As in PhraseScorer positions are the last thing looked at: the parts' masks are intersected, then
// frequencies say what cannot reach the threshold.
#ifndef SEGUE_EXEC_PROXIMITY_SCORER_H_
#define SEGUE_EXEC_PROXIMITY_SCORER_H_

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "engine/exec/freq_scorer.h"
#include "engine/exec/proximity_matcher.h"
#include "engine/exec/scorer.h"
#include "engine/exec/search_context.h"
#include "engine/exec/span_filter.h"
#include "engine/exec/term_scorer.h"
#include "engine/format/position_reader.h"

namespace segue::exec {

// Words near each other: of each part of the matcher the terms, one of which has to be at its
// place.
struct ProximitySource {
  std::vector<std::vector<uint32_t>> parts;  // numbers of terms
  ProximityMatcher matcher;
};

// Others, and how the matches have to lie to theirs.
struct RelatedSource {
  ProximitySource source;
  SpanRelation relation;
};

class ProximityScorer final : public FreqScorer {
 public:
  using Terms = std::vector<std::unique_ptr<TermScorer>>;

  // `terms`: distinct ones, each with the weight of the whole and opened with positions. `scoring`:
  // of the whole. REQUIRES: as many parts with terms as the source's matcher wants.
  ProximityScorer(Terms terms, ProximitySource source, std::optional<RelatedSource> related,
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
  uint64_t Cost() const override { return lead_->Cost(); }
  Explanation Explain(const Window& window, DocId doc) override;
  void CollectMatches(const Window& window, DocId doc, std::vector<MatchSpan>* spans) override;
  void Freqs(const Window& window, const DocMask& docs, WindowScores* freqs) override;
  float MaxScoreBy(const TermSimilarity& similarity, const Window& window) override;
  Explanation ExplainFreq(float freq) const override;

 private:
  // A source, and what the document being looked at has of it.
  struct Side {
    Side(ProximitySource source, const Terms& terms);

    // A document that matches has one of so many cheapest parts.
    size_t lead_count() const { return parts.size() - matcher.wanted() + 1; }
    uint64_t Cost() const;
    // Whether there are places of as many parts as a match has.
    bool HasEnough() const;

    std::vector<std::vector<uint32_t>> parts;  // numbers of terms
    ProximityMatcher matcher;
    std::vector<uint64_t> part_costs;           // postings
    std::vector<uint32_t> cheapest_first;       // parts
    std::vector<uint32_t> same_as;              // of each part the first one with its terms
    std::vector<std::vector<uint32_t>> places;  // of each part that is the first such
    std::vector<std::span<const uint32_t>> places_of_parts;
  };

  // As Bm25Scorer::Score, of a frequency that need not be whole.
  float ScoreOf(float freq, uint8_t norm) const {
    const float weight = similarity_.weight();
    return weight - weight / (1.0f + freq * similarity_.norm_inverse()[norm]);
  }
  void EnterWindow(const Window& window);
  void DocsOf(const Window& window, const Side& side, DocMask* docs);
  float Freq(const Window& window, uint32_t offset, float threshold, Spans* spans);
  bool Locate(const Window& window, uint32_t offset, float threshold);
  bool ReadPlaces(Side* side);
  bool ReadPlacesOf(const std::vector<uint32_t>& part, std::vector<uint32_t>* places);

  Terms terms_;
  Side side_;
  std::optional<Side> other_;
  std::optional<SpanFilter> filter_;  // by the other one
  const Side* lead_;                  // which of them tells where to look
  const TermScoring* scoring_;
  Bm25Scorer similarity_;
  const uint8_t* norms_;
  SearchContext* context_;
  float max_score_by_ = -1;  // by another similarity; below 0: not computed yet

  // Of the document being looked at.
  std::vector<PostingPlace> postings_;  // by term; freq 0: it does not have that
  std::vector<PositionReader> readers_;
  std::vector<uint32_t> read_;

  Window window_{1, 1};                   // what the masks below describe; no window begins at 1
  DocMask all_parts_;                     // documents with all the parts
  DocMask checked_;                       // of these, those whose positions were compared
  DocMask matched_;                       // of these, those that match
  std::array<float, kWindowDocs> freqs_;  // of the matched ones
};

}  // namespace segue::exec

#endif  // SEGUE_EXEC_PROXIMITY_SCORER_H_

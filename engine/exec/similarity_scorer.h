// SPDX-License-Identifier: Apache-2.0
//
// SimilarityScorer: the matches of a term, a phrase or words near each other, scored by another
// similarity than BM25, from their frequencies and lengths.
//
// The matches are those of the scorer inside, and so is what bounds them: pairs of frequency and
// length that dominate all postings of a window or of the list, whatever scores these.
#ifndef SEGUE_EXEC_SIMILARITY_SCORER_H_
#define SEGUE_EXEC_SIMILARITY_SCORER_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "engine/exec/freq_scorer.h"
#include "engine/exec/term_scorer.h"

namespace segue::exec {

class SimilarityScorer final : public Scorer {
 public:
  // `scoring`, whose similarity is the one, and `norms`, those of the field in the segment, outlive
  // this.
  SimilarityScorer(std::unique_ptr<FreqScorer> inner, const TermScoring* scoring,
                   const uint8_t* norms);

  static uint64_t MemoryBytes() { return sizeof(SimilarityScorer); }

  DocId NextCandidate(DocId from) override { return inner_->NextCandidate(from); }
  void Bound(const Window& window, WordBounds* bounds) override;
  void Match(const Window& window, const DocMask& among, DocMask* out) override {
    inner_->Match(window, among, out);
  }
  void Score(const Window& window, const DocMask& docs, WindowScores* scores) override;
  std::optional<uint64_t> MatchCount() const override { return inner_->MatchCount(); }
  uint64_t Cost() const override { return inner_->Cost(); }
  Explanation Explain(const Window& window, DocId doc) override;
  void CollectMatches(const Window& window, DocId doc, std::vector<MatchSpan>* spans) override {
    inner_->CollectMatches(window, doc, spans);
  }

 private:
  std::unique_ptr<FreqScorer> inner_;
  const TermScoring* scoring_;
  const uint8_t* norms_;
};

}  // namespace segue::exec

#endif  // SEGUE_EXEC_SIMILARITY_SCORER_H_

// SPDX-License-Identifier: Apache-2.0
//
// DemotingScorer: the matches of one scorer; where another one matches, too, scores are multiplied
// by a factor (Lucene's BoostingQuery).
#ifndef SEGUE_EXEC_DEMOTING_SCORER_H_
#define SEGUE_EXEC_DEMOTING_SCORER_H_

#include <cstdint>
#include <utility>
#include <vector>

#include "engine/exec/scorer.h"

namespace segue::exec {

class DemotingScorer final : public Scorer {
 public:
  // REQUIRES: 0 <= factor <= 1.
  DemotingScorer(ScorerPtr positive, ScorerPtr negative, float factor)
      : positive_(std::move(positive)), negative_(std::move(negative)), factor_(factor) {}

  DocId NextCandidate(DocId from) override { return positive_->NextCandidate(from); }
  void Bound(const Window& window, WordBounds* bounds) override;
  void Match(const Window& window, const DocMask& among, DocMask* out) override {
    positive_->Match(window, among, out);
  }
  void MatchAbove(const Window& window, const DocMask& among, float threshold,
                  DocMask* out) override;
  void Score(const Window& window, const DocMask& docs, WindowScores* scores) override;
  void CollectMatches(const Window& window, DocId doc, std::vector<MatchSpan>* spans) override {
    positive_->CollectMatches(window, doc, spans);
  }
  std::optional<uint64_t> MatchCount() const override { return positive_->MatchCount(); }
  uint64_t Cost() const override { return positive_->Cost(); }
  Explanation Explain(const Window& window, DocId doc) override;

 private:
  ScorerPtr positive_;
  ScorerPtr negative_;
  float factor_;
};

}  // namespace segue::exec

#endif  // SEGUE_EXEC_DEMOTING_SCORER_H_

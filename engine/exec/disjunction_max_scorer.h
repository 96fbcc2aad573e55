// SPDX-License-Identifier: Apache-2.0
//
// DisjunctionMaxScorer: matches where any of its queries does; scores the best of them plus `tie`
// times the sum of the others (Lucene's DisjunctionMaxQuery, in its order of operations).
#ifndef SEGUE_EXEC_DISJUNCTION_MAX_SCORER_H_
#define SEGUE_EXEC_DISJUNCTION_MAX_SCORER_H_

#include <array>
#include <cstdint>
#include <vector>

#include "engine/exec/scorer.h"

namespace segue::exec {

class DisjunctionMaxScorer final : public Scorer {
 public:
  // REQUIRES: 0 <= tie <= 1.
  DisjunctionMaxScorer(std::vector<ScorerPtr> scorers, float tie);

  static uint64_t MemoryBytes() { return sizeof(DisjunctionMaxScorer); }

  DocId NextCandidate(DocId from) override;
  void Bound(const Window& window, WordBounds* bounds) override;
  void Match(const Window& window, const DocMask& among, DocMask* out) override;
  void MatchAbove(const Window& window, const DocMask& among, float threshold,
                  DocMask* out) override;
  void Score(const Window& window, const DocMask& docs, WindowScores* scores) override;
  uint64_t Cost() const override;
  Explanation Explain(const Window& window, DocId doc) override;
  void CollectMatches(const Window& window, DocId doc, std::vector<MatchSpan>* spans) override;

 private:
  std::vector<ScorerPtr> scorers_;
  float tie_;
  std::array<float, kWindowDocs> best_;
  std::array<double, kWindowDocs> others_;
  WindowScores scores_;
};

}  // namespace segue::exec

#endif  // SEGUE_EXEC_DISJUNCTION_MAX_SCORER_H_

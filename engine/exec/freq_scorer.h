// SPDX-License-Identifier: Apache-2.0
//
// FreqScorer: a scorer whose matches have a frequency in one field. It scores them by BM25 itself;
// SimilarityScorer scores the same matches by any other similarity.
#ifndef SEGUE_EXEC_FREQ_SCORER_H_
#define SEGUE_EXEC_FREQ_SCORER_H_

#include "engine/exec/scorer.h"
#include "engine/rank/similarity.h"
#include "segue/explain.h"

namespace segue::exec {

class FreqScorer : public Scorer {
 public:
  // (*freqs)[d - w.begin] = how often d has it, for each d of docs; requires docs within the
  // matches. Where the search should end frequencies may be left as they are.
  virtual void Freqs(const Window& window, const DocMask& docs, WindowScores* freqs) = 0;

  // No match of the window scores more by `similarity`, which is the same one in every call.
  virtual float MaxScoreBy(const TermSimilarity& similarity, const Window& window) = 0;

  // What such a frequency is, for explanations.
  virtual Explanation ExplainFreq(float freq) const = 0;
};

}  // namespace segue::exec

#endif  // SEGUE_EXEC_FREQ_SCORER_H_

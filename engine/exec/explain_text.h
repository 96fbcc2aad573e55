// SPDX-License-Identifier: Apache-2.0
//
// The parts that explanations are put together from.
#ifndef SEGUE_EXEC_EXPLAIN_TEXT_H_
#define SEGUE_EXEC_EXPLAIN_TEXT_H_

#include <cstdint>
#include <string>
#include <utility>

#include "engine/base/types.h"
#include "engine/exec/term_scorer.h"
#include "engine/rank/bm25_explain.h"
#include "segue/explain.h"

namespace segue::exec {

inline Explanation NoMatch(std::string why) {
  return {.match = false, .value = 0, .description = std::move(why), .details = {}};
}

// The BM25 score of a term or phrase in a document; the root's value has the score's bits.
inline Explanation ExplainScoring(const TermScoring& scoring, DocId doc, Explanation freq,
                                  uint8_t norm, const Bm25Scorer& similarity) {
  Explanation idf = ExplainIdfs(scoring.doc_freqs, scoring.doc_count);
  return ExplainWeight(
      scoring.name, doc, "BM25Similarity",
      ExplainScore(similarity, scoring.boost, std::move(idf), std::move(freq), norm));
}

}  // namespace segue::exec

#endif  // SEGUE_EXEC_EXPLAIN_TEXT_H_

// SPDX-License-Identifier: Apache-2.0
//
// Similarities: what the terms of a field score. docs/ranking.md has the formulas.
#ifndef SEGUE_SIMILARITY_H_
#define SEGUE_SIMILARITY_H_

#include <cstdint>
#include <string_view>

#include "segue/export.h"

namespace segue {

// Searches are fastest with kBm25: the others are scored posting by posting, and bounds leave out
// less.
enum class Similarity : uint8_t {
  kBm25 = 1,         // the usual one; k1 and b
  kBm25Plus = 2,     // and `delta` for each word that is there, however long the field is
  kTfIdf = 3,        // Lucene's ClassicSimilarity
  kLmDirichlet = 4,  // a language model smoothed by `mu` (Lucene's LMDirichletSimilarity)
  kDph = 5,          // divergence from randomness, without a parameter (Amati's DPH, as in Terrier)
  kBoolean = 6,      // the boost alone
};

// "bm25", "bm25plus", "tfidf", "lm_dirichlet", "dph", "boolean"; empty for any other number.
SEGUE_EXPORT std::string_view SimilarityName(Similarity similarity);

}  // namespace segue

#endif  // SEGUE_SIMILARITY_H_

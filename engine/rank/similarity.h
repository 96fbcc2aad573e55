// SPDX-License-Identifier: Apache-2.0
//
// Similarities other than BM25, which has a way of its own (bm25.h): vectors score it, and window
// maps bound it. Here is one for all others: a frequency and a length in, a score out, posting by
// posting; pairs of frontiers (score_bound.h) bound it, which hold under any statistics.
//
// A similarity is a file: <name>.cc has its formula, where that comes from, and why its bound is
// one. A new one is a file, a line in similarity_parts.h and in NewFieldSimilarity.
#ifndef SEGUE_RANK_SIMILARITY_H_
#define SEGUE_RANK_SIMILARITY_H_

#include <algorithm>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "engine/rank/bm25.h"
#include "segue/explain.h"
#include "segue/similarity.h"
#include "segue/statistics.h"

namespace segue {

// What a field is scored with. Each similarity looks at its own parameters.
struct SimilarityParameters {
  Similarity similarity = Similarity::kBm25;
  Bm25Parameters bm25 = {};  // also of kBm25Plus
  float delta = 1;           // finite, >= 0
  float mu = 2000;           // finite, > 0

  friend bool operator==(const SimilarityParameters&, const SimilarityParameters&) = default;
};

// Scores one term or phrase of a query. Immutable, thread-safe.
class TermSimilarity {
 public:
  virtual ~TermSimilarity() = default;

  // From 0 to the greatest float. `freq` > 0; that of words near each other need not be whole.
  virtual float Score(float freq, uint8_t norm) const = 0;
  // No score of a posting with at most this frequency and at least this norm byte is above it.
  virtual float MaxScore(float max_freq, uint8_t min_norm) const = 0;

  // As it stands behind a weight: "BM25Plus".
  virtual std::string_view name() const = 0;
  // The root has the bits of Score(freq.value, norm).
  virtual Explanation Explain(Explanation freq, uint8_t norm) const = 0;
};

// The greatest bound of pairs with members `freq` and `norm` that dominate some postings.
template <typename Pair>
float FrontierMaxScore(const TermSimilarity& similarity, std::span<const Pair> pairs) {
  float best = 0;
  for (const Pair& pair : pairs) {
    best = std::max(best, similarity.MaxScore(static_cast<float>(pair.freq), pair.norm));
  }
  return best;
}

// What all terms of a field share. Immutable, thread-safe.
class FieldSimilarity {
 public:
  virtual ~FieldSimilarity() = default;

  // `boost`: finite, >= 0. `words`: of the whole collection, one for each word of a phrase, and at
  // least one. The field similarity must outlive the result.
  virtual std::shared_ptr<const TermSimilarity> Of(float boost,
                                                   std::span<const TermStatistics> words) const = 0;
};

// nullptr for kBm25. `norms`: of the field; they outlive the result. REQUIRES: parameters in their
// ranges.
std::unique_ptr<const FieldSimilarity> NewFieldSimilarity(const SimilarityParameters& parameters,
                                                          const FieldStatistics& statistics,
                                                          const Bm25Norms* norms);

}  // namespace segue

#endif  // SEGUE_RANK_SIMILARITY_H_

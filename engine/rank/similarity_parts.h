// SPDX-License-Identifier: Apache-2.0
//
// For the files of the similarities alone.
#ifndef SEGUE_RANK_SIMILARITY_PARTS_H_
#define SEGUE_RANK_SIMILARITY_PARTS_H_

#include <algorithm>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <vector>

#include "engine/rank/similarity.h"

namespace segue {

std::unique_ptr<const FieldSimilarity> NewBm25Plus(const SimilarityParameters& parameters,
                                                   const FieldStatistics& statistics,
                                                   const Bm25Norms* norms);
std::unique_ptr<const FieldSimilarity> NewTfIdf(const FieldStatistics& statistics);
std::unique_ptr<const FieldSimilarity> NewLmDirichlet(float mu, const FieldStatistics& statistics);
std::unique_ptr<const FieldSimilarity> NewDph(const FieldStatistics& statistics);
std::unique_ptr<const FieldSimilarity> NewBooleanSimilarity();

// A phrase whose score is the sum of what its words would score with its frequency, in double, cast
// once (Lucene's MultiSimilarity). Of one word, that word.
std::shared_ptr<const TermSimilarity> SumOf(
    std::vector<std::shared_ptr<const TermSimilarity>> words);

// The greatest float stands for what is larger: infinity has no products with 0.
inline float FiniteFloat(double score) {
  return static_cast<float>(std::min(score, double{std::numeric_limits<float>::max()}));
}

// A term is at least once in each document that holds it, whatever statistics from outside say.
inline uint64_t TotalFreqOf(const TermStatistics& term) {
  return std::max(term.total_freq, term.doc_freq);
}

inline std::vector<uint64_t> DocFreqsOf(std::span<const TermStatistics> words) {
  std::vector<uint64_t> doc_freqs;
  for (const TermStatistics& word : words) doc_freqs.push_back(word.doc_freq);
  return doc_freqs;
}

}  // namespace segue

#endif  // SEGUE_RANK_SIMILARITY_PARTS_H_

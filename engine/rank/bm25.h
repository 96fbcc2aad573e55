// SPDX-License-Identifier: Apache-2.0
//
// BM25 with the arithmetic of Lucene 10.4's BM25Similarity, operation by
// operation, so that scores have Lucene's bits:
//
//   idf   = (float) log(1 + (N - n + 0.5) / (n + 0.5))           in double
//   avgdl = (float) (tokens of the field / (double) N)
//   c[i]  = 1 / (k1 * ((1 - b) + b * length(i) / avgdl))         in float
//   score = w - w / (1 + freq * c[norm]),  w = boost * idf       in float
//
// N is the number of documents with at least one token in the field, n of those
// with the term. Written so, a score never falls when freq rises or the norm
// byte falls, rounding included: each operation is monotone and rounds
// monotonically. Bounds rest on that. A fused multiply-add would break the bits;
// the build forbids it (-ffp-contract=off).
#ifndef SEGUE_RANK_BM25_H_
#define SEGUE_RANK_BM25_H_

#include <cstdint>
#include <memory>
#include <span>

#include "segue/statistics.h"

namespace segue {

struct Bm25Parameters {
  float k1 = 1.2f;  // finite, >= 0: how slowly more occurrences stop to matter
  float b = 0.75f;  // 0..1: how much the field's length matters

  friend bool operator==(const Bm25Parameters&, const Bm25Parameters&) = default;
};

// Always finite and > 0 for doc_freq <= doc_count. Statistics given from
// outside may break that rule; a doc_freq above doc_count counts as doc_count.
float Idf(uint64_t doc_freq, uint64_t doc_count);

// The idf of a phrase: the sum of its terms' idfs, each occurrence of a term
// counted. In double, cast once.
float PhraseIdf(std::span<const float> idfs);

// 1 for a field without tokens: no document can score in it.
float AverageLength(const FieldStatistics& statistics);

// c[norm] alone, for one byte.
float NormInverse(const Bm25Parameters& parameters, float average_length, uint8_t norm);

// What documents' lengths do to scores: the same for all terms of a field, so that it is computed
// once and shared. Immutable; 1 KiB.
class alignas(64) Bm25Norms {
 public:
  // REQUIRES: average_length > 0.
  Bm25Norms(const Bm25Parameters& parameters, float average_length);

  // The table c[0..255], descending.
  const float* inverse() const { return inverse_; }
  const Bm25Parameters& parameters() const { return parameters_; }
  float average_length() const { return average_length_; }

 private:
  float inverse_[256];
  float average_length_;
  Bm25Parameters parameters_;
};

// Scores one term (or phrase) of a query. Immutable, thread-safe.
class Bm25Scorer {
 public:
  // `weight` is boost * idf, multiplied in float, >= 0.
  // `norms` must outlive this.
  Bm25Scorer(float weight, const Bm25Norms* norms);
  // With norms of its own. REQUIRES: average_length > 0.
  Bm25Scorer(float weight, const Bm25Parameters& parameters, float average_length);

  // freq >= 1.
  float Score(uint32_t freq, uint8_t norm) const {
    return weight_ - weight_ / (1.0f + static_cast<float>(freq) * norm_inverse_[norm]);
  }

  // No score of this scorer is above it.
  float MaxScore() const { return weight_; }
  // No score of a posting with freq <= max_freq and norm byte >= min_norm is
  // above it, and that posting has just this score. Exact, rounding included.
  float MaxScore(uint32_t max_freq, uint8_t min_norm) const { return Score(max_freq, min_norm); }

  // The table c[0..255], descending. For vector kernels.
  const float* norm_inverse() const { return norm_inverse_; }
  float weight() const { return weight_; }
  const Bm25Parameters& parameters() const { return norms_->parameters(); }
  float average_length() const { return norms_->average_length(); }

 private:
  std::shared_ptr<const Bm25Norms> own_norms_;  // none: they are somebody else's
  const Bm25Norms* norms_;
  const float* norm_inverse_;
  float weight_;
};

}  // namespace segue

#endif  // SEGUE_RANK_BM25_H_

// SPDX-License-Identifier: Apache-2.0
#include "tests/oracle/oracle_similarity.h"

#include <algorithm>
#include <cmath>

#include "engine/rank/portable_math.h"

namespace segue {
namespace {

float AverageOf(const FieldStatistics& field) {
  return static_cast<float>(static_cast<double>(field.sum_total_freq) /
                            static_cast<double>(field.doc_count));
}

// Lucene's ClassicSimilarity.
float ClassicScore(const FieldStatistics& field, float boost,
                   const std::vector<TermStatistics>& words, float freq, double length) {
  double idf = 0;
  for (const TermStatistics& word : words) {
    const double documents = static_cast<double>(field.doc_count) + 1;
    const double with = static_cast<double>(word.doc_freq) + 1;
    idf += static_cast<float>(PortableLog(documents / with) + 1.0);
  }
  const auto tf = static_cast<float>(std::sqrt(double{freq}));
  const float weight = boost * static_cast<float>(idf);
  return tf * weight * static_cast<float>(1.0 / std::sqrt(length));
}

float DirichletScore(float mu, const FieldStatistics& field, float boost,
                     const TermStatistics& word, double freq, double length) {
  const double in_collection =
      (static_cast<double>(word.total_freq) + 1) / (static_cast<double>(field.sum_total_freq) + 1);
  const double score =
      boost * (PortableLog(1 + freq / (mu * in_collection)) + PortableLog(mu / (length + mu)));
  return static_cast<float>(std::max(score, 0.0));
}

float DphScore(const FieldStatistics& field, float boost, const TermStatistics& word, double freq,
               double length) {
  constexpr double kPi = 3.14159265358979323846, kLn2 = 0.69314718055994530942;
  const double share = std::min(freq / length, 0.99999);
  const double norm = (1 - share) * (1 - share) / (freq + 1);
  const double expected = AverageOf(field) * (static_cast<double>(field.doc_count) /
                                              static_cast<double>(word.total_freq));
  const double gain = freq * (PortableLog(freq / length * expected) / kLn2) +
                      PortableLog(2 * kPi * freq * (1 - share)) / kLn2 / 2;
  return static_cast<float>(std::max(boost * (norm * gain), 0.0));
}

}  // namespace

// Lucene's SmallFloat: lengths below 40 are kept, longer ones lose all but four leading bits of
// what is above 24. Written as a search instead of bit arithmetic.
uint32_t RoundedLength(size_t length) {
  if (length < 40) return static_cast<uint32_t>(length);
  const uint32_t rest = static_cast<uint32_t>(length) - 24;
  uint32_t step = 1;
  while (rest / step >= 16) step *= 2;
  return 24 + rest / step * step;
}

float OracleNormInverse(const OracleSimilarity& of, const FieldStatistics& field, size_t length) {
  const float rounded = static_cast<float>(RoundedLength(length));
  return 1.0f / (of.k1 * ((1 - of.b) + of.b * rounded / AverageOf(field)));
}

float OracleIdf(uint64_t doc_count, uint64_t doc_freq) {
  const auto documents = static_cast<double>(doc_count);
  const auto with_term = static_cast<double>(doc_freq);
  return static_cast<float>(std::log(1 + (documents - with_term + 0.5) / (with_term + 0.5)));
}

float OracleScore(const OracleSimilarity& of, const FieldStatistics& field, float boost,
                  const std::vector<TermStatistics>& words, float freq, size_t length) {
  const double rounded = RoundedLength(length);
  double sum = 0;
  switch (of.similarity) {
    case Similarity::kBoolean:
      return boost;
    case Similarity::kTfIdf:
      return ClassicScore(field, boost, words, freq, rounded);
    case Similarity::kLmDirichlet:
      for (const TermStatistics& word : words) {
        sum += DirichletScore(of.mu, field, boost, word, freq, rounded);
      }
      return static_cast<float>(sum);
    case Similarity::kDph:
      for (const TermStatistics& word : words) sum += DphScore(field, boost, word, freq, rounded);
      return static_cast<float>(sum);
    case Similarity::kBm25:
    case Similarity::kBm25Plus:
      break;
  }
  for (const TermStatistics& word : words) sum += OracleIdf(field.doc_count, word.doc_freq);
  const float weight = boost * static_cast<float>(sum);
  const float score = weight - weight / (1.0f + freq * OracleNormInverse(of, field, length));
  return of.similarity == Similarity::kBm25 ? score : score + weight * (of.delta / (of.k1 + 1));
}

}  // namespace segue

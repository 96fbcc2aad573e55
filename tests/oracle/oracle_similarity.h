// SPDX-License-Identifier: Apache-2.0
//
// Scores of one term or phrase in one document, written out from the formulas of docs/ranking.md
// without a line of engine/rank but the logarithm that is the same on every machine.
#ifndef SEGUE_TESTS_ORACLE_ORACLE_SIMILARITY_H_
#define SEGUE_TESTS_ORACLE_ORACLE_SIMILARITY_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "segue/similarity.h"
#include "segue/statistics.h"

namespace segue {

struct OracleSimilarity {
  Similarity similarity = Similarity::kBm25;
  float k1 = 1.2f;
  float b = 0.75f;
  float delta = 1;
  float mu = 2000;
};

// The length that a field's byte tells.
uint32_t RoundedLength(size_t length);

// c of BM25: what a frequency counts.
float OracleNormInverse(const OracleSimilarity& of, const FieldStatistics& field, size_t length);

float OracleIdf(uint64_t doc_count, uint64_t doc_freq);

// `words`: of a phrase, each.
float OracleScore(const OracleSimilarity& of, const FieldStatistics& field, float boost,
                  const std::vector<TermStatistics>& words, float freq, size_t length);

}  // namespace segue

#endif  // SEGUE_TESTS_ORACLE_ORACLE_SIMILARITY_H_

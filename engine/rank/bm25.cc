// SPDX-License-Identifier: Apache-2.0
//
// The order and the width of each operation here is the reference's; "the same
// in exact arithmetic" is not good enough. Java evaluates float expressions in
// float, left to right, and so does C++ on targets with FLT_EVAL_METHOD 0.
#include "engine/rank/bm25.h"

#include <cfloat>
#include <cmath>

#include "engine/base/check.h"
#include "engine/rank/length_norm.h"

namespace segue {

static_assert(FLT_EVAL_METHOD == 0, "floats must not be widened in between");

float Idf(uint64_t doc_freq, uint64_t doc_count) {
  if (doc_freq > doc_count) doc_freq = doc_count;
  double without = static_cast<double>(doc_count - doc_freq);
  double with = static_cast<double>(doc_freq);
  return static_cast<float>(std::log(1 + (without + 0.5) / (with + 0.5)));
}

float PhraseIdf(std::span<const float> idfs) {
  double sum = 0;
  for (float idf : idfs) sum += static_cast<double>(idf);
  return static_cast<float>(sum);
}

float AverageLength(const FieldStatistics& statistics) {
  if (statistics.doc_count == 0 || statistics.sum_total_freq == 0) return 1.0f;
  return static_cast<float>(static_cast<double>(statistics.sum_total_freq) /
                            static_cast<double>(statistics.doc_count));
}

float NormInverse(const Bm25Parameters& parameters, float average_length, uint8_t norm) {
  const float k1 = parameters.k1;
  const float b = parameters.b;
  const float length = static_cast<float>(DecodeLength(norm));
  return 1.0f / (k1 * ((1.0f - b) + b * length / average_length));
}

Bm25Norms::Bm25Norms(const Bm25Parameters& parameters, float average_length)
    : average_length_(average_length), parameters_(parameters) {
  SEGUE_DCHECK(average_length > 0);
  for (int norm = 0; norm < 256; ++norm) {
    inverse_[norm] = NormInverse(parameters, average_length, static_cast<uint8_t>(norm));
  }
}

Bm25Scorer::Bm25Scorer(float weight, const Bm25Norms* norms)
    : norms_(norms), norm_inverse_(norms->inverse()), weight_(weight) {
  SEGUE_DCHECK(weight >= 0);
}

Bm25Scorer::Bm25Scorer(float weight, const Bm25Parameters& parameters, float average_length)
    : own_norms_(std::make_shared<const Bm25Norms>(parameters, average_length)),
      norms_(own_norms_.get()),
      norm_inverse_(norms_->inverse()),
      weight_(weight) {
  SEGUE_DCHECK(weight >= 0);
}

}  // namespace segue

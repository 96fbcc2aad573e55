// SPDX-License-Identifier: Apache-2.0
//
// c[norm] = 1 / (k1 * ((1 - b) + b * length / average length)), in floats and
// in this order, as Lucene computes it.

#include "engine/format/tf_norm.h"

#include <algorithm>

namespace segue {
namespace {

// The length that a norm byte stands for: below 40 itself, above that four
// significant bits over an offset of 24.
uint32_t LengthOf(uint32_t norm) {
  constexpr uint32_t kExact = 24;
  if (norm < kExact) return norm;
  const uint32_t packed = norm - kExact;
  const uint32_t exponent = packed >> 3;
  return kExact + (exponent == 0 ? packed & 7 : ((packed & 7) | 8) << (exponent - 1));
}

}  // namespace

TfNormTable::TfNormTable(float k1, float b, float average_length) {
  for (uint32_t norm = 0; norm < 256; ++norm) {
    const float length = static_cast<float>(LengthOf(norm));
    const float c = 1.0f / (k1 * ((1.0f - b) + b * length / average_length));
    // k1 = 0, or b = 1 with no length: any positive frequency scores all.
    scale_[norm] = std::clamp(c, 1e-30f, 1e30f);
  }
}

}  // namespace segue

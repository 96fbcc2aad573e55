// SPDX-License-Identifier: Apache-2.0
//
// The scalar kernels over bit fields of any width.
#include "engine/simd/kernels_internal.h"

namespace segue {
void MaskFieldsInRangeScalar(const uint8_t* fields, uint32_t bits, uint64_t least,
                             uint64_t greatest, size_t count, uint64_t* mask) {
  const uint64_t of_field = (uint64_t{1} << bits) - 1;
  for (size_t begin = 0; begin < count; begin += 64) {
    uint64_t word = 0;
    for (size_t i = begin; i < count && i < begin + 64; ++i) {
      const uint64_t bit = uint64_t{i} * bits;
      const uint64_t field = LoadUnaligned64(fields + bit / 8) >> (bit % 8) & of_field;
      word |= uint64_t{least <= field && field <= greatest} << (i - begin);
    }
    mask[begin / 64] = word;
  }
}

void DepositBitsScalar(const uint64_t* bits, const uint8_t* places, size_t words, uint64_t* out) {
  size_t next = 0;
  for (size_t w = 0; w < words; ++w) {
    uint64_t kept = 0;
    for (uint64_t rest = LoadUnaligned64(places + 8 * w); rest != 0; rest &= rest - 1, ++next) {
      if ((bits[next / 64] >> (next % 64) & 1) != 0) kept |= rest & -rest;
    }
    out[w] = kept;
  }
}

}  // namespace segue

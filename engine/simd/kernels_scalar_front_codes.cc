// SPDX-License-Identifier: Apache-2.0
//
// The scalar kernel over front-coded terms: eight heads at a time, a byte each; the set is asked
// only about those that share just as much.
#include <bit>

#include "engine/simd/kernels_internal.h"

namespace segue {
namespace {

constexpr uint64_t kOnes = 0x0101010101010101, kNibbles = 0x0f * kOnes, kHighBits = 0x80 * kOnes;

// Bit i of the result is the high bit of byte i.
uint32_t HighBits(uint64_t bytes) {
  return static_cast<uint32_t>((bytes & kHighBits) * 0x0002040810204081 >> 56);
}

// Bit i: nibble i of those in the bytes of `nibbles` is less than `limit` <= 16.
uint32_t Less(uint64_t nibbles, uint32_t limit) {
  return HighBits(~(nibbles + (128 - limit) * kOnes));
}

bool Has(const uint8_t* ascii, uint8_t byte) { return (ascii[byte & 15] >> (byte >> 4) & 1) != 0; }

}  // namespace

uint64_t MaskFrontCodedScalar(const uint8_t* heads, const uint8_t* nexts, uint32_t shared,
                              const uint8_t* ascii) {
  uint32_t mask = 0, at_most = 0;
  for (uint32_t i = 0; i < 32; i += 8) {
    const uint64_t nibbles = LoadUnaligned64(heads + i) >> 4 & kNibbles;
    mask |= Less(nibbles, shared) << i;
    at_most |= Less(nibbles, shared + 1) << i;
  }
  for (uint32_t equal = at_most ^ mask; equal != 0; equal &= equal - 1) {
    if (!Has(ascii, nexts[std::countr_zero(equal)])) mask |= equal & -equal;
  }
  return uint64_t{at_most} << 32 | mask;
}

}  // namespace segue

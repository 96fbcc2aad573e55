// SPDX-License-Identifier: Apache-2.0
//
// The scalar kernels over groups of words (512 documents) and over sums of bound bytes.
#include <bit>

#include "engine/simd/kernels_internal.h"

namespace segue {
namespace {

template <bool kNot>
void AndGroups(uint64_t* words, const uint64_t* other, size_t groups, uint64_t* bits) {
  for (size_t first = 0; first < groups; first += 64) {
    uint64_t kept = bits[first / 64];
    for (uint64_t rest = kept; rest != 0; rest &= rest - 1) {
      const size_t group = first + static_cast<size_t>(std::countr_zero(rest));
      uint64_t any = 0;
      for (size_t w = 8 * group; w < 8 * group + 8; ++w) {
        words[w] &= kNot ? ~other[w] : other[w];
        any |= words[w];
      }
      if (any == 0) kept &= ~(rest & -rest);
    }
    bits[first / 64] = kept;
  }
}

}  // namespace

void AndGroupsScalar(uint64_t* words, const uint64_t* other, size_t groups, uint64_t* bits) {
  AndGroups<false>(words, other, groups, bits);
}

void AndNotGroupsScalar(uint64_t* words, const uint64_t* other, size_t groups, uint64_t* bits) {
  AndGroups<true>(words, other, groups, bits);
}

void CountGroupsScalar(const uint64_t* words, size_t groups, uint32_t* counts) {
  for (size_t i = 0; i < groups; ++i) {
    int count = 0;
    for (size_t w = 8 * i; w < 8 * i + 8; ++w) count += std::popcount(words[w]);
    counts[i] = static_cast<uint32_t>(count);
  }
}

// Sixty-four sums at a time: bit p of all of them is plane p, and a byte is added to the members'
// sums as a ripple-carry adder would.
size_t KeepSumsAtLeastScalar(const uint64_t* const* members, const uint8_t* const* bounds,
                             size_t lists, size_t words, uint8_t least, uint64_t* mask,
                             uint8_t* sums) {
  const uint8_t* const begin = sums;
  for (size_t w = 0; w < words; ++w) {
    if (mask[w] == 0) continue;
    uint64_t planes[8] = {}, saturated = 0;
    for (size_t i = 0; i < lists; ++i) {
      const uint64_t added = members[i][w];
      uint64_t carry = 0;
      for (int p = 0; p < 8; ++p) {
        const uint64_t bit = (bounds[i][w] >> p & 1) != 0 ? added : 0;
        const uint64_t half = planes[p] ^ bit;
        const uint64_t next = (planes[p] & bit) | (half & carry);
        planes[p] = half ^ carry;
        carry = next;
      }
      saturated |= carry;
    }
    uint64_t reached = ~uint64_t{0};
    for (int p = 0; p < 8; ++p) {
      reached = (least >> p & 1) != 0 ? planes[p] & reached : planes[p] | reached;
    }
    mask[w] &= reached | saturated;
    sums = AppendPlaneSums(planes, 1, saturated, mask[w], sums);
  }
  return static_cast<size_t>(sums - begin);
}

}  // namespace segue

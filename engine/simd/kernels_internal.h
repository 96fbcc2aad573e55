// SPDX-License-Identifier: Apache-2.0
//
// Shared by the kernel tables only.

#ifndef SEGUE_SIMD_KERNELS_INTERNAL_H_
#define SEGUE_SIMD_KERNELS_INTERNAL_H_

#include <bit>
#include <cstdint>
#include <cstring>

#include "engine/simd/kernels.h"

namespace segue {

inline uint32_t LoadUnaligned32(const uint8_t* p) {
  uint32_t value;
  std::memcpy(&value, p, sizeof(value));
  return value;
}

inline uint64_t LoadUnaligned64(const uint8_t* p) {
  uint64_t value;
  std::memcpy(&value, p, sizeof(value));
  return value;
}

// kByteBits.list[m] lists the numbers of the set bits of m, then zeros.
struct ByteBits {
  uint8_t list[256][8];
};

constexpr ByteBits MakeByteBits() {
  ByteBits bits = {};
  for (int mask = 0; mask < 256; ++mask) {
    int next = 0;
    for (int bit = 0; bit < 8; ++bit) {
      if (mask >> bit & 1) bits.list[mask][next++] = static_cast<uint8_t>(bit);
    }
  }
  return bits;
}

inline constexpr ByteBits kByteBits = MakeByteBits();

// kernels_scalar_positions.cc: the kernels of these names; vector tables use them for what is rare
// or long.
CodedPositions CodePositionsScalar(const uint64_t* postings, size_t count, uint32_t less,
                                   uint32_t base, uint32_t* codes, uint32_t* firsts);
uint64_t SumRiceScalar(const uint8_t* bits, uint64_t from, uint64_t end, const uint8_t* low_end,
                       uint64_t low_first, uint32_t low_bits, uint32_t step, uint32_t count,
                       uint32_t* sums);
size_t KeepShiftedScalar(const uint32_t* values, size_t count, const uint32_t* others,
                         size_t other_count, uint32_t shift, uint32_t* out);
bool AnyShiftedScalar(const uint32_t* values, size_t count, const uint32_t* others,
                      size_t other_count, uint32_t shift);

// kernels_scalar_bit_fields.cc: the kernels of these names.
void MaskFieldsInRangeScalar(const uint8_t* fields, uint32_t bits, uint64_t least,
                             uint64_t greatest, size_t count, uint64_t* mask);
void DepositBitsScalar(const uint64_t* bits, const uint8_t* places, size_t words, uint64_t* out);

// kernels_scalar_front_codes.cc: the kernel of this name.
uint64_t MaskFrontCodedScalar(const uint8_t* heads, const uint8_t* nexts, uint32_t shared,
                              const uint8_t* ascii);

// kernels_scalar_tokens.cc: the kernel of this name.
size_t PickTokensScalar(TokenPick* pick, size_t count, uint32_t* terms, uint64_t* postings);

// kernels_scalar_groups.cc: the kernels of these names.
void CountGroupsScalar(const uint64_t* words, size_t groups, uint32_t* counts);
void AndGroupsScalar(uint64_t* words, const uint64_t* other, size_t groups, uint64_t* bits);
void AndNotGroupsScalar(uint64_t* words, const uint64_t* other, size_t groups, uint64_t* bits);
size_t KeepSumsAtLeastScalar(const uint64_t* const* members, const uint8_t* const* bounds,
                             size_t lists, size_t words, uint8_t least, uint64_t* mask,
                             uint8_t* sums);

// Kernels::keep_sums_at_least for at most kFewLists lists, where all sums that there can be are
// fewer than the steps of an adder. kernels_avx2_scores.cc.
inline constexpr size_t kFewLists = 3;
size_t KeepSumsOfFewAvx2(const uint64_t* const* members, const uint8_t* const* bounds, size_t lists,
                         size_t words, uint8_t least, uint64_t* mask, uint8_t* sums);

// For each bit of `kept`, ascending: the sum of the bounds of word w over the lists with that bit.
__attribute__((always_inline)) inline uint8_t* AppendMemberSums(const uint64_t* const* members,
                                                                const uint8_t* const* bounds,
                                                                size_t lists, size_t w,
                                                                uint64_t kept, uint8_t* sums) {
  for (; kept != 0; kept &= kept - 1) {
    const int bit = std::countr_zero(kept);
    uint64_t sum = 0;
    for (size_t i = 0; i < lists; ++i) sum += (members[i][w] >> bit & 1) * bounds[i][w];
    *sums++ = static_cast<uint8_t>(sum < 255 ? sum : 255);
  }
  return sums;
}

// For each bit of `kept`, ascending: 255 if it is in `saturated`, else the number whose bit p is
// that bit of planes[p * stride]. Returns the end of what it wrote.
__attribute__((always_inline)) inline uint8_t* AppendPlaneSums(const uint64_t* planes,
                                                               size_t stride, uint64_t saturated,
                                                               uint64_t kept, uint8_t* sums) {
  for (; kept != 0; kept &= kept - 1) {
    const int bit = std::countr_zero(kept);
    uint64_t sum = (saturated >> bit & 1) != 0 ? 255 : 0;
    for (size_t p = 0; p < 8; ++p) sum |= (planes[p * stride] >> bit & 1) << p;
    *sums++ = static_cast<uint8_t>(sum);
  }
  return sums;
}

// Kernels::decode_rice, inlined into each table so that it is compiled with
// that table's bit instructions.
//
// `word` holds the unread bits of the eight bytes loaded last, `left` of them.
// A one ends a code; the zeros of a code may span several loads.
__attribute__((always_inline)) inline uint64_t DecodeRiceInline(
    const uint8_t* bits, uint64_t from, uint64_t end, const uint8_t* low_end, uint64_t low_first,
    uint32_t low_bits, uint32_t count, uint32_t* codes) {
  if (count == 0) return from;
  if (from >= end) return kNoBit;
  const uint32_t low_mask = (uint32_t{1} << low_bits) - 1;
  const uint8_t* next = bits + from / 8;
  const uint8_t* const last = bits + (end + 7) / 8;
  uint64_t word;
  std::memcpy(&word, next, sizeof(word));
  word >>= from % 8;
  next += sizeof(word);
  uint64_t left = 64 - from % 8;
  uint64_t low_bit = low_first * low_bits;  // below low_end
  uint64_t overflow = 0;
  for (uint32_t i = 0; i < count; ++i) {
    uint64_t high = 0;
    while (word == 0) [[unlikely]] {
        high += left;
        if (next >= last) return kNoBit;
        std::memcpy(&word, next, sizeof(word));
        next += sizeof(word);
        left = 64;
      }
    const uint64_t zeros = static_cast<uint64_t>(std::countr_zero(word));
    high += zeros;
    word = word >> zeros >> 1;  // in two steps: zeros may be 63
    left -= zeros + 1;
    low_bit += low_bits;
    const uint64_t low_bytes = (low_bit + 7) / 8;
    uint64_t low;
    std::memcpy(&low, low_end - low_bytes, sizeof(low));
    low = (low >> (8 * low_bytes - low_bit)) & low_mask;
    overflow |= high >> (32 - low_bits);
    codes[i] = static_cast<uint32_t>((high << low_bits) | low);
  }
  const uint64_t bit = 8 * static_cast<uint64_t>(next - bits) - left;
  return bit <= end && overflow == 0 ? bit : kNoBit;
}

// Whether a sum of Rice codes is below its limit: of so many zeros in all, and known modulo 2^32.
// The zeros alone may pass 32 bits. Where they do not, the sum's low part, below 2^32, is what it
// is more than them.
__attribute__((always_inline)) inline bool RiceSumFits(uint64_t zeros, uint32_t low_bits,
                                                       uint32_t sum) {
  const uint64_t high = zeros << low_bits;
  const uint64_t low = sum - static_cast<uint32_t>(high);
  return high + low < kRiceSumLimit;
}

__attribute__((always_inline)) inline uint64_t SumRiceInline(const uint8_t* bits, uint64_t from,
                                                             uint64_t end, const uint8_t* low_end,
                                                             uint64_t low_first, uint32_t low_bits,
                                                             uint32_t step, uint32_t count,
                                                             uint32_t* sums) {
  const uint64_t bit = DecodeRiceInline(bits, from, end, low_end, low_first, low_bits, count, sums);
  if (bit == kNoBit) return kNoBit;
  uint64_t sum = 0;
  for (uint32_t i = 0; i < count; ++i) {
    sum += uint64_t{sums[i]} + step;
    sums[i] = static_cast<uint32_t>(sum);
  }
  return sum < kRiceSumLimit ? bit : kNoBit;
}

}  // namespace segue

#endif  // SEGUE_SIMD_KERNELS_INTERNAL_H_

// SPDX-License-Identifier: Apache-2.0
//
// The length of a field, in one byte: Lucene's SmallFloat.intToByte4.
//
// Lengths below 40 are exact; longer ones keep four significant bits (of the
// length minus 24) and are rounded down, by less than an eighth. A larger byte
// never means a shorter field, so bytes may be compared in place of lengths.
#ifndef SEGUE_RANK_LENGTH_NORM_H_
#define SEGUE_RANK_LENGTH_NORM_H_

#include <array>
#include <bit>
#include <cstdint>

namespace segue {

// Lucene sums lengths in a Java int.
inline constexpr uint32_t kMaxFieldLength = 0x7fffffff;

namespace length_norm_internal {

// Four significant bits and an exponent: 3 bits behind the leading one, the
// shift plus one above them. Values below 8 are themselves.
constexpr uint32_t PackFourBits(uint32_t value) {
  int bits = std::bit_width(value);
  if (bits < 4) return value;
  int shift = bits - 4;
  return ((value >> shift) & 7) | static_cast<uint32_t>(shift + 1) << 3;
}

constexpr uint32_t UnpackFourBits(uint32_t packed) {
  uint32_t low = packed & 7;
  uint32_t exponent = packed >> 3;
  return exponent == 0 ? low : (low | 8) << (exponent - 1);
}

// Codes that packing never uses, spent on exact short lengths.
inline constexpr uint32_t kExactValues = 255 - PackFourBits(kMaxFieldLength);

constexpr std::array<uint32_t, 256> MakeTable() {
  std::array<uint32_t, 256> table{};
  for (uint32_t i = 0; i < 256; ++i) {
    table[i] = i < kExactValues ? i : kExactValues + UnpackFourBits(i - kExactValues);
  }
  return table;
}

inline constexpr std::array<uint32_t, 256> kTable = MakeTable();

}  // namespace length_norm_internal

// Lengths above kMaxFieldLength count as that.
constexpr uint8_t EncodeLength(uint32_t length) {
  using namespace length_norm_internal;
  if (length < kExactValues) return static_cast<uint8_t>(length);
  if (length > kMaxFieldLength) length = kMaxFieldLength;
  return static_cast<uint8_t>(kExactValues + PackFourBits(length - kExactValues));
}

// The shortest length with this byte.
constexpr uint32_t DecodeLength(uint8_t norm) { return length_norm_internal::kTable[norm]; }

// Whether all lengths with this byte are the same one.
constexpr bool IsExactLength(uint8_t norm) { return norm < 40; }

}  // namespace segue

#endif  // SEGUE_RANK_LENGTH_NORM_H_

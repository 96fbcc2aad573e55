// SPDX-License-Identifier: Apache-2.0
//
// GraphGrowth: what a document more with a term saves, in integers.
#ifndef SEGUE_WRITE_GRAPH_GROWTH_H_
#define SEGUE_WRITE_GRAPH_GROWTH_H_

#include <array>
#include <bit>
#include <cstdint>

namespace segue {

// (x + 1) log2(x + 2) - x log2(x + 1): what the x-th document after the first saves, in units of
// 2^-kFractionBits. Below 2^14 for every x.
class GraphGrowth {
 public:
  // Sums over a document's terms, at most 65,535 of them, fit 31 bits.
  static constexpr int kFractionBits = 8;

  GraphGrowth() {
    for (uint32_t x = 0; x < kExact; ++x) {
      exact_[x] = static_cast<int32_t>((uint64_t{x + 1} * Log2(x + 2) - x * Log2(x + 1)) >>
                                       (32 - kFractionBits));
    }
  }

  // Beyond the table it grows as the logarithm does.
  int32_t operator()(uint32_t x) const {
    if (x < kExact) return exact_[x];
    const int shift = std::bit_width(x) - std::bit_width(kExact - 1);
    return exact_[x >> shift] + (shift << kFractionBits);
  }

 private:
  static constexpr uint32_t kExact = 4096;

  // log2(x) in units of 2^-32, exact but for the last few: the fraction bit by bit, by squaring.
  static uint64_t Log2(uint32_t x) {
    const int whole = std::bit_width(x) - 1;
    uint64_t result = static_cast<uint64_t>(whole);
    uint64_t mantissa = uint64_t{x} << (31 - whole);  // in [2^31, 2^32)
    for (int bit = 0; bit < 32; ++bit) {
      mantissa = mantissa * mantissa >> 31;
      result <<= 1;
      if (mantissa >> 32 != 0) {
        mantissa >>= 1;
        ++result;
      }
    }
    return result;
  }

  std::array<int32_t, kExact> exact_;
};

}  // namespace segue

#endif  // SEGUE_WRITE_GRAPH_GROWTH_H_

// SPDX-License-Identifier: Apache-2.0
//
// FrontCodeTable: where the terms of a dictionary block stand, for whoever wants only those that
// share little with the term before. Heads are read eight at a time, a byte each.
#ifndef SEGUE_FORMAT_FRONT_CODE_TABLE_H_
#define SEGUE_FORMAT_FRONT_CODE_TABLE_H_

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>

#include "engine/base/check.h"
#include "engine/base/load.h"
#include "engine/format/dictionary_block.h"

namespace segue {

// Terms are counted from 0, the first of the block, which is not front-coded and not in the table.
class FrontCodeTable {
 public:
  // No term but the first is longer.
  static constexpr size_t kMostTermBytes = 14 + 15;

  // Of a block of `term_count` terms, in which `terms` stands before the second. False: one of them
  // has an escape, or the block is damaged; FrontCodeCursor says more. The bytes must stay pinned.
  bool Fill(const FrontCodeCursor& terms, uint32_t term_count) {
    count_ = term_count - 1;
    heads_ = terms.head;
    suffixes_ = terms.suffix;
    uint64_t escaped = 0, before = 0;
    for (uint32_t group = 0; 8 * group < count_; ++group) {
      const uint32_t last = std::min(count_ - 8 * group, 8u) - 1;
      const uint64_t heads = LoadU64(heads_ + 8 * group) & ~uint64_t{0} >> (56 - 8 * last);
      const uint64_t shared = heads >> 4 & kNibbles, following = heads & kNibbles;
      escaped |= (shared + 113 * kOnes) | (following + 113 * kOnes);  // the high bit: it is 15
      const uint64_t sums = (following + kOnes) * kOnes;              // at most 128 each
      sums_[group] = sums;
      before_[group] = static_cast<uint16_t>(before);
      before += sums >> (8 * last) & 0xff;
    }
    return (escaped & kOnes << 7) == 0 &&
           before <= static_cast<size_t>(terms.suffix_end - terms.suffix);
  }

  // The first term at or behind `from` that shares fewer than `bytes` bytes with the term before
  // it; term_count: none does. REQUIRES: 0 < from <= term_count.
  uint32_t NextSharingLess(size_t bytes, uint32_t from) const {
    if (bytes > kMostShared) return from;
    uint32_t group = (from - 1) / 8;
    uint64_t asked = ~uint64_t{0} << (8 * ((from - 1) % 8));
    for (; 8 * group < count_; ++group, asked = ~uint64_t{0}) {
      // Those past the last term are read too: pins have slack.
      const uint64_t shared = LoadU64(heads_ + 8 * group) >> 4 & kNibbles;
      // The high bit of a byte: it is not less.
      const uint64_t not_less = shared + (128 - bytes) * kOnes;
      const uint64_t less = ~not_less & (kOnes << 7) & asked;
      if (less == 0) continue;
      return std::min(8 * group + static_cast<uint32_t>(std::countr_zero(less)) / 8, count_) + 1;
    }
    return count_ + 1;
  }

  // REQUIRES for these: 0 < term < term_count.
  uint32_t shared_bytes(uint32_t term) const { return heads_[term - 1] >> 4; }
  uint32_t suffix_bytes(uint32_t term) const { return (heads_[term - 1] & 15u) + 1; }
  const uint8_t* suffix(uint32_t term) const {
    SEGUE_DCHECK(term > 0 && term <= count_);
    const uint32_t group = (term - 1) / 8;
    const uint64_t sum = sums_[group] >> (8 * ((term - 1) % 8)) & 0xff;
    return suffixes_ + before_[group] + sum - suffix_bytes(term);
  }

 private:
  static constexpr uint64_t kOnes = 0x0101010101010101, kNibbles = 0x0f * kOnes;
  static constexpr size_t kMostShared = 14;  // without an escape

  uint32_t count_ = 0;
  const uint8_t* heads_ = nullptr;
  const uint8_t* suffixes_ = nullptr;
  // For each eight terms: the suffix bytes of those before them, and of the first 1 to 8 of them.
  std::array<uint16_t, kTermsPerBlock / 8> before_;
  std::array<uint64_t, kTermsPerBlock / 8> sums_;
};

}  // namespace segue

#endif  // SEGUE_FORMAT_FRONT_CODE_TABLE_H_

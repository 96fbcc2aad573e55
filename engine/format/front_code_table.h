// SPDX-License-Identifier: Apache-2.0
//
// FrontCodeTable: where the terms of a dictionary block stand, for whoever wants only those that
// share little with the term before, or go on as they want.
#ifndef SEGUE_FORMAT_FRONT_CODE_TABLE_H_
#define SEGUE_FORMAT_FRONT_CODE_TABLE_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "engine/base/check.h"
#include "engine/base/load.h"
#include "engine/format/dictionary_block.h"
#include "engine/format/term_ends.h"
#include "engine/simd/kernels.h"

namespace segue {

// Terms are counted from 0, the first of the block, which is not front-coded and not in the table.
class FrontCodeTable {
 public:
  // No term but the first is longer.
  static constexpr size_t kMostTermBytes = 14 + 1 + 14;

  // False: a term has an escape, or the block is damaged; FrontCodeCursor says more. The block's
  // bytes must stay pinned.
  bool Fill(const DictionaryBlock& block) {
    const FrontCodeCursor terms = block.Terms();
    count_ = block.term_count() - 1;
    heads_ = terms.head;
    nexts_ = terms.next;
    rests_ = terms.rest;
    uint64_t wrong = 0, before = 0;
    for (uint32_t group = 0; 8 * group < count_; ++group) {
      const uint32_t last = std::min(count_ - 8 * group, 8u) - 1;
      const uint64_t those = ~uint64_t{0} >> (56 - 8 * last);
      const uint64_t heads = LoadU64(heads_ + 8 * group) & those;
      const uint64_t shared = heads >> 4 & kNibbles, rests = heads & kNibbles;
      wrong |= (shared + 113 * kOnes) | (rests + 113 * kOnes);  // the high bit: it is 15
      const uint64_t sums = rests * kOnes;                      // at most 112 each
      sums_[group] = sums;
      before_[group] = static_cast<uint16_t>(before);
      before += sums >> (8 * last) & 0xff;
      // The next term shares more than there is; of the block's last one nobody asks.
      const uint64_t asked = 8 * group + 8 < count_ ? those : those >> 8;
      const uint64_t shared_behind = LoadU64(heads_ + 8 * group + 1) >> 4 & kNibbles;
      wrong |= ~(shared + rests + 129 * kOnes - shared_behind) & asked;
    }
    return (wrong & kOnes << 7) == 0 &&
           before <= static_cast<size_t>(terms.rest_end - terms.rest) &&
           (count_ == 0 || shared_bytes(1) <= block.first_term().size());
  }

  // Bit i is about term i + 1.
  struct Terms {
    uint32_t sharing = 0;   // at most so many bytes with the term before,
    uint32_t going_on = 0;  // and if just so many, the byte behind them is not in the set
  };
  // `ascii`: a set, as of Kernels::mask_front_coded.
  Terms SharingAtMost(size_t shared, const uint8_t* ascii) const {
    const auto all = static_cast<uint32_t>((uint64_t{1} << count_) - 1);
    if (shared > kMostShared) return {all, all};
    // Those past the last term are read too: pins have slack.
    const uint64_t masks =
        kernels_.mask_front_coded(heads_, nexts_, static_cast<uint32_t>(shared), ascii);
    return {static_cast<uint32_t>(masks >> 32) & all, static_cast<uint32_t>(masks) & all};
  }

  // The first term at or behind `from` that may end so, as far as the bytes of its rest tell;
  // term_count: none may. REQUIRES: 0 < from < term_count.
  uint32_t NextEndingIn(const TermEnds& ends, uint32_t from) const {
    const uint8_t* end = rest(from) + rest_bytes(from);
    while (true) {
      // No branch: one term in so many, at random, has no rest.
      const uint32_t bytes = rest_bytes(from);
      const int has_rest = -static_cast<int>(bytes != 0);
      const auto last = static_cast<uint8_t>((end[-1] & has_rest) | (next(from) & ~has_rest));
      if (ends.Has(0, last) && ends.Have(end, bytes)) return from;
      if (from++ == count_) return from;
      end += rest_bytes(from);
    }
  }

  // REQUIRES for these: 0 < term < term_count.
  uint32_t shared_bytes(uint32_t term) const { return heads_[term - 1] >> 4; }
  uint8_t next(uint32_t term) const { return nexts_[term - 1]; }
  uint32_t rest_bytes(uint32_t term) const { return heads_[term - 1] & 15u; }
  const uint8_t* rest(uint32_t term) const {
    SEGUE_DCHECK(term > 0 && term <= count_);
    const uint32_t group = (term - 1) / 8;
    const uint64_t sum = sums_[group] >> (8 * ((term - 1) % 8)) & 0xff;
    return rests_ + before_[group] + sum - rest_bytes(term);
  }
  FrontCodedTerm term(uint32_t number) const {
    return {.shared_bytes = shared_bytes(number),
            .rest_bytes = rest_bytes(number),
            .rest = rest(number),
            .next = next(number)};
  }

 private:
  static constexpr uint64_t kOnes = 0x0101010101010101, kNibbles = 0x0f * kOnes;
  static constexpr size_t kMostShared = 14;  // without an escape

  const Kernels& kernels_ = ActiveKernels();
  uint32_t count_ = 0;
  const uint8_t* heads_ = nullptr;
  const uint8_t* nexts_ = nullptr;
  const uint8_t* rests_ = nullptr;
  // For each eight terms: the bytes of the rests of those before them, and of the first 1 to 8 of
  // them.
  std::array<uint16_t, kTermsPerBlock / 8> before_;
  std::array<uint64_t, kTermsPerBlock / 8> sums_;
};

}  // namespace segue

#endif  // SEGUE_FORMAT_FRONT_CODE_TABLE_H_

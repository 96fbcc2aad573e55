// SPDX-License-Identifier: Apache-2.0
//
// TermEnds: which terms a search can leave out for their last bytes alone.
#ifndef SEGUE_FORMAT_TERM_ENDS_H_
#define SEGUE_FORMAT_TERM_ENDS_H_

#include <algorithm>
#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>

namespace segue {

// What terms may end with, as far as single bytes tell: the last one, the one before that, and so
// on. Bytes that are not ASCII may be anywhere, and what is before them anything.
class TermEnds {
 public:
  static constexpr size_t kBytes = 4;

  // All.
  TermEnds() {
    for (auto& bytes : may_be_) bytes.fill(true);
  }
  // `ascii`: the characters that may be the last one, and so on.
  explicit TermEnds(const std::array<std::bitset<128>, kBytes>& ascii) : TermEnds() {
    for (size_t i = 0; i < kBytes; ++i) {
      for (size_t c = 0; c < ascii[i].size(); ++c) may_be_[i][c] = ascii[i][c];
    }
  }

  // Whether the byte may be the i-th from the end, from 0.
  bool Has(size_t i, uint8_t byte) const { return may_be_[i][byte]; }
  // Whether some term may end with the `count` bytes before `end`. Cost: a few loads.
  bool Have(const uint8_t* end, size_t count) const {
    for (size_t i = 0; i < std::min(count, kBytes); ++i) {
      const uint8_t byte = end[-1 - static_cast<ptrdiff_t>(i)];
      if (!Has(i, byte)) return false;
      if (byte >= 0x80) break;
    }
    return true;
  }

 private:
  std::array<std::array<bool, 256>, kBytes> may_be_;
};

}  // namespace segue

#endif  // SEGUE_FORMAT_TERM_ENDS_H_

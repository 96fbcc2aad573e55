// SPDX-License-Identifier: Apache-2.0
//
// NEON kernels over shifted positions: values against others, four against four.

#include "engine/simd/kernels_internal.h"
#include "engine/simd/kernels_neon.h"

#if defined(SEGUE_HAVE_NEON_KERNELS)

#include <algorithm>

namespace segue {
namespace {

// bytes[m]: a shuffle that brings the elements of the set bits of m to the front.
struct ElementShuffles {
  alignas(16) uint8_t bytes[16][16];
};

constexpr ElementShuffles MakeElementShuffles() {
  ElementShuffles shuffles = {};
  for (int mask = 0; mask < 16; ++mask) {
    for (int byte = 0; byte < 16; ++byte) {
      shuffles.bytes[mask][byte] =
          static_cast<uint8_t>(4 * kByteBits.list[mask][byte / 4] + byte % 4);
    }
  }
  return shuffles;
}

constexpr ElementShuffles kElementShuffles = MakeElementShuffles();

inline uint32x4_t ElementsBelow(size_t count) {
  return vcltq_u32(NeonNumbers(), vdupq_n_u32(static_cast<uint32_t>(std::min(count, size_t{4}))));
}

// Elements of a that equal any element of b.
inline uint32x4_t EqualsAny(uint32x4_t a, uint32x4_t b) {
  const uint32x4_t b0 = vceqq_u32(a, b), b1 = vceqq_u32(a, vextq_u32(b, b, 1));
  const uint32x4_t b2 = vceqq_u32(a, vextq_u32(b, b, 2)), b3 = vceqq_u32(a, vextq_u32(b, b, 3));
  return vorrq_u32(vorrq_u32(b0, b1), vorrq_u32(b2, b3));
}

// A merge of the two, as in the AVX2 version.
class Fours {
 public:
  Fours(const uint32_t* values, size_t count, const uint32_t* others, size_t other_count,
        uint32_t shift)
      : values_(values), count_(count), others_(others), other_count_(other_count), shift_(shift) {}

  bool AtEnd() const { return i_ >= count_ || j_ >= other_count_; }
  size_t i() const { return i_; }

  // Elements of the four values at i() that are among the four others.
  uint32x4_t Found() const {
    const uint32x4_t wanted = vaddq_u32(vld1q_u32(values_ + i_), vdupq_n_u32(shift_));
    // The first one once more stands for what is past the end.
    const uint32x4_t four = vld1q_u32(others_ + j_);
    const uint32x4_t among =
        vbslq_u32(ElementsBelow(other_count_ - j_), four, vdupq_laneq_u32(four, 0));
    return vandq_u32(EqualsAny(wanted, among), ElementsBelow(count_ - i_));
  }

  // Goes on to the next others; if none of them can equal these values, to the next values, and
  // returns true.
  bool Advance() {
    const uint32_t last = values_[std::min(i_ + 4, count_) - 1] + shift_;
    const uint32_t other_last = others_[std::min(j_ + 4, other_count_) - 1];
    // Values may repeat, so those others that equal the last are needed once more.
    const bool done = last <= other_last || j_ + 4 >= other_count_;
    i_ += done ? 4 : 0;
    j_ += done ? 0 : 4;
    return done;
  }

 private:
  const uint32_t* values_;
  size_t count_;
  const uint32_t* others_;
  size_t other_count_;
  uint32_t shift_;
  size_t i_ = 0, j_ = 0;
};

size_t KeepShifted(const uint32_t* values, size_t count, const uint32_t* others, size_t other_count,
                   uint32_t shift, uint32_t* out) {
  alignas(16) static constexpr uint32_t kBits[4] = {1, 2, 4, 8};
  size_t kept = 0;
  uint32x4_t found = vdupq_n_u32(0);
  for (Fours fours(values, count, others, other_count, shift); !fours.AtEnd();) {
    const size_t i = fours.i();
    found = vorrq_u32(found, fours.Found());
    if (!fours.Advance()) continue;
    const uint32_t mask = vaddvq_u32(vandq_u32(found, vld1q_u32(kBits)));
    const uint8x16_t four = vreinterpretq_u8_u32(vld1q_u32(values + i));
    const uint8x16_t front = vqtbl1q_u8(four, vld1q_u8(kElementShuffles.bytes[mask]));
    vst1q_u32(out + kept, vreinterpretq_u32_u8(front));
    kept += static_cast<size_t>(std::popcount(mask));
    found = vdupq_n_u32(0);
  }
  return kept;
}

bool AnyShifted(const uint32_t* values, size_t count, const uint32_t* others, size_t other_count,
                uint32_t shift) {
  for (Fours fours(values, count, others, other_count, shift); !fours.AtEnd(); fours.Advance()) {
    if (vmaxvq_u32(fours.Found()) != 0) return true;
  }
  return false;
}

}  // namespace

void FillNeonPositions(Kernels* table) {
  table->keep_shifted = KeepShifted;
  table->any_shifted = AnyShifted;
}

}  // namespace segue

#endif  // SEGUE_HAVE_NEON_KERNELS

// SPDX-License-Identifier: Apache-2.0
//
// Parts of the NEON table, by subject; kernels_neon.cc puts them together. NEON is part of every
// AArch64 CPU, so nothing is asked at run time and no function needs a target of its own.

#ifndef SEGUE_SIMD_KERNELS_NEON_H_
#define SEGUE_SIMD_KERNELS_NEON_H_

#include "engine/simd/kernels.h"

#if defined(__aarch64__) && defined(__GNUC__)
#include <arm_neon.h>

#define SEGUE_HAVE_NEON_KERNELS 1

namespace segue {

// Each sets its kernels in a table that starts as a copy of the scalar one.
void FillNeonBlocks(Kernels* table);
void FillNeonBitmaps(Kernels* table);
void FillNeonFrontCodes(Kernels* table);
void FillNeonPositions(Kernels* table);
void FillNeonBounds(Kernels* table);
void FillNeonScores(Kernels* table);

inline uint32x4_t NeonNumbers() {
  alignas(16) static constexpr uint32_t kNumbers[4] = {0, 1, 2, 3};
  return vld1q_u32(kNumbers);
}

inline uint8x16_t NeonByteNumbers() {
  alignas(16) static constexpr uint8_t kNumbers[16] = {0, 1, 2,  3,  4,  5,  6,  7,
                                                       8, 9, 10, 11, 12, 13, 14, 15};
  return vld1q_u8(kNumbers);
}

// Bit i of the result is that of byte i of the 64, all of which are 0 or 255.
inline uint64_t NeonBitsOfBytes(uint8x16_t a, uint8x16_t b, uint8x16_t c, uint8x16_t d) {
  alignas(16) static constexpr uint8_t kBits[16] = {1, 2, 4, 8, 16, 32, 64, 128,
                                                    1, 2, 4, 8, 16, 32, 64, 128};
  const uint8x16_t bits = vld1q_u8(kBits);
  const uint8x16_t low = vpaddq_u8(vandq_u8(a, bits), vandq_u8(b, bits));
  const uint8x16_t high = vpaddq_u8(vandq_u8(c, bits), vandq_u8(d, bits));
  const uint8x16_t sums = vpaddq_u8(low, high);
  return vgetq_lane_u64(vreinterpretq_u64_u8(vpaddq_u8(sums, sums)), 0);
}

// Byte i of the result is 255 if element i of the eight is all ones, and 0 if it is 0.
inline uint64_t NeonBytesOfEight(uint32x4_t low, uint32x4_t high) {
  const uint16x8_t shorts = vcombine_u16(vmovn_u32(low), vmovn_u32(high));
  return vget_lane_u64(vreinterpret_u64_u8(vmovn_u16(shorts)), 0);
}

}  // namespace segue

#endif  // AArch64

#endif  // SEGUE_SIMD_KERNELS_NEON_H_

// SPDX-License-Identifier: Apache-2.0
//
// The NEON kernel over front-coded terms: the low half of a byte chooses a row of the set, the high
// half a bit of it.
#include "engine/simd/kernels_neon.h"

#if defined(SEGUE_HAVE_NEON_KERNELS)

namespace segue {
namespace {

// Bytes of 255 for sixteen terms.
struct Sixteen {
  uint8x16_t mask, at_most;

  Sixteen(uint8x16_t heads, uint8x16_t next, uint8x16_t shared, uint8x16_t ascii) {
    // Of byte values from 128 on, none: their rows have no such bit.
    alignas(16) static constexpr uint8_t kBits[16] = {1, 2, 4, 8, 16, 32, 64, 128};
    const uint8x16_t rows = vqtbl1q_u8(ascii, vandq_u8(next, vdupq_n_u8(0x0f)));
    const uint8x16_t bits = vqtbl1q_u8(vld1q_u8(kBits), vshrq_n_u8(next, 4));
    const uint8x16_t sharing = vshrq_n_u8(heads, 4);
    const uint8x16_t equal_and_in = vandq_u8(vceqq_u8(sharing, shared), vtstq_u8(rows, bits));
    at_most = vcleq_u8(sharing, shared);
    mask = vbicq_u8(at_most, equal_and_in);
  }
};

uint64_t MaskFrontCoded(const uint8_t* heads, const uint8_t* nexts, uint32_t shared,
                        const uint8_t* ascii) {
  const uint8x16_t limit = vdupq_n_u8(static_cast<uint8_t>(shared)), set = vld1q_u8(ascii);
  const Sixteen low(vld1q_u8(heads), vld1q_u8(nexts), limit, set);
  const Sixteen high(vld1q_u8(heads + 16), vld1q_u8(nexts + 16), limit, set);
  return NeonBitsOfBytes(low.mask, high.mask, low.at_most, high.at_most);
}

}  // namespace

void FillNeonFrontCodes(Kernels* table) { table->mask_front_coded = MaskFrontCoded; }

}  // namespace segue

#endif  // SEGUE_HAVE_NEON_KERNELS

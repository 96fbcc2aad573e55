// SPDX-License-Identifier: Apache-2.0
//
// NEON kernels for bound maps. What is left after the last whole vector goes to the scalar kernel.

#include "engine/simd/kernels_internal.h"
#include "engine/simd/kernels_neon.h"

#if defined(SEGUE_HAVE_NEON_KERNELS)

namespace segue {
namespace {

// --- Scaling -------------------------------------------------------------------

// ceil(value * scale + bias) of four numbers, 0 for 0, up to 65535.
inline uint16x4_t ScaledFour(uint32x4_t v, float32x4_t scale, float32x4_t bias) {
  const float32x4_t scaled = vrndpq_f32(vaddq_f32(vmulq_f32(vcvtq_f32_u32(v), scale), bias));
  // Both conversions saturate.
  return vqmovn_u32(vandq_u32(vcvtq_u32_f32(scaled), vtstq_u32(v, v)));
}

// The same of eight bytes.
inline uint16x8_t ScaledEight(uint8x8_t values, float32x4_t scale, float32x4_t bias) {
  const uint16x8_t v = vmovl_u8(values);
  return vcombine_u16(ScaledFour(vmovl_u16(vget_low_u16(v)), scale, bias),
                      ScaledFour(vmovl_high_u16(v), scale, bias));
}

void ScaleU8(const uint8_t* values, float scale, float bias, size_t count, uint8_t* out) {
  const float32x4_t factor = vdupq_n_f32(scale), more = vdupq_n_f32(bias);
  size_t i = 0;
  for (; i + 8 <= count; i += 8) {
    vst1_u8(out + i, vqmovn_u16(ScaledEight(vld1_u8(values + i), factor, more)));
  }
  ScalarKernels()->scale_u8(values + i, scale, bias, count - i, out + i);
}

void AddScaledU16(uint16_t* sums, const uint8_t* values, float scale, float bias, size_t count) {
  const float32x4_t factor = vdupq_n_f32(scale), more = vdupq_n_f32(bias);
  size_t i = 0;
  for (; i + 8 <= count; i += 8) {
    const uint16x8_t scaled = ScaledEight(vld1_u8(values + i), factor, more);
    vst1q_u16(sums + i, vqaddq_u16(vld1q_u16(sums + i), scaled));
  }
  ScalarKernels()->add_scaled_u16(sums + i, values + i, scale, bias, count - i);
}

// --- Masks and maxima ------------------------------------------------------------

void MaskAtLeastU8(const uint8_t* values, size_t count, uint8_t threshold, uint64_t* mask) {
  const uint8x16_t wanted = vdupq_n_u8(threshold);
  const auto reached = [&](const uint8_t* from) { return vcgeq_u8(vld1q_u8(from), wanted); };
  size_t i = 0;
  for (; i + 64 <= count; i += 64) {
    const uint8_t* const from = values + i;
    mask[i / 64] =
        NeonBitsOfBytes(reached(from), reached(from + 16), reached(from + 32), reached(from + 48));
  }
  ScalarKernels()->mask_at_least_u8(values + i, count - i, threshold, mask + i / 64);
}

void MaskAtLeastU16(const uint16_t* values, size_t count, uint16_t threshold, uint64_t* mask) {
  const uint16x8_t wanted = vdupq_n_u16(threshold);
  const auto reached = [&](const uint16_t* from) {
    return vcombine_u8(vmovn_u16(vcgeq_u16(vld1q_u16(from), wanted)),
                       vmovn_u16(vcgeq_u16(vld1q_u16(from + 8), wanted)));
  };
  size_t i = 0;
  for (; i + 64 <= count; i += 64) {
    const uint16_t* const from = values + i;
    mask[i / 64] =
        NeonBitsOfBytes(reached(from), reached(from + 16), reached(from + 32), reached(from + 48));
  }
  ScalarKernels()->mask_at_least_u16(values + i, count - i, threshold, mask + i / 64);
}

void GroupMaximaU8(const uint8_t* values, size_t count, uint8_t* out) {
  size_t i = 0;
  for (; i + 64 <= count; i += 64) {
    const uint8x16_t low = vmaxq_u8(vld1q_u8(values + i), vld1q_u8(values + i + 16));
    const uint8x16_t high = vmaxq_u8(vld1q_u8(values + i + 32), vld1q_u8(values + i + 48));
    out[i / 64] = vmaxvq_u8(vmaxq_u8(low, high));
  }
  ScalarKernels()->group_maxima_u8(values + i, count - i, out + i / 64);
}

void GroupMaximaU16(const uint16_t* values, size_t count, uint16_t* out) {
  size_t i = 0;
  for (; i + 64 <= count; i += 64) {
    uint16x8_t greatest = vld1q_u16(values + i);
#pragma GCC unroll 7
    for (size_t j = i + 8; j < i + 64; j += 8) {
      greatest = vmaxq_u16(greatest, vld1q_u16(values + j));
    }
    out[i / 64] = vmaxvq_u16(greatest);
  }
  ScalarKernels()->group_maxima_u16(values + i, count - i, out + i / 64);
}

void MaxOfPairs(const uint8_t* values, size_t count, uint8_t* out) {
  size_t i = 0;
  for (; i + 16 <= count; i += 16) {
    vst1q_u8(out + i, vpmaxq_u8(vld1q_u8(values + 2 * i), vld1q_u8(values + 2 * i + 16)));
  }
  ScalarKernels()->max_of_pairs(values + 2 * i, count - i, out + i);
}

void RepeatBytes(const uint8_t* values, uint32_t shift, size_t count, uint8_t* out) {
  const int8x16_t right = vdupq_n_s8(static_cast<int8_t>(-static_cast<int>(shift)));
  const uint8x16_t from = vshlq_u8(NeonByteNumbers(), right);
  size_t i = 0;
  for (; i + 16 <= count; i += 16) {
    vst1q_u8(out + i, vqtbl1q_u8(vld1q_u8(values + (i >> shift)), from));
  }
  for (; i < count; ++i) out[i] = values[i >> shift];
}

void KeepWhereNonzero(uint16_t* values, const uint8_t* other, size_t count) {
  size_t i = 0;
  for (; i + 8 <= count; i += 8) {
    const uint16x8_t wide = vmovl_u8(vld1_u8(other + i));
    vst1q_u16(values + i, vandq_u16(vld1q_u16(values + i), vtstq_u16(wide, wide)));
  }
  ScalarKernels()->keep_where_nonzero(values + i, other + i, count - i);
}

// --- Sums of members' bounds -------------------------------------------------------

// One number for each of the documents of two words: bit p of all of them is plane p.
struct Planes {
  uint64x2_t plane[8];
  uint64x2_t saturated;
};

// Adds a word's byte to the sums of its members.
inline void AddBytes(uint64x2_t members, uint64x2_t bytes, Planes* sums) {
  uint64x2_t carry = vdupq_n_u64(0);
#pragma GCC unroll 8
  for (int p = 0; p < 8; ++p) {
    const uint64x2_t has = vtstq_u64(bytes, vdupq_n_u64(uint64_t{1} << p));
    const uint64x2_t term = vandq_u64(members, has);
    const uint64x2_t half = veorq_u64(sums->plane[p], term);
    const uint64x2_t next = vorrq_u64(vandq_u64(sums->plane[p], term), vandq_u64(half, carry));
    sums->plane[p] = veorq_u64(half, carry);
    carry = next;
  }
  sums->saturated = vorrq_u64(sums->saturated, carry);
}

inline uint64x2_t AtLeast(const Planes& sums, uint8_t least) {
  uint64x2_t reached = vdupq_n_u64(UINT64_MAX);
  for (int p = 0; p < 8; ++p) {
    reached = (least >> p & 1) != 0 ? vandq_u64(sums.plane[p], reached)
                                    : vorrq_u64(sums.plane[p], reached);
  }
  return vorrq_u64(reached, sums.saturated);
}

inline uint64x2_t Two(uint64_t low, uint64_t high) {
  return vcombine_u64(vcreate_u64(low), vcreate_u64(high));
}

// The scalar kernel's adder on two words at a time; see there.
size_t KeepSumsAtLeast(const uint64_t* const* members, const uint8_t* const* bounds, size_t lists,
                       size_t words, uint8_t least, uint64_t* mask, uint8_t* sums) {
  const uint8_t* const begin = sums;
  for (size_t w = 0; w < words; w += 2) {
    // A last word without a neighbour is taken twice.
    const size_t v = w + 1 < words ? w + 1 : w;
    if ((mask[w] | mask[v]) == 0) continue;
    Planes planes = {};
    for (size_t i = 0; i < lists; ++i) {
      AddBytes(Two(members[i][w], members[i][v]), Two(bounds[i][w], bounds[i][v]), &planes);
    }
    const uint64x2_t reached = AtLeast(planes, least);
    mask[v] &= vgetq_lane_u64(reached, 1);
    mask[w] &= vgetq_lane_u64(reached, 0);
    if ((mask[w] | mask[v]) == 0) continue;
    uint64_t stored[9][2];
    for (int p = 0; p < 8; ++p) vst1q_u64(stored[p], planes.plane[p]);
    vst1q_u64(stored[8], planes.saturated);
    sums = AppendPlaneSums(&stored[0][0], 2, stored[8][0], mask[w], sums);
    if (v != w) sums = AppendPlaneSums(&stored[0][1], 2, stored[8][1], mask[v], sums);
  }
  return static_cast<size_t>(sums - begin);
}

}  // namespace

void FillNeonBounds(Kernels* table) {
  table->scale_u8 = ScaleU8;
  table->add_scaled_u16 = AddScaledU16;
  table->mask_at_least_u8 = MaskAtLeastU8;
  table->mask_at_least_u16 = MaskAtLeastU16;
  table->group_maxima_u8 = GroupMaximaU8;
  table->group_maxima_u16 = GroupMaximaU16;
  table->max_of_pairs = MaxOfPairs;
  table->repeat_bytes = RepeatBytes;
  table->keep_where_nonzero = KeepWhereNonzero;
  table->keep_sums_at_least = KeepSumsAtLeast;
}

}  // namespace segue

#endif  // SEGUE_HAVE_NEON_KERNELS

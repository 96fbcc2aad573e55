// SPDX-License-Identifier: Apache-2.0
//
// NEON kernels for scores. Floats are divided, never multiplied by an approximate reciprocal, and
// never fused: scores are the scalar bits.

#include "engine/simd/kernels_internal.h"
#include "engine/simd/kernels_neon.h"

#if defined(SEGUE_HAVE_NEON_KERNELS)

namespace segue {
namespace {

void ScoreBm25(const uint32_t* docs, const uint32_t* freqs, size_t count, const uint8_t* norms,
               const float* scale, float weight, float* scores) {
  const float32x4_t weights = vdupq_n_f32(weight), one = vdupq_n_f32(1.0f);
  size_t i = 0;
  for (; i + 4 <= count; i += 4) {
    float32x4_t product = vdupq_n_f32(scale[1]);
    if (norms != nullptr) {
      const float factors[4] = {scale[norms[docs[i]]], scale[norms[docs[i + 1]]],
                                scale[norms[docs[i + 2]]], scale[norms[docs[i + 3]]]};
      product = vld1q_f32(factors);
    }
    if (freqs != nullptr) product = vmulq_f32(vcvtq_f32_u32(vld1q_u32(freqs + i)), product);
    const float32x4_t quotient = vdivq_f32(weights, vaddq_f32(one, product));
    vst1q_f32(scores + i, vsubq_f32(weights, quotient));
  }
  if (i == count) return;
  ScalarKernels()->score_bm25(docs + i, freqs != nullptr ? freqs + i : nullptr, count - i, norms,
                              scale, weight, scores + i);
}

void Reaches(const double* sums, const int32_t* rests, double unit, double most, double margin,
             size_t count, float* reaches) {
  const float64x2_t mosts = vdupq_n_f64(most);
  size_t i = 0;
  for (; i + 2 <= count; i += 2) {
    const float64x2_t rest = vmulq_n_f64(vcvtq_f64_s64(vmovl_s32(vld1_s32(rests + i))), unit);
    // Chosen by comparison, as in the scalar kernel: the second where the first is not a number.
    const float64x2_t least = vbslq_f64(vcltq_f64(rest, mosts), rest, mosts);
    const float64x2_t sum = vaddq_f64(vld1q_f64(sums + i), least);
    vst1_f32(reaches + i, vcvt_f32_f64(vmulq_n_f64(sum, margin)));
  }
  ScalarKernels()->reaches(sums + i, rests + i, unit, most, margin, count - i, reaches + i);
}

struct Greater {
  static uint32x4_t Of(float32x4_t a, float32x4_t b) { return vcgtq_f32(a, b); }
  static bool Of(float a, float b) { return a > b; }
};
struct AtLeast {
  static uint32x4_t Of(float32x4_t a, float32x4_t b) { return vcgeq_f32(a, b); }
  static bool Of(float a, float b) { return a >= b; }
};

template <typename Compare>
size_t Filter(const float* values, size_t count, float threshold, uint32_t* out) {
  constexpr uint64_t kBits = 0x8040201008040201u;
  const float32x4_t wanted = vdupq_n_f32(threshold);
  size_t kept = 0;
  size_t i = 0;
  for (; i + 8 <= count; i += 8) {
    const uint64_t bytes = NeonBytesOfEight(Compare::Of(vld1q_f32(values + i), wanted),
                                            Compare::Of(vld1q_f32(values + i + 4), wanted));
    const uint32_t mask = vaddv_u8(vcreate_u8(bytes & kBits));
    const uint16x8_t list = vmovl_u8(vld1_u8(kByteBits.list[mask]));
    const uint32x4_t base = vdupq_n_u32(static_cast<uint32_t>(i));
    vst1q_u32(out + kept, vaddw_u16(base, vget_low_u16(list)));
    vst1q_u32(out + kept + 4, vaddw_high_u16(base, list));
    kept += static_cast<size_t>(std::popcount(mask));
  }
  for (; i < count; ++i) {
    out[kept] = static_cast<uint32_t>(i);
    kept += Compare::Of(values[i], threshold);
  }
  return kept;
}

}  // namespace

void FillNeonScores(Kernels* table) {
  table->score_bm25 = ScoreBm25;
  table->reaches = Reaches;
  table->filter_greater = Filter<Greater>;
  table->filter_at_least = Filter<AtLeast>;
}

}  // namespace segue

#endif  // SEGUE_HAVE_NEON_KERNELS

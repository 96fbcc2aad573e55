// SPDX-License-Identifier: Apache-2.0
//
// AVX2 kernels for bound maps and scores. Floats are divided, never multiplied
// by an approximate reciprocal, and never fused: scores are the scalar bits.

#include "engine/simd/kernels_avx2.h"
#include "engine/simd/kernels_internal.h"

#if defined(SEGUE_HAVE_AVX2_KERNELS)

#include <immintrin.h>

namespace segue {
namespace {

SEGUE_AVX2 inline __m256i Load(const void* p) {
  return _mm256_loadu_si256(static_cast<const __m256i*>(p));
}
SEGUE_AVX2 inline void Store(void* p, __m256i v) {
  _mm256_storeu_si256(static_cast<__m256i*>(p), v);
}

// --- Bound maps ----------------------------------------------------------------

SEGUE_AVX2 uint8_t MaxU8(const uint8_t* values, size_t count) {
  __m256i greatest = _mm256_setzero_si256();
  size_t i = 0;
  for (; i + 32 <= count; i += 32) greatest = _mm256_max_epu8(greatest, Load(values + i));
  uint8_t lanes[32];
  Store(lanes, greatest);
  uint8_t result = 0;
  for (uint8_t lane : lanes) result = lane > result ? lane : result;
  for (; i < count; ++i) result = values[i] > result ? values[i] : result;
  return result;
}

SEGUE_AVX2 void AddSaturatedU8(uint8_t* sums, const uint8_t* values, size_t count) {
  size_t i = 0;
  for (; i + 32 <= count; i += 32) {
    Store(sums + i, _mm256_adds_epu8(Load(sums + i), Load(values + i)));
  }
  ScalarKernels()->add_saturated_u8(sums + i, values + i, count - i);
}

// ceil(value * scale / 256) of the 16 low bytes: fits 16 bits while scale <= 256.
SEGUE_AVX2 inline __m256i ScaledHalf(__m128i values, __m256i scale) {
  const __m256i product = _mm256_mullo_epi16(_mm256_cvtepu8_epi16(values), scale);
  return _mm256_srli_epi16(_mm256_add_epi16(product, _mm256_set1_epi16(255)), 8);
}

SEGUE_AVX2 void AddScaledU8(uint8_t* sums, const uint8_t* values, uint32_t scale, size_t count) {
  const __m256i factor = _mm256_set1_epi16(static_cast<int16_t>(scale));
  size_t i = 0;
  for (; i + 32 <= count; i += 32) {
    const __m256i v = Load(values + i);
    const __m256i low = ScaledHalf(_mm256_castsi256_si128(v), factor);
    const __m256i high = ScaledHalf(_mm256_extracti128_si256(v, 1), factor);
    const __m256i packed = _mm256_permute4x64_epi64(_mm256_packus_epi16(low, high), 0xd8);
    Store(sums + i, _mm256_adds_epu8(Load(sums + i), packed));
  }
  ScalarKernels()->add_scaled_u8(sums + i, values + i, scale, count - i);
}

SEGUE_AVX2 inline uint64_t MaskAtLeast(__m256i values, __m256i threshold) {
  return static_cast<uint32_t>(
      _mm256_movemask_epi8(_mm256_cmpeq_epi8(_mm256_max_epu8(values, threshold), values)));
}

SEGUE_AVX2 void MaskAtLeastU8(const uint8_t* values, size_t count, uint8_t threshold,
                              uint64_t* mask) {
  const __m256i wanted = _mm256_set1_epi8(static_cast<char>(threshold));
  size_t i = 0;
  for (; i + 64 <= count; i += 64) {
    mask[i / 64] =
        MaskAtLeast(Load(values + i), wanted) | MaskAtLeast(Load(values + i + 32), wanted) << 32;
  }
  ScalarKernels()->mask_at_least_u8(values + i, count - i, threshold, mask + i / 64);
}

SEGUE_AVX2 void KeepWhereNonzeroU8(uint8_t* values, const uint8_t* other, size_t count) {
  size_t i = 0;
  for (; i + 32 <= count; i += 32) {
    const __m256i empty = _mm256_cmpeq_epi8(Load(other + i), _mm256_setzero_si256());
    Store(values + i, _mm256_andnot_si256(empty, Load(values + i)));
  }
  ScalarKernels()->keep_where_nonzero_u8(values + i, other + i, count - i);
}

// The scalar kernel's adder on four words at a time; see there.
SEGUE_AVX2 void KeepSumsAtLeast(const uint64_t* const* members, const uint8_t* const* bounds,
                                size_t lists, size_t words, uint8_t least, uint64_t* mask) {
  const __m256i zero = _mm256_setzero_si256();
  size_t w = 0;
  for (; w + 4 <= words; w += 4) {
    const __m256i wanted = Load(mask + w);
    if (_mm256_testz_si256(wanted, wanted)) continue;
    __m256i planes[8] = {zero, zero, zero, zero, zero, zero, zero, zero};
    __m256i saturated = zero;
    for (size_t i = 0; i < lists; ++i) {
      const __m256i added = Load(members[i] + w);
      const __m256i bytes =
          _mm256_cvtepu8_epi64(_mm_cvtsi32_si128(static_cast<int>(LoadUnaligned32(bounds[i] + w))));
      __m256i carry = zero;
      for (int p = 0; p < 8; ++p) {
        const __m256i bit = _mm256_set1_epi64x(int64_t{1} << p);
        const __m256i has = _mm256_cmpeq_epi64(_mm256_and_si256(bytes, bit), bit);
        const __m256i term = _mm256_and_si256(added, has);
        const __m256i half = _mm256_xor_si256(planes[p], term);
        const __m256i next =
            _mm256_or_si256(_mm256_and_si256(planes[p], term), _mm256_and_si256(half, carry));
        planes[p] = _mm256_xor_si256(half, carry);
        carry = next;
      }
      saturated = _mm256_or_si256(saturated, carry);
    }
    __m256i reached = _mm256_cmpeq_epi64(zero, zero);
    for (int p = 0; p < 8; ++p) {
      reached = (least >> p & 1) != 0 ? _mm256_and_si256(planes[p], reached)
                                      : _mm256_or_si256(planes[p], reached);
    }
    Store(mask + w, _mm256_and_si256(wanted, _mm256_or_si256(reached, saturated)));
  }
  for (; w < words; ++w) {
    if (mask[w] == 0) continue;
    uint64_t kept = 0;
    for (uint64_t rest = mask[w]; rest != 0; rest &= rest - 1) {
      const uint64_t document = rest & -rest;
      uint32_t sum = 0;
      for (size_t i = 0; i < lists; ++i) {
        if ((members[i][w] & document) != 0) sum += bounds[i][w];
      }
      if (sum >= least) kept |= document;
    }
    mask[w] = kept;
  }
}

// --- Scores ----------------------------------------------------------------------

// Correctly rounded like a scalar conversion of an unsigned integer: both
// halves are exact, and only their sum rounds.
SEGUE_AVX2 inline __m256 UnsignedToFloat(__m256i v) {
  const __m256 high = _mm256_cvtepi32_ps(_mm256_srli_epi32(v, 16));
  const __m256 low = _mm256_cvtepi32_ps(_mm256_and_si256(v, _mm256_set1_epi32(0xffff)));
  return _mm256_add_ps(_mm256_mul_ps(high, _mm256_set1_ps(65536.0f)), low);
}

// Factors are looked up by scalar loads into a buffer some way ahead of the
// divisions, which then read them back as whole vectors.
SEGUE_AVX2 void ScoreBm25(const uint32_t* docs, const uint32_t* freqs, size_t count,
                          const uint8_t* norms, const float* scale, float weight, float* scores) {
  constexpr size_t kChunk = 128;
  alignas(32) float factors[kChunk];
  const __m256 weights = _mm256_set1_ps(weight);
  const __m256 one = _mm256_set1_ps(1.0f);
  for (size_t begin = 0; begin < count; begin += kChunk) {
    const size_t size = count - begin < kChunk ? count - begin : kChunk;
    if (norms != nullptr) {
      for (size_t i = 0; i < size; ++i) factors[i] = scale[norms[docs[begin + i]]];
    } else {
      for (size_t i = 0; i < size; ++i) factors[i] = scale[1];
    }
    size_t i = 0;
    for (; i + 8 <= size; i += 8) {
      __m256 product = _mm256_load_ps(factors + i);
      if (freqs != nullptr) {
        product = _mm256_mul_ps(UnsignedToFloat(Load(freqs + begin + i)), product);
      }
      const __m256 quotient = _mm256_div_ps(weights, _mm256_add_ps(one, product));
      _mm256_storeu_ps(scores + begin + i, _mm256_sub_ps(weights, quotient));
    }
    for (; i < size; ++i) {
      const float freq = freqs != nullptr ? static_cast<float>(freqs[begin + i]) : 1.0f;
      const float product = freq * factors[i];
      scores[begin + i] = weight - weight / (1.0f + product);
    }
  }
}

template <int kCompare>
SEGUE_AVX2 size_t Filter(const float* values, size_t count, float threshold, uint32_t* out) {
  const __m256 wanted = _mm256_set1_ps(threshold);
  size_t kept = 0;
  size_t i = 0;
  for (; i + 8 <= count; i += 8) {
    const uint32_t mask = static_cast<uint32_t>(
        _mm256_movemask_ps(_mm256_cmp_ps(_mm256_loadu_ps(values + i), wanted, kCompare)));
    const __m128i list = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(kByteBits.list[mask]));
    Store(out + kept,
          _mm256_add_epi32(_mm256_cvtepu8_epi32(list), _mm256_set1_epi32(static_cast<int>(i))));
    kept += static_cast<size_t>(_mm_popcnt_u32(mask));
  }
  for (; i < count; ++i) {
    out[kept] = static_cast<uint32_t>(i);
    kept += kCompare == _CMP_GT_OQ ? values[i] > threshold : values[i] >= threshold;
  }
  return kept;
}

}  // namespace

void FillAvx2Scores(Kernels* table) {
  table->max_u8 = MaxU8;
  table->add_saturated_u8 = AddSaturatedU8;
  table->add_scaled_u8 = AddScaledU8;
  table->mask_at_least_u8 = MaskAtLeastU8;
  table->keep_where_nonzero_u8 = KeepWhereNonzeroU8;
  table->keep_sums_at_least = KeepSumsAtLeast;
  table->score_bm25 = ScoreBm25;
  table->filter_greater = Filter<_CMP_GT_OQ>;
  table->filter_at_least = Filter<_CMP_GE_OQ>;
}

}  // namespace segue

#endif  // SEGUE_HAVE_AVX2_KERNELS

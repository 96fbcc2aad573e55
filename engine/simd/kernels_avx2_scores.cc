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

// --- Bound maps ----------------------------------------------------------------

// ceil(value * scale + bias) of 8 bytes, 0 for 0, as 32-bit integers of at most 65535.
SEGUE_AVX2 inline __m256i ScaledEight(const uint8_t* values, __m256 scale, __m256 bias) {
  const __m256i v = _mm256_cvtepu8_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(values)));
  const __m256 scaled =
      _mm256_ceil_ps(_mm256_add_ps(_mm256_mul_ps(_mm256_cvtepi32_ps(v), scale), bias));
  const __m256i whole = _mm256_cvttps_epi32(_mm256_min_ps(scaled, _mm256_set1_ps(65535.0f)));
  return _mm256_andnot_si256(_mm256_cmpeq_epi32(v, _mm256_setzero_si256()), whole);
}

// The same of 16 bytes, as 16-bit integers.
SEGUE_AVX2 inline __m256i ScaledSixteen(const uint8_t* values, __m256 scale, __m256 bias) {
  const __m256i packed =
      _mm256_packus_epi32(ScaledEight(values, scale, bias), ScaledEight(values + 8, scale, bias));
  return _mm256_permute4x64_epi64(packed, 0xd8);
}

SEGUE_AVX2 void ScaleU8(const uint8_t* values, float scale, float bias, size_t count,
                        uint8_t* out) {
  const __m256 factor = _mm256_set1_ps(scale), more = _mm256_set1_ps(bias);
  const __m256i most = _mm256_set1_epi16(255);
  size_t i = 0;
  for (; i + 16 <= count; i += 16) {
    const __m256i scaled = _mm256_min_epu16(ScaledSixteen(values + i, factor, more), most);
    const __m128i low = _mm256_castsi256_si128(scaled);
    const __m128i high = _mm256_extracti128_si256(scaled, 1);
    _mm_storeu_si128(reinterpret_cast<__m128i*>(out + i), _mm_packus_epi16(low, high));
  }
  ScalarKernels()->scale_u8(values + i, scale, bias, count - i, out + i);
}

SEGUE_AVX2 void AddScaledU16(uint16_t* sums, const uint8_t* values, float scale, float bias,
                             size_t count) {
  const __m256 factor = _mm256_set1_ps(scale), more = _mm256_set1_ps(bias);
  size_t i = 0;
  for (; i + 16 <= count; i += 16) {
    const __m256i scaled = ScaledSixteen(values + i, factor, more);
    Store(sums + i, _mm256_adds_epu16(Load(sums + i), scaled));
  }
  ScalarKernels()->add_scaled_u16(sums + i, values + i, scale, bias, count - i);
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

SEGUE_AVX2 void MaskAtLeastU16(const uint16_t* values, size_t count, uint16_t threshold,
                               uint64_t* mask) {
  const __m256i wanted = _mm256_set1_epi16(static_cast<int16_t>(threshold));
  const auto reached = [&](const uint16_t* from) SEGUE_AVX2 {
    const __m256i v = Load(from);
    return _mm256_cmpeq_epi16(_mm256_max_epu16(v, wanted), v);
  };
  size_t i = 0;
  for (; i + 64 <= count; i += 64) {
    uint64_t bits = 0;
    for (size_t half = 0; half < 64; half += 32) {
      const __m256i packed =
          _mm256_packs_epi16(reached(values + i + half), reached(values + i + half + 16));
      const __m256i ordered = _mm256_permute4x64_epi64(packed, 0xd8);
      bits |= uint64_t{static_cast<uint32_t>(_mm256_movemask_epi8(ordered))} << half;
    }
    mask[i / 64] = bits;
  }
  ScalarKernels()->mask_at_least_u16(values + i, count - i, threshold, mask + i / 64);
}

// The least of eight numbers is one instruction; the greatest is the least of their complements.
SEGUE_AVX2 uint16_t GreatestOf(__m256i values) {
  const __m128i eight =
      _mm_max_epu16(_mm256_castsi256_si128(values), _mm256_extracti128_si256(values, 1));
  const __m128i least = _mm_minpos_epu16(_mm_xor_si128(eight, _mm_set1_epi16(-1)));
  return static_cast<uint16_t>(~_mm_cvtsi128_si32(least));
}

SEGUE_AVX2 void GroupMaximaU8(const uint8_t* values, size_t count, uint8_t* out) {
  const __m256i low_bytes = _mm256_set1_epi16(0xff);
  size_t i = 0;
  for (; i + 64 <= count; i += 64) {
    const __m256i bytes = _mm256_max_epu8(Load(values + i), Load(values + i + 32));
    out[i / 64] = static_cast<uint8_t>(GreatestOf(
        _mm256_max_epu16(_mm256_and_si256(bytes, low_bytes), _mm256_srli_epi16(bytes, 8))));
  }
  ScalarKernels()->group_maxima_u8(values + i, count - i, out + i / 64);
}

SEGUE_AVX2 void GroupMaximaU16(const uint16_t* values, size_t count, uint16_t* out) {
  size_t i = 0;
  for (; i + 64 <= count; i += 64) {
    out[i / 64] = GreatestOf(
        _mm256_max_epu16(_mm256_max_epu16(Load(values + i), Load(values + i + 16)),
                         _mm256_max_epu16(Load(values + i + 32), Load(values + i + 48))));
  }
  ScalarKernels()->group_maxima_u16(values + i, count - i, out + i / 64);
}

SEGUE_AVX2 void MaxOfPairs(const uint8_t* values, size_t count, uint8_t* out) {
  const __m256i low_bytes = _mm256_set1_epi16(0xff);
  const auto of = [&](__m256i pairs) SEGUE_AVX2 {
    return _mm256_and_si256(_mm256_max_epu8(pairs, _mm256_srli_epi16(pairs, 8)), low_bytes);
  };
  size_t i = 0;
  for (; i + 32 <= count; i += 32) {
    const __m256i packed =
        _mm256_packus_epi16(of(Load(values + 2 * i)), of(Load(values + 2 * i + 32)));
    Store(out + i, _mm256_permute4x64_epi64(packed, 0xd8));
  }
  ScalarKernels()->max_of_pairs(values + 2 * i, count - i, out + i);
}

SEGUE_AVX2 void RepeatBytes(const uint8_t* values, uint32_t shift, size_t count, uint8_t* out) {
  alignas(32) uint8_t sources[32];
  for (uint32_t i = 0; i < 32; ++i) sources[i] = static_cast<uint8_t>(shift < 5 ? i >> shift : 0);
  const __m256i from = Load(sources);
  size_t i = 0;
  // At least two of each: 32 come from 16.
  for (; shift != 0 && i + 32 <= count; i += 32) {
    const __m128i some = _mm_loadu_si128(reinterpret_cast<const __m128i*>(values + (i >> shift)));
    Store(out + i, _mm256_shuffle_epi8(_mm256_broadcastsi128_si256(some), from));
  }
  for (; i < count; ++i) out[i] = values[i >> shift];
}

SEGUE_AVX2 void KeepWhereNonzero(uint16_t* values, const uint8_t* other, size_t count) {
  size_t i = 0;
  for (; i + 16 <= count; i += 16) {
    const __m256i wide =
        _mm256_cvtepu8_epi16(_mm_loadu_si128(reinterpret_cast<const __m128i*>(other + i)));
    const __m256i empty = _mm256_cmpeq_epi16(wide, _mm256_setzero_si256());
    Store(values + i, _mm256_andnot_si256(empty, Load(values + i)));
  }
  ScalarKernels()->keep_where_nonzero(values + i, other + i, count - i);
}

// Whether the words' documents in all lists of `subset` have sums of at least `wanted` + 1, as
// masks.
template <int kLists>
SEGUE_AVX2 inline __m256i KeptOfSubset(const __m256i* added, const __m256i* bytes, int subset,
                                       __m256i wanted) {
  __m256i in_all = _mm256_cmpeq_epi64(wanted, wanted);
  __m256i sum = _mm256_setzero_si256();
  for (int i = 0; i < kLists; ++i) {
    if ((subset >> i & 1) == 0) continue;
    in_all = _mm256_and_si256(in_all, added[i]);
    sum = _mm256_add_epi64(sum, bytes[i]);
  }
  return _mm256_and_si256(in_all, _mm256_cmpgt_epi64(sum, wanted));
}

// A document that is in more lists than a subset has a sum that is no smaller.
template <int kLists>
SEGUE_AVX2 size_t KeepSumsOf(const uint64_t* const* members, const uint8_t* const* bounds,
                             size_t words, uint8_t least, uint64_t* mask, uint8_t* sums) {
  const uint8_t* const begin = sums;
  const __m256i below = _mm256_set1_epi64x(int64_t{least} - 1);
  size_t w = 0;
  for (; w + 4 <= words; w += 4) {
    const __m256i wanted = Load(mask + w);
    if (_mm256_testz_si256(wanted, wanted)) continue;
    __m256i added[kLists], bytes[kLists];
    for (int i = 0; i < kLists; ++i) {
      added[i] = Load(members[i] + w);
      bytes[i] =
          _mm256_cvtepu8_epi64(_mm_cvtsi32_si128(static_cast<int>(LoadUnaligned32(bounds[i] + w))));
    }
    __m256i kept = _mm256_cmpgt_epi64(_mm256_setzero_si256(), below);
    for (int subset = 1; subset < 1 << kLists; ++subset) {
      kept = _mm256_or_si256(kept, KeptOfSubset<kLists>(added, bytes, subset, below));
    }
    kept = _mm256_and_si256(kept, wanted);
    Store(mask + w, kept);
    if (_mm256_testz_si256(kept, kept)) continue;
    for (size_t j = w; j < w + 4; ++j) {
      sums = AppendMemberSums(members, bounds, kLists, j, mask[j], sums);
    }
  }
  for (; w < words; ++w) {
    uint64_t kept = 0;
    for (uint64_t rest = mask[w]; rest != 0; rest &= rest - 1) {
      const uint64_t document = rest & -rest;
      uint32_t sum = 0;
      for (int i = 0; i < kLists; ++i) sum += (members[i][w] & document) != 0 ? bounds[i][w] : 0;
      if (sum >= least) kept |= document;
    }
    mask[w] = kept;
    sums = AppendMemberSums(members, bounds, kLists, w, kept, sums);
  }
  return static_cast<size_t>(sums - begin);
}

// The scalar kernel's adder on four words at a time; see there.
SEGUE_AVX2 size_t KeepSumsAtLeast(const uint64_t* const* members, const uint8_t* const* bounds,
                                  size_t lists, size_t words, uint8_t least, uint64_t* mask,
                                  uint8_t* sums) {
  if (lists <= kFewLists) {
    return KeepSumsOfFewAvx2(members, bounds, lists, words, least, mask, sums);
  }
  const uint8_t* const begin = sums;
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
    const __m256i kept = _mm256_and_si256(wanted, _mm256_or_si256(reached, saturated));
    Store(mask + w, kept);
    if (_mm256_testz_si256(kept, kept)) continue;
    alignas(32) uint64_t stored[8][4];
    alignas(32) uint64_t full[4];
    for (int p = 0; p < 8; ++p) Store(stored[p], planes[p]);
    Store(full, saturated);
    for (size_t j = 0; j < 4; ++j) {
      sums = AppendPlaneSums(&stored[0][j], 4, full[j], mask[w + j], sums);
    }
  }
  for (; w < words; ++w) {
    uint64_t kept = 0;
    for (uint64_t rest = mask[w]; rest != 0; rest &= rest - 1) {
      const uint64_t document = rest & -rest;
      uint32_t sum = 0;
      for (size_t i = 0; i < lists; ++i) {
        if ((members[i][w] & document) != 0) sum += bounds[i][w];
      }
      if (sum < least) continue;
      kept |= document;
      *sums++ = static_cast<uint8_t>(sum < 255 ? sum : 255);
    }
    mask[w] = kept;
  }
  return static_cast<size_t>(sums - begin);
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

SEGUE_AVX2 void Reaches(const double* sums, const int32_t* rests, double unit, double most,
                        double margin, size_t count, float* reaches) {
  const __m256d units = _mm256_set1_pd(unit), mosts = _mm256_set1_pd(most);
  const __m256d margins = _mm256_set1_pd(margin);
  size_t i = 0;
  for (; i + 4 <= count; i += 4) {
    const __m128i four = _mm_loadu_si128(reinterpret_cast<const __m128i*>(rests + i));
    // The minimum of two, the second where the first is not a number, as in the scalar kernel.
    const __m256d rest = _mm256_min_pd(_mm256_mul_pd(_mm256_cvtepi32_pd(four), units), mosts);
    const __m256d sum = _mm256_add_pd(_mm256_loadu_pd(sums + i), rest);
    _mm_storeu_ps(reaches + i, _mm256_cvtpd_ps(_mm256_mul_pd(sum, margins)));
  }
  for (; i < count; ++i) {
    const double rest = static_cast<double>(rests[i]) * unit;
    reaches[i] = static_cast<float>((sums[i] + (rest < most ? rest : most)) * margin);
  }
}

SEGUE_AVX2 size_t KeepWithinU8(const uint8_t* bytes, const uint32_t* docs, size_t count,
                               uint8_t least, uint8_t greatest, uint8_t* out_bytes,
                               uint32_t* out_docs) {
  const __m128i low = _mm_set1_epi8(static_cast<char>(least));
  const __m128i high = _mm_set1_epi8(static_cast<char>(greatest));
  size_t kept = 0;
  size_t i = 0;
  for (; i + 8 <= count; i += 8) {
    const __m128i eight = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(bytes + i));
    const __m128i within = _mm_min_epu8(_mm_max_epu8(eight, low), high);
    const uint32_t mask =
        static_cast<uint32_t>(_mm_movemask_epi8(_mm_cmpeq_epi8(eight, within))) & 0xff;
    const __m128i list = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(kByteBits.list[mask]));
    _mm_storel_epi64(reinterpret_cast<__m128i*>(out_bytes + kept), _mm_shuffle_epi8(eight, list));
    Store(out_docs + kept, _mm256_permutevar8x32_epi32(Load(docs + i), _mm256_cvtepu8_epi32(list)));
    kept += static_cast<size_t>(_mm_popcnt_u32(mask));
  }
  return kept + ScalarKernels()->keep_within_u8(bytes + i, docs + i, count - i, least, greatest,
                                                out_bytes + kept, out_docs + kept);
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

size_t KeepSumsOfFewAvx2(const uint64_t* const* members, const uint8_t* const* bounds, size_t lists,
                         size_t words, uint8_t least, uint64_t* mask, uint8_t* sums) {
  switch (lists) {
    case 1:
      return KeepSumsOf<1>(members, bounds, words, least, mask, sums);
    case 2:
      return KeepSumsOf<2>(members, bounds, words, least, mask, sums);
    case 3:
      return KeepSumsOf<3>(members, bounds, words, least, mask, sums);
    default:
      return KeepSumsAtLeastScalar(members, bounds, lists, words, least, mask, sums);
  }
}

void FillAvx2Scores(Kernels* table) {
  table->scale_u8 = ScaleU8;
  table->add_scaled_u16 = AddScaledU16;
  table->mask_at_least_u8 = MaskAtLeastU8;
  table->mask_at_least_u16 = MaskAtLeastU16;
  table->group_maxima_u8 = GroupMaximaU8;
  table->group_maxima_u16 = GroupMaximaU16;
  table->max_of_pairs = MaxOfPairs;
  table->repeat_bytes = RepeatBytes;
  table->keep_where_nonzero = KeepWhereNonzero;
  table->keep_within_u8 = KeepWithinU8;
  table->keep_sums_at_least = KeepSumsAtLeast;
  table->score_bm25 = ScoreBm25;
  table->reaches = Reaches;
  table->filter_greater = Filter<_CMP_GT_OQ>;
  table->filter_at_least = Filter<_CMP_GE_OQ>;
}

}  // namespace segue

#endif  // SEGUE_HAVE_AVX2_KERNELS

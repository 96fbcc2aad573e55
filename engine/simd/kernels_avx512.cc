// SPDX-License-Identifier: Apache-2.0
//
// The AVX-512 table: the AVX2 one with the kernels replaced that gain from
// compress, popcount and gather instructions on 512-bit vectors. It needs the
// extensions of Ice Lake and Zen 4; older AVX-512 gets the AVX2 table.
//
// Compressed vectors go to a register first: compressing straight to memory is
// very slow on some of these CPUs.

#include "engine/simd/kernels_avx512.h"

#include "engine/simd/kernels_internal.h"

#if defined(SEGUE_HAVE_AVX2_KERNELS)

#include <immintrin.h>

namespace segue {
namespace {

// --- Counting --------------------------------------------------------------------

struct And {
  SEGUE_AVX512 static __m512i Of(__m512i a, __m512i b) { return _mm512_and_si512(a, b); }
};
struct AndNot {
  SEGUE_AVX512 static __m512i Of(__m512i a, __m512i b) { return _mm512_andnot_si512(b, a); }
};
struct First {
  SEGUE_AVX512 static __m512i Of(__m512i a, __m512i) { return a; }
};

template <typename Operation>
SEGUE_AVX512 uint64_t Count(const uint64_t* a, const uint64_t* b, size_t words) {
  __m512i even = _mm512_setzero_si512(), odd = even;
  size_t i = 0;
  for (; i + 16 <= words; i += 16) {
    const __m512i low = Operation::Of(_mm512_loadu_si512(a + i), _mm512_loadu_si512(b + i));
    const __m512i high =
        Operation::Of(_mm512_loadu_si512(a + i + 8), _mm512_loadu_si512(b + i + 8));
    even = _mm512_add_epi64(even, _mm512_popcnt_epi64(low));
    odd = _mm512_add_epi64(odd, _mm512_popcnt_epi64(high));
  }
  for (; i < words; i += 8) {
    const __mmask8 rest = static_cast<__mmask8>(words - i < 8 ? (1u << (words - i)) - 1 : 0xff);
    const __m512i tail =
        Operation::Of(_mm512_maskz_loadu_epi64(rest, a + i), _mm512_maskz_loadu_epi64(rest, b + i));
    even = _mm512_add_epi64(even, _mm512_popcnt_epi64(tail));
  }
  return static_cast<uint64_t>(_mm512_reduce_add_epi64(_mm512_add_epi64(even, odd)));
}

SEGUE_AVX512 uint64_t CountOne(const uint64_t* a, size_t words) {
  return Count<First>(a, a, words);
}

SEGUE_AVX512 void CountGroups(const uint64_t* words, size_t groups, uint32_t* counts) {
  for (size_t i = 0; i < groups; ++i) {
    const __m512i ones = _mm512_popcnt_epi64(_mm512_loadu_si512(words + 8 * i));
    counts[i] = static_cast<uint32_t>(_mm512_reduce_add_epi64(ones));
  }
}

template <typename Operation>
SEGUE_AVX512 void Groups(uint64_t* words, const uint64_t* other, size_t groups, uint64_t* bits) {
  for (size_t first = 0; first < groups; first += 64) {
    uint64_t kept = bits[first / 64];
    for (uint64_t rest = kept; rest != 0; rest = _blsr_u64(rest)) {
      const size_t group = 8 * (first + static_cast<size_t>(_tzcnt_u64(rest)));
      const __m512i result =
          Operation::Of(_mm512_loadu_si512(words + group), _mm512_loadu_si512(other + group));
      _mm512_storeu_si512(words + group, result);
      if (_mm512_test_epi64_mask(result, result) == 0) kept &= ~_blsi_u64(rest);
    }
    bits[first / 64] = kept;
  }
}

// The number of set bits before word `word`.
SEGUE_AVX512 inline uint32_t RankOfWord(const uint64_t* words, const uint8_t* ranks, size_t word) {
  const __mmask8 before = static_cast<__mmask8>((1u << (word % 8)) - 1);
  const __m512i ones =
      _mm512_popcnt_epi64(_mm512_maskz_loadu_epi64(before, words + (word & ~size_t{7})));
  return LoadUnaligned32(ranks + 4 * (word / 8)) +
         static_cast<uint32_t>(_mm512_reduce_add_epi64(ones));
}

// Documents often share a word with the one before.
SEGUE_AVX512 void Ranks(const uint64_t* words, const uint8_t* ranks, const uint32_t* docs,
                        size_t count, uint32_t* out) {
  size_t word = SIZE_MAX;
  uint32_t before = 0;
  for (size_t i = 0; i < count; ++i) {
    if (docs[i] / 64 != word) {
      word = docs[i] / 64;
      before = RankOfWord(words, ranks, word);
    }
    out[i] = before + static_cast<uint32_t>(_mm_popcnt_u64(_bzhi_u64(words[word], docs[i] % 64)));
  }
}

// --- Bits to documents -----------------------------------------------------------

SEGUE_AVX512 inline __m512i ByteNumbers() {
  alignas(64) static constexpr uint8_t kNumbers[64] = {
      0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21,
      22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43,
      44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63};
  return _mm512_load_si512(kNumbers);
}

SEGUE_AVX512 inline void StoreWidened(__m128i bytes, __m512i base, uint32_t* out) {
  _mm512_storeu_si512(out, _mm512_add_epi32(_mm512_cvtepu8_epi32(bytes), base));
}

// Writes base + the bits of `word`; up to sixteen entries more are overwritten.
SEGUE_AVX512 inline uint32_t* ExpandWord(uint64_t word, uint32_t base, uint32_t* out) {
  const __m512i bits = _mm512_maskz_compress_epi8(word, ByteNumbers());
  const __m512i bases = _mm512_set1_epi32(static_cast<int>(base));
  const size_t count = static_cast<size_t>(_mm_popcnt_u64(word));
  StoreWidened(_mm512_castsi512_si128(bits), bases, out);
  if (count > 16) {
    StoreWidened(_mm512_extracti32x4_epi32(bits, 1), bases, out + 16);
    if (count > 32) {
      StoreWidened(_mm512_extracti32x4_epi32(bits, 2), bases, out + 32);
      if (count > 48) StoreWidened(_mm512_extracti32x4_epi32(bits, 3), bases, out + 48);
    }
  }
  return out + count;
}

SEGUE_AVX512 size_t BitsToDocs(const uint64_t* words, size_t count, uint32_t base, uint32_t* out) {
  uint32_t* next = out;
  for (size_t i = 0; i < count; i += 8) {
    const __mmask8 live = static_cast<__mmask8>(count - i < 8 ? (1u << (count - i)) - 1 : 0xff);
    const __m512i eight = _mm512_maskz_loadu_epi64(live, words + i);
    for (uint32_t rest = _mm512_test_epi64_mask(eight, eight); rest != 0; rest &= rest - 1) {
      const size_t word = i + static_cast<size_t>(_tzcnt_u32(rest));
      next = ExpandWord(words[word], base + static_cast<uint32_t>(64 * word), next);
    }
  }
  return static_cast<size_t>(next - out);
}

SEGUE_AVX512 uint32_t FirstBits(const uint64_t* words, size_t word_count, uint64_t from,
                                uint32_t count, uint32_t* out) {
  size_t i = from / 64;
  if (i >= word_count || count == 0) return 0;
  // Room for a last word that starts below `count`, and for overwriting.
  uint32_t buffer[128 + 64 + 16];
  uint32_t* next = buffer;
  uint32_t* const wanted = buffer + count;
  uint64_t word = words[i] & (~uint64_t{0} << (from % 64));
  for (;;) {
    next = ExpandWord(word, static_cast<uint32_t>(64 * i), next);
    if (next >= wanted || ++i >= word_count) break;
    word = words[i];
  }
  const uint32_t found = static_cast<uint32_t>((next < wanted ? next : wanted) - buffer);
  for (uint32_t j = 0; j < found; j += 16) {
    const __mmask16 rest =
        static_cast<__mmask16>(found - j < 16 ? (1u << (found - j)) - 1 : 0xffff);
    _mm512_mask_storeu_epi32(out + j, rest, _mm512_loadu_si512(buffer + j));
  }
  return found;
}

// --- Single bits -------------------------------------------------------------------

// Sixteen documents, or as many as are left, and which of their bits are set.
struct Sixteen {
  __m512i docs;
  __mmask16 set;
};

SEGUE_AVX512 inline Sixteen TestSixteen(const uint64_t* words, const uint32_t* docs, size_t left) {
  Sixteen result;
  const auto live = static_cast<__mmask16>(left < 16 ? (1u << left) - 1 : 0xffff);
  result.docs = _mm512_maskz_loadu_epi32(live, docs);
  const __m512i gathered = _mm512_mask_i32gather_epi32(_mm512_setzero_si512(), live,
                                                       _mm512_srli_epi32(result.docs, 5), words, 4);
  const __m512i wanted =
      _mm512_sllv_epi32(_mm512_set1_epi32(1), _mm512_and_si512(result.docs, _mm512_set1_epi32(31)));
  result.set = _mm512_test_epi32_mask(gathered, wanted);
  return result;
}

// Stores the chosen elements, exactly so many; returns how many.
SEGUE_AVX512 inline size_t StoreChosen(__m512i values, __mmask16 chosen, uint32_t* out) {
  const uint32_t count = static_cast<uint32_t>(_mm_popcnt_u32(chosen));
  const __mmask16 prefix = static_cast<__mmask16>(_bzhi_u32(0xffff, count));
  _mm512_mask_storeu_epi32(out, prefix, _mm512_maskz_compress_epi32(chosen, values));
  return count;
}

SEGUE_AVX512 inline __m512i Numbers(size_t first) {
  const __m512i numbers = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  return _mm512_add_epi32(numbers, _mm512_set1_epi32(static_cast<int>(first)));
}

SEGUE_AVX512 size_t SelectSet(const uint64_t* words, const uint32_t* docs, size_t count,
                              uint32_t* indexes, uint32_t* selected) {
  size_t kept = 0;
  for (size_t i = 0; i < count; i += 16) {
    const Sixteen sixteen = TestSixteen(words, docs + i, count - i);
    StoreChosen(sixteen.docs, sixteen.set, selected + kept);
    kept += StoreChosen(Numbers(i), sixteen.set, indexes + kept);
  }
  return kept;
}

// --- Bound maps ----------------------------------------------------------------------

constexpr int kXor3 = 0x96;      // of three inputs
constexpr int kMajority = 0xe8;  // of three inputs

// The scalar kernel's adder on eight words at a time; see there.
SEGUE_AVX512 size_t KeepSumsAtLeast(const uint64_t* const* members, const uint8_t* const* bounds,
                                    size_t lists, size_t words, uint8_t least, uint64_t* mask,
                                    uint8_t* sums) {
  if (lists <= kFewLists) {
    return KeepSumsOfFewAvx2(members, bounds, lists, words, least, mask, sums);
  }
  const uint8_t* const begin = sums;
  const __m512i zero = _mm512_setzero_si512();
  for (size_t w = 0; w < words; w += 8) {
    const __mmask8 live = static_cast<__mmask8>(words - w < 8 ? (1u << (words - w)) - 1 : 0xff);
    const __m512i wanted = _mm512_maskz_loadu_epi64(live, mask + w);
    if (_mm512_test_epi64_mask(wanted, wanted) == 0) continue;
    __m512i planes[8] = {zero, zero, zero, zero, zero, zero, zero, zero};
    __m512i saturated = zero;
    for (size_t i = 0; i < lists; ++i) {
      const __m512i added = _mm512_maskz_loadu_epi64(live, members[i] + w);
      const __m512i bytes =
          _mm512_cvtepu8_epi64(_mm_maskz_loadu_epi8(static_cast<__mmask16>(live), bounds[i] + w));
      __m512i carry = zero;
      for (int p = 0; p < 8; ++p) {
        const __mmask8 has = _mm512_test_epi64_mask(bytes, _mm512_set1_epi64(int64_t{1} << p));
        const __m512i term = _mm512_maskz_mov_epi64(has, added);
        const __m512i sum = _mm512_ternarylogic_epi64(planes[p], term, carry, kXor3);
        carry = _mm512_ternarylogic_epi64(planes[p], term, carry, kMajority);
        planes[p] = sum;
      }
      saturated = _mm512_or_si512(saturated, carry);
    }
    __m512i reached = _mm512_set1_epi64(-1);
    for (int p = 0; p < 8; ++p) {
      reached = (least >> p & 1) != 0 ? _mm512_and_si512(planes[p], reached)
                                      : _mm512_or_si512(planes[p], reached);
    }
    reached = _mm512_and_si512(wanted, _mm512_or_si512(reached, saturated));
    _mm512_mask_storeu_epi64(mask + w, live, reached);
    if (_mm512_test_epi64_mask(reached, reached) == 0) continue;
    alignas(64) uint64_t stored[8][8];
    alignas(64) uint64_t full[8];
    for (int p = 0; p < 8; ++p) _mm512_store_epi64(stored[p], planes[p]);
    _mm512_store_epi64(full, saturated);
    for (size_t j = 0; j < 8 && w + j < words; ++j) {
      sums = AppendPlaneSums(&stored[0][j], 8, full[j], mask[w + j], sums);
    }
  }
  return static_cast<size_t>(sums - begin);
}

// --- Scores --------------------------------------------------------------------------

template <int kCompare>
SEGUE_AVX512 size_t FilterFloats(const float* values, size_t count, float threshold,
                                 uint32_t* out) {
  const __m512 wanted = _mm512_set1_ps(threshold);
  size_t kept = 0;
  for (size_t i = 0; i < count; i += 16) {
    const __mmask16 live =
        static_cast<__mmask16>(count - i < 16 ? (1u << (count - i)) - 1 : 0xffff);
    const __mmask16 chosen =
        _mm512_mask_cmp_ps_mask(live, _mm512_maskz_loadu_ps(live, values + i), wanted, kCompare);
    kept += StoreChosen(Numbers(i), chosen, out + kept);
  }
  return kept;
}

bool CpuHasAvx512() {
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") &&
         __builtin_cpu_supports("avx512vbmi") && __builtin_cpu_supports("avx512vbmi2") &&
         __builtin_cpu_supports("avx512vpopcntdq");
}

Kernels MakeTable() {
  Kernels table = *Avx2Kernels();
  table.name = "avx512";
  FillAvx512Positions(&table);
  FillAvx512Tokens(&table);
  table.count_words = CountOne;
  table.count_and = Count<And>;
  table.count_groups = CountGroups;
  table.and_groups = Groups<And>;
  table.and_not_groups = Groups<AndNot>;
  table.ranks = Ranks;
  table.bits_to_docs = BitsToDocs;
  table.first_bits = FirstBits;
  table.select_set = SelectSet;
  table.keep_sums_at_least = KeepSumsAtLeast;
  table.filter_greater = FilterFloats<_CMP_GT_OQ>;
  table.filter_at_least = FilterFloats<_CMP_GE_OQ>;
  return table;
}

}  // namespace

const Kernels* Avx512Kernels() {
  if (Avx2Kernels() == nullptr || !CpuHasAvx512()) return nullptr;
  static const Kernels table = MakeTable();
  return &table;
}

}  // namespace segue

#else

namespace segue {
const Kernels* Avx512Kernels() { return nullptr; }
}  // namespace segue

#endif  // SEGUE_HAVE_AVX2_KERNELS

// SPDX-License-Identifier: Apache-2.0
//
// The AVX-512 kernel over positions: running sums of Rice codes, by the same sums as
// kernels_avx2_positions.cc, sixteen at a time. One compression of the numbers 0 to 63 finds all
// ones of a word of the unary stream, and one permutation of 64 bytes brings sixteen low fields
// into their lanes.

#include "engine/simd/kernels_avx512.h"
#include "engine/simd/kernels_internal.h"

#if defined(SEGUE_HAVE_AVX2_KERNELS)

#include <immintrin.h>

#include <algorithm>
#include <cstring>

namespace segue {
namespace {

SEGUE_AVX512 inline __m512i Numbers() {
  return _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
}
SEGUE_AVX512 inline __m512i Fill(uint32_t value) {
  return _mm512_set1_epi32(static_cast<int>(value));
}

// The numbers of the set bits of `word`, a byte each, then zeros.
SEGUE_AVX512 inline __m512i PlacesOfOnes(uint64_t word) {
  // Lanes of four bytes hold 4 i, 4 i + 1, 4 i + 2, 4 i + 3.
  const __m512i numbers =
      _mm512_add_epi32(_mm512_mullo_epi32(Numbers(), Fill(0x04040404)), Fill(0x03020100));
  return _mm512_maskz_compress_epi8(word, numbers);
}

// Of `word`, the first `count` set bits. REQUIRES: it has so many, at least one.
SEGUE_AVX512 inline uint64_t FirstOnes(uint64_t word, uint32_t count) {
  const uint64_t last = _pdep_u64(uint64_t{1} << (count - 1), word);
  return word & (last | (last - 1));
}

// Writes base + each of sixteen bytes, in the lanes chosen.
SEGUE_AVX512 inline void WriteBytes(__m128i bytes, __m512i base, uint64_t lanes, uint32_t* out) {
  _mm512_mask_storeu_epi32(out, static_cast<__mmask16>(lanes),
                           _mm512_add_epi32(_mm512_cvtepu8_epi32(bytes), base));
}

// Writes base + the numbers of the `ones` set bits of `word`, and nothing else.
SEGUE_AVX512 inline void WritePlaces(uint64_t word, uint32_t ones, uint32_t base, uint32_t* out) {
  const __m512i bytes = PlacesOfOnes(word), bases = Fill(base);
  const uint64_t lanes = _bzhi_u64(~uint64_t{0}, ones);
  WriteBytes(_mm512_castsi512_si128(bytes), bases, lanes, out);
  WriteBytes(_mm512_extracti32x4_epi32(bytes, 1), bases, lanes >> 16, out + 16);
  if (ones <= 32) return;
  WriteBytes(_mm512_extracti32x4_epi32(bytes, 2), bases, lanes >> 32, out + 32);
  WriteBytes(_mm512_extracti32x4_epi32(bytes, 3), bases, lanes >> 48, out + 48);
}

// Where the `count` next ones of a unary stream are, counted from its bit `from`, modulo 2^32: to
// `places`, which has room for count and 16 more. Returns the bit after the last one; kNoBit if the
// stream ends before.
SEGUE_AVX512 uint64_t FindOnes(const uint8_t* bits, uint64_t from, uint64_t end, uint32_t count,
                               uint32_t* places) {
  const uint8_t* next = bits + from / 8;
  const uint8_t* const last = bits + (end + 7) / 8;
  uint64_t word;
  std::memcpy(&word, next, sizeof(word));
  word &= ~uint64_t{0} << (from % 8);
  uint32_t base = 0u - static_cast<uint32_t>(from % 8);
  for (;;) {
    const auto ones = static_cast<uint32_t>(_mm_popcnt_u64(word));
    if (ones >= count) break;
    WritePlaces(word, ones, base, places);
    places += ones;
    count -= ones;
    base += 64;
    next += sizeof(word);
    if (next >= last) return kNoBit;
    std::memcpy(&word, next, sizeof(word));
  }
  word = FirstOnes(word, count);
  WritePlaces(word, count, base, places);
  return 8 * static_cast<uint64_t>(next - bits) + 64 - _lzcnt_u64(word);
}

// Sixteen fields at a time of a low stream, from field `first` on.
class LowFields {
 public:
  // A field and the odd bits before it then fit 32 bits, and sixteen of them the bytes loaded.
  static constexpr uint32_t kMaxBits = 24;

  SEGUE_AVX512 LowFields(const uint8_t* low_end, uint64_t first, uint32_t low_bits) {
    const uint64_t first_bit = first * low_bits;
    // Bits of the stream up to the end of each field, from the byte that `first_bit` is in.
    const __m512i ends =
        _mm512_add_epi32(_mm512_mullo_epi32(_mm512_add_epi32(Numbers(), Fill(1)), Fill(low_bits)),
                         Fill(static_cast<uint32_t>(first_bit % 8)));
    const __m512i bytes = _mm512_srli_epi32(_mm512_add_epi32(ends, Fill(7)), 3);
    shifts_ = _mm512_sub_epi32(_mm512_slli_epi32(bytes, 3), ends);
    // What lies past the bytes loaded wraps around, to bits above the field.
    places_ = _mm512_add_epi32(
        _mm512_mullo_epi32(_mm512_sub_epi32(Fill(64), bytes), Fill(0x01010101)), Fill(0x03020100));
    mask_ = Fill((1u << low_bits) - 1);
    next_ = low_end - first_bit / 8 - 64;
    group_bytes_ = 2 * low_bits;
  }

  SEGUE_AVX512 inline __m512i Next() {
    const __m512i bytes = _mm512_permutexvar_epi8(places_, _mm512_loadu_si512(next_));
    next_ -= group_bytes_;
    return _mm512_and_si512(_mm512_srlv_epi32(bytes, shifts_), mask_);
  }

 private:
  const uint8_t* next_;
  uint32_t group_bytes_;
  __m512i places_, shifts_, mask_;
};

// value[i] = the sum of values 0..i.
SEGUE_AVX512 inline __m512i RunningSums(__m512i values) {
  const __m512i zero = _mm512_setzero_si512();
  values = _mm512_add_epi32(values, _mm512_alignr_epi32(values, zero, 15));
  values = _mm512_add_epi32(values, _mm512_alignr_epi32(values, zero, 14));
  values = _mm512_add_epi32(values, _mm512_alignr_epi32(values, zero, 12));
  return _mm512_add_epi32(values, _mm512_alignr_epi32(values, zero, 8));
}

// The sums of codes, sixteen at a time.
class Sums {
 public:
  SEGUE_AVX512 Sums(const LowFields& fields, uint32_t low_bits, uint32_t step)
      : fields_(fields),
        shift_(_mm_cvtsi32_si128(static_cast<int>(low_bits))),
        steps_(Fill(16 * step)),
        numbers_(Numbers()),
        before_(_mm512_mullo_epi32(_mm512_add_epi32(numbers_, Fill(1)), Fill(step))) {}

  // `places`: of the next sixteen ones.
  SEGUE_AVX512 inline __m512i Next(__m512i places) {
    const __m512i high = _mm512_sll_epi32(_mm512_sub_epi32(places, numbers_), shift_);
    const __m512i low = RunningSums(fields_.Next());
    const __m512i sums = _mm512_add_epi32(_mm512_add_epi32(high, low), before_);
    before_ = _mm512_add_epi32(_mm512_add_epi32(before_, steps_),
                               _mm512_permutexvar_epi32(Fill(15), low));
    numbers_ = _mm512_add_epi32(numbers_, Fill(16));
    return sums;
  }

 private:
  LowFields fields_;
  __m128i shift_;
  __m512i steps_, numbers_;
  __m512i before_;  // low parts and steps of the codes before, and the steps of these
};

// Of so few codes, each is decoded by itself.
constexpr uint32_t kSingleCodes = 1;

SEGUE_AVX512 uint64_t SumRice(const uint8_t* bits, uint64_t from, uint64_t end,
                              const uint8_t* low_end, uint64_t low_first, uint32_t low_bits,
                              uint32_t step, uint32_t count, uint32_t* sums) {
  if (count <= kSingleCodes || low_bits > LowFields::kMaxBits ||
      uint64_t{count} << low_bits >= kRiceSumLimit) {
    return SumRiceInline(bits, from, end, low_end, low_first, low_bits, step, count, sums);
  }
  if (from >= end) return kNoBit;
  Sums next(LowFields(low_end, low_first, low_bits), low_bits, step);
  uint64_t bit = kNoBit;
  uint64_t word;
  std::memcpy(&word, bits + from / 8, sizeof(word));
  word >>= from % 8;
  if (count <= 16 && static_cast<uint32_t>(_mm_popcnt_u64(word)) >= count) {
    word = FirstOnes(word, count);
    bit = from + 64 - _lzcnt_u64(word);
    const __m128i places = _mm512_castsi512_si128(PlacesOfOnes(word));
    _mm512_storeu_si512(sums, next.Next(_mm512_cvtepu8_epi32(places)));
  } else {
    bit = FindOnes(bits, from, end, count, sums);
    if (bit == kNoBit) return kNoBit;
    for (uint32_t i = 0; i < count; i += 16) {
      _mm512_storeu_si512(sums + i, next.Next(_mm512_loadu_si512(sums + i)));
    }
  }
  return bit <= end && RiceSumFits(bit - from - count, low_bits, sums[count - 1]) ? bit : kNoBit;
}

// --- Positions to be encoded -----------------------------------------------------

SEGUE_AVX512 CodedPositions CodePositions(const uint64_t* postings, size_t count, uint32_t less,
                                          uint32_t base, uint32_t* codes, uint32_t* firsts) {
  const __m512i document_bits = _mm512_set1_epi64(static_cast<long long>(~uint64_t{0} << 32));
  const __m256i lesser = _mm256_set1_epi32(static_cast<int>(less));
  __m256i places = _mm256_add_epi32(_mm256_set1_epi32(static_cast<int>(base)),
                                    _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
  // What stands before the first one is of another document.
  __m512i last = _mm512_set1_epi64(static_cast<long long>(~postings[0]));
  __m256i bits = _mm256_setzero_si256();
  uint32_t* next = firsts;
  uint32_t repeats = 0;
  for (size_t i = 0; i < count; i += 8) {
    const auto there = static_cast<__mmask8>(count - i < 8 ? (1u << (count - i)) - 1 : 0xff);
    const __m512i block = _mm512_maskz_loadu_epi64(there, postings + i);
    const __m512i before = _mm512_alignr_epi64(block, last, 7);
    last = block;
    const __mmask8 begins =
        _mm512_mask_test_epi64_mask(there, _mm512_xor_si512(block, before), document_bits);
    repeats |= _mm512_mask_cmpeq_epi64_mask(there, block, before);
    const __m256i positions = _mm512_cvtepi64_epi32(block);
    const __m256i gaps =
        _mm256_sub_epi32(_mm256_sub_epi32(positions, _mm512_cvtepi64_epi32(before)), lesser);
    _mm256_mask_storeu_epi32(codes + i, there, _mm256_mask_mov_epi32(gaps, begins, positions));
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(next),
                        _mm256_maskz_compress_epi32(begins, places));
    next += _mm_popcnt_u32(begins);
    places = _mm256_add_epi32(places, _mm256_set1_epi32(8));
    bits = _mm256_or_si256(bits, positions);
  }
  return {.documents = static_cast<size_t>(next - firsts),
          .union_of_positions =
              static_cast<uint32_t>(_mm512_reduce_or_epi32(_mm512_zextsi256_si512(bits))),
          .repeats = repeats != 0};
}

}  // namespace

void FillAvx512Positions(Kernels* table) {
  table->code_positions = CodePositions;
  table->sum_rice = SumRice;
}

}  // namespace segue

#endif  // SEGUE_HAVE_AVX2_KERNELS

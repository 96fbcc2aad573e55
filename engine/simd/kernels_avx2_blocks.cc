// SPDX-License-Identifier: Apache-2.0
//
// AVX2 kernels for posting blocks: packed integers, frequency fields, Rice
// codes, searching.
//
// Unpacking is generated per width: code k of all eight lanes is one vector,
// made of at most two units by shift, or and mask, all with constant counts.
// Turning lanes into documents is a running sum down the sixteen vectors, an
// exclusive sum of the eight lane totals, and two 8x8 transpositions.

#include "engine/simd/kernels_avx2.h"
#include "engine/simd/kernels_internal.h"

#if defined(SEGUE_HAVE_AVX2_KERNELS)

#include <immintrin.h>

#include <array>
#include <utility>

namespace segue {
namespace {

SEGUE_AVX2 inline __m128i LoadHalf(const void* p) {
  return _mm_loadu_si128(static_cast<const __m128i*>(p));
}

// --- Packed blocks -----------------------------------------------------------

template <int kBits>
SEGUE_AVX2 inline __m256i LoadUnit(const uint8_t* packed, int unit) {
  if (2 * unit + 1 == kBits) return _mm256_cvtepu16_epi32(LoadHalf(packed + 32 * unit));
  return Load(packed + 32 * unit);
}

template <int kBits>
SEGUE_AVX2 void UnpackWidth(const uint8_t* packed, uint32_t* lanes) {
  if constexpr (kBits == 0) {
    for (int k = 0; k < 16; ++k) Store(lanes + 8 * k, _mm256_setzero_si256());
  } else {
    const __m256i mask = _mm256_set1_epi32(static_cast<int>((1u << kBits) - 1));
    __m256i unit = LoadUnit<kBits>(packed, 0);
#pragma GCC unroll 16
    for (int k = 0; k < 16; ++k) {
      const int shift = k * kBits % 32;
      __m256i code = _mm256_srli_epi32(unit, shift);
      if (shift + kBits > 32 || (shift + kBits == 32 && k < 15)) {
        unit = LoadUnit<kBits>(packed, k * kBits / 32 + 1);
        if (shift + kBits > 32) code = _mm256_or_si256(code, _mm256_slli_epi32(unit, 32 - shift));
      }
      Store(lanes + 8 * k, _mm256_and_si256(code, mask));
    }
  }
}

using UnpackFunction = void (*)(const uint8_t*, uint32_t*);

template <int... kBits>
constexpr std::array<UnpackFunction, sizeof...(kBits)> UnpackTable(
    std::integer_sequence<int, kBits...>) {
  return {UnpackWidth<kBits>...};
}

constexpr std::array<UnpackFunction, 32> kUnpack =
    UnpackTable(std::make_integer_sequence<int, 32>());

SEGUE_AVX2 void UnpackLanes(const uint8_t* packed, uint32_t bits, uint32_t* lanes) {
  kUnpack[bits & 31](packed, lanes);
}

// Vector `row` of eight integers plus `value` at `lane`. A whole vector is stored
// because one is loaded soon after: a load that straddles a shorter store waits
// until that store has left the core.
SEGUE_AVX2 inline void AddToLane(uint32_t* row, uint32_t lane, uint32_t value) {
  alignas(64) static constexpr int32_t kOneHot[16] = {0, 0, 0, 0, 0, 0, 0, 0, -1};
  const __m256i added =
      _mm256_and_si256(Load(kOneHot + 8 - lane), _mm256_set1_epi32(static_cast<int>(value)));
  Store(row, _mm256_add_epi32(Load(row), added));
}

SEGUE_AVX2 bool PatchLanes(const uint8_t* stream, uint32_t count, uint32_t high_bits,
                           uint32_t shift, uint32_t* lanes) {
  const uint32_t step = 7 + high_bits;
  uint64_t bit = 0;
  uint32_t least = 1;
  uint32_t disorder = 0;
  for (uint32_t i = 0; i < count; ++i, bit += step) {
    uint64_t word;
    std::memcpy(&word, stream + bit / 8, sizeof(word));
    word >>= bit % 8;
    const uint32_t index = static_cast<uint32_t>(word) & 127;
    const uint32_t high = static_cast<uint32_t>(_bzhi_u64(word >> 7, high_bits));
    disorder |= index < least;
    least = index + 1;
    AddToLane(lanes + 8 * (index & 15), index >> 4, high << shift);
  }
  return disorder == 0;
}

// Stores the transpose of rows r[0..8): row l of the result to out + 16 l.
SEGUE_AVX2 inline void StoreTransposed(const __m256i* r, uint32_t* out) {
  const __m256i a0 = _mm256_unpacklo_epi32(r[0], r[1]), a1 = _mm256_unpackhi_epi32(r[0], r[1]);
  const __m256i a2 = _mm256_unpacklo_epi32(r[2], r[3]), a3 = _mm256_unpackhi_epi32(r[2], r[3]);
  const __m256i a4 = _mm256_unpacklo_epi32(r[4], r[5]), a5 = _mm256_unpackhi_epi32(r[4], r[5]);
  const __m256i a6 = _mm256_unpacklo_epi32(r[6], r[7]), a7 = _mm256_unpackhi_epi32(r[6], r[7]);
  const __m256i b0 = _mm256_unpacklo_epi64(a0, a2), b1 = _mm256_unpackhi_epi64(a0, a2);
  const __m256i b2 = _mm256_unpacklo_epi64(a1, a3), b3 = _mm256_unpackhi_epi64(a1, a3);
  const __m256i b4 = _mm256_unpacklo_epi64(a4, a6), b5 = _mm256_unpackhi_epi64(a4, a6);
  const __m256i b6 = _mm256_unpacklo_epi64(a5, a7), b7 = _mm256_unpackhi_epi64(a5, a7);
  Store(out + 0 * 16, _mm256_permute2x128_si256(b0, b4, 0x20));
  Store(out + 1 * 16, _mm256_permute2x128_si256(b1, b5, 0x20));
  Store(out + 2 * 16, _mm256_permute2x128_si256(b2, b6, 0x20));
  Store(out + 3 * 16, _mm256_permute2x128_si256(b3, b7, 0x20));
  Store(out + 4 * 16, _mm256_permute2x128_si256(b0, b4, 0x31));
  Store(out + 5 * 16, _mm256_permute2x128_si256(b1, b5, 0x31));
  Store(out + 6 * 16, _mm256_permute2x128_si256(b2, b6, 0x31));
  Store(out + 7 * 16, _mm256_permute2x128_si256(b3, b7, 0x31));
}

// Exclusive sums over the eight 32-bit elements.
SEGUE_AVX2 inline __m256i ExclusiveSums(__m256i v) {
  // Shift by one element across the halves, then inclusive sums within halves,
  // then the low half's total onto the high half.
  const __m256i shifted = _mm256_permutevar8x32_epi32(v, _mm256_setr_epi32(7, 0, 1, 2, 3, 4, 5, 6));
  __m256i sum = _mm256_blend_epi32(shifted, _mm256_setzero_si256(), 1);
  sum = _mm256_add_epi32(sum, _mm256_slli_si256(sum, 4));
  sum = _mm256_add_epi32(sum, _mm256_slli_si256(sum, 8));
  const __m256i low_total = _mm256_permutevar8x32_epi32(sum, _mm256_set1_epi32(3));
  return _mm256_add_epi32(sum, _mm256_blend_epi32(_mm256_setzero_si256(), low_total, 0xf0));
}

SEGUE_AVX2 void LanesToDocs(const uint32_t* lanes, uint32_t base, uint32_t* docs) {
  __m256i total = Load(lanes), total_odd = Load(lanes + 8);
  for (int k = 2; k < 16; k += 2) {
    total = _mm256_add_epi32(total, Load(lanes + 8 * k));
    total_odd = _mm256_add_epi32(total_odd, Load(lanes + 8 * k + 8));
  }
  const __m256i before = ExclusiveSums(_mm256_add_epi32(total, total_odd));
  const __m256i first = _mm256_setr_epi32(0, 16, 32, 48, 64, 80, 96, 112);
  // One less, since every step below adds one more than its code.
  __m256i sum = _mm256_add_epi32(_mm256_add_epi32(before, first),
                                 _mm256_set1_epi32(static_cast<int>(base - 1)));
  const __m256i one = _mm256_set1_epi32(1);
  __m256i rows[8];
  for (int half = 0; half < 16; half += 8) {
#pragma GCC unroll 8
    for (int k = 0; k < 8; ++k) {
      sum = _mm256_add_epi32(sum, _mm256_add_epi32(Load(lanes + 8 * (half + k)), one));
      rows[k] = sum;
    }
    StoreTransposed(rows, docs + half);
  }
}

// --- Frequency fields ----------------------------------------------------------

// Writes 16 bytes plus one as 16 integers.
SEGUE_AVX2 inline void StoreWidened(__m128i bytes, uint32_t* out) {
  const __m256i one = _mm256_set1_epi32(1);
  Store(out, _mm256_add_epi32(_mm256_cvtepu8_epi32(bytes), one));
  Store(out + 8, _mm256_add_epi32(_mm256_cvtepu8_epi32(_mm_srli_si128(bytes, 8)), one));
}

SEGUE_AVX2 void UnpackFields(const uint8_t* fields, uint32_t bits, uint32_t* freqs) {
  const __m128i mask = _mm_set1_epi8(static_cast<char>((1u << bits) - 1));
  const uint32_t stride = 16 * bits;
  for (uint32_t row = 0; row < 8 / bits; ++row) {
    const __m128i shift = _mm_cvtsi32_si128(static_cast<int>(row * bits));
    for (uint32_t i = 0; i < stride; i += 16) {
      const __m128i bytes = _mm_srl_epi16(LoadHalf(fields + i), shift);
      StoreWidened(_mm_and_si128(bytes, mask), freqs + row * stride + i);
    }
  }
}

SEGUE_AVX2 bool PatchFreqs(const uint8_t* indexes, const uint8_t* excesses, uint32_t count,
                           uint32_t greatest, uint32_t* freqs) {
  uint32_t least = 0;
  uint32_t wrong = 0;
  for (uint32_t i = 0; i < count; ++i) {
    const uint32_t index = indexes[i];
    wrong |= (index < least) | (freqs[index & 127] != greatest);
    least = index + 1;
    AddToLane(freqs + (index & 120), index & 7, excesses[i] + 1u);
  }
  return wrong == 0 && least <= 128;
}

SEGUE_AVX2 inline uint32_t SumBytes(__m256i v) {
  const __m256i sums = _mm256_sad_epu8(v, _mm256_setzero_si256());
  const __m128i pair =
      _mm_add_epi64(_mm256_castsi256_si128(sums), _mm256_extracti128_si256(sums, 1));
  return static_cast<uint32_t>(_mm_cvtsi128_si32(pair) + _mm_extract_epi32(pair, 2));
}

SEGUE_AVX2 inline __m256i ByteNumbers() {
  return _mm256_setr_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20,
                          21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31);
}

// Bytes whose number is below `column` get `inside`, the others `outside`.
SEGUE_AVX2 inline __m256i ByteMask(uint32_t column, uint32_t inside, uint32_t outside) {
  const __m256i below =
      _mm256_cmpgt_epi8(_mm256_set1_epi8(static_cast<char>(column)), ByteNumbers());
  return _mm256_blendv_epi8(_mm256_set1_epi8(static_cast<char>(outside)),
                            _mm256_set1_epi8(static_cast<char>(inside)), below);
}

// The fields of the first `count` elements keep their bits: in row r = count /
// stride the bytes below count % stride, in the rows before all.
SEGUE_AVX2 uint32_t SumFields1(const uint8_t* fields, uint32_t count) {
  const uint32_t row = count / 16, column = count % 16;
  const __m256i mask = ByteMask(column, (2u << row) - 1, (1u << row) - 1);
  const __m128i kept = _mm_and_si128(LoadHalf(fields), _mm256_castsi256_si128(mask));
  return static_cast<uint32_t>(
      __builtin_popcountll(static_cast<uint64_t>(_mm_cvtsi128_si64(kept))) +
      __builtin_popcountll(static_cast<uint64_t>(_mm_extract_epi64(kept, 1))));
}

SEGUE_AVX2 uint32_t SumFields2(const uint8_t* fields, uint32_t count) {
  const uint32_t row = count / 32, column = count % 32;
  const __m256i mask = ByteMask(column, (4u << 2 * row) - 1, (1u << 2 * row) - 1);
  const __m256i kept = _mm256_and_si256(Load(fields), mask);
  const __m256i pairs = _mm256_set1_epi8(0x33);
  const __m256i nibbles = _mm256_add_epi8(_mm256_and_si256(kept, pairs),
                                          _mm256_and_si256(_mm256_srli_epi16(kept, 2), pairs));
  const __m256i low = _mm256_set1_epi8(0x0f);
  return SumBytes(_mm256_add_epi8(_mm256_and_si256(nibbles, low),
                                  _mm256_and_si256(_mm256_srli_epi16(nibbles, 4), low)));
}

SEGUE_AVX2 uint32_t SumFields4(const uint8_t* fields, uint32_t count) {
  const uint32_t row = count / 64, column = count % 64;
  const uint32_t inside = (16u << 4 * row) - 1, outside = (1u << 4 * row) - 1;
  const __m256i low = _mm256_set1_epi8(0x0f);
  __m256i sum = _mm256_setzero_si256();
  for (uint32_t part = 0; part < 64; part += 32) {
    const uint32_t within = column <= part ? 0 : column - part < 32 ? column - part : 32;
    const __m256i kept = _mm256_and_si256(Load(fields + part), ByteMask(within, inside, outside));
    sum = _mm256_add_epi8(sum, _mm256_and_si256(kept, low));
    sum = _mm256_add_epi8(sum, _mm256_and_si256(_mm256_srli_epi16(kept, 4), low));
  }
  return SumBytes(sum);
}

SEGUE_AVX2 uint32_t SumFields8(const uint8_t* fields, uint32_t count) {
  uint32_t sum = 0;
  uint32_t i = 0;
  for (; i + 32 <= count; i += 32) sum += SumBytes(Load(fields + i));
  if (i < count) {
    sum += SumBytes(_mm256_and_si256(Load(fields + i), ByteMask(count - i, 0xff, 0)));
  }
  return sum;
}

SEGUE_AVX2 uint32_t SumFields(const uint8_t* fields, uint32_t bits, uint32_t count) {
  switch (bits) {
    case 1:
      return SumFields1(fields, count);
    case 2:
      return SumFields2(fields, count);
    case 4:
      return SumFields4(fields, count);
    default:
      return SumFields8(fields, count);
  }
}

SEGUE_AVX2 uint32_t SumExcesses(const uint8_t* indexes, const uint8_t* excesses, uint32_t count,
                                uint32_t below) {
  if (below == 0) return 0;
  // index < below if max(index, below - 1) is below - 1.
  const __m256i last = _mm256_set1_epi8(static_cast<char>(below - 1 < 255 ? below - 1 : 255));
  uint32_t sum = 0;
  for (uint32_t i = 0; i < count; i += 32) {
    const uint32_t live = count - i < 32 ? count - i : 32;
    const __m256i index = Load(indexes + i);
    const __m256i taken = _mm256_and_si256(_mm256_cmpeq_epi8(_mm256_max_epu8(index, last), last),
                                           ByteMask(live, 0xff, 0));
    sum += SumBytes(_mm256_and_si256(Load(excesses + i), taken));
    sum +=
        static_cast<uint32_t>(_mm_popcnt_u32(static_cast<uint32_t>(_mm256_movemask_epi8(taken))));
  }
  return sum;
}

// --- Rice codes ------------------------------------------------------------------

SEGUE_AVX2 uint64_t SkipOnes(const uint8_t* bits, uint64_t from, uint64_t end, uint64_t count) {
  if (count == 0) return from;
  if (from >= end) return kNoBit;
  const uint8_t* next = bits + from / 8;
  const uint8_t* const last = bits + (end + 7) / 8;
  uint64_t word;
  std::memcpy(&word, next, sizeof(word));
  word &= ~uint64_t{0} << (from % 8);
  for (;;) {
    const uint64_t ones = static_cast<uint64_t>(_mm_popcnt_u64(word));
    if (ones >= count) break;
    count -= ones;
    next += sizeof(word);
    if (next >= last) return kNoBit;
    std::memcpy(&word, next, sizeof(word));
  }
  // The count-th one of the word.
  const uint64_t place = _tzcnt_u64(_pdep_u64(uint64_t{1} << (count - 1), word));
  const uint64_t bit = 8 * static_cast<uint64_t>(next - bits) + place + 1;
  return bit <= end ? bit : kNoBit;
}

SEGUE_AVX2 uint64_t DecodeRice(const uint8_t* bits, uint64_t from, uint64_t end,
                               const uint8_t* low_end, uint64_t low_first, uint32_t low_bits,
                               uint32_t count, uint32_t* codes) {
  return DecodeRiceInline(bits, from, end, low_end, low_first, low_bits, count, codes);
}

// --- Searching ---------------------------------------------------------------------

// How many of the eight values at p come before the first one above the target.
SEGUE_AVX2 inline uint32_t CountAtMost(const void* p, __m256i target) {
  const __m256i values = Load(p);
  const __m256i at_most = _mm256_cmpeq_epi32(_mm256_max_epu32(values, target), target);
  const int mask = _mm256_movemask_ps(_mm256_castsi256_ps(at_most));
  return _tzcnt_u32(~static_cast<uint32_t>(mask));
}

SEGUE_AVX2 uint32_t FindLastAtMost(const uint8_t* values, uint32_t count, uint32_t from,
                                   uint32_t target) {
  const __m256i wanted = _mm256_set1_epi32(static_cast<int>(target));
  uint32_t low = from, high = count;  // as in the scalar version
  uint32_t near = CountAtMost(values + 4 * size_t{from}, wanted);
  if (near < 8 || count - from <= 8) {
    // from + near - 1 is the last one, but `from` itself always counts.
    near += near == 0;
    return near < count - from ? from + near - 1 : count - 1;
  }
  low = from + 7;
  uint32_t step = 8;
  while (step < count - low && LoadUnaligned32(values + 4 * size_t{low + step}) <= target) {
    low += step;
    step *= 2;
  }
  if (step < count - low) high = low + step;
  while (high - low > 8) {
    const uint32_t middle = low + (high - low) / 2;
    const bool at_most = LoadUnaligned32(values + 4 * size_t{middle}) <= target;
    low = at_most ? middle : low;
    high = at_most ? high : middle;
  }
  // At most eight candidates, `low` among them; those from `high` on are above
  // the target or past the end.
  const uint32_t within = CountAtMost(values + 4 * size_t{low}, wanted);
  const uint32_t limit = high - low;
  const uint32_t kept = within < limit ? within : limit;
  return kept == 0 ? low : low + kept - 1;
}

// The last values of the eight sixteenths tell in which one a value would be.
SEGUE_AVX2 size_t FindInBlock(const uint32_t* block, const uint32_t* wanted, size_t count,
                              uint32_t* indexes, uint32_t* places) {
  const auto last = [block](int part) { return static_cast<int>(block[16 * part + 15]); };
  // What is past the end would be in the last part, too.
  const __m256i lasts =
      _mm256_setr_epi32(last(0), last(1), last(2), last(3), last(4), last(5), last(6), INT32_MAX);
  size_t found = 0;
  for (size_t i = 0; i < count; ++i) {
    const __m256i value = _mm256_set1_epi32(static_cast<int>(wanted[i]));
    const __m256i before = _mm256_cmpgt_epi32(value, lasts);
    const uint32_t part = static_cast<uint32_t>(
        _mm_popcnt_u32(static_cast<uint32_t>(_mm256_movemask_ps(_mm256_castsi256_ps(before)))));
    const uint32_t* const from = block + 16 * part;
    const __m256i equal = _mm256_packs_epi32(_mm256_cmpeq_epi32(Load(from), value),
                                             _mm256_cmpeq_epi32(Load(from + 8), value));
    // Packing goes lane by lane: put the quarters in order; two bits for each value.
    const uint32_t mask = static_cast<uint32_t>(
        _mm256_movemask_epi8(_mm256_permute4x64_epi64(equal, _MM_SHUFFLE(3, 1, 2, 0))));
    indexes[found] = static_cast<uint32_t>(i);
    places[found] = 16 * part + _tzcnt_u32(mask) / 2;
    found += mask != 0;
  }
  return found;
}

}  // namespace

void FillAvx2Blocks(Kernels* table) {
  table->unpack_lanes = UnpackLanes;
  table->patch_lanes = PatchLanes;
  table->lanes_to_docs = LanesToDocs;
  table->unpack_fields = UnpackFields;
  table->patch_freqs = PatchFreqs;
  table->sum_fields = SumFields;
  table->sum_excesses = SumExcesses;
  table->skip_ones = SkipOnes;
  table->decode_rice = DecodeRice;
  table->find_last_at_most = FindLastAtMost;
  table->find_in_block = FindInBlock;
}

}  // namespace segue

#endif  // SEGUE_HAVE_AVX2_KERNELS

// SPDX-License-Identifier: Apache-2.0
//
// AVX2 kernels over positions: running sums of Rice codes, and shifted positions.
//
// The sum of codes 0..i is (zeros before one number i, which is its place less i) << low_bits, plus
// the sum of the low fields: so the unary stream needs no sum at all, and no step per code. Eight
// low fields take low_bits bytes, so the same shuffle and shifts unpack all groups of eight.

#include "engine/simd/kernels_avx2.h"
#include "engine/simd/kernels_internal.h"

#if defined(SEGUE_HAVE_AVX2_KERNELS)

#include <immintrin.h>

#include <algorithm>

namespace segue {
namespace {

SEGUE_AVX2 inline __m256i Numbers() { return _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7); }
SEGUE_AVX2 inline __m256i Fill(uint32_t value) {
  return _mm256_set1_epi32(static_cast<int>(value));
}

// --- Rice codes ------------------------------------------------------------------

// The numbers of the lowest eight set bits of `word`, a byte each, then zeros: each bit of all
// eight numbers is gathered at once from a pattern of that bit, and spread to its place in the
// bytes.
SEGUE_AVX2 inline uint64_t PlacesOfOnes(uint64_t word) {
  constexpr uint64_t kBytes = 0x0101010101010101u;
  const uint64_t bit0 = _pdep_u64(_pext_u64(0xaaaaaaaaaaaaaaaau, word), kBytes);
  const uint64_t bit1 = _pdep_u64(_pext_u64(0xccccccccccccccccu, word), kBytes << 1);
  const uint64_t bit2 = _pdep_u64(_pext_u64(0xf0f0f0f0f0f0f0f0u, word), kBytes << 2);
  const uint64_t bit3 = _pdep_u64(_pext_u64(0xff00ff00ff00ff00u, word), kBytes << 3);
  const uint64_t bit4 = _pdep_u64(_pext_u64(0xffff0000ffff0000u, word), kBytes << 4);
  const uint64_t bit5 = _pdep_u64(_pext_u64(0xffffffff00000000u, word), kBytes << 5);
  return (bit0 | bit1) | (bit2 | bit3) | (bit4 | bit5);
}

// Eight ones at a time of a unary stream, which ends at bit `end`: without a detour through memory,
// but each eight wait for those before.
class FewOnes {
 public:
  SEGUE_AVX2 FewOnes(const uint8_t* bits, uint64_t from, uint64_t end)
      : bits_(bits), from_(from), end_(end), bit_(from) {}

  // Where the next eight ones are, or the next `count` <= 8, counted from the first bit, modulo
  // 2^32. False if the stream ends before.
  SEGUE_AVX2 bool Next(uint32_t count, __m256i* places) {
    if (bit_ >= end_) return false;
    uint64_t word;
    std::memcpy(&word, bits_ + bit_ / 8, sizeof(word));
    word >>= bit_ % 8;
    if (static_cast<uint32_t>(_mm_popcnt_u64(word)) < count) [[unlikely]] {
      return NextFarApart(count, places);
    }
    const uint64_t bytes = PlacesOfOnes(word);
    *places = _mm256_add_epi32(_mm256_cvtepu8_epi32(_mm_cvtsi64_si128(static_cast<int64_t>(bytes))),
                               Fill(static_cast<uint32_t>(bit_ - from_)));
    bit_ += (bytes >> (8 * count - 8) & 0xff) + 1;
    return true;
  }

  // After the last one.
  SEGUE_AVX2 uint64_t bit() const { return bit_; }

 private:
  SEGUE_AVX2 bool NextFarApart(uint32_t count, __m256i* places) {
    uint32_t found[8] = {};
    uint64_t word;
    std::memcpy(&word, bits_ + bit_ / 8, sizeof(word));
    word &= ~uint64_t{0} << (bit_ % 8);
    uint64_t base = bit_ / 8 * 8;
    for (uint32_t i = 0; i < count; ++i) {
      while (word == 0) {
        base += 64;
        if (base >= end_) return false;
        std::memcpy(&word, bits_ + base / 8, sizeof(word));
      }
      bit_ = base + _tzcnt_u64(word);
      found[i] = static_cast<uint32_t>(bit_++ - from_);
      word = _blsr_u64(word);
    }
    *places = Load(found);
    return true;
  }

  const uint8_t* bits_;
  uint64_t from_, end_;
  uint64_t bit_;
};

// Writes base + the bits of `word`; up to eight entries more are overwritten. Always eight steps:
// how many bytes have bits is not known in time.
SEGUE_AVX2 inline void WriteBits(uint64_t word, __m256i base, uint32_t* out) {
  const __m256i step = Fill(8);
#pragma GCC unroll 8
  for (int byte = 0; byte < 8; ++byte) {
    const uint32_t bits = static_cast<uint32_t>(word & 0xff);
    const __m128i list = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(kByteBits.list[bits]));
    Store(out, _mm256_add_epi32(_mm256_cvtepu8_epi32(list), base));
    out += _mm_popcnt_u32(bits);
    base = _mm256_add_epi32(base, step);
    word >>= 8;
  }
}

// The same from all places at once, written to `places`, which has room for count and 8 more: twice
// as quick where there are many.
class ManyOnes {
 public:
  SEGUE_AVX2 ManyOnes(const uint8_t* bits, uint64_t from, uint64_t end, uint32_t count,
                      uint32_t* places)
      : next_(places), bit_(Write(bits, from, end, count, places)) {}

  SEGUE_AVX2 bool Next(uint32_t, __m256i* places) {
    *places = Load(next_);
    next_ += 8;
    return bit_ != kNoBit;
  }

  SEGUE_AVX2 uint64_t bit() const { return bit_; }

 private:
  SEGUE_AVX2 static uint64_t Write(const uint8_t* bits, uint64_t from, uint64_t end, uint32_t count,
                                   uint32_t* places) {
    if (from >= end) return kNoBit;
    const uint8_t* next = bits + from / 8;
    const uint8_t* const last = bits + (end + 7) / 8;
    uint64_t word;
    std::memcpy(&word, next, sizeof(word));
    word &= ~uint64_t{0} << (from % 8);
    __m256i base = Fill(0u - static_cast<uint32_t>(from % 8));
    for (;;) {
      const uint32_t ones = static_cast<uint32_t>(_mm_popcnt_u64(word));
      if (ones >= count) break;
      WriteBits(word, base, places);
      places += ones;
      count -= ones;
      base = _mm256_add_epi32(base, Fill(64));
      next += sizeof(word);
      if (next >= last) return kNoBit;
      std::memcpy(&word, next, sizeof(word));
    }
    const uint64_t last_one = _pdep_u64(uint64_t{1} << (count - 1), word);
    WriteBits(word & (last_one | (last_one - 1)), base, places);
    return 8 * static_cast<uint64_t>(next - bits) + _tzcnt_u64(last_one) + 1;
  }

  const uint32_t* next_;
  uint64_t bit_;
};

// Eight fields at a time of a low stream, from field `first` on.
class LowFields {
 public:
  // A field and the odd bits before it then fit 32 bits, and four of them the bytes loaded.
  static constexpr uint32_t kMaxBits = 24;

  SEGUE_AVX2 LowFields(const uint8_t* low_end, uint64_t first, uint32_t low_bits) {
    const uint64_t first_bit = first * low_bits;
    const uint32_t odd = first_bit % 8;
    // Bits of the stream up to the end of each field, from the byte that `first_bit` is in.
    const __m256i ends = _mm256_add_epi32(
        _mm256_mullo_epi32(_mm256_add_epi32(Numbers(), Fill(1)), Fill(low_bits)), Fill(odd));
    const __m256i bytes = _mm256_srli_epi32(_mm256_add_epi32(ends, Fill(7)), 3);
    shifts_ = _mm256_sub_epi32(_mm256_slli_epi32(bytes, 3), ends);
    // Of either half, the bytes that end with its fourth field are loaded.
    const uint32_t near = (odd + 4 * low_bits + 7) / 8, far = (odd + 8 * low_bits + 7) / 8;
    near_ = low_end - first_bit / 8 - near;
    far_ = low_end - first_bit / 8 - far;
    const __m256i loaded = _mm256_set_m128i(_mm_set1_epi32(static_cast<int>(far)),
                                            _mm_set1_epi32(static_cast<int>(near)));
    shuffle_ = _mm256_add_epi32(
        _mm256_mullo_epi32(_mm256_sub_epi32(loaded, bytes), Fill(0x01010101)), Fill(0x03020100));
    mask_ = Fill((1u << low_bits) - 1);
    group_bytes_ = low_bits;
  }

  SEGUE_AVX2 __m256i Next() {
    const __m256i bytes = _mm256_inserti128_si256(
        _mm256_castsi128_si256(_mm_loadu_si128(reinterpret_cast<const __m128i*>(near_))),
        _mm_loadu_si128(reinterpret_cast<const __m128i*>(far_)), 1);
    near_ -= group_bytes_;
    far_ -= group_bytes_;
    return _mm256_and_si256(_mm256_srlv_epi32(_mm256_shuffle_epi8(bytes, shuffle_), shifts_),
                            mask_);
  }

 private:
  const uint8_t* near_;
  const uint8_t* far_;
  uint32_t group_bytes_;
  __m256i shuffle_, shifts_, mask_;
};

// value[i] = the sum of values 0..i.
SEGUE_AVX2 inline __m256i RunningSums(__m256i values) {
  values = _mm256_add_epi32(values, _mm256_slli_si256(values, 4));
  values = _mm256_add_epi32(values, _mm256_slli_si256(values, 8));
  const __m256i low_total = _mm256_permutevar8x32_epi32(values, Fill(3));
  return _mm256_add_epi32(values,
                          _mm256_blend_epi32(_mm256_setzero_si256(), low_total, 0b11110000));
}

template <typename Ones>
SEGUE_AVX2 inline uint64_t SumGroups(Ones ones, LowFields fields, uint64_t from, uint64_t end,
                                     uint32_t low_bits, uint32_t step, uint32_t count,
                                     uint32_t* sums) {
  const __m128i shift = _mm_cvtsi32_si128(static_cast<int>(low_bits));
  const __m256i eight = Fill(8), last = Fill(7), steps = Fill(8 * step);
  __m256i numbers = Numbers();
  // Low parts and steps of the codes before, and the steps of these.
  __m256i before = _mm256_mullo_epi32(_mm256_add_epi32(numbers, Fill(1)), Fill(step));
  for (uint32_t i = 0; i < count; i += 8) {
    __m256i places;
    if (!ones.Next(std::min(count - i, 8u), &places)) return kNoBit;
    const __m256i high = _mm256_sll_epi32(_mm256_sub_epi32(places, numbers), shift);
    const __m256i low = RunningSums(fields.Next());
    Store(sums + i, _mm256_add_epi32(_mm256_add_epi32(high, low), before));
    before =
        _mm256_add_epi32(_mm256_add_epi32(before, steps), _mm256_permutevar8x32_epi32(low, last));
    numbers = _mm256_add_epi32(numbers, eight);
  }
  const uint64_t bit = ones.bit();
  return bit <= end && RiceSumFits(bit - from - count, low_bits, sums[count - 1]) ? bit : kNoBit;
}

// Of so few codes, each is decoded by itself.
constexpr uint32_t kSingleCodes = 3;
// Up to so many, FewOnes is quicker.
constexpr uint32_t kFewCodes = 16;

SEGUE_AVX2 uint64_t SumRice(const uint8_t* bits, uint64_t from, uint64_t end,
                            const uint8_t* low_end, uint64_t low_first, uint32_t low_bits,
                            uint32_t step, uint32_t count, uint32_t* sums) {
  if (count <= kSingleCodes || low_bits > LowFields::kMaxBits ||
      uint64_t{count} << low_bits >= kRiceSumLimit) {
    return SumRiceInline(bits, from, end, low_end, low_first, low_bits, step, count, sums);
  }
  const LowFields fields(low_end, low_first, low_bits);
  if (count <= kFewCodes) {
    return SumGroups(FewOnes(bits, from, end), fields, from, end, low_bits, step, count, sums);
  }
  return SumGroups(ManyOnes(bits, from, end, count, sums), fields, from, end, low_bits, step, count,
                   sums);
}

// --- Shifted positions -------------------------------------------------------------

SEGUE_AVX2 inline __m256i LanesBelow(size_t count) {
  return _mm256_cmpgt_epi32(Fill(static_cast<uint32_t>(count)), Numbers());
}

// Lanes of a that equal any lane of b.
SEGUE_AVX2 inline __m256i EqualsAny(__m256i a, __m256i b) {
  const __m256i c = _mm256_permute2x128_si256(b, b, 1);
  const __m256i b0 = _mm256_cmpeq_epi32(a, b);
  const __m256i b1 = _mm256_cmpeq_epi32(a, _mm256_shuffle_epi32(b, 0b00111001));
  const __m256i b2 = _mm256_cmpeq_epi32(a, _mm256_shuffle_epi32(b, 0b01001110));
  const __m256i b3 = _mm256_cmpeq_epi32(a, _mm256_shuffle_epi32(b, 0b10010011));
  const __m256i c0 = _mm256_cmpeq_epi32(a, c);
  const __m256i c1 = _mm256_cmpeq_epi32(a, _mm256_shuffle_epi32(c, 0b00111001));
  const __m256i c2 = _mm256_cmpeq_epi32(a, _mm256_shuffle_epi32(c, 0b01001110));
  const __m256i c3 = _mm256_cmpeq_epi32(a, _mm256_shuffle_epi32(c, 0b10010011));
  const __m256i in_b = _mm256_or_si256(_mm256_or_si256(b0, b1), _mm256_or_si256(b2, b3));
  const __m256i in_c = _mm256_or_si256(_mm256_or_si256(c0, c1), _mm256_or_si256(c2, c3));
  return _mm256_or_si256(in_b, in_c);
}

// Values against others, eight against eight: a merge of the two, of which documents, which hold a
// word a few times, mostly need one step.
class Eights {
 public:
  SEGUE_AVX2 Eights(const uint32_t* values, size_t count, const uint32_t* others,
                    size_t other_count, uint32_t shift)
      : values_(values), count_(count), others_(others), other_count_(other_count), shift_(shift) {}

  SEGUE_AVX2 bool AtEnd() const { return i_ >= count_ || j_ >= other_count_; }
  SEGUE_AVX2 size_t i() const { return i_; }

  // Lanes of the eight values at i() that are among the eight others.
  SEGUE_AVX2 __m256i Found() const {
    const __m256i wanted = _mm256_add_epi32(Load(values_ + i_), Fill(shift_));
    // What is past the end equals none of the values.
    const __m256i among =
        _mm256_blendv_epi8(Fill(UINT32_MAX), Load(others_ + j_), LanesBelow(other_count_ - j_));
    return _mm256_and_si256(EqualsAny(wanted, among), LanesBelow(count_ - i_));
  }

  // Goes on to the next others; if none of them can equal these values, to the next values, and
  // returns true.
  SEGUE_AVX2 bool Advance() {
    const uint32_t last = values_[std::min(i_ + 8, count_) - 1] + shift_;
    const uint32_t other_last = others_[std::min(j_ + 8, other_count_) - 1];
    // Values may repeat, so those others that equal the last are needed once more.
    const bool done = last <= other_last || j_ + 8 >= other_count_;
    i_ += done ? 8 : 0;
    j_ += done ? 0 : 8;
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

SEGUE_AVX2 size_t KeepShifted(const uint32_t* values, size_t count, const uint32_t* others,
                              size_t other_count, uint32_t shift, uint32_t* out) {
  size_t kept = 0;
  __m256i found = _mm256_setzero_si256();
  for (Eights eights(values, count, others, other_count, shift); !eights.AtEnd();) {
    const size_t i = eights.i();
    found = _mm256_or_si256(found, eights.Found());
    if (!eights.Advance()) continue;
    const auto lanes = static_cast<uint32_t>(_mm256_movemask_ps(_mm256_castsi256_ps(found)));
    const __m128i list = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(kByteBits.list[lanes]));
    Store(out + kept, _mm256_permutevar8x32_epi32(Load(values + i), _mm256_cvtepu8_epi32(list)));
    kept += static_cast<size_t>(_mm_popcnt_u32(lanes));
    found = _mm256_setzero_si256();
  }
  return kept;
}

SEGUE_AVX2 bool AnyShifted(const uint32_t* values, size_t count, const uint32_t* others,
                           size_t other_count, uint32_t shift) {
  for (Eights eights(values, count, others, other_count, shift); !eights.AtEnd();
       eights.Advance()) {
    const __m256i found = eights.Found();
    if (_mm256_testz_si256(found, found) == 0) return true;
  }
  return false;
}

}  // namespace

void FillAvx2Positions(Kernels* table) {
  table->sum_rice = SumRice;
  table->keep_shifted = KeepShifted;
  table->any_shifted = AnyShifted;
}

}  // namespace segue

#endif  // SEGUE_HAVE_AVX2_KERNELS

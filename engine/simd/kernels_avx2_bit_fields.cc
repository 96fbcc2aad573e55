// SPDX-License-Identifier: Apache-2.0
//
// AVX2 kernels over bit fields of any width: eight fields take `bits` bytes, so every eight begin
// at a byte of their own and lie at the same places within their bytes. One shuffle brings the
// bytes of each field into its lane, one shift by lanes drops what is below.
#include <algorithm>

#include "engine/simd/kernels_avx2.h"
#include "engine/simd/kernels_internal.h"

#if defined(SEGUE_HAVE_AVX2_KERNELS)

namespace segue {
namespace {

// As many bits lie in four bytes wherever they begin.
constexpr uint32_t kMaxNarrowBits = 25;

// Where the fields of one vector are: each half of it is loaded from an address of its own.
struct FieldPlaces {
  size_t half_bytes[2];           // from the first of the eight fields
  alignas(32) uint8_t bytes[32];  // which byte of its half goes where
  alignas(32) uint64_t shifts[4];
};

// Of the fields `first` to first + 2 * (16 / lane_bytes) - 1 of eight.
FieldPlaces PlacesOf(uint32_t bits, uint32_t first, uint32_t lane_bytes) {
  FieldPlaces places = {};
  const uint32_t in_half = 16 / lane_bytes;
  for (uint32_t i = 0; i < 2 * in_half; ++i) {
    const uint32_t half = i / in_half;
    const uint32_t from = (first + half * in_half) * bits / 8;
    const uint32_t bit = (first + i) * bits - 8 * from;
    places.half_bytes[half] = from;
    for (uint32_t j = 0; j < lane_bytes; ++j) {
      places.bytes[i * lane_bytes + j] = static_cast<uint8_t>(bit / 8 + j);
    }
    places.shifts[i * lane_bytes / 8] |= uint64_t{bit % 8} << (i * lane_bytes % 8 * 8);
  }
  return places;
}

SEGUE_AVX2 inline __m256i BytesOfFields(const uint8_t* eight, const FieldPlaces& places) {
  const auto* low = reinterpret_cast<const __m128i*>(eight + places.half_bytes[0]);
  const auto* high = reinterpret_cast<const __m128i*>(eight + places.half_bytes[1]);
  const __m256i halves = _mm256_inserti128_si256(_mm256_castsi128_si256(_mm_loadu_si128(low)),
                                                 _mm_loadu_si128(high), 1);
  return _mm256_shuffle_epi8(halves, Load(places.bytes));
}

class NarrowFields {
 public:
  SEGUE_AVX2 NarrowFields(uint32_t bits, uint64_t least, uint64_t greatest)
      : places_(PlacesOf(bits, 0, 4)),
        of_field_(_mm256_set1_epi32((1 << bits) - 1)),
        least_(_mm256_set1_epi32(static_cast<int>(least))),
        span_(_mm256_set1_epi32(static_cast<int>(greatest - least))) {}

  // Bit i: whether field i of eight is in the range.
  SEGUE_AVX2 inline uint8_t Eight(const uint8_t* fields) const {
    const __m256i shifted = _mm256_srlv_epi32(BytesOfFields(fields, places_), Load(places_.shifts));
    const __m256i above = _mm256_sub_epi32(_mm256_and_si256(shifted, of_field_), least_);
    const __m256i in_range = _mm256_cmpeq_epi32(_mm256_min_epu32(above, span_), above);
    return static_cast<uint8_t>(_mm256_movemask_ps(_mm256_castsi256_ps(in_range)));
  }

 private:
  FieldPlaces places_;
  __m256i of_field_, least_, span_;
};

class WideFields {
 public:
  SEGUE_AVX2 WideFields(uint32_t bits, uint64_t least, uint64_t greatest)
      : places_{PlacesOf(bits, 0, 8), PlacesOf(bits, 4, 8)},
        of_field_(_mm256_set1_epi64x(static_cast<int64_t>((uint64_t{1} << bits) - 1))),
        least_(_mm256_set1_epi64x(static_cast<int64_t>(least))),
        greatest_(_mm256_set1_epi64x(static_cast<int64_t>(greatest))) {}

  SEGUE_AVX2 inline uint8_t Eight(const uint8_t* fields) const {
    return static_cast<uint8_t>(~(Outside(fields, places_[0]) | Outside(fields, places_[1]) << 4));
  }

 private:
  // No field has a sign bit, so signed comparisons do.
  SEGUE_AVX2 inline int Outside(const uint8_t* fields, const FieldPlaces& places) const {
    const __m256i shifted = _mm256_srlv_epi64(BytesOfFields(fields, places), Load(places.shifts));
    const __m256i field = _mm256_and_si256(shifted, of_field_);
    const __m256i outside =
        _mm256_or_si256(_mm256_cmpgt_epi64(least_, field), _mm256_cmpgt_epi64(field, greatest_));
    return _mm256_movemask_pd(_mm256_castsi256_pd(outside));
  }

  FieldPlaces places_[2];
  __m256i of_field_, least_, greatest_;
};

template <typename Fields>
SEGUE_AVX2 inline void MaskWith(const Fields& in_range, const uint8_t* fields, uint32_t bits,
                                size_t count, uint64_t* mask) {
  for (size_t begin = 0; begin < count; begin += 64) {
    const size_t end = std::min(count, begin + 64);
    uint64_t word = 0;
    for (size_t i = begin; i < end; i += 8) {
      word |= uint64_t{in_range.Eight(fields + i / 8 * bits)} << (i - begin);
    }
    mask[begin / 64] = _bzhi_u64(word, static_cast<uint32_t>(end - begin));
  }
}

SEGUE_AVX2 void MaskFieldsInRange(const uint8_t* fields, uint32_t bits, uint64_t least,
                                  uint64_t greatest, size_t count, uint64_t* mask) {
  greatest = std::min(greatest, (uint64_t{1} << bits) - 1);
  if (least > greatest) {
    std::fill_n(mask, (count + 63) / 64, 0);
  } else if (bits <= kMaxNarrowBits) {
    MaskWith(NarrowFields(bits, least, greatest), fields, bits, count, mask);
  } else {
    MaskWith(WideFields(bits, least, greatest), fields, bits, count, mask);
  }
}

SEGUE_AVX2 void DepositBits(const uint64_t* bits, const uint8_t* places, size_t words,
                            uint64_t* out) {
  size_t next = 0;
  for (size_t w = 0; w < words; ++w) {
    const uint64_t place = LoadUnaligned64(places + 8 * w);
    const auto count = static_cast<size_t>(_mm_popcnt_u64(place));
    uint64_t those = count == 0 ? 0 : bits[next / 64] >> (next % 64);
    if (next % 64 + count > 64) those |= bits[next / 64 + 1] << (64 - next % 64);
    out[w] = _pdep_u64(those, place);
    next += count;
  }
}

}  // namespace

void FillAvx2BitFields(Kernels* table) {
  table->mask_fields_in_range = MaskFieldsInRange;
  table->deposit_bits = DepositBits;
}

}  // namespace segue

#endif  // SEGUE_HAVE_AVX2_KERNELS

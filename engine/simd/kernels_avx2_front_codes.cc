// SPDX-License-Identifier: Apache-2.0
//
// The AVX2 kernel over front-coded terms: the low half of a byte chooses a row of the set, the high
// half a bit of it.
#include "engine/simd/kernels_avx2.h"

#if defined(SEGUE_HAVE_AVX2_KERNELS)

namespace segue {
namespace {

SEGUE_AVX2 __m256i InBothHalves(const uint8_t* bytes) {
  return _mm256_broadcastsi128_si256(_mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes)));
}

SEGUE_AVX2 uint64_t MaskFrontCoded(const uint8_t* heads, const uint8_t* nexts, uint32_t shared,
                                   const uint8_t* ascii) {
  // Of byte values from 128 on, none: their rows have no such bit.
  alignas(16) static constexpr uint8_t kBits[16] = {1, 2, 4, 8, 16, 32, 64, 128};
  const __m256i low_half = _mm256_set1_epi8(0x0f);
  const __m256i next = Load(nexts);
  const __m256i rows = _mm256_shuffle_epi8(InBothHalves(ascii), _mm256_and_si256(next, low_half));
  const __m256i bits = _mm256_shuffle_epi8(InBothHalves(kBits),
                                           _mm256_and_si256(_mm256_srli_epi16(next, 4), low_half));
  const __m256i others = _mm256_cmpeq_epi8(_mm256_and_si256(rows, bits), _mm256_setzero_si256());
  const __m256i sharing = _mm256_and_si256(_mm256_srli_epi16(Load(heads), 4), low_half);
  const __m256i wanted = _mm256_set1_epi8(static_cast<char>(shared));
  const __m256i less = _mm256_cmpgt_epi8(wanted, sharing);
  const __m256i equal = _mm256_cmpeq_epi8(wanted, sharing);
  const auto mask = static_cast<uint32_t>(
      _mm256_movemask_epi8(_mm256_or_si256(less, _mm256_and_si256(equal, others))));
  const auto at_most = static_cast<uint32_t>(_mm256_movemask_epi8(_mm256_or_si256(less, equal)));
  return uint64_t{at_most} << 32 | mask;
}

}  // namespace

void FillAvx2FrontCodes(Kernels* table) { table->mask_front_coded = MaskFrontCoded; }

}  // namespace segue

#endif  // SEGUE_HAVE_AVX2_KERNELS

// SPDX-License-Identifier: Apache-2.0
//
// The AVX-512 kernel over logs of tokens: 32 units at a time. The second unit of a term may look
// like anything, so that which units are second ones is told from the left on, where two that look
// like first ones lie side by side; they rarely do.
#include "engine/simd/kernels_avx512.h"

#if defined(SEGUE_HAVE_AVX2_KERNELS)

#include "engine/simd/kernels_internal.h"

namespace segue {
namespace {

constexpr uint32_t kBlockUnits = 32;

// The second units among those of a block; *carry says whether its first unit is one, and then the
// same of the next block.
SEGUE_AVX512 inline uint32_t SecondUnits(uint32_t firsts, uint32_t* carry) {
  uint32_t seconds = firsts << 1 | *carry;
  if ((seconds & firsts) != 0) [[unlikely]] {
    seconds = *carry;
    for (uint32_t rest = firsts & ~seconds; rest != 0;) {
      const uint32_t first = _blsi_u32(rest);
      seconds |= first << 1;
      rest &= ~(first | first << 1);
    }
  }
  *carry = (firsts & ~seconds) >> 31;
  return seconds;
}

struct Picked {
  uint32_t* terms;
  uint64_t* postings;
};

// The tokens that `starts` says begin among 16 units; `firsts` of them have a second one.
SEGUE_AVX512 inline void PickAmong(const TokenPick& pick, __m256i units, __m256i nexts,
                                   __mmask16 starts, __mmask16 firsts, uint32_t position,
                                   Picked* picked) {
  const __m512i one = _mm512_set1_epi32(1);
  const __m512i low = _mm512_cvtepu16_epi32(units);
  const __m512i high =
      _mm512_slli_epi32(_mm512_sub_epi32(low, _mm512_set1_epi32(pick.two_units)), 16);
  const __m512i terms = _mm512_mask_or_epi32(low, firsts, high, _mm512_cvtepu16_epi32(nexts));
  const __m512i words = _mm512_mask_i32gather_epi32(_mm512_setzero_si512(), starts,
                                                    _mm512_srli_epi32(terms, 5), pick.wanted, 4);
  const __m512i bits = _mm512_sllv_epi32(one, _mm512_and_si512(terms, _mm512_set1_epi32(31)));
  const __mmask16 wanted = _mm512_mask_test_epi32_mask(starts, words, bits);
  const __m512i ranks = _mm512_maskz_expand_epi32(
      starts, _mm512_setr_epi32(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16));
  const __m512i positions = _mm512_add_epi32(ranks, _mm512_set1_epi32(static_cast<int>(position)));
  _mm512_storeu_si512(picked->terms, _mm512_maskz_compress_epi32(wanted, terms));
  const __m512i kept = _mm512_maskz_compress_epi32(wanted, positions);
  const __m512i doc_bits = _mm512_set1_epi64(static_cast<long long>(pick.doc_bits));
  _mm512_storeu_si512(
      picked->postings,
      _mm512_or_si512(_mm512_cvtepu32_epi64(_mm512_castsi512_si256(kept)), doc_bits));
  const auto count = static_cast<size_t>(_mm_popcnt_u32(wanted));
  if (count > 8) [[unlikely]] {
    _mm512_storeu_si512(
        picked->postings + 8,
        _mm512_or_si512(_mm512_cvtepu32_epi64(_mm512_extracti64x4_epi64(kept, 1)), doc_bits));
  }
  picked->terms += count;
  picked->postings += count;
}

SEGUE_AVX512 size_t PickTokens(TokenPick* pick, size_t count, uint32_t* terms, uint64_t* postings) {
  const __m512i two_units = _mm512_set1_epi16(static_cast<short>(pick->two_units));
  const __m512i control = _mm512_set1_epi16(static_cast<short>(pick->control));
  Picked picked = {terms, postings};
  const uint16_t* const units = pick->units;
  uint32_t position = pick->position, carry = 0;
  size_t begin = 0, end = count;
  for (; begin < end; begin += kBlockUnits) {
    const __m512i block = _mm512_loadu_si512(units + begin);
    const __m512i nexts = _mm512_loadu_si512(units + begin + 1);
    const uint32_t firsts = _mm512_cmpge_epu16_mask(block, two_units);
    const uint32_t seconds = SecondUnits(firsts, &carry);
    const uint32_t stops = _mm512_cmpge_epu16_mask(block, control) & ~seconds;
    uint32_t live = ~0u;
    if (stops != 0 || end - begin < kBlockUnits) {
      const size_t stop = _tzcnt_u32(stops);
      if (stop < end - begin) end = begin + stop;
      const auto left = static_cast<uint32_t>(end - begin);
      live = _bzhi_u32(live, left);
      // Whether the last token reaches beyond `end`.
      if (left < kBlockUnits) carry = seconds >> left & 1;
    }
    const uint32_t starts = ~seconds & live;
    PickAmong(*pick, _mm512_castsi512_si256(block), _mm512_castsi512_si256(nexts),
              static_cast<__mmask16>(starts), static_cast<__mmask16>(firsts), position, &picked);
    position += static_cast<uint32_t>(_mm_popcnt_u32(starts & 0xffff));
    PickAmong(*pick, _mm512_extracti64x4_epi64(block, 1), _mm512_extracti64x4_epi64(nexts, 1),
              static_cast<__mmask16>(starts >> 16), static_cast<__mmask16>(firsts >> 16), position,
              &picked);
    position += static_cast<uint32_t>(_mm_popcnt_u32(starts >> 16));
  }
  pick->units = units + end + carry;
  pick->position = position;
  return static_cast<size_t>(picked.terms - terms);
}

}  // namespace

void FillAvx512Tokens(Kernels* table) { table->pick_tokens = PickTokens; }

}  // namespace segue

#endif  // SEGUE_HAVE_AVX2_KERNELS

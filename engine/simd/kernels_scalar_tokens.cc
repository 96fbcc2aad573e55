// SPDX-License-Identifier: Apache-2.0
//
// The scalar kernel over logs of tokens. Whether a term is wanted nobody could predict, so that it
// takes no branch; how many units a term has is a branch, so that the next unit is read before it
// is known where it lies.
#include "engine/simd/kernels_internal.h"

namespace segue {

size_t PickTokensScalar(TokenPick* pick, size_t count, uint32_t* terms, uint64_t* postings) {
  const uint64_t* const wanted = pick->wanted;
  const uint64_t doc_bits = pick->doc_bits;
  const uint32_t two_units = pick->two_units, control = pick->control;
  const uint16_t* next = pick->units;
  const uint16_t* const end = next + count;
  uint32_t position = pick->position;
  size_t picked = 0;
  while (next < end) {
    uint32_t term = *next;
    if (term >= two_units) [[unlikely]] {
      if (term >= control) break;
      term = (term - two_units) << 16 | *++next;
    }
    ++next;
    terms[picked] = term;
    postings[picked] = doc_bits | ++position;
    picked += wanted[term / 64] >> (term % 64) & 1;
  }
  pick->units = next;
  pick->position = position;
  return picked;
}

}  // namespace segue

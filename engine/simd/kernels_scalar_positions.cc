// SPDX-License-Identifier: Apache-2.0
//
// The scalar kernels over positions: running sums of Rice codes, and shifted positions.
#include "engine/simd/kernels_internal.h"

namespace segue {

uint64_t SumRiceScalar(const uint8_t* bits, uint64_t from, uint64_t end, const uint8_t* low_end,
                       uint64_t low_first, uint32_t low_bits, uint32_t step, uint32_t count,
                       uint32_t* sums) {
  return SumRiceInline(bits, from, end, low_end, low_first, low_bits, step, count, sums);
}

size_t KeepShiftedScalar(const uint32_t* values, size_t count, const uint32_t* others,
                         size_t other_count, uint32_t shift, uint32_t* out) {
  const uint32_t* next = others;
  const uint32_t* const end = others + other_count;
  size_t kept = 0;
  for (size_t i = 0; i < count; ++i) {
    const uint32_t wanted = values[i] + shift;
    while (next != end && *next < wanted) ++next;
    if (next == end) break;
    if (*next == wanted) out[kept++] = values[i];
  }
  return kept;
}

bool AnyShiftedScalar(const uint32_t* values, size_t count, const uint32_t* others,
                      size_t other_count, uint32_t shift) {
  const uint32_t* next = others;
  const uint32_t* const end = others + other_count;
  for (size_t i = 0; i < count; ++i) {
    const uint32_t wanted = values[i] + shift;
    while (next != end && *next < wanted) ++next;
    if (next == end) return false;
    if (*next == wanted) return true;
  }
  return false;
}

// Without a branch on whether a document begins: as often as not nobody could predict it.
CodedPositions CodePositionsScalar(const uint64_t* postings, size_t count, uint32_t less,
                                   uint32_t base, uint32_t* codes, uint32_t* firsts) {
  CodedPositions coded;
  uint64_t before = ~postings[0];  // of another document
  for (size_t i = 0; i < count; ++i) {
    const uint64_t posting = postings[i];
    const auto position = static_cast<uint32_t>(posting);
    const bool is_first = (posting ^ before) >> 32 != 0;
    coded.repeats |= posting == before;
    const uint32_t gap = position - static_cast<uint32_t>(before) - less;
    codes[i] = is_first ? position : gap;
    firsts[coded.documents] = base + static_cast<uint32_t>(i);
    coded.documents += is_first;
    coded.union_of_positions |= position;
    before = posting;
  }
  return coded;
}

}  // namespace segue

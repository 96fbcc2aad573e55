// SPDX-License-Identifier: Apache-2.0
//
// The payload of one rank block: a header of 1 to 8 bytes, frequencies,
// documents.
//
//   codecs      u8: bits 0-2 document codec, 3-5 frequency codec,
//               6 "a count follows", 7 "a wide count follows"
//   pfor        u16, document codecs kLanes and kPacked only: bits 0-4 code
//               bits, 5-9 exception bits, 10-15 exceptions
//   count       u8, if bit 6 is set: documents in the block
//   counts      u8, unless the frequency codec is kAllOne: bits 0-3 increments,
//               4-7 exceptions of the frequencies; 15 exceptions without
//               increments: a u8 for each of both follows
//   wide        u8, if bit 7 is set: wide frequencies (freq_block.h)
//   frequencies, documents
//
// Frequencies stand first because their size follows from the header, whatever
// the document codec: either part is reached without reading the other.

#ifndef SEGUE_FORMAT_POSTING_BLOCK_H_
#define SEGUE_FORMAT_POSTING_BLOCK_H_

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "engine/base/check.h"
#include "engine/format/doc_block.h"
#include "engine/format/freq_block.h"

namespace segue {

// Whether a header has the field `pfor`.
inline bool HasPfor(DocCodec codec) {
  return codec == DocCodec::kLanes || codec == DocCodec::kPacked;
}

// Frequencies with an increment or an exception.
struct RaisedCounts {
  uint8_t increments = 0;
  uint8_t exceptions = 0;
};
inline constexpr uint32_t kMaxCountedIncrements = 15, kMaxCountedExceptions = 14;
// Says that the counts follow.
inline constexpr uint8_t kCountsFollow = 15 << 4;

// Reads the counts and moves *next past them; up to three bytes. False if no writer makes them.
inline bool ReadCounts(const uint8_t** next, RaisedCounts* counts) {
  const uint8_t both = *(*next)++;
  counts->increments = both & kMaxCountedIncrements;
  counts->exceptions = both >> 4;
  if (both < kCountsFollow) return true;
  if (both != kCountsFollow) return false;
  counts->increments = *(*next)++;
  counts->exceptions = *(*next)++;
  return true;
}

// A view of one block's payload, valid while the bytes are.
struct PostingBlock {
  DocShape doc_shape;
  FreqShape freq_shape;
  uint32_t count = 0;
  const uint8_t* freqs = nullptr;
  const uint8_t* docs = nullptr;
  const uint8_t* end = nullptr;  // of the block

  // Bounds header and frequencies in [data, block_end), which is all of the
  // block, with 64 readable bytes after it. False if no writer makes such bytes, or a count in the
  // header is not `block_count` (1 to kBlockPostings).
  bool Open(const uint8_t* data, const uint8_t* block_end, uint32_t block_count);

  // The frequency of element `index` of a full block without wide frequencies, in a few
  // instructions; 0 if the block is another, or one that Open or OpenFreqs refuse.
  // `bitmap`: whether its documents are in one. REQUIRES: data < block_end.
  static uint32_t FreqOfFull(const uint8_t* data, const uint8_t* block_end, bool bitmap,
                             uint32_t index) {
    SEGUE_DCHECK(data < block_end);
    const uint32_t codecs = *data;
    const uint32_t docs = codecs & 7, freqs = codecs >> 3;
    if (freqs >= kFreqCodecs || docs >= kDocCodecs) return 0;  // or flags of what else follows
    const auto doc_codec = static_cast<DocCodec>(docs);
    if ((doc_codec == DocCodec::kBitmap) != bitmap) return 0;
    const uint8_t* next = data + 1 + (HasPfor(doc_codec) ? 2 : 0);
    RaisedCounts counts;
    if (freqs != 0 && !ReadCounts(&next, &counts)) return 0;
    const uint32_t width = kFreqBits[freqs], stride = kBlockPostings / 8 * width;
    const uint32_t raised = uint32_t{counts.increments} + counts.exceptions;
    const ptrdiff_t left = block_end - next, taken = stride + raised + counts.exceptions;
    if (raised > kBlockPostings || (bitmap ? taken != left : taken > left)) return 0;
    uint32_t field = 0, all_ones = 0;
    if (width != 0) {
      const uint32_t row = index >> (std::countr_zero(width) + kStrideShift);
      all_ones = (1u << width) - 1;
      field = next[index & (stride - 1)] >> (row * width) & all_ones;
    }
    if (field != all_ones || raised == 0) return field + 1;
    const uint8_t* const elements = next + stride;
    const uint32_t found = FindByte(elements, raised, static_cast<uint8_t>(index));
    if (found < counts.increments) return field + 2;
    return field + 1 + (found < raised ? elements[counts.exceptions + found] + 1u : 0);
  }

  // The frequencies; false as FreqBlock::Open().
  bool OpenFreqs(FreqBlock* out) const { return out->Open(freq_shape, count, freqs, docs); }

 private:
  // The base-2 logarithm of the bytes of a row of one-bit fields.
  static constexpr int kStrideShift = 4;
  static_assert(kBlockPostings / 8 == 1 << kStrideShift);
};

// Appends a block of the parts given. `count` is written if it is not 0.
void AppendPostingBlock(const DocShape& docs, std::string_view doc_bytes, const FreqShape& freqs,
                        std::string_view freq_bytes, uint32_t count, std::string* out);

}  // namespace segue

#endif  // SEGUE_FORMAT_POSTING_BLOCK_H_

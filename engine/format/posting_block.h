// SPDX-License-Identifier: Apache-2.0
//
// The payload of one rank block: a header of 1 to 6 bytes, frequencies,
// documents.
//
//   codecs      u8: bits 0-2 document codec, 3-5 frequency codec,
//               6 "a count follows", 7 "a wide count follows"
//   pfor        u16, document codecs kLanes and kPacked only: bits 0-4 code
//               bits, 5-9 exception bits, 10-15 exceptions
//   count       u8, if bit 6 is set: documents in the block
//   exceptions  u8, unless the frequency codec is kAllOne
//   wide        u8, if bit 7 is set: wide frequencies (freq_block.h)
//   frequencies, documents
//
// Frequencies stand first because their size follows from the header, whatever
// the document codec: either part is reached without reading the other.

#ifndef SEGUE_FORMAT_POSTING_BLOCK_H_
#define SEGUE_FORMAT_POSTING_BLOCK_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/format/doc_block.h"
#include "engine/format/freq_block.h"

namespace segue {

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

  // The frequencies; false as FreqBlock::Open().
  bool OpenFreqs(FreqBlock* out) const { return out->Open(freq_shape, count, freqs, docs); }
};

// Appends a block of the parts given. `count` is written if it is not 0.
void AppendPostingBlock(const DocShape& docs, std::string_view doc_bytes, const FreqShape& freqs,
                        std::string_view freq_bytes, uint32_t count, std::string* out);

}  // namespace segue

#endif  // SEGUE_FORMAT_POSTING_BLOCK_H_

// SPDX-License-Identifier: Apache-2.0
//
// PositionReader: positions of several documents of a block, in any order,
// cheapest in ascending order.
//
//   PositionReader reader(&list);
//   if (!reader.EnterBlock(block)) …damaged, list.status()…
//   uint32_t count = reader.Read(index, &buffer);    // 0: damaged
//
// Reading document `index` skips the positions of the documents before it by
// their count (from the frequencies) and by counting bits, 64 positions or more
// at a step; the documents between two reads in ascending order are skipped
// once.

#ifndef SEGUE_FORMAT_POSITION_READER_H_
#define SEGUE_FORMAT_POSITION_READER_H_

#include <cstdint>
#include <vector>

#include "engine/format/freq_block.h"
#include "engine/format/position_block.h"
#include "engine/format/postings_reader.h"

namespace segue {

class PositionReader {
 public:
  PositionReader() = default;
  // `list` was opened with positions and outlives the reader.
  explicit PositionReader(const PostingList* list) : list_(list) {}

  // Costs nothing when the block is the current one. False if it is damaged.
  bool EnterBlock(uint32_t block) { return EnterFreqs(block) && EnterPositions(block); }

  // Frequency of a document of the current block, which is the number of its
  // positions. REQUIRES: index < docs in the block.
  uint32_t FreqAt(uint32_t index) const { return freqs_.At(index); }

  // Positions of document `index` into (*out)[0, count), never descending.
  // Returns count, 0 if damaged. *out grows as needed and never shrinks.
  uint32_t Read(uint32_t index, std::vector<uint32_t>* out);

  // The halves of EnterBlock, for who needs all frequencies first, of several blocks.
  bool EnterFreqs(uint32_t block);
  bool EnterPositions(uint32_t block);
  // Of the block whose frequencies were entered.
  const FreqBlock& freqs() const { return freqs_; }
  bool DecodeFreqs(uint32_t* out) const;  // room for kBlockPostings; false if damaged
  // Of the block whose positions were entered: those of the document that has the codes
  // [first, first + count), as Read(); and PositionBlock::DecodeSums().
  uint32_t ReadCodes(uint64_t first, uint32_t count, std::vector<uint32_t>* out);
  bool ReadSums(uint64_t first, uint32_t count, uint32_t* out) {
    return positions_.DecodeSums(first, count, out);
  }
  const PositionBlock& positions() const { return positions_; }

  // Hints, without effect but on time, which reading documents here and there spends on waiting
  // for memory: that a block will be entered, and then that these codes of it will be read.
  void WillEnter(uint32_t block) const;
  void WillRead(uint32_t block, uint64_t first, uint64_t count) const;

  // Bytes of positions looked at so far, in all blocks; short lists of plain varints count as 0.
  uint64_t bytes_read() const { return (bits_of_other_blocks_ + positions_.bits_read() + 7) / 8; }

 private:
  static constexpr uint32_t kNoBlock = UINT32_MAX;

  // Where the streams of a block of a long list meet; null: damaged, or a short list.
  const uint8_t* BoundaryOf(uint32_t block) const;

  const PostingList* list_ = nullptr;
  uint32_t freq_block_ = kNoBlock;  // what freqs_ is of
  uint32_t block_ = kNoBlock;       // what positions_ is of
  uint32_t next_index_ = 0;         // behind the document read last
  uint64_t next_code_ = 0;          // codes before it
  FreqBlock freqs_;
  PositionBlock positions_;
  uint64_t bits_of_other_blocks_ = 0;
};

}  // namespace segue

#endif  // SEGUE_FORMAT_POSITION_READER_H_

// SPDX-License-Identifier: Apache-2.0
//
// A block's position offset leads to the boundary between its two streams; the
// frequencies say which codes are a document's.

#include "engine/format/position_reader.h"

namespace segue {

bool PositionReader::EnterBlock(uint32_t block) {
  if (block == block_) return true;
  SEGUE_DCHECK(list_ != nullptr && list_->has_positions());
  block_ = kNoBlock;
  bits_of_other_blocks_ += positions_.bits_read();
  positions_ = PositionBlock();
  if (!list_->ViewFreqs(block, &freqs_)) return false;
  const PinnedBytes& pin = list_->pos_pin_;
  const uint8_t* const begin = pin.data();
  const uint8_t* const end = begin + pin.size();
  bool ok = false;
  if (list_->position_offsets_ != nullptr) {
    const uint64_t offset = PostingList::LoadU32(list_->position_offsets_ + 4 * size_t{block});
    ok = offset < pin.size() && positions_.OpenLong(begin, begin + offset, end);
  } else {
    ok = positions_.OpenShort(begin, end, list_->total_freq_);
  }
  if (!ok) return list_->Fail(PostingList::Damage::kPositions, block);
  block_ = block;
  next_index_ = 0;
  next_code_ = 0;
  return true;
}

uint32_t PositionReader::Read(uint32_t index, std::vector<uint32_t>* out) {
  SEGUE_DCHECK_NE(block_, kNoBlock);
  const uint32_t count = freqs_.At(index);
  const uint64_t before = index == next_index_ ? next_code_ : freqs_.SumBefore(index);
  // Bounds the allocation, too: a position takes at least a bit of the file.
  const bool fits = before <= positions_.capacity() && count <= positions_.capacity() - before;
  if (fits && out->size() < count) out->resize(count);
  if (!fits || !positions_.Decode(before, count, out->data())) {
    list_->Fail(PostingList::Damage::kPositions, block_);
    return 0;
  }
  next_index_ = index + 1;
  next_code_ = before + count;
  return count;
}

}  // namespace segue

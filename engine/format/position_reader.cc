// SPDX-License-Identifier: Apache-2.0
//
// A block's position offset leads to the boundary between its two streams; the
// frequencies say which codes are a document's.

#include "engine/format/position_reader.h"

#include <algorithm>

#include "engine/base/load.h"

namespace segue {
namespace {

// No hints for more: the processor sees by itself that what follows is read in order.
constexpr size_t kMaxHintBytes = 8 * kLineBytes;

void WillLoad(const uint8_t* begin, size_t bytes) {
  const size_t hinted = std::min(bytes, kMaxHintBytes);
  for (size_t i = 0; i < hinted; i += kLineBytes) __builtin_prefetch(begin + i);
  __builtin_prefetch(begin + hinted);
}

}  // namespace

bool PositionReader::EnterFreqs(uint32_t block) {
  if (block == freq_block_) return true;
  SEGUE_DCHECK(list_ != nullptr);
  freq_block_ = kNoBlock;
  next_index_ = 0;
  next_code_ = 0;
  if (!list_->ViewFreqs(block, &freqs_)) return false;
  freq_block_ = block;
  return true;
}

bool PositionReader::DecodeFreqs(uint32_t* out) const {
  SEGUE_DCHECK_NE(freq_block_, kNoBlock);
  if (freqs_.Decode(out)) return true;
  return list_->Fail(PostingList::Damage::kFreqs, freq_block_);
}

bool PositionReader::EnterPositions(uint32_t block) {
  if (block == block_) return true;
  SEGUE_DCHECK(list_ != nullptr && list_->has_positions());
  block_ = kNoBlock;
  bits_of_other_blocks_ += positions_.bits_read();
  const PinnedBytes& pin = list_->pos_pin_;
  const uint8_t* const begin = pin.data();
  const uint8_t* const end = begin + pin.size();
  bool ok = false;
  if (!list_->position_offsets_.empty()) {
    const uint64_t offset = list_->position_offsets_[block];
    ok = offset < pin.size() && positions_.OpenLong(begin, begin + offset, end);
  } else {
    ok = positions_.OpenShort(begin, end, list_->total_freq_);
  }
  if (!ok) {
    positions_ = PositionBlock();
    return list_->Fail(PostingList::Damage::kPositions, block);
  }
  block_ = block;
  return true;
}

const uint8_t* PositionReader::BoundaryOf(uint32_t block) const {
  if (list_->position_offsets_.empty()) return nullptr;
  const uint64_t offset = list_->position_offsets_[block];
  return offset < list_->pos_pin_.size() ? list_->pos_pin_.data() + offset : nullptr;
}

void PositionReader::WillEnter(uint32_t block) const {
  list_->WillDecode(block);
  if (const uint8_t* boundary = BoundaryOf(block); boundary != nullptr) {
    __builtin_prefetch(boundary);
  }
}

void PositionReader::WillRead(uint32_t block, uint64_t first, uint64_t count) const {
  const uint8_t* const boundary = BoundaryOf(block);
  if (boundary == nullptr) return;
  const size_t low_bits = *boundary & 31;
  const size_t room = static_cast<size_t>(boundary - list_->pos_pin_.data());
  const size_t low_end = (first + count) * low_bits / 8;
  if (first > room || count > room || low_end > room) return;
  WillLoad(boundary - low_end, count * low_bits / 8);
  // About two bits a code.
  WillLoad(boundary, (first + count) / 4);
}

uint32_t PositionReader::Read(uint32_t index, std::vector<uint32_t>* out) {
  SEGUE_DCHECK_EQ(block_, freq_block_);
  const uint32_t count = freqs_.At(index);
  const uint64_t before = index == next_index_ ? next_code_ : freqs_.SumBefore(index);
  if (ReadCodes(before, count, out) == 0) return 0;
  next_index_ = index + 1;
  next_code_ = before + count;
  return count;
}

uint32_t PositionReader::ReadCodes(uint64_t first, uint32_t count, std::vector<uint32_t>* out) {
  SEGUE_DCHECK_NE(block_, kNoBlock);
  // Bounds the allocation, too: a position takes at least a bit of the file.
  const bool fits = first <= positions_.capacity() && count <= positions_.capacity() - first;
  if (fits && out->size() < count) out->resize(count);
  if (!fits || !positions_.Decode(first, count, out->data())) {
    list_->Fail(PostingList::Damage::kPositions, block_);
    return 0;
  }
  return count;
}

}  // namespace segue

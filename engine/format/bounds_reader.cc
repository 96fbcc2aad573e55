// SPDX-License-Identifier: Apache-2.0
//
// The list's frontier is decoded at once, superblock frontiers on demand, the
// window map is used where it lies. The grammar is in bounds_writer.h.

#include "engine/format/bounds_reader.h"

#include <cstring>

#include "engine/base/byte_reader.h"
#include "engine/base/status.h"

namespace segue {
namespace {

constexpr uint8_t kWideEnds = 1 << 4;

// Reads one pair after `before` (none: norm -1). False if it does not ascend.
bool ReadImpact(ByteReader* reader, uint32_t* freq, int* norm) {
  uint32_t freq_step = 0;
  uint8_t norm_step = 0;
  reader->ReadVarint32(&freq_step);
  reader->ReadU8(&norm_step);
  const uint64_t next_freq = uint64_t{*freq} + freq_step + 1;
  const int next_norm = *norm + norm_step + 1;
  if (!reader->ok() || next_freq > UINT32_MAX || next_norm > UINT8_MAX) return false;
  *freq = static_cast<uint32_t>(next_freq);
  *norm = next_norm;
  return true;
}

bool ReadListFrontier(ByteReader* reader, std::vector<Impact>* frontier) {
  uint32_t count = 0;
  if (!reader->ReadVarint32(&count) || count == 0 || count > kMaxFrontier) return false;
  frontier->reserve(count);
  uint32_t freq = 0;
  int norm = -1;
  for (uint32_t i = 0; i < count; ++i) {
    if (!ReadImpact(reader, &freq, &norm)) return false;
    frontier->push_back({freq, static_cast<uint8_t>(norm)});
  }
  return true;
}

}  // namespace

absl::StatusOr<BoundList> BoundList::Open(const PostingsSource& source, const TermMeta& meta) {
  BoundList list;
  if (meta.bound_bytes == 0) return list;
  list.section_ = source.bound;
  list.offset_ = meta.bound_offset;
  SEGUE_ASSIGN_OR_RETURN(list.pin_, source.bound.Pin(meta.bound_offset, meta.bound_bytes));
  ByteReader reader(list.pin_.span());
  uint8_t shift = 0;
  reader.ReadU8(&shift);
  if (!ReadListFrontier(&reader, &list.list_frontier_)) return list.Corrupt("bad list frontier");
  if (shift == 0) {
    if (reader.remaining() != 0) return list.Corrupt("bytes after the list frontier");
    return list;
  }
  list.wide_ends_ = (shift & kWideEnds) != 0;
  list.window_shift_ = shift & ~uint32_t{kWideEnds};
  if (list.window_shift_ < kMinWindowShift || list.window_shift_ > kMaxWindowShift ||
      source.doc_count == 0) {
    return list.Corrupt("bad window shift");
  }
  uint64_t position = reader.position();
  const bool with_superblocks = list.window_shift_ <= kMaxFrontierShift;
  if (list.wide_ends_ && !with_superblocks) return list.Corrupt("ends without superblocks");
  if (with_superblocks && !list.OpenSuperblocks(source.doc_count, &position)) {
    return list.Corrupt("superblocks do not fit");
  }
  if (!list.OpenWindows(source.doc_count, position)) return list.Corrupt("window map does not fit");
  return list;
}

bool BoundList::OpenSuperblocks(uint32_t doc_count, uint64_t* position) {
  const uint64_t size = pin_.size();
  superblock_count_ = ((doc_count - 1) >> kSuperblockShift) + 1;
  const uint64_t end_bytes = wide_ends_ ? 4 : 2;
  if (superblock_count_ * end_bytes > size - *position) return false;
  superblock_ends_ = pin_.data() + *position;
  *position += superblock_count_ * end_bytes;
  superblocks_ = pin_.data() + *position;
  superblock_bytes_ = SuperblockEnd(superblock_count_ - 1);
  if (superblock_bytes_ > size - *position) return false;
  *position += superblock_bytes_;
  return true;
}

bool BoundList::OpenWindows(uint32_t doc_count, uint64_t position) {
  const uint64_t size = pin_.size();
  if (2 * sizeof(float) > size - position) return false;
  std::memcpy(&max_tf_norm_, pin_.data() + position, sizeof(float));
  std::memcpy(&least_tf_norm_, pin_.data() + position + sizeof(float), sizeof(float));
  if (!(max_tf_norm_ > 0 && max_tf_norm_ <= kGreatestTfNorm)) return false;
  if (!(least_tf_norm_ >= 0 && least_tf_norm_ <= max_tf_norm_)) return false;
  position += 2 * sizeof(float);
  // Aligned within the section, not within the list.
  const uint64_t mask = kWindowPadding - 1;
  const uint64_t aligned = ((offset_ + position + mask) & ~mask) - offset_;
  const uint64_t windows = ((doc_count - 1) >> window_shift_) + 1;
  const uint64_t padded = (windows + mask) & ~mask;
  if (aligned > size || padded != size - aligned) return false;
  uint8_t zeros = 0;
  for (uint64_t i = position; i < aligned; ++i) zeros |= pin_.data()[i];
  for (uint64_t i = windows; i < padded; ++i) zeros |= pin_.data()[aligned + i];
  if (zeros != 0) return false;
  windows_ = {pin_.data() + aligned, padded};
  return true;
}

uint32_t BoundList::SuperblockEnd(uint32_t superblock) const {
  uint32_t end = 0;
  if (wide_ends_) {
    std::memcpy(&end, superblock_ends_ + 4 * size_t{superblock}, 4);
  } else {
    std::memcpy(&end, superblock_ends_ + 2 * size_t{superblock}, 2);
  }
  return end;
}

absl::StatusOr<uint32_t> BoundList::ReadFrontier(uint32_t superblock, Impact* out) const {
  SEGUE_DCHECK_LT(superblock, superblock_count_);
  const uint32_t begin = superblock == 0 ? 0 : SuperblockEnd(superblock - 1);
  const uint32_t end = SuperblockEnd(superblock);
  if (begin > end || end > superblock_bytes_) return Corrupt("superblock offsets");
  ByteReader reader(std::span<const uint8_t>(superblocks_ + begin, end - begin));
  uint32_t count = 0;
  uint32_t freq = 0;
  int norm = -1;
  while (reader.remaining() != 0) {
    if (count == kMaxSuperblockFrontier || !ReadImpact(&reader, &freq, &norm)) {
      return Corrupt("bad superblock frontier");
    }
    out[count++] = {freq, static_cast<uint8_t>(norm)};
  }
  return count;
}

absl::Status BoundList::Corrupt(std::string_view what) const {
  return section_.Corrupt(offset_, what);
}

}  // namespace segue

// SPDX-License-Identifier: Apache-2.0
#include "engine/write/token_log.h"

namespace segue {

void TokenLog::AddChunk(size_t units) {
  if (!chunks_.empty()) chunks_.back()[used_] = kChunkEnd;
  size_ = NextSize(units);
  chunks_.emplace_back(size_ + kSlackUnits);
  std::fill_n(chunks_.back().data() + size_, kSlackUnits, kChunkEnd);
  sizes_.push_back(size_);
  memory_bytes_ += size_ * sizeof(uint16_t);
  used_ = 0;
}

void TokenLog::TruncateTo(const Mark& mark) {
  while (chunks_.size() > mark.chunks) {
    memory_bytes_ -= sizes_.back() * sizeof(uint16_t);
    chunks_.pop_back();
    sizes_.pop_back();
  }
  used_ = mark.used;
  size_ = sizes_.empty() ? 0 : sizes_.back();
  tokens_ = mark.tokens;
}

void TokenLog::Seal() {
  if (!chunks_.empty()) chunks_.back()[used_] = kChunkEnd;
}

size_t TokenLog::MiddleChunk() const {
  size_t chunk = 0;
  for (size_t units = memory_bytes_ / sizeof(uint16_t) / 2; units >= sizes_[chunk]; ++chunk) {
    units -= sizes_[chunk];
  }
  return chunk;
}

}  // namespace segue

// SPDX-License-Identifier: Apache-2.0
//
// ByteLog: byte strings one after the other, read back in the same order.
// Memory comes in chunks that never move. One thread at a time.
#ifndef SEGUE_WRITE_BYTE_LOG_H_
#define SEGUE_WRITE_BYTE_LOG_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

#include "engine/write/gentle_vector.h"
#include "engine/write/huge_array.h"

namespace segue {

class ByteLog {
 public:
  void Append(std::string_view bytes) {
    if (used_ + bytes.size() > size_) {
      size_ = NextSize(bytes.size());
      chunks_.emplace_back(size_);
      memory_bytes_ += size_;
      used_ = 0;
    }
    if (!bytes.empty()) {
      std::memcpy(chunks_.back().data() + used_, bytes.data(), bytes.size());
    }
    used_ += bytes.size();
    ends_.push_back({static_cast<uint32_t>(chunks_.size()), static_cast<uint32_t>(used_)});
  }

  size_t size() const { return ends_.size(); }
  size_t memory_bytes() const { return memory_bytes_ + ends_.memory_bytes(); }
  // Memory that a further string could take.
  size_t BytesToAdd(size_t bytes) const {
    return (used_ + bytes > size_ ? NextSize(bytes) : 0) + ends_.BytesToAdd(1);
  }

  // REQUIRES: index < size().
  std::string_view Get(size_t index) const {
    const End end = ends_[index];
    if (end.chunk == 0) return {};
    const size_t begin =
        index > 0 && ends_[index - 1].chunk == end.chunk ? ends_[index - 1].offset : 0;
    return {chunks_[end.chunk - 1].data() + begin, end.offset - begin};
  }

 private:
  static constexpr size_t kFirstChunkBytes = 4096;
  static constexpr size_t kLastChunkBytes = kSystemMemoryFrom;
  struct End {
    uint32_t chunk;   // 1-based; 0: an empty string before the first chunk
    uint32_t offset;  // in it
  };

  size_t NextSize(size_t bytes) const {
    return std::max(std::clamp(2 * size_, kFirstChunkBytes, kLastChunkBytes), bytes);
  }

  std::vector<HugeArray<char>> chunks_;
  GentleVector<End> ends_;
  size_t used_ = 0;
  size_t size_ = 0;
  size_t memory_bytes_ = 0;
};

}  // namespace segue

#endif  // SEGUE_WRITE_BYTE_LOG_H_

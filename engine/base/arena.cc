// SPDX-License-Identifier: Apache-2.0
#include "engine/base/arena.h"

#include <algorithm>
#include <cstring>
#include <new>

#include "engine/base/check.h"

namespace segue {
namespace {
constexpr std::align_val_t kBlockAlignment{64};
}  // namespace

void Arena::AlignedDelete::operator()(char* block) const {
  ::operator delete(block, kBlockAlignment);
}

void* Arena::AllocateSlow(size_t bytes, size_t alignment) {
  SEGUE_DCHECK(alignment <= 64 && (alignment & (alignment - 1)) == 0);
  const size_t left = limit_bytes_ - reserved_bytes_;
  // Near the limit the last block is as small as what is left.
  const size_t block_bytes = std::max(bytes, std::min(kBlockBytes, exhausted_ ? 0 : left));
  if (exhausted_ || block_bytes > left) {
    exhausted_ = true;
    return nullptr;
  }
  char* block = static_cast<char*>(::operator new(block_bytes, kBlockAlignment, std::nothrow));
  if (block == nullptr) {
    exhausted_ = true;
    return nullptr;
  }
  blocks_.emplace_back(block);
  reserved_bytes_ += block_bytes;
  // A large request must not waste what is left of the current block.
  if (block_bytes - bytes > static_cast<size_t>(end_ - next_)) {
    next_ = block + bytes;
    end_ = block + block_bytes;
  }
  return block;
}

std::string_view Arena::Copy(std::string_view bytes) {
  char* copy = static_cast<char*>(Allocate(bytes.size(), 1));
  if (copy == nullptr || bytes.empty()) return {};
  std::memcpy(copy, bytes.data(), bytes.size());
  return std::string_view(copy, bytes.size());
}

void Arena::Reset() {
  blocks_.clear();
  next_ = end_ = nullptr;
  reserved_bytes_ = 0;
  exhausted_ = false;
}

}  // namespace segue

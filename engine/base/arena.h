// SPDX-License-Identifier: Apache-2.0
//
// Arena: memory for the life of one query or one buffer, given out by moving a
// pointer and freed all at once. It has a limit: at the limit Allocate returns
// nullptr, once and for all, and the owner turns that into kResourceExhausted.
//
// Destructors of objects inside are not run: put trivially destructible things
// there. One thread at a time.
#ifndef SEGUE_BASE_ARENA_H_
#define SEGUE_BASE_ARENA_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <type_traits>
#include <vector>

namespace segue {

class Arena {
 public:
  // Blocks are taken from the system in this size; larger requests get their
  // own.
  static constexpr size_t kBlockBytes = 64 * 1024;

  explicit Arena(size_t limit_bytes = SIZE_MAX) : limit_bytes_(limit_bytes) {}
  Arena(Arena&&) = default;
  Arena& operator=(Arena&&) = default;

  // `bytes` uninitialised bytes, or nullptr at the limit or when the system has
  // no memory. `alignment` is a power of two, at most 64.
  void* Allocate(size_t bytes, size_t alignment = alignof(std::max_align_t)) {
    const uintptr_t start = (reinterpret_cast<uintptr_t>(next_) + alignment - 1) & ~(alignment - 1);
    const uintptr_t end = reinterpret_cast<uintptr_t>(end_);
    if (start <= end && bytes <= end - start && next_ != nullptr) [[likely]] {
      next_ = reinterpret_cast<char*>(start + bytes);
      return reinterpret_cast<void*>(start);
    }
    return AllocateSlow(bytes, alignment);
  }

  // `count` uninitialised elements, or nullptr.
  template <typename T>
  T* AllocateArray(size_t count) {
    static_assert(std::is_trivially_destructible_v<T>);
    if (count > SIZE_MAX / sizeof(T)) {
      exhausted_ = true;
      return nullptr;
    }
    return static_cast<T*>(Allocate(count * sizeof(T), alignof(T)));
  }

  // A copy of `bytes` that lives as long as the arena; empty if exhausted.
  std::string_view Copy(std::string_view bytes);

  // True once an allocation failed.
  bool exhausted() const { return exhausted_; }
  // Taken from the system so far; what the limit bounds.
  size_t reserved_bytes() const { return reserved_bytes_; }
  size_t limit_bytes() const { return limit_bytes_; }

  // Frees everything; the limit stays.
  void Reset();

 private:
  struct AlignedDelete {
    void operator()(char* block) const;
  };

  void* AllocateSlow(size_t bytes, size_t alignment);

  char* next_ = nullptr;
  char* end_ = nullptr;
  size_t limit_bytes_;
  size_t reserved_bytes_ = 0;
  bool exhausted_ = false;
  std::vector<std::unique_ptr<char, AlignedDelete>> blocks_;
};

}  // namespace segue

#endif  // SEGUE_BASE_ARENA_H_

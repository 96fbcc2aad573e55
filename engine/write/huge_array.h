// SPDX-License-Identifier: Apache-2.0
//
// HugeArray: an uninitialised array that is written and read at random. Where the
// system offers it, it lies in huge pages: with small ones nearly every access
// to an array of tens of megabytes costs a page walk as well.
#ifndef SEGUE_WRITE_HUGE_ARRAY_H_
#define SEGUE_WRITE_HUGE_ARRAY_H_

#if defined(__linux__)
#include <sys/mman.h>
#endif

#include <cstddef>
#include <cstdlib>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>

namespace segue {

template <typename T>
class HugeArray {
 public:
  static_assert(std::is_trivial_v<T>);

  HugeArray() = default;
  explicit HugeArray(size_t size) : size_(size) {
    if (size == 0) return;
    const size_t alignment = size * sizeof(T) >= kHugePageBytes ? kHugePageBytes : kCacheLineBytes;
    const size_t bytes = (size * sizeof(T) + alignment - 1) / alignment * alignment;
    void* memory = std::aligned_alloc(alignment, bytes);
    if (memory == nullptr) throw std::bad_alloc();
#if defined(__linux__)
    // A hint; without it the array works as well, only slower.
    if (alignment == kHugePageBytes) {
      (void)::madvise(memory, bytes, MADV_HUGEPAGE);
    }
#endif
    data_.reset(static_cast<T*>(memory));
  }
  HugeArray(HugeArray&& other) noexcept
      : data_(std::move(other.data_)), size_(std::exchange(other.size_, 0)) {}
  HugeArray& operator=(HugeArray&& other) noexcept {
    data_ = std::move(other.data_);
    size_ = std::exchange(other.size_, 0);
    return *this;
  }

  T* data() { return data_.get(); }
  const T* data() const { return data_.get(); }
  size_t size() const { return size_; }
  T& operator[](size_t i) { return data_.get()[i]; }
  const T& operator[](size_t i) const { return data_.get()[i]; }
  T* begin() { return data(); }
  T* end() { return data() + size_; }

 private:
  static constexpr size_t kHugePageBytes = size_t{2} << 20;
  static constexpr size_t kCacheLineBytes = 64;
  struct Free {
    void operator()(T* memory) const { std::free(memory); }
  };

  std::unique_ptr<T, Free> data_;
  size_t size_ = 0;
};

}  // namespace segue

#endif  // SEGUE_WRITE_HUGE_ARRAY_H_

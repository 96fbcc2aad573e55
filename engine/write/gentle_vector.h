// SPDX-License-Identifier: Apache-2.0
//
// GentleVector: values one after the other, in an array that grows in small steps, where memory is
// counted: ten million values should not hold memory for twenty, nor for a moment be there twice.
#ifndef SEGUE_WRITE_GENTLE_VECTOR_H_
#define SEGUE_WRITE_GENTLE_VECTOR_H_

#include <algorithm>
#include <cstddef>
#include <type_traits>
#include <utility>

#include "engine/write/system_memory.h"

namespace segue {

template <typename T>
class GentleVector {
 public:
  static_assert(std::is_trivially_copyable_v<T>);

  GentleVector() = default;
  GentleVector(GentleVector&& other) noexcept { *this = std::move(other); }
  GentleVector& operator=(GentleVector&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    std::swap(capacity_, other.capacity_);
    return *this;
  }
  ~GentleVector() {
    if (data_ != nullptr) FreeMemory(data_, memory_bytes());
  }

  void push_back(const T& value) {
    if (size_ == capacity_) [[unlikely]]
      Grow();
    data_[size_++] = value;
  }
  // REQUIRES: size <= size().
  void Truncate(size_t size) { size_ = size; }

  bool empty() const { return size_ == 0; }
  size_t size() const { return size_; }
  T& operator[](size_t i) { return data_[i]; }
  const T& operator[](size_t i) const { return data_[i]; }
  const T* begin() const { return data_; }
  const T* end() const { return data_ + size_; }

  size_t memory_bytes() const { return capacity_ * sizeof(T); }
  // Memory that `more` values could take in addition. While a small array grows it is there twice.
  size_t BytesToAdd(size_t more) const {
    if (size_ + more <= capacity_) return 0;
    const size_t grown = std::max(NextCapacity(), size_ + more) * sizeof(T);
    return memory_bytes() < kSystemMemoryFrom ? grown : grown - memory_bytes();
  }

 private:
  // From 64 Ki values on by a quarter instead of doubling.
  size_t NextCapacity() const {
    constexpr size_t kGentleFrom = size_t{1} << 16;
    if (capacity_ < kGentleFrom) return std::max<size_t>(2 * capacity_, 16);
    return capacity_ + capacity_ / 4;
  }
  void Grow() {
    const size_t capacity = NextCapacity();
    data_ = static_cast<T*>(GrowMemory(data_, memory_bytes(), capacity * sizeof(T)));
    capacity_ = capacity;
  }

  T* data_ = nullptr;
  size_t size_ = 0;
  size_t capacity_ = 0;
};

}  // namespace segue

#endif  // SEGUE_WRITE_GENTLE_VECTOR_H_

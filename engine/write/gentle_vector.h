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
  // Memory that `more` values could take in addition, one after the other. While a small array
  // grows it is there twice.
  size_t BytesToAdd(size_t more) const {
    size_t before = 0, capacity = capacity_;
    while (capacity < size_ + more) {
      before = std::exchange(capacity, NextCapacity(capacity));
    }
    if (before * sizeof(T) >= kSystemMemoryFrom) before = 0;
    return (capacity - capacity_ + before) * sizeof(T);
  }

 private:
  // From 64 Ki values on by a quarter instead of doubling.
  static size_t NextCapacity(size_t capacity) {
    constexpr size_t kGentleFrom = size_t{1} << 16;
    if (capacity < kGentleFrom) return std::max<size_t>(2 * capacity, 16);
    return capacity + capacity / 4;
  }
  void Grow() {
    const size_t capacity = NextCapacity(capacity_);
    data_ = static_cast<T*>(GrowMemory(data_, memory_bytes(), capacity * sizeof(T)));
    capacity_ = capacity;
  }

  T* data_ = nullptr;
  size_t size_ = 0;
  size_t capacity_ = 0;
};

}  // namespace segue

#endif  // SEGUE_WRITE_GENTLE_VECTOR_H_

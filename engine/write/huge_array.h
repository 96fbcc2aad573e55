// SPDX-License-Identifier: Apache-2.0
//
// HugeArray: an uninitialised array that is written and read at random.
#ifndef SEGUE_WRITE_HUGE_ARRAY_H_
#define SEGUE_WRITE_HUGE_ARRAY_H_

#include <cstddef>
#include <type_traits>
#include <utility>

#include "engine/write/system_memory.h"

namespace segue {

template <typename T>
class HugeArray {
 public:
  static_assert(std::is_trivial_v<T>);

  HugeArray() = default;
  explicit HugeArray(size_t size)
      : data_(size == 0 ? nullptr : static_cast<T*>(AllocateMemory(size * sizeof(T)))),
        size_(size) {}
  HugeArray(HugeArray&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}
  HugeArray& operator=(HugeArray&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    other.Free();
    return *this;
  }
  ~HugeArray() { Free(); }

  T* data() { return data_; }
  const T* data() const { return data_; }
  size_t size() const { return size_; }
  T& operator[](size_t i) { return data_[i]; }
  const T& operator[](size_t i) const { return data_[i]; }
  T* begin() { return data(); }
  T* end() { return data() + size_; }
  const T* begin() const { return data(); }
  const T* end() const { return data() + size_; }

 private:
  void Free() {
    if (data_ != nullptr) FreeMemory(data_, size_ * sizeof(T));
    data_ = nullptr;
    size_ = 0;
  }

  T* data_ = nullptr;
  size_t size_ = 0;
};

}  // namespace segue

#endif  // SEGUE_WRITE_HUGE_ARRAY_H_

// SPDX-License-Identifier: Apache-2.0
#ifndef SEGUE_TESTS_SIMD_GUARDED_H_
#define SEGUE_TESTS_SIMD_GUARDED_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <vector>

namespace segue {

// An output of `count` elements and room for `room` more, at any alignment of its type, between
// bytes of a pattern: whoever writes outside of both is found in any build.
template <typename T>
class Guarded {
 public:
  explicit Guarded(size_t count, size_t room = 0, size_t misaligned_elements = 0)
      : begin_(kGuardBytes + misaligned_elements * sizeof(T)),
        end_(begin_ + (count + room) * sizeof(T)),
        bytes_(new uint8_t[end_ + kGuardBytes]) {
    std::memset(bytes_.get(), kPattern, end_ + kGuardBytes);
  }

  T* data() { return reinterpret_cast<T*>(bytes_.get() + begin_); }
  T& operator[](size_t i) { return data()[i]; }
  std::vector<T> First(size_t count) { return {data(), data() + count}; }
  void Fill(const std::vector<T>& values) {
    if (!values.empty()) std::memcpy(data(), values.data(), values.size() * sizeof(T));
  }

  bool IsIntact() const {
    for (size_t i = 0; i < end_ + kGuardBytes; ++i) {
      if (i == begin_) i = end_;
      if (bytes_[i] != kPattern) return false;
    }
    return true;
  }

 private:
  static constexpr size_t kGuardBytes = 128;  // a multiple of any vector
  static constexpr uint8_t kPattern = 0xA5;

  size_t begin_, end_;
  std::unique_ptr<uint8_t[]> bytes_;
};

}  // namespace segue

#endif  // SEGUE_TESTS_SIMD_GUARDED_H_

// SPDX-License-Identifier: Apache-2.0
#ifndef SEGUE_TESTS_SIMD_EXACT_H_
#define SEGUE_TESTS_SIMD_EXACT_H_

#include <cstddef>
#include <cstdint>
#include <memory>

namespace segue {

// Exactly `size` elements on the heap, with `slack` bytes that may be read, so
// that AddressSanitizer sees what is read or written beyond.
template <typename T>
struct Exact {
  explicit Exact(size_t size, size_t slack_bytes = 0, size_t misalign = 0)
      : bytes(new uint8_t[size * sizeof(T) + slack_bytes + misalign]()), offset(misalign) {}
  T* data() { return reinterpret_cast<T*>(bytes.get() + offset); }
  T& operator[](size_t i) { return data()[i]; }
  std::unique_ptr<uint8_t[]> bytes;
  size_t offset;
};

}  // namespace segue

#endif  // SEGUE_TESTS_SIMD_EXACT_H_

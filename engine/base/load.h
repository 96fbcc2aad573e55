// SPDX-License-Identifier: Apache-2.0
//
// Integers from where they lie in a file: little-endian, at any address. The caller knows that the
// bytes are there; base/byte_reader.h checks.
#ifndef SEGUE_BASE_LOAD_H_
#define SEGUE_BASE_LOAD_H_

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace segue {

static_assert(std::endian::native == std::endian::little, "integers are read as they lie there");

// Of the cache; what prefetches count in.
inline constexpr size_t kLineBytes = 64;

inline uint16_t LoadU16(const uint8_t* p) {
  uint16_t value;
  std::memcpy(&value, p, sizeof(value));
  return value;
}

inline uint32_t LoadU32(const uint8_t* p) {
  uint32_t value;
  std::memcpy(&value, p, sizeof(value));
  return value;
}

inline uint64_t LoadU64(const uint8_t* p) {
  uint64_t value;
  std::memcpy(&value, p, sizeof(value));
  return value;
}

}  // namespace segue

#endif  // SEGUE_BASE_LOAD_H_

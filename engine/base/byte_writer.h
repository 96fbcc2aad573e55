// SPDX-License-Identifier: Apache-2.0
//
// ByteWriter: the counterpart of ByteReader, over a growing string.
#ifndef SEGUE_BASE_BYTE_WRITER_H_
#define SEGUE_BASE_BYTE_WRITER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "engine/base/check.h"

namespace segue {

// As ByteWriter::PutVarint32, behind other bytes.
inline void AppendVarint(uint32_t value, std::string* out) {
  for (; value >= 0x80; value >>= 7) out->push_back(static_cast<char>(value | 0x80));
  out->push_back(static_cast<char>(value));
}

// Its lowest `bytes` bytes, little-endian, behind other bytes.
inline void AppendLittleEndian(uint32_t value, uint32_t bytes, std::string* out) {
  for (uint32_t i = 0; i < bytes; ++i) out->push_back(static_cast<char>(value >> (8 * i)));
}

class ByteWriter {
 public:
  void PutU8(uint8_t value) { bytes_.push_back(static_cast<char>(value)); }
  void PutU16(uint16_t value) { PutFixed(value); }
  void PutU32(uint32_t value) { PutFixed(value); }
  void PutU64(uint64_t value) { PutFixed(value); }
  void PutVarint32(uint32_t value) { PutVarint64(value); }
  void PutVarint64(uint64_t value) {
    while (value >= 0x80) {
      PutU8(static_cast<uint8_t>(value | 0x80));
      value >>= 7;
    }
    PutU8(static_cast<uint8_t>(value));
  }
  void PutBytes(std::string_view bytes) { bytes_.append(bytes); }
  // A varint length, then the bytes.
  void PutLengthPrefixed(std::string_view bytes) {
    PutVarint64(bytes.size());
    PutBytes(bytes);
  }
  // Appends zeros until size() is a multiple of `alignment` (a power of two).
  void PadTo(size_t alignment) {
    SEGUE_DCHECK(alignment != 0 && (alignment & (alignment - 1)) == 0);
    bytes_.resize((bytes_.size() + alignment - 1) & ~(alignment - 1), '\0');
  }
  // Overwrites four bytes written before, such as a length known only later.
  void PatchU32(size_t offset, uint32_t value) {
    SEGUE_DCHECK_LE(offset + sizeof(value), bytes_.size());
    for (size_t i = 0; i < sizeof(value); ++i) {
      bytes_[offset + i] = static_cast<char>(value >> (8 * i));
    }
  }

  size_t size() const { return bytes_.size(); }
  std::string_view view() const { return bytes_; }
  void Clear() { bytes_.clear(); }
  // The bytes; the writer is empty afterwards.
  std::string Take() { return std::exchange(bytes_, std::string()); }

 private:
  template <typename T>
  void PutFixed(T value) {
    char raw[sizeof(T)];
    for (size_t i = 0; i < sizeof(T); ++i) {
      raw[i] = static_cast<char>(value >> (8 * i));
    }
    bytes_.append(raw, sizeof(T));
  }

  std::string bytes_;
};

}  // namespace segue

#endif  // SEGUE_BASE_BYTE_WRITER_H_

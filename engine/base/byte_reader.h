// SPDX-License-Identifier: Apache-2.0
//
// ByteReader: the only way in which headers, dictionaries and tables are
// decoded. It cannot read past its bytes.
//
//   ByteReader reader(bytes);
//   uint32_t count;
//   std::string_view name;
//   reader.ReadVarint32(&count);
//   reader.ReadLengthPrefixed(&name);
//   if (!reader.ok()) return Error(ErrorCode::kDataLoss, …reader.position()…);
//
// A failed read sets its result to zero or empty, leaves position() where the
// bad item starts, and makes every later read fail too, so that one check at
// the end of a record is enough. A loop over a count read from the bytes must
// still bound the count (`count <= reader.remaining()`) before it allocates.
#ifndef SEGUE_BASE_BYTE_READER_H_
#define SEGUE_BASE_BYTE_READER_H_

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

namespace segue {

static_assert(std::endian::native == std::endian::little,
              "file formats are little endian and read in place");

class ByteReader {
 public:
  ByteReader() = default;
  // The bytes must outlive the reader and the views it hands out.
  explicit ByteReader(std::span<const uint8_t> bytes)
      : begin_(bytes.data()), next_(bytes.data()), end_(bytes.data() + bytes.size()) {}
  explicit ByteReader(std::string_view bytes)
      : ByteReader(std::span<const uint8_t>(reinterpret_cast<const uint8_t*>(bytes.data()),
                                            bytes.size())) {}

  bool ReadU8(uint8_t* value) { return ReadFixed(value); }
  bool ReadU16(uint16_t* value) { return ReadFixed(value); }
  bool ReadU32(uint32_t* value) { return ReadFixed(value); }
  bool ReadU64(uint64_t* value) { return ReadFixed(value); }

  // Seven bits a byte, low ones first. Fails on a value that does not fit.
  bool ReadVarint32(uint32_t* value) {
    uint64_t wide = 0;
    const uint8_t* start = next_;
    if (!ReadVarint64(&wide) || wide > UINT32_MAX) {
      *value = 0;
      next_ = start;
      return Fail();
    }
    *value = static_cast<uint32_t>(wide);
    return true;
  }
  bool ReadVarint64(uint64_t* value) {
    if (ok_ && next_ < end_ && *next_ < 0x80) [[likely]] {
      *value = *next_++;
      return true;
    }
    return ReadVarint64Slow(value);
  }

  bool ReadBytes(size_t n, std::string_view* bytes) {
    if (!ok_ || n > remaining()) {
      *bytes = {};
      return Fail();
    }
    *bytes = std::string_view(reinterpret_cast<const char*>(next_), n);
    next_ += n;
    return true;
  }
  // A varint length, then so many bytes.
  bool ReadLengthPrefixed(std::string_view* bytes) {
    const uint8_t* start = next_;
    uint64_t length = 0;
    if (!ReadVarint64(&length) || length > remaining()) {
      *bytes = {};
      next_ = start;
      return Fail();
    }
    return ReadBytes(static_cast<size_t>(length), bytes);
  }
  bool Skip(size_t n) {
    if (!ok_ || n > remaining()) return Fail();
    next_ += n;
    return true;
  }

  size_t remaining() const { return static_cast<size_t>(end_ - next_); }
  // Offset of the next byte; after a failure, of the item that failed.
  size_t position() const { return static_cast<size_t>(next_ - begin_); }
  bool ok() const { return ok_; }
  // True if all was read and nothing failed.
  bool done() const { return ok_ && next_ == end_; }

 private:
  template <typename T>
  bool ReadFixed(T* value) {
    if (!ok_ || remaining() < sizeof(T)) {
      *value = 0;
      return Fail();
    }
    std::memcpy(value, next_, sizeof(T));
    next_ += sizeof(T);
    return true;
  }
  bool ReadVarint64Slow(uint64_t* value);
  bool Fail() {
    ok_ = false;
    return false;
  }

  const uint8_t* begin_ = nullptr;
  const uint8_t* next_ = nullptr;
  const uint8_t* end_ = nullptr;
  bool ok_ = true;
};

}  // namespace segue

#endif  // SEGUE_BASE_BYTE_READER_H_

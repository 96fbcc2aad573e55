// SPDX-License-Identifier: Apache-2.0
#include "engine/base/byte_reader.h"

namespace segue {

bool ByteReader::ReadVarint64Slow(uint64_t* value) {
  *value = 0;
  if (!ok_) return false;
  uint64_t result = 0;
  const uint8_t* cursor = next_;
  for (int shift = 0; cursor < end_; shift += 7) {
    const uint64_t byte = *cursor++;
    // The tenth byte has room for one bit only, and is the last.
    if (shift == 63 && byte > 1) return Fail();
    result |= (byte & 0x7f) << shift;
    if (byte < 0x80) {
      *value = result;
      next_ = cursor;
      return true;
    }
  }
  return Fail();
}

}  // namespace segue

// SPDX-License-Identifier: Apache-2.0
//
// UTF-8 in loops over every character: the well-formed cases inline, all else as
// engine/base/utf8.h.
#ifndef SEGUE_TEXT_UTF8_INLINE_H_
#define SEGUE_TEXT_UTF8_INLINE_H_

#include <cstddef>
#include <cstdint>

#include "engine/base/utf8.h"

namespace segue {

inline bool IsUtf8Trail(uint8_t byte) { return (byte & 0xc0) == 0x80; }

// As DecodeUtf8. REQUIRES: p < end.
inline size_t DecodeUtf8Inline(const uint8_t* p, const uint8_t* end, char32_t* cp) {
  const uint8_t lead = *p;
  if (lead < 0x80) {
    *cp = lead;
    return 1;
  }
  if (lead < 0xe0) {
    if (lead >= 0xc2 && end - p >= 2 && IsUtf8Trail(p[1])) {
      *cp = static_cast<char32_t>((lead & 0x1f) << 6 | (p[1] & 0x3f));
      return 2;
    }
  } else if (lead < 0xf0 && end - p >= 3 && IsUtf8Trail(p[1]) && IsUtf8Trail(p[2])) {
    const char32_t decoded =
        static_cast<char32_t>((lead & 0x0f) << 12 | (p[1] & 0x3f) << 6 | (p[2] & 0x3f));
    if (decoded >= 0x800 && (decoded < 0xd800 || decoded >= 0xe000)) {
      *cp = decoded;
      return 3;
    }
  }
  return DecodeUtf8(p, end, cp);
}

// Bytes of `cp` in UTF-8. REQUIRES: a code point that is no surrogate.
inline size_t Utf8Bytes(char32_t cp) {
  return cp < 0x80 ? 1 : cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;
}

// Writes `cp` to `out`, which has room; returns its bytes. REQUIRES: as Utf8Bytes.
inline size_t EncodeUtf8(char32_t cp, uint8_t* out) {
  const size_t bytes = Utf8Bytes(cp);
  static constexpr uint8_t kLead[5] = {0, 0, 0xc0, 0xe0, 0xf0};
  for (size_t i = bytes - 1; i > 0; --i, cp >>= 6)
    out[i] = static_cast<uint8_t>(0x80 | (cp & 0x3f));
  out[0] = static_cast<uint8_t>(kLead[bytes] | cp);
  return bytes;
}

}  // namespace segue

#endif  // SEGUE_TEXT_UTF8_INLINE_H_

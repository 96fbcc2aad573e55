// SPDX-License-Identifier: Apache-2.0
//
// UTF-8 by code point. Malformed input never fails: each maximal subpart of an
// ill-formed sequence reads as one U+FFFD (Unicode 15, section 3.9, table 3-8),
// as in the WHATWG decoder.
#ifndef SEGUE_BASE_UTF8_H_
#define SEGUE_BASE_UTF8_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace segue {

inline constexpr char32_t kReplacementCharacter = 0xfffd;

namespace utf8_internal {
size_t DecodeMultibyte(const uint8_t* p, const uint8_t* end, char32_t* cp);
}

// Decodes the code point at `p`; returns the bytes it takes, 1 to 4.
// REQUIRES: p < end.
inline size_t DecodeUtf8(const uint8_t* p, const uint8_t* end, char32_t* cp) {
  if (*p < 0x80) [[likely]] {
    *cp = *p;
    return 1;
  }
  return utf8_internal::DecodeMultibyte(p, end, cp);
}

// Appends `cp`; surrogates and values above U+10FFFF become U+FFFD.
void AppendUtf8(char32_t cp, std::string* out);

bool IsValidUtf8(std::string_view bytes);

// How many characters valid UTF-8 has.
size_t CountCharacters(std::string_view text);

// A copy with every malformed part replaced by U+FFFD.
std::string ToValidUtf8(std::string_view bytes);

}  // namespace segue

#endif  // SEGUE_BASE_UTF8_H_

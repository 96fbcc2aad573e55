// SPDX-License-Identifier: Apache-2.0
//
// Properties of characters, from tables made of the Unicode data files (engine/text/tools). All
// look-ups are constant time, except ToAscii and the rare foldings to several characters (a
// bisection). Any value of char32_t is fine; those that are no code point have no properties.
#ifndef SEGUE_TEXT_UNICODE_H_
#define SEGUE_TEXT_UNICODE_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace segue {

// "15.0.0": of the tables here.
std::string_view UnicodeVersion();

// General category L*, as Java's Character.isLetter.
bool IsLetter(char32_t cp);

// As Java's Character.isWhitespace: separators except the non-breaking ones, and the ASCII controls
// that separate.
bool IsWhitespace(char32_t cp);

// Simple lower case: one code point to one, whatever stands beside it.
char32_t ToLower(char32_t cp);

// Full case folding: writes 1 to 3 code points and returns how many.
size_t FoldCase(char32_t cp, char32_t out[3]);

// The ASCII text that stands for `cp` when diacritics are dropped ("e" for é, "ss" for ß), or an
// empty view if there is none. Some signs stand for ASCII too: dashes, quotes, fractions.
std::string_view ToAscii(char32_t cp);

// A combining mark of general use, as it follows a letter in decomposed text.
bool IsDiacritic(char32_t cp);

// Whether all bytes are below 0x80.
inline bool IsAscii(std::string_view bytes) {
  uint8_t all = 0;
  for (char c : bytes) all |= static_cast<uint8_t>(c);
  return all < 0x80;
}

}  // namespace segue

#endif  // SEGUE_TEXT_UNICODE_H_

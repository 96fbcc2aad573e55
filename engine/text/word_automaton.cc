// SPDX-License-Identifier: Apache-2.0
//
// Runs the automaton until no token can continue and remembers the last state that may end one.
#include "engine/text/word_automaton.h"

#include "engine/text/unicode.h"
#include "engine/text/utf8_inline.h"

namespace segue {
namespace {

#include "engine/text/word_tables.inc"

constexpr uint8_t kDead = 0;
constexpr uint8_t kStart = 1;

inline uint8_t ClassOf(char32_t cp) {
  return kWordClassValue[size_t{kWordClassBlock[cp >> 7]} << 7 | (cp & 127)];
}

}  // namespace

std::string_view UnicodeVersion() { return kUnicodeVersion; }

WordMatch MatchWord(const uint8_t* p, const uint8_t* end, size_t max_utf16_units) {
  const uint8_t* const begin = p;
  WordMatch match;
  uint8_t state = kStart;
  size_t units = 0;
  while (p < end) {
    char32_t cp;
    const size_t bytes = DecodeUtf8Inline(p, end, &cp);
    units += cp >= 0x10000 ? 2 : 1;
    if (units > max_utf16_units) break;
    state = kWordNext[state * kWordClasses + ClassOf(cp)];
    if (state == kDead) break;
    p += bytes;
    if (kWordAccept[state] != 0) {
      match.bytes = static_cast<size_t>(p - begin);
      match.type = static_cast<TokenType>(kWordAccept[state] - 1);
    }
  }
  return match;
}

}  // namespace segue

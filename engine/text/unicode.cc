// SPDX-License-Identifier: Apache-2.0
//
// Two-stage tables: the code point's upper bits choose a block of 128 entries, equal blocks are
// stored once. Mappings store the number of a difference, since few differences exist.
#include "engine/text/unicode.h"

#include <algorithm>
#include <iterator>

namespace segue {
namespace {

#include "engine/text/char_tables.inc"

constexpr char32_t kCodePoints = 0x110000;
constexpr uint8_t kFoldsToSeveral = 255;

template <typename Block, typename Value>
Value LookUp(const Block* blocks, const Value* values, char32_t cp) {
  if (cp >= kCodePoints) return 0;
  return values[size_t{blocks[cp >> 7]} << 7 | (cp & 127)];
}

}  // namespace

bool IsLetter(char32_t cp) {
  return (LookUp(kCharKindBlock, kCharKindValue, cp) & kLetterKind) != 0;
}

bool IsWhitespace(char32_t cp) {
  return (LookUp(kCharKindBlock, kCharKindValue, cp) & kSpaceKind) != 0;
}

char32_t ToLower(char32_t cp) {
  return cp + static_cast<char32_t>(kLowerDelta[LookUp(kLowerBlock, kLowerValue, cp)]);
}

size_t FoldCase(char32_t cp, char32_t out[3]) {
  const uint8_t number = LookUp(kFoldBlock, kFoldValue, cp);
  if (number != kFoldsToSeveral) [[likely]] {
    out[0] = cp + static_cast<char32_t>(kFoldDelta[number]);
    return 1;
  }
  const auto* row =
      std::lower_bound(std::begin(kFoldSeveral), std::end(kFoldSeveral), cp,
                       [](const auto& entry, char32_t wanted) { return entry.from < wanted; });
  size_t count = 0;
  while (count < 3 && row->to[count] != 0) {
    out[count] = row->to[count];
    ++count;
  }
  return count;
}

std::string_view ToAscii(char32_t cp) {
  if ((LookUp(kCharKindBlock, kCharKindValue, cp) & kFoldsToAsciiKind) == 0) return {};
  return std::lower_bound(std::begin(kToAscii), std::end(kToAscii), cp,
                          [](const auto& entry, char32_t wanted) { return entry.from < wanted; })
      ->to;
}

bool IsDiacritic(char32_t cp) {
  for (const auto& range : kDiacritics) {
    if (cp <= range.last) return cp >= range.first;
  }
  return false;
}

}  // namespace segue

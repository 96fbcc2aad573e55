// SPDX-License-Identifier: Apache-2.0
//
// Text as every engine of a comparison gets it: words of a-z and 0-9 with one space between. Every
// analyzer splits such text alike, so that what differs is the engine.
#ifndef SEGUE_CORPUS_GAME_TEXT_H_
#define SEGUE_CORPUS_GAME_TEXT_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace segue {

// Longer words are dropped: they are debris (URLs, formulas), and some engines would cut them.
inline constexpr size_t kMaxGameWordBytes = 64;

// The lower-case letter or digit that an ASCII letter or digit becomes; 0 for every other byte.
inline constexpr std::array<char, 256> kGameCharacter = [] {
  std::array<char, 256> table{};
  for (char c = '0'; c <= '9'; ++c) table[static_cast<uint8_t>(c)] = c;
  for (char c = 'a'; c <= 'z'; ++c) table[static_cast<uint8_t>(c)] = c;
  for (char c = 'A'; c <= 'Z'; ++c) table[static_cast<uint8_t>(c)] = static_cast<char>(c + 32);
  return table;
}();

// Appends the words of UTF-8 text to *out, which holds nothing or words already; returns how many.
// ASCII letters become lower case; other letters become the ASCII letters that stand for them
// ("Dvořák" is dvorak, "ß" ss), or separate words if there are none; combining marks vanish;
// everything else, malformed bytes included, separates words.
size_t AppendGameText(std::string_view text, std::string* out);

// Whether `text` is what AppendGameText makes, with at least one word.
bool IsGameText(std::string_view text);

}  // namespace segue

#endif  // SEGUE_CORPUS_GAME_TEXT_H_

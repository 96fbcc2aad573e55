// SPDX-License-Identifier: Apache-2.0
#include "engine/pattern/wildcard.h"

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "engine/base/utf8.h"

namespace segue {

PatternProgram CompileWildcard(std::string_view pattern) {
  using Kind = PatternInstruction::Kind;
  PatternCode code;
  std::vector<CharacterSet> sets = {CharacterSet::Any()};
  std::map<char32_t, uint32_t> set_of;  // where a character stands for itself
  const auto* at = reinterpret_cast<const uint8_t*>(pattern.data());
  const uint8_t* end = at + pattern.size();
  bool after_star = false;  // a second star says nothing new
  while (at < end) {
    char32_t character = 0;
    at += DecodeUtf8(at, end, &character);
    if (character == '*') {
      if (!after_star) {
        code.push_back({.kind = Kind::kSplit, .jumps = {1, 3}});
        code.push_back({.kind = Kind::kSet, .set = 0});
        code.push_back({.kind = Kind::kJump, .jumps = {-2, 0}});
      }
      after_star = true;
      continue;
    }
    after_star = false;
    if (character == '?') {
      code.push_back({.kind = Kind::kSet, .set = 0});
      continue;
    }
    if (character == '\\' && at < end) at += DecodeUtf8(at, end, &character);
    const auto [known, is_new] = set_of.try_emplace(character, static_cast<uint32_t>(sets.size()));
    if (is_new) sets.push_back(CharacterSet::Of(character));
    code.push_back({.kind = Kind::kSet, .set = known->second});
  }
  return PatternProgram(std::move(code), std::move(sets));
}

std::string EscapeWildcard(std::string_view text) {
  std::string pattern;
  for (const char c : text) {
    if (c == '*' || c == '?' || c == '\\') pattern += '\\';
    pattern += c;
  }
  return pattern;
}

}  // namespace segue

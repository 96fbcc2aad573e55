// SPDX-License-Identifier: Apache-2.0
#include "tests/automata/naive_matching.h"

#include <algorithm>
#include <vector>

#include "engine/base/utf8.h"

namespace segue {

std::u32string NaiveCharacters(std::string_view text) {
  std::u32string characters;
  const auto* at = reinterpret_cast<const uint8_t*>(text.data());
  const uint8_t* end = at + text.size();
  while (at < end) {
    char32_t character = 0;
    at += DecodeUtf8(at, end, &character);
    characters += character;
  }
  return characters;
}

uint32_t NaiveEdits(const std::u32string& a, const std::u32string& b) {
  std::vector<std::vector<uint32_t>> table(a.size() + 1, std::vector<uint32_t>(b.size() + 1));
  for (size_t i = 0; i <= a.size(); ++i) {
    for (size_t j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0) {
        table[i][j] = static_cast<uint32_t>(i + j);
        continue;
      }
      table[i][j] = std::min({table[i - 1][j] + 1, table[i][j - 1] + 1,
                              table[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        table[i][j] = std::min(table[i][j], table[i - 2][j - 2] + 1);
      }
    }
  }
  return table[a.size()][b.size()];
}

std::optional<uint32_t> NaiveFuzzy(std::string_view word, std::string_view term, uint32_t max_edits,
                                   size_t exact_prefix) {
  const std::u32string a = NaiveCharacters(word), b = NaiveCharacters(term);
  const size_t exact = std::min(exact_prefix, a.size());
  if (b.size() < exact || a.substr(0, exact) != b.substr(0, exact)) return std::nullopt;
  const uint32_t edits = NaiveEdits(a.substr(exact), b.substr(exact));
  if (edits > max_edits) return std::nullopt;
  if (edits > 0 && edits >= std::min(a.size(), b.size())) return std::nullopt;
  return edits;
}

bool NaiveWildcard(std::string_view pattern, std::string_view term) {
  const std::u32string p = NaiveCharacters(pattern), t = NaiveCharacters(term);
  // reached[j]: the pattern so far matches the first j characters.
  std::vector<bool> reached(t.size() + 1, false);
  reached[0] = true;
  for (size_t i = 0; i < p.size(); ++i) {
    std::vector<bool> next(t.size() + 1, false);
    char32_t c = p[i];
    const bool literal = c == '\\' && i + 1 < p.size();
    if (literal) c = p[++i];
    for (size_t j = 0; j <= t.size(); ++j) {
      if (!literal && c == '*') {
        next[j] = reached[j] || (j > 0 && next[j - 1]);
      } else if (j > 0) {
        next[j] = reached[j - 1] && ((!literal && c == '?') || t[j - 1] == c);
      }
    }
    reached = next;
  }
  return reached[t.size()];
}

}  // namespace segue

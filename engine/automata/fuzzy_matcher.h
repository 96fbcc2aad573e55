// SPDX-License-Identifier: Apache-2.0
//
// FuzzyMatcher: terms within a few edits of a word.
//
// An edit inserts, deletes or replaces a character, or swaps two neighbours; no part of the word is
// edited twice (optimal string alignment: "ca" and "abc" are three apart). As in Lucene, a term
// must need fewer edits than it, and the word, have characters: "a" with two edits is not "bc".
#ifndef SEGUE_AUTOMATA_FUZZY_MATCHER_H_
#define SEGUE_AUTOMATA_FUZZY_MATCHER_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/automata/term_matcher.h"
#include "engine/base/limits.h"

namespace segue {

// Memory: some bytes for each character of the word.
class FuzzyMatcher final : public TermMatcher {
 public:
  // `exact_prefix`: so many characters at the start are not edited.
  // REQUIRES: max_edits <= kMaxFuzzyEdits.
  FuzzyMatcher(std::string_view word, uint32_t max_edits, size_t exact_prefix);

  bool Push(char32_t character) override;
  void Cut(size_t depth) override;
  size_t depth() const override { return path_.size(); }
  bool Accepts() const override;
  // 1 - edits / characters of the shorter of word and term.
  float Closeness() const override;
  std::optional<char32_t> NextLive(char32_t from) const override;

 private:
  // Row i holds the distances between the first i characters of the path and the first
  // i - max_edits ... i + max_edits of the word, both behind the exact prefix; above max_edits all
  // are alike.
  using Row = std::array<uint8_t, 2 * kMaxFuzzyEdits + 1>;

  uint8_t Edits() const;
  uint8_t Distance(size_t row, size_t column, char32_t character) const;

  std::u32string word_;
  uint32_t max_edits_;
  size_t exact_;  // characters of the exact prefix
  std::u32string path_;
  std::vector<Row> rows_;  // of the characters behind the exact prefix, and one before them
};

}  // namespace segue

#endif  // SEGUE_AUTOMATA_FUZZY_MATCHER_H_

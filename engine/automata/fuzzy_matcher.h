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
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/automata/term_matcher.h"
#include "engine/base/limits.h"

namespace segue {

// Memory: about a hundred bytes for each state, of which a term brings at most as many as the word
// has characters.
class FuzzyMatcher final : public TermMatcher {
 public:
  // `exact_prefix`: so many characters at the start are not edited.
  // REQUIRES: max_edits <= kMaxFuzzyEdits.
  FuzzyMatcher(std::string_view word, uint32_t max_edits, size_t exact_prefix);

  using TermMatcher::Closeness;
  // 1 - edits / characters of the shorter of word and term.
  float Closeness(State state) const override;
  std::optional<char32_t> NextLive(State state, char32_t from) const override;

 private:
  // A cell for each column from max_edits left of the diagonal to max_edits right of it; above
  // max_edits all are alike.
  using Row = std::array<uint8_t, 2 * kMaxFuzzyEdits + 1>;

  struct Distances {
    uint32_t length = 0;  // characters of the path
    // Between all but the exact prefix of the path and of the word up to each column.
    Row row;
    // What the next row has where the next character ends a swap that the last one began.
    Row swap;
    bool may_edit = false;  // whether any next character leaves `row` within max_edits

    // Tells states apart.
    uint64_t Key() const;
  };

  uint32_t ClassOf(char32_t character) const override;
  State Make(State from, char32_t character) override;
  void Begin() override;
  void FindNear();
  State NumberOf(const Distances& distances);
  size_t PlaceOf(uint64_t key) const;
  void GrowPlaces(size_t count);
  Distances Next(const Distances& from, char32_t character) const;
  // Between the whole path and the whole word.
  uint8_t Edits(const Distances& distances) const;

  std::u32string word_;
  uint32_t max_edits_;
  size_t exact_;               // characters of the exact prefix
  std::u32string characters_;  // those of the word, ascending, each once
  // By the number of characters behind the exact prefix: those of the word that may come next where
  // no more edits are possible, ascending.
  std::vector<std::u32string> near_;
  std::vector<Distances> states_;
  // States by a hash of their keys, each in the first free place from there on; kDead: free. A
  // power of two, at least twice as many as there are states.
  std::vector<State> places_;
};

}  // namespace segue

#endif  // SEGUE_AUTOMATA_FUZZY_MATCHER_H_

// SPDX-License-Identifier: Apache-2.0
//
// PieceProgram: a pattern as sets of places (Glushkov's automaton), which a word of bits for each
// 64 of them steps through a text in either direction.
//
// A place is an instruction that takes a character. So the state of a match is a set of places, and
// a step looks up, for each eight of them that the set has, which ones lie next to them.
#ifndef SEGUE_PATTERN_PIECE_PROGRAM_H_
#define SEGUE_PATTERN_PIECE_PROGRAM_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "engine/base/limits.h"
#include "engine/base/utf8.h"
#include "engine/pattern/pattern_program.h"

namespace segue {

class PlaceSet {
 public:
  void Add(size_t place) { words_[place / 64] |= uint64_t{1} << (place % 64); }
  bool Contains(size_t place) const { return (words_[place / 64] >> (place % 64) & 1) != 0; }
  bool empty() const { return (words_[0] | words_[1] | words_[2] | words_[3]) == 0; }
  // Places 8 * i to 8 * i + 7, as bits.
  size_t Eight(size_t i) const { return words_[i / 8] >> (i % 8 * 8) & 0xff; }

  PlaceSet& operator|=(const PlaceSet& other) {
    for (size_t i = 0; i < words_.size(); ++i) words_[i] |= other.words_[i];
    return *this;
  }
  PlaceSet& operator&=(const PlaceSet& other) {
    for (size_t i = 0; i < words_.size(); ++i) words_[i] &= other.words_[i];
    return *this;
  }
  friend PlaceSet operator|(PlaceSet a, const PlaceSet& b) { return a |= b; }
  friend PlaceSet operator&(PlaceSet a, const PlaceSet& b) { return a &= b; }

 private:
  static_assert(kMaxPiecePlaces == 256);
  std::array<uint64_t, kMaxPiecePlaces / 64> words_ = {};
};

// Immutable; any number of finders may use one.
class PieceProgram {
 public:
  // kResourceExhausted: the pattern has more than kMaxPiecePlaces places. kInvalidArgument: it has
  // none, and so matches no character.
  static absl::StatusOr<PieceProgram> Make(const PatternProgram& pattern);

  // Where a match begins, and where it may end.
  const PlaceSet& first() const { return first_; }
  const PlaceSet& last() const { return last_; }
  // The places that may come next after one of `places`, and before one of them.
  PlaceSet After(const PlaceSet& places) const { return Union(after_, places); }
  PlaceSet Before(const PlaceSet& places) const { return Union(before_, places); }

  // Characters of one class are taken by the same places. U+FFFD is taken by none: it stands for
  // bytes that are no text.
  size_t ClassOf(char32_t character) const {
    return character == kReplacementCharacter ? pattern_.class_count()
                                              : pattern_.ClassOf(character);
  }
  const PlaceSet& Taking(size_t char_class) const { return taking_[char_class]; }

 private:
  // For each eight places and each set of those the union of what lies next to them.
  using Neighbours = std::vector<std::array<PlaceSet, 256>>;

  explicit PieceProgram(const PatternProgram& pattern) : pattern_(pattern) {}
  static Neighbours Tabulate(const std::vector<PlaceSet>& neighbours);
  static PlaceSet Union(const Neighbours& table, const PlaceSet& places) {
    PlaceSet all;
    for (size_t i = 0; i < table.size(); ++i) all |= table[i][places.Eight(i)];
    return all;
  }
  void FillClasses(const std::vector<uint32_t>& instructions);

  PatternProgram pattern_;
  PlaceSet first_, last_;
  Neighbours after_, before_;
  std::vector<PlaceSet> taking_;  // by class
};

}  // namespace segue

#endif  // SEGUE_PATTERN_PIECE_PROGRAM_H_

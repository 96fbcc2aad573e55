// SPDX-License-Identifier: Apache-2.0
//
// PatternProgram: a set of strings as a program for a machine with many states at once (a
// nondeterministic automaton, in Thompson's form).
//
// Code is put together from pieces that run from their first instruction to the place behind their
// last, with jumps relative to where they stand: a piece may be copied as it is.
#ifndef SEGUE_PATTERN_PATTERN_PROGRAM_H_
#define SEGUE_PATTERN_PATTERN_PROGRAM_H_

#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace segue {

inline constexpr char32_t kLastCharacter = 0x10ffff;

// Characters: ranges that ascend, neither overlap nor touch.
class CharacterSet {
 public:
  struct Range {
    char32_t first = 0;
    char32_t last = 0;
    friend bool operator==(const Range&, const Range&) = default;
  };

  CharacterSet() = default;
  static CharacterSet Of(char32_t character);
  static CharacterSet Any();

  void Add(char32_t first, char32_t last);
  void Add(const CharacterSet& other);
  // All characters that are not in it.
  CharacterSet Complement() const;

  bool empty() const { return ranges_.empty(); }
  const std::vector<Range>& ranges() const { return ranges_; }
  bool Contains(char32_t character) const;

  friend bool operator==(const CharacterSet&, const CharacterSet&) = default;

 private:
  std::vector<Range> ranges_;
};

struct PatternInstruction {
  enum class Kind : uint8_t {
    kSet,    // takes a character of sets[set], goes on behind
    kSplit,  // goes on at both jumps
    kJump,   // goes on at the first jump
    kMatch,  // the end
  };
  Kind kind = Kind::kMatch;
  uint32_t set = 0;
  int32_t jumps[2] = {0, 0};  // from this instruction
};

using PatternCode = std::vector<PatternInstruction>;

// Immutable once made; any number of matchers may run it at once.
class PatternProgram {
 public:
  // `code`: a piece; the end is added. `sets`: what its instructions name.
  PatternProgram(PatternCode code, std::vector<CharacterSet> sets);

  const PatternCode& code() const { return code_; }
  const CharacterSet& set(const PatternInstruction& instruction) const {
    return sets_[instruction.set];
  }

  // Characters of one class are alike for every set of the program.
  size_t class_count() const { return class_begins_.size(); }
  // The first character of a class.
  char32_t ClassBegin(size_t char_class) const { return class_begins_[char_class]; }
  size_t ClassOf(char32_t character) const {
    return character < ascii_classes_.size() ? ascii_classes_[character] : SearchClass(character);
  }

  // Whether a string of the set may have each of the ASCII characters as its last one, as the one
  // before that, and so on, however long it is. Linear, but for a sort.
  using AsciiEnds = std::array<std::bitset<128>, 4>;
  AsciiEnds FindAsciiEnds() const;
  // Whether every string is the beginning of one of the set; true is sure. Linear, but for a sort.
  bool BeginsAnyhow() const;

 private:
  size_t SearchClass(char32_t character) const;
  using Jumps = std::vector<std::pair<size_t, size_t>>;  // to, from
  Jumps JumpsByTarget() const;
  std::vector<bool> LeadingTo(std::vector<size_t> places, const Jumps& jumps) const;

  PatternCode code_;
  std::vector<CharacterSet> sets_;
  std::vector<char32_t> class_begins_;  // ascending, from 0
  std::array<uint32_t, 128> ascii_classes_;
};

}  // namespace segue

#endif  // SEGUE_PATTERN_PATTERN_PROGRAM_H_

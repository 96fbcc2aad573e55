// SPDX-License-Identifier: Apache-2.0
//
// PatternMatcher: terms that a PatternProgram describes.
//
// Sets of the program's states that are met together become one state with a row of what follows
// (a deterministic automaton, built as far as the terms go). Memory and work are bounded whatever
// the pattern is: past the limits status() says so.
#ifndef SEGUE_AUTOMATA_PATTERN_MATCHER_H_
#define SEGUE_AUTOMATA_PATTERN_MATCHER_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include "engine/automata/pattern_program.h"
#include "engine/automata/term_matcher.h"
#include "engine/base/limits.h"

namespace segue {

class PatternMatcher final : public TermMatcher {
 public:
  // `max_work`: instructions that may be looked at to build the automaton.
  explicit PatternMatcher(std::shared_ptr<const PatternProgram> program,
                          uint64_t max_work = kMaxPatternWork);

  bool Push(char32_t character) override;
  void Cut(size_t depth) override { path_.resize(depth + 1); }
  size_t depth() const override { return path_.size() - 1; }
  bool Accepts() const override;
  std::optional<char32_t> NextLive(char32_t from) const override;
  absl::Status status() const override { return status_; }

 private:
  using StateNumber = uint32_t;
  static constexpr StateNumber kUnknown = ~0u;
  static constexpr StateNumber kDead = kUnknown - 1;
  using Places = std::vector<uint32_t>;  // of instructions that take a character or match

  struct State {
    Places places;  // ascending
    bool accepts = false;
  };

  StateNumber Follow(StateNumber from, size_t character_class);
  StateNumber NumberOf(Places places);
  void AddPlaces(uint32_t place, Places* places);

  std::shared_ptr<const PatternProgram> program_;
  absl::Status status_;
  const uint64_t max_work_;
  uint64_t work_ = 0;  // instructions looked at
  std::vector<State> states_;
  std::vector<StateNumber> follow_;  // by state, then class of characters
  std::map<Places, StateNumber> numbers_;
  std::vector<StateNumber> path_;  // the first: before any character
  // Instructions seen by the step that is being made: those marked with its number.
  std::vector<uint64_t> seen_;
  uint64_t step_ = 0;
  std::vector<uint32_t> open_;
};

}  // namespace segue

#endif  // SEGUE_AUTOMATA_PATTERN_MATCHER_H_

// SPDX-License-Identifier: Apache-2.0
//
// PatternMatcher: terms that a PatternProgram describes.
//
// Sets of the program's states that are met together become one state. Memory and work are bounded
// whatever the pattern is: past the limits status() says so.
#ifndef SEGUE_AUTOMATA_PATTERN_MATCHER_H_
#define SEGUE_AUTOMATA_PATTERN_MATCHER_H_

#include <cstddef>
#include <map>
#include <memory>
#include <vector>

#include "engine/automata/term_matcher.h"
#include "engine/base/limits.h"
#include "engine/pattern/pattern_program.h"

namespace segue {

class PatternMatcher final : public TermMatcher {
 public:
  // `max_work`: instructions that may be looked at to build the automaton, `max_states`: sets of
  // them that may be met, at most kMaxPatternStates.
  explicit PatternMatcher(std::shared_ptr<const PatternProgram> program,
                          uint64_t max_work = kMaxPatternWork,
                          uint64_t max_states = kMaxPatternStates);

  std::optional<char32_t> NextLive(State state, char32_t from) const override;
  absl::Status status() const override { return status_; }

 private:
  using Places = std::vector<uint32_t>;  // of instructions that take a character or match

  uint32_t ClassOf(char32_t character) const override;
  State Make(State from, char32_t character) override;
  void Begin() override;
  State NumberOf(Places places);
  void AddPlaces(uint32_t place, Places* places);

  std::shared_ptr<const PatternProgram> program_;
  absl::Status status_;
  const uint64_t max_work_;
  const uint64_t max_states_;
  uint64_t work_ = 0;           // instructions looked at
  std::vector<Places> states_;  // each ascending
  std::map<Places, State> numbers_;
  // Instructions seen by the step that is being made: those marked with its number.
  std::vector<uint64_t> seen_;
  uint64_t step_ = 0;
  std::vector<uint32_t> open_;
};

}  // namespace segue

#endif  // SEGUE_AUTOMATA_PATTERN_MATCHER_H_

// SPDX-License-Identifier: Apache-2.0
#include "engine/automata/pattern_matcher.h"

#include <algorithm>
#include <array>
#include <utility>

#include "engine/base/check.h"
#include "engine/base/limits.h"
#include "engine/base/status.h"
#include "engine/base/strings.h"

namespace segue {

using Kind = PatternInstruction::Kind;

PatternMatcher::PatternMatcher(std::shared_ptr<const PatternProgram> program, uint64_t max_work,
                               uint64_t max_states)
    : program_(std::move(program)),
      max_work_(max_work),
      max_states_(max_states),
      seen_(program_->code().size(), 0) {
  std::array<uint32_t, 128> ascii_classes;
  for (char32_t c = 0; c < ascii_classes.size(); ++c) ascii_classes[c] = ClassOf(c);
  // There are never too many to keep: before that status() is an error.
  SetClasses(ascii_classes, program_->class_count(), kMaxPatternStates);
  if (program_->BeginsAnyhow()) SetAsciiEnds(program_->FindAsciiEnds());
  Begin();
}

void PatternMatcher::Begin() {
  states_.clear();
  numbers_.clear();
  Places first;
  ++step_;
  AddPlaces(0, &first);
  NumberOf(std::move(first));
}

uint32_t PatternMatcher::ClassOf(char32_t character) const {
  return static_cast<uint32_t>(program_->ClassOf(character));
}

// Adds what is reached from `place` without taking a character.
void PatternMatcher::AddPlaces(uint32_t place, Places* places) {
  open_.push_back(place);
  while (!open_.empty()) {
    const uint32_t at = open_.back();
    open_.pop_back();
    if (seen_[at] == step_) continue;
    seen_[at] = step_;
    ++work_;
    const PatternInstruction& instruction = program_->code()[at];
    const auto jump = [&](int i) {
      open_.push_back(static_cast<uint32_t>(static_cast<int64_t>(at) + instruction.jumps[i]));
    };
    switch (instruction.kind) {
      case Kind::kSplit:
        jump(1);
        jump(0);
        break;
      case Kind::kJump:
        jump(0);
        break;
      case Kind::kSet:
      case Kind::kMatch:
        places->push_back(at);
        break;
    }
  }
}

TermMatcher::State PatternMatcher::NumberOf(Places places) {
  std::sort(places.begin(), places.end());
  const auto [known, is_new] = numbers_.try_emplace(places, static_cast<State>(state_count()));
  if (!is_new) return known->second;
  AddState(std::any_of(places.begin(), places.end(), [this](uint32_t place) {
    return program_->code()[place].kind == Kind::kMatch;
  }));
  states_.push_back(std::move(places));
  return known->second;
}

TermMatcher::State PatternMatcher::Make(State from, char32_t character) {
  if (work_ > max_work_ || states_.size() >= max_states_ ||
      states_.size() * program_->class_count() >= kMaxPatternCells) {
    status_ =
        Error(ErrorCode::kResourceExhausted,
              Cat("the pattern takes more than ", max_states_,
                  " states to match, or as much work; write a simpler one, or fewer in a query"));
    return kDead;
  }
  Places places;
  ++step_;
  work_ += states_[from].size();
  for (const uint32_t place : states_[from]) {
    const PatternInstruction& instruction = program_->code()[place];
    if (instruction.kind == Kind::kSet && program_->set(instruction).Contains(character)) {
      AddPlaces(place + 1, &places);
    }
  }
  return places.empty() ? kDead : NumberOf(std::move(places));
}

std::optional<char32_t> PatternMatcher::NextLive(State state, char32_t from) const {
  std::optional<char32_t> least;
  for (const uint32_t place : states_[state]) {
    const PatternInstruction& instruction = program_->code()[place];
    if (instruction.kind != Kind::kSet) continue;
    for (const CharacterSet::Range& range : program_->set(instruction).ranges()) {
      if (range.last < from) continue;
      const char32_t character = std::max(from, range.first);
      if (!least.has_value() || character < *least) least = character;
      break;
    }
  }
  return least;
}

}  // namespace segue

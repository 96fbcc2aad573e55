// SPDX-License-Identifier: Apache-2.0
#include "engine/automata/pattern_matcher.h"

#include <algorithm>
#include <utility>

#include "engine/base/check.h"
#include "engine/base/limits.h"
#include "engine/base/status.h"
#include "engine/base/strings.h"

namespace segue {

using Kind = PatternInstruction::Kind;

PatternMatcher::PatternMatcher(std::shared_ptr<const PatternProgram> program, uint64_t max_work)
    : program_(std::move(program)), max_work_(max_work), seen_(program_->code().size(), 0) {
  Places first;
  ++step_;
  AddPlaces(0, &first);
  path_.push_back(NumberOf(std::move(first)));
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

PatternMatcher::StateNumber PatternMatcher::NumberOf(Places places) {
  std::sort(places.begin(), places.end());
  const auto [known, is_new] =
      numbers_.try_emplace(places, static_cast<StateNumber>(states_.size()));
  if (!is_new) return known->second;
  State& state = states_.emplace_back();
  state.accepts = std::any_of(places.begin(), places.end(), [this](uint32_t place) {
    return program_->code()[place].kind == Kind::kMatch;
  });
  state.places = std::move(places);
  follow_.resize(follow_.size() + program_->class_count(), kUnknown);
  return known->second;
}

PatternMatcher::StateNumber PatternMatcher::Follow(StateNumber from, size_t character_class) {
  const size_t cell = from * program_->class_count() + character_class;
  if (follow_[cell] != kUnknown) return follow_[cell];
  if (work_ > max_work_ || states_.size() >= kMaxPatternStates ||
      follow_.size() >= kMaxPatternCells) {
    status_ =
        Error(ErrorCode::kResourceExhausted,
              Cat("the pattern takes more than ", kMaxPatternStates,
                  " states to match, or as much work; write a simpler one, or fewer in a query"));
    return kDead;
  }
  Places places;
  ++step_;
  const char32_t member = program_->MemberOf(character_class);
  work_ += states_[from].places.size();
  for (const uint32_t place : states_[from].places) {
    const PatternInstruction& instruction = program_->code()[place];
    if (instruction.kind == Kind::kSet && program_->set(instruction).Contains(member)) {
      AddPlaces(place + 1, &places);
    }
  }
  const StateNumber next = places.empty() ? kDead : NumberOf(std::move(places));
  follow_[cell] = next;
  return next;
}

bool PatternMatcher::Push(char32_t character) {
  const StateNumber next = Follow(path_.back(), program_->ClassOf(character));
  if (next == kDead) return false;
  path_.push_back(next);
  return true;
}

bool PatternMatcher::Accepts() const { return states_[path_.back()].accepts; }

std::optional<char32_t> PatternMatcher::NextLive(char32_t from) const {
  std::optional<char32_t> least;
  for (const uint32_t place : states_[path_.back()].places) {
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

// SPDX-License-Identifier: Apache-2.0
#include "engine/automata/term_matcher.h"

#include "engine/base/check.h"
#include "engine/base/utf8.h"

namespace segue {

void TermMatcher::SetClasses(const std::array<uint32_t, 128>& ascii_classes, size_t class_count,
                             size_t max_states) {
  ascii_classes_ = ascii_classes;
  class_count_ = class_count;
  max_states_ = max_states;
  of_class_.assign(class_count, AsciiSet{});
  for (size_t c = 0; c < ascii_classes.size(); ++c) {
    of_class_[ascii_classes[c]][c % 16] |= static_cast<uint8_t>(1u << (c / 16));
  }
}

TermMatcher::State TermMatcher::AddState(bool accepts) {
  accepts_.push_back(accepts ? 1 : 0);
  dead_.emplace_back();
  live_.emplace_back();
  follow_.resize(follow_.size() + class_count_, kUnknown);
  return static_cast<State>(accepts_.size() - 1);
}

TermMatcher::State TermMatcher::Follow(State from, uint32_t which, char32_t character) {
  const State next = Make(from, character);
  follow_[from * class_count_ + which] = next;
  if (next == kDead) {
    for (size_t i = 0; i < dead_[from].size(); ++i) dead_[from][i] |= of_class_[which][i];
  }
  return next;
}

void TermMatcher::FindLive(State state) {
  Live& live = live_[state];
  live.is_known = true;
  live.replacement = NextLive(state, kReplacementCharacter) == kReplacementCharacter;
  if (live.replacement) return;
  std::optional<char32_t> next = NextLive(state, 0);
  for (; next.has_value() && *next < 128; next = NextLive(state, *next + 1)) {
    live.ascii[*next / 64] |= uint64_t{1} << (*next % 64);
  }
  live.is_ascii = !next.has_value();
}

void TermMatcher::Forget() {
  accepts_.clear();
  follow_.clear();
  dead_.clear();
  live_.clear();
  path_.assign(1, kStart);
  Begin();
}

bool TermMatcher::Push(char32_t character) {
  const State next = Step(path_.back(), character);
  if (next == kDead) return false;
  path_.push_back(next);
  return true;
}

void TermMatcher::Cut(size_t depth) {
  SEGUE_DCHECK(depth < path_.size());
  path_.resize(depth + 1);
  if (depth == 0 && is_large()) Forget();
}

}  // namespace segue

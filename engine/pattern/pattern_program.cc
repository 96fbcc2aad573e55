// SPDX-License-Identifier: Apache-2.0
#include "engine/pattern/pattern_program.h"

#include <algorithm>
#include <utility>

namespace segue {

CharacterSet CharacterSet::Of(char32_t character) {
  CharacterSet set;
  set.ranges_ = {{character, character}};
  return set;
}

CharacterSet CharacterSet::Any() {
  CharacterSet set;
  set.ranges_ = {{0, kLastCharacter}};
  return set;
}

void CharacterSet::Add(char32_t first, char32_t last) {
  std::vector<Range> merged;
  merged.reserve(ranges_.size() + 1);
  auto at = ranges_.begin();
  for (; at != ranges_.end() && at->last + 1 < first; ++at) merged.push_back(*at);
  for (; at != ranges_.end() && at->first <= last + 1; ++at) {
    first = std::min(first, at->first);
    last = std::max(last, at->last);
  }
  merged.push_back({first, last});
  merged.insert(merged.end(), at, ranges_.end());
  ranges_ = std::move(merged);
}

void CharacterSet::Add(const CharacterSet& other) {
  for (const Range& range : other.ranges_) Add(range.first, range.last);
}

CharacterSet CharacterSet::Complement() const {
  CharacterSet others;
  char32_t next = 0;
  for (const Range& range : ranges_) {
    if (range.first > next) others.ranges_.push_back({next, range.first - 1});
    next = range.last + 1;
  }
  if (next <= kLastCharacter) others.ranges_.push_back({next, kLastCharacter});
  return others;
}

bool CharacterSet::Contains(char32_t character) const {
  const auto after =
      std::partition_point(ranges_.begin(), ranges_.end(),
                           [character](const Range& range) { return range.last < character; });
  return after != ranges_.end() && after->first <= character;
}

PatternProgram::PatternProgram(PatternCode code, std::vector<CharacterSet> sets)
    : code_(std::move(code)), sets_(std::move(sets)) {
  code_.push_back({.kind = PatternInstruction::Kind::kMatch});
  class_begins_.push_back(0);
  for (const CharacterSet& set : sets_) {
    for (const CharacterSet::Range& range : set.ranges()) {
      class_begins_.push_back(range.first);
      if (range.last < kLastCharacter) class_begins_.push_back(range.last + 1);
    }
  }
  std::sort(class_begins_.begin(), class_begins_.end());
  class_begins_.erase(std::unique(class_begins_.begin(), class_begins_.end()), class_begins_.end());
  for (char32_t c = 0; c < ascii_classes_.size(); ++c) {
    ascii_classes_[c] = static_cast<uint32_t>(SearchClass(c));
  }
}

size_t PatternProgram::SearchClass(char32_t character) const {
  const auto after = std::upper_bound(class_begins_.begin(), class_begins_.end(), character);
  return static_cast<size_t>(after - class_begins_.begin()) - 1;
}

}  // namespace segue

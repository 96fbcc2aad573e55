// SPDX-License-Identifier: Apache-2.0
#include "engine/pattern/pattern_program.h"

#include <algorithm>
#include <utility>

namespace segue {

using Kind = PatternInstruction::Kind;

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
  code_.push_back({.kind = Kind::kMatch});
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

PatternProgram::Jumps PatternProgram::JumpsByTarget() const {
  Jumps jumps;
  for (size_t at = 0; at < code_.size(); ++at) {
    const Kind kind = code_[at].kind;
    const int count = kind == Kind::kSplit ? 2 : kind == Kind::kJump ? 1 : 0;
    for (int i = 0; i < count; ++i) {
      jumps.emplace_back(static_cast<size_t>(static_cast<int64_t>(at) + code_[at].jumps[i]), at);
    }
  }
  std::sort(jumps.begin(), jumps.end());
  return jumps;
}

// Of each instruction, whether one of the places is reached from it without a character: backwards
// from there.
std::vector<bool> PatternProgram::LeadingTo(std::vector<size_t> places, const Jumps& jumps) const {
  std::vector<bool> leads(code_.size());
  for (const size_t place : places) leads[place] = true;
  while (!places.empty()) {
    const size_t to = places.back();
    places.pop_back();
    for (auto jump = std::lower_bound(jumps.begin(), jumps.end(), std::pair(to, size_t{0}));
         jump != jumps.end() && jump->first == to; ++jump) {
      if (leads[jump->second]) continue;
      leads[jump->second] = true;
      places.push_back(jump->second);
    }
  }
  return leads;
}

// Character by character, from the end on.
PatternProgram::AsciiEnds PatternProgram::FindAsciiEnds() const {
  const Jumps jumps = JumpsByTarget();
  AsciiEnds all_ends;
  std::vector<size_t> behind = {code_.size() -
                                1};  // where what comes behind the character is taken
  for (std::bitset<128>& ends : all_ends) {
    const std::vector<bool> leads = LeadingTo(std::move(behind), jumps);
    behind.clear();
    for (size_t at = 0; at + 1 < code_.size(); ++at) {
      if (code_[at].kind != Kind::kSet || !leads[at + 1]) continue;
      behind.push_back(at);
      for (const CharacterSet::Range& range : set(code_[at]).ranges()) {
        for (char32_t c = range.first; c <= range.last && c < ends.size(); ++c) ends.set(c);
      }
    }
  }
  return all_ends;
}

// Whether an instruction that takes any character is reached from the start, and from behind
// itself, without one. Only the first of them is looked at.
bool PatternProgram::BeginsAnyhow() const {
  const CharacterSet any = CharacterSet::Any();
  for (size_t at = 0; at + 1 < code_.size(); ++at) {
    if (code_[at].kind != Kind::kSet || set(code_[at]) != any) continue;
    const std::vector<bool> leads = LeadingTo({at}, JumpsByTarget());
    return leads[0] && leads[at + 1];
  }
  return false;
}

size_t PatternProgram::SearchClass(char32_t character) const {
  const auto after = std::upper_bound(class_begins_.begin(), class_begins_.end(), character);
  return static_cast<size_t>(after - class_begins_.begin()) - 1;
}

}  // namespace segue

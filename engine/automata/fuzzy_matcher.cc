// SPDX-License-Identifier: Apache-2.0
//
// The table of distances that everyone draws, a row for each character of the term; of each row
// only the five columns around the diagonal can hold two edits or fewer. How many characters there
// were, the row, and what a swap would give in the next one decide all that can follow: that is a
// state. Terms meet few of them again and again.
#include "engine/automata/fuzzy_matcher.h"

#include <algorithm>

#include "engine/base/check.h"
#include "engine/base/utf8.h"

namespace segue {
namespace {

// So many states are kept from term to term.
constexpr size_t kMaxStates = 4096;
constexpr size_t kFirstPlaces = 256;

std::u32string Characters(std::string_view text) {
  std::u32string characters;
  const auto* at = reinterpret_cast<const uint8_t*>(text.data());
  const uint8_t* end = at + text.size();
  while (at < end) {
    char32_t character = 0;
    at += DecodeUtf8(at, end, &character);
    characters += character;
  }
  return characters;
}

}  // namespace

FuzzyMatcher::FuzzyMatcher(std::string_view word, uint32_t max_edits, size_t exact_prefix)
    : word_(Characters(word)),
      max_edits_(max_edits),
      exact_(std::min(exact_prefix, word_.size())),
      characters_(word_) {
  SEGUE_DCHECK(max_edits <= kMaxFuzzyEdits);
  std::sort(characters_.begin(), characters_.end());
  characters_.erase(std::unique(characters_.begin(), characters_.end()), characters_.end());
  std::array<uint32_t, 128> ascii_classes;
  for (char32_t c = 0; c < ascii_classes.size(); ++c) ascii_classes[c] = ClassOf(c);
  SetClasses(ascii_classes, characters_.size() + 1, kMaxStates);
  FindNear();
  Begin();
}

// What continues the word without another edit, or ends a swap: something near the diagonal.
void FuzzyMatcher::FindNear() {
  const size_t columns = word_.size() - exact_;
  for (size_t at = 0; at <= columns + max_edits_; ++at) {
    const size_t first = at > max_edits_ + 1 ? at - max_edits_ - 1 : 0;
    std::u32string& near = near_.emplace_back();
    for (size_t column = first; column < std::min(columns, at + max_edits_ + 1); ++column) {
      near += word_[exact_ + column];
    }
    std::sort(near.begin(), near.end());
  }
}

// The last class has all characters that the word does not have.
uint32_t FuzzyMatcher::ClassOf(char32_t character) const {
  const auto at = std::lower_bound(characters_.begin(), characters_.end(), character);
  const bool known = at != characters_.end() && *at == character;
  return static_cast<uint32_t>((known ? at : characters_.end()) - characters_.begin());
}

// Nothing of the term against the first characters of the word.
void FuzzyMatcher::Begin() {
  states_.clear();
  places_.assign(kFirstPlaces, kDead);
  const auto too_many = static_cast<uint8_t>(max_edits_ + 1);
  Distances first;
  first.row.fill(too_many);
  first.swap.fill(too_many);
  for (uint32_t column = 0; column <= max_edits_ && exact_ + column <= word_.size(); ++column) {
    first.row[max_edits_ + column] = static_cast<uint8_t>(column);
  }
  NumberOf(first);
}

uint64_t FuzzyMatcher::Distances::Key() const {
  uint64_t key = length;
  for (const uint8_t cell : row) key = key << 2 | cell;
  for (const uint8_t cell : swap) key = key << 2 | cell;
  return key;
}

// Where the state with the key is, or the free place where it belongs.
size_t FuzzyMatcher::PlaceOf(uint64_t key) const {
  const size_t last = places_.size() - 1;
  size_t place = (key * 0x9e3779b97f4a7c15) >> 32 & last;  // by the golden ratio
  while (places_[place] != kDead && states_[places_[place]].Key() != key)
    place = (place + 1) & last;
  return place;
}

void FuzzyMatcher::GrowPlaces(size_t count) {
  places_.assign(count, kDead);
  for (size_t i = 0; i < states_.size(); ++i) {
    places_[PlaceOf(states_[i].Key())] = static_cast<State>(i);
  }
}

TermMatcher::State FuzzyMatcher::NumberOf(const Distances& distances) {
  const size_t place = PlaceOf(distances.Key());
  if (places_[place] != kDead) return places_[place];
  places_[place] = static_cast<State>(states_.size());
  states_.push_back(distances);
  states_.back().may_edit = std::any_of(distances.row.begin(), distances.row.end(),
                                        [this](uint8_t cell) { return cell < max_edits_; });
  if (2 * states_.size() > places_.size()) GrowPlaces(2 * places_.size());
  const uint8_t edits = Edits(distances);
  return AddState(edits == 0 || (edits <= max_edits_ &&
                                 edits < std::min<size_t>(distances.length, word_.size())));
}

TermMatcher::State FuzzyMatcher::Make(State from, char32_t character) {
  const Distances& distances = states_[from];
  if (distances.length < exact_) {
    if (word_[distances.length] != character) return kDead;
    Distances next = distances;
    ++next.length;
    return NumberOf(next);
  }
  const Distances next = Next(distances, character);
  const bool dead = *std::min_element(next.row.begin(), next.row.end()) > max_edits_;
  return dead ? kDead : NumberOf(next);
}

FuzzyMatcher::Distances FuzzyMatcher::Next(const Distances& from, char32_t character) const {
  const std::u32string_view word = std::u32string_view(word_).substr(exact_);
  const auto too_many = static_cast<uint8_t>(max_edits_ + 1);
  Distances next;
  next.length = from.length + 1;
  next.row.fill(too_many);
  next.swap.fill(too_many);
  const size_t row = next.length - exact_;
  // The columns of a row begin max_edits_ left of its number; a cell's place is counted from there.
  for (size_t cell = 0; cell <= 2 * max_edits_; ++cell) {
    const size_t column = row + cell - max_edits_;
    if (row + cell < max_edits_ || column > word.size()) continue;
    uint32_t least = too_many;
    if (cell < 2 * max_edits_) least = std::min<uint32_t>(least, from.row[cell + 1] + 1u);
    if (column > 0) {
      if (cell > 0) least = std::min<uint32_t>(least, next.row[cell - 1] + 1u);
      const bool same = word[column - 1] == character;
      least = std::min<uint32_t>(least, from.row[cell] + (same ? 0u : 1u));
    }
    if (column > 1 && word[column - 2] == character) {
      least = std::min<uint32_t>(least, from.swap[cell]);
    }
    next.row[cell] = static_cast<uint8_t>(least);
  }
  // A swap ends in the row behind this one, in whose columns the same cells stand for one more.
  for (size_t cell = 0; cell <= 2 * max_edits_; ++cell) {
    const size_t column = row + 1 + cell - max_edits_;
    if (row + 1 + cell < max_edits_ + 2 || column > word.size()) continue;
    if (word[column - 1] != character) continue;
    next.swap[cell] = std::min<uint8_t>(too_many, static_cast<uint8_t>(from.row[cell] + 1));
  }
  return next;
}

uint8_t FuzzyMatcher::Edits(const Distances& distances) const {
  const size_t columns = word_.size() - exact_;
  if (distances.length < exact_) return static_cast<uint8_t>(max_edits_ + 1);
  const size_t row = distances.length - exact_;
  const bool is_near = columns + max_edits_ >= row && columns <= row + max_edits_;
  if (!is_near) return static_cast<uint8_t>(max_edits_ + 1);
  return distances.row[columns + max_edits_ - row];
}

float FuzzyMatcher::Closeness(State state) const {
  const Distances& distances = states_[state];
  const uint8_t edits = Edits(distances);
  if (edits == 0) return 1;
  const size_t shorter = std::min<size_t>(distances.length, word_.size());
  return 1.0f - static_cast<float>(edits) / static_cast<float>(shorter);
}

std::optional<char32_t> FuzzyMatcher::NextLive(State state, char32_t from) const {
  const Distances& distances = states_[state];
  if (distances.length < exact_) {
    const char32_t next = word_[distances.length];
    return next >= from ? std::optional(next) : std::nullopt;
  }
  if (distances.may_edit) return from;
  const size_t at = distances.length - exact_;
  if (at >= near_.size()) return std::nullopt;
  for (const char32_t character : near_[at]) {
    if (character >= from) return character;
  }
  return std::nullopt;
}

}  // namespace segue

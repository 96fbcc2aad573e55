// SPDX-License-Identifier: Apache-2.0
//
// The table of distances that everyone draws, a row for each character of the term; of each row
// only the five columns around the diagonal can hold two edits or fewer. Rows of characters that
// the next term shares are kept, so that a step costs five cells, and the word may be of any
// length: there is nothing to build and nothing to look up.
#include "engine/automata/fuzzy_matcher.h"

#include <algorithm>

#include "engine/base/check.h"
#include "engine/base/utf8.h"

namespace segue {
namespace {

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
    : word_(Characters(word)), max_edits_(max_edits), exact_(std::min(exact_prefix, word_.size())) {
  SEGUE_DCHECK(max_edits <= kMaxFuzzyEdits);
  // Nothing of the term against the first characters of the word.
  Row& first = rows_.emplace_back();
  first.fill(static_cast<uint8_t>(max_edits_ + 1));
  for (uint32_t column = 0; column <= max_edits_ && exact_ + column <= word_.size(); ++column) {
    first[max_edits_ + column] = static_cast<uint8_t>(column);
  }
}

// The cell of a row that is being written in rows_[row]; cells to its left are there already.
uint8_t FuzzyMatcher::Distance(size_t row, size_t column, char32_t character) const {
  const size_t cell = column + max_edits_ - row;  // its place in the row
  const Row& above = rows_[row - 1];
  uint32_t least = max_edits_ + 1;
  if (cell < 2 * max_edits_) least = std::min<uint32_t>(least, above[cell + 1] + 1u);
  if (column == 0) return static_cast<uint8_t>(least);
  if (cell > 0) least = std::min<uint32_t>(least, rows_[row][cell - 1] + 1u);
  const char32_t* word = word_.data() + exact_;
  least = std::min<uint32_t>(least, above[cell] + (word[column - 1] == character ? 0u : 1u));
  if (row >= 2 && column >= 2 && word[column - 2] == character &&
      word[column - 1] == path_.back()) {
    least = std::min<uint32_t>(least, rows_[row - 2][cell] + 1u);
  }
  return static_cast<uint8_t>(least);
}

bool FuzzyMatcher::Push(char32_t character) {
  if (path_.size() < exact_) {
    if (word_[path_.size()] != character) return false;
    path_ += character;
    return true;
  }
  const size_t row = rows_.size();
  const size_t columns = word_.size() - exact_;
  const auto too_many = static_cast<uint8_t>(max_edits_ + 1);
  rows_.emplace_back().fill(too_many);
  const size_t first = row > max_edits_ ? row - max_edits_ : 0;
  uint8_t least = too_many;
  for (size_t column = first; column <= std::min(columns, row + max_edits_); ++column) {
    const uint8_t distance = Distance(row, column, character);
    rows_[row][column + max_edits_ - row] = distance;
    least = std::min(least, distance);
  }
  if (least == too_many) {
    rows_.pop_back();
    return false;
  }
  path_ += character;
  return true;
}

void FuzzyMatcher::Cut(size_t depth) {
  SEGUE_DCHECK(depth <= path_.size());
  path_.resize(depth);
  rows_.resize(depth > exact_ ? depth - exact_ + 1 : 1);
}

// Between the whole path and the whole word.
uint8_t FuzzyMatcher::Edits() const {
  const size_t columns = word_.size() - exact_;
  const size_t row = rows_.size() - 1;
  const bool is_near = columns + max_edits_ >= row && columns <= row + max_edits_;
  if (!is_near || path_.size() < exact_) return static_cast<uint8_t>(max_edits_ + 1);
  return rows_.back()[columns + max_edits_ - row];
}

bool FuzzyMatcher::Accepts() const {
  const uint8_t edits = Edits();
  if (edits == 0) return true;
  return edits <= max_edits_ && edits < std::min(path_.size(), word_.size());
}

float FuzzyMatcher::Closeness() const {
  const uint8_t edits = Edits();
  if (edits == 0) return 1;
  const size_t shorter = std::min(path_.size(), word_.size());
  return 1.0f - static_cast<float>(edits) / static_cast<float>(shorter);
}

std::optional<char32_t> FuzzyMatcher::NextLive(char32_t from) const {
  std::optional<char32_t> least;
  const auto offer = [&](char32_t character) {
    if (character >= from && (!least.has_value() || character < *least)) least = character;
  };
  if (path_.size() < exact_) {
    offer(word_[path_.size()]);
    return least;
  }
  const Row& row = rows_.back();
  const bool may_edit = std::any_of(row.begin(), row.begin() + 2 * max_edits_ + 1,
                                    [this](uint8_t distance) { return distance < max_edits_; });
  if (may_edit) return from;
  // Only what continues the word without another edit, or ends a swap: something near the diagonal.
  const size_t at = rows_.size() - 1;
  const size_t columns = word_.size() - exact_;
  const size_t first = at > max_edits_ + 1 ? at - max_edits_ - 1 : 0;
  for (size_t column = first; column < std::min(columns, at + max_edits_ + 1); ++column) {
    offer(word_[exact_ + column]);
  }
  return least;
}

}  // namespace segue

// SPDX-License-Identifier: Apache-2.0
//
// Removal moves the tokens that stay towards the front, in order; their terms stay where they are.
#include "engine/text/word_filters.h"

#include <algorithm>
#include <bit>

#include "engine/base/utf8.h"

namespace segue {
namespace {

constexpr std::string_view kEnglishStopWords[] = {
    "a",    "an",   "and",  "are",   "as",    "at",   "be",   "but", "by",   "for",  "if",
    "in",   "into", "is",   "it",    "no",    "not",  "of",   "on",  "or",   "such", "that",
    "the",  "their", "then", "there", "these", "they", "this", "to",  "was",  "will", "with"};
static_assert(std::size(kEnglishStopWords) == 33);

uint32_t HashOf(std::string_view word) {
  uint32_t hash = 2166136261u;
  for (char c : word) hash = (hash ^ static_cast<uint8_t>(c)) * 16777619u;
  return hash;
}

uint32_t LengthBit(std::string_view word) {
  return uint32_t{1} << std::min<size_t>(word.size(), 31);
}

size_t CountChars(std::string_view term) {
  const uint8_t* p = reinterpret_cast<const uint8_t*>(term.data());
  const uint8_t* const end = p + term.size();
  size_t chars = 0;
  for (char32_t ignored; p < end; ++chars) p += DecodeUtf8(p, end, &ignored);
  return chars;
}

}  // namespace

std::span<const std::string_view> EnglishStopWords() { return kEnglishStopWords; }

WordSet::WordSet(const std::vector<std::string>& words) {
  slots_.resize(std::bit_ceil(2 * words.size() + 2));
  const size_t mask = slots_.size() - 1;
  for (const std::string& word : words) {
    if (word.empty() || Contains(word)) continue;
    words_.push_back(word);
    const uint32_t hash = HashOf(word);
    size_t at = hash & mask;
    while (slots_[at].word != 0) at = (at + 1) & mask;
    slots_[at] = {hash, static_cast<uint32_t>(words_.size())};
    lengths_[static_cast<uint8_t>(word[0])] |= LengthBit(word);
  }
}

bool WordSet::Contains(std::string_view word) const {
  if (word.empty() || (lengths_[static_cast<uint8_t>(word[0])] & LengthBit(word)) == 0) {
    return false;
  }
  const uint32_t hash = HashOf(word);
  const size_t mask = slots_.size() - 1;
  for (size_t at = hash & mask; slots_[at].word != 0; at = (at + 1) & mask) {
    if (slots_[at].hash == hash && words_[slots_[at].word - 1] == word) return true;
  }
  return false;
}

template <typename Keep>
void RemovingFilter::RemoveUnless(TokenBatch* batch, bool end_of_value, Keep keep) {
  Token* const tokens = batch->tokens();
  const size_t count = batch->size();
  size_t kept = 0;
  uint32_t skipped = skipped_;
  for (size_t i = 0; i < count; ++i) {
    if (keep(i)) {
      Token token = tokens[i];
      token.position_increment += skipped;
      skipped = 0;
      tokens[kept++] = token;
    } else {
      skipped += tokens[i].position_increment;
    }
  }
  batch->Truncate(kept);
  if (end_of_value) {
    batch->set_trailing_increment(batch->trailing_increment() + skipped);
    skipped = 0;
  }
  skipped_ = skipped;
}

void StopFilter::Filter(TokenBatch* batch, bool end_of_value) {
  RemoveUnless(batch, end_of_value, [&](size_t i) { return !words_->Contains(batch->term(i)); });
}

void LengthFilter::Filter(TokenBatch* batch, bool end_of_value) {
  RemoveUnless(batch, end_of_value, [&](size_t i) {
    const std::string_view term = batch->term(i);
    const size_t chars = (*batch)[i].may_be_non_ascii ? CountChars(term) : term.size();
    return chars >= min_chars_ && chars <= max_chars_;
  });
}

void PossessiveFilter::Filter(TokenBatch* batch, bool) {
  Token* const tokens = batch->tokens();
  const size_t count = batch->size();
  for (size_t i = 0; i < count; ++i) {
    const std::string_view term = batch->term(i);
    if (term.empty() || (term.back() | 0x20) != 's') continue;
    const std::string_view stem = term.substr(0, term.size() - 1);
    if (stem.ends_with('\'')) {
      tokens[i].term_bytes -= 2;
    } else if (stem.ends_with("\xe2\x80\x99") || stem.ends_with("\xef\xbc\x87")) {
      tokens[i].term_bytes -= 4;
    }
  }
}

}  // namespace segue

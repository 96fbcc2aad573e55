// SPDX-License-Identifier: Apache-2.0
//
// Removal moves the tokens that stay towards the front, in order; their terms stay where they are.
#include "engine/text/word_filters.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "engine/base/utf8.h"

namespace segue {
namespace {

constexpr uint64_t kMultiplier = 0x9e3779b97f4a7c15u;  // odd, of no other pattern: the golden ratio

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

uint64_t WordSet::KeyOf(std::string_view word) {
  uint64_t key = 0;
  if (word.size() <= 8) {
    if (!word.empty()) std::memcpy(&key, word.data(), word.size());
    return key;
  }
  for (char c : word) key = (key ^ static_cast<uint8_t>(c)) * kMultiplier;
  return key;
}

WordSet::WordSet(const std::vector<std::string>& words) {
  slots_.resize(std::bit_ceil(2 * words.size() + 2));
  shift_ = 64 - std::countr_zero(slots_.size());
  for (const std::string& word : words) {
    if (word.empty() || Contains(word)) continue;
    const uint64_t key = KeyOf(word);
    size_t at = key * kMultiplier >> shift_;
    while (slots_[at].word_bytes != 0) at = (at + 1) & (slots_.size() - 1);
    slots_[at] = {key, static_cast<uint32_t>(word.size()), static_cast<uint32_t>(words_.size())};
    words_.push_back(word);
    lengths_[static_cast<uint8_t>(word[0])] |= LengthBit(word);
  }
}

bool WordSet::Find(uint64_t key, std::string_view word) const {
  const size_t mask = slots_.size() - 1;
  for (size_t at = key * kMultiplier >> shift_; slots_[at].word_bytes != 0; at = (at + 1) & mask) {
    if (slots_[at].key == key && slots_[at].word_bytes == word.size()) {
      if (word.size() <= 8 || words_[slots_[at].word] == word) return true;
    }
  }
  return false;
}

bool WordSet::Contains(std::string_view word) const {
  if (word.empty() || (lengths_[static_cast<uint8_t>(word[0])] & LengthBit(word)) == 0) {
    return false;
  }
  return Find(KeyOf(word), word);
}

bool WordSet::ContainsSlack(std::string_view word) const {
  if (word.empty() || (lengths_[static_cast<uint8_t>(word[0])] & LengthBit(word)) == 0) {
    return false;
  }
  if (word.size() > 8) return Find(KeyOf(word), word);
  uint64_t key;
  std::memcpy(&key, word.data(), 8);
  // Little endian: the word's bytes are the low ones. Elsewhere KeyOf() does it.
  if constexpr (std::endian::native == std::endian::little) {
    key &= ~uint64_t{0} >> (64 - 8 * word.size());
  } else {
    key = KeyOf(word);
  }
  return Find(key, word);
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
  RemoveUnless(batch, end_of_value,
               [&](size_t i) { return !words_->ContainsSlack(batch->term(i)); });
}

void KeepFilter::Filter(TokenBatch* batch, bool end_of_value) {
  RemoveUnless(batch, end_of_value,
               [&](size_t i) { return words_->ContainsSlack(batch->term(i)); });
}

void KeywordMarkerFilter::Filter(TokenBatch* batch, bool) {
  for (size_t i = 0; i < batch->size(); ++i) {
    if (words_->ContainsSlack(batch->term(i))) (*batch)[i].is_keyword = 1;
  }
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
    uint32_t dropped = 0;
    if (stem.ends_with('\'')) {
      dropped = 2;
    } else if (stem.ends_with("\xe2\x80\x99") || stem.ends_with("\xef\xbc\x87")) {
      dropped = 4;
    }
    // No term becomes empty.
    if (dropped < tokens[i].term_bytes) tokens[i].term_bytes -= dropped;
  }
}

}  // namespace segue

// SPDX-License-Identifier: Apache-2.0
//
// From each character of a token on, every length that a word of the dictionary may have is looked
// up.
#include "engine/text/compound_filter.h"

#include <algorithm>

namespace segue {
namespace {

bool HasChars(std::string_view term, size_t chars) {
  size_t at = 0;
  for (; chars > 0 && at < term.size(); --chars) at = EndOfCharacter(term, at);
  return chars == 0;
}

}  // namespace

CompoundDictionary::CompoundDictionary(const std::vector<std::string>& dictionary)
    : words(dictionary) {
  for (const std::string& word : dictionary) longest_bytes = std::max(longest_bytes, word.size());
}

void CompoundFilter::Start() {
  ExpandingFilter::Start();
  at_ = 0;
  is_begun_ = false;
}

// Those that begin at at_.
void CompoundFilter::AddWordsAt(const TokenBatch& in, size_t i, TokenBatch* out) {
  const std::string_view term = in.term(i);
  size_t longest = 0, chars = 0;
  const auto add = [&](size_t end) {
    Token& part = AppendPart(in, i, at_, end, out);
    part.position_increment = 0;
    part.position_length = in[i].position_length;
  };
  for (size_t end = at_; end < term.size() && end - at_ < dictionary_->longest_bytes;) {
    end = EndOfCharacter(term, end);
    if (end - at_ > dictionary_->longest_bytes) break;
    if (++chars < options_.min_part_chars || end - at_ == term.size()) continue;
    if (!dictionary_->words.Contains(term.substr(at_, end - at_))) continue;
    longest = end;
    if (!options_.only_longest) add(end);
  }
  if (options_.only_longest && longest != 0) add(longest);
}

bool CompoundFilter::Expand(const TokenBatch& in, size_t i, TokenBatch* out) {
  const std::string_view term = in.term(i);
  if (!is_begun_) out->AppendFrom(in, i);
  is_begun_ = true;
  if (in[i].is_keyword == 0 && HasChars(term, options_.min_word_chars)) {
    while (at_ < term.size()) {
      if (out->size() >= TokenBatch::kTargetTokens) return false;
      AddWordsAt(in, i, out);
      at_ = EndOfCharacter(term, at_);
    }
  }
  at_ = 0;
  is_begun_ = false;
  return true;
}

}  // namespace segue

// SPDX-License-Identifier: Apache-2.0
//
// A word waits until all shingles that it can begin are known: until a word stands max_words behind
// it, or the value ends.
#include "engine/text/shingle_filter.h"

#include <algorithm>

#include "engine/base/limits.h"

namespace segue {

void ShingleFilter::Start() {
  ExpandingFilter::Start();
  tokens_.Clear();
  places_.clear();
  position_ = given_ = 0;
}

Token& ShingleFilter::Placed(Token& token) {
  const uint64_t position = places_.front().position;
  token.position_increment = static_cast<uint32_t>(position - given_);
  given_ = position;
  return token;
}

// The words from the first place to that one, with fillers between.
void ShingleFilter::AppendShingle(size_t last, TokenBatch* out) {
  shingle_.clear();
  uint64_t position = places_.front().position;
  // Words may come from filters that give later pieces of the value first.
  uint32_t start_byte = UINT32_MAX, end_byte = 0;
  for (size_t i = 0; i <= last; ++i) {
    for (; position < places_[i].position; ++position) {
      shingle_ += options_.separator;
      shingle_ += options_.filler;
    }
    if (i > 0) shingle_ += options_.separator;
    shingle_ += tokens_.term(places_[i].word);
    ++position;
    start_byte = std::min(start_byte, tokens_[places_[i].word].start_byte);
    end_byte = std::max(end_byte, tokens_[places_[i].word].end_byte);
  }
  if (shingle_.size() > kMaxTermBytes) return;
  Token& token = Placed(out->Append(shingle_, start_byte, end_byte, TokenType::kShingle));
  token.position_length = static_cast<uint16_t>(position - places_.front().position);
  token.is_verbatim = 0;
}

void ShingleFilter::GiveFirst(TokenBatch* out) {
  const Place first = places_.front();
  if (options_.unigrams) Placed(out->AppendFrom(tokens_, first.word));
  for (size_t last = 1; last < places_.size(); ++last) {
    const uint64_t words = places_[last].position - first.position + 1;
    if (words > options_.max_words) break;
    if (words >= options_.min_words) AppendShingle(last, out);
  }
  const size_t end = places_.size() > 1 ? places_[1].word : tokens_.size();
  for (size_t i = first.word + 1; options_.unigrams && i < end; ++i) {
    out->AppendFrom(tokens_, i).position_increment = 0;
  }
  places_.erase(places_.begin());
  if (places_.empty()) tokens_.Clear();
}

bool ShingleFilter::Expand(const TokenBatch& in, size_t i, TokenBatch* out) {
  position_ += in[i].position_increment;
  if (!places_.empty() && places_.back().position == position_) {
    tokens_.AppendFrom(in, i);
  } else {
    places_.push_back({tokens_.size(), position_});
    tokens_.AppendFrom(in, i);
    while (position_ - places_.front().position + 1 >= options_.max_words && places_.size() > 1) {
      GiveFirst(out);
    }
  }
  if (tokens_.size() >= 2 * TokenBatch::kTargetTokens) {
    DropGiven();
    // Too many on top of each other: no shingle crosses this place.
    while (tokens_.size() >= TokenBatch::kTargetTokens) GiveFirst(out);
  }
  return true;
}

// Words that were given lie in front of the first place.
void ShingleFilter::DropGiven() {
  const size_t given = places_.front().word;
  spare_.Clear();
  for (size_t i = given; i < tokens_.size(); ++i) spare_.AppendFrom(tokens_, i);
  std::swap(tokens_, spare_);
  for (Place& place : places_) place.word -= given;
}

void ShingleFilter::Finish(TokenBatch* out) {
  while (!places_.empty()) GiveFirst(out);
  skipped_ = static_cast<uint32_t>(position_ - given_);
}

}  // namespace segue

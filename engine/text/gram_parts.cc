// SPDX-License-Identifier: Apache-2.0
//
// At each place the ends of the next characters are found once; the pieces end there.
#include "engine/text/gram_parts.h"

#include "engine/base/limits.h"

namespace segue {
namespace {

// Ends of the characters from `at` on, at most `max_chars` of them; returns how many.
size_t FindEnds(std::string_view text, size_t at, size_t max_chars, size_t ends[kMaxGramChars]) {
  size_t count = 0;
  while (at < text.size() && count < max_chars) {
    at = EndOfCharacter(text, at);
    ends[count++] = at;
  }
  return count;
}

}  // namespace

void GramTokenizer::Start(std::string_view text) {
  text_ = text;
  at_ = 0;
}

bool GramTokenizer::Next(TokenBatch* batch) {
  while (at_ < text_.size() && batch->size() < TokenBatch::kTargetTokens) {
    size_t ends[kMaxGramChars];
    const size_t count = FindEnds(text_, at_, options_.max_chars, ends);
    for (size_t chars = options_.min_chars; chars <= count; ++chars) {
      Token& gram =
          batch->Append(text_.substr(at_, ends[chars - 1] - at_), static_cast<uint32_t>(at_),
                        static_cast<uint32_t>(ends[chars - 1]));
      gram.position_increment = chars == options_.min_chars ? 1 : 0;
    }
    const bool is_done = options_.only_front || count < options_.min_chars;
    at_ = is_done ? text_.size() : ends[0];
  }
  return at_ < text_.size();
}

void GramFilter::Start() {
  ExpandingFilter::Start();
  at_ = 0;
  any_ = false;
}

bool GramFilter::Expand(const TokenBatch& in, size_t i, TokenBatch* out) {
  const std::string_view term = in.term(i);
  size_t ends[kMaxGramChars];
  const auto place = [&](Token& token) {
    token.position_increment = any_ ? 0 : in[i].position_increment + skipped_;
    token.position_length = in[i].position_length;
    if (!any_) skipped_ = 0;
    any_ = true;
  };
  while (at_ < term.size() && !(options_.only_front && at_ > 0)) {
    if (out->size() >= TokenBatch::kTargetTokens) return false;
    const size_t count = FindEnds(term, at_, options_.max_chars, ends);
    if (count < options_.min_chars) break;
    for (size_t chars = options_.min_chars; chars <= count; ++chars) {
      place(AppendPart(in, i, at_, ends[chars - 1], out));
    }
    at_ = ends[0];
  }
  if (options_.keeps_original) {
    // It is no piece itself if it is shorter or longer than all.
    const size_t count = FindEnds(term, 0, options_.max_chars, ends);
    if (!any_ || ends[count - 1] < term.size()) place(out->AppendFrom(in, i));
  }
  if (!any_) skipped_ += in[i].position_increment;
  at_ = 0;
  any_ = false;
  return true;
}

}  // namespace segue

// SPDX-License-Identifier: Apache-2.0
#include "engine/text/expanding_filter.h"

#include <utility>

#include "engine/text/normal_form.h"
#include "engine/text/utf8_inline.h"

namespace segue {

void ExpandingFilter::Start() {
  in_.Clear();
  next_ = 0;
  skipped_ = 0;
}

void ExpandingFilter::Filter(TokenBatch* batch, bool end_of_value) {
  if (!HasMore()) {
    std::swap(*batch, in_);
    next_ = 0;
  }
  batch->Clear();
  for (; next_ < in_.size(); ++next_) {
    if (batch->size() >= TokenBatch::kTargetTokens) return;
    if (!Expand(in_, next_, batch)) return;
  }
  uint32_t trailing = in_.trailing_increment();
  in_.Clear();
  next_ = 0;
  if (end_of_value) {
    Finish(batch);
    trailing += std::exchange(skipped_, 0);
  }
  batch->set_trailing_increment(trailing);
}

Token& AppendPart(const TokenBatch& in, size_t i, size_t begin, size_t end, TokenBatch* out) {
  const Token& whole = in[i];
  uint32_t start_byte = whole.start_byte, end_byte = whole.end_byte;
  if (whole.is_verbatim) {
    start_byte = whole.start_byte + static_cast<uint32_t>(begin);
    end_byte = whole.start_byte + static_cast<uint32_t>(end);
  }
  Token& part =
      out->Append(in.term(i).substr(begin, end - begin), start_byte, end_byte, whole.type);
  part.is_keyword = whole.is_keyword;
  part.is_verbatim = whole.is_verbatim;
  return part;
}

size_t EndOfCharacter(std::string_view term, size_t at) {
  const uint8_t* const begin = reinterpret_cast<const uint8_t*>(term.data());
  char32_t ignored;
  return at + DecodeUtf8Inline(begin + at, begin + term.size(), &ignored);
}

size_t EndOfCluster(std::string_view term, size_t at) {
  at = EndOfCharacter(term, at);
  const uint8_t* const begin = reinterpret_cast<const uint8_t*>(term.data());
  while (at < term.size() && begin[at] >= 0x80) {
    char32_t cp;
    const size_t bytes = DecodeUtf8Inline(begin + at, begin + term.size(), &cp);
    if (!IsMark(cp)) break;
    at += bytes;
  }
  return at;
}

}  // namespace segue

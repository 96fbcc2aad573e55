// SPDX-License-Identifier: Apache-2.0
#include "engine/text/pattern_tokenizer.h"

#include "engine/text/utf8_inline.h"

namespace segue {

void PatternTokenizer::Start(std::string_view text) {
  text_ = text;
  finder_.Start(text);
  at_ = end_ = behind_ = 0;
  is_last_ = false;
}

// To the next span of text that becomes tokens, which may be empty; false: there is none.
bool PatternTokenizer::NextSpan() {
  if (is_last_) return false;
  PieceFinder::Piece piece;
  is_last_ = !finder_.Next(&piece);
  if (splits_) {
    at_ = behind_;
    end_ = is_last_ ? text_.size() : piece.begin;
    behind_ = piece.end;
    return true;
  }
  at_ = piece.begin;
  end_ = piece.end;
  return !is_last_;
}

// At most one, and goes behind it and what separates it from the next.
void PatternTokenizer::AddToken(TokenBatch* batch) {
  const auto* const bytes = reinterpret_cast<const uint8_t*>(text_.data());
  const size_t token = at_;
  size_t units = 0, separator = 0;
  while (at_ < end_) {
    char32_t cp;
    const size_t more = DecodeUtf8Inline(bytes + at_, bytes + end_, &cp);
    if (cp == kReplacementCharacter) {
      separator = more;
      break;
    }
    const size_t more_units = cp >= 0x10000 ? 2 : 1;
    if (units > 0 && units + more_units > max_token_units_) break;
    units += more_units;
    at_ += more;
  }
  if (at_ > token) {
    batch->Append(text_.substr(token, at_ - token), static_cast<uint32_t>(token),
                  static_cast<uint32_t>(at_));
  }
  at_ += separator;
}

bool PatternTokenizer::Next(TokenBatch* batch) {
  while (batch->size() < TokenBatch::kTargetTokens) {
    if (at_ < end_) {
      AddToken(batch);
    } else if (!NextSpan()) {
      return false;
    }
  }
  return true;
}

}  // namespace segue

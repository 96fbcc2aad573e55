// SPDX-License-Identifier: Apache-2.0
#include "engine/text/word_delimiter_filter.h"

#include "engine/base/limits.h"
#include "engine/text/utf8_inline.h"
#include "utf8proc.h"

namespace segue {
namespace {

enum class Kind { kDelimiter, kSmall, kCapital, kLetter, kDigit, kMark };

Kind KindOf(char32_t cp) {
  if (cp < 0x80) {
    if (cp >= 'a' && cp <= 'z') return Kind::kSmall;
    if (cp >= 'A' && cp <= 'Z') return Kind::kCapital;
    return cp >= '0' && cp <= '9' ? Kind::kDigit : Kind::kDelimiter;
  }
  switch (utf8proc_category(static_cast<int32_t>(cp))) {
    case UTF8PROC_CATEGORY_LL:
      return Kind::kSmall;
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LT:
      return Kind::kCapital;
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
      return Kind::kLetter;
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO:
      return Kind::kDigit;
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ME:
      return Kind::kMark;
    default:
      return Kind::kDelimiter;
  }
}

}  // namespace

// False: more than kMaxWordParts.
bool WordDelimiterFilter::FindParts(std::string_view term) {
  parts_.clear();
  const auto* const begin = reinterpret_cast<const uint8_t*>(term.data());
  Kind last = Kind::kDelimiter;
  for (size_t at = 0; at < term.size();) {
    char32_t cp;
    const size_t bytes = DecodeUtf8Inline(begin + at, begin + term.size(), &cp);
    Kind kind = KindOf(cp);
    // A mark belongs to what it stands on.
    if (kind == Kind::kMark) kind = last == Kind::kDelimiter ? Kind::kLetter : last;
    if (kind != Kind::kDelimiter) {
      const bool splits =
          last == Kind::kDelimiter ||
          (options_.split_case && last == Kind::kSmall && kind == Kind::kCapital) ||
          (options_.split_numbers && (last == Kind::kDigit) != (kind == Kind::kDigit));
      if (splits) {
        if (parts_.size() == kMaxWordParts) return false;
        parts_.push_back({at, at});
      }
      parts_.back().end = at + bytes;
    }
    last = kind;
    at += bytes;
  }
  return true;
}

// REQUIRES: `positions` fits, as kMaxWordParts does.
void WordDelimiterFilter::Place(Token* token, uint32_t increment, size_t positions) {
  token->position_increment = increment + skipped_;
  token->position_length = static_cast<uint16_t>(positions);
  skipped_ = 0;
}

bool WordDelimiterFilter::Expand(const TokenBatch& in, size_t i, TokenBatch* out) {
  const Token& token = in[i];
  const std::string_view term = in.term(i);
  const bool stays = token.is_keyword != 0 || token.position_length > 1 || !FindParts(term) ||
                     (parts_.size() == 1 && parts_[0].end - parts_[0].begin == term.size()) ||
                     (parts_.empty() && options_.original);
  if (stays) {
    out->AppendFrom(in, i).position_increment += skipped_;
    skipped_ = 0;
    return true;
  }
  const bool gives_parts = options_.parts || parts_.size() == 1;
  const size_t positions = gives_parts ? parts_.size() : 1;
  uint32_t increment = token.position_increment;
  if (options_.original) {
    Place(&out->AppendFrom(in, i), increment, positions);
    increment = 0;
  }
  if (options_.joined && parts_.size() > 1) {
    joined_.clear();
    for (const Part& part : parts_) joined_ += term.substr(part.begin, part.end - part.begin);
    if (!options_.original || joined_ != term) {
      Token& joined = AppendPart(in, i, parts_.front().begin, parts_.back().end, out);
      out->SetTerm(out->size() - 1, joined_);
      Place(&joined, increment, positions);
      increment = 0;
    }
  }
  for (const Part& part : parts_) {
    if (!gives_parts) break;
    Place(&AppendPart(in, i, part.begin, part.end, out), increment, 1);
    increment = 1;
  }
  if (parts_.empty() || (!gives_parts && !options_.joined && !options_.original)) {
    skipped_ += token.position_increment;
  }
  return true;
}

}  // namespace segue

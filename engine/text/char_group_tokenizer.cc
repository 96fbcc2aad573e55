// SPDX-License-Identifier: Apache-2.0
#include "engine/text/char_group_tokenizer.h"

#include <algorithm>

#include "engine/text/unicode.h"
#include "engine/text/utf8_inline.h"
#include "utf8proc.h"

namespace segue {
namespace {

constexpr uint32_t Bit(utf8proc_category_t category) { return uint32_t{1} << category; }

constexpr uint32_t kPunctuation = Bit(UTF8PROC_CATEGORY_PC) | Bit(UTF8PROC_CATEGORY_PD) |
                                  Bit(UTF8PROC_CATEGORY_PS) | Bit(UTF8PROC_CATEGORY_PE) |
                                  Bit(UTF8PROC_CATEGORY_PI) | Bit(UTF8PROC_CATEGORY_PF) |
                                  Bit(UTF8PROC_CATEGORY_PO);
constexpr uint32_t kSymbols = Bit(UTF8PROC_CATEGORY_SM) | Bit(UTF8PROC_CATEGORY_SC) |
                              Bit(UTF8PROC_CATEGORY_SK) | Bit(UTF8PROC_CATEGORY_SO);

}  // namespace

bool CharGroup::Add(std::string_view member) {
  if (member == "whitespace") {
    whitespace_ = true;
  } else if (member == "letter") {
    letters_ = true;
  } else if (member == "digit") {
    categories_ |= Bit(UTF8PROC_CATEGORY_ND);
  } else if (member == "punctuation") {
    categories_ |= kPunctuation;
  } else if (member == "symbol") {
    categories_ |= kSymbols;
  } else {
    if (member.empty()) return false;
    const auto* begin = reinterpret_cast<const uint8_t*>(member.data());
    char32_t cp;
    if (DecodeUtf8(begin, begin + member.size(), &cp) != member.size()) return false;
    const auto at = std::lower_bound(characters_.begin(), characters_.end(), cp);
    if (at == characters_.end() || *at != cp) characters_.insert(at, cp);
  }
  return true;
}

bool CharGroup::Contains(char32_t cp) const {
  if (whitespace_ && IsWhitespace(cp)) return true;
  if (letters_ && IsLetter(cp)) return true;
  if (categories_ != 0 && (categories_ >> utf8proc_category(static_cast<int32_t>(cp)) & 1) != 0) {
    return true;
  }
  return std::binary_search(characters_.begin(), characters_.end(), cp);
}

void CharGroupTokenizer::Start(std::string_view text) {
  text_ = text;
  at_ = 0;
}

bool CharGroupTokenizer::Next(TokenBatch* batch) {
  const auto* const begin = reinterpret_cast<const uint8_t*>(text_.data());
  const auto* const end = begin + text_.size();
  while (at_ < text_.size() && batch->size() < TokenBatch::kTargetTokens) {
    const size_t token = at_;
    size_t units = 0, separator = 0;
    while (at_ < text_.size()) {
      char32_t cp;
      const size_t bytes = DecodeUtf8Inline(begin + at_, end, &cp);
      if (cp == kReplacementCharacter || separators_->Contains(cp)) {
        separator = bytes;
        break;
      }
      const size_t more = cp >= 0x10000 ? 2 : 1;
      if (units > 0 && units + more > max_token_units_) break;
      units += more;
      at_ += bytes;
    }
    if (at_ > token) {
      batch->Append(text_.substr(token, at_ - token), static_cast<uint32_t>(token),
                    static_cast<uint32_t>(at_));
    }
    at_ += separator;
  }
  return at_ < text_.size();
}

}  // namespace segue

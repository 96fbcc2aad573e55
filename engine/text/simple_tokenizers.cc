// SPDX-License-Identifier: Apache-2.0
//
// Character by character; speed matters less here than for `standard`.
#include "engine/text/simple_tokenizers.h"

#include <algorithm>

#include "engine/text/unicode.h"
#include "engine/text/utf8_inline.h"

namespace segue {

namespace {

// At the front of the text. They belong to runs of any kind, and most characters are such.
size_t CountAsciiLetters(std::string_view text) {
  size_t count = 0;
  while (count < text.size() && static_cast<uint8_t>((text[count] | 0x20) - 'a') < 26) ++count;
  return count;
}

}  // namespace

void RunTokenizer::Start(std::string_view text) {
  text_ = text;
  at_ = 0;
}

bool RunTokenizer::Belongs(char32_t cp) const {
  if ((cp | 0x20) - 'a' < 26) return true;
  if (cp < 0x80) return kind_ != Kind::kLowerLetters && !IsWhitespace(cp);
  if (cp == kReplacementCharacter) return false;
  return kind_ == Kind::kLowerLetters ? IsLetter(cp) : !IsWhitespace(cp);
}

bool RunTokenizer::Next(TokenBatch* batch) {
  const uint8_t* const text = reinterpret_cast<const uint8_t*>(text_.data());
  const uint8_t* const end = text + text_.size();
  while (at_ < text_.size() && batch->size() < TokenBatch::kTargetTokens) {
    const size_t begin = at_;
    size_t units = 0;
    while (at_ < text_.size()) {
      const size_t room = max_token_units_ - std::min(units, max_token_units_);
      const size_t letters = CountAsciiLetters(text_.substr(at_, room));
      at_ += letters;
      units += letters;
      if (at_ == text_.size()) break;
      char32_t cp;
      const size_t bytes = DecodeUtf8Inline(text + at_, end, &cp);
      const size_t cp_units = cp >= 0x10000 ? 2 : 1;
      if (!Belongs(cp)) {
        if (units == 0) at_ += bytes;
        break;
      }
      if (units + cp_units > max_token_units_ && units > 0) break;
      units += cp_units;
      at_ += bytes;
    }
    if (units > 0) {
      batch->Append(text_.substr(begin, at_ - begin), static_cast<uint32_t>(begin),
                    static_cast<uint32_t>(at_));
    }
  }
  if (kind_ == Kind::kLowerLetters) lowercase_.Filter(batch, false);
  return at_ < text_.size();
}

bool KeywordTokenizer::Next(TokenBatch* batch) {
  if (!text_.empty()) batch->Append(text_, 0, static_cast<uint32_t>(text_.size()));
  text_ = {};
  return false;
}

}  // namespace segue

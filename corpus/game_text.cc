// SPDX-License-Identifier: Apache-2.0
//
// ASCII goes through a table, byte by byte; the rest is decoded and folded, and what it folds to
// goes through the same table.
#include "corpus/game_text.h"

#include "engine/text/unicode.h"
#include "engine/text/utf8_inline.h"

namespace segue {
namespace {

class WordAppender {
 public:
  explicit WordAppender(std::string* out) : out_(*out), begin_(out->size()) {}

  // A byte of ASCII: part of a word, or the end of one.
  void Put(char byte) {
    const char c = kGameCharacter[static_cast<uint8_t>(byte)];
    if (c == 0) return EndWord();
    if (!in_word_) {
      in_word_ = true;
      begin_ = out_.size();
      if (begin_ > 0) out_ += ' ';
    }
    out_ += c;
  }

  void EndWord() {
    if (!in_word_) return;
    in_word_ = false;
    const size_t separator = begin_ > 0 ? 1 : 0;
    if (out_.size() - begin_ - separator > kMaxGameWordBytes) {
      out_.resize(begin_);
    } else {
      ++words_;
    }
  }

  size_t words() const { return words_; }

 private:
  std::string& out_;
  size_t begin_;  // of the word being made, its space included
  bool in_word_ = false;
  size_t words_ = 0;
};

void PutCodePoint(char32_t cp, WordAppender* words) {
  if (IsDiacritic(cp)) return;
  const std::string_view ascii = IsLetter(cp) ? ToAscii(cp) : std::string_view();
  if (ascii.empty()) words->EndWord();
  for (const char c : ascii) words->Put(c);
}

}  // namespace

size_t AppendGameText(std::string_view text, std::string* out) {
  WordAppender words(out);
  const auto* at = reinterpret_cast<const uint8_t*>(text.data());
  const uint8_t* const end = at + text.size();
  while (at < end) {
    if (*at < 0x80) {
      words.Put(static_cast<char>(*at++));
      continue;
    }
    char32_t cp;
    at += DecodeUtf8Inline(at, end, &cp);
    PutCodePoint(cp, &words);
  }
  words.EndWord();
  return words.words();
}

bool IsGameText(std::string_view text) {
  size_t word_bytes = 0;
  for (const char c : text) {
    const bool of_word = c != '\0' && kGameCharacter[static_cast<uint8_t>(c)] == c;
    if (!of_word && (c != ' ' || word_bytes == 0)) return false;
    word_bytes = of_word ? word_bytes + 1 : 0;
    if (word_bytes > kMaxGameWordBytes) return false;
  }
  return word_bytes > 0;
}

}  // namespace segue

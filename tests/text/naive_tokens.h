// SPDX-License-Identifier: Apache-2.0
//
// What models of single filters share: words between spaces, as the tokenizer `whitespace` gives
// them, and texts to cut.
#ifndef SEGUE_TESTS_TEXT_NAIVE_TOKENS_H_
#define SEGUE_TESTS_TEXT_NAIVE_TOKENS_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tests/text/text_test_util.h"

namespace segue {

using Tokens = std::vector<AnalyzedToken>;

inline AnalyzedToken NaiveToken(std::string_view term, size_t position, size_t start, size_t end) {
  AnalyzedToken token;
  token.term = std::string(term);
  token.position = static_cast<uint32_t>(position);
  token.start_byte = static_cast<uint32_t>(start);
  token.end_byte = static_cast<uint32_t>(end);
  return token;
}

// What stands between spaces.
inline Tokens NaiveWords(std::string_view text) {
  Tokens words;
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find(' ', at), text.size());
    if (end > at) words.push_back(NaiveToken(text.substr(at, end - at), words.size(), at, end));
    at = end + 1;
  }
  return words;
}

// Where each character of valid UTF-8 begins, and the end.
inline std::vector<size_t> NaiveBounds(std::string_view text) {
  std::vector<size_t> bounds;
  for (size_t at = 0; at < text.size(); ++at) {
    if ((static_cast<uint8_t>(text[at]) & 0xc0) != 0x80) bounds.push_back(at);
  }
  bounds.push_back(text.size());
  return bounds;
}

inline std::string RandomOf(SeededRandom* random, const Strings& parts, uint64_t least,
                            uint64_t most) {
  std::string text;
  for (uint64_t left = random->Between(least, most); left > 0; --left) {
    text += parts[random->Below(parts.size())];
  }
  return text;
}

}  // namespace segue

#endif  // SEGUE_TESTS_TEXT_NAIVE_TOKENS_H_

// SPDX-License-Identifier: Apache-2.0
#include "corpus/game_sentences.h"

#include <algorithm>

#include "corpus/source_reader.h"
#include "engine/text/unicode.h"
#include "engine/text/utf8_inline.h"

namespace segue {
namespace {

bool HasCharacters(std::string_view text, size_t wanted) {
  if (text.size() < wanted) return false;
  const auto starts_character = [](char c) { return !IsUtf8Trail(static_cast<uint8_t>(c)); };
  return static_cast<size_t>(std::count_if(text.begin(), text.end(), starts_character)) >= wanted;
}

bool StartsSentence(std::string_view text) {
  if (text.empty()) return false;
  const auto* begin = reinterpret_cast<const uint8_t*>(text.data());
  if (*begin < 0x80) return (*begin >= 'A' && *begin <= 'Z') || (*begin >= '0' && *begin <= '9');
  char32_t cp;
  DecodeUtf8Inline(begin, begin + text.size(), &cp);
  return IsLetter(cp) && ToLower(cp) != cp;
}

// The end of the first sentence of a line that is not empty.
size_t FindEnd(std::string_view line) {
  for (size_t at = line.find_first_of(".!?"); at < line.size();
       at = line.find_first_of(".!?", at + 1)) {
    const size_t next = line.find_first_not_of(" \t\r\f\v", at + 1);
    if (next == line.npos) return line.size();
    if (next > at + 1 && StartsSentence(line.substr(next))) return at + 1;
  }
  return line.size();
}

}  // namespace

std::vector<std::string_view> SplitSentences(std::string_view text,
                                             const SentenceOptions& options) {
  std::vector<std::string_view> sentences;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    for (std::string_view line = text.substr(0, end); !line.empty();) {
      const size_t cut = FindEnd(line);
      const std::string_view sentence = TrimBlanks(line.substr(0, cut));
      if (!sentence.empty() && HasCharacters(sentence, options.min_characters)) {
        sentences.push_back(sentence);
      }
      line.remove_prefix(cut);
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return sentences;
}

}  // namespace segue

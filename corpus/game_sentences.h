// SPDX-License-Identifier: Apache-2.0
//
// Text cut into sentences, by a rule that is simple on purpose: it makes many short documents of
// real language; no linguist will grade them.
#ifndef SEGUE_CORPUS_GAME_SENTENCES_H_
#define SEGUE_CORPUS_GAME_SENTENCES_H_

#include <cstddef>
#include <string_view>
#include <vector>

namespace segue {

struct SentenceOptions {
  size_t min_characters = 20;  // code points; shorter sentences are headings and debris
};

// The sentences of UTF-8 text, in order, as views into it. A sentence ends at a line break, and
// behind '.', '!' or '?' if white space and then an upper-case letter or a digit follows. Blanks
// at the ends are left off.
std::vector<std::string_view> SplitSentences(std::string_view text, const SentenceOptions& options);

}  // namespace segue

#endif  // SEGUE_CORPUS_GAME_SENTENCES_H_

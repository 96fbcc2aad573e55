// SPDX-License-Identifier: Apache-2.0
//
// Articles cut into passages: paragraphs of at least 40 characters, cut at 250 words.
#ifndef SEGUE_CORPUS_PASSAGES_H_
#define SEGUE_CORPUS_PASSAGES_H_

#include <cstddef>
#include <string_view>
#include <vector>

#include "corpus/record.h"

namespace segue {

struct PassageOptions {
  size_t min_characters = 40;  // code points; shorter paragraphs are headings and debris
  size_t max_words = 250;      // a longer paragraph becomes several passages
};

// The passages of a text, in order, as views into it. A line break ends a paragraph; words are what
// white space separates; blanks at the ends are left off.
std::vector<std::string_view> SplitPassages(std::string_view text, const PassageOptions& options);

// The passages of an article's `text` (or `contents`) as records: `id` is the article's `id` (or
// `_id`), "#" and the passage's number from 1; `title` is the article's; `text` the passage.
std::vector<Record> PassagesOf(const Record& article, const PassageOptions& options);

}  // namespace segue

#endif  // SEGUE_CORPUS_PASSAGES_H_

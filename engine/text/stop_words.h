// SPDX-License-Identifier: Apache-2.0
//
// Words that tell nothing of a text, by language.
#ifndef SEGUE_TEXT_STOP_WORDS_H_
#define SEGUE_TEXT_STOP_WORDS_H_

#include <string>
#include <string_view>
#include <vector>

namespace segue {

// Changes with the lists: an index knows which its terms were made with.
inline constexpr std::string_view kStopWordsVersion = "1";

// Languages that have a list, sorted.
std::vector<std::string> StopWordLanguages();

// The list of a language, in lower case; empty if it has none. English: the 33 words that Lucene's
// EnglishAnalyzer removes.
std::vector<std::string> StopWordsOf(std::string_view language);

}  // namespace segue

#endif  // SEGUE_TEXT_STOP_WORDS_H_

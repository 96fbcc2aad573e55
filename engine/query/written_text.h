// SPDX-License-Identifier: Apache-2.0
//
// Texts, words, names and numbers as they are written in the query language, so that the parser
// reads back what they are, whatever bytes they have. All that is printed is valid UTF-8 without
// control characters: other bytes are written as \x{0a}.
#ifndef SEGUE_QUERY_WRITTEN_TEXT_H_
#define SEGUE_QUERY_WRITTEN_TEXT_H_

#include <string>
#include <string_view>

namespace segue {

// In quotes.
std::string QuotedText(std::string_view text);

// Letters, digits, underscores, full stops and other scripts as they are; all else in quotes.
std::string PlainOrQuoted(std::string_view text);

// A word in which every character is text: as it is, or text("…").
std::string WrittenWord(std::string_view text);

// With a backslash before each character that has a meaning, white space included.
std::string EscapedWord(std::string_view text);

// A regular expression between slashes.
std::string WrittenRegexp(std::string_view pattern);

// A name of a field before a colon; stars in it stand for parts of one.
std::string WrittenField(std::string_view field);

// Without an exponent, in the fewest digits that read back to it.
std::string WrittenNumber(float number);
std::string WrittenNumber(double number);

}  // namespace segue

#endif  // SEGUE_QUERY_WRITTEN_TEXT_H_

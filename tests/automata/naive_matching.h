// SPDX-License-Identifier: Apache-2.0
//
// What patterns and misspelt words mean, written again the slow and plain way: for tests only.
#ifndef SEGUE_TESTS_AUTOMATA_NAIVE_MATCHING_H_
#define SEGUE_TESTS_AUTOMATA_NAIVE_MATCHING_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "tests/support/seeded_random.h"

namespace segue {

// Each maximal ill-formed piece is one U+FFFD.
std::u32string NaiveCharacters(std::string_view text);

// Optimal string alignment by the whole table.
uint32_t NaiveEdits(const std::u32string& a, const std::u32string& b);

// The edits that a fuzzy word is away from a term; nothing if the term is not wanted.
std::optional<uint32_t> NaiveFuzzy(std::string_view word, std::string_view term, uint32_t max_edits,
                                   size_t exact_prefix);

bool NaiveWildcard(std::string_view pattern, std::string_view term);

// REQUIRES: a pattern that CompileRegexp takes.
bool NaiveRegexp(std::string_view pattern, std::string_view term);

// A regular expression of at most `depth` nested groups over the characters of a few scripts.
std::string RandomRegexp(SeededRandom& random, int depth);

}  // namespace segue

#endif  // SEGUE_TESTS_AUTOMATA_NAIVE_MATCHING_H_

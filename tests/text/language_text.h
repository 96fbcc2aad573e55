// SPDX-License-Identifier: Apache-2.0
//
// Text in many languages, without a file of any: what ICU's locale data spell out.
#ifndef SEGUE_TESTS_TEXT_LANGUAGE_TEXT_H_
#define SEGUE_TESTS_TEXT_LANGUAGE_TEXT_H_

#include <string>
#include <vector>

#include "tests/support/seeded_random.h"

namespace segue {

// The languages, by their codes, in which the system's ICU knows words for numbers.
std::vector<std::string> LanguagesWithText();

// One text of such a language: numbers in words, full dates, sums of money, names of countries and
// languages, each as this language writes them, with its punctuation and quotes between them.
std::string RandomTextOf(const std::string& language, SeededRandom* random);

}  // namespace segue

#endif  // SEGUE_TESTS_TEXT_LANGUAGE_TEXT_H_

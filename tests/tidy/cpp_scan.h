// SPDX-License-Identifier: Apache-2.0
//
// Just enough of C++ to check style: includes, functions and their lengths.
#ifndef SEGUE_TESTS_TIDY_CPP_SCAN_H_
#define SEGUE_TESTS_TIDY_CPP_SCAN_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace segue {

struct Include {
  std::string path;
  bool angled = false;  // <path>, not "path"
  size_t line = 0;      // from 1
};

std::vector<Include> FindIncludes(std::string_view text);

struct Function {
  std::string name;       // the word before the first parenthesis, with its qualifiers
  size_t first_line = 0;  // of the signature, from 1
  size_t lines = 0;       // from there to the closing brace
};

// Functions at namespace or class scope, in order. Lambdas and local classes count as part of the
// function around them; a lambda at namespace scope is not seen.
std::vector<Function> FindFunctions(std::string_view text);

// The same text with comments, string and character literals and preprocessor lines replaced by
// spaces; line breaks stay.
std::string BlankNonCode(std::string_view text);

}  // namespace segue

#endif  // SEGUE_TESTS_TIDY_CPP_SCAN_H_

// SPDX-License-Identifier: Apache-2.0
//
// The files of this repository, for tests that check their text.
#ifndef SEGUE_TESTS_TIDY_SOURCE_TREE_H_
#define SEGUE_TESTS_TIDY_SOURCE_TREE_H_

#include <string>
#include <string_view>
#include <vector>

namespace segue {

struct SourceFile {
  std::string path;  // from the repository root, with '/'
  std::string text;
};

// All text files by path, without build output, version control and binary test data. Read once;
// the same list for the life of the program.
const std::vector<SourceFile>& SourceTree();

// C++ sources and headers.
bool IsCpp(std::string_view path);
// Files that carry a license line: C++, CMake, shell, awk.
bool IsCode(std::string_view path);

std::vector<std::string_view> Lines(std::string_view text);

}  // namespace segue

#endif  // SEGUE_TESTS_TIDY_SOURCE_TREE_H_

// SPDX-License-Identifier: Apache-2.0
//
// Text for a terminal: how wide it is, cut to fit, free of control characters.
#ifndef SEGUE_TOOLS_TEXT_LAYOUT_H_
#define SEGUE_TOOLS_TEXT_LAYOUT_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace segue {

// Columns that a terminal uses: 2 for wide East Asian characters, 0 for combining ones, 1 for each
// control character, which is to be shown as a blank.
size_t DisplayWidth(std::string_view text);

// `text` on one line: white space runs and control characters (a document may hold escape
// sequences) become one blank, bytes that are not UTF-8 become U+FFFD.
std::string Clean(std::string_view text);

// The longest beginning that fits `columns`, with "…" if something was cut off.
std::string Fit(std::string_view text, size_t columns);

// Lines of columns: each as wide as its widest cell, cut so that a line has at most `width`
// columns (the last, then the widest columns give way). Two blanks between columns.
class TextTable {
 public:
  enum class Align { kLeft, kRight };

  explicit TextTable(std::vector<Align> columns) : columns_(std::move(columns)) {}
  // REQUIRES: as many cells as columns. Cells are cleaned.
  void AddRow(std::vector<std::string> cells);
  std::string ToText(size_t width) const;

 private:
  std::vector<Align> columns_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace segue

#endif  // SEGUE_TOOLS_TEXT_LAYOUT_H_

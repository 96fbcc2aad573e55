// SPDX-License-Identifier: Apache-2.0
#include "tools/text_layout.h"

#include <utf8proc.h>

#include <algorithm>
#include <cstdint>
#include <utility>

#include "corpus/base_tools.h"

namespace segue {
namespace {

constexpr std::string_view kEllipsis = "…";
constexpr size_t kMinColumn = 4;

bool IsSpaceOrControl(char32_t code_point) {
  return code_point <= 0x20 || (code_point >= 0x7f && code_point <= 0xa0) || code_point == 0x2028 ||
         code_point == 0x2029 ||
         (code_point >= 0x202a && code_point <= 0x202e);  // overrides of the writing direction
}

// What Clean shows as a blank counts as one.
size_t WidthOf(char32_t code_point) {
  if (IsSpaceOrControl(code_point)) return 1;
  const int width = utf8proc_charwidth(static_cast<utf8proc_int32_t>(code_point));
  return width < 0 ? 0 : static_cast<size_t>(width);
}

}  // namespace

size_t DisplayWidth(std::string_view text) {
  size_t width = 0;
  const auto* p = reinterpret_cast<const uint8_t*>(text.data());
  const uint8_t* end = p + text.size();
  while (p < end) {
    char32_t code_point;
    p += DecodeUtf8(p, end, &code_point);
    width += WidthOf(code_point);
  }
  return width;
}

std::string Clean(std::string_view text) {
  std::string out;
  const auto* p = reinterpret_cast<const uint8_t*>(text.data());
  const uint8_t* end = p + text.size();
  bool blank_due = false;
  while (p < end) {
    char32_t code_point;
    p += DecodeUtf8(p, end, &code_point);
    if (IsSpaceOrControl(code_point)) {
      blank_due = !out.empty();
      continue;
    }
    if (blank_due) out += ' ';
    blank_due = false;
    AppendUtf8(code_point, &out);
  }
  return out;
}

std::string Fit(std::string_view text, size_t columns) {
  if (DisplayWidth(text) <= columns) return std::string(text);
  if (columns == 0) return {};
  size_t width = 0;
  const auto* begin = reinterpret_cast<const uint8_t*>(text.data());
  const uint8_t* p = begin;
  const uint8_t* end = begin + text.size();
  while (p < end) {
    char32_t code_point;
    const size_t bytes = DecodeUtf8(p, end, &code_point);
    width += WidthOf(code_point);
    if (width > columns - 1) break;
    p += bytes;
  }
  return std::string(text.substr(0, static_cast<size_t>(p - begin))) + std::string(kEllipsis);
}

void TextTable::AddRow(std::vector<std::string> cells) {
  for (std::string& cell : cells) cell = Clean(cell);
  rows_.push_back(std::move(cells));
}

std::string TextTable::ToText(size_t width) const {
  std::vector<size_t> widths(columns_.size(), 1);
  for (const std::vector<std::string>& row : rows_) {
    for (size_t i = 0; i < columns_.size(); ++i) {
      widths[i] = std::max(widths[i], DisplayWidth(row[i]));
    }
  }
  size_t total = columns_.empty() ? 0 : 2 * (columns_.size() - 1);
  for (const size_t column : widths) total += column;
  while (total > width) {
    const auto widest = std::max_element(widths.begin(), widths.end());
    if (*widest <= kMinColumn) break;
    const size_t too_much = std::min(total - width, *widest - kMinColumn);
    // Down to the next widest at most, then look again.
    size_t next = kMinColumn;
    for (auto it = widths.begin(); it != widths.end(); ++it) {
      if (it != widest) next = std::max(next, *it);
    }
    const size_t cut = std::clamp<size_t>(*widest - std::min(next, *widest), 1, too_much);
    *widest -= cut;
    total -= cut;
  }
  std::string text;
  for (const std::vector<std::string>& row : rows_) {
    std::string line;
    for (size_t i = 0; i < columns_.size(); ++i) {
      const std::string cell = Fit(row[i], widths[i]);
      const std::string blanks(widths[i] - std::min(widths[i], DisplayWidth(cell)), ' ');
      if (i > 0) line += "  ";
      line += columns_[i] == Align::kRight ? blanks + cell : cell + blanks;
    }
    while (!line.empty() && line.back() == ' ') line.pop_back();
    text += line + "\n";
  }
  return text;
}

}  // namespace segue

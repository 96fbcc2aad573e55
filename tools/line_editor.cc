// SPDX-License-Identifier: Apache-2.0
#include "tools/line_editor.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <iostream>
#include <utility>

#include "tools/console.h"
#include "tools/terminal_editor.h"

namespace segue {
namespace {

class PlainReader : public LineEditor {
 public:
  explicit PlainReader(std::string prompt)
      : prompt_(std::move(prompt)), interactive_(IsTerminal(STDIN_FILENO)) {}

  bool ReadLine(std::string* line) override {
    if (interactive_) {
      Out().Write(prompt_);
      Out().Flush();
    }
    if (!std::getline(std::cin, *line)) return false;
    if (!line->empty() && line->back() == '\r') line->pop_back();
    return true;
  }
  void Remember(const std::string&) override {}
  bool interactive() const override { return interactive_; }

 private:
  const std::string prompt_;
  const bool interactive_;
};

}  // namespace

std::unique_ptr<LineEditor> NewLineEditor(const std::string& prompt, Completer completer) {
  if (IsTerminal(STDIN_FILENO) && IsTerminal(STDOUT_FILENO)) {
    if (auto editor = NewTerminalEditor(prompt, std::move(completer))) return editor;
  }
  return std::make_unique<PlainReader>(prompt);
}

Completion Complete(const Completer& completer, std::string_view line_to_cursor) {
  Completion completion;
  // Words of queries end at blanks and at what the query language sets apart.
  const size_t before = line_to_cursor.find_last_of(" \t(+\"!");
  completion.replace_from = before == line_to_cursor.npos ? 0 : before + 1;
  completion.choices = completer(line_to_cursor.substr(0, completion.replace_from),
                                 line_to_cursor.substr(completion.replace_from));
  std::sort(completion.choices.begin(), completion.choices.end());
  if (completion.choices.empty()) return completion;
  const std::string& first = completion.choices.front();
  const std::string& last = completion.choices.back();
  const size_t shared = static_cast<size_t>(
      std::mismatch(first.begin(), first.end(), last.begin(), last.end()).first - first.begin());
  completion.common = first.substr(0, shared);
  return completion;
}

}  // namespace segue

// SPDX-License-Identifier: Apache-2.0
//
// A line from the user: with editing, history and completion on a terminal, plain otherwise. The
// line editing library stays behind this interface.
#ifndef SEGUE_TOOLS_LINE_EDITOR_H_
#define SEGUE_TOOLS_LINE_EDITOR_H_

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace segue {

// Ways to complete `word`, the word before the cursor; `line_before` is what stands before it.
using Completer =
    std::function<std::vector<std::string>(std::string_view line_before, std::string_view word)>;

class LineEditor {
 public:
  virtual ~LineEditor() = default;
  // The next line, without its end. False at the end of the input. Ctrl-C empties the line that is
  // being edited.
  virtual bool ReadLine(std::string* line) = 0;
  // Keeps a line for the arrow keys and, in the end, for the next time.
  virtual void Remember(const std::string& line) = 0;
  // Whether lines come from a person.
  virtual bool interactive() const = 0;
};

// An editor on the terminal if standard input and output are one and the library is there, else a
// reader of plain lines. History lies in $SEGUE_HISTORY, or ~/.segue_history; not kept if that is
// empty or cannot be written.
std::unique_ptr<LineEditor> NewLineEditor(const std::string& prompt, Completer completer);

// For all editors: the completions of a line up to the cursor. `replace_from` is where the word
// begins, `common` the longest text that all choices begin with.
struct Completion {
  size_t replace_from = 0;
  std::vector<std::string> choices;  // sorted
  std::string common;
};
Completion Complete(const Completer& completer, std::string_view line_to_cursor);

}  // namespace segue

#endif  // SEGUE_TOOLS_LINE_EDITOR_H_

// SPDX-License-Identifier: Apache-2.0
//
// The shell of `segue repl`: a line is a query, or a command that begins with a dot. Knows nothing
// of terminals, so that tests can feed it lines.
#ifndef SEGUE_TOOLS_SHELL_H_
#define SEGUE_TOOLS_SHELL_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "tools/reading.h"
#include "tools/results.h"

namespace segue {

class Shell {
 public:
  enum class Mode : uint8_t { kTable, kLines, kJson, kCsv };

  // Runs one line. Mistakes are told on standard error and do not end the shell.
  // False once the user wants to leave.
  bool RunLine(std::string_view line);

  absl::Status Open(const std::string& path);
  void SetMode(Mode mode) { mode_ = mode; }
  // How queries are read from now on.
  void SetReading(QueryFlags reading) { reading_ = std::move(reading); }

  // Commands at the start of a line, arguments of commands, names of fields ("title:") elsewhere.
  std::vector<std::string> Completions(std::string_view line_before, std::string_view word) const;

 private:
  struct Command {
    std::string_view name, arguments, help;
    absl::Status (Shell::*run)(std::string_view argument);
  };
  static const std::vector<Command>& Commands();

  absl::Status Search(std::string_view text);
  absl::Status RunCommand(std::string_view line);

  absl::Status OnHelp(std::string_view argument);
  absl::Status OnOpen(std::string_view argument);
  absl::Status OnSchema(std::string_view argument);
  absl::Status OnFields(std::string_view argument);
  absl::Status OnMode(std::string_view argument);
  absl::Status OnLimit(std::string_view argument);
  absl::Status OnCount(std::string_view argument);
  absl::Status OnTimer(std::string_view argument);
  absl::Status OnExplain(std::string_view argument);
  absl::Status OnTerms(std::string_view argument);
  absl::Status OnStats(std::string_view argument);
  absl::Status OnQuit(std::string_view argument);

  absl::Status NeedIndex() const;

  std::optional<OpenedIndex> opened_;
  std::optional<Answer> last_;
  QueryFlags reading_;
  Mode mode_ = Mode::kLines;
  uint32_t limit_ = 10;
  CountMode count_ = CountMode::kExact;
  uint64_t count_at_least_ = 0;
  PrintOptions print_;
  bool quit_ = false;
};

// "table", "lines", "json", "csv".
std::optional<Shell::Mode> ParseMode(std::string_view name);

}  // namespace segue

#endif  // SEGUE_TOOLS_SHELL_H_

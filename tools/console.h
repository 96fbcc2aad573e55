// SPDX-License-Identifier: Apache-2.0
//
// Standard output and standard error of the tools: results on the one, errors, warnings and
// progress on the other. Output errors are never lost: a full disk is exit code 4.
#ifndef SEGUE_TOOLS_CONSOLE_H_
#define SEGUE_TOOLS_CONSOLE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace segue {

// Buffered standard output. Not thread-safe.
class Output {
 public:
  void Write(std::string_view text);
  // Passes on what is buffered. False once writing has failed: loops may stop.
  bool Flush();
  bool ok() const { return error_ == 0; }
  int error() const { return error_; }  // errno of the first failure

 private:
  std::string buffer_;
  int error_ = 0;
};

Output& Out();

// Flushes the output and gives the exit code: `code`, or 4 if writing failed. A reader that went
// away (`segue export DIR | head`) is no failure.
int FinishOutput(int code);

// Prints "segue: error: …" and, if there is one, "hint: …" (or both as JSON); returns the exit
// code for the error. An empty hint is replaced by what usually helps with that kind of error.
int Fail(const absl::Status& error, std::string_view hint = {});
void Warn(std::string_view message);
// From now on Fail prints {"error":{"code":…,"message":…,"hint":…}}.
void ReportErrorsAsJson();

// Escape sequences for a terminal that wants them; all empty otherwise (not a terminal, NO_COLOR
// set, TERM=dumb).
struct Style {
  std::string_view bold, dim, match, error, reset;
};
// For standard output (1) or standard error (2).
const Style& StyleFor(int fd);
bool IsTerminal(int fd);
// Columns of the terminal on `fd`; 80 if it is none.
size_t TerminalWidth(int fd);

// "63,666".
std::string Grouped(uint64_t number);
// "31.4 MB" (MB is 10^6 bytes).
std::string Megabytes(uint64_t bytes);
// "31.40".
std::string Decimal(double value);
// "1.23 ms", "45 µs", "3.20 s".
std::string Duration(int64_t microseconds);

}  // namespace segue

#endif  // SEGUE_TOOLS_CONSOLE_H_

// SPDX-License-Identifier: Apache-2.0
#include "tools/console.h"

#include <errno.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "corpus/base_tools.h"

namespace segue {
namespace {

constexpr size_t kFlushBytes = size_t{64} << 10;

bool errors_as_json = false;

// Messages quote file names and input; a line is one line all the same, and no control character
// reaches the terminal.
std::string OneLine(std::string_view text) {
  std::string line;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    line += byte < 0x20 || byte == 0x7f ? ' ' : c;
  }
  while (!line.empty() && line.back() == ' ') line.pop_back();
  return line;
}

std::string_view UsualHint(ErrorCode code) {
  switch (code) {
    case ErrorCode::kDataLoss:
      return "segue verify DIR finds all damage in an index; what is damaged must be made again";
    case ErrorCode::kVersion:
      return "make the index again with this version, or use the version that wrote it";
    case ErrorCode::kLocked:
      return "--wait SECONDS waits until the other writer is done; its lock ends with its process";
    case ErrorCode::kInternal:
      return "this is a bug in segue; please report it";
    default:
      return {};
  }
}

void WriteError(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stderr); }

}  // namespace

void Output::Write(std::string_view text) {
  if (!ok()) return;
  buffer_ += text;
  if (buffer_.size() >= kFlushBytes) Flush();
}

bool Output::Flush() {
  std::string_view rest = buffer_;
  while (ok() && !rest.empty()) {
    const ssize_t written = ::write(STDOUT_FILENO, rest.data(), rest.size());
    if (written < 0) {
      if (errno != EINTR) error_ = errno;
      continue;
    }
    rest.remove_prefix(static_cast<size_t>(written));
  }
  buffer_.clear();
  return ok();
}

Output& Out() {
  static auto* output = new Output;
  return *output;
}

int FinishOutput(int code) {
  if (Out().Flush() || Out().error() == EPIPE) return code;
  if (code != 0) return code;
  return Fail(Error(ErrorCode::kIo,
                    Cat("cannot write to standard output: ", std::strerror(Out().error()))));
}

int Fail(const absl::Status& error, std::string_view hint) {
  Out().Flush();  // what came before the error stays before it
  const ErrorCode code = CodeOf(error);
  const std::string message = OneLine(MessageOf(error));
  if (hint.empty()) hint = UsualHint(code);
  if (errors_as_json) {
    JsonWriter json;
    json.BeginObject();
    json.Key("error").BeginObject();
    json.Key("code").String(NameOf(code));
    json.Key("message").String(message);
    if (!hint.empty()) json.Key("hint").String(hint);
    json.EndObject();
    json.EndObject();
    WriteError(json.Take() + "\n");
  } else {
    const Style& style = StyleFor(STDERR_FILENO);
    WriteError(Cat("segue: ", style.error, "error:", style.reset, " ", message, "\n"));
    if (!hint.empty()) WriteError(Cat("hint: ", hint, "\n"));
  }
  return ExitCodeOf(error);
}

void Warn(std::string_view message) {
  Out().Flush();
  WriteError(Cat("segue: warning: ", OneLine(message), "\n"));
}

void ReportErrorsAsJson() { errors_as_json = true; }

bool IsTerminal(int fd) { return ::isatty(fd) == 1; }

const Style& StyleFor(int fd) {
  static constexpr Style kPlain;
  static constexpr Style kColoured = {"\033[1m", "\033[2m", "\033[1;33m", "\033[1;31m", "\033[0m"};
  const char* no_color = std::getenv("NO_COLOR");
  const char* terminal = std::getenv("TERM");
  const bool wanted = IsTerminal(fd) && (no_color == nullptr || no_color[0] == '\0') &&
                      terminal != nullptr && std::strcmp(terminal, "dumb") != 0;
  return wanted ? kColoured : kPlain;
}

size_t TerminalWidth(int fd) {
  winsize size;
  if (::ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col >= 20) return size.ws_col;
  return 80;
}

std::string Grouped(uint64_t number) {
  std::string digits = Cat(number);
  for (size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, ",");
  return digits;
}

std::string Decimal(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2f", value);
  return text;
}

std::string Megabytes(uint64_t bytes) {
  char text[32];
  if (bytes < 10'000) {
    std::snprintf(text, sizeof text, "%llu B", static_cast<unsigned long long>(bytes));
  } else {
    std::snprintf(text, sizeof text, "%.*f MB", bytes < 1'000'000 ? 2 : 1,
                  static_cast<double>(bytes) / 1e6);
  }
  return text;
}

std::string Duration(int64_t microseconds) {
  char text[32];
  if (microseconds < 1000) {
    std::snprintf(text, sizeof text, "%lld µs", static_cast<long long>(microseconds));
  } else if (microseconds < 999'995) {  // 1000.00 ms would be the next
    std::snprintf(text, sizeof text, "%.2f ms", static_cast<double>(microseconds) / 1e3);
  } else {
    std::snprintf(text, sizeof text, "%.2f s", static_cast<double>(microseconds) / 1e6);
  }
  return text;
}

}  // namespace segue

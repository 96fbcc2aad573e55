// SPDX-License-Identifier: Apache-2.0
#include "tests/tools/process.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <sstream>

namespace segue {
namespace {

constexpr auto kPatience = std::chrono::seconds(10);

std::string Quote(const std::string& word) {
  std::string quoted = "'";
  for (const char c : word) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

std::string ReadFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream content;
  content << in.rdbuf();
  return content.str();
}

}  // namespace

Ran RunShell(const TempFolder& folder, const std::string& line, std::string_view input) {
  folder.Write("bin/.keep", "");
  const std::string bin = folder.File("bin");
  ::symlink(SEGUE_TOOL_PATH, (bin + "/segue").c_str());
  ::symlink(SEGUE_CORPUS_TOOL_PATH, (bin + "/segue-corpus").c_str());
  folder.Write(".stdin", input);
  const std::string script = "cd " + Quote(folder.path()) + " && export PATH=" + Quote(bin) +
                             ":\"$PATH\" SEGUE_HISTORY= && exec <.stdin >.stdout 2>.stderr && " +
                             line + "\n";
  const std::string file = folder.Write(".script", script);
  const int status = std::system(("sh " + Quote(file)).c_str());
  Ran ran;
  ran.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  ran.out = ReadFile(folder.File(".stdout"));
  ran.err = ReadFile(folder.File(".stderr"));
  return ran;
}

Ran RunSegue(const TempFolder& folder, const std::vector<std::string>& arguments,
             std::string_view input, const std::string& prefix) {
  std::string line = prefix + " segue";
  for (const std::string& argument : arguments) line += " " + Quote(argument);
  return RunShell(folder, line, input);
}

JsonValue ParseOrDie(std::string_view text) {
  absl::StatusOr<JsonValue> value = ParseJson(text);
  EXPECT_TRUE(value.ok()) << value.status() << "\n" << text;
  return value.ok() ? *value : JsonValue();
}

JsonValue At(const JsonValue& value, std::string_view path) {
  const size_t dot = path.find('.');
  const JsonValue* found = value.Find(path.substr(0, dot));
  if (found == nullptr) return JsonValue();
  return dot == path.npos ? *found : At(*found, path.substr(dot + 1));
}

void MakeAlbums(const TempFolder& folder) {
  folder.Write(
      "albums.jsonl",
      "{\"id\":\"1\",\"title\":\"Kind of Blue\",\"artist\":\"M. D. Quintet\",\"year\":1959}\n"
      "{\"id\":\"2\",\"title\":\"Blue Train\",\"artist\":\"J. C. Sextet\",\"year\":1958}\n"
      "{\"id\":\"3\",\"title\":\"A Love Supreme\",\"artist\":\"J. C. Quartet\",\"year\":1965}\n"
      "{\"id\":\"4\",\"title\":\"Blå tåg, 青い列車\",\"artist\":\"Unknown\",\"year\":1961}\n");
  const Ran ran = RunSegue(folder, {"index", "albums", "albums.jsonl"});
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
}

Terminal::Terminal(const TempFolder& folder, const std::vector<std::string>& arguments,
                   const std::vector<std::string>& environment) {
  winsize size = {};
  size.ws_col = 80;
  size.ws_row = 24;
  pid_ = ::forkpty(&fd_, nullptr, nullptr, &size);
  if (pid_ != 0) return;
  if (::chdir(folder.path().c_str()) != 0) ::_exit(126);
  ::setenv("TERM", "xterm", 1);
  ::setenv("LC_ALL", "C.UTF-8", 1);
  ::unsetenv("NO_COLOR");
  // libedit never frees the names of added functions; a leak check at exit would blame the tool.
  ::setenv("ASAN_OPTIONS", "detect_leaks=0", 1);
  ::setenv("SEGUE_HISTORY", folder.File("history").c_str(), 1);
  for (const std::string& assignment : environment) {
    const size_t equals = assignment.find('=');
    ::setenv(assignment.substr(0, equals).c_str(), assignment.substr(equals + 1).c_str(), 1);
  }
  std::vector<char*> words = {const_cast<char*>("segue")};
  for (const std::string& argument : arguments)
    words.push_back(const_cast<char*>(argument.c_str()));
  words.push_back(nullptr);
  ::execv(SEGUE_TOOL_PATH, words.data());
  ::_exit(127);
}

Terminal::~Terminal() {
  if (fd_ >= 0) ::close(fd_);
  if (pid_ <= 0) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

void Terminal::Type(std::string_view keys) {
  while (!keys.empty()) {
    const ssize_t written = ::write(fd_, keys.data(), keys.size());
    ASSERT_GT(written, 0);
    keys.remove_prefix(static_cast<size_t>(written));
  }
}

bool Terminal::ReadMore() {
  pollfd wait = {fd_, POLLIN, 0};
  if (::poll(&wait, 1, 200) <= 0) return true;
  char buffer[4096];
  const ssize_t bytes = ::read(fd_, buffer, sizeof buffer);
  if (bytes <= 0) return false;
  raw_.append(buffer, static_cast<size_t>(bytes));
  return true;
}

std::string Terminal::Plain() const {
  std::string plain;
  for (size_t i = 0; i < raw_.size(); ++i) {
    if (raw_[i] == '\033' && i + 1 < raw_.size() && raw_[i + 1] == '[') {
      i += 2;
      while (i < raw_.size() && !(raw_[i] >= '@' && raw_[i] <= '~')) ++i;
    } else if (raw_[i] != '\r') {
      plain += raw_[i];
    }
  }
  return plain;
}

bool Terminal::Expect(std::string_view text) {
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  while (true) {
    const std::string plain = Plain();
    const size_t at = plain.find(text, std::min(expected_, plain.size()));
    if (at != plain.npos) {
      expected_ = at + text.size();
      return true;
    }
    if (std::chrono::steady_clock::now() > deadline || !ReadMore()) {
      ADD_FAILURE() << "waited for \"" << text << "\", behind:\n" << plain;
      return false;
    }
  }
}

void Terminal::Resize(int columns) {
  winsize size = {};
  size.ws_col = static_cast<unsigned short>(columns);
  size.ws_row = 24;
  ::ioctl(fd_, TIOCSWINSZ, &size);
}

int Terminal::Wait(std::chrono::milliseconds patience) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (std::chrono::steady_clock::now() < deadline) {
    ReadMore();
    int status = 0;
    if (::waitpid(pid_, &status, WNOHANG) == pid_) {
      pid_ = -1;
      return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }
  }
  return -1;
}

}  // namespace segue

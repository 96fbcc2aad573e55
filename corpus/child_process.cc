// SPDX-License-Identifier: Apache-2.0
//
// Standard output and standard error are two pipes that are polled together, so that a talkative
// child cannot block on the one while we wait on the other.
#include "corpus/child_process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <utility>

#include "engine/base/status.h"
#include "engine/base/strings.h"

extern char** environ;

namespace segue {
namespace {

// Enough for any message worth quoting; the rest is read and dropped.
constexpr size_t kMaxErrorTextBytes = 500;

std::string OneLine(std::string_view text) {
  std::string line;
  for (char c : text) line += c == '\n' || c == '\r' ? ' ' : c;
  while (!line.empty() && line.back() == ' ') line.pop_back();
  return line;
}

struct SpawnSettings {
  SpawnSettings() {
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    sigset_t defaults;
    sigemptyset(&defaults);
    sigaddset(&defaults, SIGPIPE);
    posix_spawnattr_setsigdefault(&attributes, &defaults);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
  }
  ~SpawnSettings() {
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
  }
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
};

}  // namespace

void UniqueFd::Reset() {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
}

bool WriteAll(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return true;
}

absl::StatusOr<std::unique_ptr<ChildProcess>> ChildProcess::Start(
    const std::vector<std::string>& command, int input_fd) {
  int out[2], err[2];
  if (::pipe2(out, O_CLOEXEC) != 0) {
    return Error(ErrorCode::kIo, Cat("no pipe: ", std::strerror(errno)));
  }
  UniqueFd out_read(out[0]), out_write(out[1]);
  if (::pipe2(err, O_CLOEXEC) != 0) {
    return Error(ErrorCode::kIo, Cat("no pipe: ", std::strerror(errno)));
  }
  UniqueFd err_read(err[0]), err_write(err[1]);

  SpawnSettings settings;
  posix_spawn_file_actions_adddup2(&settings.actions, input_fd, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&settings.actions, out_write.get(), STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&settings.actions, err_write.get(), STDERR_FILENO);
#if defined(__GLIBC__) && __GLIBC_PREREQ(2, 34)
  // Whatever else we have open is none of the child's business.
  posix_spawn_file_actions_addclosefrom_np(&settings.actions, STDERR_FILENO + 1);
#endif
  std::vector<char*> arguments;
  for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  pid_t pid = -1;
  const int error = ::posix_spawnp(&pid, arguments[0], &settings.actions, &settings.attributes,
                                   arguments.data(), environ);
  if (error == ENOENT) {
    return Error(ErrorCode::kFailedPrecondition,
                 Cat("the program ", command[0], " is not installed"));
  }
  if (error != 0) {
    return Error(ErrorCode::kIo, Cat("cannot start ", command[0], ": ", std::strerror(error)));
  }
  return std::unique_ptr<ChildProcess>(
      new ChildProcess(command[0], pid, std::move(out_read), std::move(err_read)));
}

ChildProcess::ChildProcess(std::string name, pid_t pid, UniqueFd output, UniqueFd errors)
    : name_(std::move(name)), pid_(pid), output_(std::move(output)), errors_(std::move(errors)) {}

ChildProcess::~ChildProcess() {
  if (finished_) return;
  ::kill(pid_, SIGKILL);
  while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

void ChildProcess::DrainErrors() {
  char buffer[512];
  const ssize_t bytes = ::read(errors_.get(), buffer, sizeof buffer);
  if (bytes > 0) {
    const size_t room = kMaxErrorTextBytes - std::min(kMaxErrorTextBytes, error_text_.size());
    error_text_.append(buffer, std::min(static_cast<size_t>(bytes), room));
  } else if (bytes == 0 || errno != EINTR) {
    errors_.Reset();
  }
}

absl::StatusOr<size_t> ChildProcess::Read(char* out, size_t capacity) {
  while (!finished_) {
    pollfd waits[2] = {{output_.get(), POLLIN, 0}, {errors_.get(), POLLIN, 0}};
    if (::poll(waits, errors_.valid() ? 2 : 1, -1) < 0 && errno != EINTR) {
      return Error(ErrorCode::kIo, Cat("cannot wait for ", name_, ": ", std::strerror(errno)));
    }
    if (errors_.valid() && waits[1].revents != 0) DrainErrors();
    if (waits[0].revents == 0) continue;
    const ssize_t bytes = ::read(output_.get(), out, capacity);
    if (bytes > 0) return static_cast<size_t>(bytes);
    if (bytes < 0 && errno == EINTR) continue;
    final_ = Finish();
  }
  if (!final_.ok()) return final_;
  return size_t{0};
}

absl::Status ChildProcess::Finish() {
  finished_ = true;
  output_.Reset();
  while (errors_.valid()) DrainErrors();
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0) {
    if (errno != EINTR) {
      return Error(ErrorCode::kIo, Cat("lost ", name_, ": ", std::strerror(errno)));
    }
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return absl::OkStatus();
  std::string how = WIFEXITED(status) ? Cat("exit status ", WEXITSTATUS(status))
                                      : Cat("signal ", WTERMSIG(status));
  if (!error_text_.empty()) CatTo(&how, ": ", OneLine(error_text_));
  return Error(ErrorCode::kDataLoss, Cat(name_, " could not decompress it (", how, ")"));
}

}  // namespace segue

// SPDX-License-Identifier: Apache-2.0
//
// A child process whose output is read: posix_spawn, no shell, exit status always checked.
#ifndef SEGUE_CORPUS_CHILD_PROCESS_H_
#define SEGUE_CORPUS_CHILD_PROCESS_H_

#include <sys/types.h>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace segue {

// Owns a file descriptor.
class UniqueFd {
 public:
  UniqueFd() = default;
  explicit UniqueFd(int fd) : fd_(fd) {}
  UniqueFd(UniqueFd&& other) noexcept : fd_(other.Release()) {}
  UniqueFd& operator=(UniqueFd&& other) noexcept {
    if (this != &other) {
      Reset();
      fd_ = other.Release();
    }
    return *this;
  }
  ~UniqueFd() { Reset(); }

  int get() const { return fd_; }
  bool valid() const { return fd_ >= 0; }
  void Reset();
  int Release() {
    const int fd = fd_;
    fd_ = -1;
    return fd;
  }

 private:
  int fd_ = -1;
};

// Writes all bytes; false on any error (SIGPIPE must be ignored by the program).
bool WriteAll(int fd, std::string_view bytes);

// Not thread-safe.
class ChildProcess {
 public:
  // Starts command[0], found through PATH, with `input_fd` as its standard input. The child's
  // SIGPIPE is the default one, whatever ours is. kFailedPrecondition: no such program.
  static absl::StatusOr<std::unique_ptr<ChildProcess>> Start(
      const std::vector<std::string>& command, int input_fd);

  // Ends a child that still runs.
  ~ChildProcess();

  // Reads its standard output. At the end (0) the child has exited with status 0; else kDataLoss
  // with the exit status and what it wrote to standard error.
  absl::StatusOr<size_t> Read(char* out, size_t capacity);

 private:
  ChildProcess(std::string name, pid_t pid, UniqueFd output, UniqueFd errors);
  absl::Status Finish();
  void DrainErrors();

  const std::string name_;
  pid_t pid_;
  UniqueFd output_;
  UniqueFd errors_;
  std::string error_text_;
  bool finished_ = false;
  absl::Status final_;
};

}  // namespace segue

#endif  // SEGUE_CORPUS_CHILD_PROCESS_H_

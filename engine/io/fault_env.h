// SPDX-License-Identifier: Apache-2.0
//
// FaultEnv: a file system in memory that fails and crashes on demand, for tests of everything that
// writes.
//
// It keeps two pictures. What programs see changes with every call. What a power cut leaves changes
// only with Sync (the bytes of one file) and SyncDir (the names in one directory), exactly as POSIX
// promises and no more: syncing a file does not make its name durable. Every change in between is
// "pending", and a crash keeps any chosen subset of the pending changes.
//
//   FaultEnv env;
//   … run the workload …
//   for (each subset) {
//     std::unique_ptr<FaultEnv> after = env.Clone();
//     after->Crash({.keep = subset});
//     … reopen and check …
//   }
//
// A workload is run once to learn its operations (ops()), then once more for each fault:
//   env.FailAt(n, FaultEnv::DiskFull());   the n-th operation fails
//   env.IgnoreSyncAt(n);                   as if the program had left this sync out
//   env.CrashAt(n);                        the machine stops before it; all later calls fail
// A failed Sync loses what was pending: a later Sync of the same file succeeds and saves nothing,
// as Linux does.
//
// Threads: safe from any, operations are numbered in the order they arrive.
#ifndef SEGUE_IO_FAULT_ENV_H_
#define SEGUE_IO_FAULT_ENV_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "segue/env.h"

namespace segue {

class FaultEnv final : public Env {
 public:
  enum class OpKind {
    kCreate,
    kAppend,
    kSync,
    kClose,
    kOpen,
    kRead,
    kRename,
    kRemove,
    kList,
    kSyncDir,
    kCreateDir,
    kFileSize,
    kExists,
    kLock,
  };
  struct Op {
    OpKind kind = OpKind::kCreate;
    std::string path;
    std::string to;      // of kRename
    uint64_t bytes = 0;  // of kAppend and kRead

    // "append dir/file 100", for traces and messages.
    std::string ToString() const;
  };

  struct Pending {
    enum class Kind { kWrite, kCreate, kRename, kRemove, kCreateDir };
    Kind kind = Kind::kWrite;
    std::string path;
    uint64_t bytes = 0;  // of kWrite
  };

  // What survives of the pending changes.
  struct CrashPlan {
    // By index in pending(); what is missing is lost.
    std::vector<bool> keep;
    // If this index is a write, only its first torn_bytes bytes survive.
    size_t torn_index = SIZE_MAX;
    uint64_t torn_bytes = 0;
    bool keep_all = false;
  };

  FaultEnv();
  ~FaultEnv() override;

  // ---- Faults; operations are numbered from 0 since the last ClearOps() ----
  void FailAt(uint64_t op, absl::Status error);
  // An append that writes the first half of its bytes and then fails.
  void FailHalfwayAt(uint64_t op, absl::Status error);
  // Every operation from `op` on fails, as on a disk that stays full.
  void FailFrom(uint64_t op, absl::Status error);
  void IgnoreSyncAt(uint64_t op);
  void CrashAt(uint64_t op);
  void ClearFaults();

  static absl::Status DiskFull();
  static absl::Status IoError();

  // ---- What happened ----
  std::vector<Op> ops() const;
  void ClearOps();
  uint64_t op_count() const;
  // True once a CrashAt came due; all calls fail until Crash().
  bool crashed() const;

  // ---- Power cut ----
  std::vector<Pending> pending() const;
  // Everything is now as `plan` leaves it. Open files and locks are dead: their calls fail. Faults
  // and ops are cleared.
  void Crash(const CrashPlan& plan);
  // A new Env with the same files and the same pending changes, to try several crashes from one
  // state. Open files are not carried over.
  std::unique_ptr<FaultEnv> Clone() const;

  // Calls `visit` before each operation that can change what a crash leaves, with a clone of the
  // state at that moment: all states of a workload from one run. `visit` must not call this Env.
  void VisitStates(std::function<void(std::unique_ptr<FaultEnv> state)> visit);

  // ---- Env ----
  absl::StatusOr<std::unique_ptr<WritableFile>> NewWritable(const std::string& path) override;
  absl::StatusOr<std::unique_ptr<ByteSource>> OpenSource(const std::string& path,
                                                         ReadMode mode) override;
  absl::Status Rename(const std::string& from, const std::string& to) override;
  absl::Status Remove(const std::string& path) override;
  absl::StatusOr<std::vector<std::string>> List(const std::string& dir) override;
  absl::Status SyncFile(const std::string& path) override;
  absl::Status SyncDir(const std::string& dir) override;
  absl::Status CreateDir(const std::string& path) override;
  absl::StatusOr<uint64_t> FileSize(const std::string& path) override;
  absl::StatusOr<bool> Exists(const std::string& path) override;
  absl::StatusOr<std::unique_ptr<FileLock>> Lock(const std::string& path,
                                                 const std::string& owner) override;
  // Starts at 0 and goes on by 1 microsecond a call.
  uint64_t NowMicros() override;

  // The bytes of a file, and a way to change them behind the back of whoever wrote it (both in the
  // visible and the durable picture). No operations, never fail by fault.
  absl::StatusOr<std::string> Contents(const std::string& path) const;
  void SetContents(const std::string& path, std::string bytes);

 private:
  class Writable;
  class Source;
  class HeldLock;
  struct State;
  enum class Action { kProceed, kHalfway, kIgnore };
  struct Fault {
    enum class Type { kFail, kHalfway, kIgnore, kCrash } type;
    absl::Status error;
  };

  std::unique_ptr<FaultEnv> CloneLocked() const;
  // Numbers the operation and finds its fault.
  absl::StatusOr<Action> Begin(Op op);
  absl::Status AppendTo(uint64_t epoch, uint64_t inode, const std::string& path,
                        std::string_view bytes);
  absl::Status SyncInode(uint64_t epoch, uint64_t inode, const std::string& path);
  absl::Status SyncLocked(uint64_t inode, const std::string& path);

  mutable std::mutex mutex_;
  std::unique_ptr<State> state_;
  std::vector<Op> ops_;
  std::map<uint64_t, Fault> faults_;
  uint64_t fail_from_ = UINT64_MAX;
  absl::Status fail_from_error_;
  bool crashed_ = false;
  uint64_t micros_ = 0;
  std::function<void(std::unique_ptr<FaultEnv>)> visit_;
};

}  // namespace segue

#endif  // SEGUE_IO_FAULT_ENV_H_

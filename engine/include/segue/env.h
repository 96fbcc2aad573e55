// SPDX-License-Identifier: Apache-2.0
//
// Env: everything segue asks of an operating system: files, directories, one
// lock and a clock. A host program may bring its own (an archive, an encrypted
// store, a simulation); the rest of segue never calls the system itself.
//
// Errors, for every call here:
//   kNotFound           no such file or directory
//   kIo                 the system refused (EIO, EACCES, a full disk, …)
//   kResourceExhausted  no file handle, mapping or memory left
// Messages name the path.
//
// Threads: Env, ByteSource are safe to share; a WritableFile belongs to one
// thread at a time.
#ifndef SEGUE_ENV_H_
#define SEGUE_ENV_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "segue/export.h"

namespace segue {

// A new file that is only ever appended to.
//
// After any failing call the contents are undefined and the only useful thing
// left is to destroy the object and remove the file. A Sync that failed must
// not be tried again: the system may have dropped the data and report success
// the second time.
class SEGUE_EXPORT WritableFile {
 public:
  WritableFile() = default;
  WritableFile(const WritableFile&) = delete;
  WritableFile& operator=(const WritableFile&) = delete;
  // Closes without a Sync when Close was not called.
  virtual ~WritableFile() = default;

  virtual absl::Status Append(std::string_view bytes) = 0;
  // Returns once all bytes appended so far would survive a power cut. (The
  // file's name needs Env::SyncDir as well.)
  virtual absl::Status Sync() = 0;
  virtual absl::Status Close() = 0;
};

// Where a reader is going to look, as a hint.
enum class AccessPattern { kNormal, kRandom, kSequential, kWillNeed };

// The bytes of one file, fixed at the moment of opening: removing or replacing
// the name does not change them.
class SEGUE_EXPORT ByteSource {
 public:
  ByteSource() = default;
  ByteSource(const ByteSource&) = delete;
  ByteSource& operator=(const ByteSource&) = delete;
  virtual ~ByteSource() = default;

  virtual uint64_t size() const = 0;
  // All size() bytes in memory, or nullptr if the file is not mapped. At least
  // 64-byte aligned.
  virtual const uint8_t* data() const = 0;
  // Copies [offset, offset + n) to `out`. A range past the end is kDataLoss:
  // the file is shorter than its own contents say.
  virtual absl::Status Read(uint64_t offset, size_t n, uint8_t* out) const = 0;
  // Has no effect on results.
  virtual void Advise(uint64_t /*offset*/, uint64_t /*n*/, AccessPattern /*pattern*/) const {}
};

enum class ReadMode {
  // kMmap on local file systems; kPread where a mapping may turn a lost server
  // into a signal (NFS, SMB, FUSE).
  kAuto,
  // Fast. A file that another program truncates while it is mapped ends the
  // process with SIGBUS; segue itself never truncates a file.
  kMmap,
  // Every read is a copy; truncation and device errors become a Status.
  kPread,
};

// When the checksums of an index's files are compared.
enum class VerifyPolicy : uint8_t {
  // Each 64 KiB block once, when it is first read.
  kOnFirstTouch,
  // All blocks while opening.
  kOnOpen,
  // Only each file's header and tail; for measurements.
  kNever,
};

// Held from Env::Lock until destroyed, or until the process ends in any way.
class SEGUE_EXPORT FileLock {
 public:
  FileLock() = default;
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;
  virtual ~FileLock() = default;
};

class SEGUE_EXPORT Env {
 public:
  Env() = default;
  Env(const Env&) = delete;
  Env& operator=(const Env&) = delete;
  virtual ~Env() = default;

  // Creates `path`, which must not exist (kFailedPrecondition if it does).
  virtual absl::StatusOr<std::unique_ptr<WritableFile>> NewWritable(const std::string& path) = 0;
  virtual absl::StatusOr<std::unique_ptr<ByteSource>> OpenSource(const std::string& path,
                                                                 ReadMode mode) = 0;

  // Atomic; replaces `to` if it exists.
  virtual absl::Status Rename(const std::string& from, const std::string& to) = 0;
  virtual absl::Status Remove(const std::string& path) = 0;
  // Remove of each of these, in any order or at once; what each of them returned.
  virtual std::vector<absl::Status> RemoveAll(std::span<const std::string> paths);
  // Names (not paths) in the directory, sorted by bytes, without "." and "..".
  virtual absl::StatusOr<std::vector<std::string>> List(const std::string& dir) = 0;
  // Returns once all bytes of a file that nobody has open for writing would survive a power cut.
  virtual absl::Status SyncFile(const std::string& path) = 0;
  // Sync of each of these files, in any order or at once: for most disks waiting for several takes
  // no longer than for one. After an error, the first in the order of `files`, the others may have
  // been synced or not.
  virtual absl::Status SyncAll(std::span<WritableFile* const> files);
  // Returns once all names created, renamed and removed in `dir` so far would
  // survive a power cut.
  virtual absl::Status SyncDir(const std::string& dir) = 0;
  // Creates one directory level; not an error if it is there already.
  virtual absl::Status CreateDir(const std::string& path) = 0;
  virtual absl::StatusOr<uint64_t> FileSize(const std::string& path) = 0;
  virtual absl::StatusOr<bool> Exists(const std::string& path) = 0;

  // Takes the exclusive lock `path`, creating the file if need be, and notes
  // `owner` in it. kLocked if another holder, in this process or any other, has
  // it; the message tells what the holder noted. Never waits. A process forked
  // while the lock is held shares it.
  virtual absl::StatusOr<std::unique_ptr<FileLock>> Lock(const std::string& path,
                                                         const std::string& owner) = 0;

  // Microseconds of a clock that never steps back; its zero means nothing.
  virtual uint64_t NowMicros() = 0;
};

// The Env of the running system. Never destroyed.
SEGUE_EXPORT Env* PosixEnv();

}  // namespace segue

#endif  // SEGUE_ENV_H_

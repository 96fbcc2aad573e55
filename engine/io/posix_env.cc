// SPDX-License-Identifier: Apache-2.0
//
// Env over POSIX calls. Writes go straight to write(2) (FramedWriter buffers), reads are a mapping
// or pread(2). Each call is retried on EINTR; every other errno becomes a Status that names call
// and path.
#include <dirent.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#if defined(__linux__)
#include <sys/vfs.h>
#else
#include <sys/file.h>
#endif

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <system_error>
#include <utility>

#include "engine/base/status.h"
#include "engine/base/strings.h"
#include "engine/io/at_once.h"
#include "engine/io/path.h"
#include "segue/env.h"

namespace segue {
namespace {

ErrorCode CodeOfErrno(int error) {
  switch (error) {
    case ENOENT:
    case ENOTDIR:
      return ErrorCode::kNotFound;
    case EMFILE:
    case ENFILE:
    case ENOMEM:
      return ErrorCode::kResourceExhausted;
    case EEXIST:
      return ErrorCode::kFailedPrecondition;
    default:
      return ErrorCode::kIo;
  }
}

absl::Status ErrnoStatus(std::string_view call, const std::string& path, int error) {
  std::string hint;
  if (error == ENOSPC || error == EDQUOT) hint = " (the disk or the quota is full)";
  if (error == EMFILE || error == ENFILE) hint = " (raise the limit on open files, ulimit -n)";
  if (error == ENOMEM && call == "mmap") hint = " (raise vm.max_map_count, or read with pread)";
  return Error(CodeOfErrno(error),
               Cat(path, ": ", call, ": ", std::generic_category().message(error), hint));
}

template <typename Call>
auto RetryOnInterrupt(Call call) {
  decltype(call()) result;
  do {
    result = call();
  } while (result == -1 && errno == EINTR);
  return result;
}

class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const { return fd_; }
  int release() { return std::exchange(fd_, -1); }

 private:
  int fd_;
};

absl::StatusOr<Descriptor> OpenDescriptor(const std::string& path, int flags) {
  const int fd = RetryOnInterrupt([&] { return ::open(path.c_str(), flags | O_CLOEXEC, 0644); });
  if (fd < 0) return ErrnoStatus("open", path, errno);
  return Descriptor(fd);
}

absl::Status SyncDescriptor(int fd, const std::string& path) {
#if defined(F_FULLFSYNC)
  // Only this reaches the medium on macOS.
  const int result = RetryOnInterrupt([&] { return ::fcntl(fd, F_FULLFSYNC); });
#else
  // Not retried on EINTR or anything else: after a failure a second fsync proves nothing.
  const int result = ::fsync(fd);
#endif
  if (result != 0) return MarkSyncFailure(ErrnoStatus("fsync", path, errno));
  return absl::OkStatus();
}

// ---- Writing ----

class PosixWritable final : public WritableFile {
 public:
  PosixWritable(Descriptor fd, std::string path) : fd_(std::move(fd)), path_(std::move(path)) {}

  absl::Status Append(std::string_view bytes) override {
    while (!bytes.empty()) {
      const ssize_t written =
          RetryOnInterrupt([&] { return ::write(fd_.get(), bytes.data(), bytes.size()); });
      if (written < 0) return ErrnoStatus("write", path_, errno);
      bytes.remove_prefix(static_cast<size_t>(written));
    }
    return absl::OkStatus();
  }
  absl::Status Sync() override { return SyncDescriptor(fd_.get(), path_); }
  absl::Status Close() override {
    const int fd = fd_.release();
    // After EINTR Linux has closed the descriptor all the same.
    if (fd >= 0 && ::close(fd) != 0 && errno != EINTR) return ErrnoStatus("close", path_, errno);
    return absl::OkStatus();
  }

 private:
  Descriptor fd_;
  const std::string path_;
};

// ---- Reading ----

absl::Status ReadPastEnd(const std::string& path, uint64_t offset, size_t n, uint64_t size) {
  return Error(ErrorCode::kDataLoss, Cat(path, ": ", n, " bytes wanted at byte ", offset,
                                         ", but the file ends at ", size));
}

class PreadSource final : public ByteSource {
 public:
  PreadSource(Descriptor fd, std::string path, uint64_t size)
      : fd_(std::move(fd)), path_(std::move(path)), size_(size) {}

  uint64_t size() const override { return size_; }
  const uint8_t* data() const override { return nullptr; }
  absl::Status Read(uint64_t offset, size_t n, uint8_t* out) const override {
    if (offset > size_ || n > size_ - offset) return ReadPastEnd(path_, offset, n, size_);
    while (n > 0) {
      const ssize_t got =
          RetryOnInterrupt([&] { return ::pread(fd_.get(), out, n, static_cast<off_t>(offset)); });
      if (got < 0) return ErrnoStatus("pread", path_, errno);
      // Somebody cut the file after it was opened.
      if (got == 0) return ReadPastEnd(path_, offset, n, offset);
      out += got;
      offset += static_cast<uint64_t>(got);
      n -= static_cast<size_t>(got);
    }
    return absl::OkStatus();
  }
  void Advise(uint64_t offset, uint64_t n, AccessPattern pattern) const override {
#if defined(POSIX_FADV_NORMAL)
    static constexpr int kAdvice[] = {POSIX_FADV_NORMAL, POSIX_FADV_RANDOM, POSIX_FADV_SEQUENTIAL,
                                      POSIX_FADV_WILLNEED};
    (void)::posix_fadvise(fd_.get(), static_cast<off_t>(offset), static_cast<off_t>(n),
                          kAdvice[static_cast<int>(pattern)]);
#else
    (void)offset, (void)n, (void)pattern;
#endif
  }

 private:
  Descriptor fd_;
  const std::string path_;
  const uint64_t size_;
};

class MmapSource final : public ByteSource {
 public:
  MmapSource(void* map, std::string path, uint64_t size)
      : map_(static_cast<uint8_t*>(map)), path_(std::move(path)), size_(size) {}
  ~MmapSource() override { ::munmap(map_, static_cast<size_t>(size_)); }

  uint64_t size() const override { return size_; }
  const uint8_t* data() const override { return map_; }
  absl::Status Read(uint64_t offset, size_t n, uint8_t* out) const override {
    if (offset > size_ || n > size_ - offset) return ReadPastEnd(path_, offset, n, size_);
    std::copy_n(map_ + offset, n, out);
    return absl::OkStatus();
  }
  void Advise(uint64_t offset, uint64_t n, AccessPattern pattern) const override {
    static constexpr int kAdvice[] = {MADV_NORMAL, MADV_RANDOM, MADV_SEQUENTIAL, MADV_WILLNEED};
    static const uint64_t page_bytes = static_cast<uint64_t>(::sysconf(_SC_PAGESIZE));
    if (offset >= size_) return;
    const uint64_t end = offset + std::min(n, size_ - offset);
    const uint64_t begin = offset / page_bytes * page_bytes;
    (void)::madvise(map_ + begin, static_cast<size_t>(end - begin),
                    kAdvice[static_cast<int>(pattern)]);
  }

 private:
  uint8_t* const map_;
  const std::string path_;
  const uint64_t size_;
};

// True where a page fault may have to ask another machine or program, whose failure would arrive as
// SIGBUS.
bool IsRemote(int fd) {
#if defined(__linux__)
  // From linux/magic.h and statfs(2); not all are in every version of that header.
  static constexpr uint64_t kRemoteTypes[] = {
      0x6969,      // NFS
      0x517b,      // SMB
      0xfe534d42,  // SMB2
      0xff534d42,  // CIFS
      0x65735546,  // FUSE
      0x01021997,  // 9P
      0x00c36400,  // Ceph
      0x5346414f,  // AFS
      0x73757245,  // Coda
      0x0bd00bd0,  // Lustre
      0x47504653,  // GPFS
  };
  struct statfs info;
  if (::fstatfs(fd, &info) != 0) return false;
  const uint64_t type = static_cast<uint32_t>(info.f_type);
  return std::find(std::begin(kRemoteTypes), std::end(kRemoteTypes), type) !=
         std::end(kRemoteTypes);
#else
  (void)fd;
  return false;
#endif
}

// ---- Locking ----

class PosixLock final : public FileLock {
 public:
  explicit PosixLock(Descriptor fd) : fd_(std::move(fd)) {}

 private:
  Descriptor fd_;  // closing it gives the lock back
};

int TryLock(int fd) {
#if defined(F_OFD_SETLK)
  struct flock range = {};
  range.l_type = F_WRLCK;
  range.l_whence = SEEK_SET;
  return RetryOnInterrupt([&] { return ::fcntl(fd, F_OFD_SETLK, &range); });
#else
  return RetryOnInterrupt([&] { return ::flock(fd, LOCK_EX | LOCK_NB); });
#endif
}

// What the holder noted: one line of at most 256 printable characters.
std::string ReadOwner(int fd) {
  char bytes[256];
  const ssize_t got = RetryOnInterrupt([&] { return ::pread(fd, bytes, sizeof(bytes), 0); });
  std::string owner;
  for (ssize_t i = 0; i < got && bytes[i] != '\n'; ++i) {
    owner += bytes[i] >= 0x20 && bytes[i] < 0x7f ? bytes[i] : '?';
  }
  return owner.empty() ? "another process" : owner;
}

std::string OwnerLine(const std::string& owner) {
  char host[256] = {};
  if (::gethostname(host, sizeof(host) - 1) != 0) host[0] = '\0';
  return Cat("process ", static_cast<int64_t>(::getpid()), " on ", host[0] != '\0' ? host : "?",
             owner.empty() ? "" : ", ", owner, "\n");
}

class PosixEnvironment final : public Env {
 public:
  absl::StatusOr<std::unique_ptr<WritableFile>> NewWritable(const std::string& path) override {
    SEGUE_ASSIGN_OR_RETURN(Descriptor fd, OpenDescriptor(path, O_CREAT | O_EXCL | O_WRONLY));
    return std::make_unique<PosixWritable>(std::move(fd), path);
  }

  absl::StatusOr<std::unique_ptr<ByteSource>> OpenSource(const std::string& path,
                                                         ReadMode mode) override {
    SEGUE_ASSIGN_OR_RETURN(Descriptor fd, OpenDescriptor(path, O_RDONLY));
    struct stat info;
    if (::fstat(fd.get(), &info) != 0) return ErrnoStatus("fstat", path, errno);
    if (!S_ISREG(info.st_mode)) {
      return Error(ErrorCode::kIo, Cat(path, ": is not a regular file"));
    }
    const uint64_t size = static_cast<uint64_t>(info.st_size);
    if (mode == ReadMode::kAuto && IsRemote(fd.get())) mode = ReadMode::kPread;
    // There is no mapping of zero bytes.
    if (mode == ReadMode::kPread || size == 0) {
      return std::make_unique<PreadSource>(std::move(fd), path, size);
    }
    void* map = ::mmap(nullptr, static_cast<size_t>(size), PROT_READ, MAP_SHARED, fd.get(), 0);
    if (map == MAP_FAILED) return ErrnoStatus("mmap", path, errno);
    return std::make_unique<MmapSource>(map, path, size);
  }

  absl::Status Rename(const std::string& from, const std::string& to) override {
    if (::rename(from.c_str(), to.c_str()) != 0) {
      return ErrnoStatus(Cat("rename to ", to), from, errno);
    }
    return absl::OkStatus();
  }

  absl::Status Remove(const std::string& path) override {
    if (::unlink(path.c_str()) != 0) return ErrnoStatus("unlink", path, errno);
    return absl::OkStatus();
  }

  std::vector<absl::Status> RemoveAll(std::span<const std::string> paths) override {
    return DoAtOnce(paths.size(), [this, paths](size_t i) { return Remove(paths[i]); });
  }

  absl::StatusOr<std::vector<std::string>> List(const std::string& dir) override {
    const std::unique_ptr<DIR, int (*)(DIR*)> open(::opendir(dir.c_str()), &::closedir);
    if (open == nullptr) return ErrnoStatus("opendir", dir, errno);
    std::vector<std::string> names;
    for (;;) {
      errno = 0;
      const dirent* entry = ::readdir(open.get());
      if (entry == nullptr) break;
      const std::string_view name = entry->d_name;
      if (name != "." && name != "..") names.emplace_back(name);
    }
    if (errno != 0) return ErrnoStatus("readdir", dir, errno);
    std::sort(names.begin(), names.end());
    return names;
  }

  absl::Status SyncFile(const std::string& path) override {
    SEGUE_ASSIGN_OR_RETURN(const Descriptor fd, OpenDescriptor(path, O_RDONLY));
    return SyncDescriptor(fd.get(), path);
  }

  absl::Status SyncAll(std::span<WritableFile* const> files) override {
    for (absl::Status& status :
         DoAtOnce(files.size(), [&files](size_t i) { return files[i]->Sync(); })) {
      SEGUE_RETURN_IF_ERROR(std::move(status));
    }
    return absl::OkStatus();
  }

  absl::Status SyncDir(const std::string& dir) override {
    SEGUE_ASSIGN_OR_RETURN(const Descriptor fd, OpenDescriptor(dir, O_RDONLY | O_DIRECTORY));
    return SyncDescriptor(fd.get(), dir);
  }

  absl::Status CreateDir(const std::string& path) override {
    if (::mkdir(path.c_str(), 0755) == 0) return absl::OkStatus();
    const int error = errno;
    struct stat info;
    if (error == EEXIST && ::stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode)) {
      return absl::OkStatus();
    }
    return ErrnoStatus("mkdir", path, error);
  }

  absl::StatusOr<uint64_t> FileSize(const std::string& path) override {
    struct stat info;
    if (::stat(path.c_str(), &info) != 0) return ErrnoStatus("stat", path, errno);
    return static_cast<uint64_t>(info.st_size);
  }

  absl::StatusOr<bool> Exists(const std::string& path) override {
    struct stat info;
    if (::stat(path.c_str(), &info) == 0) return true;
    if (errno == ENOENT || errno == ENOTDIR) return false;
    return ErrnoStatus("stat", path, errno);
  }

  absl::StatusOr<std::unique_ptr<FileLock>> Lock(const std::string& path,
                                                 const std::string& owner) override {
    SEGUE_ASSIGN_OR_RETURN(Descriptor fd, OpenDescriptor(path, O_CREAT | O_RDWR));
    if (TryLock(fd.get()) != 0) {
      if (errno != EAGAIN && errno != EACCES && errno != EWOULDBLOCK) {
        return ErrnoStatus("lock", path, errno);
      }
      return Error(ErrorCode::kLocked, Cat(path, ": held by ", ReadOwner(fd.get())));
    }
    // The note helps people; the lock holds without it, so a full disk is no reason to fail.
    const std::string line = OwnerLine(owner);
    if (::ftruncate(fd.get(), 0) == 0) {
      const ssize_t written =
          RetryOnInterrupt([&] { return ::pwrite(fd.get(), line.data(), line.size(), 0); });
      (void)written;
    }
    return std::make_unique<PosixLock>(std::move(fd));
  }

  uint64_t NowMicros() override {
    return static_cast<uint64_t>(std::chrono::duration_cast<std::chrono::microseconds>(
                                     std::chrono::steady_clock::now().time_since_epoch())
                                     .count());
  }
};

}  // namespace

Env* PosixEnv() {
  static Env* const env = new PosixEnvironment();
  return env;
}

}  // namespace segue

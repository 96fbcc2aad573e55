// SPDX-License-Identifier: Apache-2.0
//
// The first bytes decide. A plain file is read as it is. For a compressed one, the open file
// itself becomes the standard input of the decompressor: no path is ever interpreted by anybody
// else, and the shared file offset tells how far the child has come. Compressed data on a pipe has
// lost its first bytes to the check, so a thread feeds the child with them and the rest.
#include "corpus/byte_stream.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstring>
#include <optional>
#include <string_view>
#include <thread>
#include <utility>

#include "corpus/child_process.h"
#include "engine/base/status.h"
#include "engine/base/strings.h"

namespace segue {
namespace {

constexpr size_t kMagicBytes = 6;

struct Decompressor {
  std::string_view magic;
  const char* program;
  const char* package;  // Debian's, for the hint
};

constexpr Decompressor kDecompressors[] = {
    {std::string_view("\x1f\x8b", 2), "gzip", "gzip"},
    {std::string_view("\xfd\x37\x7a\x58\x5a\x00", 6), "xz", "xz-utils"},
    {std::string_view("\x28\xb5\x2f\xfd", 4), "zstd", "zstd"},
    {std::string_view("\x04\x22\x4d\x18", 4), "lz4", "lz4"},
};

const Decompressor* FindDecompressor(std::string_view head) {
  for (const Decompressor& decompressor : kDecompressors) {
    if (head.substr(0, decompressor.magic.size()) == decompressor.magic) return &decompressor;
  }
  return nullptr;
}

// A file descriptor, after the bytes that were already read from it.
class FdStream : public ByteStream {
 public:
  FdStream(std::string name, UniqueFd fd, std::string head)
      : name_(std::move(name)), fd_(std::move(fd)), head_(std::move(head)) {}

  absl::StatusOr<size_t> Read(char* out, size_t capacity) override {
    if (head_used_ < head_.size()) {
      const size_t bytes = std::min(capacity, head_.size() - head_used_);
      std::memcpy(out, head_.data() + head_used_, bytes);
      head_used_ += bytes;
      consumed_.fetch_add(bytes, std::memory_order_relaxed);
      return bytes;
    }
    while (true) {
      const ssize_t bytes = ::read(fd_.get(), out, capacity);
      if (bytes >= 0) {
        consumed_.fetch_add(static_cast<uint64_t>(bytes), std::memory_order_relaxed);
        return static_cast<size_t>(bytes);
      }
      if (errno == EINTR) continue;
      return Error(ErrorCode::kIo, Cat(name_, ": cannot read: ", std::strerror(errno)));
    }
  }
  uint64_t input_bytes() const override { return consumed_.load(std::memory_order_relaxed); }

 private:
  const std::string name_;
  UniqueFd fd_;
  std::string head_;
  size_t head_used_ = 0;
  std::atomic<uint64_t> consumed_ = 0;  // read by the progress display
};

// What a decompressor makes of a file (shared offset) or of another stream (fed by a thread).
class ChildStream : public ByteStream {
 public:
  ChildStream(std::string name, std::unique_ptr<ChildProcess> child)
      : name_(std::move(name)), child_(std::move(child)) {}
  ~ChildStream() override {
    child_.reset();  // ends the child, which ends the feeder's writes
    if (feeder_.joinable()) feeder_.join();
  }

  void UseFile(UniqueFd file) { file_ = std::move(file); }
  void FeedFrom(std::unique_ptr<ByteStream> source, UniqueFd pipe) {
    source_ = std::move(source);
    feeder_ = std::thread([this, pipe = std::move(pipe)]() mutable { Feed(std::move(pipe)); });
  }

  absl::StatusOr<size_t> Read(char* out, size_t capacity) override {
    absl::StatusOr<size_t> bytes = child_->Read(out, capacity);
    if (!bytes.ok()) return Annotate(bytes.status(), name_);
    if (*bytes == 0 && feeder_.joinable()) {
      feeder_.join();
      if (!feed_status_.ok()) return feed_status_;
    }
    return bytes;
  }
  uint64_t input_bytes() const override {
    if (source_ != nullptr) return source_->input_bytes();
    const off_t offset = ::lseek(file_.get(), 0, SEEK_CUR);
    return offset < 0 ? 0 : static_cast<uint64_t>(offset);
  }

 private:
  void Feed(UniqueFd pipe) {
    std::array<char, 65536> buffer;
    while (true) {
      absl::StatusOr<size_t> bytes = source_->Read(buffer.data(), buffer.size());
      if (!bytes.ok()) feed_status_ = bytes.status();
      if (!bytes.ok() || *bytes == 0) return;
      // A write error means that the child is gone; its exit status will say why.
      if (!WriteAll(pipe.get(), std::string_view(buffer.data(), *bytes))) return;
    }
  }

  const std::string name_;
  std::unique_ptr<ChildProcess> child_;
  UniqueFd file_;
  std::unique_ptr<ByteStream> source_;
  absl::Status feed_status_;
  std::thread feeder_;
};

absl::StatusOr<UniqueFd> OpenInput(const std::string& path) {
  const int fd = path == "-" ? ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)
                             : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    const int error = errno;
    return Error(error == ENOENT || error == ENOTDIR ? ErrorCode::kNotFound : ErrorCode::kIo,
                 Cat(path, ": ", std::strerror(error)));
  }
  UniqueFd file(fd);
  struct stat info;
  if (::fstat(fd, &info) == 0 && S_ISDIR(info.st_mode)) {
    return Error(ErrorCode::kInvalidArgument, Cat(path, ": is a folder"));
  }
  return file;
}

// Up to kMagicBytes from the start; a short file gives fewer.
absl::StatusOr<std::string> ReadHead(const std::string& path, int fd) {
  std::string head;
  char buffer[kMagicBytes];
  while (head.size() < kMagicBytes) {
    const ssize_t bytes = ::read(fd, buffer, kMagicBytes - head.size());
    if (bytes == 0) break;
    if (bytes < 0 && errno == EINTR) continue;
    if (bytes < 0) {
      return Error(ErrorCode::kIo, Cat(path, ": cannot read: ", std::strerror(errno)));
    }
    head.append(buffer, static_cast<size_t>(bytes));
  }
  return head;
}

absl::StatusOr<std::unique_ptr<ByteStream>> OpenCompressed(const std::string& path, UniqueFd file,
                                                           std::string head,
                                                           const Decompressor& decompressor) {
  const std::vector<std::string> command = {decompressor.program, "-dc"};
  const bool seekable = ::lseek(file.get(), 0, SEEK_SET) == 0;
  UniqueFd child_input, feed;
  if (!seekable) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) {
      return Error(ErrorCode::kIo, Cat(path, ": no pipe: ", std::strerror(errno)));
    }
    child_input = UniqueFd(ends[0]);
    feed = UniqueFd(ends[1]);
  }
  absl::StatusOr<std::unique_ptr<ChildProcess>> child =
      ChildProcess::Start(command, seekable ? file.get() : child_input.get());
  if (!child.ok()) {
    return Error(CodeOf(child.status()),
                 Cat(path, ": is compressed with ", decompressor.program, ": ",
                     MessageOf(child.status()), " (Debian package ", decompressor.package, ")"));
  }
  auto stream = std::make_unique<ChildStream>(path, *std::move(child));
  if (seekable) {
    stream->UseFile(std::move(file));
  } else {
    child_input.Reset();
    stream->FeedFrom(std::make_unique<FdStream>(path, std::move(file), std::move(head)),
                     std::move(feed));
  }
  return std::unique_ptr<ByteStream>(std::move(stream));
}

}  // namespace

absl::StatusOr<std::unique_ptr<ByteStream>> OpenByteStream(const std::string& path) {
  SEGUE_ASSIGN_OR_RETURN(UniqueFd file, OpenInput(path));
  SEGUE_ASSIGN_OR_RETURN(std::string head, ReadHead(path, file.get()));
  if (const Decompressor* decompressor = FindDecompressor(head)) {
    return OpenCompressed(path, std::move(file), std::move(head), *decompressor);
  }
  return std::unique_ptr<ByteStream>(
      std::make_unique<FdStream>(path, std::move(file), std::move(head)));
}

}  // namespace segue

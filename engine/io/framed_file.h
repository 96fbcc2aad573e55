// SPDX-License-Identifier: Apache-2.0
//
// The frame that every file of an index has around its body: what it is, whose,
// how long, and one CRC32C over each block of 64 KiB. docs/format.md, "Frame",
// has the byte grammar.
//
// A file is written once, front to back, and never changed afterwards.
//
// Errors on opening: kNotFound (no such file), kDataLoss (not a segue file,
// another kind or segment than asked for, another length or checksum than the
// manifest's, a damaged header or tail), kVersion (made by a newer segue), kIo,
// kResourceExhausted (no mapping, handle or memory left).
#ifndef SEGUE_IO_FRAMED_FILE_H_
#define SEGUE_IO_FRAMED_FILE_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/types.h"
#include "engine/io/section.h"
#include "segue/env.h"
#include "segue/status.h"

namespace segue {

// Four printable characters; the list of all kinds is engine/format/file_kind.h.
struct FileKind {
  uint32_t fourcc = 0;

  // FileKind::Of("post")
  static constexpr FileKind Of(const char (&text)[5]) {
    uint32_t fourcc = 0;
    for (int i = 3; i >= 0; --i) {
      fourcc = fourcc << 8 | static_cast<uint8_t>(text[i]);
    }
    return FileKind{fourcc};
  }
  friend constexpr bool operator==(FileKind, FileKind) = default;
  std::string ToString() const;
};

// What the manifest keeps of a file.
struct FileInfo {
  std::string name;  // without directory
  uint64_t length = 0;
  uint32_t crc32c = 0;  // of the whole file, frame included

  friend bool operator==(const FileInfo&, const FileInfo&) = default;
};

struct OpenOptions {
  VerifyPolicy verify = VerifyPolicy::kOnFirstTouch;
  ReadMode read_mode = ReadMode::kAuto;
  // From the manifest. The checksum of the whole file follows from those of its
  // blocks, so comparing it reads nothing of the body.
  std::optional<uint64_t> expected_length;
  std::optional<uint32_t> expected_crc32c;
  // The versions of the kind that the caller can read.
  uint32_t min_version = 1;
  uint32_t max_version = 1;
  // If set, receives the version found.
  uint32_t* version = nullptr;
};

// Destroyed without Finish, it removes its file.
class FramedWriter {
 public:
  // Creates `path`; kFailedPrecondition if it exists.
  static absl::StatusOr<std::unique_ptr<FramedWriter>> Create(Env* env, std::string path,
                                                              FileKind kind, uint32_t version,
                                                              SegmentId segment);
  ~FramedWriter();
  FramedWriter(const FramedWriter&) = delete;
  FramedWriter& operator=(const FramedWriter&) = delete;

  // Errors are kept: after the first, every call returns it.
  absl::Status Append(std::string_view bytes);
  // Appends zeros until offset() is a multiple of `alignment`, a power of two.
  // Alignment up to 64 holds in memory too, however the file is read.
  absl::Status AlignTo(uint64_t alignment);
  // Bytes of the body so far.
  uint64_t offset() const { return body_bytes_; }

  // Writes the tail, syncs and closes. A failed sync is marked (IsSyncFailure).
  absl::StatusOr<FileInfo> Finish();
  // Finish of several, whose syncs the disk may do together. After an error none is finished.
  static absl::StatusOr<std::vector<FileInfo>> FinishAll(Env* env,
                                                         std::span<FramedWriter* const> writers);

 private:
  FramedWriter(Env* env, std::string path, std::unique_ptr<WritableFile> file, std::string header);

  void AddToBlocks(std::string_view bytes);
  absl::Status Flush();
  absl::StatusOr<FileInfo> WriteTail();
  absl::Status Keep(absl::Status status);

  Env* const env_;
  const std::string path_;
  std::unique_ptr<WritableFile> file_;
  const std::string header_;
  absl::Status status_;  // the first error
  bool finished_ = false;
  std::string buffer_;
  uint64_t body_bytes_ = 0;
  uint32_t block_crc_ = 0;  // of the block being filled
  std::vector<uint32_t> block_crcs_;
};

// The body of a framed file. The file stays open (or mapped) as long as a
// Section of it lives.
absl::StatusOr<Section> OpenFramed(Env* env, const std::string& path, FileKind kind,
                                   SegmentId segment, const OpenOptions& options);

// What a file says of itself, checked as far as header and tail go.
struct FrameInfo {
  FileKind kind;
  uint32_t version = 0;
  SegmentId segment;
  uint64_t body_length = 0;
  FileInfo file;
};
absl::StatusOr<FrameInfo> ReadFrameInfo(Env* env, const std::string& path);

// Reads all of a framed file and checks every block against the tail and the
// whole against `expected`.
absl::Status VerifyFile(Env* env, const std::string& path, const FileInfo& expected);

// The bytes that a framed file of this body has; for tests and small files.
std::string FrameBytes(FileKind kind, uint32_t version, SegmentId segment, std::string_view body);

}  // namespace segue

#endif  // SEGUE_IO_FRAMED_FILE_H_

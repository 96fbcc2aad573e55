// SPDX-License-Identifier: Apache-2.0
//
// Bytes pass through once: into the checksum of the block being filled, and into a buffer that is
// handed to the file when it is full. The checksum of the whole file is joined from the parts' at
// the end, so nothing is summed twice.
#include <algorithm>
#include <new>
#include <utility>

#include "engine/base/check.h"
#include "engine/base/status.h"
#include "engine/base/strings.h"
#include "engine/io/frame_layout.h"
#include "engine/io/framed_file.h"
#include "engine/io/path.h"
#include "engine/simd/crc32c.h"

namespace segue {
namespace {

// Of header, body blocks and tail, one after the other.
class WholeFileCrc {
 public:
  explicit WholeFileCrc(std::string_view header)
      : crc_(Crc32c(0, header.data(), header.size())), full_block_(kChecksumBlockBytes) {}

  void AddBlock(uint32_t crc, uint64_t bytes) {
    crc_ = bytes == kChecksumBlockBytes ? full_block_.Combine(crc_, crc)
                                        : Crc32cCombine(crc_, crc, bytes);
  }
  void AddTail(std::string_view tail) { crc_ = Crc32c(crc_, tail.data(), tail.size()); }
  uint32_t crc() const { return crc_; }

 private:
  uint32_t crc_;
  Crc32cCombiner full_block_;
};

}  // namespace

uint32_t FrameCrc(std::string_view header, uint64_t body_length,
                  const std::vector<uint32_t>& block_crcs, std::string_view tail) {
  WholeFileCrc whole(header);
  for (const uint32_t crc : block_crcs) {
    const uint64_t bytes = std::min<uint64_t>(body_length, kChecksumBlockBytes);
    whole.AddBlock(crc, bytes);
    body_length -= bytes;
  }
  whole.AddTail(tail);
  return whole.crc();
}

absl::StatusOr<std::unique_ptr<FramedWriter>> FramedWriter::Create(Env* env, std::string path,
                                                                   FileKind kind, uint32_t version,
                                                                   SegmentId segment) {
  SEGUE_ASSIGN_OR_RETURN(std::unique_ptr<WritableFile> file, env->NewWritable(path));
  std::string header = FrameHeader{kind, version, segment}.Encode();
  return std::unique_ptr<FramedWriter>(
      new FramedWriter(env, std::move(path), std::move(file), std::move(header)));
}

FramedWriter::FramedWriter(Env* env, std::string path, std::unique_ptr<WritableFile> file,
                           std::string header)
    : env_(env),
      path_(std::move(path)),
      file_(std::move(file)),
      header_(std::move(header)),
      buffer_(header_) {}

FramedWriter::~FramedWriter() {
  if (finished_) return;
  // A file without a tail is of no use; if it cannot be removed it is an orphan like any other.
  file_.reset();
  try {
    (void)env_->Remove(path_);
  } catch (const std::bad_alloc&) {
  }
}

absl::Status FramedWriter::Keep(absl::Status status) {
  if (status_.ok()) status_ = std::move(status);
  return status_;
}

void FramedWriter::AddToBlocks(std::string_view bytes) {
  while (!bytes.empty()) {
    const uint64_t filled = body_bytes_ % kChecksumBlockBytes;
    const size_t taken =
        std::min<size_t>(bytes.size(), static_cast<size_t>(kChecksumBlockBytes - filled));
    block_crc_ = Crc32c(block_crc_, bytes.data(), taken);
    body_bytes_ += taken;
    bytes.remove_prefix(taken);
    if (body_bytes_ % kChecksumBlockBytes == 0) {
      block_crcs_.push_back(std::exchange(block_crc_, 0));
    }
  }
}

absl::Status FramedWriter::Flush() {
  if (buffer_.empty()) return absl::OkStatus();
  absl::Status status = file_->Append(buffer_);
  buffer_.clear();
  return status;
}

absl::Status FramedWriter::Append(std::string_view bytes) {
  SEGUE_DCHECK(!finished_);
  if (!status_.ok()) [[unlikely]]
    return status_;
  AddToBlocks(bytes);
  if (buffer_.size() + bytes.size() < kWriteBufferBytes) [[likely]] {
    buffer_.append(bytes);
    return absl::OkStatus();
  }
  SEGUE_RETURN_IF_ERROR(Keep(Flush()));
  if (bytes.size() >= kWriteBufferBytes) return Keep(file_->Append(bytes));
  buffer_.append(bytes);
  return absl::OkStatus();
}

absl::Status FramedWriter::AlignTo(uint64_t alignment) {
  SEGUE_DCHECK(alignment != 0 && (alignment & (alignment - 1)) == 0);
  static constexpr char kZeros[64] = {};
  uint64_t missing = (alignment - body_bytes_ % alignment) % alignment;
  while (missing > 0) {
    const size_t bytes = static_cast<size_t>(std::min<uint64_t>(missing, sizeof(kZeros)));
    SEGUE_RETURN_IF_ERROR(Append(std::string_view(kZeros, bytes)));
    missing -= bytes;
  }
  return status_;
}

absl::StatusOr<FileInfo> FramedWriter::WriteTail() {
  SEGUE_DCHECK(!finished_);
  SEGUE_RETURN_IF_ERROR(status_);
  if (body_bytes_ % kChecksumBlockBytes != 0) block_crcs_.push_back(block_crc_);
  FrameFooter footer;
  footer.body_length = body_bytes_;
  footer.file_length = kFrameHeaderBytes + body_bytes_ + TailBytes(body_bytes_);
  footer.header_crc = HeaderCrcField(header_);
  footer.block_count = static_cast<uint32_t>(block_crcs_.size());
  const std::string tail = EncodeTail(footer, block_crcs_.data());
  buffer_.append(tail);
  SEGUE_RETURN_IF_ERROR(Keep(Flush()));
  return FileInfo{BaseName(path_), footer.file_length,
                  FrameCrc(header_, body_bytes_, block_crcs_, tail)};
}

absl::StatusOr<FileInfo> FramedWriter::Finish() {
  FramedWriter* const self = this;
  SEGUE_ASSIGN_OR_RETURN(std::vector<FileInfo> infos, FinishAll(env_, {&self, 1}));
  return std::move(infos.front());
}

absl::StatusOr<std::vector<FileInfo>> FramedWriter::FinishAll(
    Env* env, std::span<FramedWriter* const> writers) {
  std::vector<FileInfo> infos;
  std::vector<WritableFile*> files;
  for (FramedWriter* const writer : writers) {
    SEGUE_ASSIGN_OR_RETURN(infos.emplace_back(), writer->WriteTail());
    files.push_back(writer->file_.get());
  }
  SEGUE_RETURN_IF_ERROR(MarkSyncFailure(env->SyncAll(files)));
  for (FramedWriter* const writer : writers) {
    SEGUE_RETURN_IF_ERROR(writer->Keep(writer->file_->Close()));
  }
  for (FramedWriter* const writer : writers) writer->finished_ = true;
  return infos;
}

std::string FrameBytes(FileKind kind, uint32_t version, SegmentId segment, std::string_view body) {
  std::string bytes = FrameHeader{kind, version, segment}.Encode();
  FrameFooter footer;
  footer.body_length = body.size();
  footer.file_length = kFrameHeaderBytes + body.size() + TailBytes(body.size());
  footer.header_crc = HeaderCrcField(bytes);
  footer.block_count = static_cast<uint32_t>(BlockCount(body.size()));
  std::vector<uint32_t> block_crcs;
  for (size_t begin = 0; begin < body.size(); begin += kChecksumBlockBytes) {
    const std::string_view block = body.substr(begin, kChecksumBlockBytes);
    block_crcs.push_back(Crc32c(0, block.data(), block.size()));
  }
  bytes += body;
  bytes += EncodeTail(footer, block_crcs.data());
  return bytes;
}

}  // namespace segue

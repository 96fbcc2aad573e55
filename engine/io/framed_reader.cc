// SPDX-License-Identifier: Apache-2.0
//
// Opening reads the header and the tail, about 128 bytes plus 4 per 64 KiB, and keeps a private
// copy of the block checksums. From them the checksum of the whole file follows, so the manifest's
// value is compared without reading the body; a block whose bytes are wrong is then found by the
// first Pin that touches it.
//
// One bit per block says "verified". Two threads may verify the same block at once; both find the
// same, so the bit needs no order.
#include <algorithm>
#include <atomic>
#include <cstring>
#include <utility>

#include "engine/base/status.h"
#include "engine/base/strings.h"
#include "engine/io/frame_layout.h"
#include "engine/io/framed_file.h"
#include "engine/io/path.h"
#include "engine/simd/crc32c.h"

namespace segue {
namespace {

absl::Status NoMemory(const std::string& file, uint64_t bytes) {
  return Error(ErrorCode::kResourceExhausted, Cat(file, ": no memory for ", bytes, " bytes of it"));
}

class FramedSource final : public SectionSource {
 public:
  // Reads and checks header and tail.
  static absl::StatusOr<std::shared_ptr<FramedSource>> Open(Env* env, const std::string& path,
                                                            ReadMode mode,
                                                            std::optional<uint64_t> length);

  const FrameHeader& header() const { return header_; }
  uint64_t body_length() const { return body_length_; }
  uint64_t file_length() const { return source_->size(); }
  uint32_t file_crc() const { return file_crc_; }

  absl::Status VerifyAll() const;
  void TrustAll() {
    for (uint64_t word = 0; word < (block_crcs_.size() + 63) / 64; ++word) {
      verified_[word].store(~uint64_t{0}, std::memory_order_relaxed);
    }
  }

  absl::StatusOr<PinnedBytes> Pin(uint64_t offset, size_t length) const override;
  void Advise(uint64_t offset, uint64_t length, AccessPattern pattern) const override {
    source_->Advise(kFrameHeaderBytes + offset, length, pattern);
  }
  const std::string& name() const override { return path_; }
  bool mapped() const override { return source_->data() != nullptr; }

 private:
  absl::Status Load();
  absl::Status ReadTail();

  bool IsVerified(uint64_t block) const {
    return (verified_[block / 64].load(std::memory_order_relaxed) >> (block % 64) & 1) != 0;
  }
  size_t BlockBytes(uint64_t block) const {
    return static_cast<size_t>(
        std::min<uint64_t>(kChecksumBlockBytes, body_length_ - block * kChecksumBlockBytes));
  }
  // Compares the block's bytes with its checksum and remembers success.
  absl::Status Verify(uint64_t block, const uint8_t* bytes) const;
  absl::StatusOr<PinnedBytes> PinCopy(uint64_t offset, size_t length, bool verified) const;
  absl::Status CopyBlockPart(uint64_t block, size_t begin, size_t end, uint8_t* out) const;

  std::string path_;
  std::unique_ptr<ByteSource> source_;
  FrameHeader header_;
  uint64_t body_length_ = 0;
  uint32_t file_crc_ = 0;
  std::vector<uint32_t> block_crcs_;
  std::unique_ptr<std::atomic<uint64_t>[]> verified_;
};

absl::StatusOr<std::shared_ptr<FramedSource>> FramedSource::Open(Env* env, const std::string& path,
                                                                 ReadMode mode,
                                                                 std::optional<uint64_t> length) {
  auto opened = std::make_shared<FramedSource>();
  opened->path_ = path;
  SEGUE_ASSIGN_OR_RETURN(opened->source_, env->OpenSource(path, mode));
  // First of all: a file cut short is best told by its length.
  if (length.has_value() && *length != opened->source_->size()) {
    return Error(ErrorCode::kDataLoss, Cat(path, ": is ", opened->source_->size(),
                                           " bytes long, the manifest says ", *length));
  }
  SEGUE_RETURN_IF_ERROR(opened->Load());
  return opened;
}

absl::Status FramedSource::Load() {
  if (source_->size() < kMinFrameBytes) {
    return FrameFault(path_, "too short for a file of segue", 0, Cat(source_->size(), " bytes"),
                      Cat("at least ", kMinFrameBytes));
  }
  uint8_t bytes[kFrameHeaderBytes];
  SEGUE_RETURN_IF_ERROR(source_->Read(0, sizeof(bytes), bytes));
  const std::string_view header(reinterpret_cast<const char*>(bytes), sizeof(bytes));
  SEGUE_ASSIGN_OR_RETURN(header_, DecodeHeader(header, path_));
  return ReadTail();
}

absl::Status FramedSource::ReadTail() {
  const uint64_t file_length = source_->size();
  std::string footer_bytes(kFrameFooterBytes, '\0');
  SEGUE_RETURN_IF_ERROR(source_->Read(file_length - kFrameFooterBytes, kFrameFooterBytes,
                                      reinterpret_cast<uint8_t*>(footer_bytes.data())));
  SEGUE_ASSIGN_OR_RETURN(const FrameFooter footer,
                         DecodeFooter(footer_bytes, file_length, header_, path_));
  body_length_ = footer.body_length;
  // Bounded by the file's real length, 1/16384 of it.
  std::string tail(static_cast<size_t>(TailBytes(body_length_)), '\0');
  const uint64_t tail_offset = kFrameHeaderBytes + body_length_;
  SEGUE_RETURN_IF_ERROR(
      source_->Read(tail_offset, tail.size(), reinterpret_cast<uint8_t*>(tail.data())));
  uint32_t stored = 0;
  std::memcpy(&stored, tail.data() + tail.size() - 4, 4);
  const uint32_t computed = Crc32c(0, tail.data(), tail.size() - 4);
  if (stored != computed) {
    return FrameFault(path_, "tail checksum", file_length - 4, Hex(stored, 8), Hex(computed, 8));
  }
  block_crcs_.resize(footer.block_count);
  if (!block_crcs_.empty()) {
    std::memcpy(block_crcs_.data(), tail.data() + (8 - body_length_ % 8) % 8,
                4 * block_crcs_.size());
  }
  verified_ = std::make_unique<std::atomic<uint64_t>[]>((block_crcs_.size() + 63) / 64);
  file_crc_ = FrameCrc(header_.Encode(), body_length_, block_crcs_, tail);
  return absl::OkStatus();
}

absl::Status FramedSource::Verify(uint64_t block, const uint8_t* bytes) const {
  const uint32_t computed = Crc32c(0, bytes, BlockBytes(block));
  const uint32_t stored = block_crcs_[static_cast<size_t>(block)];
  if (computed != stored) {
    return FrameFault(path_, Cat("checksum of block ", block),
                      kFrameHeaderBytes + block * kChecksumBlockBytes, Hex(computed, 8),
                      Hex(stored, 8));
  }
  verified_[block / 64].fetch_or(uint64_t{1} << (block % 64), std::memory_order_relaxed);
  return absl::OkStatus();
}

absl::StatusOr<PinnedBytes> FramedSource::Pin(uint64_t offset, size_t length) const {
  const uint64_t first = offset / kChecksumBlockBytes;
  const uint64_t last = (offset + length - 1) / kChecksumBlockBytes;
  const uint8_t* data = source_->data();
  bool verified = true;
  for (uint64_t block = first; block <= last; ++block) {
    if (IsVerified(block)) [[likely]]
      continue;
    verified = false;
    if (data == nullptr) break;
    SEGUE_RETURN_IF_ERROR(Verify(block, data + kFrameHeaderBytes + block * kChecksumBlockBytes));
  }
  if (data != nullptr) [[likely]]
    return View(data + kFrameHeaderBytes + offset, length);
  return PinCopy(offset, length, verified);
}

absl::StatusOr<PinnedBytes> FramedSource::PinCopy(uint64_t offset, size_t length,
                                                  bool verified) const {
  uint8_t* out = nullptr;
  PinnedBytes bytes = Buffer(length, static_cast<size_t>(offset % 64), &out);
  if (out == nullptr) return NoMemory(path_, length);
  if (verified) {
    SEGUE_RETURN_IF_ERROR(source_->Read(kFrameHeaderBytes + offset, length, out));
    return bytes;
  }
  // Block by block: what is handed out is the very copy that was summed.
  for (uint64_t at = offset; at < offset + length;) {
    const uint64_t block = at / kChecksumBlockBytes;
    const uint64_t block_start = block * kChecksumBlockBytes;
    const uint64_t end = std::min(offset + length, block_start + BlockBytes(block));
    SEGUE_RETURN_IF_ERROR(CopyBlockPart(block, static_cast<size_t>(at - block_start),
                                        static_cast<size_t>(end - block_start),
                                        out + (at - offset)));
    at = end;
  }
  return bytes;
}

absl::Status FramedSource::CopyBlockPart(uint64_t block, size_t begin, size_t end,
                                         uint8_t* out) const {
  const uint64_t file_offset = kFrameHeaderBytes + block * kChecksumBlockBytes;
  if (IsVerified(block)) return source_->Read(file_offset + begin, end - begin, out);
  if (begin == 0 && end == BlockBytes(block)) {
    SEGUE_RETURN_IF_ERROR(source_->Read(file_offset, end, out));
    return Verify(block, out);
  }
  const std::unique_ptr<uint8_t[]> whole(new (std::nothrow) uint8_t[BlockBytes(block)]);
  if (whole == nullptr) return NoMemory(path_, BlockBytes(block));
  SEGUE_RETURN_IF_ERROR(source_->Read(file_offset, BlockBytes(block), whole.get()));
  SEGUE_RETURN_IF_ERROR(Verify(block, whole.get()));
  std::memcpy(out, whole.get() + begin, end - begin);
  return absl::OkStatus();
}

absl::Status FramedSource::VerifyAll() const {
  source_->Advise(0, source_->size(), AccessPattern::kSequential);
  for (uint64_t block = 0; block < block_crcs_.size(); ++block) {
    SEGUE_RETURN_IF_ERROR(Pin(block * kChecksumBlockBytes, BlockBytes(block)).status());
  }
  source_->Advise(0, source_->size(), AccessPattern::kNormal);
  return absl::OkStatus();
}

absl::Status CheckCrc(const FramedSource& file, std::optional<uint32_t> crc) {
  if (crc.has_value() && *crc != file.file_crc()) {
    return Error(ErrorCode::kDataLoss,
                 Cat(file.name(), ": is another file than the manifest's: checksum of the whole ",
                     Hex(file.file_crc(), 8), ", the manifest says ", Hex(*crc, 8)));
  }
  return absl::OkStatus();
}

absl::Status CheckIdentity(const FramedSource& file, FileKind kind, SegmentId segment,
                           const OpenOptions& options) {
  const FrameHeader& header = file.header();
  if (header.kind != kind) {
    return FrameFault(file.name(), "kind of file", 8, header.kind.ToString(), kind.ToString());
  }
  if (header.segment != segment) {
    return FrameFault(file.name(), "the file belongs to another segment or generation: id", 16,
                      header.segment.ToString(), segment.ToString());
  }
  if (header.version > options.max_version) {
    return Error(
        ErrorCode::kVersion,
        Cat(file.name(), ": format version ", header.version, " of kind ", header.kind.ToString(),
            "; this segue reads up to ", options.max_version, ": use a newer one"));
  }
  if (header.version == 0) return FrameFault(file.name(), "format version", 12, "0", "1 or more");
  if (header.version < options.min_version) {
    return Error(
        ErrorCode::kVersion,
        Cat(file.name(), ": format version ", header.version, " of kind ", header.kind.ToString(),
            "; this segue reads from ", options.min_version, " on: index the documents again"));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Section> OpenFramed(Env* env, const std::string& path, FileKind kind,
                                   SegmentId segment, const OpenOptions& options) {
  SEGUE_ASSIGN_OR_RETURN(std::shared_ptr<FramedSource> file,
                         FramedSource::Open(env, path, options.read_mode, options.expected_length));
  SEGUE_RETURN_IF_ERROR(CheckIdentity(*file, kind, segment, options));
  SEGUE_RETURN_IF_ERROR(CheckCrc(*file, options.expected_crc32c));
  if (options.version != nullptr) *options.version = file->header().version;
  if (options.verify == VerifyPolicy::kOnOpen) SEGUE_RETURN_IF_ERROR(file->VerifyAll());
  if (options.verify == VerifyPolicy::kNever) file->TrustAll();
  const uint64_t length = file->body_length();
  return Section(std::move(file), 0, length);
}

absl::StatusOr<FrameInfo> ReadFrameInfo(Env* env, const std::string& path) {
  SEGUE_ASSIGN_OR_RETURN(const std::shared_ptr<FramedSource> file,
                         FramedSource::Open(env, path, ReadMode::kPread, std::nullopt));
  return FrameInfo{file->header().kind, file->header().version, file->header().segment,
                   file->body_length(),
                   FileInfo{BaseName(path), file->file_length(), file->file_crc()}};
}

absl::Status VerifyFile(Env* env, const std::string& path, const FileInfo& expected) {
  SEGUE_ASSIGN_OR_RETURN(const std::shared_ptr<FramedSource> file,
                         FramedSource::Open(env, path, ReadMode::kAuto, expected.length));
  SEGUE_RETURN_IF_ERROR(CheckCrc(*file, expected.crc32c));
  return file->VerifyAll();
}

}  // namespace segue

// SPDX-License-Identifier: Apache-2.0
#include "engine/io/frame_layout.h"

#include "engine/base/byte_reader.h"
#include "engine/base/byte_writer.h"
#include "engine/base/check.h"
#include "engine/base/status.h"
#include "engine/base/strings.h"
#include "engine/simd/crc32c.h"

namespace segue {
namespace {

constexpr size_t kCrcOffset = 60;  // in header and footer
constexpr size_t kZeroBytes = 28;
constexpr std::string_view kZeros("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
                                  kZeroBytes);

}  // namespace

std::string FileKind::ToString() const {
  const char text[4] = {static_cast<char>(fourcc), static_cast<char>(fourcc >> 8),
                        static_cast<char>(fourcc >> 16), static_cast<char>(fourcc >> 24)};
  return Quoted(std::string_view(text, 4));
}

absl::Status FrameFault(const std::string& file, std::string_view what, uint64_t offset,
                        std::string_view found, std::string_view expected) {
  return Error(ErrorCode::kDataLoss, Cat(file, ": ", what, " at byte ", offset, ": found ", found,
                                         ", expected ", expected));
}

std::string FrameHeader::Encode() const {
  ByteWriter writer;
  writer.PutBytes(kFrameMagic);
  writer.PutU32(kind.fourcc);
  writer.PutU32(version);
  writer.PutU64(segment.value);
  writer.PutU32(kFrameVersion);
  writer.PutU32(kChecksumBlockBytes);
  writer.PutBytes(kZeros);
  writer.PutU32(Crc32c(0, writer.view().data(), writer.size()));
  return writer.Take();
}

std::string EncodeTail(const FrameFooter& footer, const uint32_t* block_crcs) {
  ByteWriter writer;
  writer.PutBytes(kZeros.substr(0, (8 - footer.body_length % 8) % 8));
  for (uint32_t i = 0; i < footer.block_count; ++i) writer.PutU32(block_crcs[i]);
  writer.PutU64(footer.body_length);
  writer.PutU64(footer.file_length);
  writer.PutU32(footer.header_crc);
  writer.PutU32(footer.block_count);
  writer.PutBytes(kZeros);
  writer.PutBytes(kFrameEndMagic);
  writer.PutU32(Crc32c(0, writer.view().data(), writer.size()));
  return writer.Take();
}

absl::StatusOr<FrameHeader> DecodeHeader(std::string_view bytes, const std::string& file) {
  ByteReader reader(bytes);
  std::string_view magic;
  std::string_view zeros;
  FrameHeader header;
  uint32_t frame_version = 0;
  uint32_t block_bytes = 0;
  reader.ReadBytes(kFrameMagic.size(), &magic);
  reader.ReadU32(&header.kind.fourcc);
  reader.ReadU32(&header.version);
  reader.ReadU64(&header.segment.value);
  reader.ReadU32(&frame_version);
  reader.ReadU32(&block_bytes);
  reader.ReadBytes(kZeroBytes, &zeros);
  reader.ReadU32(&header.crc);
  if (magic != kFrameMagic) {
    return FrameFault(file, "not a file of segue: the first bytes differ", 0, Quoted(magic),
                      Quoted(kFrameMagic));
  }
  const uint32_t crc = Crc32c(0, bytes.data(), kCrcOffset);
  SEGUE_DCHECK(reader.done());
  if (crc != header.crc) {
    return FrameFault(file, "header checksum", kCrcOffset, Hex(header.crc, 8), Hex(crc, 8));
  }
  if (frame_version > kFrameVersion) {
    return Error(ErrorCode::kVersion,
                 Cat(file, ": frame version ", frame_version, "; this segue reads up to ",
                     kFrameVersion, ": use a newer one"));
  }
  if (frame_version == 0 || block_bytes != kChecksumBlockBytes || zeros != kZeros) {
    return FrameFault(file, "header fields", 24, Quoted(bytes.substr(24, 36)),
                      "frame version 1, blocks of 65536, zeros");
  }
  return header;
}

absl::StatusOr<FrameFooter> DecodeFooter(std::string_view bytes, uint64_t file_length,
                                         const FrameHeader& header, const std::string& file) {
  const uint64_t start = file_length - kFrameFooterBytes;
  ByteReader reader(bytes);
  FrameFooter footer;
  std::string_view zeros;
  std::string_view magic;
  uint32_t crc = 0;
  reader.ReadU64(&footer.body_length);
  reader.ReadU64(&footer.file_length);
  reader.ReadU32(&footer.header_crc);
  reader.ReadU32(&footer.block_count);
  reader.ReadBytes(kZeroBytes, &zeros);
  reader.ReadBytes(kFrameEndMagic.size(), &magic);
  reader.ReadU32(&crc);
  SEGUE_DCHECK(reader.done());
  if (magic != kFrameEndMagic) {
    return FrameFault(file, "the file does not end as written, it may be cut short: end mark",
                      start + 52, Quoted(magic), Quoted(kFrameEndMagic));
  }
  if (footer.file_length != file_length) {
    return FrameFault(file, "length of the file", start + 8, Cat(file_length, " bytes"),
                      Cat(footer.file_length));
  }
  if (footer.header_crc != header.crc) {
    return FrameFault(file, "the tail belongs to another header: checksum", start + 16,
                      Hex(footer.header_crc, 8), Hex(header.crc, 8));
  }
  // First bounded, so that the sum cannot wrap.
  if (footer.body_length > file_length - kMinFrameBytes ||
      kFrameHeaderBytes + footer.body_length + TailBytes(footer.body_length) != file_length) {
    return FrameFault(file, "length of the body", start, Cat(footer.body_length),
                      Cat("one that fits a file of ", file_length));
  }
  if (footer.block_count != BlockCount(footer.body_length)) {
    return FrameFault(file, "number of checksum blocks", start + 20, Cat(footer.block_count),
                      Cat(BlockCount(footer.body_length)));
  }
  return footer;
}

}  // namespace segue

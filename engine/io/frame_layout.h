// SPDX-License-Identifier: Apache-2.0
//
// The bytes of a frame, shared by writer and reader (docs/format.md, "Frame").
//
//   header   64 bytes   magic[8] kind:u32 version:u32 segment:u64 frame_version:u32
//                       block_bytes:u32 zero[28] crc:u32 (of the 60 bytes before)
//   body     body_length bytes, any
//   tail     zero bytes until the body's end is a multiple of 8
//            crc:u32 for each block of 64 KiB of the body, the last one shorter
//            footer, 64 bytes: body_length:u64 file_length:u64 header_crc:u32 blocks:u32
//                       zero[28] magic[8] crc:u32 (of the tail before it)
//
// So each byte is under exactly one checksum, the body starts 64-byte aligned, and at least 64
// readable bytes lie on either side of it.
#ifndef SEGUE_IO_FRAME_LAYOUT_H_
#define SEGUE_IO_FRAME_LAYOUT_H_

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/limits.h"
#include "engine/base/types.h"
#include "engine/io/framed_file.h"

namespace segue {

// The first byte is no ASCII and the line ends get lost in a transfer as text: both show at once.
inline constexpr std::string_view kFrameMagic("\x89SEGUE\r\n", 8);
inline constexpr std::string_view kFrameEndMagic("SEGUEND\n", 8);
inline constexpr uint32_t kFrameVersion = 1;
inline constexpr uint64_t kFrameHeaderBytes = 64;
inline constexpr uint64_t kFrameFooterBytes = 64;
inline constexpr uint64_t kMinFrameBytes = kFrameHeaderBytes + kFrameFooterBytes;

static_assert(kFrameHeaderBytes >= kPinSlackBytes && kFrameFooterBytes >= kPinSlackBytes);

struct FrameHeader {
  FileKind kind;
  uint32_t version = 0;
  SegmentId segment;
  uint32_t crc = 0;  // the header's last field

  std::string Encode() const;  // computes the field anew
};

struct FrameFooter {
  uint64_t body_length = 0;
  uint64_t file_length = 0;
  uint32_t header_crc = 0;
  uint32_t block_count = 0;
};

inline constexpr uint64_t BlockCount(uint64_t body_length) {
  return body_length / kChecksumBlockBytes + (body_length % kChecksumBlockBytes != 0 ? 1 : 0);
}
// Padding, table and footer.
inline constexpr uint64_t TailBytes(uint64_t body_length) {
  return (8 - body_length % 8) % 8 + 4 * BlockCount(body_length) + kFrameFooterBytes;
}

// The tail of a body whose blocks have these checksums. `file_length` and the rest of `footer` are
// taken as they are.
std::string EncodeTail(const FrameFooter& footer, const uint32_t* block_crcs);

// The checksum field of an encoded header. REQUIRES: 64 bytes.
inline uint32_t HeaderCrcField(std::string_view header) {
  uint32_t crc;
  std::memcpy(&crc, header.data() + kFrameHeaderBytes - 4, 4);
  return crc;
}

// The checksum of the whole file, joined from its parts'; `tail` with its own checksum.
uint32_t FrameCrc(std::string_view header, uint64_t body_length,
                  const std::vector<uint32_t>& block_crcs, std::string_view tail);

// Decodes and checks magic, checksum and frame version; `file` is for messages.
// REQUIRES: kFrameHeaderBytes bytes.
absl::StatusOr<FrameHeader> DecodeHeader(std::string_view bytes, const std::string& file);

// Checks the footer's magic and fields against the file's real length; the tail's checksum is
// the caller's to check, since the tail's length is known only now.
// REQUIRES: kFrameFooterBytes bytes.
absl::StatusOr<FrameFooter> DecodeFooter(std::string_view bytes, uint64_t file_length,
                                         const FrameHeader& header, const std::string& file);

// kDataLoss "file: what at byte offset: found …, expected …".
absl::Status FrameFault(const std::string& file, std::string_view what, uint64_t offset,
                        std::string_view found, std::string_view expected);

}  // namespace segue

#endif  // SEGUE_IO_FRAME_LAYOUT_H_

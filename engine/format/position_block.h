// SPDX-License-Identifier: Apache-2.0
//
// The positions of one rank block: a Rice code split in two streams that meet
// at a boundary.
//
// A document's positions become codes: the first position itself, then gaps
// (gap - 1 where no document of the block repeats a position). A code's low k
// bits go to the stream of low bits, which grows from the boundary towards
// lower addresses; the rest goes to the unary stream, which grows from the
// boundary upwards, as that many zeros and a one. So one offset per block, the
// boundary's, finds both, low bits are random access, and the codes before a
// document are skipped by counting ones in the unary stream.
//
//   … low 2 low 1 low 0 | boundary | u0 u1 u2 …
//
// Bit order: the low stream is a little-endian number that ends at the
// boundary, with code 0 in its highest bits. The unary stream takes bits of
// each byte from the least significant on.

#ifndef SEGUE_FORMAT_POSITION_BLOCK_H_
#define SEGUE_FORMAT_POSITION_BLOCK_H_

#include <cstdint>
#include <span>
#include <string>

namespace segue {

// Codec tags, 3 bits of a block's codec byte; the low 5 bits are k.
enum class PositionCodec : uint8_t {
  kRiceStrict = 0,   // positions ascend strictly: gaps less one
  kRiceRepeats = 1,  // a position may repeat
};
inline constexpr uint8_t kMaxRiceBits = 31;
inline constexpr uint32_t kPositionLimit = 0x7fffffff;  // positions are below 2^31

// A view of one block's streams. Valid while the bytes are.
class PositionBlock {
 public:
  PositionBlock() = default;

  // `boundary` is where the unary stream starts; low bits end at `low_end`.
  // Both streams stay within [begin, end), which has 64 readable bytes on both
  // sides. False on an unknown codec.
  bool Open(uint8_t codec_byte, const uint8_t* begin, const uint8_t* low_end, const uint8_t* unary,
            const uint8_t* end);

  // Decodes `count` codes from code number `first` on into positions. False if
  // the streams end before, or a position would pass 2^31. Calls with ascending
  // `first` go on from where the last one stopped.
  bool Decode(uint64_t first, uint32_t count, uint32_t* out);

  // The greatest number of codes that the block's bytes can hold.
  uint64_t capacity() const { return 8 * static_cast<uint64_t>(end_ - unary_); }

 private:
  bool SkipTo(uint64_t code);

  const uint8_t* begin_ = nullptr;
  const uint8_t* low_end_ = nullptr;
  const uint8_t* unary_ = nullptr;
  const uint8_t* end_ = nullptr;
  uint64_t next_code_ = 0;  // codes before next_bit_
  uint64_t next_bit_ = 0;   // in the unary stream
  uint8_t low_bits_ = 0;
  bool strict_ = true;
};

// Collects the codes of a block and encodes them.
struct EncodedPositions {
  uint8_t codec_byte = 0;
  std::string low;    // to be written before the boundary
  std::string unary;  // to be written after it
};

}  // namespace segue

#endif  // SEGUE_FORMAT_POSITION_BLOCK_H_

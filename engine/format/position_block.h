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
//   … low 2, low 1, low 0 | boundary | unary 0, unary 1, unary 2 …
//
// Bit order: the low stream is a little-endian number that ends at the
// boundary, with code 0 in its highest bits. The unary stream takes bits of
// each byte from the least significant on. Bits left over are zeros.
//
// The codec byte has k in bits 0-4 and the codec in bits 5-7. In a long list it
// stands at the boundary, before the unary stream; in a short one (one block)
// it comes first, and the number of codes tells where the boundary is.

#ifndef SEGUE_FORMAT_POSITION_BLOCK_H_
#define SEGUE_FORMAT_POSITION_BLOCK_H_

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/base/check.h"

namespace segue {

enum class PositionCodec : uint8_t {
  kRiceStrict = 0,   // positions ascend strictly: gaps less one
  kRiceRepeats = 1,  // a position may repeat
};
inline constexpr uint8_t kPositionCodecs = 2;
inline constexpr uint64_t kPositionLimit = uint64_t{1} << 31;  // positions are below

// Lists of one block and at most this many positions are written as varints
// (first position, gaps), without a codec byte: that is shorter.
inline constexpr uint64_t kMaxPlainPositions = 4;

// Collects the positions of a block and encodes them.
class PositionBlockEncoder {
 public:
  // One document, at least one position. False, with nothing usable collected,
  // if positions descend or reach kPositionLimit.
  bool Add(std::span<const uint32_t> positions);
  // The same for whole documents, each position below one that tells documents apart:
  // document << 32 | position. REQUIRES: ascending; a position may repeat.
  bool Add(std::span<const uint64_t> postings);
  // Forgets what was added.
  void Clear();
  // Appends the block in the form of long lists; the result is where the
  // boundary (the codec byte) lies within the bytes appended. Empties *this.
  size_t EncodeLong(std::string* out);
  // Appends the block in the form of short lists. Empties *this.
  void EncodeShort(std::string* out);

 private:
  void MakeRoom(size_t codes);
  void AllowRepeats();
  uint8_t codec_byte(uint32_t low_bits) const;

  // First position, then gaps, document by document; less one while strict_.
  std::span<const uint32_t> codes() const { return {room_.data(), code_count_}; }

  std::vector<uint32_t> room_;  // for codes; one of just their size would be cleared as it grows
  size_t code_count_ = 0;
  static constexpr size_t kFirstsSlack = 8;  // for what a kernel writes behind
  std::vector<uint32_t> firsts_;  // where documents start among the codes; room beside `room_`
  size_t first_count_ = 0;
  bool strict_ = true;
};

inline void PositionBlockEncoder::MakeRoom(size_t codes) {
  if (room_.size() - code_count_ >= codes) [[likely]]
    return;
  room_.resize(2 * room_.size() + codes);
  firsts_.resize(room_.size() + kFirstsSlack);
}

inline bool PositionBlockEncoder::Add(std::span<const uint32_t> positions) {
  SEGUE_DCHECK(!positions.empty());
  MakeRoom(positions.size());
  uint32_t* const codes = room_.data() + code_count_;
  firsts_[first_count_++] = static_cast<uint32_t>(code_count_);
  code_count_ += positions.size();
  codes[0] = positions[0];
  uint32_t before = positions[0];
  bool descends = false, repeats = false;
  for (size_t i = 1; i < positions.size(); ++i) {
    descends |= positions[i] < before;
    repeats |= positions[i] == before;
    codes[i] = positions[i] - before - strict_;
    before = positions[i];
  }
  // A repeat in a strict block has made the code -1, which adding one mends.
  if (repeats && strict_) AllowRepeats();
  return !descends && before < kPositionLimit;
}

// A view of one block's streams. Valid while the bytes are.
class PositionBlock {
 public:
  PositionBlock() = default;

  // Of a long list: the boundary is `boundary`; both streams stay within
  // [begin, end), which has 64 readable bytes on both sides. False if the
  // boundary is outside or the codec unknown.
  bool OpenLong(const uint8_t* begin, const uint8_t* boundary, const uint8_t* end);
  // Of a short list, whose bytes are [begin, end), with `code_count` positions.
  bool OpenShort(const uint8_t* begin, const uint8_t* end, uint64_t code_count);

  // Decodes the codes [first, first + count) of one document into positions:
  // `out` has room for count. False if the streams end before, or a position
  // would reach 2^31. Cheapest with ascending `first`: a call goes on from the
  // one before.
  bool Decode(uint64_t first, uint32_t count, uint32_t* out);

  // Decodes the codes [first, first + count), of one document or several, into their running sums:
  // out[i] = (sum of codes first..first + i) + (i + 1) * step(). `out` has room for count and 16
  // more. False where Decode might be, where sums reach kRiceSumLimit, and for plain lists: then
  // Decode tells, document by document.
  bool DecodeSums(uint64_t first, uint32_t count, uint32_t* out);

  // What a gap is more than its code.
  uint32_t step() const { return step_; }

  // No block of these bytes can hold more codes.
  uint64_t capacity() const { return capacity_; }

  // Bits of both streams that were read since the block was opened, skipped ones included;
  // 0 for plain lists.
  uint64_t bits_read() const { return bits_read_; }

 private:
  bool SetCodec(uint8_t codec_byte);
  bool DecodePlain(uint64_t first, uint32_t count, uint32_t* out) const;
  // Where the unary part of code `first` begins; kNoBit if the codes [first, first + count) are
  // not all there.
  uint64_t Seek(uint64_t first, uint32_t count);
  void Pass(uint64_t first, uint32_t count, uint64_t bit);
  uint64_t unary_bits() const { return 8 * static_cast<uint64_t>(end_ - unary_); }

  const uint8_t* begin_ = nullptr;  // the low stream stays at or above it
  const uint8_t* low_end_ = nullptr;
  const uint8_t* unary_ = nullptr;  // plain: the varints
  const uint8_t* end_ = nullptr;
  uint64_t capacity_ = 0;
  uint64_t next_code_ = 0;  // number of codes before bit next_bit_ of the unary stream
  uint64_t next_bit_ = 0;
  uint64_t bits_read_ = 0;
  uint32_t low_bits_ = 0;
  uint32_t step_ = 0;
  bool plain_ = false;
};

}  // namespace segue

#endif  // SEGUE_FORMAT_POSITION_BLOCK_H_

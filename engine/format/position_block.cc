// SPDX-License-Identifier: Apache-2.0
//
// Split Rice codes. The encoder starts at the k that suits the mean code and
// moves while the size falls: the sum of code >> k halves with each step, so
// the size has one minimum, and at it the unary stream has at most two zeros a
// code on average, however uneven the codes are.

#include "engine/format/position_block.h"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstring>

#include "engine/base/byte_writer.h"
#include "engine/base/check.h"
#include "engine/simd/kernels.h"

namespace segue {
namespace {

struct Rice {
  uint32_t low_bits = 0;
  uint64_t unary_bits = 0;  // length of the unary stream
};

uint64_t UnaryBits(std::span<const uint32_t> codes, uint32_t k) {
  uint64_t bits = codes.size();
  for (const uint32_t code : codes) bits += code >> k;
  return bits;
}

Rice ChooseRice(std::span<const uint32_t> codes) {
  const uint64_t mean = UnaryBits(codes, 0) / codes.size() - 1;
  uint32_t k = mean == 0 ? 0 : static_cast<uint32_t>(std::bit_width(mean)) - 1;
  uint64_t unary = UnaryBits(codes, k);
  bool rising = false;
  // One bit more in k costs a bit a code. Codes are below 2^31: at 30 there is no more to gain.
  for (;;) {
    SEGUE_DCHECK_LE(k, 30);
    const uint64_t next = UnaryBits(codes, k + 1);
    if (next + codes.size() >= unary) break;
    ++k;
    unary = next;
    rising = true;
  }
  while (!rising && k > 0) {
    const uint64_t next = UnaryBits(codes, k - 1);
    if (next >= unary + codes.size()) break;
    --k;
    unary = next;
  }
  return {k, unary};
}

// The low stream: fields fill bytes from the high end, towards lower addresses.
void AppendLowStream(std::span<const uint32_t> codes, uint32_t k, std::string* out) {
  if (k == 0) return;
  out->resize(out->size() + (codes.size() * k + 7) / 8);
  char* next = out->data() + out->size();
  const uint64_t mask = (uint64_t{1} << k) - 1;
  uint64_t pending = 0;  // the last `used` bits are not written yet
  uint32_t used = 0;
  for (const uint32_t code : codes) {
    pending = pending << k | (code & mask);
    used += k;
    if (used < 32) continue;
    used -= 32;
    const auto word = static_cast<uint32_t>(pending >> used);
    next -= sizeof(word);
    std::memcpy(next, &word, sizeof(word));
  }
  for (; used >= 8; used -= 8) *--next = static_cast<char>(pending >> (used - 8));
  if (used != 0) *--next = static_cast<char>(pending << (8 - used));
}

// `bits` is the length of the stream.
void AppendUnaryStream(std::span<const uint32_t> codes, uint32_t k, uint64_t bits,
                       std::string* out) {
  const size_t begin = out->size();
  out->resize(begin + (bits + 7) / 8, '\0');
  char* next = out->data() + begin;
  uint64_t pending = 0;  // the first `used` bits of what comes at `next`
  uint64_t used = 0;
  for (const uint32_t code : codes) {
    used += code >> k;
    for (; used >= 64; used -= 64) {
      std::memcpy(next, &pending, sizeof(pending));
      next += sizeof(pending);
      pending = 0;
    }
    pending |= uint64_t{1} << used++;
  }
  std::memcpy(next, &pending, (used + 7) / 8);
}

}  // namespace

bool PositionBlockEncoder::Add(std::span<const uint64_t> postings) {
  SEGUE_DCHECK(!postings.empty());
  MakeRoom(postings.size());
  const CodedPositions coded = ActiveKernels().code_positions(
      postings.data(), postings.size(), strict_, static_cast<uint32_t>(code_count_),
      room_.data() + code_count_, firsts_.data() + first_count_);
  code_count_ += postings.size();
  first_count_ += coded.documents;
  if (coded.repeats && strict_) AllowRepeats();
  return coded.union_of_positions < kPositionLimit;
}

void PositionBlockEncoder::AllowRepeats() {
  strict_ = false;
  for (size_t i = 0; i < code_count_; ++i) ++room_[i];
  for (size_t i = 0; i < first_count_; ++i) --room_[firsts_[i]];
}

uint8_t PositionBlockEncoder::codec_byte(uint32_t low_bits) const {
  const PositionCodec codec = strict_ ? PositionCodec::kRiceStrict : PositionCodec::kRiceRepeats;
  return static_cast<uint8_t>(low_bits | static_cast<uint32_t>(codec) << 5);
}

size_t PositionBlockEncoder::EncodeLong(std::string* out) {
  const Rice rice = ChooseRice(codes());
  const size_t begin = out->size();
  AppendLowStream(codes(), rice.low_bits, out);
  const size_t boundary = out->size() - begin;
  out->push_back(static_cast<char>(codec_byte(rice.low_bits)));
  AppendUnaryStream(codes(), rice.low_bits, rice.unary_bits, out);
  Clear();
  return boundary;
}

void PositionBlockEncoder::EncodeShort(std::string* out) {
  if (code_count_ <= kMaxPlainPositions) {
    if (strict_) AllowRepeats();
    for (const uint32_t gap : codes()) AppendVarint(gap, out);
    return Clear();
  }
  const Rice rice = ChooseRice(codes());
  out->push_back(static_cast<char>(codec_byte(rice.low_bits)));
  AppendLowStream(codes(), rice.low_bits, out);
  AppendUnaryStream(codes(), rice.low_bits, rice.unary_bits, out);
  Clear();
}

void PositionBlockEncoder::Clear() {
  code_count_ = first_count_ = 0;
  strict_ = true;
}

bool PositionBlock::SetCodec(uint8_t codec_byte) {
  if (codec_byte >> 5 >= kPositionCodecs) return false;
  low_bits_ = codec_byte & 31;
  step_ = static_cast<PositionCodec>(codec_byte >> 5) == PositionCodec::kRiceStrict ? 1 : 0;
  return true;
}

bool PositionBlock::OpenLong(const uint8_t* begin, const uint8_t* boundary, const uint8_t* end) {
  *this = PositionBlock();
  if (boundary < begin || boundary >= end || !SetCodec(*boundary)) return false;
  begin_ = begin;
  low_end_ = boundary;
  unary_ = boundary + 1;
  end_ = end;
  capacity_ = 8 * static_cast<uint64_t>(end_ - unary_);
  return true;
}

bool PositionBlock::OpenShort(const uint8_t* begin, const uint8_t* end, uint64_t code_count) {
  *this = PositionBlock();
  const uint64_t bytes = static_cast<uint64_t>(end - begin);
  if (bytes == 0 || code_count > 8 * bytes) return false;
  begin_ = begin;
  end_ = end;
  plain_ = code_count <= kMaxPlainPositions;
  if (plain_) {
    unary_ = begin;
    capacity_ = code_count;
    return true;
  }
  if (!SetCodec(*begin)) return false;
  const uint64_t low_bytes = (code_count * low_bits_ + 7) / 8;
  if (low_bytes > bytes - 1) return false;
  begin_ = begin + 1;
  low_end_ = begin_ + low_bytes;
  unary_ = low_end_;
  capacity_ = 8 * static_cast<uint64_t>(end_ - unary_);
  return true;
}

bool PositionBlock::DecodePlain(uint64_t first, uint32_t count, uint32_t* out) const {
  const uint8_t* next = unary_;
  uint64_t position = 0;
  for (uint64_t i = 0; i < first + count; ++i) {
    uint64_t gap = 0;
    for (uint32_t shift = 0;; shift += 7) {
      if (next == end_ || shift > 28) return false;
      gap |= uint64_t{*next & 0x7fu} << shift;
      if (*next++ < 0x80) break;
    }
    if (i < first) continue;
    position = i == first ? gap : position + gap;
    out[i - first] = static_cast<uint32_t>(position);
    if (position >= kPositionLimit) return false;
  }
  return true;
}

uint64_t PositionBlock::Seek(uint64_t first, uint32_t count) {
  if (count == 0 || first > capacity_ || count > capacity_ - first) return kNoBit;
  const uint64_t low_bytes = ((first + count) * low_bits_ + 7) / 8;
  if (low_bytes > static_cast<uint64_t>(low_end_ - begin_)) return kNoBit;
  if (first < next_code_) next_code_ = next_bit_ = 0;
  if (first == next_code_) return next_bit_;
  return ActiveKernels().skip_ones(unary_, next_bit_, unary_bits(), first - next_code_);
}

// Code first + count begins at `bit`.
void PositionBlock::Pass(uint64_t first, uint32_t count, uint64_t bit) {
  bits_read_ += (bit - std::min(bit, next_bit_)) + uint64_t{count} * low_bits_;
  next_code_ = first + count;
  next_bit_ = bit;
}

bool PositionBlock::Decode(uint64_t first, uint32_t count, uint32_t* out) {
  if (plain_) {
    if (count == 0 || first > capacity_ || count > capacity_ - first) return false;
    return DecodePlain(first, count, out);
  }
  uint64_t bit = Seek(first, count);
  if (bit == kNoBit) return false;
  bit = ActiveKernels().decode_rice(unary_, bit, unary_bits(), low_end_, first, low_bits_, count,
                                    out);
  if (bit == kNoBit) return false;
  Pass(first, count, bit);

  uint64_t position = out[0];
  for (uint32_t i = 1; i < count; ++i) {
    position += uint64_t{out[i]} + step_;
    out[i] = static_cast<uint32_t>(position);
  }
  return position < kPositionLimit;
}

bool PositionBlock::DecodeSums(uint64_t first, uint32_t count, uint32_t* out) {
  if (plain_) return false;
  uint64_t bit = Seek(first, count);
  if (bit == kNoBit) return false;
  bit = ActiveKernels().sum_rice(unary_, bit, unary_bits(), low_end_, first, low_bits_, step_,
                                 count, out);
  if (bit == kNoBit) return false;
  Pass(first, count, bit);
  return true;
}

}  // namespace segue

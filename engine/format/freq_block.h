// SPDX-License-Identifier: Apache-2.0
//
// The frequencies of one rank block, with random access and prefix sums but
// without decoding.
//
// A frequency is 1 + a field of 0, 1, 2, 4 or 8 bits + what an exception adds.
// Fields are byte-strided: with `stride` bytes in all, element i is in byte
// i % stride at bit width * (i / stride), so that one shift and mask of a
// vector yields consecutive elements. Increments and exceptions belong to
// elements whose field is all ones; they are sorted by element. Most exceed the
// field by one only: those are increments, and take half as much.
//
//   fields      stride = ceil(count * width / 8) bytes
//   increments  one byte each: an element with one more
//   indexes     one byte per exception: the element
//   excesses    one byte per exception: excess - 1, not 0
//   wide        u32 each: the excess less one of exceptions whose byte is 255
//
// Only a block with a wide count above 0 escapes that way; elsewhere 255 is
// simply an excess of 256.

#ifndef SEGUE_FORMAT_FREQ_BLOCK_H_
#define SEGUE_FORMAT_FREQ_BLOCK_H_

#include <bit>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>

#include "engine/base/check.h"
#include "engine/format/postings_format.h"

namespace segue {

// What a block header stores about the codec: 3 bits.
enum class FreqCodec : uint8_t {
  kAllOne = 0,      // no bytes at all
  kExceptions = 1,  // no fields: all one but for increments and exceptions
  kBits1 = 2,
  kBits2 = 3,
  kBits4 = 4,
  kBits8 = 5,
};
inline constexpr uint8_t kFreqCodecs = 6;

// How the frequencies of a block are stored; all of it is in the block header.
struct FreqShape {
  FreqCodec codec = FreqCodec::kAllOne;
  uint8_t increment_count = 0;
  uint8_t exception_count = 0;
  uint8_t wide_count = 0;
};

// Bits of a field, by codec.
inline constexpr uint8_t kFreqBits[8] = {0, 0, 1, 2, 4, 8, 0, 0};

// Bytes that a block of this shape and `count` takes, whether it is valid or not.
inline uint32_t FreqBytes(const FreqShape& shape, uint32_t count) {
  return (count * kFreqBits[static_cast<uint8_t>(shape.codec)] + 7) / 8 + shape.increment_count +
         2u * shape.exception_count + 4u * shape.wide_count;
}

// The first of `count` bytes that is `byte`; `count` or more if there is none. Reads up to 7 bytes
// past them.
inline uint32_t FindByte(const uint8_t* bytes, uint32_t count, uint8_t byte) {
  // Eight at a time; the lowest zero byte of the difference is exact.
  const uint64_t pattern = 0x0101010101010101u * byte;
  for (uint32_t i = 0; i < count; i += 8) {
    uint64_t eight;
    std::memcpy(&eight, bytes + i, sizeof(eight));
    const uint64_t difference = eight ^ pattern;
    const uint64_t zeros = (difference - 0x0101010101010101u) & ~difference & 0x8080808080808080u;
    if (zeros != 0) return i + static_cast<uint32_t>(std::countr_zero(zeros)) / 8;
  }
  return count;
}

// Appends the smallest encoding of `freqs` (each >= 1, at most kBlockPostings).
FreqShape EncodeFreqs(std::span<const uint32_t> freqs, std::string* out);

// A view of one block's frequencies. Cheap to copy; valid while the bytes are.
// Threads may share it. Every call is defined whatever the bytes hold.
class FreqBlock {
 public:
  // Zero documents.
  FreqBlock() = default;

  // `count` documents that hold the term `freq` times each, from no bytes.
  static FreqBlock AllEqual(uint32_t count, uint32_t freq) {
    FreqBlock block;
    block.count_ = count;
    block.base_ = freq;
    return block;
  }

  // Bounds a block: all its bytes must lie in [data, end), with 64 readable
  // bytes after `end`. False for shapes and bytes that no writer makes.
  // REQUIRES: count <= kBlockPostings.
  bool Open(FreqShape shape, uint32_t count, const uint8_t* data, const uint8_t* end);

  uint32_t count() const { return count_; }
  uint32_t byte_size() const {
    return stride_ + increment_count_ + 2u * exception_count_ + 4u * wide_count_;
  }
  bool all_one() const { return stride_ + raised() == 0 && base_ == 1; }

  // Frequency of element `index`, at least 1. REQUIRES: index < count().
  uint32_t At(uint32_t index) const {
    SEGUE_DCHECK_LT(index, count_);
    if (width_ == 0) return raised() == 0 ? base_ : 1 + ExcessAt(index);
    // index / stride: at most 7, and a full block's stride is a power of two.
    const uint32_t row = full_ ? index >> stride_shift_ : index / stride_;
    const uint32_t field = (data_[index - row * stride_] >> (row * width_)) & mask_;
    return field + 1 + (field == mask_ && raised() != 0 ? ExcessAt(index) : 0);
  }

  // Sum of the first `index` frequencies. REQUIRES: index <= count().
  uint64_t SumBefore(uint32_t index) const;

  // All frequencies. `out` has room for kBlockPostings values. False if the
  // exceptions are damaged.
  bool Decode(uint32_t* out) const;

 private:
  bool AddExceptions(uint32_t* freqs) const;
  // What an increment or an exception adds to element `index`, 0 without one.
  uint32_t ExcessAt(uint32_t index) const;
  // Excess of exception number `exception`.
  uint32_t Excess(uint32_t exception) const;
  uint32_t FieldAt(uint32_t index) const;  // REQUIRES: there are fields

  // Elements that exceed the greatest field.
  uint32_t raised() const { return uint32_t{increment_count_} + exception_count_; }
  const uint8_t* increments() const { return data_ + stride_; }
  const uint8_t* indexes() const { return increments() + increment_count_; }
  const uint8_t* excesses() const { return indexes() + exception_count_; }
  const uint8_t* wides() const { return excesses() + exception_count_; }

  const uint8_t* data_ = nullptr;
  uint32_t count_ = 0;
  uint32_t stride_ = 0;
  uint32_t base_ = 1;  // frequency without fields and exceptions
  uint8_t width_ = 0;
  uint8_t mask_ = 0;
  uint8_t stride_shift_ = 0;
  uint8_t increment_count_ = 0;
  uint8_t exception_count_ = 0;
  uint8_t wide_count_ = 0;
  bool full_ = false;  // kBlockPostings elements: the kernels' layout
};

}  // namespace segue

#endif  // SEGUE_FORMAT_FREQ_BLOCK_H_

// SPDX-License-Identifier: Apache-2.0
//
// The frequencies of one rank block, with random access and prefix sums but
// without decoding.
//
// A frequency is 1 + a field of 0, 1, 2, 4 or 8 bits + what an exception adds.
// Fields are byte-strided: with `stride` bytes in all, element i is in byte
// i % stride at bit width * (i / stride), so that one shift and mask of a
// vector yields consecutive elements. Exceptions are sorted by index; an
// excess above 255 escapes to a 32-bit value.
//
//   exception_count index bytes, one excess byte each (excess - 1, 255 = the
//   next wide value), the wide values (u32), all after the fields.

#ifndef SEGUE_FORMAT_FREQ_BLOCK_H_
#define SEGUE_FORMAT_FREQ_BLOCK_H_

#include <cstdint>
#include <span>
#include <string>

#include "engine/format/postings_format.h"

namespace segue {

// What a block header stores about the codec: 3 bits.
enum class FreqCodec : uint8_t {
  kAllOne = 0,      // no bytes at all
  kExceptions = 1,  // all one but for the exceptions
  kBits1 = 2,
  kBits2 = 3,
  kBits4 = 4,
  kBits8 = 5,
};

// A view of one block's frequencies. Cheap to copy; valid while the bytes are.
// Every call is defined whatever the bytes hold: Open() bounds them all.
class FreqBlock {
 public:
  // A block whose documents all hold the term once.
  FreqBlock() = default;

  // Bounds the block: fields and exceptions must lie within [data, end), with
  // 64 readable bytes after `end`. False on bytes that no writer makes. On
  // success *used is the number of bytes taken.
  bool Open(FreqCodec codec, uint32_t exception_count, uint32_t count, const uint8_t* data,
            const uint8_t* end, uint32_t* used);

  uint32_t count() const { return count_; }
  bool all_one() const { return width_ == 0 && exception_count_ == 0; }

  // Frequency of element `index`, at least 1. REQUIRES: index < count().
  uint32_t At(uint32_t index) const {
    uint32_t row = 0;
    uint32_t column = index;
    if (stride_ == (uint32_t{width_} << 4)) {  // a full block: powers of two
      column = index & (stride_ - 1);
      row = width_ == 0 ? 0 : index >> stride_shift_;
    } else if (width_ != 0) {
      row = index / stride_;
      column = index % stride_;
    }
    if (width_ == 0) return exception_count_ == 0 ? 1 : 1 + ExcessAt(index);
    const uint32_t field = (data_[column] >> (row * width_)) & mask_;
    if (field != mask_ || exception_count_ == 0) return field + 1;
    return field + 1 + ExcessAt(index);
  }

  // Sum of the first `index` frequencies. REQUIRES: index <= count().
  uint64_t SumBefore(uint32_t index) const;

  // All frequencies. `out` has room for kBlockPostings values.
  void Decode(uint32_t* out) const;

 private:
  uint32_t ExcessAt(uint32_t index) const;

  const uint8_t* data_ = nullptr;        // fields
  const uint8_t* exceptions_ = nullptr;  // indexes, excesses, wide values
  uint32_t count_ = 0;
  uint32_t stride_ = 0;
  uint8_t width_ = 0;
  uint8_t mask_ = 0;
  uint8_t stride_shift_ = 0;
  uint8_t exception_count_ = 0;
  uint8_t wide_count_ = 0;

 public:
  // For lists without frequencies: `count` documents, each once.
  static FreqBlock AllOne(uint32_t count) {
    FreqBlock block;
    block.count_ = count;
    return block;
  }
};

// Appends the smallest encoding of `freqs` (each >= 1; at most kBlockPostings)
// and says how it is to be opened.
struct FreqEncoding {
  FreqCodec codec = FreqCodec::kAllOne;
  uint8_t exception_count = 0;
};
FreqEncoding EncodeFreqs(std::span<const uint32_t> freqs, std::string* out);

}  // namespace segue

#endif  // SEGUE_FORMAT_FREQ_BLOCK_H_

// SPDX-License-Identifier: Apache-2.0
//
// Most frequencies are 1 to 4, so most blocks take one or two bits an element,
// some increments and a few exceptions. The encoder tries every width and keeps
// the smallest; increments and exceptions therefore stay few (8 or 16 bits are
// worth it only while they save widening all 128), and looking through them is
// cheap.

#include "engine/format/freq_block.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "engine/base/byte_writer.h"
#include "engine/simd/kernels.h"

namespace segue {
namespace {

constexpr uint8_t kEscape = 255;
// What kernels for exceptions take for increments.
constexpr uint8_t kNoExcess[kBlockPostings + 64] = {};

uint32_t StrideOf(uint32_t count, uint32_t width) { return (count * width + 7) / 8; }

// How many frequencies pass each width's greatest, 2^width, and by how much.
struct Excesses {
  uint32_t increments[kFreqCodecs] = {};
  uint32_t exceptions[kFreqCodecs] = {};
  uint32_t wides[kFreqCodecs] = {};
  uint32_t greatest = 0;
};

Excesses CountExcesses(std::span<const uint32_t> freqs) {
  Excesses excesses;
  for (const uint32_t freq : freqs) excesses.greatest = std::max(excesses.greatest, freq);
  if (excesses.greatest <= 1) return excesses;  // as of most terms
  uint32_t above[kFreqCodecs] = {}, just_above[kFreqCodecs] = {};
  for (const uint32_t freq : freqs) {
    for (uint32_t codec = 1; codec < kFreqCodecs; ++codec) {
      above[codec] += freq > (1u << kFreqBits[codec]) + 1;
      just_above[codec] += freq == (1u << kFreqBits[codec]) + 1;
    }
  }
  std::copy(above, above + kFreqCodecs, excesses.exceptions);
  std::copy(just_above, just_above + kFreqCodecs, excesses.increments);
  if (excesses.greatest <= kEscape) return excesses;
  for (uint32_t codec = 1; codec < kFreqCodecs; ++codec) {
    // A block with an excess above 256 escapes, and then those of 256 do too.
    const uint32_t last = 1u << kFreqBits[codec];
    if (excesses.greatest <= last + kEscape + 1) continue;
    for (const uint32_t freq : freqs) excesses.wides[codec] += freq > last + kEscape;
  }
  return excesses;
}

void AppendFields(std::span<const uint32_t> freqs, uint32_t width, std::string* out) {
  const size_t begin = out->size();
  const uint32_t stride = StrideOf(static_cast<uint32_t>(freqs.size()), width);
  const uint32_t mask = (1u << width) - 1;
  out->resize(begin + stride, '\0');
  char* const fields = out->data() + begin;
  uint32_t i = 0;
  for (uint32_t shift = 0; i < freqs.size() && width != 0; shift += width) {
    for (uint32_t column = 0; column < stride && i < freqs.size(); ++column, ++i) {
      const uint32_t field = std::min(freqs[i] - 1, mask);
      fields[column] = static_cast<char>(static_cast<uint8_t>(fields[column]) | field << shift);
    }
  }
}

// And increments.
void AppendExceptions(std::span<const uint32_t> freqs, uint32_t width, uint32_t wide_count,
                      std::string* out) {
  const uint32_t greatest = 1u << width;
  for (uint32_t i = 0; i < freqs.size(); ++i) {
    if (freqs[i] == greatest + 1) out->push_back(static_cast<char>(i));
  }
  std::string excesses, wides;
  for (uint32_t i = 0; i < freqs.size(); ++i) {
    if (freqs[i] <= greatest + 1) continue;
    out->push_back(static_cast<char>(i));
    const uint32_t less_one = freqs[i] - greatest - 1;
    const bool wide = wide_count != 0 && less_one >= kEscape;
    excesses.push_back(static_cast<char>(wide ? kEscape : less_one));
    if (wide) AppendLittleEndian(less_one, 4, &wides);
  }
  out->append(excesses).append(wides);
}

}  // namespace

FreqShape EncodeFreqs(std::span<const uint32_t> freqs, std::string* out) {
  SEGUE_DCHECK_LE(freqs.size(), kBlockPostings);
  const Excesses excesses = CountExcesses(freqs);
  if (excesses.greatest <= 1) return FreqShape();
  FreqShape best;
  uint32_t best_bytes = UINT32_MAX;
  for (uint8_t codec = 1; codec < kFreqCodecs; ++codec) {
    const FreqShape shape = {static_cast<FreqCodec>(codec),
                             static_cast<uint8_t>(excesses.increments[codec]),
                             static_cast<uint8_t>(excesses.exceptions[codec]),
                             static_cast<uint8_t>(excesses.wides[codec])};
    const uint32_t bytes = FreqBytes(shape, static_cast<uint32_t>(freqs.size()));
    if (bytes >= best_bytes) continue;
    best = shape;
    best_bytes = bytes;
  }
  const uint32_t width = kFreqBits[static_cast<uint8_t>(best.codec)];
  AppendFields(freqs, width, out);
  if (best.increment_count + best.exception_count != 0)
    AppendExceptions(freqs, width, best.wide_count, out);
  return best;
}

bool FreqBlock::Open(FreqShape shape, uint32_t count, const uint8_t* data, const uint8_t* end) {
  SEGUE_DCHECK_LE(count, kBlockPostings);
  const uint8_t codec = static_cast<uint8_t>(shape.codec);
  const uint32_t raised = uint32_t{shape.increment_count} + shape.exception_count;
  if (codec >= kFreqCodecs || raised > count || shape.wide_count > shape.exception_count ||
      (shape.codec == FreqCodec::kAllOne && raised != 0) ||
      FreqBytes(shape, count) > static_cast<size_t>(end - data)) {
    *this = AllEqual(count, 1);
    return false;
  }
  // Member by member: copying a block just made would wait for these stores.
  data_ = data;
  count_ = count;
  base_ = 1;
  width_ = kFreqBits[codec];
  stride_ = StrideOf(count, width_);
  mask_ = static_cast<uint8_t>((1u << width_) - 1);
  stride_shift_ = static_cast<uint8_t>(width_ == 0 ? 0 : 4 + std::countr_zero(width_));
  increment_count_ = shape.increment_count;
  exception_count_ = shape.exception_count;
  wide_count_ = shape.wide_count;
  full_ = count == kBlockPostings;
  if (wide_count_ != 0) {
    // The bytes that escape are as many as there are wide values.
    const auto escapes = std::count(excesses(), excesses() + exception_count_, kEscape);
    if (escapes != wide_count_) {
      *this = AllEqual(count, 1);
      return false;
    }
  }
  return true;
}

uint32_t FreqBlock::Excess(uint32_t exception) const {
  const uint8_t byte = excesses()[exception];
  if (wide_count_ == 0 || byte != kEscape) return byte + 1u;
  // Open() has counted the escapes, so the number of those before is in range.
  const auto before = std::count(excesses(), excesses() + exception, kEscape);
  uint32_t less_one;
  std::memcpy(&less_one, wides() + 4 * before, sizeof(less_one));
  // Frequencies have 32 bits; the field, all ones, and the one are part of them.
  return std::min(less_one, UINT32_MAX - mask_ - 2) + 1;
}

uint32_t FreqBlock::ExcessAt(uint32_t index) const {
  // Both lie side by side.
  const uint32_t found = FindByte(increments(), raised(), static_cast<uint8_t>(index));
  if (found < increment_count_) return 1;
  return found < raised() ? Excess(found - increment_count_) : 0;
}

uint32_t FreqBlock::FieldAt(uint32_t index) const {
  SEGUE_DCHECK_NE(width_, 0);
  const uint32_t row = index / stride_;
  return (data_[index - row * stride_] >> (row * width_)) & mask_;
}

uint64_t FreqBlock::SumBefore(uint32_t index) const {
  SEGUE_DCHECK_LE(index, count_);
  uint64_t sum = uint64_t{index} * base_;
  if (width_ != 0) {
    if (full_) {
      sum += ActiveKernels().sum_fields(data_, width_, index);
    } else {
      for (uint32_t i = 0; i < index; ++i) sum += FieldAt(i);
    }
  }
  if (increment_count_ != 0) {
    sum += ActiveKernels().sum_excesses(increments(), kNoExcess, increment_count_, index);
  }
  if (exception_count_ != 0) {
    if (wide_count_ == 0) {
      sum += ActiveKernels().sum_excesses(indexes(), excesses(), exception_count_, index);
    } else {
      for (uint32_t i = 0; i < exception_count_; ++i) sum += indexes()[i] < index ? Excess(i) : 0;
    }
  }
  return sum;
}

bool FreqBlock::Decode(uint32_t* out) const {
  if (width_ == 0) {
    std::fill(out, out + count_, base_);
  } else if (full_) {
    ActiveKernels().unpack_fields(data_, width_, out);
  } else {
    for (uint32_t i = 0; i < count_; ++i) out[i] = FieldAt(i) + 1;
  }
  // At() looks for an increment only where the field is all ones, so the kernel
  // insists on that too.
  if (increment_count_ != 0 &&
      (increments()[increment_count_ - 1] >= count_ ||
       !ActiveKernels().patch_freqs(increments(), kNoExcess, increment_count_, mask_ + 1u, out))) {
    return false;
  }
  return exception_count_ == 0 || AddExceptions(out);
}

bool FreqBlock::AddExceptions(uint32_t* freqs) const {
  // An element with an increment is no longer the greatest field: nothing is both.
  const uint32_t greatest = mask_ + 1u;
  if (indexes()[exception_count_ - 1] >= count_ ||
      !ActiveKernels().patch_freqs(indexes(), excesses(), exception_count_, greatest, freqs)) {
    return false;
  }
  for (uint32_t i = 0; wide_count_ != 0 && i < exception_count_; ++i) {
    freqs[indexes()[i]] = greatest + Excess(i);
  }
  return true;
}

}  // namespace segue

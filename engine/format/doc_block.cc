// SPDX-License-Identifier: Apache-2.0
//
// PFOR: the encoder tries every width and takes the one whose fields and
// exceptions together are smallest. The decoder unpacks the low bits, adds the
// few high parts in place, and sums.
//
// Overflow: while code_bits + exception_bits <= 24, 128 codes and the ones
// between them sum to at most 2^31 + 128, so from a first document below 2^31
// a 32-bit sum cannot wrap, documents ascend by construction and one look at
// the last tells whether all are in range. Wider blocks, which real lists hardly
// ever have, are summed in 64 bits.

#include "engine/format/doc_block.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "engine/base/check.h"
#include "engine/base/load.h"
#include "engine/format/bit_appender.h"
#include "engine/simd/kernels.h"

namespace segue {
namespace {

constexpr uint32_t kIndexBits = 7;
constexpr uint32_t kNoWrapBits = 24;

uint32_t ExceptionBytes(uint32_t count, uint32_t high_bits) {
  return (count * (kIndexBits + high_bits) + 7) / 8;
}

uint32_t FieldBytes(DocCodec codec, uint32_t count, uint32_t bits) {
  return codec == DocCodec::kLanes ? 16 * bits : ((count - 1) * bits + 7) / 8;
}

// Significant bits of a code, which is below 2^31, without a branch on whether it is 0.
uint32_t WidthOf(uint32_t code) { return static_cast<uint32_t>(std::bit_width(code << 1 | 1)) - 1; }

uint32_t VarintBytes(uint32_t value) { return (WidthOf(value | 1) + 6) / 7; }

// The PFOR shape with the fewest bytes.
DocShape ChooseShape(DocCodec codec, std::span<const uint32_t> codes, uint32_t* bytes) {
  uint32_t with_width[33] = {};  // codes by significant bits
  for (const uint32_t code : codes) ++with_width[WidthOf(code)];
  uint32_t widest = 31;
  while (widest > 0 && with_width[widest] == 0) --widest;
  DocShape best;
  uint32_t best_bytes = UINT32_MAX;
  uint32_t exceptions = 0;  // codes wider than `bits`
  for (uint32_t bits = widest;; --bits) {
    if (exceptions > kMaxDocExceptions) break;
    const uint32_t high_bits = widest - bits;
    const uint32_t size = FieldBytes(codec, static_cast<uint32_t>(codes.size()), bits) +
                          ExceptionBytes(exceptions, high_bits);
    if (size < best_bytes) {
      best_bytes = size;
      best = {codec, static_cast<uint8_t>(bits), static_cast<uint8_t>(high_bits),
              static_cast<uint8_t>(exceptions)};
    }
    exceptions += with_width[bits];
    if (bits == 0) break;
  }
  *bytes = best_bytes;
  return best;
}

// Lane layout: see simd/kernels.h.
void AppendLanes(std::span<const uint32_t> codes, uint32_t bits, std::string* out) {
  const size_t begin = out->size();
  out->resize(begin + 16 * bits, '\0');
  const uint32_t mask = (1u << bits) - 1;
  for (uint32_t lane = 0; lane < 8; ++lane) {
    uint64_t pending = 0;
    uint32_t used = 0, unit = 0;
    for (uint32_t k = 0; k < 16; ++k) {
      pending |= uint64_t{codes[16 * lane + k] & mask} << used;
      used += bits;
      if (used >= 32) {
        const uint32_t word = static_cast<uint32_t>(pending);
        std::memcpy(out->data() + begin + 32 * unit + 4 * lane, &word, 4);
        pending >>= 32;
        used -= 32;
        ++unit;
      }
    }
    const uint16_t half = static_cast<uint16_t>(pending);
    if (bits % 2 != 0) std::memcpy(out->data() + begin + 32 * unit + 2 * lane, &half, 2);
  }
}

void AppendPfor(const DocShape& shape, std::span<const uint32_t> codes, std::string* out) {
  const uint32_t bits = shape.code_bits;
  const uint32_t mask = (1u << bits) - 1;
  if (shape.codec == DocCodec::kLanes) {
    AppendLanes(codes, bits, out);
  } else {
    BitAppender fields(out);
    for (uint32_t i = 1; i < codes.size(); ++i) fields.Put(codes[i] & mask, bits);
    fields.Flush();
  }
  if (shape.exception_count == 0) return;
  BitAppender exceptions(out);
  for (uint32_t i = 0; i < codes.size(); ++i) {
    const uint64_t high = codes[i] >> bits;
    if (high != 0) exceptions.Put(i | high << kIndexBits, kIndexBits + shape.exception_bits);
  }
  exceptions.Flush();
}

// Adds the high parts to the codes of a packed block.
bool AddExceptions(const DocShape& shape, uint32_t count, const uint8_t* stream, uint32_t* codes) {
  const uint32_t step = kIndexBits + shape.exception_bits;
  const uint64_t high_mask = (uint64_t{1} << shape.exception_bits) - 1;
  uint32_t bit = 0;
  uint32_t least = 1;  // exceptions ascend, and element 0 has none
  for (uint32_t i = 0; i < shape.exception_count; ++i, bit += step) {
    const uint64_t word = LoadU64(stream + bit / 8) >> (bit % 8);
    const uint32_t index = static_cast<uint32_t>(word) & (kBlockPostings - 1);
    if (index < least || index >= count) return false;
    least = index + 1;
    codes[index] += static_cast<uint32_t>((word >> kIndexBits) & high_mask) << shape.code_bits;
  }
  return true;
}

// Documents from codes 1 to count - 1, in 64 bits.
bool SumWide(const uint32_t* codes, uint32_t count, DocId first, DocId limit, DocId* out) {
  uint64_t doc = first;
  out[0] = first;
  for (uint32_t i = 1; i < count; ++i) {
    doc += uint64_t{codes[i]} + 1;
    out[i] = static_cast<DocId>(doc);
  }
  return doc < limit;
}

bool DecodeLanes(const DocShape& shape, DocId first, DocId limit, const uint8_t* data, DocId* out) {
  const Kernels& kernels = ActiveKernels();
  alignas(64) uint32_t lanes[kBlockPostings];
  kernels.unpack_lanes(data, shape.code_bits, lanes);
  if (shape.exception_count != 0 &&
      !kernels.patch_lanes(data + 16 * shape.code_bits, shape.exception_count, shape.exception_bits,
                           shape.code_bits, lanes)) {
    return false;
  }
  if (lanes[0] != 0) return false;
  if (shape.code_bits + shape.exception_bits <= kNoWrapBits) [[likely]] {
    kernels.lanes_to_docs(lanes, first, out);
    return out[kBlockPostings - 1] < limit;
  }
  uint32_t codes[kBlockPostings];
  for (uint32_t i = 0; i < kBlockPostings; ++i) codes[i] = lanes[8 * (i & 15) + (i >> 4)];
  return SumWide(codes, kBlockPostings, first, limit, out);
}

bool DecodePacked(const DocShape& shape, uint32_t count, DocId first, DocId limit,
                  const uint8_t* data, DocId* out) {
  uint32_t codes[kBlockPostings];
  codes[0] = 0;
  const uint32_t mask = (1u << shape.code_bits) - 1;
  uint32_t bit = 0;
  for (uint32_t i = 1; i < count; ++i, bit += shape.code_bits) {
    codes[i] = static_cast<uint32_t>(LoadU64(data + bit / 8) >> (bit % 8)) & mask;
  }
  const uint8_t* exceptions = data + FieldBytes(shape.codec, count, shape.code_bits);
  if (!AddExceptions(shape, count, exceptions, codes)) return false;
  return SumWide(codes, count, first, limit, out);
}

bool DecodeVarints(uint32_t count, DocId first, DocId limit, const uint8_t* data,
                   const uint8_t* end, DocId* out) {
  uint64_t doc = first;
  out[0] = first;
  for (uint32_t i = 1; i < count; ++i) {
    uint64_t code = 0;
    uint32_t shift = 0;
    for (;; shift += 7) {
      if (data == end || shift > 28) return false;
      code |= uint64_t{*data & 0x7fu} << shift;
      if (*data++ < 0x80) break;
    }
    doc += code + 1;
    out[i] = static_cast<DocId>(doc);
  }
  return doc < limit && data == end;
}

}  // namespace

DocShape EncodeDocs(std::span<const DocId> docs, std::string* out) {
  SEGUE_DCHECK(!docs.empty() && docs.size() <= kBlockPostings);
  uint32_t codes[kBlockPostings];
  const uint32_t count = static_cast<uint32_t>(docs.size());
  codes[0] = 0;
  for (uint32_t i = 1; i < count; ++i) {
    SEGUE_DCHECK_LT(docs[i - 1], docs[i]);
    codes[i] = docs[i] - docs[i - 1] - 1;
  }
  const DocCodec codec = count == kBlockPostings ? DocCodec::kLanes : DocCodec::kPacked;
  uint32_t pfor_bytes = 0;
  const DocShape pfor = ChooseShape(codec, {codes, count}, &pfor_bytes);
  // The header of a PFOR block is two bytes longer. Full blocks are decoded
  // often: they keep the vector layout at any size.
  uint32_t varint_bytes = 0;
  for (uint32_t i = 1; codec != DocCodec::kLanes && i < count; ++i) {
    varint_bytes += VarintBytes(codes[i]);
  }
  if (codec == DocCodec::kLanes || pfor_bytes + 2 < varint_bytes) {
    AppendPfor(pfor, {codes, count}, out);
    return pfor;
  }
  for (uint32_t i = 1; i < count; ++i) {
    uint32_t code = codes[i];
    for (; code >= 0x80; code >>= 7) out->push_back(static_cast<char>(code | 0x80));
    out->push_back(static_cast<char>(code));
  }
  return {};
}

bool DecodeDocBlock(const DocShape& shape, uint32_t count, DocId first, DocId limit,
                    const uint8_t* data, const uint8_t* end, DocId* out) {
  if (first >= limit) return false;
  if (shape.codec == DocCodec::kVarint) return DecodeVarints(count, first, limit, data, end, out);
  if (shape.codec == DocCodec::kLanes && count != kBlockPostings) return false;
  const uint32_t bytes = FieldBytes(shape.codec, count, shape.code_bits) +
                         ExceptionBytes(shape.exception_count, shape.exception_bits);
  if (static_cast<size_t>(end - data) != bytes || shape.code_bits + shape.exception_bits > 31) {
    return false;
  }
  return shape.codec == DocCodec::kLanes ? DecodeLanes(shape, first, limit, data, out)
                                         : DecodePacked(shape, count, first, limit, data, out);
}

}  // namespace segue

// SPDX-License-Identifier: Apache-2.0
//
// The documents of one rank block, relative to the first one, which is kept in
// the skip data: so a block's bytes do not depend on where it stands, and a
// merge may copy them.
//
// Code i is document[i] - document[i - 1] - 1; code 0 is 0. Codecs:
//
//   kLanes    128 documents. PFOR: the low `code_bits` of every code in the
//             lane layout of simd/kernels.h, 16 * code_bits bytes, then the
//             exceptions.
//   kPacked   any number: the low code_bits of codes 1 to count - 1, one bit
//             stream, then the exceptions.
//   kVarint   any number: codes 1 to count - 1, seven bits a byte.
//   kBitmap   no bytes: the documents are in the list's bitmap.
//
// The exceptions are one bit stream: for each, ascending, 7 bits of element
// number and `exception_bits` bits that go above the low ones. Bit streams take
// bits of each byte from the least significant on, and end with zeros.

#ifndef SEGUE_FORMAT_DOC_BLOCK_H_
#define SEGUE_FORMAT_DOC_BLOCK_H_

#include <cstdint>
#include <span>
#include <string>

#include "engine/base/types.h"
#include "engine/format/postings_format.h"

namespace segue {

// What a block header stores about the codec: 3 bits.
enum class DocCodec : uint8_t { kLanes = 0, kPacked = 1, kVarint = 2, kBitmap = 3 };
inline constexpr uint8_t kDocCodecs = 4;

// How the documents of a block are stored; all of it is in the block header.
struct DocShape {
  DocCodec codec = DocCodec::kVarint;
  uint8_t code_bits = 0;        // PFOR codecs only, as the next two; <= 31
  uint8_t exception_bits = 0;   // <= 31 - code_bits
  uint8_t exception_count = 0;  // <= kMaxDocExceptions
};
inline constexpr uint32_t kMaxDocExceptions = 63;

// Appends the smallest encoding of `docs` (strictly ascending, 1 to
// kBlockPostings of them).
DocShape EncodeDocs(std::span<const DocId> docs, std::string* out);

// Decodes `count` documents from [data, end) (64 readable bytes after it) into
// `out`, which has room for kBlockPostings. The first one is `first`. False,
// with unspecified output, unless they ascend strictly, stay below `limit` and
// take exactly these bytes. `limit` <= 2^31. REQUIRES: codec is not kBitmap,
// 1 <= count <= kBlockPostings.
bool DecodeDocBlock(const DocShape& shape, uint32_t count, DocId first, DocId limit,
                    const uint8_t* data, const uint8_t* end, DocId* out);

}  // namespace segue

#endif  // SEGUE_FORMAT_DOC_BLOCK_H_

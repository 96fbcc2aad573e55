// SPDX-License-Identifier: Apache-2.0
//
// Constants of the .post, .pos and .bound files. The byte grammar is written
// down, with worked examples, in docs/format.md; the codecs of a block are in
// doc_block.h, freq_block.h and position_block.h.

#ifndef SEGUE_FORMAT_POSTINGS_FORMAT_H_
#define SEGUE_FORMAT_POSTINGS_FORMAT_H_

#include <cstdint>

namespace segue {

// Postings of one rank block. 256 makes lists 3-6 % larger and a probe decode
// twice as much; 64 doubles the skip data.
inline constexpr uint32_t kBlockPostings = 128;
// Room for those of a block, and for what kernels write behind the last one.
inline constexpr uint32_t kBlockRoom = kBlockPostings + 16;

// A list is dense, that is stored as a bitmap, when it holds at least one
// document in 2^kDenseShift. Bitmaps save no space there (at 1/16 they cost
// about 2 % more than PFOR blocks); they are for speed: a bit test or a word
// AND replaces decoding. 1/16 is where the bitmap costs about as many bytes as
// the blocks it replaces.
//
// The choice is made for a whole list, not block by block: a query then picks
// its kernel once per list, word operations run over the whole document range,
// and rank -> document arithmetic needs one table. A list whose density varies
// along the document numbers loses a little by it.
inline constexpr uint32_t kDenseShift = 4;

// Bitmaps are padded to this many documents, one rank count each; 64 bytes.
inline constexpr uint32_t kRankWindowDocs = 512;
inline constexpr uint32_t kBitmapAlignment = 64;

// Lists of at most one block have no skip arrays.
inline constexpr bool HasSkipArrays(uint32_t doc_freq) { return doc_freq > kBlockPostings; }

inline constexpr bool IsDenseList(uint32_t doc_freq, uint32_t doc_count) {
  return HasSkipArrays(doc_freq) && doc_freq >= (doc_count >> kDenseShift);
}

// What the kind of a list with skip data says.
inline constexpr uint8_t kDenseList = 1 << 0;
inline constexpr uint8_t kWidePositionTable = 1 << 1;

// Where the blocks of a list lie: a base for so many of them, and a short step from it for each.
inline constexpr uint32_t kBlocksPerBase = 32;

// Bounds: from these document frequencies on there is a frontier for the list,
// and a window map.
inline constexpr uint32_t kBoundMinDocFreq = 128;
inline constexpr uint32_t kWindowMinDocFreq = 2048;
// Lists with windows of at most 2^this documents, which hold one document in 16, have frontiers per
// superblock, too. Only queries that the map cannot serve (WindowBoundsUsable) look at them, and
// for rarer terms they would take more bytes than the map.
inline constexpr uint32_t kMaxFrontierShift = 7;
inline constexpr uint32_t kSuperblockShift = 12;  // 4096 documents
inline constexpr uint32_t kSuperblockDocs = 1u << kSuperblockShift;
inline constexpr uint32_t kMinWindowShift = 5;
inline constexpr uint32_t kMaxWindowShift = 12;
inline constexpr uint32_t kPostingsPerWindow = 8;
inline constexpr uint32_t kWindowPadding = 32;  // bytes; maps end on a multiple

// Zeros that lead from `offset` to a multiple of `alignment`. REQUIRES: alignment > 0.
inline constexpr uint64_t PaddingBytes(uint64_t offset, uint32_t alignment) {
  return (alignment - offset % alignment) % alignment;
}

// A frontier has one pair per norm byte at most. Superblock frontiers are cut
// to the smaller limit by merging neighbours upwards, which keeps them valid.
inline constexpr uint32_t kMaxFrontier = 256;
inline constexpr uint32_t kMaxSuperblockFrontier = 8;

}  // namespace segue

#endif  // SEGUE_FORMAT_POSTINGS_FORMAT_H_

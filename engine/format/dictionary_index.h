// SPDX-License-Identifier: Apache-2.0
//
// The block index of a term dictionary: which block a term must be in.
//
// Neighbouring blocks are parted by a separator: the shortest string above the last term of the one
// and not above the first term of the other. All terms of the field share a common prefix, which is
// kept once; separators are kept without it, as the first 8 bytes in an integer (big-endian value,
// zeros behind). That decides nearly every comparison. It cannot where a separator is longer than 8
// bytes or ends with a zero byte: those irregular separators are kept whole beside it.
//
// Grammar (little endian):
//
//   index = u32 irregular_count, u32 common_bytes, u64 tail_bytes, u8 offset_width, u8 end_width,
//           6 zero bytes,
//           u64 prefix of each block's separator (the first block's is empty),
//           block_count + 1 offsets of offset_width bytes: where each block starts, and the end,
//           u32 block of each irregular separator, ascending,
//           their ends in the tails, end_width bytes each,
//           tails: the irregular separators,
//           the common prefix
//
// Search: a tree with 16 keys a node over the prefixes; its inner levels (1/15 of the prefixes) are
// made in memory when the dictionary is opened.
#ifndef SEGUE_FORMAT_DICTIONARY_INDEX_H_
#define SEGUE_FORMAT_DICTIONARY_INDEX_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "engine/format/dictionary_format.h"
#include "engine/io/section.h"

namespace segue {

// Collects the index while blocks are written.
class DictionaryIndexBuilder {
 public:
  // The block that starts at `offset` (from the field's first block) and is parted by `separator`
  // from the one before; the first block's separator is ignored.
  void AddBlock(uint64_t offset, std::string_view separator);

  // `blocks_bytes`: where the last block ends. Leaves the builder empty.
  std::string Finish(std::string_view first_term, std::string_view last_term,
                     uint64_t blocks_bytes);

 private:
  std::vector<uint64_t> offsets_;
  std::vector<uint64_t> separator_ends_;
  std::string separators_;
};

class DictionaryIndex {
 public:
  DictionaryIndex() = default;
  DictionaryIndex(DictionaryIndex&&) = default;
  DictionaryIndex& operator=(DictionaryIndex&&) = default;

  // Reads and checks the whole index of the field.
  absl::Status Open(const Section& terms, const DictionaryFieldMeta& meta);

  uint64_t block_count() const { return block_count_; }

  // The only block that can hold the term. REQUIRES: block_count() > 0.
  uint64_t FindBlock(std::string_view term) const { return FindBlock(term, 0); }
  // The same of a term that is above the first of block `from`; quick if it is near.
  uint64_t FindBlock(std::string_view term, uint64_t from) const;

  // Whether all terms of a block, and behind it, are above all that begin with `prefix`, as far as
  // 8 bytes tell. REQUIRES: block < block_count().
  bool IsBehind(uint64_t block, std::string_view prefix) const;

  // Where a block lies, from the field's first block. REQUIRES: block < block_count().
  uint64_t BlockOffset(uint64_t block) const { return Offset(block); }
  uint64_t BlockBytes(uint64_t block) const { return Offset(block + 1) - Offset(block); }

 private:
  absl::Status OpenParts(const Section& terms, const DictionaryFieldMeta& meta);
  absl::Status CheckOrder(const Section& terms, const DictionaryFieldMeta& meta) const;
  void BuildLevels();
  uint64_t Prefix(uint64_t block) const;
  uint64_t Offset(uint64_t block) const;
  uint32_t IrregularBlock(uint64_t i) const;
  std::string_view IrregularSeparator(uint64_t i) const;
  uint64_t LeafOf(uint64_t prefix, uint64_t from) const;
  void PrefetchLeaf(uint64_t leaf) const;
  uint64_t LastNotAbove(uint64_t prefix, uint64_t from) const;

  PinnedBytes bytes_;
  uint64_t block_count_ = 0;
  const uint8_t* prefixes_ = nullptr;
  const uint8_t* offsets_ = nullptr;
  uint64_t offset_mask_ = 0;
  uint32_t offset_width_ = 0;
  uint32_t irregular_count_ = 0;
  const uint8_t* irregular_blocks_ = nullptr;
  const uint8_t* irregular_ends_ = nullptr;
  uint64_t end_mask_ = 0;
  uint32_t end_width_ = 0;
  std::string_view tails_;
  std::string_view common_;
  // Every 16th prefix, every 16th of those, …: the last level has at most 16 keys. Each is padded
  // with the greatest value to a multiple of 16.
  std::vector<std::vector<uint64_t>> levels_;
};

}  // namespace segue

#endif  // SEGUE_FORMAT_DICTIONARY_INDEX_H_

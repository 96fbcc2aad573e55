// SPDX-License-Identifier: Apache-2.0
//
// One block of a column: the values of kColumnBlockDocs documents (fewer in the last block),
// encoder and decoder side by side.
//
// Grammar (little endian; bit fields lowest bit first, padded to whole bytes):
//
//   block  = nothing, if no document of the block has a value; else
//            u8 flags, u8 value_width, u8 start_width, presence, starts, values
//   flags    bit 0: every document has a value; bit 1: a document may have several
//   presence = nothing with bit 0; else for each 64 documents a u64 (bit d: document d has a
//              value), then for each 64 documents a u16: documents with a value before them
//   starts   = only with bit 1: for each document with a value, and once more at the end, a bit
//              field of start_width: which value is its first
//   values   = value - min of the block, value_width bits each (0 to 64)
//
// The directory that follows a column's blocks has one record for each block:
//
//   record = i64 min, i64 max, u64 end of the block's bytes (from the column's first block),
//            u32 docs_with_value, u32 value_count
#ifndef SEGUE_FORMAT_COLUMN_BLOCK_H_
#define SEGUE_FORMAT_COLUMN_BLOCK_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/base/byte_reader.h"
#include "engine/base/byte_writer.h"
#include "engine/base/types.h"
#include "engine/format/column_format.h"
#include "engine/format/value_ranges.h"

namespace segue {

// What is known about a block without touching its values.
struct ColumnBlockRecord {
  int64_t min = 0;  // both 0 if value_count == 0
  int64_t max = 0;
  uint64_t end = 0;
  uint32_t docs_with_value = 0;
  uint32_t value_count = 0;

  void Encode(ByteWriter* out) const;
  static ColumnBlockRecord Decode(const uint8_t* bytes);

  friend bool operator==(const ColumnBlockRecord&, const ColumnBlockRecord&) = default;
};

inline constexpr size_t kColumnRecordBytes = 32;

// A decoded block; reuse one to keep its memory.
struct ColumnBlock {
  DocId first_doc = 0;
  uint32_t doc_count = 0;              // kColumnBlockDocs but for the last block
  std::vector<int64_t> values;         // by document, then in the order added
  std::vector<uint32_t> value_starts;  // doc_count + 1 entries: values of document first_doc + i
                                       // are values[value_starts[i] .. value_starts[i + 1])
};

// Documents of a block: bit i % 64 of word i / 64 is its i-th one.
using ColumnBlockMask = std::array<uint64_t, kColumnBlockDocs / 64>;

// Appends a block to `out`: `counts` has the number of values of each document, `values` all of
// them. Fills all of the record but `end`.
void EncodeColumnBlock(std::span<const uint16_t> counts, std::span<const int64_t> values,
                       std::string* out, ColumnBlockRecord* record);

// A view of a block's bytes, which must stay pinned (with slack).
class ColumnBlockView {
 public:
  // nullptr, or what is wrong. `doc_count`: documents of the block.
  const char* Open(std::span<const uint8_t> bytes, const ColumnBlockRecord& record,
                   uint32_t doc_count);

  // The values of the i-th document: [*begin, *end); equal if it has none. False: damaged.
  // REQUIRES: i < doc_count.
  bool Find(uint32_t i, uint32_t* begin, uint32_t* end) const;
  // False: above the block's maximum, so damaged. REQUIRES: index < record.value_count.
  bool Value(uint32_t index, int64_t* value) const;

  bool HasValue(uint32_t i) const;

  // nullptr, or what is wrong.
  const char* Decode(ColumnBlock* out) const;

  // Leaves in `docs` those with a wanted value. nullptr, or what is wrong. A value above the
  // block's maximum, which only a forged block has, is not wanted.
  // REQUIRES: record.value_count is not 0, and a range of `wanted` touches the record's.
  const char* Select(const ValueRanges& wanted, ColumnBlockMask* docs) const;

 private:
  uint64_t Delta(uint64_t index) const;
  uint64_t MaxDelta() const {
    return static_cast<uint64_t>(record_.max) - static_cast<uint64_t>(record_.min);
  }
  uint32_t Start(uint32_t rank) const;
  uint64_t PresenceWord(uint32_t word) const;
  bool RanksAreRight() const;
  const char* DecodeStarts(ColumnBlock* out) const;
  void SelectPresent(ColumnBlockMask* docs) const;
  bool CanRunThrough(const ColumnBlockMask& docs, uint32_t few) const;
  const char* SelectRange(const ValueRange& wanted, ColumnBlockMask* docs) const;
  template <typename IsWanted>
  const char* SelectEach(const IsWanted& is_wanted, ColumnBlockMask* docs) const;
  template <typename IsWanted>
  const char* SelectBy(const IsWanted& is_wanted, ColumnBlockMask* docs) const;
  void KeepRanked(const ColumnBlockMask& by_rank, ColumnBlockMask* docs) const;

  ColumnBlockRecord record_;
  uint32_t doc_count_ = 0;
  bool full_ = false;
  bool multi_ = false;
  uint32_t value_width_ = 0;
  uint32_t start_width_ = 0;
  const uint8_t* presence_ = nullptr;
  const uint8_t* ranks_ = nullptr;
  const uint8_t* starts_ = nullptr;
  const uint8_t* values_ = nullptr;
};

}  // namespace segue

#endif  // SEGUE_FORMAT_COLUMN_BLOCK_H_

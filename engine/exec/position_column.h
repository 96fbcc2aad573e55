// SPDX-License-Identifier: Apache-2.0
//
// PositionColumn: the positions of one list in many documents at once.
//
//   PositionColumn column(&list, limit);
//   column.Locate(rows, ranks, count);     // frequencies of their postings
//   column.Read(rows, count);              // positions, of these or some of them
//   PositionColumn::Slice slice = column.slice(row);
#ifndef SEGUE_EXEC_POSITION_COLUMN_H_
#define SEGUE_EXEC_POSITION_COLUMN_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/format/position_reader.h"

namespace segue::exec {

// What kernels may read and write behind positions.
inline constexpr size_t kPositionSlack = 32;

class PositionColumn {
 public:
  static constexpr size_t kRows = 128;

  // `list` was opened with positions and outlives the column. Values of slices stay below `limit`
  // where they are not positions themselves.
  PositionColumn(const PostingList* list, uint64_t limit)
      : list_(list), reader_(list), limit_(limit) {}

  // Finds out the frequencies of the postings of these ranks, best ascending, for the documents of
  // these rows, below kRows. A rank past the last, which only a damaged bitmap gives, counts as the
  // last. In damaged blocks they are 1.
  void Locate(const uint32_t* rows, const uint32_t* ranks, size_t count);
  const uint32_t* freqs() const { return freqs_.data(); }  // by row

  // Decodes the positions of rows that were located, ascending. Slices read before are gone.
  void Read(const uint32_t* rows, size_t count);

  // A document's positions, never descending: values[i] - base, modulo 2^32. 64 bytes after them
  // are readable. None: damaged, and the list's status tells. Valid until the next Read.
  struct Slice {
    const uint32_t* values;
    uint32_t count;
    uint32_t base;
  };
  Slice slice(uint32_t row) const {
    const Place& place = places_[row];
    return {values_.data() + place.begin, place.count, place.base};
  }

  const PostingList& list() const { return *list_; }
  uint64_t bytes_read() const { return reader_.bytes_read(); }

 private:
  static constexpr uint32_t kNoBlock = UINT32_MAX;
  static constexpr uint64_t kNowhere = UINT64_MAX;

  // Left as they are until their rows are read: a phrase of rare words would notice the clearing.
  struct Place {
    size_t begin;  // in values_
    uint32_t count;
    uint32_t base;
  };

  // Documents of a block that are decoded in one go: of the rows asked for, [begin, end).
  struct Run {
    uint32_t block;
    uint32_t begin, end;
    uint64_t first, first_after;  // codes
  };

  uint32_t BlockOf(uint32_t row) const { return ranks_[row] / kBlockPostings; }
  size_t FindRuns(const uint32_t* rows, size_t count);
  Run RunAt(size_t run, const uint32_t* rows) const;
  void LocateIn(uint32_t block, const uint32_t* rows, size_t count);
  bool SumBlock(uint32_t block);
  bool ReadRun(const Run& run, const uint32_t* rows);
  void ReadAlone(uint32_t block, uint32_t row);
  uint32_t* Reserve(uint64_t count);

  const PostingList* list_;
  PositionReader reader_;
  uint64_t limit_;
  // By row.
  std::array<uint32_t, kRows> ranks_;
  std::array<uint32_t, kRows> freqs_;
  std::array<uint64_t, kRows> firsts_;  // codes of the block before the document's; or kNowhere
  std::array<Place, kRows> places_;
  // Of the rows asked for last, where each block or run begins; and how many rows there are.
  std::array<uint32_t, kRows + 1> begins_;
  uint32_t summed_block_ = kNoBlock;               // what sums_ is of
  std::array<uint64_t, kBlockPostings + 1> sums_;  // of its frequencies before each document
  std::vector<uint32_t> values_;
  size_t used_ = 0;  // of values_
  std::vector<uint32_t> alone_;
};

}  // namespace segue::exec

#endif  // SEGUE_EXEC_POSITION_COLUMN_H_

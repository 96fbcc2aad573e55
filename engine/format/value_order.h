// SPDX-License-Identifier: Apache-2.0
//
// The documents of a column by value: what lies in a range of values is a run of entries, whose
// ends tell how many documents that are, and whose entries tell which.
//
// Grammar (little endian; bit fields lowest bit first, padded to whole bytes):
//
//   order     = u8 0; or u8 1, entries, directory
//   entries   = for each value of the column a document, ValueOrderWidth(doc_count) bits: by
//               ascending value, of equal values by ascending document
//   directory = i64 value of each kValueLeafEntries-th entry, from the first on
//
// Values are not stored again: inside a leaf, the entries of one directory value up to the next,
// whoever searches asks the column.
#ifndef SEGUE_FORMAT_VALUE_ORDER_H_
#define SEGUE_FORMAT_VALUE_ORDER_H_

#include <cstdint>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "engine/base/load.h"
#include "engine/base/types.h"
#include "engine/io/section.h"

namespace segue {

// A leaf of more entries makes the directory smaller and the search in a leaf longer: 1.6 % of
// what the entries of a million documents take, nine values looked up.
inline constexpr uint32_t kValueLeafEntries = 512;

// Bits of an entry. REQUIRES: doc_count > 0.
uint32_t ValueOrderWidth(DocId doc_count);

// The entries [begin, end).
struct EntryRun {
  uint64_t begin = 0;
  uint64_t end = 0;

  uint64_t size() const { return end - begin; }
  friend bool operator==(const EntryRun&, const EntryRun&) = default;
};

// The documents of a run of entries. Damaged ones may be no documents of the column.
class EntryDocs {
 public:
  EntryDocs(PinnedBytes bytes, uint32_t first_bit, uint32_t width)
      : bytes_(std::move(bytes)), first_bit_(first_bit), width_(width) {}
  // REQUIRES: i is less than the run's size.
  DocId operator[](uint64_t i) const {
    const uint64_t bit = first_bit_ + i * width_;
    const uint64_t mask = (uint64_t{1} << width_) - 1;
    return static_cast<DocId>(LoadU64(bytes_.data() + bit / 8) >> (bit % 8) & mask);
  }

 private:
  PinnedBytes bytes_;
  uint32_t first_bit_;
  uint32_t width_;
};

// A cheap view; const functions may run in several threads at once.
class ValueOrder {
 public:
  // No order.
  ValueOrder() = default;
  // `offset`: of the order, in `columns`. Reads and checks the directory. kDataLoss.
  static absl::StatusOr<ValueOrder> Open(const Section& columns, uint64_t offset, DocId doc_count,
                                         uint64_t value_count);

  bool empty() const { return entry_count_ == 0; }
  uint64_t entry_count() const { return entry_count_; }
  // In the file, the first byte included.
  uint64_t bytes() const { return bytes_; }

  uint64_t leaf_count() const { return directory_.size() / sizeof(int64_t); }
  // The value of a leaf's first entry. REQUIRES: leaf < leaf_count().
  int64_t FirstValue(uint64_t leaf) const;
  // Where the first entry that is not less than `value` is: one of these, or the end of the run.
  EntryRun AroundLowerBound(int64_t value) const;

  // REQUIRES: run.begin <= run.end <= entry_count().
  absl::StatusOr<EntryDocs> Pin(const EntryRun& run) const;

  absl::Status Corrupt(std::string_view what) const { return columns_.Corrupt(offset_, what); }

 private:
  Section columns_;
  uint64_t offset_ = 0;
  DocId doc_count_ = 0;
  uint64_t entry_count_ = 0;
  uint64_t bytes_ = 1;
  PinnedBytes directory_;
};

}  // namespace segue

#endif  // SEGUE_FORMAT_VALUE_ORDER_H_

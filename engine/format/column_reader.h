// SPDX-License-Identifier: Apache-2.0
//
// Reads one column: values of a document, whole blocks, scans that use block minima and maxima, and
// the documents of a range of values by the column's value order.
// Values are in ordered form (see column_format.h): for float64 apply DoubleFromOrdered.
#ifndef SEGUE_FORMAT_COLUMN_READER_H_
#define SEGUE_FORMAT_COLUMN_READER_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "engine/format/column_block.h"
#include "engine/format/column_format.h"
#include "engine/format/value_order.h"
#include "engine/format/value_ranges.h"
#include "engine/io/section.h"

namespace segue {

// Entries of a value order. `all` has those of a range of values, and maybe others; those of `sure`
// are in the range. Where no document has two values both are the range's entries.
struct ValueRun {
  EntryRun all;
  EntryRun sure;

  friend bool operator==(const ValueRun&, const ValueRun&) = default;
};

// A cheap value; const functions may run in several threads at once.
class Column {
 public:
  // `columns` is the body of the columns file. Reads and checks the directories.
  static absl::StatusOr<Column> Open(const Section& columns, const ColumnMeta& meta);

  ValueType type() const;
  bool multi() const;
  DocId doc_count() const;
  uint64_t value_count() const;
  DocId docs_with_value() const;
  uint32_t block_count() const;

  // The document's (first) value, or nullopt. kInvalidArgument if doc >= doc_count().
  // Random access: the block's record, one word of presence and the value.
  absl::StatusOr<std::optional<int64_t>> Get(DocId doc) const;
  // All values of a document; `values` is cleared first.
  absl::Status GetAll(DocId doc, std::vector<int64_t>* values) const;

  // Minimum, maximum and counts of a block, without touching its values.
  // REQUIRES: block < block_count().
  ColumnBlockRecord BlockBounds(uint32_t block) const;
  // kDataLoss for bad bytes.
  absl::Status DecodeBlock(uint32_t block, ColumnBlock* out) const;

  // Calls fn(i, value) for each value of the documents `docs` of a block, i counting from its first
  // one, in order. kDataLoss: some may have been visited. REQUIRES: block < block_count().
  absl::Status VisitValues(uint32_t block, const ColumnBlockMask& docs,
                           absl::FunctionRef<void(uint32_t i, int64_t value)> fn) const;

  // Leaves in `docs` those of a block with a wanted value. Blocks whose values lie outside are not
  // touched, those whose values lie inside only for who has one; where few documents are asked
  // about, only theirs are looked at. kDataLoss. REQUIRES: block < block_count().
  absl::Status Select(uint32_t block, const ValueRanges& wanted, ColumnBlockMask* docs) const;

  // Empty if the column has none: where blocks' bounds do its work.
  const ValueOrder& order() const;
  // Whether no document has two values.
  bool single() const { return value_count() == docs_with_value(); }
  // Where a range begins and ends in the order. Cost: a search in its directory, and if single()
  // nine values looked up, for each end. kDataLoss. REQUIRES: there is an order, low <= high.
  absl::StatusOr<ValueRun> FindRun(const ValueRange& range) const;
  // Appends the documents of a run that have a value in `range`, some maybe several times.
  // kDataLoss.
  absl::Status AddDocs(const ValueRun& run, const ValueRange& range,
                       std::vector<DocId>* docs) const;
  // The same of entries that have a wanted value.
  absl::Status AddDocsWith(const EntryRun& run, absl::FunctionRef<bool(int64_t value)> is_wanted,
                           std::vector<DocId>* docs) const;

 private:
  struct Directory;
  absl::Status CheckDoc(DocId doc) const;
  absl::StatusOr<EntryRun> LowerBound(int64_t value) const;
  absl::Status AddSure(const EntryRun& run, std::vector<DocId>* docs) const;
  explicit Column(std::shared_ptr<const Directory> directory) : directory_(std::move(directory)) {}
  std::shared_ptr<const Directory> directory_;
};

}  // namespace segue

#endif  // SEGUE_FORMAT_COLUMN_READER_H_

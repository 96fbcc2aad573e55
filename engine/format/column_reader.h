// SPDX-License-Identifier: Apache-2.0
//
// Reads one column: values of a document, whole blocks, and scans that use block minima and maxima.
// Values are in ordered form (see column_format.h): for float64 apply DoubleFromOrdered.
#ifndef SEGUE_FORMAT_COLUMN_READER_H_
#define SEGUE_FORMAT_COLUMN_READER_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "engine/format/column_block.h"
#include "engine/format/column_format.h"
#include "engine/io/section.h"

namespace segue {

// A cheap value; const functions may run in several threads at once.
class Column {
 public:
  // `columns` is the body of the columns file. Reads and checks the block directory.
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

  // Appends to `docs`, ascending, the documents in [begin, end) with a value in [low, high].
  // Blocks whose bounds lie outside are skipped, blocks wholly inside are taken without decoding
  // their values. Equality: low == high.
  absl::Status CollectRange(int64_t low, int64_t high, DocId begin, DocId end,
                            std::vector<DocId>* docs) const;
  absl::Status CollectEqual(int64_t value, DocId begin, DocId end, std::vector<DocId>* docs) const {
    return CollectRange(value, value, begin, end, docs);
  }

 private:
  struct Directory;
  absl::Status CheckDoc(DocId doc) const;
  absl::Status CollectFromBlock(uint32_t block, int64_t low, int64_t high, DocId begin, DocId end,
                                std::vector<DocId>* docs) const;
  explicit Column(std::shared_ptr<const Directory> directory) : directory_(std::move(directory)) {}
  std::shared_ptr<const Directory> directory_;
};

}  // namespace segue

#endif  // SEGUE_FORMAT_COLUMN_READER_H_

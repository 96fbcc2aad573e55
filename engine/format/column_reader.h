// SPDX-License-Identifier: Apache-2.0
//
// Reads one column: values of a document, whole blocks, and scans that use block minima and maxima.
// Values are in ordered form (see column_format.h): for float64 apply DoubleFromOrdered.
#ifndef SEGUE_FORMAT_COLUMN_READER_H_
#define SEGUE_FORMAT_COLUMN_READER_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "engine/format/column_format.h"
#include "engine/io/section.h"

namespace segue {

// What is known about a block of kColumnBlockDocs documents without touching its values.
struct ColumnBlockBounds {
  int64_t min = 0;  // no meaning if value_count == 0
  int64_t max = 0;
  uint32_t value_count = 0;
  uint32_t docs_with_value = 0;
};

// A decoded block; reuse one to keep its memory.
struct ColumnBlock {
  DocId first_doc = 0;
  uint32_t doc_count = 0;            // kColumnBlockDocs but for the last block
  std::vector<int64_t> values;       // by document, then in the order added
  std::vector<uint32_t> value_starts;  // doc_count + 1 entries: values of document first_doc + i
                                       // are values[value_starts[i] .. value_starts[i + 1])
};

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
  // Random access: reads the block's header, one word of presence and the value.
  absl::StatusOr<std::optional<int64_t>> Get(DocId doc) const;
  // All values of a document, appended to nothing: `values` is cleared first.
  absl::Status GetAll(DocId doc, std::vector<int64_t>* values) const;

  // REQUIRES: block < block_count().
  ColumnBlockBounds BlockBounds(uint32_t block) const;
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
  explicit Column(std::shared_ptr<const Directory> directory) : directory_(std::move(directory)) {}
  std::shared_ptr<const Directory> directory_;
};

}  // namespace segue

#endif  // SEGUE_FORMAT_COLUMN_READER_H_

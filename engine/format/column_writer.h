// SPDX-License-Identifier: Apache-2.0
//
// Writes one column in document order. Columns of several fields follow each other in one file.
#ifndef SEGUE_FORMAT_COLUMN_WRITER_H_
#define SEGUE_FORMAT_COLUMN_WRITER_H_

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "engine/format/column_block.h"
#include "engine/format/column_format.h"
#include "engine/format/value_order_writer.h"
#include "engine/io/framed_file.h"

namespace segue {

// Not thread-safe. Memory: the values of one block, 32 bytes per block written; and while values
// are sorted, what SortColumnValues says.
class ColumnWriter {
 public:
  // `file` must outlive the writer; nobody else writes to it until Finish.
  // REQUIRES: IsColumnType(type).
  ColumnWriter(FramedWriter* file, ValueType type, bool multi);

  ColumnWriter(const ColumnWriter&) = delete;
  ColumnWriter& operator=(const ColumnWriter&) = delete;

  // Adds a value of a document. Documents come in ascending order; several values of one document
  // keep their order and need `multi`. Errors (kInvalidArgument): order, a second value of a
  // single-valued column, more than kMaxColumnValuesPerDoc, a value outside the type (bool: 0, 1).
  // Ordered form: int64, timestamp: the number; bool: 0 or 1; float64: OrderedFromDouble.
  absl::Status Add(DocId doc, int64_t ordered);
  // The same for a float64 column; kInvalidArgument for NaN.
  absl::Status AddDouble(DocId doc, double value);

  // `doc_count`: documents of the segment, above every document added. `values`: goes through all
  // values added once more; the column then gets a value order, if that helps.
  absl::StatusOr<ColumnMeta> Finish(DocId doc_count, ColumnValues values);
  // The same for a column that is soon replaced: it gets none.
  absl::StatusOr<ColumnMeta> FinishWithoutOrder(DocId doc_count);

 private:
  absl::Status FlushBlock(uint32_t docs_in_block);
  absl::Status FlushBlocksBefore(uint32_t block);
  absl::Status FinishBlocks(DocId doc_count);

  FramedWriter* file_;
  ColumnMeta meta_;
  bool started_ = false;
  DocId next_doc_ = 0;            // the last document added + 1
  std::vector<int64_t> values_;   // of the current block
  std::vector<uint16_t> counts_;  // values of each document of the current block
  std::vector<ColumnBlockRecord> blocks_;
};

}  // namespace segue

#endif  // SEGUE_FORMAT_COLUMN_WRITER_H_

// SPDX-License-Identifier: Apache-2.0
//
// Writes a file of values that were set; set_values.h has its grammar.
#ifndef SEGUE_FORMAT_SET_VALUES_WRITER_H_
#define SEGUE_FORMAT_SET_VALUES_WRITER_H_

#include "absl/status/status.h"
#include "engine/base/types.h"
#include "engine/format/column_writer.h"
#include "engine/format/segment_meta.h"
#include "engine/io/framed_file.h"

namespace segue {

// Writes the body; the caller finishes the file. Memory: that of a ColumnWriter.
class SetValuesWriter {
 public:
  // `file` must outlive the writer.
  SetValuesWriter(FramedWriter* file, SegmentId segment, DocId doc_count);

  // All values of a field, those among them that were not set. Its meta.column is not looked at.
  // Errors: those of ColumnWriter::Add. REQUIRES: a column type, single-valued; ascending ids.
  absl::Status AddField(SegmentFieldMeta meta, ColumnValues values);
  absl::Status Finish();

 private:
  FramedWriter* const file_;
  SegmentMeta meta_;
};

}  // namespace segue

#endif  // SEGUE_FORMAT_SET_VALUES_WRITER_H_

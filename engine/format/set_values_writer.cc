// SPDX-License-Identifier: Apache-2.0
//
// A column is small beside its segment, so it is written as a whole, with the values that were not
// set. An order by value would take longer to make than all the rest; the next merge makes one.
#include "engine/format/set_values_writer.h"

#include <string>
#include <utility>

#include "engine/base/byte_writer.h"
#include "engine/base/check.h"
#include "engine/base/status.h"

namespace segue {

SetValuesWriter::SetValuesWriter(FramedWriter* file, SegmentId segment, DocId doc_count)
    : file_(file) {
  meta_.segment = segment;
  meta_.doc_count = doc_count;
}

absl::Status SetValuesWriter::AddField(SegmentFieldMeta meta, ColumnValues values) {
  SEGUE_DCHECK(IsColumnType(meta.type) && !meta.multi);
  ColumnWriter column(file_, meta.type, /*multi=*/false);
  SEGUE_RETURN_IF_ERROR(
      values([&column](DocId doc, int64_t value) { return column.Add(doc, value); }));
  SEGUE_ASSIGN_OR_RETURN(meta.column, column.FinishWithoutOrder(meta_.doc_count));
  meta_.fields.push_back(std::move(meta));
  return absl::OkStatus();
}

absl::Status SetValuesWriter::Finish() {
  SEGUE_ASSIGN_OR_RETURN(const std::string meta, meta_.Encode());
  SEGUE_RETURN_IF_ERROR(file_->Append(meta));
  ByteWriter length;
  length.PutU64(meta.size());
  return file_->Append(length.view());
}

}  // namespace segue

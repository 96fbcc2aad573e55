// SPDX-License-Identifier: Apache-2.0
//
// Values that were set in documents after their segment was written (Writer::SetValue): a numbered
// overlay file beside the immutable segment, as live documents are one. It has the whole column of
// each field of which a value was set; the segment's own column of it is not read any more. A
// further value set is a new file; no file ever changes.
//
// File body:  for each field, by ascending id, a column (column_writer.h) without an order by
// value;
//             SegmentMeta of the segment's id and doc_count, with these fields and nothing else;
//             u64 its length
#ifndef SEGUE_FORMAT_SET_VALUES_H_
#define SEGUE_FORMAT_SET_VALUES_H_

#include <vector>

#include "absl/status/statusor.h"
#include "engine/base/types.h"
#include "engine/format/column_reader.h"
#include "engine/format/segment_meta.h"
#include "engine/io/section.h"

namespace segue {

struct SetValues {
  SegmentMeta meta;             // of these fields only
  std::vector<Column> columns;  // beside meta.fields
};

// Reads and checks metadata and directories. Errors: kDataLoss, also for another segment or number
// of documents, and for a field that can have no value set.
absl::StatusOr<SetValues> ReadSetValues(const Section& body, SegmentId segment, DocId doc_count);

}  // namespace segue

#endif  // SEGUE_FORMAT_SET_VALUES_H_

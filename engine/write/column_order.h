// SPDX-License-Identifier: Apache-2.0
//
// The order of documents by the values of a column.
#ifndef SEGUE_WRITE_COLUMN_ORDER_H_
#define SEGUE_WRITE_COLUMN_ORDER_H_

#include <memory>
#include <span>

#include "absl/status/statusor.h"
#include "engine/base/types.h"
#include "engine/segment/segment.h"
#include "engine/write/huge_array.h"
#include "engine/write/merge_map.h"

namespace segue {

// Element i is the document that comes at place i, as the map numbers documents: by the least value
// of each, or descending by the greatest, equal ones as the map has them; those without a value are
// last. An input without that column has no values. Errors: as reading columns.
// Memory: 21 bytes a document.
absl::StatusOr<HugeArray<DocId>> ColumnOrder(std::span<const std::shared_ptr<const Segment>> inputs,
                                             const MergeMap& map, FieldId field, bool descending);

}  // namespace segue

#endif  // SEGUE_WRITE_COLUMN_ORDER_H_

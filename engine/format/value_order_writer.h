// SPDX-License-Identifier: Apache-2.0
//
// Sorts the values of a column of any size in bounded memory, and writes them as a value order
// (value_order.h).
#ifndef SEGUE_FORMAT_VALUE_ORDER_WRITER_H_
#define SEGUE_FORMAT_VALUE_ORDER_WRITER_H_

#include <cstdint>
#include <span>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "engine/base/types.h"
#include "engine/format/column_block.h"
#include "engine/format/value_type.h"
#include "engine/io/framed_file.h"

namespace segue {

// Runs through all values of a column, by document: calls `add` for each, and ends with its error.
using AddColumnValue = absl::FunctionRef<absl::Status(DocId doc, int64_t value)>;
using ColumnValues = absl::FunctionRef<absl::Status(AddColumnValue add)>;

// Calls `add` for all values, `value_count` of them, by ascending value, of equal values by
// ascending document. Runs through them once if they are at most kValueSortEntries; else once for
// each so many, and once or twice more. Memory: 32 bytes for each of so many, whatever the values.
absl::Status SortColumnValues(ColumnValues values, uint64_t value_count, AddColumnValue add);

// 32 MiB, however many documents a merge has.
inline constexpr uint64_t kValueSortEntries = uint64_t{1} << 20;

// Whether a column of these blocks gets an order: where bounds of blocks leave much to search.
bool WantsValueOrder(ValueType type, std::span<const ColumnBlockRecord> blocks);

// Appends an order of these values, or that there is none. kInternal if they are not `value_count`.
absl::Status WriteValueOrder(ColumnValues values, DocId doc_count, uint64_t value_count,
                             FramedWriter* file);
absl::Status WriteNoValueOrder(FramedWriter* file);

}  // namespace segue

#endif  // SEGUE_FORMAT_VALUE_ORDER_WRITER_H_

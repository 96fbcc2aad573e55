// SPDX-License-Identifier: Apache-2.0
//
// What the writer and the reader of columns share (decision D21). A column holds the values of one
// int64, float64, bool, timestamp or geo_point field for all documents of a segment; a document may
// have no value, one, or (multi-valued fields) several. Inside, every value is an int64 whose order
// is the order of the type; of points see geo_code.h. The grammar stands at the head of
// column_writer.cc and in docs/format.md.
#ifndef SEGUE_FORMAT_COLUMN_FORMAT_H_
#define SEGUE_FORMAT_COLUMN_FORMAT_H_

#include <bit>
#include <cstdint>

#include "absl/status/statusor.h"
#include "engine/base/byte_reader.h"
#include "engine/base/byte_writer.h"
#include "engine/base/types.h"
#include "engine/format/value_type.h"
#include "segue/document.h"

namespace segue {

inline constexpr uint32_t kColumnBlockDocs = 1024;

// Values of one document in a multi-valued column: bounds what one block decodes to.
inline constexpr uint32_t kMaxColumnValuesPerDoc = 65535;

// Blocks of a column for so many documents.
uint32_t ColumnBlockCount(DocId doc_count);

struct ColumnMeta {
  ValueType type = ValueType::kInt64;
  bool multi = false;
  DocId doc_count = 0;
  DocId docs_with_value = 0;
  uint64_t value_count = 0;
  uint64_t offset = 0;  // of the first block, in the body of the columns file
  uint64_t blocks_bytes = 0;
  uint64_t directory_bytes = 0;  // the directory follows the blocks, an order follows that

  void Encode(ByteWriter* out) const;
  static absl::StatusOr<ColumnMeta> Decode(ByteReader* in);

  friend bool operator==(const ColumnMeta&, const ColumnMeta&) = default;
};

// The int64 whose order is that of doubles: -inf < … < -0.0 < +0.0 < … < +inf. NaN cannot be
// stored (writers refuse it); -0.0 is stored as +0.0, so that equality of the numbers is equality
// of the integers. Reading gives +0.0 back.
inline int64_t OrderedFromDouble(double value) {
  const int64_t bits = std::bit_cast<int64_t>(value + 0.0);  // -0.0 + 0.0 == +0.0
  return bits ^ static_cast<int64_t>(static_cast<uint64_t>(bits >> 63) >> 1);
}
inline double DoubleFromOrdered(int64_t ordered) {
  return std::bit_cast<double>(ordered ^
                               static_cast<int64_t>(static_cast<uint64_t>(ordered >> 63) >> 1));
}

// The value of a field whose column has that number. REQUIRES: a type of numbers, timestamps or
// booleans.
Value ValueOfOrdered(ValueType type, int64_t ordered);

}  // namespace segue

#endif  // SEGUE_FORMAT_COLUMN_FORMAT_H_

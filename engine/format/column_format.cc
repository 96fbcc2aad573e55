// SPDX-License-Identifier: Apache-2.0
//
// The metadata of a column.
#include "engine/format/column_format.h"

#include "engine/base/status.h"
#include "engine/base/strings.h"
#include "engine/format/column_block.h"

namespace segue {

uint32_t ColumnBlockCount(DocId doc_count) {
  return (doc_count + (kColumnBlockDocs - 1)) / kColumnBlockDocs;
}

void ColumnMeta::Encode(ByteWriter* out) const {
  out->PutU8(static_cast<uint8_t>(type));
  out->PutU8(multi ? 1 : 0);
  out->PutVarint32(doc_count);
  out->PutVarint32(docs_with_value);
  out->PutVarint64(value_count);
  out->PutVarint64(offset);
  out->PutVarint64(blocks_bytes);
  out->PutVarint64(directory_bytes);
}

absl::StatusOr<ColumnMeta> ColumnMeta::Decode(ByteReader* in) {
  const size_t start = in->position();
  ColumnMeta meta;
  uint8_t type = 0, multi = 0;
  in->ReadU8(&type);
  in->ReadU8(&multi);
  in->ReadVarint32(&meta.doc_count);
  in->ReadVarint32(&meta.docs_with_value);
  in->ReadVarint64(&meta.value_count);
  in->ReadVarint64(&meta.offset);
  in->ReadVarint64(&meta.blocks_bytes);
  in->ReadVarint64(&meta.directory_bytes);
  const auto bad = [&](std::string_view what) {
    return Error(ErrorCode::kDataLoss, Cat("column entry at byte ", start, ": ", what));
  };
  if (!in->ok()) return bad(Cat("ends early at byte ", in->position()));
  meta.type = static_cast<ValueType>(type);
  meta.multi = multi == 1;
  if (!IsColumnType(meta.type) || multi > 1) return bad(Cat("found a column of type ", type));
  if (meta.doc_count > kEndOfDocs || meta.docs_with_value > meta.doc_count ||
      meta.value_count < meta.docs_with_value ||
      meta.value_count > (meta.multi ? uint64_t{meta.docs_with_value} * kMaxColumnValuesPerDoc
                                     : uint64_t{meta.docs_with_value})) {
    return bad(Cat("found ", meta.value_count, " values in ", meta.docs_with_value, " of ",
                   meta.doc_count, " documents"));
  }
  const uint64_t directory_bytes = uint64_t{ColumnBlockCount(meta.doc_count)} * kColumnRecordBytes;
  if (meta.directory_bytes != directory_bytes || meta.offset > UINT64_MAX - meta.blocks_bytes) {
    return bad(
        Cat("found a directory of ", meta.directory_bytes, " bytes, wanted ", directory_bytes));
  }
  return meta;
}

Value ValueOfOrdered(ValueType type, int64_t ordered) {
  if (type == ValueType::kFloat64) return DoubleFromOrdered(ordered);
  if (type == ValueType::kBool) return ordered != 0;
  return ordered;
}

}  // namespace segue

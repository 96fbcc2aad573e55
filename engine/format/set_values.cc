// SPDX-License-Identifier: Apache-2.0
#include "engine/format/set_values.h"

#include <string>
#include <utility>

#include "engine/base/byte_reader.h"
#include "engine/base/status.h"
#include "engine/base/strings.h"

namespace segue {
namespace {

constexpr uint64_t kLengthBytes = 8;

// nullptr: the field may have values set. That its column is of its type is checked with the
// metadata.
const char* WhatIsWrong(const SegmentFieldMeta& field) {
  if (!field.column) return "has no column";
  if (field.multi || field.column->multi) return "may have several values";
  if (field.indexed) return "has terms";
  return nullptr;
}

absl::StatusOr<SegmentMeta> ReadMeta(const Section& body) {
  if (body.size() < kLengthBytes) {
    return body.Corrupt(
        0, Cat("found ", body.size(), " bytes of set values, wanted at least ", kLengthBytes));
  }
  const uint64_t end = body.size() - kLengthBytes;
  SEGUE_ASSIGN_OR_RETURN(const PinnedBytes tail, body.Pin(end, kLengthBytes));
  uint64_t length = 0;
  ByteReader(tail.span()).ReadU64(&length);
  if (length > end) {
    return body.Corrupt(end, Cat("found metadata of ", length, " bytes, wanted at most ", end));
  }
  SEGUE_ASSIGN_OR_RETURN(const PinnedBytes bytes, body.Pin(end - length, length));
  absl::StatusOr<SegmentMeta> meta = SegmentMeta::Decode(bytes.span());
  if (!meta.ok()) return Annotate(meta.status(), body.name());
  return meta;
}

}  // namespace

absl::StatusOr<SetValues> ReadSetValues(const Section& body, SegmentId segment, DocId doc_count) {
  SetValues values;
  SEGUE_ASSIGN_OR_RETURN(values.meta, ReadMeta(body));
  if (values.meta.segment != segment || values.meta.doc_count != doc_count) {
    return body.Corrupt(0, Cat("found values of segment ", values.meta.segment.ToString(), " of ",
                               values.meta.doc_count, " documents, wanted ", segment.ToString(),
                               " of ", doc_count));
  }
  for (const SegmentFieldMeta& field : values.meta.fields) {
    if (const char* wrong = WhatIsWrong(field)) {
      return body.Corrupt(0, Cat("the field ", Quoted(field.name), " of set values ", wrong));
    }
    SEGUE_ASSIGN_OR_RETURN(Column column, Column::Open(body, *field.column));
    values.columns.push_back(std::move(column));
  }
  return values;
}

}  // namespace segue

// SPDX-License-Identifier: Apache-2.0
//
// The metadata file of a segment: how many documents it has, and for each field its statistics and
// where its parts lie in the segment's other files. Small, read whole, checked whole.
//
// A decoded value keeps these promises, whatever the bytes were: field ids are strictly ascending
// and names are unique; doc_count is below 2^31; no statistic exceeds what doc_count allows;
// the dictionary's maxima lie below doc_count; norms, columns, stored fields and keys are for
// doc_count documents. Offsets and lengths are only as good as the file: take them through
// Section::Sub.
#ifndef SEGUE_FORMAT_SEGMENT_META_H_
#define SEGUE_FORMAT_SEGMENT_META_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "engine/base/types.h"
#include "engine/format/column_format.h"
#include "engine/format/dictionary_format.h"
#include "engine/format/key_column.h"
#include "engine/format/norms_format.h"
#include "engine/format/stored_format.h"
#include "engine/format/value_type.h"

namespace segue {

// Version of the metadata's own grammar, inside the frame's file version.
inline constexpr uint32_t kSegmentMetaVersion = 1;

// What the derived bounds of a field (u8 maps, champions) were computed with (decision D9). They
// are used only where a rule proves them safe.
struct BoundParameters {
  float k1 = 0;
  float b = 0;
  float average_length = 0;  // tokens

  friend bool operator==(const BoundParameters&, const BoundParameters&) = default;
};

struct SegmentFieldMeta {
  FieldId field = 0;
  std::string name;
  ValueType type = ValueType::kText;
  bool indexed = false;    // has a dictionary and postings
  bool freqs = false;      // postings have frequencies; otherwise every one counts as 1
  bool positions = false;  // postings have positions (then also frequencies)
  bool stored = false;
  bool multi = false;
  DocId doc_count = 0;          // documents with at least one token
  uint64_t sum_total_freq = 0;  // tokens
  uint64_t sum_doc_freq = 0;    // (term, document) pairs
  uint32_t min_length = 0;      // tokens, over documents with at least one
  uint32_t max_length = 0;
  uint64_t analyzer_fingerprint = 0;  // 0: no analyzer
  std::optional<BoundParameters> bounds;
  std::optional<DictionaryFieldMeta> dictionary;  // present if indexed
  std::optional<NormsMeta> norms;
  std::optional<ColumnMeta> column;

  friend bool operator==(const SegmentFieldMeta&, const SegmentFieldMeta&) = default;
};

struct SegmentMeta {
  SegmentId segment;
  DocId doc_count = 0;
  std::vector<SegmentFieldMeta> fields;  // ascending by field id
  std::optional<StoredMeta> stored;
  std::optional<KeyColumnMeta> keys;

  // nullptr if the segment does not know the field.
  const SegmentFieldMeta* Find(FieldId field) const;
  const SegmentFieldMeta* FindByName(std::string_view name) const;

  // The body of the file. Fails (kInvalidArgument) for a value that breaks the promises above.
  absl::StatusOr<std::string> Encode() const;

  // kDataLoss for bad bytes, kVersion for a version that this library does not know.
  static absl::StatusOr<SegmentMeta> Decode(std::span<const uint8_t> body);

  friend bool operator==(const SegmentMeta&, const SegmentMeta&) = default;
};

}  // namespace segue

#endif  // SEGUE_FORMAT_SEGMENT_META_H_

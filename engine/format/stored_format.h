// SPDX-License-Identifier: Apache-2.0
//
// What the writer and the reader of stored fields share. The grammar stands at the head of
// stored_writer.cc and in docs/format.md.
#ifndef SEGUE_FORMAT_STORED_FORMAT_H_
#define SEGUE_FORMAT_STORED_FORMAT_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "engine/base/byte_reader.h"
#include "engine/base/byte_writer.h"
#include "engine/base/types.h"
#include "engine/format/value_type.h"

namespace segue {

// One stored value. `type` says what it is, `value` holds text, keyword and bytes as std::string,
// int64 and timestamp (microseconds) as int64_t, float64 as double, bool as bool, geo_point as a
// GeoPoint that is one.
struct StoredField {
  FieldId field = 0;
  ValueType type = ValueType::kText;
  Value value;

  friend bool operator==(const StoredField&, const StoredField&) = default;
};

enum class StoredCodec : uint8_t { kNone = 0, kSnappy = 1, kZstd = 2 };

// How a new segment keeps its stored fields.
struct StoredPacking {
  StoredCodec codec = StoredCodec::kSnappy;
  bool dictionary = true;  // of kZstd: where the segment is large enough for one (StoredSample)
};

// A block is closed once it holds this much: about what one decompression costs a hit.
inline constexpr size_t kStoredBlockBytes = 16384;

// Largest document, encoded. It bounds what a reader decompresses for one document.
inline constexpr size_t kMaxStoredDocumentBytes = size_t{256} << 20;

// Bounds what a reader keeps for the dictionary of a segment. Ours have kStoredDictionaryBytes.
inline constexpr size_t kMaxStoredDictionaryBytes = size_t{1} << 20;

struct StoredMeta {
  StoredCodec codec = StoredCodec::kSnappy;
  DocId doc_count = 0;
  uint64_t block_count = 0;
  uint64_t blocks_offset = 0;  // in the body of the stored file
  uint64_t blocks_bytes = 0;
  uint64_t index_offset = 0;
  uint64_t index_bytes = 0;
  // Of kZstd alone; no bytes: there is none.
  uint64_t dictionary_offset = 0;
  uint64_t dictionary_bytes = 0;

  void Encode(ByteWriter* out) const;
  static absl::StatusOr<StoredMeta> Decode(ByteReader* in);

  friend bool operator==(const StoredMeta&, const StoredMeta&) = default;
};

// The encoded form of one document; a merge moves these bytes from reader to writer.
// EncodeStoredDocument fails (kInvalidArgument) if a value does not fit its type.
absl::Status EncodeStoredDocument(std::span<const StoredField> fields, std::string* out);
absl::StatusOr<std::vector<StoredField>> DecodeStoredDocument(std::string_view encoded);

}  // namespace segue

#endif  // SEGUE_FORMAT_STORED_FORMAT_H_

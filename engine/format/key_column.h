// SPDX-License-Identifier: Apache-2.0
//
// Document to key (decision D20): the unique external ids of a segment's documents, uncompressed,
// so that a page of hits does not unpack a stored block each. Two reads a key. A document without
// a key has the empty key.
//
// File body:  key bytes of all documents, one after the other
//             offset table: doc_count + 1 little-endian integers of offset_width bytes each,
//             the ends of the keys (the first is 0)
#ifndef SEGUE_FORMAT_KEY_COLUMN_H_
#define SEGUE_FORMAT_KEY_COLUMN_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "engine/base/byte_reader.h"
#include "engine/base/byte_writer.h"
#include "engine/base/types.h"
#include "engine/io/framed_file.h"
#include "engine/io/section.h"

namespace segue {

// A key is also a term of the key field, hence the same limit: kMaxTermBytes (limits.h).

struct KeyColumnMeta {
  DocId doc_count = 0;
  uint8_t offset_width = 1;  // 1 … 8 bytes
  uint64_t keys_offset = 0;  // in the body of the file
  uint64_t keys_bytes = 0;
  uint64_t table_offset = 0;

  void Encode(ByteWriter* out) const;
  static absl::StatusOr<KeyColumnMeta> Decode(ByteReader* in);

  friend bool operator==(const KeyColumnMeta&, const KeyColumnMeta&) = default;
};

// Not thread-safe. Memory: 8 bytes per document.
class KeyColumnWriter {
 public:
  // `file` must outlive the writer; nobody else writes to it until Finish.
  explicit KeyColumnWriter(FramedWriter* file) : file_(file) {}

  // The key of the next document. kInvalidArgument over kMaxTermBytes.
  absl::Status Add(std::string_view key);
  absl::StatusOr<KeyColumnMeta> Finish();

 private:
  FramedWriter* file_;
  uint64_t start_ = 0;
  std::vector<uint64_t> ends_;
  std::string buffer_;
};

// A cheap value; const functions may run in several threads at once.
class KeyColumn {
 public:
  static absl::StatusOr<KeyColumn> Open(const Section& keys, const KeyColumnMeta& meta);

  DocId doc_count() const { return meta_.doc_count; }

  // kInvalidArgument if doc >= doc_count().
  absl::StatusOr<std::string> Get(DocId doc) const;
  // The same into a string whose memory is reused.
  absl::Status Get(DocId doc, std::string* key) const;

 private:
  KeyColumn(Section keys, const KeyColumnMeta& meta) : section_(std::move(keys)), meta_(meta) {}
  Section section_;
  KeyColumnMeta meta_;
};

}  // namespace segue

#endif  // SEGUE_FORMAT_KEY_COLUMN_H_

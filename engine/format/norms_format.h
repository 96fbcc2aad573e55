// SPDX-License-Identifier: Apache-2.0
//
// What the writer and the reader of norms share. A norm is one byte that says how long a field of
// a document is; what the byte means is the business of rank/. Codecs (decision D22):
//   0  one byte per document, in document order (Lucene's byte)
//   1  every document has the same byte, which stands in the metadata; nothing in the file
//   2  few documents have the field: those alone, each with its byte
#ifndef SEGUE_FORMAT_NORMS_FORMAT_H_
#define SEGUE_FORMAT_NORMS_FORMAT_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "engine/base/byte_reader.h"
#include "engine/base/byte_writer.h"
#include "engine/base/types.h"

namespace segue {

enum class NormCodec : uint8_t { kLuceneByte = 0, kConstant = 1, kSparse = 2 };

// Readers may read whole groups of this many documents, and kNormSlackBytes behind the last.
inline constexpr uint32_t kNormGroupDocs = 256;
inline constexpr uint32_t kNormSlackBytes = 64;

// Constant norms are spread out in memory when opened, so a hostile file could ask for much memory
// with few bytes. Above this many documents norms are always written out.
inline constexpr uint32_t kMaxConstantNormDocs = 1u << 20;

// Norms are sparse if at most one document in so many has the field: two or three bytes for each
// of them are then a fifth of a byte for every document.
inline constexpr uint32_t kSparseNormDocs = 16;

// Sparse norms are spread out in memory when a query or a merge asks for them, of which an entry
// may fill a page, so a hostile file could ask for much memory here, too.
inline constexpr uint32_t kMaxSparseNormDocs = 1u << 24;

// What the norms of so many documents take: in memory, and in the file with codec 0.
uint64_t PaddedNormBytes(DocId doc_count);

struct NormsMeta {
  NormCodec codec = NormCodec::kLuceneByte;
  uint8_t constant = 0;  // codec 1: the byte of every document
  DocId doc_count = 0;
  uint64_t offset = 0;  // codecs 0 and 2: of the first byte, in the body of the norms file
  uint64_t bytes = 0;   // codec 0: padded length; codec 2: of all entries

  void Encode(ByteWriter* out) const;
  static absl::StatusOr<NormsMeta> Decode(ByteReader* in);

  friend bool operator==(const NormsMeta&, const NormsMeta&) = default;
};

}  // namespace segue

#endif  // SEGUE_FORMAT_NORMS_FORMAT_H_

// SPDX-License-Identifier: Apache-2.0
//
// Reads the stored fields of any document: one index search, one block decompressed.
#ifndef SEGUE_FORMAT_STORED_READER_H_
#define SEGUE_FORMAT_STORED_READER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "engine/format/stored_format.h"
#include "engine/io/section.h"

namespace segue {

// The last decompressed block, kept by a caller that reads neighbouring documents (merge, export,
// a page of hits). One per thread; may be used with several readers in turn.
class StoredCache {
 public:
  StoredCache() = default;

  // What the kept block takes.
  size_t memory_bytes() const { return raw_.capacity() + starts_.capacity() * sizeof(uint32_t); }

 private:
  friend class StoredReader;
  std::shared_ptr<const void> index_;  // of the reader; kept alive, so that its address is its own
  uint64_t block_ = 0;
  std::string raw_;
  // Where the block's documents start, as far as they have been passed, so that none is twice.
  std::vector<uint32_t> starts_;
};

// A cheap value; const functions may run in several threads at once.
class StoredReader {
 public:
  // `stored` is the body of the stored file. Reads and checks the block index, and the dictionary.
  static absl::StatusOr<StoredReader> Open(const Section& stored, const StoredMeta& meta);

  DocId doc_count() const;

  // The number of the block that holds the document; any block if there is no such document.
  uint64_t BlockOf(DocId doc) const;

  // The document's values in the order in which they were added. kInvalidArgument if
  // doc >= doc_count(); kDataLoss for bad bytes; kResourceExhausted where a block declares more
  // than kMaxStoredDocumentBytes.
  absl::StatusOr<std::vector<StoredField>> Get(DocId doc, StoredCache* cache = nullptr) const;

  // The document in encoded form; the view lasts until the cache is used again.
  absl::StatusOr<std::string_view> GetEncoded(DocId doc, StoredCache* cache) const;

 private:
  struct Index;
  explicit StoredReader(std::shared_ptr<const Index> index) : index_(std::move(index)) {}
  std::shared_ptr<const Index> index_;
};

}  // namespace segue

#endif  // SEGUE_FORMAT_STORED_READER_H_

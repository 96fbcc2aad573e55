// SPDX-License-Identifier: Apache-2.0
//
// The norms of a field that few documents of a segment have (NormCodec::kSparse). An entry for each
// of them, in order: the documents skipped since the one before (varint), then the norm, not 0.
//
// Thousands of fields, each in a few documents, take what their entries take, in the file and in
// memory, until a query asks for one of them.
#ifndef SEGUE_FORMAT_SPARSE_NORMS_H_
#define SEGUE_FORMAT_SPARSE_NORMS_H_

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "engine/base/byte_reader.h"
#include "engine/base/types.h"
#include "engine/format/norms_format.h"
#include "engine/io/section.h"

namespace segue {

// The entries of `norms`, a byte for each document of the segment.
std::string EncodeSparseNorms(std::span<const uint8_t> norms);

// Safe in several threads.
class SparseNorms {
 public:
  // `norms` is the body of the norms file. All entries are verified here.
  // REQUIRES: meta.codec is kSparse and meta.doc_count at most kMaxSparseNormDocs.
  static absl::StatusOr<std::shared_ptr<const SparseNorms>> Open(const Section& norms,
                                                                 const NormsMeta& meta);

  // The array that Norms::data() promises, made by the first call; it lives as long as this.
  // Throws std::bad_alloc.
  const uint8_t* Spread() const;

  // Calls visit(DocId, uint8_t) for each entry, in order.
  template <typename Visitor>
  void ForEach(Visitor&& visit) const {
    ByteReader entries(entries_.span());
    DocId next = 0, skipped = 0;
    uint8_t norm = 0;
    while (entries.ReadVarint32(&skipped)) {  // until there are no more: Open has read them all
      entries.ReadU8(&norm);
      visit(next + skipped, norm);
      next += skipped + 1;
    }
  }

 private:
  SparseNorms(Section section, PinnedBytes entries, DocId doc_count)
      : section_(std::move(section)), entries_(std::move(entries)), doc_count_(doc_count) {}
  absl::Status Check(const NormsMeta& meta) const;

  // An array of zeros costs only the pages that are written to, or of which any byte is.
  struct Free {
    void operator()(uint8_t* bytes) const { std::free(bytes); }
  };

  Section section_;  // keeps the mapping
  PinnedBytes entries_;
  DocId doc_count_;
  mutable std::once_flag once_;
  mutable std::unique_ptr<uint8_t[], Free> spread_;
};

}  // namespace segue

#endif  // SEGUE_FORMAT_SPARSE_NORMS_H_

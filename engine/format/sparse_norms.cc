// SPDX-License-Identifier: Apache-2.0
#include "engine/format/sparse_norms.h"

#include <new>
#include <utility>

#include "engine/base/byte_writer.h"
#include "engine/base/status.h"
#include "engine/base/strings.h"

namespace segue {

std::string EncodeSparseNorms(std::span<const uint8_t> norms) {
  ByteWriter out;
  DocId next = 0;
  for (DocId doc = 0; doc < norms.size(); ++doc) {
    if (norms[doc] == 0) continue;
    out.PutVarint32(doc - next);
    out.PutU8(norms[doc]);
    next = doc + 1;
  }
  return std::string(out.view());
}

absl::Status SparseNorms::Check(const NormsMeta& meta) const {
  ByteReader entries(entries_.span());
  uint64_t next = 0;
  while (entries.remaining() > 0) {
    const size_t start = entries.position();
    uint32_t skipped = 0;
    uint8_t norm = 0;
    entries.ReadVarint32(&skipped);
    entries.ReadU8(&norm);
    const uint64_t doc = next + skipped;
    if (!entries.ok()) {
      return section_.Corrupt(meta.offset + start, "an entry of sparse norms that ends early");
    }
    if (doc >= doc_count_ || norm == 0) {
      return section_.Corrupt(meta.offset + start,
                              Cat("found norm ", norm, " of document ", doc, " of ", doc_count_,
                                  ", wanted one of a document that has the field"));
    }
    next = doc + 1;
  }
  return absl::OkStatus();
}

absl::StatusOr<std::shared_ptr<const SparseNorms>> SparseNorms::Open(const Section& norms,
                                                                     const NormsMeta& meta) {
  SEGUE_ASSIGN_OR_RETURN(PinnedBytes entries, norms.Pin(meta.offset, meta.bytes));
  std::shared_ptr<const SparseNorms> result(
      new SparseNorms(norms, std::move(entries), meta.doc_count));
  SEGUE_RETURN_IF_ERROR(result->Check(meta));
  return result;
}

const uint8_t* SparseNorms::Spread() const {
  std::call_once(once_, [this] {
    auto* const bytes =
        static_cast<uint8_t*>(std::calloc(PaddedNormBytes(doc_count_), sizeof(uint8_t)));
    if (bytes == nullptr) throw std::bad_alloc();
    spread_.reset(bytes);
    ForEach([&](DocId doc, uint8_t norm) { bytes[doc] = norm; });
  });
  return spread_.get();
}

}  // namespace segue

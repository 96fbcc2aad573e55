// SPDX-License-Identifier: Apache-2.0
//
// The norms of one field: a plain array, so that scorers index it without a branch.
#ifndef SEGUE_FORMAT_NORMS_READER_H_
#define SEGUE_FORMAT_NORMS_READER_H_

#include <cstdint>
#include <memory>

#include "absl/status/statusor.h"
#include "engine/base/types.h"
#include "engine/format/norms_format.h"
#include "engine/format/sparse_norms.h"
#include "engine/io/section.h"

namespace segue {

// A cheap value that keeps its bytes alive; safe in several threads.
class Norms {
 public:
  // `norms` is the body of the norms file. All bytes are verified here. Constant norms are one
  // array shared by all fields and segments with that constant.
  static absl::StatusOr<Norms> Open(const Section& norms, const NormsMeta& meta);

  // One byte per document; readable up to the next multiple of kNormGroupDocs plus
  // kNormSlackBytes. Bytes past doc_count() have no meaning. The first call spreads out sparse
  // norms, and throws std::bad_alloc where there is no memory for that.
  const uint8_t* data() const { return sparse_ == nullptr ? data_ : sparse_->Spread(); }
  DocId doc_count() const { return doc_count_; }
  // Whether every document has the byte data()[0].
  bool constant() const { return constant_; }

  // Calls visit(DocId, uint8_t) for each document whose norm is not 0, in order. Sparse norms are
  // not spread out for that.
  template <typename Visitor>
  void ForEach(Visitor&& visit) const {
    if (sparse_ != nullptr) return sparse_->ForEach(visit);
    for (DocId doc = 0; doc < doc_count_; ++doc) {
      if (data_[doc] != 0) visit(doc, data_[doc]);
    }
  }

 private:
  Norms() = default;
  std::shared_ptr<const void> owner_;
  const uint8_t* data_ = nullptr;
  std::shared_ptr<const SparseNorms> sparse_;  // or nullptr, and data_ is not
  DocId doc_count_ = 0;
  bool constant_ = false;
};

}  // namespace segue

#endif  // SEGUE_FORMAT_NORMS_READER_H_

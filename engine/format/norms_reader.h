// SPDX-License-Identifier: Apache-2.0
//
// The norms of one field: a plain array, so that scorers index it without a branch.
#ifndef SEGUE_FORMAT_NORMS_READER_H_
#define SEGUE_FORMAT_NORMS_READER_H_

#include <cstdint>
#include <memory>

#include "absl/status/statusor.h"
#include "engine/format/norms_format.h"
#include "engine/io/section.h"

namespace segue {

// A cheap value that keeps its bytes alive; safe in several threads.
class Norms {
 public:
  // `norms` is the body of the norms file. All bytes are verified here. Constant norms are one
  // array shared by all fields and segments with that constant.
  static absl::StatusOr<Norms> Open(const Section& norms, const NormsMeta& meta);

  // One byte per document; readable up to the next multiple of kNormGroupDocs plus
  // kNormSlackBytes. Bytes past doc_count() have no meaning.
  const uint8_t* data() const { return data_; }
  DocId doc_count() const { return doc_count_; }
  // Whether every document has the byte data()[0].
  bool constant() const { return constant_; }

 private:
  Norms() = default;
  std::shared_ptr<const void> owner_;
  const uint8_t* data_ = nullptr;
  DocId doc_count_ = 0;
  bool constant_ = false;
};

}  // namespace segue

#endif  // SEGUE_FORMAT_NORMS_READER_H_

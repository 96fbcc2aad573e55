// SPDX-License-Identifier: Apache-2.0
//
// Norms of every document are pinned as they are, sparse ones spread out later. Constant norms are
// one array per constant for the whole process, as long as anyone uses it: keyword fields, whose
// norms are all alike, cost nothing more in the hundredth segment, and a hostile file cannot ask
// for much memory with few bytes.
#include "engine/format/norms_reader.h"

#include <array>
#include <mutex>
#include <utility>
#include <vector>

#include "engine/base/status.h"
#include "engine/base/strings.h"

namespace segue {
namespace {

using ConstantNorms = std::vector<uint8_t>;

// The array for `constant` with at least `bytes` bytes.
std::shared_ptr<const ConstantNorms> SharedConstantNorms(uint8_t constant, uint64_t bytes) {
  struct Registry {
    std::mutex mutex;
    std::array<std::weak_ptr<const ConstantNorms>, 256> arrays;
  };
  static Registry* const registry = new Registry;  // never destroyed: threads may outlive main
  std::lock_guard<std::mutex> lock(registry->mutex);
  std::weak_ptr<const ConstantNorms>& slot = registry->arrays[constant];
  std::shared_ptr<const ConstantNorms> array = slot.lock();
  if (array == nullptr || array->size() < bytes) {
    array = std::make_shared<const ConstantNorms>(bytes, constant);
    slot = array;
  }
  return array;
}

}  // namespace

absl::StatusOr<Norms> Norms::Open(const Section& norms, const NormsMeta& meta) {
  Norms result;
  result.doc_count_ = meta.doc_count;
  if (meta.codec == NormCodec::kConstant) {
    if (meta.doc_count > kMaxConstantNormDocs) {
      return Error(ErrorCode::kDataLoss, Cat("found constant norms for ", meta.doc_count,
                                             " documents, wanted at most ", kMaxConstantNormDocs));
    }
    std::shared_ptr<const ConstantNorms> array =
        SharedConstantNorms(meta.constant, PaddedNormBytes(meta.doc_count));
    result.data_ = array->data();
    result.owner_ = std::move(array);
    result.constant_ = true;
    return result;
  }
  if (meta.codec == NormCodec::kSparse) {
    if (meta.doc_count > kMaxSparseNormDocs) {
      return Error(ErrorCode::kDataLoss, Cat("found sparse norms for ", meta.doc_count,
                                             " documents, wanted at most ", kMaxSparseNormDocs));
    }
    SEGUE_ASSIGN_OR_RETURN(result.sparse_, SparseNorms::Open(norms, meta));
    return result;
  }
  if (meta.bytes != PaddedNormBytes(meta.doc_count)) {
    return norms.Corrupt(meta.offset,
                         Cat("found ", meta.bytes, " bytes of norms for ", meta.doc_count,
                             " documents, wanted ", PaddedNormBytes(meta.doc_count)));
  }
  struct Pinned {
    Section section;  // keeps the mapping
    PinnedBytes bytes;
  };
  auto pinned = std::make_shared<Pinned>();
  pinned->section = norms;
  SEGUE_ASSIGN_OR_RETURN(pinned->bytes, norms.Pin(meta.offset, meta.bytes));
  result.data_ = pinned->bytes.data();
  result.owner_ = std::move(pinned);
  return result;
}

}  // namespace segue

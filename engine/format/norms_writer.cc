// SPDX-License-Identifier: Apache-2.0
//
// A field's norms in the norms file: aligned to 64 bytes, a byte per document, zeros up to a whole
// group of 256 documents, 64 zeros. A constant field writes nothing, a sparse one its entries.
#include "engine/format/norms_writer.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "engine/base/status.h"
#include "engine/base/strings.h"
#include "engine/format/sparse_norms.h"

namespace segue {
namespace {

constexpr uint64_t kNormAlignment = 64;

}  // namespace

absl::StatusOr<NormsMeta> NormsWriter::Add(std::span<const uint8_t> norms) {
  if (norms.size() > kEndOfDocs) {
    return Error(ErrorCode::kInvalidArgument, Cat("norms for ", norms.size(), " documents"));
  }
  NormsMeta meta;
  meta.doc_count = static_cast<DocId>(norms.size());
  const bool constant =
      std::all_of(norms.begin(), norms.end(), [&](uint8_t norm) { return norm == norms.front(); });
  if (constant && norms.size() <= kMaxConstantNormDocs) {
    meta.codec = NormCodec::kConstant;
    meta.constant = norms.empty() ? 0 : norms.front();
    return meta;
  }
  const auto with_field = static_cast<uint64_t>(
      norms.size() - static_cast<size_t>(std::count(norms.begin(), norms.end(), uint8_t{0})));
  if (norms.size() <= kMaxSparseNormDocs && with_field * kSparseNormDocs <= norms.size()) {
    const std::string entries = EncodeSparseNorms(norms);
    meta.codec = NormCodec::kSparse;
    meta.offset = file_->offset();
    meta.bytes = entries.size();
    SEGUE_RETURN_IF_ERROR(file_->Append(entries));
    return meta;
  }
  SEGUE_RETURN_IF_ERROR(file_->AlignTo(kNormAlignment));
  meta.offset = file_->offset();
  meta.bytes = PaddedNormBytes(meta.doc_count);
  SEGUE_RETURN_IF_ERROR(
      file_->Append(std::string_view(reinterpret_cast<const char*>(norms.data()), norms.size())));
  SEGUE_RETURN_IF_ERROR(file_->Append(std::string(meta.bytes - norms.size(), '\0')));
  return meta;
}

}  // namespace segue

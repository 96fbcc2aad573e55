// SPDX-License-Identifier: Apache-2.0
//
// The metadata of a field's norms: codec and document count, then the constant byte (codec 1) or
// where the bytes lie (codecs 0 and 2).
#include "engine/format/norms_format.h"

#include "engine/base/status.h"
#include "engine/base/strings.h"

namespace segue {

uint64_t PaddedNormBytes(DocId doc_count) {
  const uint64_t groups = (uint64_t{doc_count} + kNormGroupDocs - 1) / kNormGroupDocs;
  return groups * kNormGroupDocs + kNormSlackBytes;
}

void NormsMeta::Encode(ByteWriter* out) const {
  out->PutU8(static_cast<uint8_t>(codec));
  out->PutVarint32(doc_count);
  if (codec == NormCodec::kConstant) {
    out->PutU8(constant);
  } else {
    out->PutVarint64(offset);
    out->PutVarint64(bytes);
  }
}

absl::StatusOr<NormsMeta> NormsMeta::Decode(ByteReader* in) {
  const size_t start = in->position();
  NormsMeta meta;
  uint8_t codec = 0;
  in->ReadU8(&codec);
  in->ReadVarint32(&meta.doc_count);
  if (codec == static_cast<uint8_t>(NormCodec::kConstant)) {
    in->ReadU8(&meta.constant);
  } else {
    in->ReadVarint64(&meta.offset);
    in->ReadVarint64(&meta.bytes);
  }
  const auto bad = [&](std::string_view what) {
    return Error(ErrorCode::kDataLoss, Cat("norms entry at byte ", start, ": ", what));
  };
  if (!in->ok()) return bad(Cat("ends early at byte ", in->position()));
  if (codec > static_cast<uint8_t>(NormCodec::kSparse)) {
    return Error(ErrorCode::kVersion,
                 Cat("norms entry at byte ", start, ": codec ", codec, " is of a newer segue"));
  }
  meta.codec = static_cast<NormCodec>(codec);
  if (meta.doc_count > kEndOfDocs) return bad(Cat("found ", meta.doc_count, " documents"));
  if (meta.codec == NormCodec::kConstant && meta.doc_count > kMaxConstantNormDocs) {
    return bad(Cat("found constant norms for ", meta.doc_count, " documents, wanted at most ",
                   kMaxConstantNormDocs));
  }
  if (meta.codec == NormCodec::kSparse && meta.doc_count > kMaxSparseNormDocs) {
    return bad(Cat("found sparse norms for ", meta.doc_count, " documents, wanted at most ",
                   kMaxSparseNormDocs));
  }
  if (meta.codec == NormCodec::kLuceneByte && meta.bytes != PaddedNormBytes(meta.doc_count)) {
    return bad(Cat("found ", meta.bytes, " bytes for ", meta.doc_count, " documents, wanted ",
                   PaddedNormBytes(meta.doc_count)));
  }
  return meta;
}

}  // namespace segue

// SPDX-License-Identifier: Apache-2.0
//
// The field's entry in the segment metadata: a row of varints in the order of the struct.
#include "engine/format/dictionary_format.h"

#include "engine/base/status.h"
#include "engine/base/strings.h"

namespace segue {

void DictionaryFieldMeta::Encode(ByteWriter* out) const {
  out->PutVarint64(term_count);
  out->PutVarint64(blocks_offset);
  out->PutVarint64(blocks_bytes);
  out->PutVarint64(index_offset);
  out->PutVarint64(index_bytes);
  out->PutVarint32(max_doc_freq);
  out->PutVarint32(max_single_doc);
}

absl::StatusOr<DictionaryFieldMeta> DictionaryFieldMeta::Decode(ByteReader* in) {
  const size_t start = in->position();
  DictionaryFieldMeta meta;
  in->ReadVarint64(&meta.term_count);
  in->ReadVarint64(&meta.blocks_offset);
  in->ReadVarint64(&meta.blocks_bytes);
  in->ReadVarint64(&meta.index_offset);
  in->ReadVarint64(&meta.index_bytes);
  in->ReadVarint32(&meta.max_doc_freq);
  in->ReadVarint32(&meta.max_single_doc);
  if (!in->ok()) {
    return Error(ErrorCode::kDataLoss,
                 Cat("dictionary entry at byte ", start, ": ends early at byte ", in->position()));
  }
  // Dividing first keeps the block count from overflowing.
  const uint64_t block_count =
      meta.term_count / kTermsPerBlock + (meta.term_count % kTermsPerBlock != 0);
  if (block_count > meta.blocks_bytes || block_count > meta.index_bytes) {
    return Error(
        ErrorCode::kDataLoss,
        Cat("dictionary entry at byte ", start, ": ", meta.term_count, " terms cannot lie in ",
            meta.blocks_bytes, " bytes with an index of ", meta.index_bytes, " bytes"));
  }
  if (meta.max_single_doc >= kEndOfDocs || meta.max_doc_freq > kEndOfDocs) {
    return Error(ErrorCode::kDataLoss,
                 Cat("dictionary entry at byte ", start, ": document ", meta.max_single_doc,
                     " or frequency ", meta.max_doc_freq, " is not below ", kEndOfDocs));
  }
  return meta;
}

}  // namespace segue

// SPDX-License-Identifier: Apache-2.0
//
// A field's dictionary in the terms file: its blocks of 32 terms one after the other, then, aligned
// to 8 bytes, its block index. The grammar of a block stands in dictionary_block.h, that of the
// index in dictionary_index.h; where both lie is in the segment metadata.
#include "engine/format/dictionary_writer.h"

#include <algorithm>

#include "engine/base/limits.h"
#include "engine/base/status.h"
#include "engine/base/strings.h"

namespace segue {
namespace {

constexpr uint64_t kIndexAlignment = 8;

// Whether a list of `bytes` at `offset` follows the lists before it.
bool Follows(const std::optional<uint64_t>& next, uint64_t offset, uint64_t bytes) {
  return bytes == 0 || ((!next || *next == offset) && offset <= UINT64_MAX - bytes);
}

// The offset that readers will compute for a list.
uint64_t RunningOffset(std::optional<uint64_t>* next, uint64_t offset, uint64_t bytes) {
  if (bytes == 0) return next->value_or(0);
  *next = offset + bytes;
  return offset;
}

}  // namespace

DictionaryWriter::DictionaryWriter(FramedWriter* file) : file_(file) {}

absl::Status DictionaryWriter::StartField(FieldId field) {
  if (open_) {
    return Error(ErrorCode::kFailedPrecondition,
                 Cat("field ", field_, " of the dictionary is still open"));
  }
  open_ = true;
  field_ = field;
  meta_ = {};
  meta_.blocks_offset = file_->offset();
  first_term_.clear();
  last_term_.clear();
  separator_.clear();
  next_post_ = next_pos_ = next_bound_ = std::nullopt;
  return absl::OkStatus();
}

absl::Status DictionaryWriter::Check(std::string_view term, const TermMeta& meta) const {
  const auto bad = [&](std::string_view what) {
    return Error(ErrorCode::kInvalidArgument,
                 Cat("term ", Quoted(term), " of field ", field_, ": ", what));
  };
  if (!open_) return Error(ErrorCode::kFailedPrecondition, "no field of the dictionary is open");
  if (term.size() > kMaxTermBytes) return bad(Cat("longer than ", kMaxTermBytes, " bytes"));
  if (meta_.term_count > 0 && term <= last_term_) return bad("not above the term before");
  if (meta.doc_freq == 0 || meta.doc_freq > kEndOfDocs || meta.total_freq < meta.doc_freq) {
    return bad(Cat(meta.total_freq, " occurrences in ", meta.doc_freq, " documents"));
  }
  if (meta.doc_freq == 1 && (meta.single_doc >= kEndOfDocs || meta.post_bytes != 0)) {
    return bad("a term of one document with postings, or with a document that is none");
  }
  if (!Follows(next_post_, meta.post_offset, meta.post_bytes) ||
      !Follows(next_pos_, meta.pos_offset, meta.pos_bytes) ||
      !Follows(next_bound_, meta.bound_offset, meta.bound_bytes)) {
    return bad("its lists do not follow those of the term before");
  }
  return absl::OkStatus();
}

absl::Status DictionaryWriter::Add(std::string_view term, const TermMeta& meta) {
  SEGUE_RETURN_IF_ERROR(Check(term, meta));
  if (block_.full()) SEGUE_RETURN_IF_ERROR(FlushBlock());
  if (block_.term_count() == 0) {
    // The shortest prefix that is above the last term. In the first block nothing asks for it.
    const auto shared = static_cast<size_t>(
        std::mismatch(term.begin(), term.end(), last_term_.begin(), last_term_.end()).first -
        term.begin());
    separator_ = term.substr(0, shared + 1);
  }
  if (meta_.term_count == 0) first_term_ = term;
  last_term_ = term;
  ++meta_.term_count;
  meta_.max_doc_freq = std::max(meta_.max_doc_freq, meta.doc_freq);

  TermMeta stored = meta;
  if (meta.doc_freq == 1) {
    meta_.max_single_doc = std::max(meta_.max_single_doc, meta.single_doc);
  } else {
    stored.single_doc = 0;
  }
  stored.post_offset = RunningOffset(&next_post_, meta.post_offset, meta.post_bytes);
  stored.pos_offset = RunningOffset(&next_pos_, meta.pos_offset, meta.pos_bytes);
  stored.bound_offset = RunningOffset(&next_bound_, meta.bound_offset, meta.bound_bytes);
  block_.Add(term, stored);
  return absl::OkStatus();
}

absl::Status DictionaryWriter::FlushBlock() {
  index_.AddBlock(file_->offset() - meta_.blocks_offset, separator_);
  scratch_.clear();
  block_.Finish(&scratch_);
  return file_->Append(scratch_);
}

absl::StatusOr<DictionaryFieldMeta> DictionaryWriter::FinishField() {
  if (!open_) return Error(ErrorCode::kFailedPrecondition, "no field of the dictionary is open");
  if (block_.term_count() > 0) SEGUE_RETURN_IF_ERROR(FlushBlock());
  open_ = false;
  meta_.blocks_bytes = file_->offset() - meta_.blocks_offset;
  SEGUE_RETURN_IF_ERROR(file_->AlignTo(kIndexAlignment));
  meta_.index_offset = file_->offset();
  SEGUE_RETURN_IF_ERROR(file_->Append(index_.Finish(first_term_, last_term_, meta_.blocks_bytes)));
  meta_.index_bytes = file_->offset() - meta_.index_offset;
  return meta_;
}

}  // namespace segue

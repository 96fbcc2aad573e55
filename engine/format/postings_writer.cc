// SPDX-License-Identifier: Apache-2.0
//
// Encoding is ListEncoder's. Here lists get their places, and positions of long
// lists are written while the list is still encoded.
#include "engine/format/postings_writer.h"

#include <algorithm>
#include <utility>

#include "engine/base/check.h"
#include "engine/base/status.h"
#include "engine/io/framed_file.h"

namespace segue {
namespace {

// So many bytes of positions are worth a call of the file.
constexpr size_t kPositionBytesAtOnce = 4096;
// Or those of so many postings.
constexpr size_t kPostingsAtOnce = 4096;

absl::Status AppendPadded(const PaddedBytes& bytes, FramedWriter* file) {
  SEGUE_RETURN_IF_ERROR(file->Append(bytes.head));
  if (bytes.alignment != 0) SEGUE_RETURN_IF_ERROR(file->AlignTo(bytes.alignment));
  return bytes.tail.empty() ? absl::OkStatus() : file->Append(bytes.tail);
}

}  // namespace

PostingsWriter::PostingsWriter(FramedWriter* post, FramedWriter* pos, FramedWriter* bound)
    : post_(post), pos_(pos), bound_(bound) {}

PostingsWriter::~PostingsWriter() = default;

void PostingsWriter::StartField(const PostingsWriterOptions& options) {
  SEGUE_DCHECK(!options.has_positions || pos_ != nullptr);
  has_positions_ = options.has_positions;
  encoder_ = std::make_unique<ListEncoder>(options);
  StartTerm();
}

void PostingsWriter::StartTerm() {
  encoder_->StartTerm();
  pos_begin_ = pos_ == nullptr ? 0 : pos_->offset();
}

absl::Status PostingsWriter::Add(DocId doc, uint32_t freq, std::span<const uint32_t> positions) {
  SEGUE_RETURN_IF_ERROR(status_);
  return WritePositions(encoder_->Add(doc, freq, positions));
}

absl::Status PostingsWriter::Add(std::span<const uint64_t> postings) {
  SEGUE_RETURN_IF_ERROR(status_);
  while (!postings.empty()) {
    size_t count = std::min(postings.size(), kPostingsAtOnce);
    const uint64_t last = postings[count - 1] >> 32;
    while (count < postings.size() && postings[count] >> 32 == last) ++count;
    SEGUE_RETURN_IF_ERROR(WritePositions(encoder_->Add(postings.first(count))));
    postings = postings.subspan(count);
  }
  return absl::OkStatus();
}

absl::Status PostingsWriter::WritePositions(absl::Status added) {
  status_ = std::move(added);
  if (encoder_->positions().size() >= kPositionBytesAtOnce && status_.ok()) {
    status_ = pos_->Append(encoder_->positions());
    encoder_->DropPositions();
  }
  return status_;
}

absl::StatusOr<TermMeta> PostingsWriter::FinishTerm() {
  SEGUE_RETURN_IF_ERROR(status_);
  EncodedList list;
  TermMeta meta;
  status_ = encoder_->FinishTerm(&list);
  if (status_.ok()) status_ = Write(list, &meta);
  SEGUE_RETURN_IF_ERROR(status_);
  StartTerm();
  return meta;
}

absl::StatusOr<TermMeta> PostingsWriter::Append(const EncodedList& list) {
  SEGUE_RETURN_IF_ERROR(status_);
  TermMeta meta;
  pos_begin_ = pos_ == nullptr ? 0 : pos_->offset();
  status_ = Write(list, &meta);
  SEGUE_RETURN_IF_ERROR(status_);
  return meta;
}

absl::Status PostingsWriter::Write(const EncodedList& list, TermMeta* meta) {
  meta->doc_freq = list.doc_freq;
  meta->total_freq = list.total_freq;
  meta->single_doc = list.single_doc;
  if (has_positions_) {
    SEGUE_RETURN_IF_ERROR(pos_->Append(list.positions));
    meta->pos_offset = pos_begin_;
    meta->pos_bytes = pos_->offset() - pos_begin_;
  }
  meta->post_offset = post_->offset();
  meta->bound_offset = bound_->offset();
  if (list.doc_freq == 1) return absl::OkStatus();
  SEGUE_RETURN_IF_ERROR(AppendPadded(list.postings, post_));
  meta->post_bytes = post_->offset() - meta->post_offset;
  if (list.doc_freq < kBoundMinDocFreq) return absl::OkStatus();
  SEGUE_RETURN_IF_ERROR(AppendPadded(list.bounds, bound_));
  meta->bound_bytes = bound_->offset() - meta->bound_offset;
  return absl::OkStatus();
}

}  // namespace segue

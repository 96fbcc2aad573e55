// SPDX-License-Identifier: Apache-2.0
//
// PostingsWriter: the lists of one segment, term after term, into three files.
//
//   PostingsWriter writer(post.get(), pos.get(), bound.get());
//   writer.StartField({.doc_count = n, .norms = norms, .has_freqs = true, …});
//   for each term in dictionary order:
//     writer.StartTerm();
//     for each document, ascending: writer.Add(doc, freq, positions)
//     TermMeta meta = writer.FinishTerm()
//     or, for a list that another ListEncoder made: meta = writer.Append(list)
//
// Memory: the encoded bytes of the current list (1-2 bytes a posting) and of
// some thousand positions. One thread at a time. The first failure sticks: the
// files are then to be thrown away.

#ifndef SEGUE_FORMAT_POSTINGS_WRITER_H_
#define SEGUE_FORMAT_POSTINGS_WRITER_H_

#include <cstdint>
#include <memory>
#include <span>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "engine/base/types.h"
#include "engine/format/list_encoder.h"
#include "engine/format/term_meta.h"

namespace segue {

class FramedWriter;

class PostingsWriter {
 public:
  // The writers must outlive this object; it appends to them and neither
  // finishes nor syncs them. `pos` may be null when no field has positions.
  PostingsWriter(FramedWriter* post, FramedWriter* pos, FramedWriter* bound);
  ~PostingsWriter();
  PostingsWriter(const PostingsWriter&) = delete;
  PostingsWriter& operator=(const PostingsWriter&) = delete;

  void StartField(const PostingsWriterOptions& options);
  void StartTerm();

  // Adds one document. REQUIRES (checked, kInvalidArgument): `doc` above the
  // last one and below doc_count; freq >= 1; positions.size() == freq in a
  // field with positions and 0 otherwise; positions never descending (equal
  // ones are synonyms at one place) and below 2^31. Without frequencies `freq`
  // is taken as 1.
  absl::Status Add(DocId doc, uint32_t freq, std::span<const uint32_t> positions);
  // The same for whole documents, each posting document << 32 | position.
  absl::Status Add(std::span<const uint64_t> postings);

  // Writes the list. A term needs at least one document. kResourceExhausted
  // when the list passes 4 GiB in one file.
  absl::StatusOr<TermMeta> FinishTerm();

  // Writes a list that was encoded elsewhere, under the field's options.
  absl::StatusOr<TermMeta> Append(const EncodedList& list);

 private:
  // After something was added with that outcome.
  absl::Status WritePositions(absl::Status added);
  absl::Status Write(const EncodedList& list, TermMeta* meta);

  FramedWriter* const post_;
  FramedWriter* const pos_;
  FramedWriter* const bound_;
  bool has_positions_ = false;
  std::unique_ptr<ListEncoder> encoder_;  // of the field
  uint64_t pos_begin_ = 0;                // where the term's positions begin
  absl::Status status_;                   // the first failure
};

}  // namespace segue

#endif  // SEGUE_FORMAT_POSTINGS_WRITER_H_

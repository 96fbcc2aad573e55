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
//
// Memory: the encoded bytes of the current list (1-2 bytes a posting) and of
// one block of positions. One thread at a time. The first failure sticks: the
// files are then to be thrown away.

#ifndef SEGUE_FORMAT_POSTINGS_WRITER_H_
#define SEGUE_FORMAT_POSTINGS_WRITER_H_

#include <cstdint>
#include <memory>
#include <span>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "engine/base/types.h"
#include "engine/format/postings_format.h"
#include "engine/format/term_meta.h"

namespace segue {

class FramedWriter;

// What holds for all terms of one field.
struct PostingsWriterOptions {
  // Documents of the segment: every document number is below it.
  uint32_t doc_count = 0;
  // Norm byte of each document (a larger byte never scores higher), or nullptr
  // when all are 1. Must outlive the field's last FinishTerm().
  const uint8_t* norms = nullptr;
  // Without frequencies every document counts as holding a term once.
  bool has_freqs = true;
  bool has_positions = true;  // needs has_freqs
  // What the derived window maps are computed with (BM25, Lucene's form).
  float k1 = 1.2f;
  float b = 0.75f;
  float average_length = 1;
};

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

  // Writes the list. A term needs at least one document. kResourceExhausted
  // when the list passes 4 GiB in one file.
  absl::StatusOr<TermMeta> FinishTerm();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace segue

#endif  // SEGUE_FORMAT_POSTINGS_WRITER_H_

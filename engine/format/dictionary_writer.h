// SPDX-License-Identifier: Apache-2.0
//
// Writes the term dictionaries of a segment's fields, one after the other, into one terms file.
//
//   DictionaryWriter writer(terms_file);
//   writer.StartField(field);
//   for (each term in ascending byte order) writer.Add(term, meta);
//   DictionaryFieldMeta meta = writer.FinishField().value();
#ifndef SEGUE_FORMAT_DICTIONARY_WRITER_H_
#define SEGUE_FORMAT_DICTIONARY_WRITER_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "engine/base/types.h"
#include "engine/format/dictionary_block.h"
#include "engine/format/dictionary_format.h"
#include "engine/format/dictionary_index.h"
#include "engine/io/framed_file.h"

namespace segue {

// Not thread-safe. Memory: one block plus about 12 bytes for every 32 terms of the current field
// (more where first terms share long prefixes).
class DictionaryWriter {
 public:
  // `file` must outlive the writer; other writers may append to it between two fields.
  explicit DictionaryWriter(FramedWriter* file);

  DictionaryWriter(const DictionaryWriter&) = delete;
  DictionaryWriter& operator=(const DictionaryWriter&) = delete;

  // Begins the dictionary of a field. REQUIRES: no field is open.
  absl::Status StartField(FieldId field);

  // Adds a term. Terms come in strictly ascending byte order; lists of all terms with
  // doc_freq > 1 lie in term order and without gaps in the postings file, and likewise positions
  // and bounds of all terms: each offset equals the offset plus the bytes of the term before. A
  // list of no bytes may have any offset (readers get the running sum, which lies within the file).
  // doc_freq == 1: `single_doc` is kept, post_bytes is 0.
  // Errors (kInvalidArgument): order, a term over kMaxTermBytes, doc_freq 0,
  // total_freq < doc_freq, offsets that do not follow each other.
  absl::Status Add(std::string_view term, const TermMeta& meta);

  // Writes what is left and the block index, and closes the field. A field without terms is legal.
  absl::StatusOr<DictionaryFieldMeta> FinishField();

 private:
  absl::Status Check(std::string_view term, const TermMeta& meta) const;
  absl::Status FlushBlock();

  FramedWriter* file_;
  bool open_ = false;
  FieldId field_ = 0;
  DictionaryFieldMeta meta_;
  std::string first_term_;
  std::string last_term_;
  // Where the next term's lists must start; unknown before the field's first list of each kind.
  std::optional<uint64_t> next_post_, next_pos_, next_bound_;
  std::string separator_;  // between the block being filled and the one before
  DictionaryBlockBuilder block_;
  DictionaryIndexBuilder index_;
  std::string scratch_;
};

}  // namespace segue

#endif  // SEGUE_FORMAT_DICTIONARY_WRITER_H_

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

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "engine/base/types.h"
#include "engine/format/dictionary_format.h"
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
  // list of no bytes may have any offset (readers get the running sum).
  // doc_freq == 1: `single_doc` is kept, post_bytes is 0.
  // Errors (kInvalidArgument): order, a term over kMaxTermBytes, doc_freq 0,
  // total_freq < doc_freq, offsets that do not follow each other.
  absl::Status Add(std::string_view term, const TermMeta& meta);

  // Writes what is left and the block index, and closes the field. A field without terms is legal.
  absl::StatusOr<DictionaryFieldMeta> FinishField();

 private:
  absl::Status CheckOrder(std::string_view term, const TermMeta& meta);
  absl::Status FlushBlock();
  void AppendIndexEntry(std::string_view separator);
  std::string EncodeIndex() const;

  FramedWriter* file_;
  bool open_ = false;
  FieldId field_ = 0;
  DictionaryFieldMeta meta_;
  std::string last_term_;
  uint64_t next_post_ = 0, next_pos_ = 0, next_bound_ = 0;

  // The block being filled.
  uint32_t terms_in_block_ = 0;
  std::string first_term_;
  std::string heads_;     // one byte per term after the first: prefix and suffix lengths
  std::string escapes_;   // lengths that do not fit the head byte
  std::string suffixes_;
  std::array<TermMeta, kTermsPerBlock> metas_;

  // The block index being collected.
  std::vector<uint64_t> block_offsets_;
  std::string separators_;                // shortest strings that part neighbouring blocks
  std::vector<uint64_t> separator_ends_;
};

}  // namespace segue

#endif  // SEGUE_FORMAT_DICTIONARY_WRITER_H_

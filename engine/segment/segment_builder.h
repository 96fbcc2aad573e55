// SPDX-License-Identifier: Apache-2.0
//
// SegmentBuilder: writes the files of one segment. Flush and merge both drive
// it, so that a segment is the same however it came about.
//
// Calls come in this order; parts that a segment does not have are left out:
//
//   Create(env, dir, id, doc_count)
//   AddField(spec)                       each field, by ascending id
//   for each field with terms, by ascending id:
//     StartTerms(id, norms, average_length)
//     for each term, in byte order:
//       StartTerm(); Add(doc, freq, positions) for each document; FinishTerm(term)
//       or AddTerm(term, list), encoded under list_options()
//     FinishTerms(lengths)
//   for each field with a column, by ascending id:
//     StartColumn(id); values through the ColumnWriter; FinishColumn(the same values again)
//   StartStored(codec, dictionary)       for others than Snappy
//   AddStored(encoded)                   each document, if anything is stored
//   AddKey(key)                          each document, if there is a key field
//   Finish()                             syncs the files at once, returns the manifest's entry
//
// Destroyed before Finish, it removes its files. The first error sticks.
// Memory: one postings list encoded, what the format writers say, and one byte
// per document while a keyword field is written.
// One thread at a time.
#ifndef SEGUE_SEGMENT_SEGMENT_BUILDER_H_
#define SEGUE_SEGMENT_SEGMENT_BUILDER_H_

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "engine/base/types.h"
#include "engine/format/column_writer.h"
#include "engine/format/dictionary_writer.h"
#include "engine/format/key_column.h"
#include "engine/format/manifest.h"
#include "engine/format/norms_writer.h"
#include "engine/format/postings_writer.h"
#include "engine/format/segment_meta.h"
#include "engine/format/stored_writer.h"
#include "engine/io/framed_file.h"
#include "segue/env.h"

namespace segue {

// What a segment says of a field before any of its data.
struct SegmentFieldSpec {
  FieldId id = 0;
  std::string name;
  ValueType type = ValueType::kText;
  bool freqs = false;      // of the postings, for fields with terms
  bool positions = false;  // needs freqs
  bool stored = false;
  bool multi = false;
  uint64_t analyzer_fingerprint = 0;  // 0: no analyzer
  float k1 = 1.2f;                    // for the derived bounds
  float b = 0.75f;
};

// What only a walk over all documents of a field can tell.
struct SegmentFieldLengths {
  DocId doc_count = 0;      // documents with at least one token
  uint32_t min_length = 0;  // tokens, over those
  uint32_t max_length = 0;
};

class SegmentBuilder {
 public:
  // REQUIRES: doc_count <= kMaxDocsInSegment. `env` must outlive the builder.
  SegmentBuilder(Env* env, std::string dir, SegmentId id, DocId doc_count);
  ~SegmentBuilder();
  SegmentBuilder(const SegmentBuilder&) = delete;
  SegmentBuilder& operator=(const SegmentBuilder&) = delete;

  // The norm byte of a field of so many tokens.
  static uint8_t NormOfLength(uint32_t length);

  absl::Status AddField(const SegmentFieldSpec& spec);

  // `norms`: one byte per document, alive until FinishTerms; empty: every
  // document has norm 1. `average_length`: what the derived bounds are computed
  // with; any positive number is safe, the segment's own is useful.
  absl::Status StartTerms(FieldId field, std::span<const uint8_t> norms, float average_length);
  void StartTerm() { postings_->StartTerm(); }
  absl::Status Add(DocId doc, uint32_t freq, std::span<const uint32_t> positions) {
    return postings_->Add(doc, freq, positions);
  }
  absl::Status Add(std::span<const uint64_t> postings) { return postings_->Add(postings); }
  absl::Status FinishTerm(std::string_view term);
  // A term whose list a ListEncoder with list_options() made.
  absl::Status AddTerm(std::string_view term, const EncodedList& list);
  // Those of the field whose terms are being written.
  const PostingsWriterOptions& list_options() const { return list_options_; }
  absl::Status FinishTerms(const SegmentFieldLengths& lengths);

  // The writer belongs to the builder and lives until FinishColumn.
  absl::StatusOr<ColumnWriter*> StartColumn(FieldId field);
  absl::Status FinishColumn(ColumnValues values);

  absl::Status StartStored(StoredCodec codec, std::string dictionary);
  absl::Status AddStored(std::string_view encoded);
  absl::Status AddKey(std::string_view key);

  absl::StatusOr<ManifestSegment> Finish();

 private:
  absl::StatusOr<FramedWriter*> Open(FileKind kind);
  SegmentFieldMeta* Find(FieldId field);
  absl::Status AddToDictionary(std::string_view term, const TermMeta& meta);
  absl::StatusOr<std::unique_ptr<FramedWriter>> WriteMeta();

  struct OpenFile {
    FileKind kind;
    std::unique_ptr<FramedWriter> writer;
  };

  Env* const env_;
  const std::string dir_;
  SegmentMeta meta_;
  std::vector<SegmentFieldSpec> specs_;  // beside meta_.fields
  std::vector<OpenFile> files_;
  bool done_ = false;

  std::unique_ptr<PostingsWriter> postings_;
  PostingsWriterOptions list_options_;
  std::unique_ptr<DictionaryWriter> dictionary_;
  std::unique_ptr<NormsWriter> norms_;
  SegmentFieldMeta* terms_field_ = nullptr;  // between StartTerms and FinishTerms
  std::unique_ptr<ColumnWriter> column_;
  SegmentFieldMeta* column_field_ = nullptr;
  std::unique_ptr<StoredWriter> stored_;
  DocId stored_count_ = 0;
  std::unique_ptr<KeyColumnWriter> keys_;
  DocId key_count_ = 0;
};

}  // namespace segue

#endif  // SEGUE_SEGMENT_SEGMENT_BUILDER_H_

// SPDX-License-Identifier: Apache-2.0
//
// An immutable segment, open for reading: its fields, dictionaries, postings,
// norms, columns, stored documents and keys, and which documents are live.
//
// Open() opens (maps) every file of the segment before it returns, so that
// unlinking the files later does not disturb it. A Segment never changes: where
// documents are deleted or values set, WithLive, WithValues and InGeneration make a new one over
// the same files, which shares all but the live documents or those values.
//
// Threads: all of it may be used by any number of threads at once.
// Errors: bad bytes are kDataLoss with file, offset, found and wanted; a file
// that cannot be opened is kNotFound, kIo or kResourceExhausted.
#ifndef SEGUE_SEGMENT_SEGMENT_H_
#define SEGUE_SEGMENT_SEGMENT_H_

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "engine/base/bitset.h"
#include "engine/base/types.h"
#include "engine/format/norms_reader.h"
#include "engine/format/segment_meta.h"
#include "engine/io/framed_file.h"
#include "segue/env.h"
#include "segue/schema.h"
#include "segue/statistics.h"

namespace segue {

class Column;
class Dictionary;
class KeyColumn;
class StoredReader;
struct PostingsSource;  // engine/format/postings_reader.h
struct ManifestFile;    // engine/format/manifest.h
struct ManifestSegment;
struct SetValues;  // engine/format/set_values.h

// One field of one segment. Lives as long as its Segment.
class SegmentField {
 public:
  const std::string& name() const { return meta_->name; }
  FieldId id() const { return meta_->field; }
  FieldType type() const { return meta_->type; }
  bool stored() const { return meta_->stored; }
  bool multi() const { return meta_->multi; }
  // Identity of the analyzer that made the terms; 0 where none did.
  uint64_t analyzer_fingerprint() const { return meta_->analyzer_fingerprint; }

  // Documents with at least one token, and tokens. Deleted documents count.
  const FieldStatistics& statistics() const { return statistics_; }
  // Sum over the field's terms of the documents that hold them.
  uint64_t sum_doc_freq() const { return meta_->sum_doc_freq; }
  // Tokens of the shortest and the longest document that has any; after a merge
  // that dropped documents they may be a little wide.
  uint32_t min_length() const { return meta_->min_length; }
  uint32_t max_length() const { return meta_->max_length; }
  bool has_freqs() const { return meta_->freqs; }
  bool has_positions() const { return meta_->positions; }

  // nullptr if the field has no terms in this segment (a number, or only
  // stored).
  const Dictionary* dictionary() const { return dictionary_; }
  // Encoded length of each document (EncodeLength): doc_count bytes, and 64
  // more readable ones; a keyword's are all 1. Ask once, not for each document: where few
  // documents have the field the first call spreads them out, and throws std::bad_alloc where
  // there is no memory for that. REQUIRES: dictionary() != nullptr.
  const uint8_t* norms() const { return norms_->data(); }
  // Calls visit(DocId, uint8_t) for each document that has a norm other than 0, in order, without
  // that memory. REQUIRES: dictionary() != nullptr.
  template <typename Visitor>
  void ForEachNorm(Visitor&& visit) const {
    norms_->ForEach(visit);
  }
  // REQUIRES: dictionary() != nullptr.
  const PostingsSource& postings() const { return *postings_; }
  // nullptr if the field has no column in this segment. With the values that were set since.
  const Column* column() const { return column_; }

  // What the derived bounds (window maps, champion lists) of this field were
  // built with.
  BoundParameters bounds() const { return meta_->bounds.value_or(BoundParameters{}); }
  const SegmentFieldMeta& meta() const { return *meta_; }

 private:
  friend class Segment;
  const SegmentFieldMeta* meta_ = nullptr;
  FieldStatistics statistics_;
  const Dictionary* dictionary_ = nullptr;
  const Norms* norms_ = nullptr;
  const PostingsSource* postings_ = nullptr;
  const Column* column_ = nullptr;
};

class Segment {
 public:
  // Opens the segment that `entry` of a manifest names, in directory `dir`.
  // Lengths are compared with the manifest at once, checksums as the options
  // say. `env` must outlive the segment.
  static absl::StatusOr<std::shared_ptr<const Segment>> Open(Env* env, std::string_view dir,
                                                             const ManifestSegment& entry,
                                                             const OpenOptions& options);
  ~Segment();

  // This segment as the entry of another generation has it: the files stay open as they are, only
  // live documents and set values are read.
  // REQUIRES: the entry lists the files that this segment was opened with.
  absl::StatusOr<std::shared_ptr<const Segment>> InGeneration(Env* env, std::string_view dir,
                                                              const ManifestSegment& entry,
                                                              const OpenOptions& options) const;

  // The same files with other live documents; nullptr: all are live.
  // REQUIRES: live is nullptr or has doc_count() bits.
  std::shared_ptr<const Segment> WithLive(std::shared_ptr<const Bitset> live) const;

  // The same files and live documents with the values of an overlay file in directory `dir`.
  absl::StatusOr<std::shared_ptr<const Segment>> WithValues(Env* env, std::string_view dir,
                                                            const ManifestFile& file,
                                                            const OpenOptions& options) const;

  SegmentId id() const { return id_; }
  // Documents are numbered 0 .. doc_count() - 1, deleted ones included. Below 2^31.
  uint32_t doc_count() const { return doc_count_; }
  uint32_t live_count() const { return live_count_; }
  // nullptr: all documents are live.
  const Bitset* live() const { return live_.get(); }
  bool IsLive(DocId doc) const { return live_ == nullptr || live_->Test(doc); }

  // Fields that this segment has anything of, by ascending id.
  std::span<const SegmentField> fields() const;
  // nullptr: no document of this segment has the field.
  const SegmentField* field(std::string_view name) const;
  const SegmentField* field(FieldId id) const;

  // The values that were set since the segment was written; nullptr: none.
  const SetValues* set_values() const;

  // nullptr: nothing stored, no key field.
  const StoredReader* stored() const;
  const KeyColumn* keys() const;

  // The live document with this key, a term of `field`, the schema's key field.
  // kEndOfDocs if there is none.
  absl::StatusOr<DocId> FindKey(std::string_view field, std::string_view key) const;

  // File names and their lengths in bytes, overlays not among them.
  const std::vector<std::pair<std::string, uint64_t>>& files() const;
  uint64_t total_bytes() const;
  // The bodies of those files.
  std::span<const std::pair<FileKind, Section>> sections() const;
  const SegmentMeta& meta() const;

  // Reads every byte of the files, set values among them, and compares all checksums not compared
  // yet.
  absl::Status VerifyFiles() const;

 private:
  struct Parts;   // what never changes; shared by all generations
  struct Values;  // what was set since
  std::shared_ptr<Segment> Clone() const;
  void SetLive(std::shared_ptr<const Bitset> live);
  // nullptr: all are live.
  absl::StatusOr<std::shared_ptr<const Bitset>> LiveIn(Env* env, std::string_view dir,
                                                       const ManifestSegment& entry,
                                                       const OpenOptions& options) const;
  Segment() = default;

  SegmentId id_;
  uint32_t doc_count_ = 0;
  uint32_t live_count_ = 0;
  std::shared_ptr<const Bitset> live_;
  std::shared_ptr<const Values> values_;
  std::shared_ptr<const Parts> parts_;
};

}  // namespace segue

#endif  // SEGUE_SEGMENT_SEGMENT_H_

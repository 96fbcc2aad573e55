// SPDX-License-Identifier: Apache-2.0
//
// An immutable segment, open for reading: its fields, dictionaries, postings, norms, columns,
// stored documents and keys, and which of its documents are live.
//
// Open() opens (maps) every file of the segment before it returns, so that unlinking the files
// later does not disturb it. A Segment never changes: a commit that deletes documents makes a new
// Segment over the same files with another live bitmap (WithLive), which shares everything else.
//
// Threads: all of it may be used by any number of threads at once.
// Errors: open and decode errors are kDataLoss with file, offset, found and wanted; a file that
// cannot be opened is kNotFound, kIo or kResourceExhausted.
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
#include "segue/env.h"
#include "segue/schema.h"
#include "segue/statistics.h"

namespace segue {

class Column;
class Dictionary;
class KeyColumn;
class StoredReader;
struct OpenOptions;      // engine/io/framed_file.h
struct PostingsSource;   // engine/format/postings
struct ManifestSegment;  // engine/format/manifest.h

// One field of one segment. Lives as long as its Segment.
class SegmentField {
 public:
  const std::string& name() const { return name_; }
  FieldId id() const { return id_; }
  FieldType type() const { return type_; }
  // Identity of the analyzer that made the terms; 0 where none did.
  uint64_t analyzer_fingerprint() const { return analyzer_fingerprint_; }

  // Documents with at least one token, and tokens. Deleted documents count.
  const FieldStatistics& statistics() const { return statistics_; }
  // Sum over the field's terms of the documents that hold them.
  uint64_t sum_doc_freq() const { return sum_doc_freq_; }
  bool has_freqs() const { return has_freqs_; }
  bool has_positions() const { return has_positions_; }

  // nullptr if the field has no terms in this segment (a number, or only stored).
  const Dictionary* dictionary() const { return dictionary_; }
  // Encoded length of each document (EncodeLength): doc_count bytes, and 64 more readable ones.
  // Never nullptr for a field with a dictionary; a keyword's are all 1.
  const uint8_t* norms() const { return norms_; }
  // REQUIRES: dictionary() != nullptr.
  const PostingsSource& postings() const { return *postings_; }
  // nullptr if the field has no column in this segment.
  const Column* column() const { return column_; }

  // What the derived bounds (u8 maps, champion lists) of this field were built with.
  float bounds_k1() const { return bounds_k1_; }
  float bounds_b() const { return bounds_b_; }
  float bounds_average_length() const { return bounds_average_length_; }

 private:
  friend class Segment;
  std::string name_;
  FieldId id_ = 0;
  FieldType type_ = FieldType::kText;
  uint64_t analyzer_fingerprint_ = 0;
  FieldStatistics statistics_;
  uint64_t sum_doc_freq_ = 0;
  bool has_freqs_ = false;
  bool has_positions_ = false;
  float bounds_k1_ = 0;
  float bounds_b_ = 0;
  float bounds_average_length_ = 0;
  const Dictionary* dictionary_ = nullptr;
  const uint8_t* norms_ = nullptr;
  const PostingsSource* postings_ = nullptr;
  const Column* column_ = nullptr;
};

class Segment {
 public:
  // Opens the segment that `entry` of a manifest names, in directory `dir`. Lengths are compared
  // with the manifest at once, checksums as the options say. `env` must outlive the segment.
  static absl::StatusOr<std::shared_ptr<const Segment>> Open(Env* env, std::string_view dir,
                                                             const ManifestSegment& entry,
                                                             const OpenOptions& options);
  ~Segment();

  // The same files with other live documents; nullptr: all are live.
  // REQUIRES: live is nullptr or has doc_count() bits.
  std::shared_ptr<const Segment> WithLive(std::shared_ptr<const Bitset> live) const;

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

  // nullptr: nothing stored, no key field.
  const StoredReader* stored() const;
  const KeyColumn* keys() const;

  // The live document with this key: what `field` (the schema's key) has as its term.
  // kEndOfDocs if there is none.
  absl::StatusOr<DocId> FindKey(std::string_view field, std::string_view key) const;

  // File names and their lengths in bytes, the live bitmap not among them.
  const std::vector<std::pair<std::string, uint64_t>>& files() const;
  uint64_t total_bytes() const;

 private:
  struct Parts;  // everything but the live documents; shared by all generations
  Segment() = default;

  SegmentId id_;
  uint32_t doc_count_ = 0;
  uint32_t live_count_ = 0;
  std::shared_ptr<const Bitset> live_;
  std::shared_ptr<const Parts> parts_;
};

}  // namespace segue

#endif  // SEGUE_SEGMENT_SEGMENT_H_

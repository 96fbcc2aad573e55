// SPDX-License-Identifier: Apache-2.0
//
// SegmentList: the segments that a writer works on, in document order: those of
// the last commit, those flushed or merged since, and what was deleted in each.
#ifndef SEGUE_WRITE_SEGMENT_LIST_H_
#define SEGUE_WRITE_SEGMENT_LIST_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "engine/base/bitset.h"
#include "engine/base/types.h"
#include "engine/format/manifest.h"
#include "engine/io/framed_file.h"
#include "engine/segment/segment.h"
#include "engine/write/merge_policy.h"
#include "engine/write/value_changes.h"
#include "segue/env.h"

namespace segue {

struct ListedSegment {
  ManifestSegment entry;
  std::shared_ptr<const Segment> segment;
  // Set once a document is deleted that no live file says is.
  std::optional<Bitset> live;
  // Values set since that `segment` does not have yet.
  ValueChanges notes;
  // Bytes of its set values, where they lie in memory: `entry` has no file of them then.
  uint64_t values_bytes = 0;
  // The file of set values in `entry` is in no committed generation.
  bool new_values = false;
  // In the last committed generation; its files are not the writer's to remove.
  bool committed = false;
  // Lies in memory, and has no files.
  bool in_memory = false;

  bool IsLive(DocId doc) const { return live ? live->Test(doc) : segment->IsLive(doc); }
  uint32_t live_count() const;
  // The segment as it is now, deletions included; values only as far as there are no `notes`.
  std::shared_ptr<const Segment> Current() const;
  // `live`, set if it was not.
  Bitset& MutableLive();
  bool has_set_values() const { return !notes.empty() || values_bytes != 0 || new_values; }
};

// Where the files of segments are, and how they are opened.
struct SegmentFolder {
  Env* env = nullptr;
  std::string dir;
  OpenOptions open;
};

// Opens a segment that was just written; after an error its files are gone.
absl::StatusOr<ListedSegment> OpenWritten(const SegmentFolder& folder, ManifestSegment entry);
// What cannot be removed is an orphan.
void RemoveFiles(const SegmentFolder& folder, const ListedSegment& segment);
// Only a file of set values that no committed generation has.
void RemoveNewValues(const SegmentFolder& folder, const ListedSegment& segment);
// All that no committed generation has.
void RemoveUncommitted(const SegmentFolder& folder, const ListedSegment& segment);

// Copyable: a copy is what Rollback goes back to. One thread at a time.
class SegmentList {
 public:
  struct Place {
    size_t segment;
    DocId doc;
  };

  // The live document with that key.
  absl::StatusOr<std::optional<Place>> Find(std::string_view key_field, std::string_view key) const;
  // REQUIRES: the document is live.
  void Delete(Place place);
  // Deletes all documents of a set; returns how many.
  // REQUIRES: they are live; the set has the segment's doc_count() bits.
  size_t Delete(size_t segment, const Bitset& docs);
  // REQUIRES: the document is live.
  void SetValue(Place place, FieldId field, std::optional<int64_t> value) {
    items_[place.segment].notes.Set(field, place.doc, value);
  }

  void Add(ListedSegment segment) { items_.push_back(std::move(segment)); }
  // Puts `merged` (nullopt: no document was live) in the place of a range and
  // returns what was there.
  std::vector<ListedSegment> Replace(MergeRange range, std::optional<ListedSegment> merged);

  const std::vector<ListedSegment>& items() const { return items_; }
  std::vector<ListedSegment>& items() { return items_; }
  std::vector<SegmentSize> Sizes() const;
  uint64_t live_count() const;
  // Segments in memory are the last ones: where they begin, and their bytes.
  size_t first_in_memory() const;
  uint64_t memory_bytes() const;
  // Of values set: notes, and columns in memory.
  uint64_t note_bytes() const;
  uint64_t values_bytes() const;

 private:
  std::vector<ListedSegment> items_;
};

}  // namespace segue

#endif  // SEGUE_WRITE_SEGMENT_LIST_H_

// SPDX-License-Identifier: Apache-2.0
#include "engine/write/segment_list.h"

#include <iterator>
#include <utility>

#include "engine/base/check.h"
#include "engine/base/status.h"
#include "engine/format/file_kind.h"
#include "engine/io/path.h"

namespace segue {

uint32_t ListedSegment::live_count() const {
  return live ? static_cast<uint32_t>(live->Count()) : segment->live_count();
}

std::shared_ptr<const Segment> ListedSegment::Current() const {
  if (!live) return segment;
  return segment->WithLive(std::make_shared<const Bitset>(*live));
}

Bitset& ListedSegment::MutableLive() {
  if (!live) {
    live = segment->live() != nullptr ? *segment->live() : Bitset(segment->doc_count(), true);
  }
  return *live;
}

absl::StatusOr<ListedSegment> OpenWritten(const SegmentFolder& folder, ManifestSegment entry) {
  ListedSegment listed;
  listed.entry = std::move(entry);
  absl::StatusOr<std::shared_ptr<const Segment>> segment =
      Segment::Open(folder.env, folder.dir, listed.entry, folder.open);
  if (!segment.ok()) {
    RemoveFiles(folder, listed);
    return segment.status();
  }
  listed.segment = *std::move(segment);
  return listed;
}

void RemoveFiles(const SegmentFolder& folder, const ListedSegment& segment) {
  if (segment.in_memory) return;
  for (const ManifestFile& file : segment.entry.files) {
    (void)folder.env->Remove(JoinPath(folder.dir, file.info.name));
  }
}

void RemoveNewValues(const SegmentFolder& folder, const ListedSegment& segment) {
  const ManifestFile* const file = segment.entry.Find(kValuesKind);
  if (!segment.new_values || file == nullptr) return;
  (void)folder.env->Remove(JoinPath(folder.dir, file->info.name));
}

void RemoveUncommitted(const SegmentFolder& folder, const ListedSegment& segment) {
  segment.committed ? RemoveNewValues(folder, segment) : RemoveFiles(folder, segment);
}

absl::StatusOr<std::optional<SegmentList::Place>> SegmentList::Find(std::string_view key_field,
                                                                    std::string_view key) const {
  // The newest segments first: what is replaced was often added lately.
  for (size_t i = items_.size(); i-- > 0;) {
    SEGUE_ASSIGN_OR_RETURN(const DocId doc, items_[i].segment->FindKey(key_field, key));
    if (doc != kEndOfDocs && items_[i].IsLive(doc)) return Place{i, doc};
  }
  return std::nullopt;
}

void SegmentList::Delete(Place place) {
  ListedSegment& item = items_[place.segment];
  SEGUE_DCHECK(item.IsLive(place.doc));
  item.MutableLive().Clear(place.doc);
}

size_t SegmentList::Delete(size_t segment, const Bitset& docs) {
  const size_t count = docs.Count();
  if (count > 0) items_[segment].MutableLive().AndNot(docs);
  return count;
}

std::vector<ListedSegment> SegmentList::Replace(MergeRange range,
                                                std::optional<ListedSegment> merged) {
  const auto begin = items_.begin() + static_cast<ptrdiff_t>(range.begin);
  const auto end = items_.begin() + static_cast<ptrdiff_t>(range.end);
  std::vector<ListedSegment> old(std::make_move_iterator(begin), std::make_move_iterator(end));
  const auto at = items_.erase(begin, end);
  if (merged) items_.insert(at, *std::move(merged));
  return old;
}

std::vector<SegmentSize> SegmentList::Sizes() const {
  std::vector<SegmentSize> sizes;
  for (const ListedSegment& item : items_) {
    const uint32_t docs = item.segment->doc_count();
    sizes.push_back({item.segment->total_bytes(), docs, docs - item.live_count()});
  }
  return sizes;
}

size_t SegmentList::first_in_memory() const {
  size_t first = items_.size();
  while (first > 0 && items_[first - 1].in_memory) --first;
  return first;
}

uint64_t SegmentList::memory_bytes() const {
  uint64_t bytes = 0;
  for (size_t i = first_in_memory(); i < items_.size(); ++i) {
    bytes += items_[i].segment->total_bytes();
  }
  return bytes;
}

uint64_t SegmentList::note_bytes() const {
  uint64_t bytes = 0;
  for (const ListedSegment& item : items_) bytes += item.notes.memory_bytes();
  return bytes;
}

uint64_t SegmentList::values_bytes() const {
  uint64_t bytes = 0;
  for (const ListedSegment& item : items_) bytes += item.values_bytes;
  return bytes;
}

uint64_t SegmentList::live_count() const {
  uint64_t count = 0;
  for (const ListedSegment& item : items_) count += item.live_count();
  return count;
}

}  // namespace segue

// SPDX-License-Identifier: Apache-2.0
//
// What is buffered becomes a segment: in the folder when the buffer is full or a commit wants it,
// in memory when somebody wants to look at it. A segment in memory is one like any other, only that
// its files lie in a file system of the writer's own and lose their names as soon as they are open:
// they go with the last snapshot that sees them. So nothing has to be made durable, and nothing to
// be removed after a crash.
//
// Views may be wanted many times a second. Their small segments are merged in memory while that
// takes no longer than a view may; the commit merges all of them, and writes one segment, with the
// bytes that it would have without any view, but for the metadata: the statistics that bounds were
// built with, and spans of lengths.
#include <algorithm>
#include <utility>

#include "engine/base/status.h"
#include "engine/io/path.h"
#include "engine/write/flush.h"
#include "engine/write/index_writer_impl.h"
#include "engine/write/merge_policy.h"

namespace segue {
namespace {

// What a view may take bounds what is merged for it; a segment that is larger waits for the commit.
constexpr MergePolicyOptions kMemoryMerges{.max_width = 8,
                                           .segments_per_tier = 8,
                                           .floor_bytes = uint64_t{32} << 10,
                                           .max_merged_bytes = uint64_t{512} << 10};

// Training a dictionary takes some 15 MiB. Of so much memory that is what a flush sets aside to
// sort postings, which it has done by then. A merge trains one only where a flush does, so that it
// writes the bytes that one flush would have written.
constexpr uint64_t kLeastMemoryForDictionary = uint64_t{128} << 20;

// Segments in memory go to a file when they take more than such a part of the writer's memory, so
// that this does not take too long at once.
constexpr uint64_t kMostInMemory = 4;

}  // namespace

OpenOptions IndexWriter::Impl::FolderOptions(const IndexWriterOptions& options) {
  OpenOptions open;
  open.read_mode = options.read_mode;
  // A merge must not copy damage, whatever searches may risk.
  open.verify =
      options.verify == VerifyPolicy::kNever ? VerifyPolicy::kOnFirstTouch : options.verify;
  return open;
}

OpenOptions IndexWriter::Impl::MemoryOptions() {
  OpenOptions open;
  open.verify = VerifyPolicy::kNever;
  return open;
}

StoredPacking IndexWriter::Impl::PackingFor(Home home) const {
  // A segment in memory is packed once more when it becomes a file.
  if (home == Home::kMemory || schema_.stored_compression() == StoredCompression::kSnappy) {
    return {};
  }
  return {.codec = StoredCodec::kZstd,
          .dictionary = options_.memory_bytes >= kLeastMemoryForDictionary};
}

absl::StatusOr<ListedSegment> IndexWriter::Impl::OpenNew(ManifestSegment entry, Home home) {
  SEGUE_ASSIGN_OR_RETURN(ListedSegment listed, OpenWritten(FolderOf(home), std::move(entry)));
  if (home == Home::kMemory) {
    RemoveFiles(memory_folder_, listed);
    listed.in_memory = true;
  }
  return listed;
}

void IndexWriter::Impl::NewMemoryIndex() {
  uint64_t taken = std::min(options_.memory_bytes, segments_.memory_bytes());
  if (updatable_count() > 0) {
    taken = std::min(options_.memory_bytes, taken + options_.memory_bytes / kMostInNotes +
                                                options_.memory_bytes / kMostInColumns);
  }
  memory_ = std::make_unique<MemoryIndex>(plan_, options_.memory_bytes - taken);
}

absl::Status IndexWriter::Impl::FlushTo(Home home) {
  if (memory_->doc_count() == 0) return absl::OkStatus();
  peak_memory_bytes_ = std::max<uint64_t>(peak_memory_bytes_, memory_bytes());
  // A group of documents may still be in the making.
  if (pool_ != nullptr) pool_->Wait();
  if (memory_->live_count() > 0) {
    absl::StatusOr<ManifestSegment> entry =
        FlushToSegment(FolderOf(home).env, FolderOf(home).dir, NewSegmentId(home), memory_.get(),
                       pool_.get(), PackingFor(home));
    if (!entry.ok()) return Checked(entry.status());
    absl::StatusOr<ListedSegment> segment = OpenNew(*std::move(entry), home);
    if (!segment.ok()) {
      for (MemoryField& field : memory_->fields()) field.terms().Rebuild();
      return segment.status();
    }
    segments_.Add(*std::move(segment));
  }
  dropped_tokens_ += memory_->dropped_tokens();
  NewMemoryIndex();
  return absl::OkStatus();
}

// While a flush to memory goes on, there are the buffer and the segment.
bool IndexWriter::Impl::HasRoomForCopy() const {
  return 2 * memory_->memory_bytes() + segments_.memory_bytes() <= options_.memory_bytes;
}

absl::Status IndexWriter::Impl::Flush() {
  if (segments_.memory_bytes() > 0) {
    // What is buffered goes into the same segment if it can.
    if (HasRoomForCopy()) SEGUE_RETURN_IF_ERROR(FlushTo(Home::kMemory));
    SEGUE_RETURN_IF_ERROR(MergeRangeOf({segments_.first_in_memory(), segments_.items().size()},
                                       OrdinaryMerge(), Home::kFolder));
    if (memory_->doc_count() == 0) NewMemoryIndex();
  }
  SEGUE_RETURN_IF_ERROR(FlushTo(Home::kFolder));
  return PollMerges();
}

absl::Status IndexWriter::Impl::MergeInMemory() {
  const size_t first = segments_.first_in_memory();
  DropEmptySegments(first);
  for (;;) {
    const std::vector<SegmentSize> sizes = segments_.Sizes();
    const auto range = PickMerge(std::span(sizes).subspan(first), kMemoryMerges);
    if (!range) return absl::OkStatus();
    SEGUE_RETURN_IF_ERROR(
        MergeRangeOf({first + range->begin, first + range->end}, OrdinaryMerge(), Home::kMemory));
  }
}

absl::StatusOr<IndexView> IndexWriter::Impl::View() {
  if (memory_->doc_count() > 0) {
    if (!HasRoomForCopy() || segments_.memory_bytes() > options_.memory_bytes / kMostInMemory) {
      SEGUE_RETURN_IF_ERROR(Flush());
    } else {
      SEGUE_RETURN_IF_ERROR(FlushTo(Home::kMemory));
      SEGUE_RETURN_IF_ERROR(MergeInMemory());
    }
  }
  SEGUE_RETURN_IF_ERROR(SaveValues(Home::kMemory));
  IndexView view{.generation = manifest_.generation,
                 .payload = manifest_.payload,
                 .schema = schema_,
                 .fields = field_numbers_,
                 .segments = {},
                 .entries = {}};
  for (const ListedSegment& listed : segments_.items()) {
    view.segments.push_back(listed.Current());
    view.entries.push_back(listed.entry);
  }
  return view;
}

}  // namespace segue

// SPDX-License-Identifier: Apache-2.0
//
// Merging: several neighbouring segments become one. Live documents keep their order unless
// another one is asked for, deleted ones are dropped; the same SegmentBuilder writes the result
// that writes a flush, so a merge of flushes equals one flush of everything.
#ifndef SEGUE_WRITE_MERGER_H_
#define SEGUE_WRITE_MERGER_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "engine/format/manifest.h"
#include "engine/format/stored_format.h"
#include "engine/segment/segment.h"
#include "engine/write/worker_pool.h"
#include "segue/env.h"
#include "segue/index.h"

namespace segue {

struct MergeOptions {
  // Called now and then with documents done and documents in all, as far as
  // that can be told; may be empty.
  std::function<void(uint64_t, uint64_t)> progress;
  // Called now and then between postings and between documents; may take its time, and may be
  // empty.
  std::function<void()> pause = {};
  // Set by anybody: the merge ends with kCancelled. May be null.
  const std::atomic<bool>* cancel = nullptr;
  DocumentOrder order = DocumentOrder::kAsAdded;
  FieldId order_field = 0;  // of kAscending and kDescending
  StoredPacking stored = {};
  // Threads beside this one, for postings. May be null: nothing of what is written depends on it.
  WorkerPool* pool = nullptr;
  // For another order: threads, and bytes to find it and to sort postings in.
  uint32_t threads = 1;
  uint64_t memory_bytes = uint64_t{256} << 20;
};

// kAscending, kDescending.
bool IsByField(DocumentOrder order);
// The order that a merge put the segment in.
DocumentOrder OrderOf(const ManifestSegment& segment);
// Whether the segment is in that order, or a better one, already.
bool IsInOrder(const ManifestSegment& segment, DocumentOrder order, FieldId order_field);
// Makes the order of one that of the other, whose documents are in the same one.
void CopyOrder(const ManifestSegment& from, ManifestSegment* to);

// How far a merge is, in postings.
class MergeProgress {
 public:
  MergeProgress(const MergeOptions* options, uint64_t documents, uint64_t postings)
      : options_(options), documents_(documents), postings_(postings) {}

  // kCancelled if asked to.
  absl::Status Advance(uint64_t postings);

 private:
  static constexpr uint64_t kStep = 1 << 16;
  static constexpr uint64_t kCallsPerPause = 1 << 8;
  const MergeOptions* options_;
  uint64_t documents_;
  uint64_t postings_;
  uint64_t done_ = 0;
  uint64_t next_report_ = 0;
  uint64_t calls_ = 0;
};

// Writes and syncs the files of the new segment in `dir`. Checksums of the
// inputs are compared as they are read. After an error no file is left behind.
// An order that is not kAsAdded is among the segment's figures in the manifest: see OrderOf.
// REQUIRES: at least one live document, at most kMaxDocsInSegment.
absl::StatusOr<ManifestSegment> MergeSegments(
    Env* env, const std::string& dir, SegmentId id,
    std::span<const std::shared_ptr<const Segment>> inputs, const MergeOptions& options);

}  // namespace segue

#endif  // SEGUE_WRITE_MERGER_H_

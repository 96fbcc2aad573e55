// SPDX-License-Identifier: Apache-2.0
//
// BackgroundMerge: one merge of neighbouring segments while their writer goes on. It reads the
// segments as they were when it was made, in whatever thread Run is called; then Install puts what
// it wrote in their place, in a list where more documents may have been deleted since, segments be
// gone and others have come behind.
//
// Threads: Install and Discard are the writer's; the others may be called by any.
#ifndef SEGUE_WRITE_BACKGROUND_MERGE_H_
#define SEGUE_WRITE_BACKGROUND_MERGE_H_

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "engine/base/types.h"
#include "engine/format/stored_format.h"
#include "engine/segment/segment.h"
#include "engine/write/segment_list.h"

namespace segue {

class BackgroundMerge {
 public:
  // REQUIRES: neighbours in their order, with a live document among them; `id` is a new one.
  BackgroundMerge(SegmentFolder folder, SegmentId id,
                  std::vector<std::shared_ptr<const Segment>> inputs, const StoredPacking& packing);
  BackgroundMerge(const BackgroundMerge&) = delete;
  BackgroundMerge& operator=(const BackgroundMerge&) = delete;

  SegmentId id() const { return id_; }
  uint64_t input_bytes() const { return input_bytes_; }
  bool Merges(SegmentId id) const;

  // Carries it out, unless somebody has begun to already or it was cancelled. `pause` is called now
  // and then in the middle, as in MergeOptions. Throws nothing.
  void Run(const std::function<void()>& pause);
  // Carries it out here, or waits for whoever does.
  void Finish();
  // What nobody has begun is done with; what is under way ends soon.
  void Cancel();
  // It has come to an end, good or bad.
  bool done() const;

  // Puts the merged segment in the place of its inputs, with what was deleted or set in them
  // meanwhile deleted or set, and removes the files of those that were not committed. Inputs that
  // are gone were dropped or merged otherwise: their documents count as deleted. Where it does not
  // fit any more, because deletions were taken back or something lies between the inputs, nothing
  // happens but that its files go. The error of the merge, or of reading what was set, if it
  // failed. REQUIRES: done(). Once.
  absl::Status Install(SegmentList* list);
  // Waits for the end, and removes what was made. No file is touched afterwards.
  void Discard();

 private:
  enum class State { kWaiting, kRunning, kDone };
  absl::StatusOr<ListedSegment> Merge(const std::function<void()>& pause) const;

  const SegmentFolder folder_;
  const SegmentId id_;
  std::vector<std::shared_ptr<const Segment>> inputs_;
  const StoredPacking packing_;
  uint64_t input_bytes_ = 0;
  std::atomic<bool> cancelled_ = false;

  mutable std::mutex mutex_;
  std::condition_variable done_;
  State state_ = State::kWaiting;         // guarded by mutex_
  absl::StatusOr<ListedSegment> result_;  // the writer's once it is done
};

}  // namespace segue

#endif  // SEGUE_WRITE_BACKGROUND_MERGE_H_

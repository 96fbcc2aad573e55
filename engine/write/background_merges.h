// SPDX-License-Identifier: Apache-2.0
//
// BackgroundMerges: the merges of one writer that go on beside it, in threads of an Executor.
//
// The threads work on immutable segments and know nothing of the writer: what they have made lies
// there until the writer comes by (Install), at the end of a flush and before a commit. So nothing
// changes under a commit, and no writer waits for a lock that a merge holds.
//
// Later merges have at most a quarter of the bytes of those under way, and go first: a merge stops
// now and then to carry out the smaller ones that nobody has begun. So one thread is enough that
// the small segments of many commits do not pile up behind a merge of gigabytes.
//
// Threads: one at a time, the writer's.
#ifndef SEGUE_WRITE_BACKGROUND_MERGES_H_
#define SEGUE_WRITE_BACKGROUND_MERGES_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "engine/base/types.h"
#include "engine/write/background_merge.h"
#include "engine/write/merge_policy.h"
#include "engine/write/segment_list.h"
#include "segue/executor.h"

namespace segue {

class BackgroundMerges {
 public:
  // `executor` and the folder's Env must outlive it.
  BackgroundMerges(Executor* executor, SegmentFolder folder);
  // Gives up all of them, and waits for those under way.
  ~BackgroundMerges();
  BackgroundMerges(const BackgroundMerges&) = delete;
  BackgroundMerges& operator=(const BackgroundMerges&) = delete;

  // Puts what is done into the list. The first error of those that failed, were they not cancelled.
  // After each the next merge waits for more commits, so that nothing is tried again and again on a
  // full disk: one, two, up to 64.
  absl::Status Install(SegmentList* list);
  // The next merge that is due, of segments in files that no other merges now. Nothing if there are
  // as many as may be, or after a failure.
  std::optional<MergeRange> Pick(const SegmentList& list, const MergePolicyOptions& policy) const;
  // REQUIRES: there is a live document in the range.
  void Start(SegmentId id, const SegmentList& list, MergeRange range, const StoredPacking& packing);

  // The one that will be done first; nullptr if there is none.
  std::shared_ptr<BackgroundMerge> Smallest() const;
  // Asks all of them to end; does not wait.
  void Cancel();
  // Of which there may be files that no list knows.
  std::vector<SegmentId> InTheMaking() const;

  void CountCommit();
  void RetryNow() { commits_left_ = 0; }

 private:
  class Queue;  // of those that nobody has begun; shared with tasks that may run later

  Executor* const executor_;
  const SegmentFolder folder_;
  const std::shared_ptr<Queue> queue_;
  std::vector<std::shared_ptr<BackgroundMerge>> merges_;  // by falling size
  uint32_t commits_to_wait_ = 0;  // after the last failure; twice as many after the next
  uint32_t commits_left_ = 0;
};

}  // namespace segue

#endif  // SEGUE_WRITE_BACKGROUND_MERGES_H_

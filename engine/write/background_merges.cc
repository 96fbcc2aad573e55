// SPDX-License-Identifier: Apache-2.0
#include "engine/write/background_merges.h"

#include <algorithm>
#include <mutex>
#include <new>
#include <span>
#include <utility>

#include "engine/base/limits.h"
#include "engine/base/status.h"

namespace segue {
namespace {

// A merge has at most one part in so many of the bytes of the one before.
constexpr uint64_t kShrinking = 4;
constexpr uint32_t kMostCommitsToWait = 64;

uint64_t BytesOf(std::span<const SegmentSize> segments) {
  uint64_t bytes = 0;
  for (const SegmentSize& segment : segments) bytes += segment.bytes;
  return bytes;
}

}  // namespace

class BackgroundMerges::Queue {
 public:
  void Add(std::shared_ptr<BackgroundMerge> merge) {
    const std::lock_guard<std::mutex> lock(mutex_);
    // Those that the writer had to do itself.
    std::erase_if(waiting_, [](const auto& other) { return other->done(); });
    waiting_.push_back(std::move(merge));
  }
  void Clear() {
    const std::lock_guard<std::mutex> lock(mutex_);
    waiting_.clear();
  }

  // Carries out those of at most `bytes`, the smallest first. In each of them, the smaller ones
  // that come meanwhile.
  void Work(uint64_t bytes) {
    while (const std::shared_ptr<BackgroundMerge> merge = TakeSmallest(bytes)) {
      merge->Run([this, &merge] { Work(merge->input_bytes() / kShrinking); });
    }
  }

 private:
  std::shared_ptr<BackgroundMerge> TakeSmallest(uint64_t bytes) {
    const std::lock_guard<std::mutex> lock(mutex_);
    const auto at = std::min_element(
        waiting_.begin(), waiting_.end(),
        [](const auto& a, const auto& b) { return a->input_bytes() < b->input_bytes(); });
    if (at == waiting_.end() || (*at)->input_bytes() > bytes) return nullptr;
    std::shared_ptr<BackgroundMerge> merge = std::move(*at);
    waiting_.erase(at);
    return merge;
  }

  std::mutex mutex_;
  std::vector<std::shared_ptr<BackgroundMerge>> waiting_;  // guarded by mutex_
};

BackgroundMerges::BackgroundMerges(Executor* executor, SegmentFolder folder)
    : executor_(executor), folder_(std::move(folder)), queue_(std::make_shared<Queue>()) {}

BackgroundMerges::~BackgroundMerges() {
  queue_->Clear();
  Cancel();
  // Where there is no memory to remove a file, it is an orphan like those of a killed writer.
  for (const auto& merge : merges_) {
    try {
      merge->Discard();
    } catch (const std::bad_alloc&) {
    }
  }
}

absl::Status BackgroundMerges::Install(SegmentList* list) {
  absl::Status failure;
  for (size_t i = merges_.size(); i-- > 0;) {
    if (!merges_[i]->done()) continue;
    const std::shared_ptr<BackgroundMerge> merge = std::move(merges_[i]);
    merges_.erase(merges_.begin() + static_cast<ptrdiff_t>(i));
    const absl::Status status = merge->Install(list);
    if (status.ok()) {
      commits_to_wait_ = commits_left_ = 0;
    } else if (CodeOf(status) != ErrorCode::kCancelled) {
      // A failed sync ends the writer, and must not be hidden by another error.
      if (failure.ok() || IsSyncFailure(status)) failure = status;
      commits_to_wait_ = std::min(kMostCommitsToWait, std::max(1u, 2 * commits_to_wait_));
      commits_left_ = commits_to_wait_;
    }
  }
  return failure;
}

std::optional<MergeRange> BackgroundMerges::Pick(const SegmentList& list,
                                                 const MergePolicyOptions& policy) const {
  if (commits_left_ > 0 || merges_.size() >= kMaxMergesAtOnce) return std::nullopt;
  const std::vector<SegmentSize> sizes = list.Sizes();
  const auto is_free = [&](size_t i) {
    return std::none_of(merges_.begin(), merges_.end(),
                        [&](const auto& merge) { return merge->Merges(list.items()[i].entry.id); });
  };
  // Each run of neighbours between those that are merged now is looked at by itself.
  const size_t count = list.first_in_memory();
  for (size_t begin = 0, end = 0; begin < count; begin = end + 1) {
    for (end = begin; end < count && is_free(end);) ++end;
    const auto range = PickMerge(std::span(sizes).subspan(begin, end - begin), policy);
    if (!range) continue;
    const uint64_t bytes =
        BytesOf(std::span(sizes).subspan(begin + range->begin, range->end - range->begin));
    if (!merges_.empty() && bytes > merges_.back()->input_bytes() / kShrinking) continue;
    return MergeRange{begin + range->begin, begin + range->end};
  }
  return std::nullopt;
}

void BackgroundMerges::Start(SegmentId id, const SegmentList& list, MergeRange range,
                             const StoredPacking& packing) {
  std::vector<std::shared_ptr<const Segment>> inputs;
  for (size_t i = range.begin; i < range.end; ++i) inputs.push_back(list.items()[i].Current());
  merges_.push_back(std::make_shared<BackgroundMerge>(folder_, id, std::move(inputs), packing));
  queue_->Add(merges_.back());
  executor_->Schedule([queue = queue_] { queue->Work(UINT64_MAX); });
}

std::shared_ptr<BackgroundMerge> BackgroundMerges::Smallest() const {
  return merges_.empty() ? nullptr : merges_.back();
}

void BackgroundMerges::Cancel() {
  for (const auto& merge : merges_) merge->Cancel();
}

std::vector<SegmentId> BackgroundMerges::InTheMaking() const {
  std::vector<SegmentId> ids;
  for (const auto& merge : merges_) ids.push_back(merge->id());
  return ids;
}

void BackgroundMerges::CountCommit() {
  if (commits_left_ > 0) --commits_left_;
}

}  // namespace segue

// SPDX-License-Identifier: Apache-2.0
//
// How many segments an index of a given size should have follows from filling
// size classes, each `max_width` times the one before, with `segments_per_tier`
// segments. While there are more, the best window of neighbours is merged: one
// whose largest member is a small part of the whole (little is rewritten for
// what is gained), with a slight preference for small merges and for windows
// with many deleted documents.
#include "engine/write/merge_policy.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "engine/base/limits.h"

namespace segue {
namespace {

uint64_t LiveDocsOf(const SegmentSize& segment) {
  return segment.doc_count - std::min(segment.deleted_count, segment.doc_count);
}

// Bytes that the live documents take, about.
uint64_t LiveBytes(const SegmentSize& segment) {
  if (segment.doc_count == 0) return 0;
  return static_cast<uint64_t>(static_cast<double>(segment.bytes) *
                               static_cast<double>(LiveDocsOf(segment)) / segment.doc_count);
}

double DeletedShare(const SegmentSize& segment) {
  return segment.doc_count == 0 ? 0
                                : static_cast<double>(segment.deleted_count) / segment.doc_count;
}

// Segments that the budget of size classes allows for so many bytes.
size_t AllowedSegments(uint64_t total_bytes, const MergePolicyOptions& options) {
  double left = static_cast<double>(total_bytes);
  double size = static_cast<double>(options.floor_bytes);
  size_t allowed = 0;
  while (left > size * options.segments_per_tier) {
    allowed += options.segments_per_tier;
    left -= size * options.segments_per_tier;
    size *= options.max_width;
  }
  return allowed + static_cast<size_t>(std::ceil(left / size));
}

// Lower is better. `largest` and `total` are floored sizes.
double Score(uint64_t largest, uint64_t total, uint64_t docs, uint64_t live) {
  const double skew = static_cast<double>(largest) / static_cast<double>(total);
  const double size = std::pow(static_cast<double>(total), 0.05);
  const double kept = docs == 0 ? 0 : static_cast<double>(live) / static_cast<double>(docs);
  return skew * size * kept * kept;
}

std::optional<MergeRange> BestWindow(std::span<const SegmentSize> segments,
                                     std::span<const uint64_t> floored,
                                     const MergePolicyOptions& options) {
  std::optional<MergeRange> best;
  double best_score = 0;
  for (size_t begin = 0; begin < segments.size(); ++begin) {
    uint64_t total = 0, largest = 0, docs = 0, live = 0;
    const size_t limit = std::min(segments.size(), begin + size_t{options.max_width});
    for (size_t end = begin; end < limit; ++end) {
      total += floored[end];
      largest = std::max(largest, floored[end]);
      docs += segments[end].doc_count;
      live += LiveDocsOf(segments[end]);
      if (total > options.max_merged_bytes || live > kMaxDocsInSegment) break;
      if (end == begin) continue;
      const double score = Score(largest, total, docs, live);
      if (!best || score < best_score) {
        best = MergeRange{begin, end + 1};
        best_score = score;
      }
    }
  }
  return best;
}

}  // namespace

std::optional<MergeRange> PickMerge(std::span<const SegmentSize> segments,
                                    const MergePolicyOptions& options) {
  std::vector<uint64_t> floored;
  uint64_t total = 0;
  for (const SegmentSize& segment : segments) {
    floored.push_back(std::max(LiveBytes(segment), options.floor_bytes));
    total += floored.back();
  }
  if (segments.size() > AllowedSegments(total, options)) {
    if (const auto window = BestWindow(segments, floored, options)) {
      return window;
    }
  }
  for (size_t i = 0; i < segments.size(); ++i) {
    if (DeletedShare(segments[i]) > options.max_deleted_share && LiveDocsOf(segments[i]) > 0) {
      return MergeRange{i, i + 1};
    }
  }
  return std::nullopt;
}

bool IsBehind(std::span<const SegmentSize> segments, const MergePolicyOptions& options) {
  constexpr size_t kMostTimesAllowed = 3;
  uint64_t floored = 0, live = 0, all = 0;
  for (const SegmentSize& segment : segments) {
    const uint64_t live_bytes = LiveBytes(segment);
    floored += std::max(live_bytes, options.floor_bytes);
    live += live_bytes;
    all += segment.bytes;
  }
  return segments.size() > kMostTimesAllowed * AllowedSegments(floored, options) ||
         all - live > std::max(live, options.floor_bytes);
}

std::optional<MergeRange> PickForcedMerge(std::span<const SegmentSize> segments,
                                          size_t max_segments) {
  max_segments = std::max<size_t>(max_segments, 1);
  if (segments.size() <= max_segments) {
    const bool rewrite = max_segments == 1 && segments.size() == 1 && segments[0].deleted_count > 0;
    return rewrite ? std::optional(MergeRange{0, 1}) : std::nullopt;
  }
  const size_t width = segments.size() - max_segments + 1;
  MergeRange best;
  uint64_t best_bytes = UINT64_MAX;
  for (size_t begin = 0; begin + width <= segments.size(); ++begin) {
    uint64_t bytes = 0;
    for (size_t i = begin; i < begin + width; ++i) bytes += LiveBytes(segments[i]);
    if (bytes < best_bytes) {
      best = {begin, begin + width};
      best_bytes = bytes;
    }
  }
  return best;
}

}  // namespace segue

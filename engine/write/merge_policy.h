// SPDX-License-Identifier: Apache-2.0
//
// MergePolicy: which neighbouring segments to merge next. Pure functions over
// sizes and deletions: no files, no clock, the same answer every time.
//
// Tiered: segments of about the same size are merged, so that a document is
// rewritten about log10(index size / flush size) times; only neighbours, so that
// documents keep their order (decision D1).
#ifndef SEGUE_WRITE_MERGE_POLICY_H_
#define SEGUE_WRITE_MERGE_POLICY_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace segue {

struct SegmentSize {
  uint64_t bytes = 0;  // of its files
  uint32_t doc_count = 0;
  uint32_t deleted_count = 0;
};

struct MergePolicyOptions {
  // Most segments in one merge: wider ones rewrite less and take longer.
  uint32_t max_width = 10;
  // Segments of one size class that are left alone.
  uint32_t segments_per_tier = 8;
  // Smaller segments count as this size: a tail of tiny ones is merged away
  // without regard to balance.
  uint64_t floor_bytes = uint64_t{2} << 20;
  // No merge is planned that would make more than this; of live bytes.
  uint64_t max_merged_bytes = uint64_t{5} << 30;
  // A segment with more than this share of deleted documents is rewritten, however large: so after
  // a commit an index holds at most 1 / (1 - share) times its live documents, a third more. With
  // 1/3 it would be half more, for an eighth less that is written under constant upserts.
  double max_deleted_share = 0.25;
};

// Segments [begin, end) become one.
struct MergeRange {
  size_t begin = 0;
  size_t end = 0;

  friend bool operator==(const MergeRange&, const MergeRange&) = default;
};

// The next merge worth doing, or nothing. Doing it and asking again comes to an
// end.
std::optional<MergeRange> PickMerge(std::span<const SegmentSize> segments,
                                    const MergePolicyOptions& options);

// Whether merges are so far behind that writing has to wait for them: more than three times as many
// segments as the size classes allow, or deleted documents with more bytes than the live ones (and
// than floor_bytes).
bool IsBehind(std::span<const SegmentSize> segments, const MergePolicyOptions& options);

// The merge that leaves at most `max_segments` (at least 1): the run of
// neighbours with the fewest bytes. Nothing if there are no more than that, but
// for a single segment with deleted documents asked to become one.
std::optional<MergeRange> PickForcedMerge(std::span<const SegmentSize> segments,
                                          size_t max_segments);

}  // namespace segue

#endif  // SEGUE_WRITE_MERGE_POLICY_H_

// SPDX-License-Identifier: Apache-2.0
//
// BoundList: what one term can score at most, where.
//
// Normative and valid under any statistics: (freq, norm) frontiers. Every
// posting of the range is dominated by some pair (freq not above, norm byte
// not below the pair's), so the greatest score of the pairs bounds the score
// of each document, for any similarity that rises with freq and falls with the
// norm byte. Frontiers exist for the whole list (doc_freq >= 128) and per
// superblock of 4096 documents (doc_freq >= 2048).
//
// Derived: one byte per window of 2^window_shift documents, valid for the k1, b
// and average length that the field's metadata names:
//   freq * c[norm] / (1 + freq * c[norm])
//       <= least_tf_norm() + windows()[doc >> shift] / 255 * (max_tf_norm() - least_tf_norm())
// with 0 exactly where the window holds no document of the list. The best documents of frequent
// words have much the same tf-norm everywhere; with the range that occurs a byte still tells them
// apart.

#ifndef SEGUE_FORMAT_BOUNDS_READER_H_
#define SEGUE_FORMAT_BOUNDS_READER_H_

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "engine/format/impact.h"
#include "engine/format/postings_format.h"
#include "engine/format/postings_reader.h"
#include "engine/format/term_meta.h"
#include "engine/io/section.h"

namespace segue {

class BoundList {
 public:
  // Opens the bounds of a term. A term below kBoundMinDocFreq has none: the
  // result is then empty (an empty frontier bounds nothing), not an error.
  static absl::StatusOr<BoundList> Open(const PostingsSource& source, const TermMeta& meta);

  BoundList() = default;
  BoundList(BoundList&&) noexcept = default;
  BoundList& operator=(BoundList&&) noexcept = default;

  bool empty() const { return list_frontier_.empty(); }

  // Ascending by freq and by norm, strictly in both; at most kMaxFrontier.
  std::span<const Impact> list_frontier() const { return list_frontier_; }

  // 0 when there are no superblock frontiers (kMaxFrontierShift), else enough for doc_count.
  uint32_t superblock_count() const { return superblock_count_; }
  // Writes the frontier of documents [superblock << 12, +4096) to `out` (room
  // for kMaxSuperblockFrontier) and returns its size, 0 if the list has no
  // document there. REQUIRES: superblock < superblock_count().
  absl::StatusOr<uint32_t> ReadFrontier(uint32_t superblock, Impact* out) const;

  bool has_windows() const { return !windows_.empty(); }
  uint32_t window_shift() const { return window_shift_; }
  // One byte per window, padded with zeros to a multiple of kWindowPadding; 64
  // readable bytes follow.
  std::span<const uint8_t> windows() const { return windows_; }
  // Greatest tf-norm of the list, rounded up; above 0.
  float max_tf_norm() const { return max_tf_norm_; }
  // What the best document of any window has at least, rounded down; from 0 to max_tf_norm().
  float least_tf_norm() const { return least_tf_norm_; }

 private:
  // A tf-norm is below 1; rounding up may take it two steps above.
  static constexpr float kGreatestTfNorm = 1.000001f;

  bool OpenSuperblocks(uint32_t doc_count, uint64_t* position);
  bool OpenWindows(uint32_t doc_count, uint64_t position);
  uint32_t SuperblockEnd(uint32_t superblock) const;
  absl::Status Corrupt(std::string_view what) const;

  std::vector<Impact> list_frontier_;
  const uint8_t* superblock_ends_ = nullptr;
  const uint8_t* superblocks_ = nullptr;
  uint32_t superblock_count_ = 0;
  uint32_t superblock_bytes_ = 0;
  uint32_t window_shift_ = 0;
  bool wide_ends_ = false;
  float max_tf_norm_ = 0;
  float least_tf_norm_ = 0;
  std::span<const uint8_t> windows_;
  PinnedBytes pin_;
  Section section_;
  uint64_t offset_ = 0;
};

}  // namespace segue

#endif  // SEGUE_FORMAT_BOUNDS_READER_H_

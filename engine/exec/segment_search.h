// SPDX-License-Identifier: Apache-2.0
//
// The loop over the windows of a segment: counts matches, keeps the best.
#ifndef SEGUE_EXEC_SEGMENT_SEARCH_H_
#define SEGUE_EXEC_SEGMENT_SEARCH_H_

#include <cmath>
#include <cstdint>

#include "engine/base/bitset.h"
#include "engine/exec/scorer.h"
#include "engine/exec/search_context.h"
#include "engine/exec/top_k.h"
#include "segue/types.h"

namespace segue::exec {

// The number of matches, as far as it is wanted.
class MatchCounter {
 public:
  MatchCounter(CountMode mode, uint64_t at_least) : mode_(mode), at_least_(at_least) {}

  // Whether further matches must be counted one by one.
  bool wanted() const {
    return mode_ == CountMode::kExact || (mode_ == CountMode::kAtLeast && value_ <= at_least_);
  }
  void Add(uint64_t matches) { value_ += matches; }
  // Matches after this point were not counted.
  std::optional<TotalHits> Total() const {
    if (mode_ == CountMode::kNone) return std::nullopt;
    return TotalHits{value_, wanted() ? TotalRelation::kEqual : TotalRelation::kGreaterOrEqual};
  }

 private:
  CountMode mode_;
  uint64_t at_least_;
  uint64_t value_ = 0;
};

// What a search needs to know of a segment besides the scorer.
struct SearchedSegment {
  uint64_t base = 0;             // number of its first document in the snapshot
  uint32_t doc_count = 0;        // deleted ones included
  const Bitset* live = nullptr;  // nullptr: all are
};

// How many of the k best hits a segment may be expected to have: its share of the documents so far,
// once there is a threshold, which leaves out what does not enter.
inline uint64_t ExpectedHits(const SearchedSegment& segment, const TopK& top_k) {
  if (top_k.missing() > 0) return top_k.k();
  const double share = static_cast<double>(segment.doc_count) /
                       (static_cast<double>(segment.base) + segment.doc_count);
  return static_cast<uint64_t>(std::ceil(share * top_k.k()));
}

// Searches one segment. Call for the segments of a snapshot in order, with the same top_k and
// counter: later segments profit from the threshold that earlier ones reached.
// `exhaustive`: score every match; the result is the same. Errors: context->status().
void SearchSegment(Scorer& scorer, const SearchedSegment& segment, bool exhaustive,
                   SearchContext* context, TopK* top_k, MatchCounter* counter);

// Adds the segment's live documents that match to *matches, which has its doc_count bits. Errors:
// context->status().
void MatchSegment(Scorer& scorer, const SearchedSegment& segment, SearchContext* context,
                  Bitset* matches);

}  // namespace segue::exec

#endif  // SEGUE_EXEC_SEGMENT_SEARCH_H_

// SPDX-License-Identifier: Apache-2.0
//
// UnionFilter: what the documents of a union must satisfy besides having a should clause.
//
// Bitmaps are asked before postings are scored, which costs a bit each; lists of other kinds are
// looked up afterwards, for the few documents that may enter the top k (row_filter.h).
#ifndef SEGUE_EXEC_UNION_FILTER_H_
#define SEGUE_EXEC_UNION_FILTER_H_

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "engine/exec/flat_list.h"
#include "engine/exec/segment_search.h"

namespace segue::exec {

class UnionFilter {
 public:
  // The lists and the segment's bits outlive the filter.
  UnionFilter(const std::vector<FlatList*>& required, std::vector<FlatList*> prohibited,
              const SearchedSegment& segment)
      : prohibited_(std::move(prohibited)), doc_count_(segment.doc_count) {
    uint64_t most = doc_count_;
    for (FlatList* list : required) {
      if (!list->list().dense()) {
        required_.push_back(list);
        continue;
      }
      bitmaps_.push_back(list->list().dense_words());
      most = std::min<uint64_t>(most, list->doc_freq());
    }
    share_ = static_cast<double>(most) / doc_count_;
    if (segment.live != nullptr) bitmaps_.push_back(segment.live->words().data());
  }

  // A document is in all of them.
  const std::vector<const uint64_t*>& bitmaps() const { return bitmaps_; }
  // And has these lists, but none of those.
  const std::vector<FlatList*>& required() const { return required_; }
  const std::vector<FlatList*>& prohibited() const { return prohibited_; }
  bool only_bitmaps() const { return required_.empty() && prohibited_.empty(); }

  // How many of so many postings may be expected to be in all bitmaps.
  uint64_t Passing(uint64_t postings) const {
    return static_cast<uint64_t>(share_ * static_cast<double>(postings));
  }
  // What they cost, in postings that are scored.
  uint64_t Cost(uint64_t postings) const {
    return bitmaps_.empty() ? postings : postings / kAskedPerScored + Passing(postings);
  }

 private:
  static constexpr uint64_t kAskedPerScored = 6;

  std::vector<const uint64_t*> bitmaps_;
  std::vector<FlatList*> required_;
  std::vector<FlatList*> prohibited_;
  uint32_t doc_count_;
  double share_ = 1;
};

}  // namespace segue::exec

#endif  // SEGUE_EXEC_UNION_FILTER_H_

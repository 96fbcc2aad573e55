// SPDX-License-Identifier: Apache-2.0
//
// The searches of a snapshot's segments, one after the other or side by side.
#ifndef SEGUE_INDEX_SEGMENT_SEARCHES_H_
#define SEGUE_INDEX_SEGMENT_SEARCHES_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "engine/query/planner.h"
#include "engine/segment/segment.h"
#include "segue/search.h"

namespace segue {

struct SearchedSnapshot {
  const std::vector<std::shared_ptr<const Segment>>& segments;
  const std::vector<uint64_t>& bases;  // number of each segment's first document
};

// Runs the plan over the segments and fills in hits, total and counters. With options.executor, and
// unless counting may stop early, segments are searched side by side; the result is the same.
absl::Status SearchSegments(const QueryPlan& plan, const SearchedSnapshot& snapshot,
                            const SearchOptions& options, SearchResult* result);

}  // namespace segue

#endif  // SEGUE_INDEX_SEGMENT_SEARCHES_H_

// SPDX-License-Identifier: Apache-2.0
//
// ExpandTerms: the terms that a pattern is scored by.
//
// They are chosen over the whole collection: all segments, and what statistics from outside know of
// other shards. Rank is by closeness, then by length, then by the order of bytes, and never by
// frequency, so that the best of each segment or shard are sure to hold the best of all, and no
// layout of segments or shards changes what is chosen (decision D2).
#ifndef SEGUE_QUERY_TERM_EXPANSION_H_
#define SEGUE_QUERY_TERM_EXPANSION_H_

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "engine/query/planned_field.h"
#include "engine/query/term_pattern.h"
#include "segue/statistics.h"

namespace segue {

struct TermExpansion {
  std::string term;
  float closeness = 1;
  TermStatistics statistics = {};  // of all segments, or as given from outside
  // What each segment's dictionary has of it; doc_freq 0: nothing. Of `segments` of the call, in
  // order, up to the last that has it.
  std::vector<TermMeta> metas;
};

struct TermExpansions {
  std::vector<TermExpansion> terms;  // best first, at most `most`
  bool cut = false;                  // there are more
};

// `most`: how many. `statistics`: from outside, or nullptr. `check`: see TermPattern::Visit.
// Memory: `most` terms and their metadata in each segment.
absl::StatusOr<TermExpansions> ExpandTerms(const TermPattern& pattern, std::string_view field,
                                           uint64_t most, Segments segments,
                                           const Statistics* statistics,
                                           const std::function<absl::Status()>& check);

}  // namespace segue

#endif  // SEGUE_QUERY_TERM_EXPANSION_H_

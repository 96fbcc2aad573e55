// SPDX-License-Identifier: Apache-2.0
//
// Counts of flat queries without their matches.
#ifndef SEGUE_EXEC_FLAT_COUNT_H_
#define SEGUE_EXEC_FLAT_COUNT_H_

#include <cstdint>
#include <optional>

#include "engine/exec/flat_parts.h"
#include "engine/exec/search_context.h"
#include "engine/exec/segment_search.h"

namespace segue::exec {

// The number of matches in the segment where it is known without looking at documents, or can be
// had from the number of documents with two lists or with any of several.
std::optional<uint64_t> CountAtOnce(const FlatParts& parts, const SearchedSegment& segment,
                                    SearchContext* context);

}  // namespace segue::exec

#endif  // SEGUE_EXEC_FLAT_COUNT_H_

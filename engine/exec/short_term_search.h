// SPDX-License-Identifier: Apache-2.0
//
// The search for one term that not too many documents hold: block by block, all whose frequency is
// not too low are scored. Bounds of all words of a segment, and masks of its chunks, are more work
// than such a list has postings.
#ifndef SEGUE_EXEC_SHORT_TERM_SEARCH_H_
#define SEGUE_EXEC_SHORT_TERM_SEARCH_H_

#include <cstdint>

#include "engine/exec/search_context.h"
#include "engine/exec/segment_search.h"
#include "engine/exec/term_scorer.h"
#include "engine/exec/top_k.h"
#include "engine/rank/bm25.h"

namespace segue::exec {

// Lists up to here.
inline constexpr uint32_t kShortTermDocs = 16384;

// From here on a list has a map, and its bounds are worth being opened.
inline constexpr uint32_t kFrontierDocs = kWindowMinDocFreq;

// Offers the live documents of the list, with the scores that any other search gives them, but for
// such as cannot enter. `source`: with bounds, or without. Damage goes to the context.
void SearchShortTerm(const TermSource& source, const Bm25Scorer& similarity,
                     const SearchedSegment& segment, SearchContext* context, TopK* top_k);

}  // namespace segue::exec

#endif  // SEGUE_EXEC_SHORT_TERM_SEARCH_H_

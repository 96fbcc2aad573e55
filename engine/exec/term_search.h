// SPDX-License-Identifier: Apache-2.0
//
// The search for one term: by its map (term_map_search.h), or block by block, where the map leaves
// out little or there is none. Bounds of all words of a segment, and masks of its chunks, are more
// work than a list alone deserves.
#ifndef SEGUE_EXEC_TERM_SEARCH_H_
#define SEGUE_EXEC_TERM_SEARCH_H_

#include <cstdint>

#include "engine/exec/search_context.h"
#include "engine/exec/segment_search.h"
#include "engine/exec/term_scorer.h"
#include "engine/exec/top_k.h"
#include "engine/rank/bm25.h"

namespace segue::exec {

// Longer lists are not searched block by block.
inline constexpr uint32_t kShortTermDocs = 16384;

// From here on a list has a map, and its bounds are worth being opened.
inline constexpr uint32_t kFrontierDocs = kWindowMinDocFreq;

// Whether the search below is a good one for the list.
bool TermSearchSuits(const TermSource& source, const Bm25Scorer& similarity);

// Offers the live documents of the list, with the scores that any other search gives them, but for
// such as cannot enter. `source`: with bounds, or without. Damage goes to the context.
// REQUIRES: k > 0.
void SearchTerm(const TermSource& source, const Bm25Scorer& similarity,
                const SearchedSegment& segment, SearchContext* context, TopK* top_k);

// How many of the list's documents are live, in a segment where some are not: about a nanosecond a
// posting. Damage goes to the context.
uint64_t CountLive(const PostingList& list, const SearchedSegment& segment, SearchContext* context);

}  // namespace segue::exec

#endif  // SEGUE_EXEC_TERM_SEARCH_H_

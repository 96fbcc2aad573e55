// SPDX-License-Identifier: Apache-2.0
//
// The search for one term that not too many documents hold: all of them are scored, block by block.
// Bounds of all words of a segment, and masks of its chunks, are more work than such a list has
// postings.
#ifndef SEGUE_EXEC_SHORT_TERM_SEARCH_H_
#define SEGUE_EXEC_SHORT_TERM_SEARCH_H_

#include <cstdint>

#include "engine/exec/search_context.h"
#include "engine/exec/segment_search.h"
#include "engine/exec/top_k.h"
#include "engine/format/postings_reader.h"
#include "engine/rank/bm25.h"

namespace segue::exec {

// Lists up to here.
inline constexpr uint32_t kShortTermDocs = 16384;

// Offers the live documents of the list, with the scores that any other search gives them. `norms`:
// a byte per document of the segment. Damage goes to the context.
void SearchShortTerm(const PostingList& list, const uint8_t* norms, const Bm25Scorer& similarity,
                     const SearchedSegment& segment, SearchContext* context, TopK* top_k);

}  // namespace segue::exec

#endif  // SEGUE_EXEC_SHORT_TERM_SEARCH_H_

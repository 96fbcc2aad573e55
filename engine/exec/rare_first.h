// SPDX-License-Identifier: Apache-2.0
//
// The documents of rare should clauses first: often all others are worse.
//
// A rare word weighs more than frequent ones together, so that the k best documents are mostly
// among those that have it. These are few; if the k-th of them is better than the greatest score
// without a rare word, the frequent words' lists are never run through, and else it is a threshold
// for them. That is MAXSCORE's division into essential and other lists (Turtle and Flood,
// "Query evaluation: strategies and optimizations", 1995), made once and not document by document.
#ifndef SEGUE_EXEC_RARE_FIRST_H_
#define SEGUE_EXEC_RARE_FIRST_H_

#include <vector>

#include "engine/exec/flat_parts.h"
#include "engine/exec/search_context.h"
#include "engine/exec/segment_search.h"
#include "engine/exec/top_k.h"

namespace segue::exec {

// Offers the documents of rare should clauses that match, if there are such clauses and it promises
// to be worth it. Returns whether others may enter the top k; these clauses are then prohibited
// ones, in `clauses` and in `parts`, which are theirs.
bool SearchRareFirst(const SearchedSegment& segment, SearchContext* context, TopK* top_k,
                     std::vector<FlatClause>* clauses, FlatParts* parts);

}  // namespace segue::exec

#endif  // SEGUE_EXEC_RARE_FIRST_H_

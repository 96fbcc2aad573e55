// SPDX-License-Identifier: Apache-2.0
//
// FlatSearch: counts and ranks the matches of a flat query in one segment: a boolean of terms and
// at most one required phrase, which asks for at most one of its should clauses.
//
// The general loop (segment_search.h) evaluates any tree of scorers, window by window. Most queries
// are flat, and for them three things are worth their own loop: bounds of all words of the segment
// at once; whole chunks of a list as one bit mask; and columns of candidates, scored one clause
// after the other. Results are the same, bit for bit.
#ifndef SEGUE_EXEC_FLAT_SEARCH_H_
#define SEGUE_EXEC_FLAT_SEARCH_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "engine/exec/doc_gates.h"
#include "engine/exec/flat_clause.h"
#include "engine/exec/search_context.h"
#include "engine/exec/segment_search.h"
#include "engine/exec/top_k.h"

namespace segue::exec {

// Searches one segment; the counterpart of SearchSegment. `clauses`: in the order of the query, at
// least one of them scored, all weights positive. `needs_should`: a document must match a should
// clause, as it must anyway without a required one; what is required is then not scored. Errors:
// context->status().
void SearchFlat(std::vector<FlatClause> clauses, bool needs_should, const SearchedSegment& segment,
                SearchContext* context, TopK* top_k, MatchCounter* counter);

// What a flat query asks of documents besides its clauses.
struct FlatAmong {
  // Only these can match, which ascend; nothing: those of the rarest clauses, which are few.
  std::optional<std::vector<DocId>> candidates;
  DocGates gates;
  // What is added to the score of each; sums with it are exact (FlatScorer::SumsAreExact).
  double score = 0;
};

// The same for such a query. Something of the clauses must match.
void SearchFlatAmong(FlatAmong among, const std::vector<FlatClause>& clauses, bool needs_should,
                     const SearchedSegment& segment, SearchContext* context, TopK* top_k,
                     MatchCounter* counter);

// Bytes of working memory of such a search over a segment, for SearchContext::Charge. `in_phrases`:
// so many of the lists are terms of a phrase.
uint64_t FlatMemoryBytes(size_t list_count, size_t in_phrases, uint32_t doc_count);

}  // namespace segue::exec

#endif  // SEGUE_EXEC_FLAT_SEARCH_H_

// SPDX-License-Identifier: Apache-2.0
//
// UnionSearch: the best documents of some should clauses, all of whose postings are scored.
//
// While the postings are not many, scoring all of them (scored_union.h) costs less than finding out
// which could be left out.
#ifndef SEGUE_EXEC_UNION_SEARCH_H_
#define SEGUE_EXEC_UNION_SEARCH_H_

#include <cstdint>
#include <vector>

#include "engine/exec/flat_parts.h"
#include "engine/exec/row_filter.h"
#include "engine/exec/scored_union.h"
#include "engine/exec/search_context.h"
#include "engine/exec/segment_search.h"
#include "engine/exec/top_k.h"
#include "engine/exec/union_filter.h"

namespace segue::exec {

class UnionSearch {
 public:
  // Whether a query can be searched so, and sooner than by other ways: nothing but should clauses
  // is scored, and they have few postings. `hits`: ExpectedHits. `counts`: matches are to be
  // counted, too.
  static bool Suits(const std::vector<FlatClause>& clauses, const FlatParts& parts,
                    const SearchedSegment& segment, uint64_t hits, bool counts);

  // REQUIRES: Suits. What is passed by reference outlives the search.
  UnionSearch(const FlatParts& parts, const SearchedSegment& segment, SearchContext* context);
  UnionSearch(const UnionSearch&) = delete;
  UnionSearch& operator=(const UnionSearch&) = delete;

  // Ranks the matches, and counts them if there is a counter.
  void Run(TopK* top_k, MatchCounter* counter);

 private:
  uint64_t Count() const;
  void Offer(TopK* top_k);

  const SearchedSegment& segment_;
  SearchContext* context_;
  UnionFilter wanted_;
  RowFilter filter_;
  ScoredUnion union_;
};

}  // namespace segue::exec

#endif  // SEGUE_EXEC_UNION_SEARCH_H_

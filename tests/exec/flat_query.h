// SPDX-License-Identifier: Apache-2.0
//
// FlatQuery: a boolean of terms and at most one phrase as plain data, for the engine's flat search
// and its parts, and what it matches and scores, found by going through the table of postings.
#ifndef SEGUE_TESTS_EXEC_FLAT_QUERY_H_
#define SEGUE_TESTS_EXEC_FLAT_QUERY_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/bitset.h"
#include "engine/exec/clause_kind.h"
#include "engine/exec/flat_clause.h"
#include "engine/exec/phrase_matcher.h"
#include "engine/exec/segment_search.h"
#include "tests/exec/small_segment.h"

namespace segue::exec {

struct FlatQuery {
  std::vector<std::pair<ClauseKind, size_t>> terms;  // by number of the list
  std::vector<PhraseWord> phrase = {};               // a required one, after the terms; or none
  float phrase_weight = 1;
  bool needs_should = false;

  // For the engine. `phrase_scoring`: outlives the clauses.
  std::vector<FlatClause> Clauses(const SmallSegment& segment, const TermScoring& phrase_scoring,
                                  SearchContext* context) const;
  std::string Text() const;
};

// The whole of what a query finds, deleted documents aside.
struct FlatMatches {
  std::vector<bool> match;   // by document
  std::vector<float> score;  // of those that match

  std::vector<DocId> Docs(const Bitset* live) const;
  // The best k, of equal scores the first.
  std::vector<Hit> Best(const SearchedSegment& segment, uint32_t k) const;
};
// `start`: what sums begin with.
FlatMatches MatchesOf(const FlatQuery& query, const SmallSegment& segment, double start = 0);

// A query that SearchFlat takes: something of it is scored.
FlatQuery RandomFlatQuery(SeededRandom* random, const SmallSegment& segment);

// Lists of about so many documents each.
SmallSegment SegmentOf(SeededRandom* random, const SegmentShape& shape,
                       const std::vector<uint32_t>& abouts);

// About one document in `one_in` is not live.
Bitset RandomLive(SeededRandom* random, uint32_t doc_count, uint64_t one_in);

}  // namespace segue::exec

#endif  // SEGUE_TESTS_EXEC_FLAT_QUERY_H_

// SPDX-License-Identifier: Apache-2.0
//
// SparseSearch: a flat query of which few documents can be matches.
//
// FlatSearch (flat_search.h) looks at every list as masks of chunks, which pays where a chunk has
// many candidates. Here the documents of the rarest required clause, or of the should clauses, are
// taken as they come, in batches, and looked up in the other lists. Scores are added by the same
// FlatScorer. Or the candidates are given: what a filter leaves that is no list.
#ifndef SEGUE_EXEC_SPARSE_SEARCH_H_
#define SEGUE_EXEC_SPARSE_SEARCH_H_

#include <cstdint>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "engine/exec/doc_gates.h"
#include "engine/exec/flat_parts.h"
#include "engine/exec/flat_scorer.h"
#include "engine/exec/search_context.h"
#include "engine/exec/segment_search.h"
#include "engine/exec/top_k.h"

namespace segue::exec {

class SparseSearch {
 public:
  // More candidates are not few for a segment of `doc_count` documents.
  static uint64_t MostCandidates(uint32_t doc_count);
  // Whether those of the query are few.
  static bool Suits(const FlatParts& parts, uint32_t doc_count, bool any_hits);

  // Lists that have all matches, as few documents as can be: a required one, or the should clauses.
  static std::vector<FlatList*> SourcesOf(const FlatParts& parts);

  // Looks at the documents of `sources` only, which are the rarest required list or should clauses.
  // What is passed by reference outlives the search.
  SparseSearch(std::vector<FlatList*> sources, const std::vector<FlatClause>& clauses,
               const FlatParts& parts, const SearchedSegment& segment, SearchContext* context);
  // Looks at these documents only, which ascend: all that a filter leaves which is not among the
  // clauses.
  SparseSearch(std::vector<DocId> candidates, const std::vector<FlatClause>& clauses,
               const FlatParts& parts, const SearchedSegment& segment, SearchContext* context);
  ~SparseSearch();
  SparseSearch(const SparseSearch&) = delete;
  SparseSearch& operator=(const SparseSearch&) = delete;

  // Matches pass these gates, too, which outlive the search, and `score` is added to their scores;
  // sums with it are exact (FlatScorer::SumsAreExact). Before Run.
  void UseGates(DocGates* gates, double score) {
    gates_ = gates;
    scorer_.StartFrom(score);
  }

  // Ranks the matches, and counts them if there is a counter.
  void Run(TopK* top_k, MatchCounter* counter);

 private:
  static bool ByShoulds(const FlatParts& parts);
  size_t NextBatch();
  bool UniteSources();
  size_t Narrow(size_t count);
  size_t KeepLive(size_t count, uint32_t* rows) const;
  size_t KeepAnyShould(size_t count, uint32_t* rows);
  size_t CountPhrase(size_t count);

  const std::vector<FlatList*> sources_;
  const FlatParts& parts_;
  const SearchedSegment& segment_;
  SearchContext* context_;
  FlatScorer scorer_;
  DocId* docs_;         // the candidates at hand: the scorer's rows
  bool by_shoulds_;     // the sources are should clauses
  size_t asked_first_;  // the first required list that candidates are looked up in
  DocGates* gates_ = nullptr;
  std::vector<DocId> union_;                 // of several sources, or the candidates
  size_t taken_ = 0;                         // of the union
  absl::InlinedVector<FlatList*, 8> known_;  // which know the ranks of all candidates at hand
};

}  // namespace segue::exec

#endif  // SEGUE_EXEC_SPARSE_SEARCH_H_

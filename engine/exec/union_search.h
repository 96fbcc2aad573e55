// SPDX-License-Identifier: Apache-2.0
//
// UnionSearch: the best documents of some should clauses, all of whose postings are scored.
//
// While the postings are not many, scoring all of them costs less than finding out which could be
// left out: a few nanoseconds each. Documents need no order for that. Each list keeps its postings
// to itself, and only the documents that an earlier list has, too, move their scores there.
#ifndef SEGUE_EXEC_UNION_SEARCH_H_
#define SEGUE_EXEC_UNION_SEARCH_H_

#include <cstdint>
#include <vector>

#include "engine/exec/flat_parts.h"
#include "engine/exec/row_filter.h"
#include "engine/exec/search_context.h"
#include "engine/exec/segment_search.h"
#include "engine/exec/top_k.h"

namespace segue::exec {

class UnionSearch {
 public:
  // Whether a query can be searched so, and sooner than by other ways: nothing but should clauses
  // is scored, and they have few postings. `counts`: matches are to be counted, too.
  static bool Suits(const std::vector<FlatClause>& clauses, const FlatParts& parts, uint32_t k,
                    bool counts);

  // REQUIRES: Suits. What is passed by reference outlives the search.
  UnionSearch(const FlatParts& parts, const SearchedSegment& segment, SearchContext* context);
  UnionSearch(const UnionSearch&) = delete;
  UnionSearch& operator=(const UnionSearch&) = delete;

  // Ranks the matches, and counts them if there is a counter.
  void Run(TopK* top_k, MatchCounter* counter);

 private:
  // The postings of a list, as rows. Those before `begin` are done; [begin, end) are at hand.
  struct Postings {
    FlatList* list = nullptr;
    size_t begin = 0;
    size_t end = 0;
    size_t last = 0;  // of all rows
  };

  bool Load();
  bool LoadList(FlatList* list, size_t row);
  DocId NextDoc() const;
  void TakeUpTo(DocId end);
  void Unite();
  const uint32_t* FoldDocs(size_t begin, size_t count);
  size_t SelectShared(const uint32_t* bits, size_t begin, size_t count);
  void MoveShared(size_t list, size_t shared);
  uint64_t Count() const;
  void Offer(TopK* top_k);

  const SearchedSegment& segment_;
  SearchContext* context_;
  const Kernels& kernels_;
  ScoreColumns& columns_;
  RowFilter filter_;
  std::vector<Postings> lists_;
  size_t rows_ = 0;  // of all lists
  // Of rows. The sum is kMoved where an earlier list has the document.
  DocId* docs_ = nullptr;
  double* sums_ = nullptr;
  uint64_t* members_;  // of a chunk: a bit for each document at hand, or for a few of them
};

}  // namespace segue::exec

#endif  // SEGUE_EXEC_UNION_SEARCH_H_

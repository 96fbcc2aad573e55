// SPDX-License-Identifier: Apache-2.0
//
// ScoredUnion: the documents of some lists, each once, with the sum of their scores there.
//
// All postings are decoded and scored, a few nanoseconds each. Documents need no order for that.
// Each list keeps its postings to itself, as rows, and only the documents that an earlier list has,
// too, move their scores there.
#ifndef SEGUE_EXEC_SCORED_UNION_H_
#define SEGUE_EXEC_SCORED_UNION_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "engine/exec/flat_list.h"
#include "engine/exec/search_context.h"
#include "engine/exec/union_filter.h"
#include "engine/simd/kernels.h"

namespace segue::exec {

class ScoredUnion {
 public:
  // A document may have to be looked for in each list before: so many at most.
  static constexpr size_t kMostLists = 16;
  // More rows would not stay near the processor.
  static constexpr uint64_t kMostPostings = 32768;

  // The sum of a row whose document an earlier list has.
  static constexpr double kMoved = -std::numeric_limits<double>::infinity();
  // A threshold that every score is above, as they are 0 or more, and nothing that has moved.
  static constexpr float kBelowAll = -0.5F;

  // Of the documents that are in all bitmaps of the filter. REQUIRES: at most kMostLists lists
  // whose scores may be added in any order. They, the filter and the context outlive the union;
  // nothing else uses the columns of its scratch during a call.
  ScoredUnion(const std::vector<FlatList*>& lists, const UnionFilter& filter,
              SearchContext* context);
  ScoredUnion(const ScoredUnion&) = delete;
  ScoredUnion& operator=(const ScoredUnion&) = delete;

  // Decodes and scores all postings. False: the context says why not.
  bool Load();

  // Unites the next documents, those of one chunk, or all if they are few: they are at hand then.
  // False if there are no more. REQUIRES: Load returned true.
  bool Next();

  // The postings of all lists that pass the bitmaps.
  size_t rows() const { return rows_; }

  // Calls fn(documents, sums, count) for the rows of the documents at hand, in parts of at most
  // `most` rows with ascending documents. Rows with kMoved are among them.
  template <typename Fn>
  void ForEachAtHand(size_t most, Fn&& fn) const {
    for (const Postings& list : lists_) ForParts(list.begin, list.end, most, fn);
  }
  // The same for all rows that have been at hand.
  template <typename Fn>
  void ForEach(size_t most, Fn&& fn) const {
    for (const Postings& list : lists_) ForParts(list.first, list.end, most, fn);
  }

 private:
  // The postings of a list, as rows from `first` to `last`: those before `begin` are done,
  // [begin, end) are at hand.
  struct Postings {
    FlatList* list = nullptr;
    size_t first = 0;
    size_t begin = 0;
    size_t end = 0;
    size_t last = 0;
  };

  template <typename Fn>
  void ForParts(size_t begin, size_t end, size_t most, Fn&& fn) const {
    for (size_t at = begin; at < end; at += most) {
      fn(docs_ + at, sums_ + at, std::min(end - at, most));
    }
  }

  bool LoadList(Postings* list);
  uint32_t KeepPassing(const uint64_t* bitmap, DocId* docs, uint32_t count);
  DocId NextDoc() const;
  void TakeUpTo(DocId end);
  void Unite();
  const uint32_t* FoldDocs(size_t begin, size_t count);
  void MoveShared(size_t list, const uint32_t* bits, size_t begin, size_t count);
  size_t FirstRowOf(size_t list, size_t row, uint32_t bit) const;
  void ClearMembers();

  const UnionFilter& filter_;
  SearchContext* context_;
  const Kernels& kernels_;
  ScoreColumns& columns_;
  std::vector<Postings> lists_;
  size_t rows_ = 0;
  // Of rows.
  DocId* docs_ = nullptr;
  double* sums_ = nullptr;
  uint64_t* members_;           // of a chunk: a bit for each document at hand, or for a few of them
  uint32_t* row_of_ = nullptr;  // by bit, where it is set: the first row of its document, or of one
};

}  // namespace segue::exec

#endif  // SEGUE_EXEC_SCORED_UNION_H_

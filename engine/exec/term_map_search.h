// SPDX-License-Identifier: Apache-2.0
//
// TermMapSearch: the best documents of one term, found by its map.
//
// The k-th greatest byte of the map of a list tells what k of its documents score at least. The
// windows with such bytes are looked at first, and mostly they are all: the threshold that they
// leave is above what other windows can reach. So a top 10 of a million postings scores some dozens
// of windows.
#ifndef SEGUE_EXEC_TERM_MAP_SEARCH_H_
#define SEGUE_EXEC_TERM_MAP_SEARCH_H_

#include <array>
#include <cstdint>
#include <vector>

#include "engine/exec/row_filter.h"
#include "engine/exec/search_context.h"
#include "engine/exec/segment_search.h"
#include "engine/exec/term_scorer.h"
#include "engine/exec/top_k.h"
#include "engine/rank/bm25.h"
#include "engine/rank/score_bound.h"
#include "engine/simd/kernels.h"

namespace segue::exec {

class TermMapSearch {
 public:
  // REQUIRES: source.HasUsableMap(similarity). What is passed by reference outlives the search. At
  // most `dropped` documents do not pass the filter.
  TermMapSearch(const TermSource& source, const Bm25Scorer& similarity,
                const SearchedSegment& segment, RowFilter* filter, uint64_t dropped,
                SearchContext* context, uint32_t k);
  TermMapSearch(const TermMapSearch&) = delete;
  TermMapSearch& operator=(const TermMapSearch&) = delete;

  // So many windows are looked at first; kAll if fewer than are wanted hold the list at all.
  static constexpr uint32_t kAll = ~0u;
  uint32_t first_windows() const { return first_windows_; }
  // As many documents as are asked for score more; kNoThreshold if that is not known.
  float floor() const { return floor_; }

  // Offers the documents of the list that pass, but for such as cannot enter. Damage goes to the
  // context.
  void Run(TopK* top_k);

 private:
  static constexpr uint32_t kNoBlock = ~0u;

  uint32_t NthByte(uint64_t windows) const;
  uint32_t Mask(uint32_t least);
  void RaiseLeastByte(const TopK& top_k);
  void LookAt(uint32_t below, TopK* top_k);
  bool Gather(DocId begin, DocId end, TopK* top_k);
  bool GatherDense(DocId begin, DocId end, TopK* top_k);
  bool GatherSparse(DocId begin, DocId end, TopK* top_k);
  bool Enter(uint32_t block);
  void Offer(TopK* top_k);

  const TermSource& source_;
  const PostingList& list_;
  const Bm25Scorer& similarity_;
  const SearchedSegment& segment_;
  RowFilter* filter_;
  SearchContext* context_;
  const Kernels& kernels_;
  ScoreColumns& columns_;
  const LinearBound bound_;
  std::vector<uint64_t> mask_;  // of windows
  uint64_t wanted_;             // windows that are looked at first, and the byte that so many reach
  uint32_t byte_;
  uint32_t first_windows_;
  float floor_ = kNoThreshold;  // k documents of the list score more
  uint32_t least_byte_ = 1;     // windows below it are of no interest any more
  size_t rows_ = 0;             // documents and ranks gathered in the columns

  // The block decoded last, of a sparse list.
  uint32_t block_ = 0;
  uint32_t decoded_ = kNoBlock;
  uint32_t docs_in_block_ = 0;
  alignas(64) std::array<DocId, kBlockRoom> docs_;
};

}  // namespace segue::exec

#endif  // SEGUE_EXEC_TERM_MAP_SEARCH_H_

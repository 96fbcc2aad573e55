// SPDX-License-Identifier: Apache-2.0
//
// FlatList: the postings of one clause of a flat query, seen chunk by chunk.
//
// A list gives its documents as a bit mask of the chunk (a dense list's own bitmap, or bits set
// from decoded blocks), the rank of any of them by a popcount, and from ranks frequencies and
// scores. Blocks are decoded only where someone wants to know.
#ifndef SEGUE_EXEC_FLAT_LIST_H_
#define SEGUE_EXEC_FLAT_LIST_H_

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "engine/exec/chunk.h"
#include "engine/exec/freq_reader.h"
#include "engine/exec/search_context.h"
#include "engine/exec/term_scorer.h"
#include "engine/rank/bm25.h"
#include "engine/simd/kernels.h"

namespace segue::exec {

class FlatList {
 public:
  // `weight`: of the score; of no account in a list that is never scored.
  FlatList(TermSource source, const TermScoring& scoring, float weight, SearchContext* context);
  ~FlatList();
  FlatList(const FlatList&) = delete;
  FlatList& operator=(const FlatList&) = delete;

  uint32_t doc_freq() const { return source_.list.doc_freq(); }
  const PostingList& list() const { return source_.list; }
  const TermSource& source() const { return source_; }
  const Bm25Scorer& similarity() const { return similarity_; }

  // A document at or after `from` before which the list has none; kEndOfDocs if it has none.
  // Decodes a short list, else looks at skip data only.
  DocId NextCandidate(DocId from);

  // No score is above it. Cost: of a list of one block, its scores; else that of its frontier.
  float MaxScore();

  // The documents of a list of at most kShortList postings, decoded once.
  static constexpr uint32_t kShortList = kWindowMinDocFreq - 1;
  bool is_short() const { return doc_freq() <= kShortList; }
  const std::vector<DocId>& ShortDocs();

  // The mask of the list's documents in the chunk, at least in the groups `wanted`: elsewhere bits
  // may be missing. Whole groups are readable. Valid until the next Load.
  const uint64_t* Load(const Chunk& chunk, const ChunkGroups& wanted);
  const uint64_t* members() const { return members_; }
  // The groups in which the loaded list may have documents.
  const ChunkGroups& groups() const { return groups_; }
  // Norm bytes of the chunk loaded last, by offset.
  const uint8_t* norms() const { return source_.norms + chunk_.begin; }

  // The ranks of documents of the chunk loaded last, which lie in wanted groups. `offsets`: of the
  // documents in the chunk, ascending.
  void Ranks(const uint32_t* offsets, size_t count, uint32_t* ranks);

  // And their scores. `ranks` and `freqs` have room for count.
  void Scores(const uint32_t* offsets, size_t count, uint32_t* ranks, uint32_t* freqs,
              float* scores);

  // Of the documents of `mask` that lie in those groups, those that the list has: see
  // Kernels::select_ranked. They are wanted groups of the chunk loaded last.
  size_t Select(const uint64_t* mask, uint32_t first_group, uint32_t groups, uint32_t* rows,
                uint32_t* offsets, uint32_t* ranks);
  // Scores of documents whose ranks are known.
  void ScoresOfRanks(const uint32_t* offsets, const uint32_t* ranks, size_t count, uint32_t* freqs,
                     float* scores);

  // Tells the context of damage met so far.
  void ReportDamage();

 private:
  // Blocks decoded one after the other: their first posting's rank, less the postings that the
  // mask already had in that group.
  struct Run {
    uint32_t group = 0;
    uint32_t rank = 0;
  };

  void LoadShort(const Chunk& chunk);
  void LoadSparse(const Chunk& chunk, const ChunkGroups& wanted);
  bool SetBlock(const Chunk& chunk, uint32_t block, bool begins_run);
  void BeginRun(uint32_t offset, uint32_t rank);
  void CountGroups();
  // The number of documents before each group of the chunk: u32, unaligned.
  const uint8_t* GroupRanks();

  TermSource source_;
  Bm25Scorer similarity_;
  SearchContext* context_;
  const Kernels& kernels_;
  FreqReader freqs_;
  float max_score_ = -1;  // below 0: not known yet
  bool short_ready_ = false;
  std::vector<DocId> short_docs_;

  Chunk chunk_{1, 1};   // no chunk begins at 1
  bool whole_ = false;  // all its groups are loaded
  uint32_t block_ = 0;  // where to look for the chunk's first block
  const uint64_t* members_ = nullptr;
  ChunkGroups groups_;
  uint64_t* mask_ = nullptr;  // what members_ is for a sparse list
  std::vector<Run> runs_;
  bool groups_counted_ = false;
  std::array<uint32_t, kChunkGroups> group_ranks_{};  // documents before each wanted group
};

}  // namespace segue::exec

#endif  // SEGUE_EXEC_FLAT_LIST_H_

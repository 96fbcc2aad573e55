// SPDX-License-Identifier: Apache-2.0
//
// FlatList: the postings of one clause of a flat query.
//
// Chunk by chunk (FlatSearch) a list gives its documents as a bit mask (a dense list's own bitmap,
// or bits set from decoded blocks), and the rank of any of them by a popcount. Or it is probed for
// documents (SparseSearch). From ranks it has frequencies and scores, either way. Blocks are
// decoded only where someone wants to know.
#ifndef SEGUE_EXEC_FLAT_LIST_H_
#define SEGUE_EXEC_FLAT_LIST_H_

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "engine/exec/chunk.h"
#include "engine/exec/list_probe.h"
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
  // The same, at once: of a list of one block, what no frequency could pass.
  float ScoreLimit() {
    return source_.list.block_count() == 1 ? similarity_.MaxScore() : MaxScore();
  }

  // All documents of the list, decoded once; none if it is damaged, and the context is told. By
  // chunks only lists of at most kShortList postings keep them.
  static constexpr uint32_t kShortList = kWindowMinDocFreq - 1;
  bool is_short() const { return doc_freq() <= kShortList; }
  const std::vector<DocId>& AllDocs();

  // The mask of the list's documents in the chunk, at least in the groups `wanted`: elsewhere bits
  // may be missing. Whole groups are readable. Valid until the next Load.
  const uint64_t* Load(const Chunk& chunk, const ChunkGroups& wanted);
  const uint64_t* members() const { return members_; }
  // Sets the bits of the list's documents in a mask of the chunk that is the caller's, and leaves
  // what is loaded; returns how many postings that took. Chunks ascend.
  uint64_t AddTo(const Chunk& chunk, uint64_t* mask);
  // The groups in which the loaded list may have documents.
  const ChunkGroups& groups() const { return groups_; }
  // Norm bytes of the chunk loaded last, by offset.
  const uint8_t* norms() const { return source_.norms + chunk_.begin; }

  // From now on the list is probed: in all that follows the chunk is the whole segment, offsets are
  // its documents, at most ListProbe::kRows at once, and there are no masks.
  void BeginProbing();
  void EndProbing();
  bool is_probed() const { return probe_.has_value(); }
  // The next documents of the list, at most ListProbe::kRows; 0 at its end. `docs` has room for
  // 16 more.
  // Whoever takes them looks at no other documents.
  size_t Take(DocId* docs);
  // Leaves those of `docs`, which ascend, that the list has, or (Drop) has not; returns how many.
  // `rows`: which of them they were.
  size_t Keep(DocId* docs, size_t count, uint32_t* rows);
  size_t Drop(DocId* docs, size_t count, uint32_t* rows);
  // Other lists left only these rows of the documents kept or taken last.
  void KeepRows(const uint32_t* rows, size_t kept);

  // Whether the list may have documents with offsets from `first` to `last`.
  bool MayHold(uint32_t first, uint32_t last) const {
    return is_probed() || groups_.Next(first / kGroupDocs) <= last / kGroupDocs;
  }
  // Documents of which something is asked: in wanted groups of the chunk loaded last, or, while the
  // list is probed, of those kept or taken last.
  struct Asked {
    const uint32_t* offsets = nullptr;  // ascending
    const uint32_t* rows = nullptr;     // which of those kept or taken; unused if it is not probed
    size_t count = 0;
  };

  // Those that the list has: indexes, offsets and ranks; returns how many. The outputs have room
  // for count. If it is probed and has not taken them, they may be any.
  size_t Held(const Asked& asked, uint32_t* held, uint32_t* held_offsets, uint32_t* ranks);

  // The ranks of documents that the list has.
  void Ranks(const Asked& asked, uint32_t* ranks);

  // And their scores. `ranks` and `freqs` have room for count.
  void Scores(const Asked& asked, uint32_t* ranks, uint32_t* freqs, float* scores);

  // Of the documents of `mask` that lie in those groups, those that the list has: see
  // Kernels::select_ranked. They are wanted groups of the chunk loaded last.
  size_t Select(const uint64_t* mask, uint32_t first_group, uint32_t groups, uint32_t* rows,
                uint32_t* offsets, uint32_t* ranks);
  // Scores of documents whose ranks are known.
  void ScoresOfRanks(const uint32_t* offsets, const uint32_t* ranks, size_t count, uint32_t* freqs,
                     float* scores);

  // Scores of documents of the segment whose frequencies are known.
  void ScoresOf(const DocId* docs, const uint32_t* freqs, size_t count, float* scores) const {
    kernels_.score_bm25(docs, freqs, count, source_.norms, similarity_.norm_inverse(),
                        similarity_.weight(), scores);
    context_->counters().documents_scored += count;
  }

  // Tells the context of damage met so far.
  void ReportDamage();

 private:
  // Blocks decoded one after the other: their first posting's rank, less the postings that the
  // mask already had in that group.
  struct Run {
    uint32_t group = 0;
    uint32_t rank = 0;
  };

  // Part of a decoded block.
  struct InChunk {
    const DocId* begin = nullptr;
    const DocId* end = nullptr;
  };
  // The documents of the block that are in the chunk; `docs` has room for kBlockRoom. None if the
  // block is damaged, and the context is told.
  InChunk DecodeIn(const Chunk& chunk, uint32_t block, DocId* docs);
  // The first block that may have documents of the chunk; block_ from now on.
  uint32_t BlockAt(const Chunk& chunk);

  void LoadShort(const Chunk& chunk);
  void LoadSparse(const Chunk& chunk);
  void LoadWanted(const Chunk& chunk, const ChunkGroups& wanted);
  bool SetBlock(const Chunk& chunk, uint32_t block, bool begins_run);
  void BeginRun(uint32_t offset, uint32_t rank);
  void CountGroups();
  // The number of documents before each group of the chunk: u32, unaligned.
  const uint8_t* GroupRanks();
  void RanksOfRows(const uint32_t* rows, size_t count, uint32_t* ranks) const;

  TermSource source_;
  Bm25Scorer similarity_;
  SearchContext* context_;
  const Kernels& kernels_;
  float max_score_ = -1;  // below 0: not known yet
  bool all_decoded_ = false;
  std::vector<DocId> all_docs_;

  // While it is probed.
  std::optional<ListProbe> probe_;
  ProbeRows* rows_ = nullptr;
  bool taken_ = false;  // all documents that are looked at are this list's

  static constexpr Chunk kNoChunk{1, 1};  // none begins at 1

  Chunk chunk_ = kNoChunk;
  bool whole_ = false;  // all its groups are loaded
  uint32_t block_ = 0;  // where to look for the chunk's first block
  const uint64_t* members_ = nullptr;
  ChunkGroups groups_;
  uint64_t* mask_ = nullptr;  // what members_ is for a sparse list
  std::vector<Run> runs_;
  bool groups_counted_ = false;
  // Documents before each wanted group. By itself and only where there is a mask: so is the list
  // of a size that allocators have at hand.
  std::unique_ptr<std::array<uint32_t, kChunkGroups>> group_ranks_;
};

}  // namespace segue::exec

#endif  // SEGUE_EXEC_FLAT_LIST_H_

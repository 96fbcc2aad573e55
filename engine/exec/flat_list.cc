// SPDX-License-Identifier: Apache-2.0
//
// Sparse lists: a block is decoded if a wanted group begins before the block ends. All postings of
// a wanted group are then in the mask, so that within it a popcount counts them all; the number of
// those before the group comes from the runs of blocks that were decoded.
#include "engine/exec/flat_list.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <numeric>
#include <utility>

#include "engine/exec/freq_reader.h"

namespace segue::exec {

FlatList::FlatList(TermSource source, const TermScoring& scoring, float weight,
                   SearchContext* context)
    : source_(std::move(source)),
      similarity_(weight, scoring.norms),
      context_(context),
      kernels_(ActiveKernels()) {
  context_->counters().postings += doc_freq();
}

FlatList::~FlatList() {
  if (mask_ != nullptr && members_ == mask_) groups_.Clear(mask_);
}

DocId FlatList::NextCandidate(DocId from) {
  const PostingList& list = source_.list;
  if (is_short()) {
    const std::vector<DocId>& docs = AllDocs();
    const auto next = std::lower_bound(docs.begin(), docs.end(), from);
    return next == docs.end() ? kEndOfDocs : *next;
  }
  if (list.dense()) return from > list.last_doc() ? kEndOfDocs : std::max(from, list.first_doc(0));
  const uint32_t block = list.FindBlock(from, 0);
  if (list.first_doc(block) >= from) return list.first_doc(block);
  return block + 1 == list.block_count() && from > list.last_doc() ? kEndOfDocs : from;
}

float FlatList::MaxScore() {
  if (max_score_ >= 0) return max_score_;
  max_score_ = similarity_.MaxScore();
  if (source_.bounds.has_value() && !source_.bounds->empty()) {
    max_score_ = FrontierMaxScore(similarity_, source_.bounds->list_frontier());
  } else if (source_.list.block_count() == 1 && !AllDocs().empty()) {
    const FreqBlock freqs = source_.list.OpenFreqs(0);
    max_score_ = 0;
    for (uint32_t i = 0; i < doc_freq(); ++i) {
      const uint8_t norm = source_.norms[all_docs_[i]];
      max_score_ = std::max(max_score_, similarity_.Score(freqs.At(i), norm));
    }
  }
  return max_score_;
}

const std::vector<DocId>& FlatList::AllDocs() {
  if (all_decoded_) return all_docs_;
  all_decoded_ = true;
  const PostingList& list = source_.list;
  all_docs_.resize(size_t{list.block_count()} * kBlockPostings);
  for (uint32_t block = 0; block < list.block_count(); ++block) {
    if (list.DecodeDocs(block, all_docs_.data() + size_t{block} * kBlockPostings) == 0) {
      context_->Fail(list.status());
      all_docs_.clear();
      return all_docs_;
    }
  }
  context_->counters().blocks_decoded += list.block_count();
  all_docs_.resize(doc_freq());
  return all_docs_;
}

const uint64_t* FlatList::Load(const Chunk& chunk, const ChunkGroups& wanted) {
  if (chunk_ == chunk && whole_) return members_;
  chunk_ = chunk;
  whole_ = source_.list.dense() || is_short() || wanted == ChunkGroups::All();
  if (source_.list.dense()) {
    members_ = source_.list.dense_words() + chunk.begin / kWordDocs;
    groups_ = ChunkGroups();
    groups_.AddRange(0, (chunk.size() - 1) / kGroupDocs);
    return members_;
  }
  groups_counted_ = false;
  if (mask_ == nullptr) {
    mask_ = context_->scratch().TakeMask();
    group_ranks_ = std::make_unique<std::array<uint32_t, kChunkGroups>>();
  }
  groups_.Clear(mask_);
  groups_ = ChunkGroups();
  members_ = mask_;
  runs_.clear();
  if (is_short()) {
    LoadShort(chunk);
  } else if (whole_) {
    LoadSparse(chunk);
  } else {
    LoadWanted(chunk, wanted);
  }
  return members_;
}

void FlatList::LoadShort(const Chunk& chunk) {
  const std::vector<DocId>& docs = AllDocs();
  const auto begin = std::lower_bound(docs.begin(), docs.end(), chunk.begin);
  const auto end = std::lower_bound(begin, docs.end(), chunk.end);
  if (begin == end) return;
  uint32_t next_group = 0;
  for (auto doc = begin; doc != end; ++doc) {
    const uint32_t group = (*doc - chunk.begin) / kGroupDocs;
    if (group < next_group) continue;
    groups_.Add(group);
    (*group_ranks_)[group] = static_cast<uint32_t>(doc - docs.begin());
    next_group = group + 1;
  }
  groups_counted_ = true;
  kernels_.set_bits(mask_, chunk.begin, &*begin, static_cast<size_t>(end - begin));
}

uint64_t FlatList::AddTo(const Chunk& chunk, uint64_t* mask) {
  const PostingList& list = source_.list;
  if (list.dense()) {
    kernels_.or_words(mask, mask, list.dense_words() + chunk.begin / kWordDocs, chunk.words());
    return chunk.words();
  }
  alignas(64) std::array<DocId, kBlockRoom> docs;
  uint64_t postings = 0;
  for (uint32_t block = BlockAt(chunk); block < list.block_count(); ++block) {
    if (list.first_doc(block) >= chunk.end) break;
    if (block + 1 < list.block_count()) list.WillDecode(block + 1);
    const InChunk part = DecodeIn(chunk, block, docs.data());
    const auto count = static_cast<size_t>(part.end - part.begin);
    kernels_.set_bits(mask, chunk.begin, part.begin, count);
    postings += count;
  }
  return postings;
}

uint32_t FlatList::BlockAt(const Chunk& chunk) {
  const PostingList& list = source_.list;
  if (list.first_doc(block_) > chunk.begin) block_ = 0;
  return block_ = list.FindBlock(chunk.begin, block_);
}

void FlatList::LoadSparse(const Chunk& chunk) {
  const PostingList& list = source_.list;
  for (uint32_t block = BlockAt(chunk); block < list.block_count(); ++block) {
    if (list.first_doc(block) >= chunk.end) return;
    if (block + 1 < list.block_count()) list.WillDecode(block + 1);
    if (!SetBlock(chunk, block, /*begins_run=*/block == block_)) return;
  }
}

void FlatList::LoadWanted(const Chunk& chunk, const ChunkGroups& wanted) {
  const PostingList& list = source_.list;
  if (list.first_doc(block_) > chunk.begin) block_ = 0;
  uint32_t block = block_;
  uint32_t decoded = kEndOfDocs;
  for (uint32_t group = wanted.Next(0); group < kChunkGroups;) {
    const DocId group_begin = chunk.begin + group * kGroupDocs;
    const DocId group_end = group_begin + kGroupDocs;
    const uint32_t first = list.FindBlock(group_begin, block);
    for (block = first; block < list.block_count() && list.first_doc(block) < group_end; ++block) {
      if (block == decoded) continue;
      if (!SetBlock(chunk, block, decoded == kEndOfDocs || block != decoded + 1)) return;
      decoded = block;
    }
    if (block > first) --block;  // the last one may reach into the next group
    group = wanted.Next(group + 1);
  }
  block_ = block;
}

FlatList::InChunk FlatList::DecodeIn(const Chunk& chunk, uint32_t block, DocId* docs) {
  const uint32_t count = source_.list.DecodeDocs(block, docs);
  if (count == 0) {
    context_->Fail(source_.list.status());
    return {};
  }
  ++context_->counters().blocks_decoded;
  const DocId* begin = docs;
  const DocId* end = begin + count;
  if (*begin < chunk.begin) begin = std::lower_bound(begin, end, chunk.begin);
  if (*(end - 1) >= chunk.end) end = std::lower_bound(begin, end, chunk.end);
  return {begin, end};
}

bool FlatList::SetBlock(const Chunk& chunk, uint32_t block, bool begins_run) {
  alignas(64) std::array<DocId, kBlockRoom> docs;
  const auto [begin, end] = DecodeIn(chunk, block, docs.data());
  if (begin == nullptr) return false;
  if (begin == end) return true;
  const uint32_t rank = block * kBlockPostings + static_cast<uint32_t>(begin - docs.data());
  if (begins_run || runs_.empty()) BeginRun(*begin - chunk.begin, rank);
  groups_.AddRange((*begin - chunk.begin) / kGroupDocs, (*(end - 1) - chunk.begin) / kGroupDocs);
  kernels_.set_bits(mask_, chunk.begin, begin, static_cast<size_t>(end - begin));
  return true;
}

void FlatList::BeginRun(uint32_t offset, uint32_t rank) {
  const uint32_t group = offset / kGroupDocs;
  const uint64_t before = kernels_.count_words(mask_ + group * kGroupWords, kGroupWords);
  runs_.push_back({group, rank - static_cast<uint32_t>(before)});
}

void FlatList::CountGroups() {
  groups_counted_ = true;
  for (size_t run = 0; run < runs_.size(); ++run) {
    const uint32_t end = run + 1 < runs_.size() ? runs_[run + 1].group : kChunkGroups;
    uint32_t rank = runs_[run].rank;
    const uint32_t begin = runs_[run].group;
    if (begin >= end) continue;  // a group that nobody wanted, or a damaged list
    uint32_t* const ranks = group_ranks_->data();
    kernels_.count_groups(mask_ + begin * kGroupWords, end - begin, ranks + begin);
    for (uint32_t group = begin; group < end; ++group) {
      const uint32_t in_group = ranks[group];
      ranks[group] = rank;
      rank += in_group;
    }
  }
}

const uint8_t* FlatList::GroupRanks() {
  if (source_.list.dense()) {
    return source_.list.dense_ranks() + 4 * size_t{chunk_.begin / kGroupDocs};
  }
  if (!groups_counted_) CountGroups();
  return reinterpret_cast<const uint8_t*>(group_ranks_->data());
}

void FlatList::BeginProbing() {
  probe_.emplace(&source_.list, all_decoded_ ? &all_docs_ : nullptr, context_);
  rows_ = probe_->rows();
  chunk_ = {0, source_.doc_count};
}

void FlatList::EndProbing() {
  probe_.reset();
  chunk_ = kNoChunk;
  taken_ = false;
}

size_t FlatList::Take(DocId* docs) {
  uint32_t rank;
  taken_ = true;
  const size_t taken = probe_->Take(docs, &rank);
  std::iota(rows_->ranks.begin(), rows_->ranks.begin() + static_cast<ptrdiff_t>(taken), rank);
  return taken;
}

size_t FlatList::Keep(DocId* docs, size_t count, uint32_t* rows) {
  DocId* const found = context_->scratch().columns().held_offsets.data();
  const size_t kept = probe_->Find(docs, count, rows, found, rows_->ranks.data());
  std::copy_n(found, kept, docs);
  return kept;
}

size_t FlatList::Drop(DocId* docs, size_t count, uint32_t* rows) {
  ScoreColumns& columns = context_->scratch().columns();
  const size_t held =
      probe_->Find(docs, count, rows, columns.held_offsets.data(), columns.ranks.data());
  std::array<bool, ListProbe::kRows> drop = {};
  for (size_t i = 0; i < held; ++i) drop[rows[i]] = true;
  return KeepDocs(docs, count, rows, [&](size_t i) { return !drop[i]; });
}

void FlatList::KeepRows(const uint32_t* rows, size_t kept) {
  RanksOfRows(rows, kept, rows_->ranks.data());
}

size_t FlatList::Held(const Asked& asked, uint32_t* held, uint32_t* held_offsets, uint32_t* ranks) {
  if (taken_) {
    std::iota(held, held + asked.count, 0);
    std::copy_n(asked.offsets, asked.count, held_offsets);
    RanksOfRows(asked.rows, asked.count, ranks);
    return asked.count;
  }
  if (probe_.has_value()) {
    return probe_->Find(asked.offsets, asked.count, held, held_offsets, ranks);
  }
  const size_t count =
      kernels_.select_set(members_, asked.offsets, asked.count, held, held_offsets);
  Ranks({held_offsets, nullptr, count}, ranks);
  return count;
}

// `ranks` may be those of all rows.
void FlatList::RanksOfRows(const uint32_t* rows, size_t count, uint32_t* ranks) const {
  for (size_t i = 0; i < count; ++i) ranks[i] = rows_->ranks[rows[i]];
}

void FlatList::Ranks(const Asked& asked, uint32_t* ranks) {
  if (probe_.has_value()) return RanksOfRows(asked.rows, asked.count, ranks);
  kernels_.ranks(members_, GroupRanks(), asked.offsets, asked.count, ranks);
}

size_t FlatList::Select(const uint64_t* mask, uint32_t first_group, uint32_t groups, uint32_t* rows,
                        uint32_t* offsets, uint32_t* ranks) {
  const size_t first_word = size_t{first_group} * kGroupWords;
  const size_t count =
      kernels_.select_ranked(members_ + first_word, GroupRanks() + 4 * size_t{first_group},
                             mask + first_word, groups, rows, offsets, ranks);
  for (size_t i = 0; i < count; ++i) offsets[i] += first_group * kGroupDocs;
  return count;
}

void FlatList::Scores(const Asked& asked, uint32_t* ranks, uint32_t* freqs, float* scores) {
  Ranks(asked, ranks);
  ScoresOfRanks(asked.offsets, ranks, asked.count, freqs, scores);
}

void FlatList::ScoresOfRanks(const uint32_t* offsets, const uint32_t* ranks, size_t count,
                             uint32_t* freqs, float* scores) {
  ReadFreqs(source_.list, ranks, count, freqs);
  kernels_.score_bm25(offsets, freqs, count, norms(), similarity_.norm_inverse(),
                      similarity_.weight(), scores);
  context_->counters().documents_scored += count;
}

void FlatList::ReportDamage() {
  if (absl::Status status = source_.list.status(); !status.ok()) context_->Fail(std::move(status));
}

}  // namespace segue::exec

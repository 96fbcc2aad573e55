// SPDX-License-Identifier: Apache-2.0
#include "engine/exec/scored_union.h"

#include <utility>

#include "engine/exec/chunk.h"

namespace segue::exec {
namespace {

// So few rows leave nearly all bits of a chunk's mask unset, so that one mask does for the whole
// segment.
constexpr size_t kFewRows = 2048;

}  // namespace

ScoredUnion::ScoredUnion(const std::vector<FlatList*>& lists, const UnionFilter& filter,
                         SearchContext* context)
    : filter_(filter),
      context_(context),
      kernels_(ActiveKernels()),
      columns_(context->scratch().columns()),
      members_(context->scratch().TakeMask()) {
  for (FlatList* list : lists) lists_.push_back({.list = list});
  // The rarest first: their scores soon are a threshold that most of the others do not reach.
  std::stable_sort(lists_.begin(), lists_.end(), [](const Postings& a, const Postings& b) {
    return a.list->similarity().weight() > b.list->similarity().weight();
  });
}

bool ScoredUnion::Load() {
  size_t most = kBlockPostings;  // the last block is decoded whole
  for (const Postings& list : lists_) most += list.list->doc_freq();
  if (absl::Status status = context_->Charge(most * (sizeof(*docs_) + sizeof(*sums_)));
      !status.ok()) {
    context_->Fail(std::move(status));
    return false;
  }
  SearchScratch::UnionRows& kept = context_->scratch().union_rows(most);
  docs_ = kept.docs.data();
  sums_ = kept.sums.data();
  row_of_ = kept.row_of.data();
  return std::all_of(lists_.begin(), lists_.end(), [&](Postings& list) { return LoadList(&list); });
}

bool ScoredUnion::LoadList(Postings* postings) {
  ScoreColumns& c = columns_;
  FlatList& flat_list = *postings->list;
  const PostingList& list = flat_list.list();
  postings->first = postings->begin = postings->end = rows_;
  for (uint32_t block = 0; block < list.block_count(); ++block) {
    if (block + 1 < list.block_count()) list.WillDecode(block + 1);
    DocId* const docs = docs_ + rows_;
    uint32_t count = list.DecodeDocs(block, docs);
    if (count == 0 || !list.DecodeFreqs(block, c.freqs.data())) {
      context_->Fail(list.status());
      return false;
    }
    for (const uint64_t* bitmap : filter_.bitmaps()) count = KeepPassing(bitmap, docs, count);
    flat_list.ScoresOf(docs, c.freqs.data(), count, c.scores.data());
    for (uint32_t i = 0; i < count; ++i) sums_[rows_ + i] = static_cast<double>(c.scores[i]);
    rows_ += count;
    if (!context_->KeepGoingAfter(kBlockPostings)) return false;
  }
  postings->last = rows_;
  context_->counters().blocks_decoded += list.block_count();
  return true;
}

// Leaves those in the bitmap, with their frequencies; returns how many.
uint32_t ScoredUnion::KeepPassing(const uint64_t* bitmap, DocId* docs, uint32_t count) {
  ScoreColumns& c = columns_;
  const size_t kept =
      kernels_.select_set(bitmap, docs, count, c.held_rows.data(), c.held_offsets.data());
  std::copy_n(c.held_offsets.data(), kept, docs);
  for (size_t i = 0; i < kept; ++i) c.freqs[i] = c.freqs[c.held_rows[i]];
  return static_cast<uint32_t>(kept);
}

bool ScoredUnion::Next() {
  for (Postings& list : lists_) list.begin = list.end;
  const DocId next = NextDoc();
  if (next == kEndOfDocs) return false;
  TakeUpTo(rows_ <= kFewRows ? kEndOfDocs : (next / kChunkDocs + 1) * kChunkDocs);
  Unite();
  return true;
}

// The first document that is not done; kEndOfDocs if all are.
DocId ScoredUnion::NextDoc() const {
  DocId next = kEndOfDocs;
  for (const Postings& list : lists_) {
    if (list.begin < list.last) next = std::min(next, docs_[list.begin]);
  }
  return next;
}

void ScoredUnion::TakeUpTo(DocId end) {
  for (Postings& list : lists_) {
    const auto begin = docs_ + list.begin, last = docs_ + list.last;
    list.end = static_cast<size_t>(std::lower_bound(begin, last, end) - docs_);
  }
}

// Leaves each document at hand to one row, with the whole sum.
void ScoredUnion::Unite() {
  for (size_t i = 0; i < lists_.size(); ++i) {
    for (size_t begin = lists_[i].begin; begin < lists_[i].end; begin += ScoreColumns::kBatchRows) {
      const size_t count = std::min(lists_[i].end - begin, ScoreColumns::kBatchRows);
      MoveShared(i, FoldDocs(begin, count), begin, count);
    }
  }
  ClearMembers();
}

void ScoredUnion::ClearMembers() {
  size_t at_hand = 0;
  for (const Postings& list : lists_) at_hand += list.end - list.begin;
  if (at_hand >= kChunkWords) {
    std::fill_n(members_, kChunkWords, uint64_t{0});
    return;
  }
  for (const Postings& list : lists_) {
    for (size_t row = list.begin; row < list.end; ++row) {
      members_[docs_[row] % kChunkDocs / kWordDocs] = 0;
    }
  }
}

// The bits that stand for the rows' documents.
const uint32_t* ScoredUnion::FoldDocs(size_t begin, size_t count) {
  uint32_t* const bits = columns_.offsets.data();
  for (size_t i = 0; i < count; ++i) bits[i] = docs_[begin + i] % kChunkDocs;
  return bits;
}

// Moves what these rows of a list have to the first rows of their documents, where earlier lists
// have them, and enters them as first rows where not.
void ScoredUnion::MoveShared(size_t list, const uint32_t* bits, size_t begin, size_t count) {
  uint32_t* const shared_bits = columns_.held_offsets.data();
  uint32_t* const first_rows = columns_.ranks.data();
  const size_t shared = list == 0 ? 0
                                  : kernels_.select_set(members_, bits, count,
                                                        columns_.held_rows.data(), shared_bits);
  for (size_t s = 0; s < shared; ++s) {
    const size_t row = begin + columns_.held_rows[s];
    const size_t first = FirstRowOf(list, row, shared_bits[s]);
    first_rows[s] = static_cast<uint32_t>(first);
    if (first != row) sums_[first] += std::exchange(sums_[row], kMoved);
  }
  if (list + 1 == lists_.size()) return;
  for (size_t i = 0; i < count; ++i) row_of_[bits[i]] = static_cast<uint32_t>(begin + i);
  for (size_t s = 0; s < shared; ++s) row_of_[shared_bits[s]] = first_rows[s];
  kernels_.set_bits(members_, 0, bits, count);
}

// The row itself if no earlier list has its document.
size_t ScoredUnion::FirstRowOf(size_t list, size_t row, uint32_t bit) const {
  const DocId doc = docs_[row];
  if (docs_[row_of_[bit]] == doc) return row_of_[bit];
  // The bit was, at least last, of another document.
  for (size_t i = 0; i < list; ++i) {
    const DocId* const end = docs_ + lists_[i].end;
    const DocId* const at = std::lower_bound<const DocId*>(docs_ + lists_[i].begin, end, doc);
    if (at != end && *at == doc && sums_[at - docs_] != kMoved) {
      return static_cast<size_t>(at - docs_);
    }
  }
  return row;
}

}  // namespace segue::exec

// SPDX-License-Identifier: Apache-2.0
#include "engine/exec/union_search.h"

#include <algorithm>
#include <utility>

#include "engine/exec/chunk.h"
#include "engine/exec/flat_scorer.h"
#include "engine/simd/kernels.h"

namespace segue::exec {
namespace {

// Each list is compared with those before it.
constexpr size_t kMostLists = 16;

// The more hits are wanted, the fewer postings bounds could leave out; and who counts, too, has to
// look at all of them anyway: half as many again. More rows would not stay near the processor.
constexpr uint64_t kFewPostings = 2048;
constexpr uint64_t kFewTimesK = 64;
constexpr uint64_t kMostPostings = 32768;

// So few rows leave most bits of a chunk's mask unset, so that one mask does for the whole segment.
constexpr size_t kFewRows = 8192;

// So many rows are looked at together.
constexpr size_t kBatchRows = RowFilter::kRows;

// Scores are 0 or more.
constexpr double kMoved = -1;
constexpr float kBelowAll = -0.5F;

}  // namespace

bool UnionSearch::Suits(const std::vector<FlatClause>& clauses, const FlatParts& parts, uint32_t k,
                        bool counts) {
  if (k == 0 || parts.phrase != nullptr || parts.shoulds.size() < 2 ||
      parts.shoulds.size() > kMostLists) {
    return false;
  }
  const bool narrows = !parts.required.empty() || !parts.prohibited.empty();
  if (narrows && (counts || !parts.needs_should)) return false;
  uint64_t few = kFewPostings + kFewTimesK * k;
  if (counts) few += few / 2;
  const uint64_t postings = parts.InShoulds();
  if (postings > std::min(few, kMostPostings) || postings > parts.InRequired()) return false;
  const auto scored = static_cast<size_t>(
      std::count_if(clauses.begin(), clauses.end(),
                    [](const FlatClause& clause) { return IsScored(clause.kind); }));
  return scored == parts.shoulds.size() && FlatScorer::SumsAreExact(clauses);
}

UnionSearch::UnionSearch(const FlatParts& parts, const SearchedSegment& segment,
                         SearchContext* context)
    : segment_(segment),
      context_(context),
      kernels_(ActiveKernels()),
      columns_(context->scratch().columns()),
      filter_(segment.live, parts.required, parts.prohibited),
      members_(context->scratch().TakeMask()) {
  for (FlatList* list : parts.shoulds) lists_.push_back({.list = list});
  // The rarest first: their scores soon are a threshold that most of the others do not reach.
  std::stable_sort(lists_.begin(), lists_.end(), [](const Postings& a, const Postings& b) {
    return a.list->similarity().weight() > b.list->similarity().weight();
  });
}

void UnionSearch::Run(TopK* top_k, MatchCounter* counter) {
  if (!Load()) return;
  for (DocId next; context_->KeepGoing() && (next = NextDoc()) != kEndOfDocs;) {
    TakeUpTo(rows_ <= kFewRows ? kEndOfDocs : (next / kChunkDocs + 1) * kChunkDocs);
    Unite();
    if (counter != nullptr && counter->wanted()) counter->Add(Count());
    Offer(top_k);
  }
}

// Reads and scores all postings.
bool UnionSearch::Load() {
  size_t rows = 0;  // whole blocks, as they are decoded
  for (Postings& list : lists_) {
    list.begin = list.end = rows;
    list.last = rows + list.list->doc_freq();
    rows_ += list.list->doc_freq();
    rows += size_t{list.list->list().block_count()} * kBlockPostings;
  }
  if (absl::Status status = context_->Charge(rows * (sizeof(*docs_) + sizeof(*sums_)));
      !status.ok()) {
    context_->Fail(std::move(status));
    return false;
  }
  SearchScratch::UnionRows& kept = context_->scratch().union_rows(rows);
  docs_ = kept.docs.data();
  sums_ = kept.sums.data();
  return std::all_of(lists_.begin(), lists_.end(),
                     [&](const Postings& list) { return LoadList(list.list, list.begin); });
}

bool UnionSearch::LoadList(FlatList* flat_list, size_t row) {
  const PostingList& list = flat_list->list();
  for (uint32_t block = 0; block < list.block_count(); ++block) {
    if (block + 1 < list.block_count()) list.WillDecode(block + 1);
    const uint32_t count = list.DecodeDocs(block, docs_ + row);
    if (count == 0 || !list.DecodeFreqs(block, columns_.freqs.data())) {
      context_->Fail(list.status());
      return false;
    }
    flat_list->ScoresOf(docs_ + row, columns_.freqs.data(), count, columns_.scores.data());
    for (uint32_t i = 0; i < count; ++i) sums_[row + i] = static_cast<double>(columns_.scores[i]);
    row += count;
  }
  context_->counters().blocks_decoded += list.block_count();
  return true;
}

// The first document that is not done; kEndOfDocs if all are.
DocId UnionSearch::NextDoc() const {
  DocId next = kEndOfDocs;
  for (const Postings& list : lists_) {
    if (list.begin < list.last) next = std::min(next, docs_[list.begin]);
  }
  return next;
}

void UnionSearch::TakeUpTo(DocId end) {
  for (Postings& list : lists_) {
    const auto begin = docs_ + list.begin, last = docs_ + list.last;
    list.end = static_cast<size_t>(std::lower_bound(begin, last, end) - docs_);
  }
}

// Leaves each document at hand to one row, with the whole sum.
void UnionSearch::Unite() {
  for (size_t i = 0; i < lists_.size(); ++i) {
    for (size_t begin = lists_[i].begin; begin < lists_[i].end; begin += kBatchRows) {
      const size_t count = std::min(lists_[i].end - begin, kBatchRows);
      const uint32_t* const bits = FoldDocs(begin, count);
      if (i > 0) MoveShared(i, SelectShared(bits, begin, count));
      if (i + 1 < lists_.size()) kernels_.set_bits(members_, 0, bits, count);
    }
  }
  std::fill_n(members_, kChunkWords, uint64_t{0});
}

// The bits that stand for the rows' documents.
const uint32_t* UnionSearch::FoldDocs(size_t begin, size_t count) {
  uint32_t* const bits = columns_.offsets.data();
  for (size_t i = 0; i < count; ++i) bits[i] = docs_[begin + i] % kChunkDocs;
  return bits;
}

// The held rows become those whose documents earlier lists may have; returns how many.
size_t UnionSearch::SelectShared(const uint32_t* bits, size_t begin, size_t count) {
  uint32_t* const rows = columns_.held_rows.data();
  const size_t shared =
      kernels_.select_set(members_, bits, count, rows, columns_.held_offsets.data());
  for (size_t i = 0; i < shared; ++i) rows[i] += static_cast<uint32_t>(begin);
  return shared;
}

// Moves what the held rows have to the rows of the same documents in the first list that has them.
void UnionSearch::MoveShared(size_t list, size_t shared) {
  uint32_t* const rows = columns_.held_rows.data();
  for (size_t i = 0; i < list && shared > 0; ++i) {
    const DocId* const end = docs_ + lists_[i].end;
    const DocId* at = std::lower_bound<const DocId*>(docs_ + lists_[i].begin, end, docs_[rows[0]]);
    size_t left = 0;
    for (size_t s = 0; s < shared; ++s) {
      const uint32_t row = rows[s];
      while (at != end && *at < docs_[row]) ++at;
      if (at != end && *at == docs_[row]) {
        sums_[at - docs_] += std::exchange(sums_[row], kMoved);
      } else {
        rows[left++] = row;
      }
    }
    shared = left;
  }
}

// The documents at hand.
uint64_t UnionSearch::Count() const {
  uint64_t count = 0;
  for (const Postings& list : lists_) {
    for (size_t row = list.begin; row < list.end; ++row) {
      count +=
          sums_[row] != kMoved && (segment_.live == nullptr || segment_.live->Test(docs_[row]));
    }
  }
  return count;
}

void UnionSearch::Offer(TopK* top_k) {
  float* const scores = columns_.scores.data();
  for (Postings& list : lists_) {
    while (list.begin < list.end) {
      const size_t rows = std::min(list.end - list.begin, kBatchRows);
      const DocId* const docs = docs_ + list.begin;
      for (size_t i = 0; i < rows; ++i) scores[i] = static_cast<float>(sums_[list.begin + i]);
      const float threshold = std::max(top_k->ThresholdFrom(segment_.base + docs[0]), kBelowAll);
      filter_.Offer(docs, scores, rows, threshold, segment_.base, &columns_, top_k);
      list.begin += rows;
    }
  }
}

}  // namespace segue::exec

// SPDX-License-Identifier: Apache-2.0
#include "engine/exec/sparse_search.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <utility>

namespace segue::exec {
namespace {

// A chunk's masks are cleared, combined and searched whole, and the blocks of the other lists set
// bit by bit: as much work as looking up so many documents. A list of one block never fills them.
constexpr uint32_t kFewInChunk = 2048;
constexpr uint32_t kFew = kBlockPostings;
// Documents of should clauses are united one by one, which a mask does sooner for more, if they are
// only counted.
constexpr uint64_t kMostCounted = 8192;

// Writes the values of both, each once; returns how many. What ascends strictly stays so.
size_t Unite(const std::vector<DocId>& a, const std::vector<DocId>& b, DocId* out) {
  size_t i = 0, j = 0, count = 0;
  while (i < a.size() && j < b.size()) {
    const DocId of_a = a[i], of_b = b[j];
    out[count++] = std::min(of_a, of_b);
    i += of_a <= of_b;
    j += of_b <= of_a;
  }
  const DocId* const rest = std::copy(a.begin() + static_cast<ptrdiff_t>(i), a.end(), out + count);
  return static_cast<size_t>(
      std::copy(b.begin() + static_cast<ptrdiff_t>(j), b.end(), out + (rest - out)) - out);
}

}  // namespace

uint64_t SparseSearch::MostCandidates(uint32_t doc_count) {
  return std::max(kFew, doc_count / (kChunkDocs / kFewInChunk));
}

bool SparseSearch::Suits(const FlatParts& parts, uint32_t doc_count, bool any_hits) {
  const uint64_t candidates = parts.MatchesAtMost();
  return candidates <= MostCandidates(doc_count) &&
         (any_hits || !ByShoulds(parts) || candidates <= kMostCounted);
}

bool SparseSearch::ByShoulds(const FlatParts& parts) {
  return parts.needs_should && parts.InShoulds() < parts.InRequired();
}

std::vector<FlatList*> SparseSearch::SourcesOf(const FlatParts& parts) {
  if (ByShoulds(parts)) return parts.shoulds;
  return {parts.required.front()};
}

SparseSearch::SparseSearch(std::vector<FlatList*> sources, const std::vector<FlatClause>& clauses,
                           const FlatParts& parts, const SearchedSegment& segment,
                           SearchContext* context)
    : sources_(std::move(sources)),
      parts_(parts),
      segment_(segment),
      context_(context),
      scorer_(clauses, context),
      docs_(context->scratch().columns().offsets.data()),
      by_shoulds_(parts.required.empty() || sources_.front() != parts.required.front()),
      asked_first_(by_shoulds_ ? 0 : 1) {}

SparseSearch::SparseSearch(std::vector<DocId> candidates, const std::vector<FlatClause>& clauses,
                           const FlatParts& parts, const SearchedSegment& segment,
                           SearchContext* context)
    : parts_(parts),
      segment_(segment),
      context_(context),
      scorer_(clauses, context),
      docs_(context->scratch().columns().offsets.data()),
      by_shoulds_(false),
      asked_first_(0),
      union_(std::move(candidates)) {}

SparseSearch::~SparseSearch() {
  parts_.ForEachList([](FlatList* list) { list->EndProbing(); });
}

void SparseSearch::Run(TopK* top_k, MatchCounter* counter) {
  const bool any_hits = top_k->k() != 0;
  if (any_hits) scorer_.UseBounds(nullptr);
  if (sources_.size() > 1 && !UniteSources()) return;
  parts_.ForEachList([](FlatList* list) { list->BeginProbing(); });
  while (context_->KeepGoing()) {
    const bool counting = counter != nullptr && counter->wanted();
    if (!counting && !any_hits) return;
    size_t count = NextBatch();
    if (count == 0) return;
    const DocId first = docs_[0];
    count = Narrow(count);
    if (count == 0) continue;
    // Only positions tell which candidates match: while those are counted none is left out.
    const bool count_offered = counting && any_hits && parts_.phrase != nullptr;
    if (counting && !count_offered) {
      counter->Add(parts_.phrase == nullptr ? count : CountPhrase(count));
    }
    if (!any_hits) continue;
    const float threshold =
        count_offered ? kNoThreshold : top_k->ThresholdFrom(segment_.base + first);
    const size_t matches =
        scorer_.Offer(count, {segment_.base, 0}, /*prune=*/!count_offered, threshold, top_k);
    if (count_offered) counter->Add(matches);
  }
}

// The next candidates, ascending; returns how many, 0 at the end.
size_t SparseSearch::NextBatch() {
  if (sources_.size() == 1) return sources_.front()->Take(docs_);
  const size_t count = std::min(union_.size() - taken_, ListProbe::kRows);
  std::copy_n(union_.begin() + static_cast<ptrdiff_t>(taken_), count, docs_);
  taken_ += count;
  return count;
}

bool SparseSearch::UniteSources() {
  uint64_t postings = 0;
  for (const FlatList* list : sources_) postings += list->doc_freq();
  if (absl::Status status = context_->Charge(3 * sizeof(DocId) * postings); !status.ok()) {
    context_->Fail(std::move(status));
    return false;
  }
  std::vector<FlatList*> lists = sources_;
  std::sort(lists.begin(), lists.end(),
            [](const FlatList* a, const FlatList* b) { return a->doc_freq() < b->doc_freq(); });
  std::vector<DocId> united;
  for (FlatList* list : lists) {
    const std::vector<DocId>& docs = list->AllDocs();
    united.resize(union_.size() + docs.size());
    united.resize(Unite(union_, docs, united.data()));
    union_.swap(united);
  }
  return true;
}

// Leaves the candidates that match, a phrase apart; returns how many.
size_t SparseSearch::Narrow(size_t count) {
  uint32_t* const rows = context_->scratch().columns().held_rows.data();
  const auto leave = [&](size_t left) {
    if (left < count) {
      for (FlatList* list : known_) list->KeepRows(rows, left);
    }
    count = left;
  };
  known_.clear();
  if (sources_.size() == 1) known_.push_back(sources_.front());
  if (segment_.live != nullptr) leave(KeepLive(count, rows));
  for (size_t i = asked_first_; i < parts_.required.size() && count != 0; ++i) {
    leave(parts_.required[i]->Keep(docs_, count, rows));
    known_.push_back(parts_.required[i]);
  }
  for (FlatList* list : parts_.prohibited) {
    if (count != 0) leave(list->Drop(docs_, count, rows));
  }
  if (parts_.needs_should && !by_shoulds_) leave(KeepAnyShould(count, rows));
  if (gates_ != nullptr) leave(gates_->Keep(docs_, count, rows));
  return count;
}

size_t SparseSearch::CountPhrase(size_t count) {
  uint32_t* const rows = context_->scratch().columns().rows.data();
  std::iota(rows, rows + count, 0);
  return parts_.phrase->Count({docs_, rows, count});
}

size_t SparseSearch::KeepLive(size_t count, uint32_t* rows) const {
  return KeepDocs(docs_, count, rows, [&](size_t i) { return segment_.live->Test(docs_[i]); });
}

size_t SparseSearch::KeepAnyShould(size_t count, uint32_t* rows) {
  ScoreColumns& columns = context_->scratch().columns();
  std::array<bool, ListProbe::kRows> any = {};
  for (FlatList* list : parts_.shoulds) {
    const size_t held = list->Held({docs_, nullptr, count}, rows, columns.held_offsets.data(),
                                   columns.ranks.data());
    for (size_t i = 0; i < held; ++i) any[rows[i]] = true;
  }
  return KeepDocs(docs_, count, rows, [&](size_t i) { return any[i]; });
}

}  // namespace segue::exec

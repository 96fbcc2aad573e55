// SPDX-License-Identifier: Apache-2.0
#include "engine/exec/flat_count.h"

#include <algorithm>

#include "engine/exec/list_probe.h"
#include "engine/exec/sparse_search.h"
#include "engine/exec/term_search.h"

namespace segue::exec {
namespace {

// So many postings are worth a mask of the chunk that they are in.
constexpr uint64_t kPostingsOfChunk = 64;

// Documents with both, by chunks.
uint64_t CountInChunks(FlatList* rarer, FlatList* other, uint32_t doc_count,
                       SearchContext* context) {
  uint64_t count = 0;
  for (DocId from = 0; from < doc_count && context->KeepGoing();) {
    const DocId next = rarer->NextCandidate(from);
    if (next >= doc_count) break;
    const Chunk chunk = ChunkAt(next / kChunkDocs, doc_count);
    from = chunk.end;
    const uint64_t* in_rarer = rarer->Load(chunk, ChunkGroups::All());
    const uint64_t* in_other = other->Load(chunk, rarer->groups());
    count += ActiveKernels().count_and(in_rarer, in_other, chunk.words());
  }
  return count;
}

// The same, document by document.
uint64_t CountFound(const FlatList& rarer, const FlatList& other, SearchContext* context) {
  ListProbe taken(&rarer.list(), nullptr, context), probe(&other.list(), nullptr, context);
  ScoreColumns& columns = context->scratch().columns();
  uint64_t count = 0;
  for (uint32_t rank = 0; context->KeepGoing();) {
    const size_t docs = taken.Take(columns.offsets.data(), &rank);
    if (docs == 0) break;
    count += probe.Find(columns.offsets.data(), docs, columns.held_rows.data(),
                        columns.held_offsets.data(), columns.ranks.data());
  }
  return count;
}

uint64_t CountInBoth(FlatList* a, FlatList* b, uint32_t doc_count, SearchContext* context) {
  if (a->doc_freq() > b->doc_freq()) std::swap(a, b);
  const uint64_t count = a->doc_freq() <= SparseSearch::MostCandidates(doc_count)
                             ? CountFound(*a, *b, context)
                             : CountInChunks(a, b, doc_count, context);
  // A damaged bitmap can hold more bits than the list has postings; callers subtract.
  return std::min<uint64_t>(count, a->doc_freq());
}

// Live documents with any of them, in one mask.
uint64_t CountInAny(const std::vector<FlatList*>& lists, const SearchedSegment& segment,
                    SearchContext* context) {
  const Kernels& kernels = ActiveKernels();
  uint64_t* const mask = context->scratch().TakeMask();
  uint64_t count = 0;
  for (DocId begin = 0; begin < segment.doc_count;) {
    const Chunk chunk = ChunkAt(begin / kChunkDocs, segment.doc_count);
    const size_t first_word = begin / kWordDocs;
    uint64_t postings = 0;
    for (FlatList* list : lists) postings += list->AddTo(chunk, mask);
    begin = chunk.end;
    if (postings == 0) continue;
    count +=
        segment.live == nullptr
            ? kernels.count_words(mask, chunk.words())
            : kernels.count_and(mask, segment.live->words().data() + first_word, chunk.words());
    std::fill_n(mask, chunk.words(), 0);
    if (!context->KeepGoingAfter(postings)) break;
  }
  return count;
}

}  // namespace

std::optional<uint64_t> CountAtOnce(const FlatParts& parts, const SearchedSegment& segment,
                                    SearchContext* context) {
  if (parts.phrase != nullptr) return std::nullopt;
  const bool all_live = segment.live == nullptr;
  const auto in_both = [&](FlatList* a, FlatList* b) {
    return CountInBoth(a, b, segment.doc_count, context);
  };
  const std::vector<FlatList*>& required = parts.required;
  const std::vector<FlatList*>& prohibited = parts.prohibited;
  const std::vector<FlatList*>& shoulds = parts.shoulds;
  if (required.empty() && prohibited.empty()) {
    if (all_live && shoulds.size() == 1) return shoulds[0]->doc_freq();
    if (all_live && shoulds.size() == 2) {
      return parts.InShoulds() - in_both(shoulds[0], shoulds[1]);
    }
    // What is rarer is united sooner than masks are cleared.
    if (parts.InShoulds() >= kPostingsOfChunk * (segment.doc_count / kChunkDocs + 1)) {
      return CountInAny(shoulds, segment, context);
    }
  }
  if (required.empty() || parts.needs_should) return std::nullopt;
  if (required.size() == 1 && prohibited.empty()) {
    return all_live ? required[0]->doc_freq() : CountLive(required[0]->list(), segment, context);
  }
  if (!all_live) return std::nullopt;
  if (required.size() == 1 && prohibited.size() == 1) {
    return required[0]->doc_freq() - in_both(required[0], prohibited[0]);
  }
  if (required.size() == 2 && prohibited.empty()) return in_both(required[0], required[1]);
  return std::nullopt;
}

}  // namespace segue::exec

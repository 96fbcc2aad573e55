// SPDX-License-Identifier: Apache-2.0
#include "engine/exec/flat_matcher.h"

#include <algorithm>
#include <array>

namespace segue::exec {

FlatMatcher::FlatMatcher(const std::vector<FlatClause>& clauses, bool needs_should,
                         const SearchedSegment& segment, SearchContext* context)
    : segment_(segment),
      context_(context),
      kernels_(ActiveKernels()),
      mask_(context->scratch().TakeMask()) {
  for (const FlatClause& clause : clauses) {
    if (clause.phrase != nullptr) {
      phrase_ = clause.phrase.get();
      for (const auto& term : phrase_->terms()) required_.push_back(term.get());
      continue;
    }
    FlatList* list = clause.list.get();
    if (IsRequired(clause.kind)) {
      required_.push_back(list);
    } else {
      (clause.kind == ClauseKind::kShould ? shoulds_ : prohibited_).push_back(list);
    }
  }
  std::stable_sort(required_.begin(), required_.end(), [](const FlatList* a, const FlatList* b) {
    return a->doc_freq() < b->doc_freq();
  });
  needs_should_ = needs_should || required_.empty();
}

uint64_t FlatMatcher::MatchesAtMost() const {
  uint64_t least = kEndOfDocs;
  if (!required_.empty()) least = required_.front()->doc_freq();
  if (!needs_should_) return least;
  uint64_t sum = 0;
  for (const FlatList* list : shoulds_) sum += list->doc_freq();
  return std::min(least, sum);
}

DocId FlatMatcher::NextCandidate(DocId from) const {
  if (!required_.empty()) return required_.front()->NextCandidate(from);
  DocId next = kEndOfDocs;
  for (FlatList* list : shoulds_) next = std::min(next, list->NextCandidate(from));
  return next;
}

bool FlatMatcher::Narrow(const Chunk& chunk, uint64_t* mask, ChunkGroups* groups) {
  return NarrowFrom(chunk, 0, mask, groups);
}

bool FlatMatcher::Candidates(const Chunk& chunk, uint64_t* mask, ChunkGroups* groups) {
  groups->Clear(mask);
  if (required_.empty()) {
    AnyShould(chunk, mask, groups);
  } else {
    // Straight from the rarest list: most groups of the mask are then never touched.
    const uint64_t* members = required_[0]->Load(chunk, ChunkGroups::All());
    *groups = required_[0]->groups();
    groups->Copy(members, chunk.words(), mask);
  }
  if (segment_.live != nullptr) KeepLive(chunk, mask, groups);
  if (!NarrowFrom(chunk, required_.empty() ? 0 : 1, mask, groups)) return false;
  if (needs_should_ && !required_.empty()) {
    LoadShoulds(chunk, *groups);
    KeepAnyShould(mask, *groups);
  }
  return true;
}

// The mask has no documents.
void FlatMatcher::AnyShould(const Chunk& chunk, uint64_t* mask, ChunkGroups* groups) {
  *groups = ChunkGroups();
  for (FlatList* list : shoulds_) {
    const uint64_t* members = list->Load(chunk, ChunkGroups::All());
    groups->AddAll(list->groups());
    list->groups().ForEachRun(chunk.words(), [&](uint32_t first, uint32_t words) {
      kernels_.or_words(mask + first, mask + first, members + first, words);
    });
  }
}

void FlatMatcher::KeepLive(const Chunk& chunk, uint64_t* mask, ChunkGroups* groups) const {
  const uint64_t* live = segment_.live->words().data() + chunk.begin / kWordDocs;
  groups->ForEachRun(chunk.words(), [&](uint32_t first, uint32_t words) {
    kernels_.and_words(mask + first, mask + first, live + first, words);
  });
}

bool FlatMatcher::NarrowFrom(const Chunk& chunk, size_t first_required, uint64_t* mask,
                             ChunkGroups* groups) {
  for (size_t i = first_required; i < required_.size(); ++i) {
    if (groups->empty()) return false;
    groups->And(mask, required_[i]->Load(chunk, *groups));
  }
  for (FlatList* list : prohibited_) {
    if (groups->empty()) return false;
    groups->AndNot(mask, list->Load(chunk, *groups));
  }
  return !groups->empty();
}

void FlatMatcher::LoadShoulds(const Chunk& chunk, const ChunkGroups& groups) {
  for (FlatList* list : shoulds_) list->Load(chunk, groups);
}

// Narrows the mask to the documents in any of the should lists, which are loaded.
void FlatMatcher::KeepAnyShould(uint64_t* mask, const ChunkGroups& groups) const {
  groups.ForEach([&](uint32_t group) {
    const uint32_t first = group * kGroupWords;
    std::array<uint64_t, kGroupWords> any = {};
    for (const FlatList* list : shoulds_) {
      for (uint32_t w = 0; w < kGroupWords; ++w) any[w] |= list->members()[first + w];
    }
    for (uint32_t w = 0; w < kGroupWords; ++w) mask[first + w] &= any[w];
  });
}

std::optional<uint64_t> FlatMatcher::CountAtOnce() {
  if (segment_.live != nullptr || phrase_ != nullptr) return std::nullopt;
  if (needs_should_ && !required_.empty()) return std::nullopt;
  if (required_.empty() && prohibited_.empty()) {
    if (shoulds_.size() == 1) return shoulds_[0]->doc_freq();
    if (shoulds_.size() == 2) {
      const uint64_t sum = uint64_t{shoulds_[0]->doc_freq()} + shoulds_[1]->doc_freq();
      return sum - CountInBoth(shoulds_[0], shoulds_[1]);
    }
    return std::nullopt;
  }
  if (required_.size() == 1 && prohibited_.empty()) return required_[0]->doc_freq();
  if (required_.size() == 1 && prohibited_.size() == 1) {
    return required_[0]->doc_freq() - CountInBoth(required_[0], prohibited_[0]);
  }
  if (required_.size() == 2 && prohibited_.empty()) return CountInBoth(required_[0], required_[1]);
  return std::nullopt;
}

uint64_t FlatMatcher::CountInBoth(FlatList* a, FlatList* b) {
  if (a->doc_freq() > b->doc_freq()) std::swap(a, b);
  uint64_t count = 0;
  for (DocId from = 0; from < segment_.doc_count && context_->KeepGoing();) {
    const DocId next = a->NextCandidate(from);
    if (next >= segment_.doc_count) break;
    const Chunk chunk = ChunkAt(next / kChunkDocs, segment_.doc_count);
    from = chunk.end;
    const uint64_t* in_a = a->Load(chunk, ChunkGroups::All());
    const uint64_t* in_b = b->Load(chunk, a->groups());
    count += kernels_.count_and(in_a, in_b, chunk.words());
  }
  // A damaged bitmap can hold more bits than the list has postings; callers subtract.
  return std::min<uint64_t>(count, a->doc_freq());
}

// All candidates of the chunk are compared at one go: few would leave the phrase waiting for
// memory.
uint64_t FlatMatcher::CountPhrase(const Chunk& chunk) {
  uint32_t* const offsets = context_->scratch().rows().offsets.data();
  return phrase_->Count(offsets, kernels_.bits_to_docs(mask_, chunk.words(), 0, offsets));
}

uint64_t FlatMatcher::Count(const Chunk& chunk) {
  if (!Candidates(chunk, mask_, &groups_)) return 0;
  if (phrase_ != nullptr) return CountPhrase(chunk);
  return kernels_.count_words(mask_, chunk.words());
}

}  // namespace segue::exec

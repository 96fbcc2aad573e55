// SPDX-License-Identifier: Apache-2.0
#include "engine/exec/flat_matcher.h"

#include <algorithm>
#include <array>

namespace segue::exec {
namespace {

// Loading a list takes about as long as going through so many postings.
constexpr uint64_t kPostingsToLoadList = 1024;

}  // namespace

FlatMatcher::FlatMatcher(const FlatParts& parts, const SearchedSegment& segment,
                         SearchContext* context)
    : parts_(parts),
      segment_(segment),
      context_(context),
      kernels_(ActiveKernels()),
      mask_(context->scratch().TakeMask()) {}

DocId FlatMatcher::NextCandidate(DocId from) const {
  if (!parts_.required.empty()) return parts_.required.front()->NextCandidate(from);
  DocId next = kEndOfDocs;
  for (FlatList* list : parts_.shoulds) next = std::min(next, list->NextCandidate(from));
  return next;
}

bool FlatMatcher::Narrow(const Chunk& chunk, uint64_t* mask, ChunkGroups* groups) {
  return NarrowFrom(chunk, 0, mask, groups);
}

bool FlatMatcher::Candidates(const Chunk& chunk, uint64_t* mask, ChunkGroups* groups) {
  groups->Clear(mask);
  if (parts_.required.empty()) {
    AnyShould(chunk, mask, groups);
  } else {
    // Straight from the rarest list: most groups of the mask are then never touched.
    const uint64_t* members = parts_.required[0]->Load(chunk, ChunkGroups::All());
    *groups = parts_.required[0]->groups();
    groups->Copy(members, chunk.words(), mask);
  }
  if (segment_.live != nullptr) KeepLive(chunk, mask, groups);
  if (!NarrowFrom(chunk, parts_.required.empty() ? 0 : 1, mask, groups)) return false;
  if (parts_.needs_should && !parts_.required.empty()) {
    LoadShoulds(chunk, *groups);
    KeepAnyShould(mask, *groups);
  }
  return true;
}

// The mask has no documents.
void FlatMatcher::AnyShould(const Chunk& chunk, uint64_t* mask, ChunkGroups* groups) {
  *groups = ChunkGroups();
  for (FlatList* list : parts_.shoulds) {
    if (!context_->KeepGoingAfter(kPostingsToLoadList)) return;
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
  for (size_t i = first_required; i < parts_.required.size(); ++i) {
    if (groups->empty() || !context_->KeepGoingAfter(kPostingsToLoadList)) return false;
    groups->And(mask, parts_.required[i]->Load(chunk, *groups));
  }
  for (FlatList* list : parts_.prohibited) {
    if (groups->empty() || !context_->KeepGoingAfter(kPostingsToLoadList)) return false;
    groups->AndNot(mask, list->Load(chunk, *groups));
  }
  return !groups->empty();
}

void FlatMatcher::LoadShoulds(const Chunk& chunk, const ChunkGroups& groups) {
  for (FlatList* list : parts_.shoulds) list->Load(chunk, groups);
}

// Narrows the mask to the documents in any of the should lists, which are loaded.
void FlatMatcher::KeepAnyShould(uint64_t* mask, const ChunkGroups& groups) const {
  groups.ForEach([&](uint32_t group) {
    const uint32_t first = group * kGroupWords;
    std::array<uint64_t, kGroupWords> any = {};
    for (const FlatList* list : parts_.shoulds) {
      for (uint32_t w = 0; w < kGroupWords; ++w) any[w] |= list->members()[first + w];
    }
    for (uint32_t w = 0; w < kGroupWords; ++w) mask[first + w] &= any[w];
  });
}

// All candidates of the chunk are compared at one go: few would leave the phrase waiting for
// memory.
uint64_t FlatMatcher::CountPhrase(const Chunk& chunk) {
  uint32_t* const offsets = context_->scratch().rows().offsets.data();
  const size_t count = kernels_.bits_to_docs(mask_, chunk.words(), 0, offsets);
  return parts_.phrase->Count({offsets, nullptr, count});
}

uint64_t FlatMatcher::Count(const Chunk& chunk) {
  if (!Candidates(chunk, mask_, &groups_)) return 0;
  if (parts_.phrase != nullptr) return CountPhrase(chunk);
  return kernels_.count_words(mask_, chunk.words());
}

}  // namespace segue::exec

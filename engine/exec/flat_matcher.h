// SPDX-License-Identifier: Apache-2.0
//
// FlatMatcher: which documents of a chunk match a flat query.
#ifndef SEGUE_EXEC_FLAT_MATCHER_H_
#define SEGUE_EXEC_FLAT_MATCHER_H_

#include <cstddef>
#include <cstdint>

#include "engine/exec/chunk.h"
#include "engine/exec/flat_parts.h"
#include "engine/exec/segment_search.h"
#include "engine/simd/kernels.h"

namespace segue::exec {

class FlatMatcher {
 public:
  // What is passed by reference outlives the matcher.
  FlatMatcher(const FlatParts& parts, const SearchedSegment& segment, SearchContext* context);
  ~FlatMatcher() { groups_.Clear(mask_); }
  FlatMatcher(const FlatMatcher&) = delete;
  FlatMatcher& operator=(const FlatMatcher&) = delete;

  // A document at or after `from` before which nothing matches; kEndOfDocs if nothing does.
  DocId NextCandidate(DocId from) const;

  // The live documents of one of the chunk's words.
  uint64_t LiveWord(const Chunk& chunk, uint32_t word) const {
    if (segment_.live != nullptr) return segment_.live->words()[chunk.begin / kWordDocs + word];
    const uint32_t docs = chunk.size() - word * kWordDocs;
    return docs >= kWordDocs ? ~uint64_t{0} : (uint64_t{1} << docs) - 1;
  }

  // Masks of candidates have documents in `groups` only; what is called narrows both.

  // Of all documents of the chunk, those that match, a phrase apart. `groups`: before the call,
  // where the mask may have bits. False if there are none.
  bool Candidates(const Chunk& chunk, uint64_t* mask, ChunkGroups* groups);

  // Narrows the mask to the documents with all required lists, a phrase's terms among them, and
  // none of the prohibited ones. False if nothing is left.
  bool Narrow(const Chunk& chunk, uint64_t* mask, ChunkGroups* groups);
  // Loads the should lists in those groups.
  void LoadShoulds(const Chunk& chunk, const ChunkGroups& groups);

  // The number of matches in a chunk.
  uint64_t Count(const Chunk& chunk);

 private:
  void AnyShould(const Chunk& chunk, uint64_t* mask, ChunkGroups* groups);
  void KeepAnyShould(uint64_t* mask, const ChunkGroups& groups) const;
  void KeepLive(const Chunk& chunk, uint64_t* mask, ChunkGroups* groups) const;
  bool NarrowFrom(const Chunk& chunk, size_t first_required, uint64_t* mask, ChunkGroups* groups);
  uint64_t CountPhrase(const Chunk& chunk);

  const FlatParts& parts_;
  const SearchedSegment& segment_;
  SearchContext* context_;
  const Kernels& kernels_;
  uint64_t* mask_;
  ChunkGroups groups_;  // of mask_
};

}  // namespace segue::exec

#endif  // SEGUE_EXEC_FLAT_MATCHER_H_

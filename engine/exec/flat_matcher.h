// SPDX-License-Identifier: Apache-2.0
//
// FlatMatcher: which documents of a chunk match a flat query.
#ifndef SEGUE_EXEC_FLAT_MATCHER_H_
#define SEGUE_EXEC_FLAT_MATCHER_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "engine/exec/chunk.h"
#include "engine/exec/flat_clause.h"
#include "engine/exec/segment_search.h"
#include "engine/simd/kernels.h"

namespace segue::exec {

class FlatMatcher {
 public:
  FlatMatcher(const std::vector<FlatClause>& clauses, bool needs_should,
              const SearchedSegment& segment, SearchContext* context);
  ~FlatMatcher() { groups_.Clear(mask_); }
  FlatMatcher(const FlatMatcher&) = delete;
  FlatMatcher& operator=(const FlatMatcher&) = delete;

  FlatPhrase* phrase() const { return phrase_; }
  bool has_required() const { return !required_.empty(); }
  // Whether a document must match a should clause.
  bool needs_should() const { return needs_should_; }
  // Whether a match has all lists that are not prohibited.
  bool all_required() const { return shoulds_.empty(); }

  uint64_t MatchesAtMost() const;

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

  // The number of matches where it is known without looking at documents, or can be had from the
  // number of documents with two lists.
  std::optional<uint64_t> CountAtOnce();
  // The number of matches in a chunk.
  uint64_t Count(const Chunk& chunk);

 private:
  void AnyShould(const Chunk& chunk, uint64_t* mask, ChunkGroups* groups);
  void KeepAnyShould(uint64_t* mask, const ChunkGroups& groups) const;
  void KeepLive(const Chunk& chunk, uint64_t* mask, ChunkGroups* groups) const;
  bool NarrowFrom(const Chunk& chunk, size_t first_required, uint64_t* mask, ChunkGroups* groups);
  uint64_t CountPhrase(const Chunk& chunk);
  uint64_t CountInBoth(FlatList* a, FlatList* b);

  const SearchedSegment& segment_;
  SearchContext* context_;
  const Kernels& kernels_;
  std::vector<FlatList*> required_;  // rarest first
  std::vector<FlatList*> prohibited_;
  std::vector<FlatList*> shoulds_;
  FlatPhrase* phrase_ = nullptr;
  bool needs_should_;
  uint64_t* mask_;
  ChunkGroups groups_;  // of mask_
};

}  // namespace segue::exec

#endif  // SEGUE_EXEC_FLAT_MATCHER_H_

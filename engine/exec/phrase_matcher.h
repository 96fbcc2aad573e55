// SPDX-License-Identifier: Apache-2.0
//
// PhraseMatcher: where a phrase stands in one document, from the postings of its words.
#ifndef SEGUE_EXEC_PHRASE_MATCHER_H_
#define SEGUE_EXEC_PHRASE_MATCHER_H_

#include <cstdint>
#include <span>
#include <vector>

#include "engine/exec/search_context.h"
#include "engine/format/position_reader.h"
#include "engine/simd/kernels.h"

namespace segue::exec {

// A word of a phrase: list number `term` must have a place `position` behind the phrase's start.
struct PhraseWord {
  uint32_t term = 0;
  uint32_t position = 0;
};

// Where the posting of a document stands in a list, and its frequency.
struct PostingPlace {
  uint32_t block = 0;
  uint32_t index = 0;
  uint32_t freq = 0;
};

class PhraseMatcher {
 public:
  // `lists`: the distinct terms, opened with positions; they and the context outlive the matcher.
  PhraseMatcher(const std::vector<const PostingList*>& lists, std::vector<PhraseWord> words,
                SearchContext* context);

  const std::vector<PhraseWord>& words() const { return words_; }

  // The number of places of the phrase in a document, given its posting in each list. Documents of
  // a block are best asked in ascending order. 0 also if positions are damaged, which the context
  // is told.
  uint32_t Freq(const std::vector<PostingPlace>& places);

  // Where it starts in the document that Freq was called for last, ascending.
  std::span<const uint32_t> starts() const { return {starts_.data(), count_}; }

  // Counts the bytes of positions that were looked at since the last call.
  void ReportBytes();

 private:
  // One document's positions of one term.
  struct Slice {
    std::vector<uint32_t> positions = std::vector<uint32_t>(16);  // kernels read so many at least
    uint32_t count = 0;                                           // 0: not read yet
  };

  void SortByFreq(const std::vector<PostingPlace>& places);
  void StartsOf(const Slice& slice, uint32_t position);
  bool ReadSlice(uint32_t term, const PostingPlace& place);
  void KeepStarts(const Slice& slice, uint32_t position);

  std::vector<const PostingList*> lists_;
  std::vector<PhraseWord> words_;
  SearchContext* context_;
  const Kernels& kernels_;
  std::vector<PositionReader> readers_;  // one a term
  std::vector<Slice> slices_;            // one a term, of the document being looked at
  std::vector<uint32_t> order_;          // words_, rarest in this document first
  std::vector<uint32_t> kept_;           // what starts_ is next
  std::vector<uint32_t> starts_;         // the first count_ of them count
  uint32_t count_ = 0;
  uint64_t bytes_reported_ = 0;
};

// The lists of a phrase's terms: smart pointers to what has list().
template <typename Terms>
std::vector<const PostingList*> ListsOf(const Terms& terms) {
  std::vector<const PostingList*> lists;
  for (const auto& term : terms) lists.push_back(&term->list());
  return lists;
}

}  // namespace segue::exec

#endif  // SEGUE_EXEC_PHRASE_MATCHER_H_

// SPDX-License-Identifier: Apache-2.0
//
// PhraseMatcher: whether and where a phrase stands in documents that have all its words.
#ifndef SEGUE_EXEC_PHRASE_MATCHER_H_
#define SEGUE_EXEC_PHRASE_MATCHER_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/exec/position_column.h"
#include "engine/exec/search_context.h"
#include "engine/simd/kernels.h"

namespace segue::exec {

// A word of a phrase: list number `term` must have a place `position` behind the phrase's start.
struct PhraseWord {
  uint32_t term = 0;
  uint32_t position = 0;
};

// Where the postings of documents stand in the lists.
class PostingRanks {
 public:
  virtual ~PostingRanks() = default;
  // Writes the ranks in list number `term` of the postings of the documents in these rows, which
  // ascend; `ranks` has room for count and 16 more.
  virtual void Ranks(size_t term, const uint32_t* rows, size_t count, uint32_t* ranks) = 0;
};

class PhraseMatcher {
 public:
  // So many documents at once, in rows.
  static constexpr size_t kRows = PositionColumn::kRows;

  // `lists`: the distinct terms, opened with positions; they, `ranks` and the context outlive the
  // matcher.
  PhraseMatcher(const std::vector<const PostingList*>& lists, std::vector<PhraseWord> words,
                PostingRanks* ranks, SearchContext* context);

  const std::vector<PhraseWord>& words() const { return words_; }

  // Rows stand for other documents from now on.
  void Start();

  // The phrase is at most so frequent in the documents of these rows, by row. Knows the rarest two
  // words only: the others are not worth looking at before these were compared.
  void MostFreqs(const uint32_t* rows, size_t count, uint32_t* freqs);

  // Keeps, in order, those of `rows` (ascending, at least those given to MostFreqs last) in which
  // the phrase stands, and returns how many. Writes its frequencies to `freqs`; null: not asked
  // for, which is cheaper. Where positions are damaged it does not stand, and the context is told.
  size_t Match(uint32_t* rows, size_t count, uint32_t* freqs);

  // Where it starts in the document that Match, given only that one and asked for frequencies, has
  // kept; ascending.
  std::vector<uint32_t> Starts() const;

 private:
  // What is left of a document's candidate starts, each more by `base`, modulo 2^32.
  struct StartList {
    const uint32_t* values;
    uint32_t count;
    uint32_t base;
  };
  enum class Known : uint8_t { kNothing, kFreqs, kPositions };

  const PhraseWord& word(size_t i) const { return words_[order_[i]]; }
  void Locate(uint32_t term, const uint32_t* rows, size_t count);
  size_t MatchPart(const uint32_t* rows, size_t count, uint32_t* kept, uint32_t* freqs);
  size_t Begin(size_t count);
  bool MakeRoom(size_t starts);
  size_t Keep(const PhraseWord& word, size_t count, bool only_whether);
  void Report();

  std::vector<PhraseWord> words_;
  PostingRanks* ranks_;
  SearchContext* context_;
  const Kernels& kernels_;
  bool too_far_ = false;                 // a word is farther behind the start than positions go
  std::vector<PositionColumn> columns_;  // one a term
  std::vector<Known> known_;             // of each term, of the live rows
  std::vector<uint32_t> order_;          // words_, rarest first
  std::array<uint32_t, kRows> live_;     // rows that may have the phrase
  std::array<StartList, kRows> starts_;  // theirs
  // Of starts_ after the second word: what the next one writes, and has last written.
  std::array<std::vector<uint32_t>, 2> values_;
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

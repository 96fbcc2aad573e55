// SPDX-License-Identifier: Apache-2.0
//
// FlatPhrase: a phrase as a required clause of a flat query.
//
// Its terms are required lists like any others; what is left after them, and after bounds, has its
// positions compared here.
#ifndef SEGUE_EXEC_FLAT_PHRASE_H_
#define SEGUE_EXEC_FLAT_PHRASE_H_

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "engine/exec/flat_list.h"
#include "engine/exec/phrase_matcher.h"

namespace segue::exec {

class FlatPhrase {
 public:
  // `terms`: the distinct ones, with the phrase's weight, opened with positions.
  FlatPhrase(std::vector<std::unique_ptr<FlatList>> terms, std::vector<PhraseWord> words,
             SearchContext* context);

  const std::vector<std::unique_ptr<FlatList>>& terms() const { return terms_; }

  // Of `offsets` (documents of the chunk that the terms have loaded, all with all terms) writes the
  // indexes of those in which the phrase stands, ascending, and its frequencies; returns how many.
  // May leave out document i if sums[i] and its score for the phrase together are not above
  // `threshold`; without `sums` they are 0.
  size_t Keep(const uint32_t* offsets, size_t count, const double* sums, float threshold,
              uint32_t* rows, uint32_t* freqs);

  void Scores(const uint32_t* offsets, const uint32_t* freqs, size_t count, float* scores);

 private:
  static constexpr size_t kBatch = 128;
  struct Column {
    std::array<uint32_t, kBatch + 16> ranks;
    std::array<uint32_t, kBatch + 16> freqs;
  };

  size_t KeepBatch(const uint32_t* offsets, size_t first, size_t count, const double* sums,
                   float threshold, uint32_t* rows, uint32_t* freqs);

  std::vector<std::unique_ptr<FlatList>> terms_;
  SearchContext* context_;
  PhraseMatcher matcher_;
  std::vector<Column> columns_;       // one a term
  std::vector<PostingPlace> places_;  // one a term, of one document
};

}  // namespace segue::exec

#endif  // SEGUE_EXEC_FLAT_PHRASE_H_

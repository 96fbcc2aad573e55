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

class FlatPhrase final : private PostingRanks {
 public:
  // `terms`: the distinct ones, with the phrase's weight, opened with positions.
  FlatPhrase(std::vector<std::unique_ptr<FlatList>> terms, std::vector<PhraseWord> words,
             SearchContext* context);

  const std::vector<std::unique_ptr<FlatList>>& terms() const { return terms_; }

  // Of documents that all terms have, those in which the phrase stands: writes their indexes,
  // ascending, and the phrase's frequencies there; returns how many. A document may be left out if
  // its sum, of other clauses' scores (`sums` null: 0), and the greatest score that the phrase can
  // have there are not above `threshold`.
  size_t Keep(const FlatList::Asked& asked, const double* sums, float threshold, uint32_t* rows,
              uint32_t* freqs);

  // How many there are of them, with no threshold.
  size_t Count(const FlatList::Asked& asked);

  void Scores(const uint32_t* offsets, const uint32_t* freqs, size_t count, float* scores);

 private:
  static constexpr size_t kRows = PhraseMatcher::kRows;

  void Ranks(size_t term, const uint32_t* rows, size_t count, uint32_t* ranks) override;
  void Start(const FlatList::Asked& all, size_t first);
  size_t RowsAbove(const double* sums, float threshold);

  std::vector<std::unique_ptr<FlatList>> terms_;
  SearchContext* context_;
  PhraseMatcher matcher_;
  // Of the documents in the matcher's rows.
  FlatList::Asked asked_;
  std::array<uint32_t, kRows> rows_;  // those that may have the phrase
  std::array<uint32_t, kRows> most_freqs_;
  std::array<float, kRows> bounds_;
};

}  // namespace segue::exec

#endif  // SEGUE_EXEC_FLAT_PHRASE_H_

// SPDX-License-Identifier: Apache-2.0
//
// FlatScorer: the scores of candidates of a flat query, one clause after the other.
#ifndef SEGUE_EXEC_FLAT_SCORER_H_
#define SEGUE_EXEC_FLAT_SCORER_H_

#include <cstdint>
#include <vector>

#include "engine/exec/flat_clause.h"
#include "engine/exec/search_context.h"
#include "engine/exec/top_k.h"
#include "engine/simd/kernels.h"

namespace segue::exec {

class FlatScorer {
 public:
  FlatScorer(const std::vector<FlatClause>& clauses, SearchContext* context);

  // Offers the documents of `mask` to the top k, those that a phrase drops excepted; returns how
  // many match. `mask`: words from word `first` of the chunk that the lists have loaded, of
  // documents that match but for the phrase, as many as fit ScoreColumns. Scores not above
  // `threshold` are of no interest, and their documents may count as no matches. `base`: number of
  // the chunk's first document in the snapshot.
  size_t Offer(const uint64_t* mask, uint32_t words, uint32_t first, uint64_t base, float threshold,
               TopK* top_k);

 private:
  void Add(const FlatClause& clause, size_t count);

  const std::vector<FlatClause>& clauses_;
  const Kernels& kernels_;
  ScoreColumns& columns_;
  FlatPhrase* phrase_ = nullptr;
  size_t scored_ = 0;  // clauses
};

}  // namespace segue::exec

#endif  // SEGUE_EXEC_FLAT_SCORER_H_

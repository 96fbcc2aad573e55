// SPDX-License-Identifier: Apache-2.0
//
// The contract of engine/exec/scorer.h, held against what looking at every document finds.
#ifndef SEGUE_TESTS_EXEC_SCORER_CONTRACT_H_
#define SEGUE_TESTS_EXEC_SCORER_CONTRACT_H_

#include <cstdint>
#include <functional>
#include <map>

#include "engine/exec/scorer.h"
#include "engine/exec/search_context.h"
#include "tests/support/seeded_random.h"

namespace segue::exec {

// The score of each document that matches.
using DocScores = std::map<DocId, float>;

// About so many documents, with scores of which many are the same.
DocScores RandomScores(SeededRandom* random, uint32_t doc_count, uint32_t about);

// A new scorer over the same segment.
using MakeScorer = std::function<ScorerPtr(SearchContext* context)>;

// Walks through the windows of a segment with every call of a scorer, in any order within a
// window, with gaps between windows and for masks and thresholds of all kinds; then searches it,
// for several k, with and without deleted documents.
void ExpectScorer(const MakeScorer& make, const DocScores& want, uint32_t doc_count,
                  SeededRandom* random);

// And explains some documents that match and some that do not: the root has the score's bits.
void ExpectExplained(const MakeScorer& make, const DocScores& want, uint32_t doc_count,
                     SeededRandom* random);

}  // namespace segue::exec

#endif  // SEGUE_TESTS_EXEC_SCORER_CONTRACT_H_

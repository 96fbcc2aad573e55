// SPDX-License-Identifier: Apache-2.0
//
// Queries of all classes, drawn from a corpus: what people might type, spread over all document
// frequencies.
#ifndef SEGUE_CORPUS_GAME_QUERIES_H_
#define SEGUE_CORPUS_GAME_QUERIES_H_

#include <cstdint>
#include <vector>

#include "corpus/game_model.h"
#include "corpus/game_query.h"

namespace segue {

struct GameQueryOptions {
  uint64_t count = 1000;
  uint64_t seed = 1;
};

// All different, class by class, about equally many of each: term, and2, and3, and_more (4-6
// words), or2, or3, or_more (4-8), phrase (2-5), must_should, negated, two_phase, stop_words (3-8,
// two thirds of them among the 50 most frequent), long_or (10-30), filtered_half,
// filtered_twentieth, filtered_rare (and2 and or2 with a filter). Fewer than `count` if the corpus
// has no more.
//
// Words are drawn by bands (corpus/game_bands.h) in all combinations; a tag "bands:rare+high" says
// which came. What must occur together (conjunctions, phrases) is taken from one document, which
// therefore matches. Of the unions half have words of one document, half of several. Words that
// must not occur do not occur in that document; half of them stand beside the first word elsewhere.
std::vector<GameQuery> DrawGameQueries(const GameModel& model, const GameQueryOptions& options);

}  // namespace segue

#endif  // SEGUE_CORPUS_GAME_QUERIES_H_

// SPDX-License-Identifier: Apache-2.0
//
// Queries that stand for many terms or values at once, drawn from a corpus: prefixes, misspelt
// words, regular expressions, ranges of numbers.
#ifndef SEGUE_CORPUS_GAME_PATTERN_QUERIES_H_
#define SEGUE_CORPUS_GAME_PATTERN_QUERIES_H_

#include <vector>

#include "corpus/game_model.h"
#include "corpus/game_queries.h"
#include "corpus/game_query.h"

namespace segue {

// As DrawGameQueries, in classes of their own: prefix (`ab*`, the first 2 to 5 letters of a longer
// word), fuzzy1 (`word~1`, 4 letters and more) and fuzzy2 (`word~2`, 6 and more; every other word
// with one edit already), regexp (`/re/`, six forms made of words of 5 letters and more), each but
// fuzzy1 and fuzzy2, which are one there, also beside a word of the same document (`+word +ab*`):
// prefix_and, fuzzy_and, regexp_and; range (`number:[a TO b]`) and range_filter (a word under that
// as a filter), which pass 0.1, 1, 10 and 50 % of the documents of a corpus with numbers.
//
// Words are drawn by bands of document frequency (corpus/game_bands.h); a tag "bands:rare" says
// which came, the next one how long, how many edits, which form or how many percent.
std::vector<GameQuery> DrawPatternQueries(const GameModel& model, const GameQueryOptions& options);

}  // namespace segue

#endif  // SEGUE_CORPUS_GAME_PATTERN_QUERIES_H_

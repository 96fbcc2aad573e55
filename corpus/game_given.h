// SPDX-License-Identifier: Apache-2.0
//
// Queries that others collected, made into a comparison's query file.
#ifndef SEGUE_CORPUS_GAME_GIVEN_H_
#define SEGUE_CORPUS_GAME_GIVEN_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "corpus/game_model.h"
#include "corpus/game_query.h"

namespace segue {

struct GivenQueries {
  std::vector<GameQuery> queries;  // in the order of the input
  size_t dropped = 0;
};

// Reads JSON lines with a `query` and perhaps `tags` and a `filter`. Words are normalised; the tags
// are the class by form (behind `filtered_…` if there is a filter) and then the given ones.
// `on_dropped` hears "file:line: why" of each query that cannot be kept.
absl::StatusOr<GivenQueries> ReadGivenQueries(
    const std::vector<std::string>& inputs,
    const std::function<void(const absl::Status&)>& on_dropped);

// Adds the tag of the bands that the query's words have in a corpus (corpus/game_bands.h).
void AddBandsTag(const GameModel& corpus, GameQuery* query);

}  // namespace segue

#endif  // SEGUE_CORPUS_GAME_GIVEN_H_

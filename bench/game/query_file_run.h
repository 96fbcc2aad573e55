// SPDX-License-Identifier: Apache-2.0
//
// Times a whole query file.
#ifndef SEGUE_BENCH_GAME_QUERY_FILE_RUN_H_
#define SEGUE_BENCH_GAME_QUERY_FILE_RUN_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "bench/game/query_set.h"
#include "bench/game/searcher.h"

namespace segue::game {

// Runs each command over all queries `rounds` times and prints, for each class of queries, the
// mean, median and 99th percentile of the queries' best times, and what the searches did.
absl::Status RunQueries(const Searcher& searcher, const std::vector<GameQuery>& queries,
                        const std::vector<std::string>& commands, int rounds);

}  // namespace segue::game

#endif  // SEGUE_BENCH_GAME_QUERY_FILE_RUN_H_

// SPDX-License-Identifier: Apache-2.0
//
// Queries a second from several threads at once.
#ifndef SEGUE_BENCH_GAME_THROUGHPUT_H_
#define SEGUE_BENCH_GAME_THROUGHPUT_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "bench/game/query_set.h"
#include "bench/game/searcher.h"

namespace segue::game {

// For each command, prints the queries a second that one thread answers and that `threads` answer
// together, each of them all queries, the best of `rounds` rounds; and the ratio. The threads begin
// at different queries.
absl::Status PrintThroughput(const Searcher& searcher, const std::vector<GameQuery>& queries,
                             const std::vector<std::string>& commands, int rounds, int threads);

}  // namespace segue::game

#endif  // SEGUE_BENCH_GAME_THROUGHPUT_H_

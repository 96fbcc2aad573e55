// SPDX-License-Identifier: Apache-2.0
//
// How late searches end that are told to end early.
#ifndef SEGUE_BENCH_GAME_DEADLINES_H_
#define SEGUE_BENCH_GAME_DEADLINES_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "bench/game/query_set.h"
#include "bench/game/searcher.h"

namespace segue::game {

// For each command, runs every query with deadlines of one, three, five, seven and nine tenths of
// the time that it takes without one, `rounds` times, and prints how many of the searches ended
// early and how long after their deadline: median, 99th percentile and longest.
absl::Status PrintOvershoot(const Searcher& searcher, const std::vector<GameQuery>& queries,
                            const std::vector<std::string>& commands, int rounds);

}  // namespace segue::game

#endif  // SEGUE_BENCH_GAME_DEADLINES_H_

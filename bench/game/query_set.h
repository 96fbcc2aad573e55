// SPDX-License-Identifier: Apache-2.0
//
// A file of queries with their classes.
#ifndef SEGUE_BENCH_GAME_QUERY_SET_H_
#define SEGUE_BENCH_GAME_QUERY_SET_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace segue::game {

struct GameQuery {
  std::string text;
  std::string filter;                // only documents whose `filter` holds this word; empty: all
  std::vector<std::string> classes;  // each query also counts for "ALL"
};

// JSON Lines {"query":…,"tags":[…],"filter":…}, or plain text with a query a line.
absl::StatusOr<std::vector<GameQuery>> ReadQueries(const std::string& path);

}  // namespace segue::game

#endif  // SEGUE_BENCH_GAME_QUERY_SET_H_

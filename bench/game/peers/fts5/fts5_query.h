// SPDX-License-Identifier: Apache-2.0
//
// A query of the game as FTS5 would have it.
#ifndef SEGUE_BENCH_GAME_PEERS_FTS5_FTS5_QUERY_H_
#define SEGUE_BENCH_GAME_PEERS_FTS5_FTS5_QUERY_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace segue::game {

struct Fts5Query {
  std::string expression;  // of MATCH: the documents that match
  // False for `+a b`: b should add to the score of what a matches, which the language cannot say.
  bool ranks = true;
};

// `+a +b`, `a b`, `"a b"`, `+a b`, `+a -b`, `+"a b" +c`. kInvalidArgument: a quote that does not
// end, or nothing that matches.
absl::StatusOr<Fts5Query> TranslateQuery(std::string_view query);

}  // namespace segue::game

#endif  // SEGUE_BENCH_GAME_PEERS_FTS5_FTS5_QUERY_H_

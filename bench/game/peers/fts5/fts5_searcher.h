// SPDX-License-Identifier: Apache-2.0
//
// Answers requests of the game from an FTS5 database.
#ifndef SEGUE_BENCH_GAME_PEERS_FTS5_FTS5_SEARCHER_H_
#define SEGUE_BENCH_GAME_PEERS_FTS5_FTS5_SEARCHER_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "bench/game/line_server.h"
#include "bench/game/peers/fts5/sqlite.h"

namespace segue::game {

// The statements are prepared once; nothing else is kept from one request to the next.
class Fts5Searcher {
 public:
  static absl::StatusOr<Fts5Searcher> Open(const std::string& folder);

  absl::StatusOr<std::optional<Answer>> Run(const Request& request);

 private:
  // The same question over all documents and over those that pass a filter.
  struct Pair {
    Statement all, filtered;
  };

  explicit Fts5Searcher(Database database) : database_(std::move(database)) {}
  absl::Status PreparePair(const std::string& before, const std::string& after, Pair* pair);
  absl::StatusOr<uint64_t> Count(const std::string& expression, int64_t filter);
  absl::Status Top(Pair* pair, const std::string& expression, int64_t filter, uint32_t k,
                   std::vector<ScoredLine>* hits);

  Database database_;
  Pair count_, top_, hits_;
};

}  // namespace segue::game

#endif  // SEGUE_BENCH_GAME_PEERS_FTS5_FTS5_SEARCHER_H_

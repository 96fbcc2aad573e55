// SPDX-License-Identifier: Apache-2.0
//
// FTS5 in the measurement of commits.
#ifndef SEGUE_BENCH_GAME_PEERS_FTS5_FTS5_COMMITS_H_
#define SEGUE_BENCH_GAME_PEERS_FTS5_FTS5_COMMITS_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "bench/game/commit_rates.h"

namespace segue::game {

// A new database in `folder`, which must not exist: a transaction a commit, with a write-ahead log
// that is synced by each, SQLite's quickest way to make a transaction durable.
absl::StatusOr<std::unique_ptr<CommittingIndex>> NewFts5Commits(const std::string& folder);

}  // namespace segue::game

#endif  // SEGUE_BENCH_GAME_PEERS_FTS5_FTS5_COMMITS_H_

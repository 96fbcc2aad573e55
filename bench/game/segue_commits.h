// SPDX-License-Identifier: Apache-2.0
//
// segue in the measurement of commits.
#ifndef SEGUE_BENCH_GAME_SEGUE_COMMITS_H_
#define SEGUE_BENCH_GAME_SEGUE_COMMITS_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "bench/game/commit_rates.h"

namespace segue::game {

// A new index in `folder`, which must not exist, with GameSchema and merging as it is by default.
absl::StatusOr<std::unique_ptr<CommittingIndex>> NewCommittingIndex(const std::string& folder);

}  // namespace segue::game

#endif  // SEGUE_BENCH_GAME_SEGUE_COMMITS_H_

// SPDX-License-Identifier: Apache-2.0
//
// How long it takes until an update is seen, and until it is committed: documents are replaced at a
// steady rate while another thread opens the writer's snapshots, and a third one may commit.
#ifndef SEGUE_BENCH_GAME_LIVE_UPDATES_H_
#define SEGUE_BENCH_GAME_LIVE_UPDATES_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"

namespace segue::game {

struct LiveUpdatesOptions {
  std::string folder;            // must not exist
  uint64_t documents = 100'000;  // indexed and committed before
  uint64_t rate = 1'000;         // upserts a second
  uint32_t seconds = 10;
  uint32_t every_ms = 50;      // between the starts of two snapshots
  uint32_t commit_ms = 0;      // between the starts of two commits; 0: none
  bool merges_beside = false;  // in a thread of their own, not in the commits
};

// Reads the documents from standard input, and prints the times. Each snapshot must see the last
// update that had returned when it was asked for; else an error.
absl::Status RunLiveUpdates(const LiveUpdatesOptions& options);

}  // namespace segue::game

#endif  // SEGUE_BENCH_GAME_LIVE_UPDATES_H_

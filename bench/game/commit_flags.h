// SPDX-License-Identifier: Apache-2.0
//
// The flags of `commits`, the same for every driver in C++.
#ifndef SEGUE_BENCH_GAME_COMMIT_FLAGS_H_
#define SEGUE_BENCH_GAME_COMMIT_FLAGS_H_

#include "CLI/CLI.hpp"
#include "bench/game/commit_rates.h"

namespace segue::game {

inline CLI::App* DeclareCommits(CLI::App* app, CommitRateOptions* options) {
  CLI::App* commits =
      app->add_subcommand("commits", "time durable commits of documents on standard input");
  commits->add_option("folder", options->folder, "directory, to be made")->required();
  commits->add_option("--batch", options->batch, "documents a commit")
      ->check(CLI::Range(1, 10'000'000));
  commits->add_option("--seconds", options->seconds, "so long, unless the documents end")
      ->check(CLI::PositiveNumber);
  return commits;
}

}  // namespace segue::game

#endif  // SEGUE_BENCH_GAME_COMMIT_FLAGS_H_

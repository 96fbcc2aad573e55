// SPDX-License-Identifier: Apache-2.0
#include "bench/game/throughput.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <thread>

#include "bench/game/command.h"
#include "engine/base/status.h"

namespace segue::game {
namespace {

absl::Status RunAll(const Searcher& searcher, const Command& command,
                    const std::vector<GameQuery>& queries, size_t first) {
  for (size_t i = 0; i < queries.size(); ++i) {
    const GameQuery& query = queries[(first + i) % queries.size()];
    const auto outcome = searcher.Run({command, query.text, query.filter});
    if (!outcome.ok()) return Annotate(outcome.status(), query.text);
  }
  return absl::OkStatus();
}

// Queries a second of all threads together.
absl::StatusOr<double> Throughput(const Searcher& searcher, const Command& command,
                                  const std::vector<GameQuery>& queries, int threads) {
  std::vector<absl::Status> statuses(static_cast<size_t>(threads));
  std::vector<std::thread> running;
  const auto begin = std::chrono::steady_clock::now();
  for (size_t t = 0; t < statuses.size(); ++t) {
    running.emplace_back([&, t] {
      const size_t first = t * queries.size() / statuses.size();
      statuses[t] = RunAll(searcher, command, queries, first);
    });
  }
  for (std::thread& thread : running) thread.join();
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
  for (const absl::Status& status : statuses) SEGUE_RETURN_IF_ERROR(status);
  return static_cast<double>(queries.size()) * threads / seconds.count();
}

}  // namespace

absl::Status PrintThroughput(const Searcher& searcher, const std::vector<GameQuery>& queries,
                             const std::vector<std::string>& commands, int rounds, int threads) {
  std::printf("%-14s %8s %14s %14s %6s\n", "command", "threads", "1: queries/s", "n: queries/s",
              "ratio");
  for (const std::string& name : commands) {
    SEGUE_ASSIGN_OR_RETURN(const Command command, ParseCommand(name));
    double one = 0, all = 0, ratio = 0;
    // In turn, as machines have better and worse minutes; the best round counts.
    for (int round = 0; round < rounds; ++round) {
      SEGUE_ASSIGN_OR_RETURN(const double alone, Throughput(searcher, command, queries, 1));
      SEGUE_ASSIGN_OR_RETURN(const double together,
                             Throughput(searcher, command, queries, threads));
      one = std::max(one, alone);
      all = std::max(all, together);
    }
    if (one > 0) ratio = all / one;
    std::printf("%-14s %8d %14.0f %14.0f %6.2f\n", name.c_str(), threads, one, all, ratio);
  }
  return absl::OkStatus();
}

}  // namespace segue::game

// SPDX-License-Identifier: Apache-2.0
#include "bench/game/deadlines.h"

#include <algorithm>
#include <chrono>
#include <cstdio>

#include "bench/game/command.h"
#include "bench/game/percentile.h"
#include "engine/base/status.h"
#include "segue/status.h"

namespace segue::game {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kTenths[] = {1, 3, 5, 7, 9};

// Appends by how many microseconds the searches of one query that a deadline ended passed it.
absl::Status AddOvershoots(const Searcher& searcher, const Request& request,
                           std::vector<double>* overshoots) {
  SEGUE_ASSIGN_OR_RETURN(const Outcome undisturbed, searcher.Run(request));
  for (const int tenths : kTenths) {
    const auto deadline =
        Clock::now() + std::chrono::nanoseconds(undisturbed.nanoseconds * tenths / 10);
    const auto outcome = searcher.Run(request, deadline);
    const auto end = Clock::now();
    if (outcome.ok()) continue;
    if (CodeOf(outcome.status()) != ErrorCode::kDeadlineExceeded) return outcome.status();
    overshoots->push_back(std::chrono::duration<double, std::micro>(end - deadline).count());
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status PrintOvershoot(const Searcher& searcher, const std::vector<GameQuery>& queries,
                            const std::vector<std::string>& commands, int rounds) {
  std::printf("%-14s %9s %12s %10s %10s %10s\n", "command", "searches", "ended early", "median us",
              "p99 us", "longest us");
  for (const std::string& name : commands) {
    SEGUE_ASSIGN_OR_RETURN(const Command command, ParseCommand(name));
    std::vector<double> overshoots;
    for (int round = 0; round < rounds; ++round) {
      for (const GameQuery& query : queries) {
        const absl::Status status =
            AddOvershoots(searcher, {command, query.text, query.filter}, &overshoots);
        if (!status.ok()) return Annotate(status, query.text);
      }
    }
    std::sort(overshoots.begin(), overshoots.end());
    const size_t searches = queries.size() * std::size(kTenths) * static_cast<size_t>(rounds);
    std::printf("%-14s %9zu %12zu", name.c_str(), searches, overshoots.size());
    if (overshoots.empty()) {
      std::printf("\n");
      continue;
    }
    std::printf(" %10.1f %10.1f %10.1f\n", Percentile(overshoots, 0.5),
                Percentile(overshoots, 0.99), overshoots.back());
  }
  return absl::OkStatus();
}

}  // namespace segue::game

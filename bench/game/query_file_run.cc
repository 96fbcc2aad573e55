// SPDX-License-Identifier: Apache-2.0
#include "bench/game/query_file_run.h"

#include <algorithm>
#include <cstdio>
#include <map>

#include "bench/game/percentile.h"
#include "engine/base/status.h"
#include "engine/base/strings.h"

namespace segue::game {
namespace {

// What one query cost in its best round.
struct Cost {
  uint64_t nanoseconds = UINT64_MAX;
  SearchCounters counters;
};

// What one class cost under one command.
struct ClassCost {
  std::vector<double> microseconds;
  SearchCounters counters;

  void Add(const Cost& cost) {
    microseconds.push_back(static_cast<double>(cost.nanoseconds) / 1000);
    counters.postings += cost.counters.postings;
    counters.documents_scored += cost.counters.documents_scored;
    counters.blocks_decoded += cost.counters.blocks_decoded;
  }
};

void PrintHeader() {
  std::printf("%-14s %-26s %5s %10s %10s %10s %9s %9s\n", "command", "class", "n", "mean us",
              "median us", "p99 us", "scored %", "blocks");
}

void PrintRow(const std::string& command, const std::string& name, ClassCost& cost) {
  std::sort(cost.microseconds.begin(), cost.microseconds.end());
  double sum = 0;
  for (double value : cost.microseconds) sum += value;
  const size_t n = cost.microseconds.size();
  const double postings = std::max<double>(1, static_cast<double>(cost.counters.postings));
  std::printf("%-14s %-26s %5zu %10.1f %10.1f %10.1f %9.1f %9llu\n", command.c_str(), name.c_str(),
              n, sum / static_cast<double>(n), Percentile(cost.microseconds, 0.5),
              Percentile(cost.microseconds, 0.99),
              100 * static_cast<double>(cost.counters.documents_scored) / postings,
              static_cast<unsigned long long>(cost.counters.blocks_decoded / n));
}

absl::StatusOr<std::vector<Cost>> BestCosts(const Searcher& searcher, const Command& command,
                                            const std::vector<GameQuery>& queries, int rounds) {
  std::vector<Cost> best(queries.size());
  for (int round = 0; round < rounds; ++round) {
    for (size_t i = 0; i < queries.size(); ++i) {
      const auto outcome = searcher.Run({command, queries[i].text, queries[i].filter});
      if (!outcome.ok()) return Annotate(outcome.status(), queries[i].text);
      if (outcome->nanoseconds < best[i].nanoseconds) {
        best[i] = {outcome->nanoseconds, outcome->result.counters};
      }
    }
  }
  return best;
}

}  // namespace

absl::Status RunQueries(const Searcher& searcher, const std::vector<GameQuery>& queries,
                        const std::vector<std::string>& commands, int rounds) {
  PrintHeader();
  for (const std::string& name : commands) {
    SEGUE_ASSIGN_OR_RETURN(const Command command, ParseCommand(name));
    SEGUE_ASSIGN_OR_RETURN(const auto best, BestCosts(searcher, command, queries, rounds));
    std::map<std::string, ClassCost> classes;
    for (size_t i = 0; i < queries.size(); ++i) {
      for (const std::string& of : queries[i].classes) classes[of].Add(best[i]);
    }
    for (auto& [of, cost] : classes) PrintRow(name, of, cost);
  }
  return absl::OkStatus();
}

}  // namespace segue::game

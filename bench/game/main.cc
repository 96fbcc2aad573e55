// SPDX-License-Identifier: Apache-2.0
//
// segue-game: answers `COMMAND<TAB>query` lines from standard input, or runs a whole query file
// and prints what each class of query costs. One thread, no cache across queries.
#include <algorithm>
#include <cstdio>
#include <iostream>
#include <map>
#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "bench/game/command.h"
#include "bench/game/query_set.h"
#include "engine/base/strings.h"
#include "segue/index.h"
#include "segue/status.h"

namespace segue::game {
namespace {

int Fail(const absl::Status& status) {
  std::fprintf(stderr, "segue-game: error: %s\n", std::string(status.message()).c_str());
  return ExitCodeOf(status);
}

int Serve(const Snapshot& snapshot, bool timing) {
  std::string line;
  while (std::getline(std::cin, line)) {
    const size_t tab = line.find('\t');
    const auto command = ParseCommand(std::string_view(line).substr(0, tab));
    const auto outcome =
        !command.ok() ? absl::StatusOr<Outcome>(command.status())
                      : Run(snapshot, *command,
                            tab == std::string::npos ? "" : std::string_view(line).substr(tab + 1));
    if (!outcome.ok()) {
      std::printf("ERROR\t%s\n", std::string(outcome.status().message()).c_str());
    } else if (timing) {
      std::printf("%llu\t%llu\n", static_cast<unsigned long long>(outcome->answer),
                  static_cast<unsigned long long>(outcome->nanoseconds));
    } else {
      std::printf("%llu\n", static_cast<unsigned long long>(outcome->answer));
    }
    std::fflush(stdout);
  }
  return 0;
}

// What one class cost under one command; times are the best of the rounds, per query.
struct ClassCost {
  std::vector<double> microseconds;
  SearchCounters counters;
};

double Percentile(const std::vector<double>& sorted, double share) {
  const double at = share * static_cast<double>(sorted.size() - 1);
  return sorted[static_cast<size_t>(at + 0.5)];
}

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

int RunFile(const Snapshot& snapshot, const std::string& path,
            const std::vector<std::string>& commands, int rounds) {
  const auto queries = ReadQueries(path);
  if (!queries.ok()) return Fail(queries.status());
  PrintHeader();
  for (const std::string& name : commands) {
    const auto command = ParseCommand(name);
    if (!command.ok()) return Fail(command.status());
    std::vector<Outcome> best(queries->size());
    for (int round = 0; round < rounds; ++round) {
      for (size_t i = 0; i < queries->size(); ++i) {
        const auto outcome = Run(snapshot, *command, (*queries)[i].text);
        if (!outcome.ok()) return Fail(outcome.status());
        if (round == 0 || outcome->nanoseconds < best[i].nanoseconds) best[i] = *outcome;
      }
    }
    std::map<std::string, ClassCost> classes;
    for (size_t i = 0; i < queries->size(); ++i) {
      for (const std::string& of : (*queries)[i].classes) {
        ClassCost& cost = classes[of];
        cost.microseconds.push_back(static_cast<double>(best[i].nanoseconds) / 1000);
        cost.counters.postings += best[i].counters.postings;
        cost.counters.documents_scored += best[i].counters.documents_scored;
        cost.counters.blocks_decoded += best[i].counters.blocks_decoded;
      }
    }
    for (auto& [of, cost] : classes) PrintRow(name, of, cost);
  }
  return 0;
}

int Main(int argc, char** argv) {
  CLI::App app(
      "Answers COMMAND<TAB>query lines on standard input (COUNT, TOP_<k>, TOP_<k>_COUNT), or\n"
      "times a query file.\n\n"
      "Examples:\n"
      "  printf 'TOP_10\\t+new +york\\n' | segue-game wiki.segue --timing\n"
      "  segue-game wiki.segue --queries queries.jsonl --commands TOP_10,COUNT --rounds 10\n");
  std::string index_path;
  std::string queries;
  std::vector<std::string> commands = {"TOP_10", "TOP_100", "TOP_1000", "TOP_100_COUNT", "COUNT"};
  int rounds = 10;
  bool timing = false;
  app.add_option("index", index_path, "index directory")->required();
  app.add_option("--queries", queries,
                 "query file: JSON Lines with \"query\" and \"tags\", or text");
  app.add_option("--commands", commands, "what to run over the file")->delimiter(',');
  app.add_option("--rounds", rounds, "passes over the file; the best time of each query counts")
      ->check(CLI::Range(1, 1000));
  app.add_flag("--timing", timing, "also print the nanoseconds of each answer");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? 0 : 1;
  }
  const auto index = Index::Open(index_path);
  if (!index.ok()) return Fail(index.status());
  const auto snapshot = index->OpenSnapshot();
  if (!snapshot.ok()) return Fail(snapshot.status());
  return queries.empty() ? Serve(**snapshot, timing)
                         : RunFile(**snapshot, queries, commands, rounds);
}

}  // namespace
}  // namespace segue::game

int main(int argc, char** argv) { return segue::game::Main(argc, argv); }

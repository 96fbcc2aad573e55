// SPDX-License-Identifier: Apache-2.0
//
// segue-game: segue's driver in the benchmark game. One thread answers, nothing is cached from one
// query to the next.
#include <algorithm>
#include <cstdio>
#include <iostream>
#include <map>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "CLI/CLI.hpp"
#include "bench/game/build_report.h"
#include "bench/game/commit_flags.h"
#include "bench/game/deadlines.h"
#include "bench/game/index_builder.h"
#include "bench/game/line_server.h"
#include "bench/game/live_updates.h"
#include "bench/game/query_file_run.h"
#include "bench/game/query_set.h"
#include "bench/game/searcher.h"
#include "bench/game/segue_commits.h"
#include "bench/game/throughput.h"
#include "segue/status.h"

namespace segue::game {
namespace {

int Fail(const absl::Status& status) {
  std::fprintf(stderr, "segue-game: error: %s\n", std::string(status.message()).c_str());
  return ExitCodeOf(status);
}

int Build(const IndexBuilderOptions& options) {
  const BuildReport report;
  const absl::StatusOr<uint64_t> documents = BuildIndex(options);
  if (!documents.ok()) return Fail(documents.status());
  const absl::Status printed = report.Print("segue", SEGUE_VERSION, *documents, options.folder);
  return printed.ok() ? 0 : Fail(printed);
}

int Serve(const std::string& folder, PatternScores patterns, bool timing) {
  const absl::StatusOr<Searcher> searcher = Searcher::Open(folder, patterns);
  if (!searcher.ok()) return Fail(searcher.status());
  ServeLines(
      [&](const Request& request) -> absl::StatusOr<std::optional<Answer>> {
        const absl::StatusOr<Outcome> outcome = searcher->Run(request);
        if (!outcome.ok()) return outcome.status();
        Answer answer{outcome->number(), outcome->nanoseconds, {}};
        if (request.command.want == Command::Want::kHits) {
          for (const Hit& hit : outcome->result.hits) answer.hits.push_back({hit.doc, hit.score});
        }
        return answer;
      },
      timing);
  return 0;
}

constexpr char kScorePatternsHelp[] =
    "patterns score as their best term, as segue does by itself, and not 1";

struct Flags {
  std::string folder;
  bool timing = false;
  bool score_patterns = false;
  PatternScores patterns() const {
    return score_patterns ? PatternScores::kBestTerm : PatternScores::kOne;
  }
  IndexBuilderOptions building;
  LiveUpdatesOptions updating;
  CommitRateOptions committing;
  std::string queries;
  std::vector<std::string> commands = {"TOP_10",       "TOP_100",       "TOP_1000",
                                       "TOP_10_COUNT", "TOP_100_COUNT", "COUNT"};
  int rounds = 10;
  int threads = 0;  // 0: time each query
  bool deadlines = false;
};

int Run(const Flags& flags) {
  const absl::StatusOr<Searcher> searcher = Searcher::Open(flags.folder, flags.patterns());
  if (!searcher.ok()) return Fail(searcher.status());
  const auto queries = ReadQueries(flags.queries);
  if (!queries.ok()) return Fail(queries.status());
  const absl::Status status =
      flags.deadlines ? PrintOvershoot(*searcher, *queries, flags.commands, flags.rounds)
      : flags.threads == 0
          ? RunQueries(*searcher, *queries, flags.commands, flags.rounds)
          : PrintThroughput(*searcher, *queries, flags.commands, flags.rounds, flags.threads);
  return status.ok() ? 0 : Fail(status);
}

int Commits(const CommitRateOptions& options) {
  const auto index = NewCommittingIndex(options.folder);
  if (!index.ok()) return Fail(index.status());
  const absl::Status status = RunCommitRates("segue", SEGUE_VERSION, options, index->get());
  return status.ok() ? 0 : Fail(status);
}

CLI::App* DeclareBuild(CLI::App* app, Flags* flags) {
  CLI::App* build = app->add_subcommand("build", "index the corpus on standard input");
  IndexBuilderOptions& options = flags->building;
  options.threads = std::max(1u, std::thread::hardware_concurrency());
  build->add_option("folder", options.folder, "index directory, to be made")->required();
  build->add_option("--segments", options.segments, "so many segments of equal size, not merged");
  build->add_option("--documents", options.documents, "how many will come, for --segments");
  build->add_flag("--numbers", options.numbers, "index the number that each document has");
  build->add_option("--delete", options.delete_percent, "delete this share afterwards, in percent");
  build->add_option("--order", options.order, "of documents in a segment: none, quick or full")
      ->transform(CLI::CheckedTransformer(
          std::map<std::string, DocumentOrder>{{"none", DocumentOrder::kAsAdded},
                                               {"quick", DocumentOrder::kQuick},
                                               {"full", DocumentOrder::kFull}}));
  build->add_option("--threads", options.threads, "threads that analyse text (default: all cores)")
      ->check(CLI::Range(1, 64));
  build->add_option("--memory-mb", options.memory_mb, "what the writer may hold (512)")
      ->check(CLI::Range(1, 1 << 20));
  return build;
}

CLI::App* DeclareRun(CLI::App* app, Flags* flags) {
  CLI::App* run = app->add_subcommand("run", "time a query file, class by class");
  run->add_option("folder", flags->folder, "index directory")->required();
  run->add_option("--queries", flags->queries,
                  "JSON Lines with \"query\", \"tags\" and \"filter\", or a query a line")
      ->required();
  run->add_option("--commands", flags->commands, "what to run over the file")->delimiter(',');
  run->add_option("--rounds", flags->rounds,
                  "passes over the file; the best time of each query counts")
      ->check(CLI::Range(1, 1000));
  run->add_option("--threads", flags->threads,
                  "print the queries a second of so many threads instead, beside those of one")
      ->check(CLI::Range(1, 256));
  run->add_flag("--deadlines", flags->deadlines,
                "print how long after a deadline searches end instead")
      ->excludes("--threads");
  run->add_flag("--score-patterns", flags->score_patterns, kScorePatternsHelp);
  return run;
}

CLI::App* DeclareUpdates(CLI::App* app, Flags* flags) {
  CLI::App* updates =
      app->add_subcommand("updates", "replace documents, and time the snapshots that see it");
  LiveUpdatesOptions& options = flags->updating;
  updates->add_option("folder", options.folder, "index directory, to be made")->required();
  updates->add_option("--documents", options.documents, "so many of standard input come before");
  updates->add_option("--rate", options.rate, "upserts a second")->check(CLI::Range(1, 1'000'000));
  updates->add_option("--seconds", options.seconds)->check(CLI::Range(1, 86'400));
  updates->add_option("--every-ms", options.every_ms, "from one snapshot to the next")
      ->check(CLI::Range(1, 60'000));
  updates
      ->add_option("--commit-ms", options.commit_ms, "from one commit to the next; 0: no commits")
      ->check(CLI::Range(0, 60'000));
  updates->add_flag("--merges-beside", options.merges_beside,
                    "merge in a thread of its own, not in the commits");
  return updates;
}

int Main(int argc, char** argv) {
  std::ios::sync_with_stdio(false);
  CLI::App app(
      "segue in the benchmark game. Without a command it answers COMMAND<TAB>query[<TAB>filter]\n"
      "lines on standard input: COUNT, TOP_<k>, TOP_<k>_COUNT, HITS_<k>.\n\n"
      "Examples:\n"
      "  segue-game build wiki.game < wiki.jsonl\n"
      "  printf 'TOP_10\\t+new +york\\n' | segue-game wiki.game --timing\n"
      "  segue-game run wiki.game --queries queries.jsonl --commands TOP_10,COUNT --rounds 10\n"
      "  segue-game run wiki.game --queries queries.jsonl --threads 2\n"
      "  segue-game run wiki.game --queries queries.jsonl --deadlines\n"
      "  segue-game commits many.game --batch 100 < wiki.jsonl\n"
      "  segue-game updates live.game --seconds 20 < wiki.jsonl\n");
  Flags flags;
  app.add_option("index", flags.folder, "index directory");
  app.add_flag("--timing", flags.timing, "also print the nanoseconds of each answer");
  app.add_flag("--score-patterns", flags.score_patterns, kScorePatternsHelp);
  CLI::App* build = DeclareBuild(&app, &flags);
  CLI::App* serve = app.add_subcommand("serve", "answer lines, with nanoseconds");
  serve->add_option("folder", flags.folder, "index directory")->required();
  serve->add_flag("--score-patterns", flags.score_patterns, kScorePatternsHelp);
  CLI::App* run = DeclareRun(&app, &flags);
  CLI::App* updates = DeclareUpdates(&app, &flags);
  CLI::App* commits = DeclareCommits(&app, &flags.committing);
  CLI::App* version = app.add_subcommand("version", "name and version as JSON");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? 0 : 1;
  }
  if (version->parsed()) {
    PrintVersion("segue", SEGUE_VERSION);
    return 0;
  }
  if (build->parsed()) return Build(flags.building);
  if (run->parsed()) return Run(flags);
  if (commits->parsed()) return Commits(flags.committing);
  if (updates->parsed()) {
    const absl::Status status = RunLiveUpdates(flags.updating);
    return status.ok() ? 0 : Fail(status);
  }
  if (flags.folder.empty()) {
    std::fputs(app.help().c_str(), stderr);
    return 1;
  }
  return Serve(flags.folder, flags.patterns(), flags.timing || serve->parsed());
}

}  // namespace
}  // namespace segue::game

int main(int argc, char** argv) { return segue::game::Main(argc, argv); }

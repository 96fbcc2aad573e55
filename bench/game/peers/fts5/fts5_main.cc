// SPDX-License-Identifier: Apache-2.0
//
// fts5-game: SQLite's full-text index as a driver of the benchmark game. Its words are split at
// whatever is no ASCII letter or digit, which the corpora have nothing of but spaces; bm25() has
// k1 = 1.2 and b = 0.75 built in, with an idf of its own.
#include <sqlite3.h>

#include <cstdio>
#include <iostream>
#include <string>

#include "CLI/CLI.hpp"
#include "bench/game/build_report.h"
#include "bench/game/commit_flags.h"
#include "bench/game/line_server.h"
#include "bench/game/peers/fts5/fts5_commits.h"
#include "bench/game/peers/fts5/fts5_index.h"
#include "bench/game/peers/fts5/fts5_searcher.h"
#include "segue/status.h"

namespace segue::game {
namespace {

constexpr char kEngine[] = "fts5";

int Fail(const absl::Status& status) {
  std::fprintf(stderr, "fts5-game: error: %s\n", std::string(status.message()).c_str());
  return ExitCodeOf(status);
}

int Build(const std::string& folder, uint64_t segments, uint32_t delete_percent) {
  if (segments != 1) {
    std::fputs("fts5-game: error: FTS5 does not let its user choose segments\n", stderr);
    return 1;
  }
  const BuildReport report;
  const absl::StatusOr<uint64_t> documents = BuildFts5(folder, delete_percent);
  if (!documents.ok()) return Fail(documents.status());
  const absl::Status printed = report.Print(kEngine, ::sqlite3_libversion(), *documents, folder);
  return printed.ok() ? 0 : Fail(printed);
}

int Serve(const std::string& folder) {
  absl::StatusOr<Fts5Searcher> searcher = Fts5Searcher::Open(folder);
  if (!searcher.ok()) return Fail(searcher.status());
  ServeLines([&](const Request& request) { return searcher->Run(request); }, /*timing=*/true);
  return 0;
}

int Commits(const CommitRateOptions& options) {
  const auto index = NewFts5Commits(options.folder);
  if (!index.ok()) return Fail(index.status());
  const absl::Status status =
      RunCommitRates(kEngine, ::sqlite3_libversion(), options, index->get());
  return status.ok() ? 0 : Fail(status);
}

int Main(int argc, char** argv) {
  std::ios::sync_with_stdio(false);
  CLI::App app("SQLite FTS5 in the benchmark game.");
  app.require_subcommand(1);
  std::string folder;
  uint64_t segments = 1, documents = 0;
  uint32_t delete_percent = 0;
  CLI::App* build = app.add_subcommand("build", "index the corpus on standard input");
  build->add_option("folder", folder, "directory, to be made")->required();
  build->add_option("--segments", segments, "only 1");
  build->add_option("--documents", documents, "ignored");
  build->add_option("--delete", delete_percent, "delete this share afterwards, in percent");
  CLI::App* serve = app.add_subcommand("serve", "answer lines");
  serve->add_option("folder", folder, "directory")->required();
  CommitRateOptions committing;
  CLI::App* commits = DeclareCommits(&app, &committing);
  app.add_subcommand("version", "name and version as JSON");
  CLI11_PARSE(app, argc, argv);
  if (build->parsed()) return Build(folder, segments, delete_percent);
  if (serve->parsed()) return Serve(folder);
  if (commits->parsed()) return Commits(committing);
  PrintVersion(kEngine, ::sqlite3_libversion());
  return 0;
}

}  // namespace
}  // namespace segue::game

int main(int argc, char** argv) { return segue::game::Main(argc, argv); }

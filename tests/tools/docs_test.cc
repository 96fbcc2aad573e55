// SPDX-License-Identifier: Apache-2.0
//
// The examples of --help and of docs/tools.md, run one after the other as a reader would.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "tests/tools/process.h"

namespace segue {
namespace {

constexpr const char* kCommands[] = {"index",  "search", "repl",   "explain", "inspect",
                                     "set",    "delete", "join",   "merge",   "verify",
                                     "repair", "backup", "export", "analyze"};

// What the examples presuppose.
void Prepare(const TempFolder& folder) {
  MakeAlbums(folder);
  folder.Write("new.jsonl", "{\"id\":\"5\",\"title\":\"New Thing\"}\n");
  folder.Write(
      "more.jsonl",
      "{\"id\":\"6\",\"title\":\"One More\",\"artist\":\"M. D. Quintet\",\"year\":1961}\n");
  folder.Write("songs.csv", "id,title\n1,One\n2,Two\n");
  folder.Write("songs.jsonl", "{\"id\":\"1\",\"title\":\"kind of blue\"}\n");
  folder.Write("notes/one.md", "a note on blue");
  folder.Write("queries.tsv", "1\tkind of blue\n");
  folder.Write("tracks.json",
               R"({"key":"id","fields":{"id":{"type":"keyword"},
                   "plays":{"type":"int64","updatable":true},
                   "rating":{"type":"float64","updatable":true}}})");
  folder.Write("plays.csv", "id,plays\n42,2002\n");
  ASSERT_EQ(RunShell(folder, "echo '{\"id\":\"42\"}' | segue index tracks - --schema tracks.json")
                .exit_code,
            0);
  ASSERT_EQ(RunShell(folder, "gzip -k albums.jsonl && rm -rf albums").exit_code, 0);
}

TEST(Help, EveryExampleRuns) {
  TempFolder folder;
  Prepare(folder);
  int run = 0;
  for (const char* command : kCommands) {
    const Ran help = RunSegue(folder, {command, "--help"});
    EXPECT_EQ(help.exit_code, 0);
    EXPECT_TRUE(help.err.empty());
    std::istringstream lines(help.out);
    std::string line;
    bool examples = false;
    while (std::getline(lines, line)) {
      examples |= line == "Examples:";
      if (!examples || !line.starts_with("  ")) continue;
      if (line.find("apt-cache") != std::string::npos &&
          RunShell(folder, "command -v apt-cache").exit_code != 0) {
        continue;
      }
      const Ran ran = RunShell(folder, line);
      EXPECT_EQ(ran.exit_code, 0) << line << "\n" << ran.err;
      ++run;
    }
    EXPECT_TRUE(examples) << command << " --help has no examples";
  }
  EXPECT_GT(run, 25);
}

TEST(Help, OfTheWholeTool) {
  TempFolder folder;
  const Ran help = RunSegue(folder, {"--help"});
  EXPECT_EQ(help.exit_code, 0);
  for (const char* command : kCommands) {
    EXPECT_NE(help.out.find(command), std::string::npos) << command;
  }
  const Ran version = RunSegue(folder, {"--version"});
  EXPECT_EQ(version.exit_code, 0);
  EXPECT_EQ(version.out.rfind("segue ", 0), 0u);
}

TEST(Docs, EveryExampleRuns) {
  std::ifstream file(std::string(SEGUE_SOURCE_DIR) + "/docs/tools.md");
  ASSERT_TRUE(file.good());
  TempFolder folder;
  std::string line, script;
  bool inside = false;
  int run = 0;
  while (std::getline(file, line)) {
    if (line.starts_with("```")) {
      const bool ends = inside;
      inside = line == "```sh";
      if (!ends || script.empty()) continue;
      // A block is one script, so that documents over several lines work.
      folder.Write("block.sh", "set -eu\n" + script);
      const Ran ran = RunShell(folder, "sh block.sh");
      EXPECT_EQ(ran.exit_code, 0) << script << "\n" << ran.out << ran.err;
      script.clear();
      ++run;
    } else if (inside) {
      script += line + "\n";
    }
  }
  EXPECT_GT(run, 5);
}

TEST(QuerySets, EveryCatalogueQueryFindsSomething) {
  TempFolder folder;
  ASSERT_EQ(RunShell(folder,
                     "segue-corpus generate -n 3000 > in.jsonl && "
                     "segue-corpus generate --schema > schema.json && "
                     "segue index catalogue in.jsonl --schema schema.json")
                .exit_code,
            0);
  const Ran ran = RunSegue(folder, {"search", "catalogue", "--strict", "--queries",
                                    SEGUE_SOURCE_DIR "/corpus/queries/catalogue.txt"});
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  std::istringstream lines(ran.out);
  std::string line;
  int queries = 0;
  while (std::getline(lines, line)) {
    const JsonValue answer = ParseOrDie(line);
    EXPECT_GT(At(answer, "total.value").int64_value(), 0) << At(answer, "query").string_value();
    ++queries;
  }
  EXPECT_GE(queries, 15);
}

TEST(QuerySets, TheDebianOnesAreQueries) {
  TempFolder folder;
  folder.Write("packages",
               "Package: nano\nSection: editors\nTag: role::program\nMaintainer: x\n"
               "Description: a text editor\n");
  ASSERT_EQ(RunSegue(folder, {"index", "packages-index", "packages"}).exit_code, 0);
  const Ran ran = RunSegue(folder, {"search", "packages-index", "--queries",
                                    SEGUE_SOURCE_DIR "/corpus/queries/debian.txt"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_NE(ran.out.find("\"key\":\"nano\""), std::string::npos);
}

}  // namespace
}  // namespace segue

// SPDX-License-Identifier: Apache-2.0
//
// --at-most: limits of queries and documents, lowered by the commands that take those.
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "engine/base/settable_limits.h"
#include "engine/base/strings.h"
#include "tests/tools/process.h"

namespace segue {
namespace {

// NAME=N of all limits, each with the greatest number that it can be.
template <typename Settable>
std::string AllOf(const Settable& settable) {
  std::string all;
  for (const auto& limit : settable) {
    CatTo(&all, all.empty() ? "" : ",", limit.name, "=", limit.most);
  }
  return all;
}

void ExpectRefused(const Ran& ran, int exit_code, std::string_view message) {
  EXPECT_EQ(ran.exit_code, exit_code) << ran.out << ran.err;
  EXPECT_NE(ran.err.find(message), std::string::npos) << ran.err;
}

// One text field, so that a word is one clause.
void MakeTitles(const TempFolder& folder) {
  const std::string records =
      "{\"id\":\"1\",\"title\":\"Kind of Blue\"}\n{\"id\":\"2\",\"title\":\"Blue Train\"}\n";
  ASSERT_EQ(RunSegue(folder, {"index", "albums", "-"}, records).exit_code, 0);
  folder.Write("queries", "kind of blue\n");
}

TEST(LimitFlagTest, EveryCommandThatTakesQueriesKeepsToIt) {
  TempFolder folder;
  MakeTitles(folder);
  for (const std::vector<std::string>& command : std::vector<std::vector<std::string>>{
           {"search", "albums", "kind of blue"},
           {"search", "albums", "kind of blue", "--text"},
           {"search", "albums", "kind of blue", "--explain", "0"},
           {"search", "albums", "--queries", "queries"},
           {"explain", "albums", "kind of blue", "0"},
           {"delete", "albums", "kind of blue", "--dry-run"},
           {"delete", "albums", "kind of blue"},
       }) {
    SCOPED_TRACE(Cat(command[0], " ", command.back()));
    const auto run = [&](const char* limit) {
      std::vector<std::string> with_limit = command;
      with_limit.insert(with_limit.end(), {"--at-most", limit});
      return RunSegue(folder, with_limit);
    };
    ExpectRefused(run("clauses=2"), 3, "the query has 3 clauses; at most 2 are allowed");
    const Ran ran = run("clauses=3");
    EXPECT_EQ(ran.exit_code, 0) << ran.err;
  }
}

TEST(LimitFlagTest, WhatIsBeingTypedKeepsToIt) {
  TempFolder folder;
  MakeTitles(folder);
  const std::vector<std::string> instant = {"search", "albums", "kind of bl", "--instant",
                                            "--at-most"};
  const auto run = [&](const char* limit) {
    std::vector<std::string> with_limit = instant;
    with_limit.push_back(limit);
    return RunSegue(folder, with_limit);
  };
  ExpectRefused(run("clauses=2"), 3, "clauses; at most 2 are allowed");
  EXPECT_EQ(run("clauses=100").exit_code, 0);
  ExpectRefused(RunSegue(folder, {"search", "albums", "--like", "1", "--at-most", "clauses=2"}), 3,
                "clauses; at most 2 are allowed");
}

TEST(LimitFlagTest, TheShellKeepsToIt) {
  TempFolder folder;
  MakeTitles(folder);
  const Ran ran = RunSegue(folder, {"repl", "albums", "--at-most", "clauses=2", "-c", "blue train",
                                    "-c", "kind of blue"});
  EXPECT_EQ(ran.exit_code, 0);
  EXPECT_NE(ran.out.find("Blue Train"), std::string::npos) << ran.out;
  EXPECT_NE(ran.err.find("the query has 3 clauses; at most 2 are allowed"), std::string::npos)
      << ran.err;
  ExpectRefused(RunSegue(folder, {"repl", "albums", "--at-most", "clauses=0", "-c", "blue"}), 1,
                "the limit clauses is set to 0; it can be 1 to 1024");
}

TEST(LimitFlagTest, DocumentsThatPassOneAreLeftOut) {
  TempFolder folder;
  const std::string records = Cat("{\"id\":\"1\",\"title\":\"short\"}\n",
                                  "{\"id\":\"2\",\"title\":\"", std::string(200, 'x'), "\"}\n");
  const Ran ran =
      RunSegue(folder, {"index", "few", "-", "--at-most", "document_bytes=100", "--json"}, records);
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_EQ(At(ParseOrDie(ran.out), "documents").int64_value(), 1);
  EXPECT_EQ(At(ParseOrDie(ran.out), "bad_records").int64_value(), 1);
  ExpectRefused(
      RunSegue(folder, {"index", "none", "-", "--at-most", "document_bytes=100", "--strict"},
               records),
      3, "bytes of text; the limit is 100");
  ExpectRefused(RunSegue(folder, {"index", "none", "-", "--at-most", "clauses=100"}, records), 1,
                "NAME is one of field_bytes, document_bytes, fields, not \"clauses=100\"");
}

TEST(LimitFlagTest, AllNamesAreKnownAndNoOthers) {
  TempFolder folder;
  MakeAlbums(folder);
  const auto search = [&](const std::string& limit) {
    return RunSegue(folder, {"search", "albums", "blue", "--at-most", limit});
  };
  const Ran all = search(AllOf(kSettableQueryLimits));
  EXPECT_EQ(all.exit_code, 0) << all.err;
  const Ran documents = RunSegue(
      folder, {"index", "all", "albums.jsonl", "--at-most", AllOf(kSettableDocumentLimits)});
  EXPECT_EQ(documents.exit_code, 0) << documents.err;
  for (const std::string wrong : {"words=3", "clauses", "clauses=", "clauses=x", "clauses=3x", "=3",
                                  "clauses=-1", "clauses=99999999999999999999"}) {
    const Ran ran = search(wrong);
    ExpectRefused(ran, 1, Cat("not \"", wrong, "\""));
    ExpectRefused(ran, 1, "query_bytes, depth, clauses, ");
  }
  ExpectRefused(search("depth=8,clauses=1025"), 1,
                "the limit clauses is set to 1025; it can be 1 to 1024");
}

}  // namespace
}  // namespace segue

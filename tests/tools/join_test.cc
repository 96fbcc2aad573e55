// SPDX-License-Identifier: Apache-2.0
//
// segue join.
#include <gtest/gtest.h>

#include "tests/tools/process.h"

namespace segue {
namespace {

TEST(JoinTool, AddsAndReplaces) {
  TempFolder folder;
  MakeAlbums(folder);
  folder.Write("more.jsonl",
               "{\"id\":\"2\",\"title\":\"Replaced\",\"artist\":\"Nobody\",\"year\":1970}\n"
               "{\"id\":\"9\",\"title\":\"New Thing\",\"artist\":\"Nobody\",\"year\":1971}\n");
  ASSERT_EQ(RunSegue(folder, {"index", "more", "more.jsonl"}).exit_code, 0);
  const Ran ran = RunSegue(folder, {"join", "albums", "more", "--json"});
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  const JsonValue report = ParseOrDie(ran.out);
  EXPECT_EQ(At(report, "added").int64_value(), 2);
  EXPECT_EQ(At(report, "replaced").int64_value(), 1);
  EXPECT_EQ(At(report, "documents").int64_value(), 5);
  const Ran found = RunSegue(folder, {"search", "albums", "replaced thing train", "--json"});
  EXPECT_EQ(At(ParseOrDie(found.out), "total.value").int64_value(), 2);
  EXPECT_EQ(RunSegue(folder, {"verify", "albums"}).exit_code, 0);
}

TEST(JoinTool, SaysWhatDiffers) {
  TempFolder folder;
  MakeAlbums(folder);
  folder.Write("songs.jsonl", "{\"id\":\"1\",\"song\":\"One\"}\n");
  ASSERT_EQ(RunSegue(folder, {"index", "songs", "songs.jsonl"}).exit_code, 0);
  const Ran ran = RunSegue(folder, {"join", "albums", "songs"});
  EXPECT_EQ(ran.exit_code, 1);
  EXPECT_NE(ran.err.find("songs: "), std::string::npos) << ran.err;
  EXPECT_NE(ran.err.find("it has no field 'title'"), std::string::npos) << ran.err;
  EXPECT_EQ(RunSegue(folder, {"join", "albums", "nowhere"}).exit_code, 1);
  EXPECT_EQ(RunSegue(folder, {"join", "albums"}).exit_code, 1);
}

}  // namespace
}  // namespace segue

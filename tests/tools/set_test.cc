// SPDX-License-Identifier: Apache-2.0
//
// segue set: one document, many from a file, and what it refuses.
#include <gtest/gtest.h>

#include <string>

#include "tests/tools/process.h"

namespace segue {
namespace {

void MakeTracks(const TempFolder& folder) {
  folder.Write("schema.json",
               R"({"key":"id","fields":{"id":{"type":"keyword","stored":true},
                   "title":{"type":"text","stored":true},"year":{"type":"int64"},
                   "plays":{"type":"int64","updatable":true,"stored":true},
                   "rating":{"type":"float64","updatable":true,"stored":true}}})");
  folder.Write("tracks.jsonl",
               "{\"id\":\"1\",\"title\":\"So What\",\"plays\":3}\n"
               "{\"id\":\"2\",\"title\":\"Blue in Green\"}\n");
  const Ran ran = RunSegue(folder, {"index", "tracks", "tracks.jsonl", "--schema", "schema.json"});
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
}

std::string Exported(const TempFolder& folder) {
  const Ran ran = RunSegue(folder, {"export", "tracks"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  return ran.out;
}

TEST(SetTool, OneDocument) {
  TempFolder folder;
  MakeTracks(folder);
  const Ran ran = RunSegue(folder, {"set", "tracks", "2", "plays=7", "rating=4.5", "--json"});
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_EQ(At(ParseOrDie(ran.out), "values").int64_value(), 2);
  EXPECT_NE(Exported(folder).find(R"({"id":"2","title":"Blue in Green","plays":7,"rating":4.5})"),
            std::string::npos)
      << Exported(folder);
  const Ran found = RunSegue(folder, {"search", "tracks", "plays:>5", "--json"});
  EXPECT_EQ(At(ParseOrDie(found.out), "total.value").int64_value(), 1);

  const Ran away = RunSegue(folder, {"set", "tracks", "2", "rating="});
  ASSERT_EQ(away.exit_code, 0) << away.err;
  EXPECT_NE(away.out.find("1 value set"), std::string::npos) << away.out;
  EXPECT_EQ(Exported(folder).find("rating"), std::string::npos);
  EXPECT_EQ(RunSegue(folder, {"verify", "tracks"}).exit_code, 0);
}

TEST(SetTool, ManyDocuments) {
  TempFolder folder;
  MakeTracks(folder);
  folder.Write("plays.csv", "id,plays\n1,10\n2,20\n9,1\n");
  const Ran ran = RunSegue(folder, {"set", "tracks", "--file", "plays.csv"});
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_NE(ran.out.find("2 values set"), std::string::npos) << ran.out;
  EXPECT_NE(ran.err.find("1 record has a key that no document has"), std::string::npos) << ran.err;
  EXPECT_NE(Exported(folder).find(R"("plays":20)"), std::string::npos);
  const Ran piped = RunSegue(folder, {"set", "tracks", "--file", "-", "--format", "jsonl"},
                             "{\"id\":\"1\",\"plays\":11,\"rating\":2}\n");
  ASSERT_EQ(piped.exit_code, 0) << piped.err;
  EXPECT_NE(Exported(folder).find(R"("plays":11,"rating":2)"), std::string::npos)
      << Exported(folder);
}

TEST(SetTool, RefusesAndChangesNothing) {
  TempFolder folder;
  MakeTracks(folder);
  const std::string before = Exported(folder);
  const auto refused = [&](std::vector<std::string> words, std::string_view why) {
    words.insert(words.begin(), {"set", "tracks"});
    const Ran ran = RunSegue(folder, words);
    EXPECT_EQ(ran.exit_code, 1) << ran.out;
    EXPECT_NE(ran.err.find(why), std::string::npos) << ran.err;
  };
  refused({"2", "year=1959"}, "\"updatable\"");
  refused({"2", "play=1"}, "did you mean \"plays\"?");
  refused({"2", "plays=many"}, "plays");
  refused({"2", "plays"}, "FIELD");
  refused({"9", "plays=1"}, "no document has the key");
  refused({"2"}, "FIELD=VALUE");
  refused({}, "FIELD=VALUE");
  folder.Write("bad.jsonl", "{\"id\":\"1\",\"plays\":10}\n{\"plays\":10}\n");
  refused({"--file", "bad.jsonl"}, "bad.jsonl:2");
  refused({"--file", "nowhere.jsonl"}, "nowhere.jsonl");
  EXPECT_EQ(Exported(folder), before);
}

}  // namespace
}  // namespace segue

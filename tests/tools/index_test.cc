// SPDX-License-Identifier: Apache-2.0
//
// segue index: inputs, schemas, bad records, appending, failures that lose nothing.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "engine/base/strings.h"
#include "tests/tools/process.h"

namespace segue {
namespace {

int64_t CountDocuments(const TempFolder& folder, const std::string& index,
                       const std::string& query = "*:*") {
  const Ran ran = RunSegue(folder, {"search", index, query, "-k", "1", "--json"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  return At(ParseOrDie(ran.out), "total.value").int64_value();
}

std::string TypeOf(const TempFolder& folder, const std::string& index, const std::string& field) {
  const JsonValue schema = ParseOrDie(RunSegue(folder, {"export", index, "--schema"}).out);
  const JsonValue type = At(schema, "fields." + field + ".type");
  return type.is_string() ? std::string(type.string_value()) : "text";
}

TEST(IndexTool, ReportsAsJson) {
  TempFolder folder;
  MakeAlbums(folder);
  const Ran ran = RunSegue(folder, {"index", "two", "albums.jsonl", "--json", "--threads", "1"});
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  const JsonValue report = ParseOrDie(ran.out);
  EXPECT_EQ(At(report, "documents").int64_value(), 4);
  EXPECT_EQ(At(report, "bad_records").int64_value(), 0);
  EXPECT_EQ(At(report, "segments").int64_value(), 1);
  EXPECT_EQ(At(report, "schema.key").string_value(), "id");
  EXPECT_TRUE(ran.err.empty()) << "no progress without a terminal: " << ran.err;
}

TEST(IndexTool, EveryFormatAndCompression) {
  TempFolder folder;
  folder.Write("in.csv", "id,text\n1,\"blue, green\"\n2,red\n");
  folder.Write("in.tsv", "id\ttext\n1\tblue\n2\tred\n");
  folder.Write("in.trec", "<DOC>\n<DOCNO>1</DOCNO>\nblue\n</DOC>\n");
  folder.Write("notes/a.txt", "blue");
  folder.Write("packages", "Package: blue\nDescription: a colour\n\nPackage: red\n");
  ASSERT_EQ(RunShell(folder, "xz -k in.csv && gzip -k in.tsv").exit_code, 0);
  const std::vector<std::pair<std::string, int64_t>> inputs = {{"in.csv", 2},    {"in.csv.xz", 2},
                                                               {"in.tsv.gz", 2}, {"in.trec", 1},
                                                               {"notes", 1},     {"packages", 2}};
  for (size_t i = 0; i < inputs.size(); ++i) {
    const std::string index = "index" + std::to_string(i);
    const Ran ran = RunSegue(folder, {"index", index, inputs[i].first});
    EXPECT_EQ(ran.exit_code, 0) << inputs[i].first << ": " << ran.err;
    EXPECT_EQ(CountDocuments(folder, index), inputs[i].second) << inputs[i].first;
    EXPECT_EQ(CountDocuments(folder, index, "blue"), 1) << inputs[i].first;
    EXPECT_EQ(RunSegue(folder, {"verify", index}).exit_code, 0);
  }
  EXPECT_EQ(RunShell(folder, "xz -dc in.csv.xz | segue index piped - --format csv").exit_code, 0);
  EXPECT_EQ(CountDocuments(folder, "piped"), 2);
  EXPECT_EQ(RunShell(folder, "cat in.csv.xz | segue index packed - --format csv").exit_code, 0);
  EXPECT_EQ(CountDocuments(folder, "packed"), 2);
}

TEST(IndexTool, CompressionBelongsToTheIndex) {
  TempFolder folder;
  const std::string text = "{\"id\":\"7\",\"title\":\"" + std::string(500, 'x') + "\"}\n";
  const auto compression_of = [&](const std::string& index, size_t segment) -> std::string {
    const JsonValue whole = ParseOrDie(RunSegue(folder, {"inspect", index, "--json"}).out);
    return std::string(
        At(At(whole, "segments").elements()[segment], "stored_compression").string_value());
  };
  ASSERT_EQ(RunSegue(folder, {"index", "small", "-", "--compression", "zstd"}, text).exit_code, 0);
  EXPECT_EQ(compression_of("small", 0), "zstd");
  const std::string schema = RunSegue(folder, {"export", "small", "--schema"}).out;
  EXPECT_NE(schema.find("\"stored_compression\":\"zstd\""), std::string::npos) << schema;
  EXPECT_NE(RunSegue(folder, {"inspect", "small"}).out.find("zstd"), std::string::npos);
  EXPECT_EQ(RunSegue(folder, {"verify", "small"}).exit_code, 0);
  // Kept by what is added, until told otherwise.
  folder.Write("schema.json", schema);
  const std::string more = "{\"id\":\"8\",\"title\":\"more\"}\n";
  EXPECT_EQ(RunSegue(folder, {"index", "small", "-", "--append"}, more).exit_code, 0);
  EXPECT_EQ(compression_of("small", 1), "zstd");
  EXPECT_EQ(RunSegue(folder, {"index", "small", "-", "--append", "--compression", "snappy"}, more)
                .exit_code,
            0);
  EXPECT_EQ(compression_of("small", 1), "snappy");
  EXPECT_EQ(CountDocuments(folder, "small"), 2);
  EXPECT_EQ(RunSegue(folder, {"index", "again", "-", "--schema", "schema.json"}, text).exit_code,
            0);
  EXPECT_EQ(compression_of("again", 0), "zstd");
  const Ran wrong = RunSegue(folder, {"index", "no", "-", "--compression", "zip"}, text);
  EXPECT_EQ(wrong.exit_code, 1);
  EXPECT_NE(wrong.err.find("did you mean"), std::string::npos) << wrong.err;
}

TEST(IndexTool, BadRecordsAreToldCountedAndSurvived) {
  TempFolder folder;
  const std::string file = folder.Write("in.jsonl",
                                        "{\"id\":1,\"text\":\"good\"}\n"
                                        "{broken\n"
                                        "{\"id\":1,\"text\":\"the same key\"}\n"
                                        "{\"text\":\"no key\"}\n"
                                        "{\"id\":2,\"text\":\"good\"}\n");
  const Ran ran = RunSegue(folder, {"index", "x", "in.jsonl", "--key", "id", "--json"});
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_EQ(At(ParseOrDie(ran.out), "bad_records").int64_value(), 3);
  EXPECT_EQ(At(ParseOrDie(ran.out), "documents").int64_value(), 2);
  for (const char* place : {"in.jsonl:2: ", "in.jsonl:3: ", "in.jsonl:4: "}) {
    EXPECT_NE(ran.err.find(place), std::string::npos) << ran.err;
  }
  const Ran strict = RunSegue(folder, {"index", "y", "in.jsonl", "--key", "id", "--strict"});
  EXPECT_EQ(strict.exit_code, 1);
  EXPECT_FALSE(std::filesystem::exists(folder.File("y"))) << "nothing is left behind";
}

TEST(IndexTool, OnlyBadRecordsIsAMistake) {
  TempFolder folder;
  folder.Write("junk.jsonl", "not json\nnor this\n");
  const Ran ran = RunSegue(folder, {"index", "x", "junk.jsonl"});
  EXPECT_EQ(ran.exit_code, 1);
  EXPECT_NE(ran.err.find("junk.jsonl:1"), std::string::npos) << ran.err;
  EXPECT_FALSE(std::filesystem::exists(folder.File("x")));
  folder.Write("empty.jsonl", "");
  EXPECT_EQ(RunSegue(folder, {"index", "x", "empty.jsonl"}).exit_code, 1);
}

TEST(IndexTool, TypesWidenAndFieldsAppear) {
  TempFolder folder;
  std::string records;
  for (int i = 0; i < 5000; ++i) {
    records += "{\"id\":" + std::to_string(i) + ",\"n\":" + std::to_string(i) + ",\"f\":1}\n";
  }
  records += "{\"id\":\"x\",\"n\":\"many\",\"f\":0.5,\"late\":\"field\"}\n";
  folder.Write("in.jsonl", records);
  const Ran ran = RunSegue(folder, {"index", "x", "in.jsonl"});
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_NE(ran.err.find("starting again"), std::string::npos) << ran.err;
  EXPECT_EQ(TypeOf(folder, "x", "n"), "text");
  EXPECT_EQ(TypeOf(folder, "x", "f"), "float64");
  EXPECT_EQ(CountDocuments(folder, "x"), 5001);
  EXPECT_EQ(CountDocuments(folder, "x", "n:many"), 1);
  EXPECT_EQ(CountDocuments(folder, "x", "n:77"), 1);
  EXPECT_EQ(CountDocuments(folder, "x", "late:field"), 1);
  EXPECT_EQ(RunSegue(folder, {"verify", "x"}).exit_code, 0);
  EXPECT_EQ(RunSegue(folder, {"verify", "x", "--json"}).exit_code, 0);
}

TEST(IndexTool, AppendReplacesByKey) {
  TempFolder folder;
  MakeAlbums(folder);
  const std::string more =
      "{\"id\":\"2\",\"title\":\"Green Train\"}\n{\"id\":\"9\",\"title\":\"Giant Steps\"}\n";
  const Ran refused = RunSegue(folder, {"index", "albums", "-"}, more);
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_NE(refused.err.find("--append"), std::string::npos) << refused.err;
  const Ran ran = RunSegue(folder, {"index", "albums", "-", "--append", "--json"}, more);
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_EQ(At(ParseOrDie(ran.out), "documents").int64_value(), 5);
  EXPECT_EQ(CountDocuments(folder, "albums", "blue"), 1);
  EXPECT_EQ(CountDocuments(folder, "albums", "green"), 1);
  EXPECT_EQ(RunSegue(folder, {"verify", "albums"}).exit_code, 0);
  // Appending to nothing makes the index.
  EXPECT_EQ(RunSegue(folder, {"index", "fresh", "-", "--append"}, more).exit_code, 0);
  EXPECT_EQ(CountDocuments(folder, "fresh"), 2);
}

TEST(IndexTool, SchemasFromFiles) {
  TempFolder folder;
  MakeAlbums(folder);
  folder.Write("schema.json",
               R"({"key":"id","default":["all"],"fields":{"id":{"type":"keyword","stored":true},)"
               R"("all":{"type":"text","analyzer":"english","from":["title","artist"]},)"
               R"("title":{"type":"text","stored":true}}})");
  const Ran ran = RunSegue(folder, {"index", "x", "albums.jsonl", "--schema", "schema.json"});
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_NE(ran.err.find("no field \"year\""), std::string::npos) << ran.err;
  EXPECT_EQ(CountDocuments(folder, "x", "quintets"), 1);
  folder.Write("bad.json", R"({"fields":{"id":{"tipe":"keyword"}}})");
  const Ran bad = RunSegue(folder, {"index", "y", "albums.jsonl", "--schema", "bad.json"});
  EXPECT_EQ(bad.exit_code, 1);
  EXPECT_NE(bad.err.find("type"), std::string::npos) << bad.err;
}

TEST(IndexTool, ThreadsDoNotChangeTheIndex) {
  TempFolder folder;
  ASSERT_EQ(RunShell(folder, "segue-corpus generate -n 3000 > in.jsonl").exit_code, 0);
  for (const char* threads : {"1", "2", "4"}) {
    const Ran ran = RunSegue(folder, {"index", std::string("t") + threads, "in.jsonl", "--threads",
                                      threads, "--memory", "4M"});
    ASSERT_EQ(ran.exit_code, 0) << ran.err;
  }
  EXPECT_EQ(RunShell(folder, "rm t?/segue.lock; diff -r t1 t2 && diff -r t1 t4").exit_code, 0);
}

TEST(IndexTool, ANewIndexEndsAsOneSegment) {
  TempFolder folder;
  ASSERT_EQ(RunShell(folder, "segue-corpus generate -n 6000 > in.jsonl").exit_code, 0);
  const auto segments = [&](std::vector<std::string> more) {
    std::vector<std::string> line = {"index", "i", "in.jsonl", "--memory", "2M", "--json"};
    line.insert(line.end(), more.begin(), more.end());
    const Ran ran = RunSegue(folder, line);
    EXPECT_EQ(ran.exit_code, 0) << ran.err;
    return At(ParseOrDie(ran.out), "segments").int64_value();
  };
  EXPECT_EQ(segments({}), 1);
  EXPECT_GT(segments({"--append"}), 1);
  RunShell(folder, "rm -r i");
  const int64_t written = segments({"--segments", "0"});
  EXPECT_GT(written, 2) << "too few documents for this test";
  RunShell(folder, "rm -r i");
  EXPECT_EQ(segments({"--segments", "2"}), 2);
  EXPECT_EQ(segments({"--append", "--segments", "1"}), 1);
  const Ran wrong =
      RunSegue(folder, {"index", "x", "in.jsonl", "--order", "quick", "--segments", "0"});
  EXPECT_EQ(wrong.exit_code, 1);
  EXPECT_NE(wrong.err.find("--order wants a merge"), std::string::npos) << wrong.err;
}

std::string RecordsOfManyFields(int count) {
  std::string records;
  for (int i = 0; i < count; ++i) {
    CatTo(&records, "{\"id\":\"", i, "\",\"f", i, "\":\"word\"}\n");
  }
  return records;
}

// More than there are records in the sample.
TEST(IndexTool, FieldsThatComeLate) {
  TempFolder folder;
  folder.Write("records.jsonl", RecordsOfManyFields(2100));
  const Ran ran = RunSegue(folder, {"index", "x", "records.jsonl", "--json"});
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_EQ(At(ParseOrDie(ran.out), "documents").int64_value(), 2100);
  const Ran found = RunSegue(folder, {"search", "x", "f2099:word f3:word", "--json"});
  EXPECT_EQ(At(ParseOrDie(found.out), "total.value").int64_value(), 2) << found.out;
}

// Input may have any number of them.
TEST(IndexTool, FieldsThatTheSchemaDoesNotHave) {
  TempFolder folder;
  folder.Write("schema.json", R"({"key":"id","fields":{"id":{"type":"keyword"}}})");
  const Ran ran =
      RunSegue(folder, {"index", "x", "-", "--schema", "schema.json"}, RecordsOfManyFields(300));
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_EQ(std::count(ran.err.begin(), ran.err.end(), '\n'), 21) << ran.err;
  EXPECT_NE(ran.err.find("the schema has no field \"f19\": 1 value was left out\n"),
            std::string::npos)
      << ran.err;
  EXPECT_NE(ran.err.find("nor some other fields of the input: 280 values were left out\n"),
            std::string::npos)
      << ran.err;
}

// The same documents in one segment, in another order.
TEST(IndexTool, OrderPutsLikeDocumentsTogether) {
  TempFolder folder;
  ASSERT_EQ(RunShell(folder, "segue-corpus generate -n 3000 > in.jsonl").exit_code, 0);
  for (const char* order : {"none", "quick", "full"}) {
    const Ran ran = RunSegue(folder, {"index", order, "in.jsonl", "--order", order, "--json"});
    ASSERT_EQ(ran.exit_code, 0) << ran.err;
    const JsonValue report = ParseOrDie(ran.out);
    EXPECT_EQ(At(report, "documents").int64_value(), 3000);
    EXPECT_EQ(At(report, "segments").int64_value(), 1);
    EXPECT_EQ(RunSegue(folder, {"verify", order}).exit_code, 0);
  }
  EXPECT_EQ(RunShell(folder,
                     "for i in none quick full; do segue export $i | sort > $i.out; done;"
                     "cmp none.out quick.out && cmp none.out full.out")
                .exit_code,
            0);
  EXPECT_NE(RunShell(folder, "segue export none > a; segue export quick > b; cmp a b").exit_code,
            0);
  const Ran wrong = RunSegue(folder, {"index", "x", "in.jsonl", "--order", "fast"});
  EXPECT_EQ(wrong.exit_code, 1);
  EXPECT_NE(wrong.err.find("none, quick, full, +FIELD or -FIELD"), std::string::npos) << wrong.err;
}

TEST(IndexTool, OrderByAField) {
  TempFolder folder;
  const std::string records =
      "{\"id\":\"a\",\"year\":1959}\n{\"id\":\"b\"}\n{\"id\":\"c\",\"year\":1971}\n"
      "{\"id\":\"d\",\"year\":1959}\n";
  const auto order_of = [&](const std::string& order) {
    RunShell(folder, "rm -rf x");
    const Ran ran = RunSegue(folder, {"index", "x", "-", "--key", "id", "--order", order}, records);
    EXPECT_EQ(ran.exit_code, 0) << ran.err;
    EXPECT_EQ(RunSegue(folder, {"verify", "x"}).exit_code, 0);
    const std::string lines = RunSegue(folder, {"export", "x"}).out;
    std::string ids;
    for (size_t at = lines.find("\"id\""); at != lines.npos; at = lines.find("\"id\"", at + 1)) {
      ids += lines[at + 6];
    }
    return ids;
  };
  EXPECT_EQ(order_of("+year"), "adcb");
  EXPECT_EQ(order_of("-year"), "cadb");
  const Ran wrong = RunSegue(folder, {"index", "y", "-", "--key", "id", "--order", "+id"}, records);
  EXPECT_EQ(wrong.exit_code, 1);
  EXPECT_NE(wrong.err.find("wants a field of numbers"), std::string::npos) << wrong.err;
}

}  // namespace
}  // namespace segue

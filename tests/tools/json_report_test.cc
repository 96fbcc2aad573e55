// SPDX-License-Identifier: Apache-2.0
//
// --json of every subcommand: one valid line, with the members that programs read, and nothing else
// on standard output; also where something fails.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "engine/base/strings.h"
#include "tests/tools/process.h"

namespace segue {
namespace {

std::set<std::string> MembersOf(const JsonValue& json) {
  std::set<std::string> names;
  for (const JsonMember& member : json.members()) names.insert(member.name);
  return names;
}

class JsonReportTest : public testing::Test {
 protected:
  void SetUp() override { MakeAlbums(folder_); }

  // What one command prints, which is one line.
  JsonValue Line(const std::vector<std::string>& arguments, std::string_view input = {}) {
    const Ran ran = RunSegue(folder_, arguments, input);
    EXPECT_EQ(ran.exit_code, 0) << arguments[0] << ": " << ran.err;
    EXPECT_EQ(std::count(ran.out.begin(), ran.out.end(), '\n'), 1) << ran.out;
    EXPECT_TRUE(ran.out.ends_with('\n'));
    return ParseOrDie(ran.out);
  }

  void ExpectMembers(const std::vector<std::string>& arguments,
                     const std::set<std::string>& wanted) {
    const std::set<std::string> found = MembersOf(Line(arguments));
    for (const std::string& name : wanted) {
      EXPECT_EQ(found.count(name), 1u) << arguments[0] << " has no \"" << name << "\"";
    }
  }

  TempFolder folder_;
};

TEST_F(JsonReportTest, ReportsOfJobs) {
  ExpectMembers({"index", "more", "albums.jsonl", "--json"},
                {"generation", "documents", "added", "deleted", "bad_records", "text_bytes",
                 "index_bytes", "segments", "took_ms", "schema"});
  ExpectMembers({"delete", "more", "1", "--key", "--dry-run", "--json"},
                {"would_delete", "documents", "generation"});
  ExpectMembers({"delete", "more", "1", "--key", "--json"}, {"deleted", "documents", "generation"});
  ExpectMembers({"merge", "more", "--json"},
                {"generation", "documents", "segments_before", "segments", "index_bytes_before",
                 "index_bytes", "took_ms"});
  ExpectMembers({"backup", "albums", "copy", "--json"}, {"generation", "documents", "bytes"});
  ExpectMembers({"join", "albums", "copy", "--json"},
                {"added", "replaced", "documents", "generation"});
  ExpectMembers({"verify", "albums", "--json"},
                {"sound", "generation", "segments", "documents", "bytes", "terms", "postings",
                 "positions", "stored_values", "problem_count", "problems"});
  ExpectMembers({"repair", "albums", "--json"},
                {"sound", "generation", "dropped", "lost", "problem_count", "problems"});
}

TEST_F(JsonReportTest, NumbersAreThoseOfTheIndex) {
  const JsonValue index = Line({"index", "more", "albums.jsonl", "--json"});
  EXPECT_EQ(At(index, "documents").int64_value(), 4);
  EXPECT_EQ(At(index, "added").int64_value(), 4);
  EXPECT_EQ(At(index, "segments").int64_value(), 1);
  EXPECT_EQ(At(index, "schema.key").string_value(), "id");
  EXPECT_EQ(
      At(Line({"delete", "more", "blue", "--dry-run", "--json"}), "would_delete").int64_value(), 2);
  const JsonValue deleted = Line({"delete", "more", "blue", "--json"});
  EXPECT_EQ(At(deleted, "deleted").int64_value(), 2);
  EXPECT_EQ(At(deleted, "documents").int64_value(), 2);
  const JsonValue merged = Line({"merge", "more", "--json"});
  EXPECT_EQ(At(merged, "documents").int64_value(), 2);
  EXPECT_EQ(At(merged, "deleted").int64_value(), 0);
  const JsonValue joined = Line({"join", "more", "albums", "--json"});
  EXPECT_EQ(At(joined, "added").int64_value(), 4);
  EXPECT_EQ(At(joined, "replaced").int64_value(), 2);
  EXPECT_EQ(At(joined, "documents").int64_value(), 4);
  const JsonValue verified = Line({"verify", "more", "--json"});
  EXPECT_TRUE(At(verified, "sound").bool_value());
  EXPECT_EQ(At(verified, "documents").int64_value(), 4);
}

TEST_F(JsonReportTest, Looks) {
  ExpectMembers({"inspect", "albums", "--json"},
                {"generation", "documents", "deleted", "segments", "files", "fields"});
  ExpectMembers({"inspect", "albums", "--term", "title:blue", "--json"},
                {"field", "term", "segments"});
  ExpectMembers({"inspect", "albums", "--postings", "title:blue", "--json"},
                {"field", "term", "postings"});
  ExpectMembers({"inspect", "albums", "--query", "blue", "--json"},
                {"query", "postings", "blocks_decoded", "documents_scored"});
  ExpectMembers({"explain", "albums", "blue", "1", "--json"},
                {"match", "value", "description", "details"});
  ExpectMembers({"export", "albums", "--schema"}, {"key", "fields"});
  ExpectMembers({"analyze", "Foxes", "--json"}, {"text", "tokens"});
  ExpectMembers({"analyze", "Foxes", "--stages", "--json"}, {"text", "stages"});
  ExpectMembers({"analyze", "--definition", "--json"}, {"char_filters", "tokenizer", "filters"});
  ExpectMembers({"analyze", "--list", "--json"}, {"analyzers"});
  ExpectMembers({"repl", "albums", "-c", "blue", "--json"}, {"query", "total", "hits"});
}

TEST_F(JsonReportTest, WordsFromAPipe) {
  const JsonValue tokens = Line({"analyze", "-", "--json"}, "Kind of Blue");
  EXPECT_EQ(At(tokens, "text").string_value(), "Kind of Blue");
  ASSERT_EQ(At(tokens, "tokens").elements().size(), 3u);
  const JsonValue last = At(tokens, "tokens").elements()[2];
  EXPECT_EQ(At(last, "term").string_value(), "blue");
  EXPECT_EQ(At(last, "position").int64_value(), 2);
  EXPECT_EQ(At(last, "begin").int64_value(), 8);
  EXPECT_EQ(At(last, "end").int64_value(), 12);
  const JsonValue indexed = Line({"index", "piped", "-", "--format", "jsonl", "--json"},
                                 "{\"id\":\"7\",\"title\":\"x\"}\n");
  EXPECT_EQ(At(indexed, "documents").int64_value(), 1);
}

// Each of many lines is valid by itself.
TEST_F(JsonReportTest, LinesOfManyDocumentsAndQueries) {
  folder_.Write("queries.txt", "blue\n\"kind of blue\"\nsupreme\n+blue -train\n");
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"export", "albums", "--json"},
        {"search", "albums", "--queries", "queries.txt", "--fields", "*"}}) {
    const Ran ran = RunSegue(folder_, arguments);
    ASSERT_EQ(ran.exit_code, 0) << ran.err;
    size_t lines = 0;
    for (size_t at = 0; at < ran.out.size(); ++lines) {
      const size_t end = ran.out.find('\n', at);
      ASSERT_NE(end, std::string::npos) << "the last line ends, too";
      EXPECT_TRUE(ParseOrDie(ran.out.substr(at, end - at)).is_object());
      at = end + 1;
    }
    EXPECT_EQ(lines, 4u) << arguments[0];
  }
}

TEST_F(JsonReportTest, ErrorsOfEveryCommand) {
  const std::vector<std::vector<std::string>> lines = {{"search", "missing", "x"},
                                                       {"explain", "missing", "x", "0"},
                                                       {"inspect", "missing"},
                                                       {"delete", "missing", "x"},
                                                       {"join", "missing", "albums"},
                                                       {"merge", "missing"},
                                                       {"verify", "missing"},
                                                       {"repair", "missing"},
                                                       {"backup", "missing", "to"},
                                                       {"export", "missing"},
                                                       {"analyze", "x", "-a", "nonsense"},
                                                       {"index", "x", "missing.jsonl"}};
  for (std::vector<std::string> arguments : lines) {
    arguments.push_back("--json");
    const Ran ran = RunSegue(folder_, arguments);
    EXPECT_EQ(ran.exit_code, 1) << arguments[0] << ran.err;
    EXPECT_EQ(ran.out, "") << arguments[0];
    EXPECT_EQ(std::count(ran.err.begin(), ran.err.end(), '\n'), 1) << ran.err;
    const JsonValue error = At(ParseOrDie(ran.err), "error");
    EXPECT_FALSE(At(error, "message").string_value().empty()) << arguments[0];
    EXPECT_FALSE(At(error, "code").string_value().empty()) << arguments[0];
  }
  // The same without it: a line for people, which names what is missing.
  const Ran people = RunSegue(folder_, {"search", "missing", "x"});
  EXPECT_EQ(people.err.rfind("segue: error: ", 0), 0u) << people.err;
  EXPECT_NE(people.err.find("missing"), std::string::npos);
}

}  // namespace
}  // namespace segue

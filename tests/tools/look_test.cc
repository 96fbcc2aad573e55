// SPDX-License-Identifier: Apache-2.0
//
// Commands that only look: what analyze, explain, inspect, export and verify show beside the usual,
// and what they say about a wrong argument.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "tests/tools/process.h"

namespace segue {
namespace {

using Arguments = std::vector<std::string>;

class LookTest : public ::testing::Test {
 protected:
  void SetUp() override { MakeAlbums(folder_); }

  // Exit code 1 and these lines of error; nothing else is written.
  void ExpectRefused(const Arguments& arguments, std::string_view error) {
    const Ran ran = RunSegue(folder_, arguments);
    EXPECT_EQ(ran.exit_code, 1) << ran.out;
    EXPECT_EQ(ran.out, "");
    EXPECT_EQ(ran.err.substr(0, ran.err.find('\n')), error);
  }
  std::string OutOf(const Arguments& arguments, std::string_view input = {}) {
    const Ran ran = RunSegue(folder_, arguments, input);
    EXPECT_EQ(ran.exit_code, 0) << ran.err;
    return ran.out;
  }

  TempFolder folder_;
};

TEST_F(LookTest, Analyze) {
  const std::string shown = OutOf({"analyze", "-a", "simple"}, "Kind of\nBlue");
  EXPECT_EQ(shown, OutOf({"analyze", "Kind", "of", "Blue", "-a", "simple"}));
  EXPECT_NE(shown.find("       2  blue  ALPHANUM      8   12\n"), std::string::npos) << shown;
  const std::string names = OutOf({"analyze", "--list"});
  EXPECT_NE(names.find("\nenglish\n"), std::string::npos) << names;
  const JsonValue listed = ParseOrDie(OutOf({"analyze", "--list", "--json"}));
  EXPECT_EQ(At(listed, "analyzers").elements().size(),
            static_cast<size_t>(std::count(names.begin(), names.end(), '\n')));
  // A definition makes the same analyzer again.
  std::string english = OutOf({"analyze", "--definition", "-a", "english"});
  english.pop_back();
  EXPECT_EQ(OutOf({"analyze", "The foxes' dens", "-a", english}),
            OutOf({"analyze", "The foxes' dens", "-a", "english"}));

  ExpectRefused({"analyze", "x", "--field", "title"}, "segue: error: --field needs --index DIR");
  for (const char* field : {"year", "none"}) {
    ExpectRefused({"analyze", "x", "--index", "albums", "--field", field},
                  std::string("segue: error: no text field \"") + field + "\"");
  }
  EXPECT_EQ(RunSegue(folder_, {"analyze", "x", "--index", "nowhere"}).exit_code, 1);
}

TEST_F(LookTest, AnalyzeKnowsTheAnalyzersOfAnIndex) {
  folder_.Write("schema.json",
                R"({"analyzers":{"words":{"tokenizer":"whitespace","filters":["lowercase"]}},)"
                R"("fields":{"t":{"type":"text","analyzer":"words"}}})");
  const Ran made =
      RunSegue(folder_, {"index", "own", "-", "--schema", "schema.json"}, "{\"t\":\"a\"}\n");
  ASSERT_EQ(made.exit_code, 0) << made.err;
  const std::string by_field = OutOf({"analyze", "Wi-Fi", "--index", "own", "--field", "t"});
  EXPECT_NE(by_field.find("  wi-fi  "), std::string::npos) << by_field;
  EXPECT_EQ(OutOf({"analyze", "Wi-Fi", "--index", "own", "-a", "words"}), by_field);
  EXPECT_EQ(RunSegue(folder_, {"analyze", "Wi-Fi", "-a", "words"}).exit_code, 1);
}

TEST_F(LookTest, ExplainNamesTheDocumentThatThereIsNot) {
  ExpectRefused({"explain", "albums", "blue", "4"},
                "segue: error: no document 4; the index has documents 0 to 4 exclusive");
  ExpectRefused({"explain", "albums", "blue", "first"},
                "segue: error: a document number is wanted, not \"first\"; --key takes a key");
  ExpectRefused({"explain", "albums", "blue", "9", "--key"},
                "segue: error: no document has the key \"9\"");
  ExpectRefused({"explain", "albums", "(blue", "0", "--strict"},
                "segue: error: query, byte 0: no ')' closes this; the group ends with the text");
}

TEST_F(LookTest, InspectATerm) {
  EXPECT_EQ(OutOf({"inspect", "albums", "--postings", "title:blue"}),
            "0  freq 1  at 2\n1  freq 1  at 0\n");
  EXPECT_EQ(OutOf({"inspect", "albums", "--postings", "title:blue", "--limit", "1"}),
            "0  freq 1  at 2\n… and 1 more; --limit shows them\n");
  ASSERT_EQ(RunSegue(folder_, {"delete", "albums", "2", "--key"}).exit_code, 0);
  EXPECT_EQ(OutOf({"inspect", "albums", "--postings", "title:blue"}),
            "0  freq 1  at 2\n1 (deleted)  freq 1  at 0\n");
  ExpectRefused({"inspect", "albums", "--postings", "title:nothing"},
                "segue: error: no document has the term \"nothing\" in the field \"title\"");
  ExpectRefused({"inspect", "albums", "--term", "none:blue"},
                "segue: error: the index has no field \"none\"");
  ExpectRefused({"inspect", "albums", "--term", "blue"},
                "segue: error: FIELD:TERM is wanted, such as title:blue, not \"blue\"");
}

TEST_F(LookTest, ExportChosenFieldsOfWhatIsLeft) {
  ASSERT_EQ(RunSegue(folder_, {"delete", "albums", "2", "--key"}).exit_code, 0);
  EXPECT_EQ(OutOf({"export", "albums", "--fields", "year,id"}),
            "{\"year\":1959,\"id\":\"1\"}\n{\"year\":1965,\"id\":\"3\"}\n"
            "{\"year\":1961,\"id\":\"4\"}\n");
  ExpectRefused({"export", "albums", "--fields", "titel"},
                "segue: error: no field \"titel\"; did you mean title?");
}

TEST_F(LookTest, SearchRefusesFlagsThatDoNotGoTogether) {
  ExpectRefused({"search", "albums", "blue", "--trec-run", "x"},
                "segue: error: --trec-run needs --queries FILE with lines of number, tab, query");
  ExpectRefused({"search", "albums", "blue", "--count", "-5"},
                "segue: error: --count takes exact, none or a number, not \"-5\"");
  ExpectRefused({"search", "albums", "blue", "--fields", "titel"},
                "segue: error: no field \"titel\"; did you mean title?");
}

TEST_F(LookTest, DryRunsOfDeletionsByKey) {
  EXPECT_EQ(OutOf({"delete", "albums", "1", "9", "4", "--key", "--dry-run"}),
            "albums: would delete 2 documents, 2 left\n");
  EXPECT_EQ(OutOf({"search", "albums", "*:*", "--count", "exact", "-k", "0"}).substr(0, 19),
            "0 of 4 documents in");
}

TEST_F(LookTest, VerifyWithoutStoredValues) {
  const JsonValue whole = ParseOrDie(OutOf({"verify", "albums", "--json"}));
  const JsonValue less = ParseOrDie(OutOf({"verify", "albums", "--no-stored", "--json"}));
  EXPECT_GT(At(whole, "fields_compared").int64_value(), 0);
  EXPECT_EQ(At(less, "fields_compared").int64_value(), 0);
  EXPECT_EQ(At(less, "postings").int64_value(), At(whole, "postings").int64_value());
}

}  // namespace
}  // namespace segue

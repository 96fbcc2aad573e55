// SPDX-License-Identifier: Apache-2.0
//
// segue search, explain, inspect, export, analyze: what they print.
#include <gtest/gtest.h>

#include <bit>
#include <cstdlib>
#include <set>

#include "segue/index.h"
#include "segue/query_parser.h"
#include "tests/tools/process.h"

namespace segue {
namespace {

class SearchTest : public ::testing::Test {
 protected:
  void SetUp() override { MakeAlbums(folder_); }
  Ran Search(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"search", "albums"});
    return RunSegue(folder_, arguments);
  }
  TempFolder folder_;
};

TEST_F(SearchTest, InstantTakesWhatIsTypedSoFar) {
  const auto hits = [this](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"search", "albums", "--instant", "--json"});
    return RunSegue(folder_, arguments).out;
  };
  EXPECT_NE(hits({"tra"}).find("\"total\":{\"value\":1"), std::string::npos);
  EXPECT_NE(hits({"blue nothing"}).find("\"total\":{\"value\":2"), std::string::npos);
  EXPECT_NE(hits({"suprene"}).find("\"total\":{\"value\":1"), std::string::npos);
  EXPECT_EQ(RunSegue(folder_, {"search", "albums", "--instant", "--queries", "x"}).exit_code, 1);
}

TEST_F(SearchTest, WordsThatNoDocumentHas) {
  const Ran people = Search({"blue trian"});
  EXPECT_EQ(people.exit_code, 0);
  EXPECT_NE(people.err.find("no document has trian; did you mean train?"), people.err.npos)
      << people.err;
  EXPECT_NE(people.out.find("2 of 2 documents"), std::string::npos) << people.out;
  EXPECT_NE(Search({"nothing"}).err.find("no document has nothing\n"), std::string::npos);
  EXPECT_EQ(Search({"blue train"}).err, "");

  const JsonValue line = ParseOrDie(Search({"+blue +trian", "--json"}).out);
  ASSERT_EQ(At(line, "suggestions").elements().size(), 1u);
  const JsonValue word = At(line, "suggestions").elements()[0];
  EXPECT_EQ(At(word, "word").string_value(), "trian");
  EXPECT_EQ(At(word, "begin").int64_value(), 7);
  EXPECT_EQ(At(word, "end").int64_value(), 12);
  ASSERT_EQ(At(word, "terms").elements().size(), 1u);
  const JsonValue term = At(word, "terms").elements()[0];
  EXPECT_EQ(At(term, "term").string_value(), "train");
  EXPECT_EQ(At(term, "edits").int64_value(), 1);
  EXPECT_EQ(At(term, "doc_freq").int64_value(), 1);
  EXPECT_EQ(Search({"blue", "--json"}).out.find("suggestions"), std::string::npos);

  folder_.Write("queries.txt", "trian\n");
  const Ran lines = RunSegue(folder_, {"search", "albums", "--queries", "queries.txt"});
  EXPECT_EQ(At(ParseOrDie(lines.out), "suggestions").elements().size(), 1u);
}

TEST_F(SearchTest, DocumentsLikeOne) {
  const auto run = [this](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"search", "albums", "--json"});
    return RunSegue(folder_, arguments);
  };
  const JsonValue line = ParseOrDie(run({"--like", "1"}).out);
  EXPECT_EQ(At(line, "query").string_value(), "1");
  ASSERT_EQ(At(line, "hits").elements().size(), 1u);  // not itself
  EXPECT_EQ(At(At(line, "hits").elements()[0], "key").string_value(), "2");
  EXPECT_NE(run({"--like", "1", "--explain", "1"}).out.find("blue"), std::string::npos);
  const Ran unknown = run({"--like", "none"});
  EXPECT_EQ(unknown.exit_code, 1);
  EXPECT_NE(unknown.err.find("no document has the key"), std::string::npos);
  EXPECT_EQ(run({"blue", "--like", "1"}).exit_code, 1);
  EXPECT_EQ(run({"--like", "1", "--instant"}).exit_code, 1);
}

TEST_F(SearchTest, OneJsonLineWithTheLibrarysOwnScores) {
  const Ran ran = Search({"blue -train", "-k", "20", "--count", "exact", "--json"});
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_EQ(std::count(ran.out.begin(), ran.out.end(), '\n'), 1);
  const JsonValue line = ParseOrDie(ran.out);
  EXPECT_EQ(At(line, "query").string_value(), "blue -train");
  EXPECT_EQ(At(line, "total.value").int64_value(), 1);
  EXPECT_EQ(At(line, "total.relation").string_value(), "eq");
  EXPECT_TRUE(At(line, "took_us").is_int64());
  ASSERT_EQ(At(line, "hits").elements().size(), 1u);
  const JsonValue hit = At(line, "hits").elements()[0];
  EXPECT_EQ(At(hit, "key").string_value(), "1");

  // Digits that read back to the very float.
  const absl::StatusOr<Index> index = Index::Open(folder_.File("albums"));
  ASSERT_TRUE(index.ok());
  const auto result = (*index->OpenSnapshot())->Search(ParseQuery("blue -train").query);
  ASSERT_TRUE(result.ok());
  const float printed = std::strtof(ran.out.c_str() + ran.out.find("\"score\":") + 8, nullptr);
  EXPECT_EQ(std::bit_cast<uint32_t>(printed), std::bit_cast<uint32_t>(result->hits[0].score));
}

TEST_F(SearchTest, Counts) {
  EXPECT_TRUE(At(ParseOrDie(Search({"blue", "--count", "none", "--json"}).out), "total").is_null());
  const JsonValue some = ParseOrDie(Search({"blue", "--count", "1", "--json"}).out);
  EXPECT_GE(At(some, "total.value").int64_value(), 1);
  EXPECT_EQ(Search({"blue", "--count", "many"}).exit_code, 1);
}

TEST_F(SearchTest, FieldsForPeopleAndPrograms) {
  const JsonValue line = ParseOrDie(Search({"supreme", "--fields", "year,title", "--json"}).out);
  const JsonValue fields = At(At(line, "hits").elements()[0], "fields");
  EXPECT_EQ(At(fields, "year").int64_value(), 1965);
  EXPECT_EQ(fields.members().size(), 2u);
  const JsonValue twice = ParseOrDie(Search({"supreme", "--fields", "year,year", "--json"}).out);
  EXPECT_EQ(At(At(twice, "hits").elements()[0], "fields.year").int64_value(), 1965);
  const Ran people = Search({"supreme", "--fields", "*"});
  EXPECT_NE(people.out.find("year: 1965"), std::string::npos) << people.out;
  EXPECT_NE(people.out.find("1 of 1 document"), std::string::npos) << people.out;
  const Ran wrong = Search({"supreme", "--fields", "yaer"});
  EXPECT_EQ(wrong.exit_code, 1);
  EXPECT_NE(wrong.err.find("did you mean year?"), std::string::npos) << wrong.err;
}

TEST_F(SearchTest, NoColourWithoutATerminal) {
  EXPECT_EQ(Search({"blue"}).out.find('\033'), std::string::npos);
}

TEST_F(SearchTest, QueryTextIsReadAsTheFlagsSay) {
  EXPECT_EQ(
      At(ParseOrDie(Search({"blue -train", "--text", "--json"}).out), "total.value").int64_value(),
      2);
  EXPECT_EQ(
      At(ParseOrDie(Search({"blue train", "--all", "--json"}).out), "total.value").int64_value(),
      1);
  const Ran lenient = Search({"(blue"});
  EXPECT_EQ(lenient.exit_code, 0);
  EXPECT_NE(lenient.err.find("warning"), std::string::npos);
  const Ran strict = Search({"(blue", "--strict"});
  EXPECT_EQ(strict.exit_code, 1);
  EXPECT_TRUE(strict.out.empty());
  const JsonValue json = ParseOrDie(Search({"(blue", "--json"}).out);
  EXPECT_EQ(At(json, "diagnostics").elements().size(), 1u);
  // A query that looks like a flag.
  EXPECT_EQ(RunSegue(folder_, {"search", "albums", "--", "-train +blue"}).exit_code, 0);
  EXPECT_NE(Search({"-train +blue"}).err.find("-- before a query"), std::string::npos);
}

TEST_F(SearchTest, QueryFilesAndTrecRuns) {
  folder_.Write("queries.txt", "blue\n\n\"love supreme\"\n+blue +nothing\n");
  const Ran lines = RunSegue(folder_, {"search", "albums", "--queries", "queries.txt"});
  ASSERT_EQ(lines.exit_code, 0) << lines.err;
  EXPECT_EQ(std::count(lines.out.begin(), lines.out.end(), '\n'), 3);

  folder_.Write("topics.tsv", "7\tblue -train\n12\tlove (\n");
  const Ran run = RunSegue(
      folder_, {"search", "albums", "--queries", "topics.tsv", "--trec-run", "mine", "-k", "5"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  // Every character is text: -train asks for documents with train.
  EXPECT_EQ(run.out.rfind("7 Q0 2 1 ", 0), 0u) << run.out;
  EXPECT_NE(run.out.find("\n7 Q0 1 2 "), std::string::npos) << run.out;
  EXPECT_NE(run.out.find("\n12 Q0 3 1 "), std::string::npos) << run.out;
  EXPECT_EQ(run.out.substr(run.out.size() - 6), " mine\n");

  folder_.Write("bad.tsv", "7\tblue\nno tab here\n");
  const Ran bad =
      RunSegue(folder_, {"search", "albums", "--queries", "bad.tsv", "--trec-run", "t"});
  EXPECT_EQ(bad.exit_code, 1);
  EXPECT_NE(bad.err.find("bad.tsv:2"), std::string::npos) << bad.err;
}

TEST_F(SearchTest, ExplainEqualsTheScore) {
  const JsonValue line = ParseOrDie(Search({"blue", "--json"}).out);
  const JsonValue hit = At(line, "hits").elements()[0];
  const std::string doc = std::to_string(At(hit, "doc").int64_value());
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"search", "albums", "blue", "--explain", doc, "--json"},
        std::vector<std::string>{"explain", "albums", "blue", doc, "--json"},
        std::vector<std::string>{"explain", "albums", "blue",
                                 std::string(At(hit, "key").string_value()), "--key", "--json"}}) {
    const Ran ran = RunSegue(folder_, arguments);
    ASSERT_EQ(ran.exit_code, 0) << ran.err;
    EXPECT_EQ(At(ParseOrDie(ran.out), "value").double_value(), At(hit, "score").double_value());
  }
  EXPECT_EQ(RunSegue(folder_, {"explain", "albums", "blue", "99"}).exit_code, 1);
  EXPECT_EQ(RunSegue(folder_, {"explain", "albums", "blue", "x", "--key"}).exit_code, 1);
}

TEST_F(SearchTest, PatternsAndFuzzyWords) {
  const auto total = [this](const std::string& query) {
    return At(At(ParseOrDie(Search({query, "--json"}).out), "total"), "value").int64_value();
  };
  EXPECT_GT(total("title:blue"), 0);
  EXPECT_EQ(total("title:blu*"), total("title:blue"));
  EXPECT_EQ(total("title:b?ue"), total("title:blue"));
  EXPECT_EQ(total("title:bluu~1"), total("title:blue"));
  EXPECT_EQ(total("title:/bl(ue|ah)/"), total("title:blue"));
  EXPECT_EQ(total("title:[blue TO blue]"), total("title:blue"));
  EXPECT_EQ(RunSegue(folder_, {"search", "albums", "--strict", "/[a/"}).exit_code, 1);
}

// Each term is in one band: they sum up to the field.
TEST_F(SearchTest, InspectShowsSpaceByFrequency) {
  const JsonValue whole =
      ParseOrDie(RunSegue(folder_, {"inspect", "albums", "--space", "--json"}).out);
  size_t bands = 0;
  for (const JsonValue& field : At(whole, "fields").elements()) {
    for (const char* sum : {"terms", "postings", "postings_bytes", "positions_bytes"}) {
      int64_t total = 0;
      for (const JsonValue& band : At(field, "bands").elements()) {
        total += At(band, sum).int64_value();
        EXPECT_LE(At(band, "postings").int64_value(),
                  At(band, "terms").int64_value() * At(band, "most_documents").int64_value());
        EXPECT_GE(At(band, "postings").int64_value() * 8,
                  At(band, "terms").int64_value() * At(band, "most_documents").int64_value());
        ++bands;
      }
      EXPECT_EQ(total, At(field, sum).int64_value()) << sum;
    }
  }
  EXPECT_GT(bands, 4u);
  const std::string text = RunSegue(folder_, {"inspect", "albums", "--space"}).out;
  EXPECT_NE(text.find("to 8"), std::string::npos) << text;
}

TEST_F(SearchTest, InspectShowsWhatIsThere) {
  const JsonValue whole = ParseOrDie(RunSegue(folder_, {"inspect", "albums", "--json"}).out);
  EXPECT_EQ(At(whole, "documents").int64_value(), 4);
  EXPECT_EQ(At(whole, "segments").elements().size(), 1u);
  std::set<std::string> fields;
  for (const JsonValue& field : At(whole, "fields").elements()) {
    fields.emplace(At(field, "name").string_value());
  }
  EXPECT_EQ(fields, (std::set<std::string>{"artist", "id", "title", "year"}));

  const JsonValue postings = ParseOrDie(
      RunSegue(folder_, {"inspect", "albums", "--postings", "title:blue", "--json"}).out);
  ASSERT_EQ(At(postings, "postings").elements().size(), 2u);
  EXPECT_EQ(At(At(postings, "postings").elements()[0], "positions").elements()[0].int64_value(), 2);
  EXPECT_EQ(RunSegue(folder_, {"inspect", "albums", "--term", "title:blue"}).exit_code, 0);
  EXPECT_EQ(RunSegue(folder_, {"inspect", "albums", "--term", "title:nothing"}).exit_code, 1);
  EXPECT_EQ(RunSegue(folder_, {"inspect", "albums", "--term", "nofield:x"}).exit_code, 1);
  EXPECT_EQ(RunSegue(folder_, {"inspect", "albums", "--term", "blue"}).exit_code, 1);
  const JsonValue query = ParseOrDie(
      RunSegue(folder_, {"inspect", "albums", "--query", "\"kind of blue\"", "--json"}).out);
  EXPECT_EQ(At(query, "phrase_candidates").int64_value(), 1);
}

TEST_F(SearchTest, ExportIsInputAgain) {
  const Ran exported = RunSegue(folder_, {"export", "albums"});
  ASSERT_EQ(exported.exit_code, 0);
  EXPECT_NE(exported.out.find("青い列車"), std::string::npos);
  EXPECT_EQ(RunSegue(folder_, {"index", "copy", "-"}, exported.out).exit_code, 0);
  EXPECT_EQ(RunSegue(folder_, {"export", "copy"}).out, exported.out);
  EXPECT_EQ(RunSegue(folder_, {"export", "albums", "--schema"}).out,
            RunSegue(folder_, {"export", "copy", "--schema"}).out);
}

TEST_F(SearchTest, AnalyzeShowsTokens) {
  const JsonValue tokens = ParseOrDie(
      RunSegue(folder_, {"analyze", "The Foxes' dens", "--analyzer", "english", "--json"}).out);
  ASSERT_EQ(At(tokens, "tokens").elements().size(), 2u);
  EXPECT_EQ(At(At(tokens, "tokens").elements()[0], "term").string_value(), "fox");
  EXPECT_EQ(At(At(tokens, "tokens").elements()[0], "position").int64_value(), 1);
  const JsonValue stages = ParseOrDie(
      RunSegue(folder_, {"analyze", "The foxes", "-a",
                         R"({"char_filters":["nfkc"],"tokenizer":"standard","filters":["stop"]})",
                         "--stages", "--json"})
          .out);
  ASSERT_EQ(At(stages, "stages").elements().size(), 3u);
  EXPECT_EQ(At(At(stages, "stages").elements()[0], "text").string_value(), "The foxes");
  EXPECT_EQ(At(At(stages, "stages").elements()[1], "tokens").elements().size(), 2u);
  const std::string shown =
      RunSegue(folder_, {"analyze", "the foxes", "-a", "english", "--stages"}).out;
  EXPECT_NE(shown.find("{\"type\":\"porter\"}"), std::string::npos) << shown;
  EXPECT_NE(shown.find("foxes"), std::string::npos) << shown;
  EXPECT_EQ(RunSegue(folder_, {"analyze", "x", "--analyzer", "englisch"}).exit_code, 1);
  EXPECT_EQ(RunSegue(folder_, {"analyze", "x", "--index", "albums", "--field", "title"}).exit_code,
            0);
}

}  // namespace
}  // namespace segue

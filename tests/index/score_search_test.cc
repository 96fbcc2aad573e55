// SPDX-License-Identifier: Apache-2.0
//
// Numbers in scores, in an index: what users see of them beyond hits and scores, which tests/oracle
// compares.
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "engine/base/check.h"
#include "engine/io/memory_env.h"
#include "segue/index.h"
#include "segue/query.h"
#include "segue/query_parser.h"

namespace segue {
namespace {

constexpr int kDocuments = 20000;

class ScoreSearchTest : public ::testing::Test {
 protected:
  ScoreSearchTest() {
    const Schema schema = *Schema::FromJson(
        R"({"default":["text"],"fields":{"text":{"type":"text"},"plays":{"type":"int64"},
            "added":{"type":"timestamp"}}})");
    auto index = Index::Create("index", schema, {.env = env_.get()});
    auto writer = *index->OpenWriter();
    for (int i = 0; i < kDocuments; ++i) {
      Document document;
      document.Add("text", i % 3 == 0 ? "jazz live" : "jazz");
      // The first of a hundred stretches has by far the most.
      if (i % 7 != 0) document.Add("plays", int64_t{i < 200 ? 5000 + i : i % 100});
      document.Add("added", int64_t{i} * 86400000000);
      EXPECT_TRUE(writer->Add(document).ok());
    }
    EXPECT_TRUE(writer->Commit().ok());
    snapshot_ = *index->OpenSnapshot();
  }

  SearchResult Search(std::string_view text, const SearchOptions& options) {
    absl::StatusOr<SearchResult> result = snapshot_->Search(ParseQuery(text).query, options);
    EXPECT_TRUE(result.ok()) << text << ": " << result.status();
    return *std::move(result);
  }

  std::unique_ptr<Env> env_ = NewMemoryEnv();
  std::shared_ptr<const Snapshot> snapshot_;
};

TEST_F(ScoreSearchTest, BlocksWithoutGreatNumbersAreNotScored) {
  for (const char* text :
       {"jazz^log1p(plays)", "jazz^saturation(plays, pivot=10, combine=add)",
        "jazz^gauss(added, origin=1970-02-01, scale=20d)", "*:*^value(plays, combine=replace)",
        "(jazz NOT^0.5 live)^value(plays)", "jazz^value(plays)^log1p(plays, bias=1)"}) {
    const SearchResult pruned = Search(text, {.k = 10, .count = CountMode::kNone});
    const SearchResult exhaustive =
        Search(text, {.k = 10, .count = CountMode::kNone, .exhaustive = true});
    EXPECT_EQ(pruned.hits, exhaustive.hits) << text;
    // With checks each scorer is watched by one that asks for more.
    if (SEGUE_CHECKS_ON == 0) {
      EXPECT_LE(pruned.counters.documents_scored, kDocuments / 4u) << text;
    }
  }
}

TEST_F(ScoreSearchTest, ExplanationsShowTheFunction) {
  const SearchResult result = Search("(jazz NOT^0.5 live)^log1p(plays)^2", {.k = 1});
  ASSERT_EQ(result.hits.size(), 1u);
  const auto why = snapshot_->Explain(ParseQuery("(jazz NOT^0.5 live)^log1p(plays)^2").query,
                                      result.hits[0].doc);
  ASSERT_TRUE(why.ok()) << why.status();
  EXPECT_EQ(why->value, result.hits[0].score);
  const std::string text = why->ToText();
  for (const char* part : {"multiply the score and the function, times 2", "log1p(plays)",
                           "the score as it is, because:", "no matching term: text:live"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << " in\n" << text;
  }
  const auto without = snapshot_->Explain(ParseQuery("jazz^log1p(plays)").query, 0);
  ASSERT_TRUE(without.ok()) << without.status();
  EXPECT_NE(without->ToText().find("the document has no value"), std::string::npos);
}

TEST_F(ScoreSearchTest, FunctionsOverForeignFieldsAreLeftOutWithAMessage) {
  const SearchResult result = Search("jazz^log1p(text)", {.k = 3});
  EXPECT_EQ(result.hits, Search("jazz", {.k = 3}).hits);
  ASSERT_EQ(result.diagnostics.size(), 1u);
  EXPECT_NE(result.diagnostics[0].message.find("has no numbers"), std::string::npos);
}

TEST_F(ScoreSearchTest, DeletionByQueryTakesNoGuess) {
  auto index = Index::Open("index", {.env = env_.get()});
  auto writer = *index->OpenWriter();
  EXPECT_FALSE(writer->DeleteByQuery(ParseQuery("jazz^log1p(text)").query).ok());
  EXPECT_EQ(*writer->DeleteByQuery(ParseQuery("live^log1p(plays)").query), kDocuments / 3 + 1u);
}

}  // namespace
}  // namespace segue

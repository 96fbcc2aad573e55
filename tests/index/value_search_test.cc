// SPDX-License-Identifier: Apache-2.0
//
// Ranges and sets of values, existence and keys in an index, as users write them. Hits and scores
// over random documents are compared in tests/oracle.
#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/io/memory_env.h"
#include "segue/index.h"
#include "segue/query.h"
#include "segue/query_parser.h"
#include "segue/status.h"

namespace segue {
namespace {

class ValueSearchTest : public ::testing::Test {
 protected:
  ValueSearchTest() {
    const Schema schema = *Schema::FromJson(R"({"key":"id","default":["title"],"fields":{
        "id":{"type":"keyword"},"title":{"type":"text","analyzer":"english"},
        "format":{"type":"keyword","multi":true},"year":{"type":"int64"},
        "price":{"type":"float64","multi":true},"live":{"type":"bool"},
        "added":{"type":"timestamp"}}})");
    const Index index = *Index::Create("albums", schema, {.env = env_.get()});
    auto writer = *index.OpenWriter({.auto_merge = false});
    for (const char* json : {
             R"({"id":"kob","title":"Kind of Blue","year":1959,"price":[9.5,30],"live":false,
                 "format":["lp","cd"],"added":"2024-02-29T13:45:00Z"})",
             R"({"id":"bt","title":"Blue Train","year":1958,"price":12,"format":"lp",
                 "added":"2024-03-01"})",
             R"({"id":"lv","title":"Live at the Village","year":1961,"live":true})",
             R"({"id":"x","title":"the"})",
         }) {
      EXPECT_TRUE(writer->Add(*Document::FromJson(json, schema)).ok());
      EXPECT_TRUE(writer->Commit().ok());
    }
    snapshot_ = *index.OpenSnapshot();
  }

  std::string Keys(const Query& query) {
    const absl::StatusOr<SearchResult> result = snapshot_->Search(query);
    EXPECT_TRUE(result.ok()) << result.status();
    std::string keys;
    for (const Hit& hit : result->hits) {
      EXPECT_EQ(hit.score, 1.0f);
      keys += *snapshot_->Key(hit.doc) + " ";
    }
    return keys;
  }
  std::string Found(std::string_view text) { return Keys(ParseQuery(text).query); }

  std::unique_ptr<Env> env_ = NewMemoryEnv();
  std::shared_ptr<const Snapshot> snapshot_;
};

TEST_F(ValueSearchTest, Ranges) {
  EXPECT_EQ(Found("year:[1958 TO 1960]"), "kob bt ");
  EXPECT_EQ(Found("year:{1958 TO 1961}"), "kob ");
  EXPECT_EQ(Found("year:>1958.5"), "kob lv ");
  EXPECT_EQ(Found("year:<=1958"), "bt ");
  EXPECT_EQ(Found("price:[10 TO 13]"), "bt ");
  EXPECT_EQ(Found("price:>=30"), "kob ");
  EXPECT_EQ(Found("live:>=false"), "kob lv ");
  EXPECT_EQ(Found("added:<2024-03-01"), "kob ");
  EXPECT_EQ(Found("added:[2024-02-29 TO 2024-03-01]"), "kob bt ");
  EXPECT_EQ(Found("format:[d TO *]"), "kob bt ");
  EXPECT_EQ(Found("year:[1961 TO 1958]"), "");
}

TEST_F(ValueSearchTest, Sets) {
  EXPECT_EQ(Found("year:IN [1961 1958 7]"), "bt lv ");
  EXPECT_EQ(Found("price:IN [30 12.0]"), "kob bt ");
  EXPECT_EQ(Found("format:IN [cd tape]"), "kob ");
  EXPECT_EQ(Found("title:IN [trains lives]"), "bt lv ");
  EXPECT_EQ(Found("id:IN [x kob]"), "kob x ");
  EXPECT_EQ(Keys(Query::Ids({"x", "kob", "none"})), "kob x ");
}

TEST_F(ValueSearchTest, Existence) {
  EXPECT_EQ(Found("year:*"), "kob bt lv ");
  EXPECT_EQ(Found("price:*"), "kob bt ");
  EXPECT_EQ(Found("format:*"), "kob bt ");
  EXPECT_EQ(Found("title:*"), "kob bt lv ");  // no stop words
  EXPECT_EQ(Found("*:* -year:*"), "x ");
}

TEST_F(ValueSearchTest, TheyExplainThemselves) {
  const auto explained = [&](std::string_view text, uint64_t doc) {
    const absl::StatusOr<Explanation> why = snapshot_->Explain(ParseQuery(text).query, doc);
    EXPECT_TRUE(why.ok()) << why.status();
    return why->ToText();
  };
  EXPECT_NE(
      explained("year:[1958 TO 1960]", 0).find("year:[1958 TO 1960], a value of the document"),
      std::string::npos);
  EXPECT_NE(explained("year:[1958 TO 1960]", 2).find("no value of the document is in"),
            std::string::npos);
  EXPECT_NE(explained("format:IN [lp cd]", 0).find("format:IN [cd lp]"), std::string::npos);
  EXPECT_NE(explained("title:*", 3).find("title:*"), std::string::npos);
  // Values have no places; words of a set have.
  EXPECT_TRUE(snapshot_->Matches(ParseQuery("year:1959 format:IN [cd]").query, 0)->empty());
  EXPECT_EQ(*snapshot_->Matches(ParseQuery("title:IN [trains]").query, 1),
            (std::vector<MatchSpan>{{"title", "title:train", 1, 2}}));
}

// Enough documents with several values for narrow ranges to come from an order by value, before and
// after documents are deleted.
TEST_F(ValueSearchTest, NarrowRangesOverSeveralValues) {
  constexpr int64_t kDocs = 200000, kSpan = 1000003;
  const auto value = [](int64_t doc, int64_t i) { return (doc * 7919 + i * i * 104729) % kSpan; };
  const Schema schema = *Schema::FromJson(
      R"({"key":"id","fields":{"id":{"type":"keyword"},"n":{"type":"int64","multi":true}}})");
  const Index index = *Index::Create("many", schema, {.env = env_.get()});
  auto writer = *index.OpenWriter();
  for (int64_t doc = 0; doc < kDocs; ++doc) {
    Document document;
    document.Add("id", std::to_string(doc));
    for (int64_t i = 0; i <= doc % 3; ++i) document.Add("n", value(doc, i));
    ASSERT_TRUE(writer->Add(document).ok());
  }
  ASSERT_TRUE(writer->Commit().ok());
  for (const bool deleted : {false, true}) {
    if (deleted) {
      for (int64_t doc = 0; doc < kDocs; doc += 97) {
        ASSERT_TRUE(*writer->Delete(std::to_string(doc)));
      }
      ASSERT_TRUE(writer->Commit().ok());
    }
    snapshot_ = *index.OpenSnapshot();
    for (const auto& [low, high] : {std::pair<int64_t, int64_t>{500, 999},
                                    {7919, 7919},
                                    {999000, INT64_MAX},
                                    {INT64_MIN, 1200},
                                    {400000, 440000},
                                    {2000000, 3000000}}) {
      std::string expected;
      uint64_t count = 0;
      for (int64_t doc = 0; doc < kDocs; ++doc) {
        bool any = false;
        for (int64_t i = 0; i <= doc % 3; ++i) any |= low <= value(doc, i) && value(doc, i) <= high;
        if (!any || (deleted && doc % 97 == 0)) continue;
        if (count++ < 10) expected += std::to_string(doc) + " ";
      }
      const Query query = Query::Range("n", {.from = low, .to = high});
      EXPECT_EQ(Keys(query), expected) << low << " to " << high;
      EXPECT_EQ(snapshot_->Search(query, {.k = 0})->total->value, count) << low << " to " << high;
    }
  }
}

// 60,000 keys of which few are there.
TEST_F(ValueSearchTest, LargeSets) {
  std::vector<std::string> keys;
  for (int i = 0; i < 60000; ++i) keys.push_back("key" + std::to_string(i));
  keys.push_back("bt");
  EXPECT_EQ(Keys(Query::Ids(keys)), "bt ");
  std::vector<Value> years;
  for (int64_t i = 0; i < 60000; ++i) years.emplace_back(2 * i);
  EXPECT_EQ(Keys(Query::In("year", years)), "bt ");
}

}  // namespace
}  // namespace segue

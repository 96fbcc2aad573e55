// SPDX-License-Identifier: Apache-2.0
//
// Points in an index, as users write and find them. Hits over random points are compared in
// tests/oracle, with Lucene's in tests/parity.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/strings.h"
#include "engine/io/memory_env.h"
#include "segue/index.h"
#include "segue/query.h"
#include "segue/query_parser.h"
#include "segue/status.h"
#include "tests/oracle/oracle_geo.h"
#include "tests/support/seeded_random.h"

namespace segue {
namespace {

class GeoSearchTest : public ::testing::Test {
 protected:
  GeoSearchTest()
      : schema_(*Schema::FromJson(R"({"key":"id","default":["name"],"fields":{
            "id":{"type":"keyword"},"name":{"type":"text"},
            "place":{"type":"geo_point","stored":true,"multi":true},
            "words":{"type":"keyword","from":["place"],"join":" "}}})")),
        index_(*Index::Create("places", schema_, {.env = env_.get()})) {
    auto writer = *index_.OpenWriter({.auto_merge = false});
    for (const char* json : {
             R"({"id":"muc","name":"munich","place":{"lat":48.1372,"lon":11.5755}})",
             R"({"id":"dah","name":"dachau","place":"48.26, 11.434"})",
             R"({"id":"both","name":"munich dachau","place":["48.1372,11.5755","48.26,11.434"]})",
             R"({"id":"fiji","name":"suva and taveuni","place":["-18.14,178.44","-16.8,-179.97"]})",
             R"({"id":"pole","name":"pole","place":{"lon":0,"lat":-90}})",
             R"({"id":"no","name":"nowhere"})",
         }) {
      const absl::StatusOr<Document> document = Document::FromJson(json, schema_);
      EXPECT_TRUE(document.ok()) << document.status();
      EXPECT_TRUE(writer->Add(*document).ok());
      EXPECT_TRUE(writer->Commit().ok());
    }
    snapshot_ = *index_.OpenSnapshot();
  }

  std::string Found(std::string_view text) {
    const absl::StatusOr<SearchResult> result = snapshot_->Search(ParseQuery(text).query);
    EXPECT_TRUE(result.ok()) << result.status();
    EXPECT_TRUE(result->diagnostics.empty()) << result->diagnostics[0].message;
    std::string keys;
    for (const Hit& hit : result->hits) {
      EXPECT_EQ(hit.score, 1.0f);
      keys += *snapshot_->Key(hit.doc) + " ";
    }
    return keys;
  }

  std::unique_ptr<Env> env_ = NewMemoryEnv();
  Schema schema_;
  Index index_;
  std::shared_ptr<const Snapshot> snapshot_;
};

TEST_F(GeoSearchTest, Boxes) {
  EXPECT_EQ(Found("place:BOX(48, 11.5, 48.2, 11.6)"), "muc both ");
  EXPECT_EQ(Found("place:BOX(48, 11, 49, 12)"), "muc dah both ");
  EXPECT_EQ(Found("place:BOX(-20, 178, -15, -179)"), "fiji ");
  EXPECT_EQ(Found("place:BOX(-20, 179, -15, 180)"), "");
  EXPECT_EQ(Found("place:BOX(-90, -180, -90, 180)"), "pole ");
  EXPECT_EQ(Found("place:BOX(-90, -180, 90, 180)"), "muc dah both fiji pole ");
  EXPECT_EQ(Found("pl*:BOX(-90, -180, 0, 180)"), "fiji pole ");
  EXPECT_EQ(Found("place:*"), "muc dah both fiji pole ");
}

TEST_F(GeoSearchTest, Circles) {
  EXPECT_EQ(Found("place:AROUND(48.14, 11.58, 1km)"), "muc both ");
  EXPECT_EQ(Found("place:AROUND(48.14, 11.58, 300)"), "");
  EXPECT_EQ(Found("place:AROUND(48.14, 11.58, 20km)"), "muc dah both ");
  EXPECT_EQ(Found("place:AROUND(48.14, 11.58, 10mi)"), "muc both ");
  EXPECT_EQ(Found("place:AROUND(-17, 180, 50km)"), "fiji ");
  EXPECT_EQ(Found("place:AROUND(-89.99, 123, 2km)"), "pole ");
  EXPECT_EQ(Found("place:AROUND(0, 0, 20016km)"), "muc dah both fiji pole ");
}

TEST_F(GeoSearchTest, TheyExplainThemselves) {
  const Query around = ParseQuery("place:AROUND(48.14, 11.58, 1km)").query;
  const absl::StatusOr<Explanation> both = snapshot_->Explain(around, 2);
  ASSERT_TRUE(both.ok()) << both.status();
  EXPECT_EQ(both->ToText(),
            "1 = place:AROUND(48.14, 11.58, 1000m), a value of the document, with a constant "
            "score\n"
            "  1 = the point 48.1372000,11.5755000, 456.55 m away\n"
            "  no match: the point 48.2600000,11.4340000, 17179.53 m away\n");
  const absl::StatusOr<Explanation> fiji = snapshot_->Explain(around, 3);
  ASSERT_TRUE(fiji.ok()) << fiji.status();
  EXPECT_FALSE(fiji->match);
  EXPECT_EQ(fiji->description, "no value of the document is in place:AROUND(48.14, 11.58, 1000m)");
  ASSERT_EQ(fiji->details.size(), 2u);
  const auto box = snapshot_->Explain(ParseQuery("place:BOX(48, 11, 49, 12)").query, 0);
  ASSERT_TRUE(box.ok()) << box.status();
  ASSERT_EQ(box->details.size(), 1u);
  EXPECT_EQ(box->details[0].description, "the point 48.1372000,11.5755000");
  EXPECT_TRUE(snapshot_->Explain(around, 5)->details.empty());
}

// What was given, not what the column keeps of it.
TEST_F(GeoSearchTest, StoredPointsComeBack) {
  EXPECT_EQ(snapshot_->Stored(2)->ToJson(schema_),
            R"({"place":[{"lat":48.1372,"lon":11.5755},{"lat":48.26,"lon":11.434}]})");
  EXPECT_EQ(*snapshot_->Stored(4)->Find("place"), Value(GeoPoint{-90, 0}));
}

TEST_F(GeoSearchTest, CopiedToTextTheyAreNumbers) {
  const auto found = snapshot_->Search(Query::Term("words", "48.1372,11.5755 48.26,11.434"));
  ASSERT_TRUE(found.ok()) << found.status();
  ASSERT_EQ(found->hits.size(), 1u);
  EXPECT_EQ(found->hits[0].doc, 2u);
}

TEST_F(GeoSearchTest, WhatIsNoPointIsRefused) {
  auto writer = *index_.OpenWriter();
  const auto refusal = [&](Value value) {
    const absl::Status status =
        writer->Add(Document().Add("id", "x").Add("place", std::move(value)));
    EXPECT_EQ(CodeOf(status), ErrorCode::kInvalidArgument) << status;
    return std::string(status.message());
  };
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  for (const GeoPoint& point : {GeoPoint{90.1, 0}, GeoPoint{0, -180.1}, GeoPoint{kNan, 0},
                                GeoPoint{0, kNan}, GeoPoint{-1e300, 0}}) {
    EXPECT_NE(refusal(point).find("which is no point: latitudes are from -90 to 90"),
              std::string::npos);
  }
  EXPECT_NE(refusal(48.1).find("'place' is of type geo_point and was given a floating"),
            std::string::npos);
  EXPECT_NE(refusal("48.1,11.6").find("was given text"), std::string::npos);
  // And a point is no other value.
  const absl::Status status = writer->Add(Document().Add("id", "x").Add("name", GeoPoint()));
  EXPECT_NE(std::string(status.message()).find("'name' is of type text and was given a point"),
            std::string::npos);
}

TEST_F(GeoSearchTest, PointsHaveNoOrder) {
  auto writer = *index_.OpenWriter();
  const absl::Status status =
      writer->ForceMerge(1, {.order = DocumentOrder::kAscending, .order_field = "place"}).status();
  EXPECT_EQ(CodeOf(status), ErrorCode::kInvalidArgument) << status;
  EXPECT_NE(std::string(status.message()).find("only fields of numbers, timestamps and booleans"),
            std::string::npos);
  const absl::StatusOr<SearchResult> range =
      snapshot_->Search(ParseQuery("place:[\"48,11\" TO \"49,12\"]").query);
  ASSERT_TRUE(range.ok()) << range.status();
  EXPECT_TRUE(range->hits.empty());
  ASSERT_EQ(range->diagnostics.size(), 1u);
  EXPECT_NE(range->diagnostics[0].message.find("ask for BOX(...) or AROUND(...)"),
            std::string::npos);
}

// So many documents that an area is found in an order by value, alone and behind words, and once
// more after a merge of deleted ones.
TEST(GeoOrderTest, NarrowAreasAmongMany) {
  SeededRandom random(90);
  const auto env = NewMemoryEnv();
  const Schema schema = *Schema::FromJson(
      R"({"key":"id","fields":{"id":{"type":"keyword"},"t":{"type":"text"},"g":{"type":"geo_point"}}})");
  const Index index = *Index::Create("places", schema, {.env = env.get()});
  auto writer = *index.OpenWriter({.auto_merge = false});
  std::vector<GeoPoint> points;
  const auto between = [&random](double low, double high) {
    return low + (high - low) * static_cast<double>(random.Below(100001)) / 100000;
  };
  for (uint64_t i = 0; i < 20000; ++i) {
    points.push_back({.latitude = between(47, 49), .longitude = between(10, 13)});
    const absl::Status added = writer->Add(
        Document().Add("id", Cat(i)).Add("t", i % 100 == 0 ? "rare" : "often").Add("g", points[i]));
    ASSERT_TRUE(added.ok()) << added;
  }
  ASSERT_TRUE(writer->ForceMerge(1).ok());
  ASSERT_TRUE(writer->Commit().ok());
  const auto snapshot = *index.OpenSnapshot();
  for (int i = 0; i < 25; ++i) {
    const GeoPoint& center = points[random.Below(points.size())];
    const double size = between(0.001, random.OneIn(2) ? 0.02 : 0.5);
    const Query area =
        random.OneIn(2)
            ? Query::GeoDistance("g", {.center = center, .meters = size * 100000 + 0.25})
            : Query::GeoBox("g", {.south = center.latitude - size,
                                  .west = center.longitude - size,
                                  .north = center.latitude + size,
                                  .east = center.longitude + size});
    std::vector<uint64_t> wanted, rare;
    for (uint64_t doc = 0; doc < points.size(); ++doc) {
      if (!OracleContains(area, points[doc])) continue;
      wanted.push_back(doc);
      if (doc % 100 == 0) rare.push_back(doc);
    }
    const Query behind_word =
        Query::Boolean({{Occur::kMust, Query::Term("t", "rare")}, {Occur::kFilter, area}});
    for (const bool is_alone : {true, false}) {
      const auto found =
          snapshot->Search(is_alone ? area : behind_word, {.k = 10000, .count = CountMode::kExact});
      ASSERT_TRUE(found.ok()) << found.status();
      std::vector<uint64_t> docs;
      for (const Hit& hit : found->hits) docs.push_back(hit.doc);
      std::sort(docs.begin(), docs.end());
      ASSERT_EQ(docs, is_alone ? wanted : rare) << area.ToString();
      ASSERT_EQ(found->total->value, docs.size());
      const auto counted =
          snapshot->Search(is_alone ? area : behind_word, {.k = 0, .count = CountMode::kExact});
      ASSERT_EQ(counted->total->value, docs.size());
    }
  }
}

}  // namespace
}  // namespace segue

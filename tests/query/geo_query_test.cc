// SPDX-License-Identifier: Apache-2.0
//
// Boxes and circles: how they are read, printed, checked and rewritten. What they find is in
// tests/oracle and tests/index.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/strings.h"
#include "segue/query.h"
#include "segue/query_parser.h"
#include "segue/status.h"
#include "tests/query/query_testing.h"
#include "tests/support/seeded_random.h"

namespace segue {
namespace {

const GeoBounds kMunich{.south = 48, .west = 11, .north = 48.25, .east = 11.75};

Query Around(std::string_view field, double meters) {
  return Query::GeoDistance(field,
                            {.center = {.latitude = 48.125, .longitude = 11.5}, .meters = meters});
}

TEST(GeoParserTest, Boxes) {
  ExpectRead("f:BOX(48, 11, 48.25, 11.75)", Query::GeoBox("f", kMunich));
  ExpectRead("f:BOX(48,11,48.25,11.75)", Query::GeoBox("f", kMunich));
  ExpectRead("f:BOX( 48 , 11 ,4825e-2, 11.750 )", Query::GeoBox("f", kMunich));
  ExpectRead("f:BOX(-90, -180, 90, 180)", Query::GeoBox("f", {-90, -180, 90, 180}));
  ExpectRead("f:BOX(-20, 177, -15, -178)", Query::GeoBox("f", {-20, 177, -15, -178}));
  ExpectRead("f:BOX(48, 11, 48.25, 11.75)^2", Query::Boost(Query::GeoBox("f", kMunich), 2));
  ExpectRead("{}:BOX(48, 11, 48.25, 11.75)", Query::GeoBox("", kMunich));
  ExpectRead("{f g^2}:BOX(48, 11, 48.25, 11.75)",
             Query::DisjunctionMax(
                 {Query::GeoBox("f", kMunich), Query::Boost(Query::GeoBox("g", kMunich), 2)}));
  ExpectRead("f*:BOX(48, 11, 48.25, 11.75)", Query::GeoBox("f*", kMunich));
  EXPECT_EQ(ParseQuery("(a -f:BOX(48, 11, 48.25, 11.75))").query,
            Query::Boolean({{Occur::kShould, Query::Text("a")},
                            {Occur::kMustNot, Query::GeoBox("f", kMunich)}}));
}

TEST(GeoParserTest, Circles) {
  ExpectRead("f:AROUND(48.125, 11.5, 5000)", Around("f", 5000));
  ExpectRead("f:AROUND(48.125, 11.5, 5000m)", Around("f", 5000));
  ExpectRead("f:AROUND(48.125, 11.5, 5km)", Around("f", 5000));
  ExpectRead("f:AROUND(48.125,11.5,5 km )", Around("f", 5000));
  ExpectRead("f:AROUND(48.125, 11.5, 2mi)", Around("f", 2 * 1609.344));
  ExpectRead("f:AROUND(48.125, 11.5, 10ft)", Around("f", 10 * 0.3048));
  ExpectRead("f:AROUND(48.125, 11.5, 0)", Around("f", 0));
  ExpectRead("f:AROUND(48.125, 11.5, 1e20km)^0.5", Query::Boost(Around("f", 1e23), 0.5));
}

TEST(GeoParserTest, WhatIsNoneIsText) {
  const std::pair<const char*, const char*> texts[] = {
      {"f:BOX(", "written like BOX("},
      {"f:BOX(1", "written like BOX("},
      {"f:BOX(1, 2, 3)", "written like BOX("},
      {"f:BOX(1, 2, 3, 4, 5)", "written like BOX("},
      {"f:BOX(1, 2, 3, x)", "written like BOX("},
      {"f:BOX(1, 2, 3, 4km)", "written like BOX("},
      {"f:BOX(3, 2, 1, 4)", "the southern one comes first"},
      {"f:BOX(1, 2, 91, 4)", "latitudes are from -90 to 90"},
      {"f:BOX(nan, 2, 3, 4)", "latitudes are from -90 to 90"},
      {"f:BOX(1, 2, 3, 4)x", "a space must follow BOX(...)"},
      {"f:AROUND(", "written like AROUND("},
      {"f:AROUND(1, 2", "written like AROUND("},
      {"f:AROUND(1, 2)", "written like AROUND("},
      {"f:AROUND(1, 2, 3parsec)", "written like AROUND("},
      {"f:AROUND(1, 2, km)", "written like AROUND("},
      {"f:AROUND(1, 2, 3KM)", "written like AROUND("},
      {"f:AROUND(1, 2, 3[)", "written like AROUND("},
      {"f:AROUND(1, 2, 3~)", "written like AROUND("},
      {"f:AROUND(1, 2, -3)", "a distance must be 0 or more"},
      {"f:AROUND(1, 2, 1e308km)", "a distance must be 0 or more"},
      {"f:AROUND(1, 181, 3)", "longitudes from -180 to 180"},
      {"f:AROUND(1, 2, 3)x", "a space must follow AROUND(...)"},
  };
  for (const auto& [text, message] : texts) {
    const ParsedQuery parsed = ParseQuery(text);
    ASSERT_FALSE(parsed.diagnostics.empty()) << text;
    EXPECT_NE(parsed.diagnostics[0].message.find(message), std::string::npos)
        << text << ": " << parsed.diagnostics[0].message;
    EXPECT_TRUE(parsed.query.Validate().ok()) << text;
    EXPECT_EQ(parsed.query.ToString().find("f:BOX("), std::string::npos) << text;
    EXPECT_EQ(parsed.query.ToString().find("f:AROUND("), std::string::npos) << text;
  }
  // In other places they are words, too, and nobody has to be told.
  for (const char* text : {"BOX(1 2)", "f:box(1 2)", "f:BOX", "f:(BOX(1 2))"}) {
    EXPECT_TRUE(ParseQuery(text).diagnostics.empty()) << text;
  }
  EXPECT_EQ(ParseQuery("f:BOX").query, Query::Match("f", "BOX"));
}

TEST(GeoParserTest, WithoutAnEndItTakesLinearTime) {
  std::string text;
  while (text.size() < 65000) text += "f:BOX(1,  2, 3, ";
  EXPECT_GT(ParseQuery(text).query.leaf_count(), 100u);
  EXPECT_GT(ParseQuery("f:BOX(" + std::string(65000, '1')).query.leaf_count(), 0u);
  EXPECT_GT(ParseQuery("f:BOX(" + std::string(65000, ' ')).query.leaf_count(), 0u);
}

TEST(GeoQueryTest, FormsComeBack) {
  SeededRandom random(80);
  for (int i = 0; i < 500; ++i) {
    const auto degrees = [&random](double most) {
      return most * (static_cast<double>(random.U32()) * 0x1p-31 - 1) *
             std::ldexp(1.0, -static_cast<int>(random.Below(40)));
    };
    const double a = degrees(90), b = degrees(90);
    const std::string field = random.OneIn(5) ? "" : random.OneIn(2) ? "f" : "\xfe";
    const Query query =
        random.OneIn(2)
            ? Query::GeoBox(field, {std::min(a, b), degrees(180), std::max(a, b), degrees(180)})
            : Query::GeoDistance(field,
                                 {.center = {a, degrees(180)},
                                  .meters = std::ldexp(std::abs(b) + 1,
                                                       static_cast<int>(random.Below(900)) - 400)});
    ASSERT_TRUE(query.Validate().ok()) << query.Validate();
    const absl::StatusOr<Query> back = Query::FromJson(query.ToJson());
    ASSERT_TRUE(back.ok()) << query.ToJson() << back.status();
    ASSERT_EQ(*back, query) << query.ToJson();
    const ParsedQuery parsed = ParseQuery(query.ToString());
    ASSERT_EQ(parsed.query, query) << query.ToString();
    ASSERT_TRUE(parsed.diagnostics.empty()) << query.ToString();
  }
  EXPECT_FALSE(Around("f", 1) == Around("f", 2));
  EXPECT_FALSE(Query::GeoBox("f", kMunich) == Query::GeoBox("f", {}));
  EXPECT_EQ(Query::All().geo_bounds(), GeoBounds());
  EXPECT_EQ(Query::All().geo_circle(), GeoCircle());
}

void ExpectInvalid(const Query& query, std::string_view message) {
  const absl::Status status = query.Validate();
  EXPECT_EQ(CodeOf(status), ErrorCode::kInvalidArgument) << query.ToString();
  EXPECT_NE(std::string(status.message()).find(message), std::string::npos) << status;
}

TEST(GeoQueryTest, WhatIsNoPlaceIsRefused) {
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  for (const double latitude : {-90.5, 90.5, kNan, kInfinity, -kInfinity}) {
    ExpectInvalid(Query::GeoBox("f", {.south = latitude, .north = 90}), "latitudes are");
    ExpectInvalid(Query::GeoBox("f", {.south = -90, .north = latitude}), "latitudes are");
    ExpectInvalid(Query::GeoDistance("f", {.center = {.latitude = latitude}}), "latitudes are");
  }
  for (const double longitude : {-180.5, 180.5, kNan}) {
    ExpectInvalid(Query::GeoBox("f", {.west = longitude}), "longitudes from");
    ExpectInvalid(Query::GeoBox("f", {.east = longitude}), "longitudes from");
    ExpectInvalid(Query::GeoDistance("f", {.center = {.longitude = longitude}}), "longitudes from");
  }
  for (const double meters : {-1.0, kNan, kInfinity}) {
    ExpectInvalid(Query::GeoDistance("f", {.center = {}, .meters = meters}), "a distance must be");
  }
  ExpectInvalid(Query::GeoBox("f", {.south = 2, .north = 1}), "the southern one comes first");
  const Value point = GeoPoint{.latitude = 1, .longitude = 2};
  ExpectInvalid(Query::Equals("f", point), "a point is no value to compare with");
  ExpectInvalid(Query::In("f", {point}), "a point is no value to compare with");
  ExpectInvalid(Query::Range("f", {.from = point}), "a point is no value to compare with");
}

TEST(GeoQueryTest, JsonSaysWhatIsWrong) {
  const std::pair<const char*, const char*> bad[] = {
      {R"({"kind":"geo_box","south":1,"west":2,"north":3})", "needs a \"east\""},
      {R"({"kind":"geo_box","south":1,"west":2,"north":3,"east":"4"})", "\"east\" must be"},
      {R"({"kind":"geo_box","south":1,"west":2,"north":3,"east":4,"lat":1})", "lat"},
      {R"({"kind":"geo_box","south":1,"west":2,"north":99,"east":4})", "latitudes are from"},
      {R"({"kind":"geo_distance","lat":1,"lon":2})", "needs a \"meters\""},
      {R"({"kind":"geo_distance","lat":1,"lon":2,"metres":3})", "did you mean \"meters\""},
      {R"({"kind":"geo_distance","lat":1,"lon":2,"meters":-3})", "a distance must be"},
      {R"({"kind":"equals","field":"f","value":{"lat":1,"lon":2}})", "\"value\" must be"},
  };
  for (const auto& [json, message] : bad) {
    const absl::Status status = Query::FromJson(json).status();
    EXPECT_EQ(CodeOf(status), ErrorCode::kInvalidArgument) << json;
    EXPECT_NE(std::string(status.message()).find(message), std::string::npos) << status;
  }
}

class GeoRewriteTest : public QueryRewriteTest {
 protected:
  GeoRewriteTest()
      : QueryRewriteTest(
            R"({"fields":{"text":{"type":"text"},"place":{"type":"geo_point"},"n":{"type":"int64"},
                "plaza":{"type":"geo_point"},
                "shops":{"type":"geo_point","multi":true,"boost":2.0},
                "hidden":{"type":"geo_point","indexed":false,"stored":true}}})") {}

  void ExpectNone(const Query& query, std::string_view message) {
    EXPECT_EQ(Rewritten(query), "none()") << query.ToString();
    ASSERT_FALSE(diagnostics_.empty()) << query.ToString();
    EXPECT_NE(diagnostics_[0].message.find(message), std::string::npos) << diagnostics_[0].message;
  }
};

TEST_F(GeoRewriteTest, InFieldsOfPoints) {
  EXPECT_EQ(Rewritten(Around("place", 5)), "place:AROUND(48.125, 11.5, 5m)");
  EXPECT_EQ(Rewritten(Query::GeoBox("shops", kMunich)), "shops:BOX(48, 11, 48.25, 11.75)^2");
  EXPECT_EQ(Rewritten(Query::GeoBox("pl*", kMunich)), "{place plaza}:BOX(48, 11, 48.25, 11.75)");
  EXPECT_EQ(Rewritten(Query::Exists("place")), "place:*");
  EXPECT_TRUE(diagnostics_.empty());
}

TEST_F(GeoRewriteTest, NotInOthers) {
  ExpectNone(Around("n", 5), "the field 'n' is of type int64 and has no points");
  ExpectNone(Around("text", 5), "the field 'text' is of type text and has no points");
  ExpectNone(Around("", 5), "the field 'text' is of type text and has no points");
  ExpectNone(Around("t*", 5), "there is no field like 't*'");
  ExpectNone(Around("hidden", 5), "the field 'hidden' is not indexed");
}

TEST_F(GeoRewriteTest, PointsAreNothingElse) {
  const std::string_view message = "the field 'place' is of type geo_point and has points; ask for";
  for (const Query& query :
       {Query::Match("place", "48.1,11.6"), Query::Term("place", "48.1,11.6"),
        Query::Equals("place", "48.1,11.6"), Query::Equals("place", 48),
        Query::In("place", {"48.1,11.6"}), Query::Range("place", {.from = "48.1,11.6"}),
        Query::TermRange("place", {.from = "48.1,11.6"}), Query::Prefix("place", "48"),
        Query::MatchPhrase("place", "48.1 11.6"), Query::Near("place", {Query::Term("", "a")}),
        Query::Like("place", "48")}) {
    ExpectNone(query, message);
  }
  EXPECT_EQ(Rewritten(Query::FunctionScore(Query::All(),
                                           {.kind = ScoreFunctionKind::kValue, .field = "place"})),
            "*:*");
  ASSERT_EQ(diagnostics_.size(), 1u);
  EXPECT_NE(diagnostics_[0].message.find("has no numbers for a score function"), std::string::npos);
}

}  // namespace
}  // namespace segue

// SPDX-License-Identifier: Apache-2.0
#include "tests/golden/golden_index.h"

#include "engine/base/strings.h"
#include "gtest/gtest.h"
#include "segue/index.h"

namespace segue {
namespace {

constexpr int kDocuments = 700;

// Of its own, so that a change of the tests' generator does not change the golden index.
uint64_t Scramble(uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

std::string Words(int number) {
  std::string text = "Common words, ";
  const uint64_t seed = Scramble(static_cast<uint64_t>(number) + 1);
  const int count = static_cast<int>(seed % (number % 50 == 7 ? 300 : 14));
  for (int i = 0; i < count; ++i) {
    const uint64_t draw = Scramble(seed + static_cast<uint64_t>(i));
    // About Zipfian: the number of leading zeros picks the band.
    const uint64_t band = static_cast<uint64_t>(__builtin_clzll(draw | 1)) % 8;
    text += Cat("word", draw % (uint64_t{3} << band), " ");
  }
  if (number % 9 == 0) text += "Straße naïve \u4e2d\u6587 don't";
  return text;
}

}  // namespace

Schema GoldenSchema() {
  Schema schema;
  EXPECT_TRUE(schema.AddField("id", {.type = FieldType::kKeyword, .stored = true}).ok());
  EXPECT_TRUE(schema.AddField("title", {.type = FieldType::kText, .stored = true}).ok());
  EXPECT_TRUE(
      schema.AddField("text", {.type = FieldType::kText, .analyzer = "english", .stored = true})
          .ok());
  FieldOptions flat;
  flat.positions = false;
  flat.from = {"title", "text"};
  EXPECT_TRUE(schema.AddField("all", flat).ok());
  EXPECT_TRUE(
      schema.AddField("tag", {.type = FieldType::kKeyword, .stored = true, .multi = true}).ok());
  EXPECT_TRUE(schema.AddField("year", {.type = FieldType::kInt64, .stored = true}).ok());
  EXPECT_TRUE(schema.AddField("rating", {.type = FieldType::kFloat64, .stored = true}).ok());
  EXPECT_TRUE(schema.AddField("live", {.type = FieldType::kBool, .stored = true}).ok());
  EXPECT_TRUE(schema.AddField("added", {.type = FieldType::kTimestamp, .stored = true}).ok());
  EXPECT_TRUE(schema.AddField("cover", {.type = FieldType::kBytes, .stored = true}).ok());
  EXPECT_TRUE(schema.AddField("place", {.type = FieldType::kGeoPoint, .stored = true}).ok());
  EXPECT_TRUE(schema.SetKey("id").ok());
  EXPECT_TRUE(schema.SetDefaultFields({"title", "text"}).ok());
  return schema;
}

Document GoldenDocument(int number) {
  Document document;
  document.Add("id", std::string_view(Cat("doc-", number)));
  document.Add("title", std::string_view(Cat("Title number ", number % 100)));
  document.Add("text", std::string_view(Words(number)));
  document.Add("tag", std::string_view(Cat("tag", number % 7)));
  if (number % 3 == 0) document.Add("tag", "third");
  if (number % 4 != 0) document.Add("year", Value(int64_t{1950 + number % 70}));
  if (number % 5 != 0) document.Add("rating", Value(number / 7.0));
  document.Add("live", Value(number % 2 == 0));
  document.Add("added", Value(int64_t{1'600'000'000'000'000} + number * int64_t{86'400'000'000}));
  if (number % 11 == 0) document.Add("cover", std::string_view("\x00\xff\x7f", 3));
  if (number % 6 != 2) {
    document.Add("place", Value(GeoPoint{.latitude = number % 160 - 79.5,
                                         .longitude = number % 350 - 174.25}));
  }
  return document;
}

void WriteGoldenIndex(Env* env, const std::string& path) {
  auto index = Index::Create(path, GoldenSchema(), {.env = env});
  ASSERT_TRUE(index.ok()) << index.status();
  auto writer = index->OpenWriter({.auto_merge = false});
  ASSERT_TRUE(writer.ok()) << writer.status();
  for (int i = 0; i < kDocuments; ++i) {
    const absl::Status added = (*writer)->Add(GoldenDocument(i));
    ASSERT_TRUE(added.ok()) << added;
    if (i == 500) {
      ASSERT_TRUE((*writer)->Commit().ok());
    }
  }
  ASSERT_TRUE((*writer)->Commit().ok());
  for (int i = 3; i < kDocuments; i += 31) {
    const auto deleted = (*writer)->Delete(Cat("doc-", i));
    ASSERT_TRUE(deleted.ok() && *deleted) << i;
  }
  ASSERT_TRUE((*writer)->Commit().ok());
}

std::vector<Query> GoldenQueries() {
  return {
      Query::All(),
      Query::Term("text", "word0"),
      Query::Text("word1 word2 number"),
      Query::And({Query::Term("text", "common"), Query::Term("text", "word3")}),
      Query::Or(
          {Query::Term("text", "common"), Query::Term("text", "word5"), Query::Term("title", "7")}),
      Query::Phrase("title", {"title", "number", "42"}),
      Query::MatchPhrase("text", "word1 word0"),
      Query::Term("all", "word4"),
      Query::Term("tag", "third"),
      Query::Equals("year", int64_t{1959}),
      Query::Equals("live", true),
      Query::Equals("rating", 3.0),
      Query::Boolean({{Occur::kMust, Query::Text("common")},
                      {Occur::kMustNot, Query::Term("tag", "tag1")},
                      {Occur::kFilter, Query::Equals("live", false)}}),
      Query::GeoDistance("place", {.center = {.latitude = 52.5, .longitude = -42}, .meters = 5e5}),
      Query::Fuzzy("text", "comon"),
      Query::Text("stra\u00dfe \u4e2d\u6587"),
  };
}

}  // namespace segue

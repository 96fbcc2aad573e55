// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "segue/document.h"
#include "segue/status.h"

namespace segue {
namespace {

Schema Catalogue() {
  absl::StatusOr<Schema> schema = Schema::FromJson(R"({"key":"id","fields":{
      "id":{"type":"keyword"},
      "title":{"type":"text"},
      "tags":{"type":"keyword","multi":true},
      "year":{"type":"int64"},
      "price":{"type":"float64"},
      "live":{"type":"bool"},
      "added":{"type":"timestamp"},
      "cover":{"type":"bytes"},
      "shops":{"type":"geo_point","multi":true},
      "all":{"type":"text","from":["title","subtitle"]}}})");
  EXPECT_TRUE(schema.ok()) << schema.status();
  return *schema;
}

TEST(DocumentTest, BuiltInCode) {
  Document document;
  std::string_view name = "year";
  document.Add("title", "Kind of Blue").Add(name, int64_t{1959}).Add("x", true);
  document.AddTokens("title", "Blue", {{.term = "blue", .end_byte = 4}});
  ASSERT_EQ(document.values().size(), 4u);
  EXPECT_EQ(*document.Find("title"), Value("Kind of Blue"));
  EXPECT_EQ(*document.Find("x"), Value(true));
  EXPECT_EQ(document.Find("missing"), nullptr);
  EXPECT_EQ(document.values()[3].tokens.size(), 1u);
  document.Add("zero", 0).Add("no", false);
  EXPECT_EQ(*document.Find("zero"), Value(int64_t{0}));
  EXPECT_EQ(*document.Find("no"), Value(false));
  document.Clear();
  EXPECT_TRUE(document.values().empty());
}

TEST(DocumentJsonTest, ReadsBySchema) {
  absl::StatusOr<Document> document = Document::FromJson(
      R"({"id":7,"title":"Kind of Blue","tags":["jazz","modal",null],
          "year":9007199254740993,"price":10,"live":true,
          "added":"1970-01-01T00:00:01Z","cover":"AP8=","shops":[{"lat":48.1,"lon":11},"-1,2"],"subtitle":"x",
          "unknown":{"a":[1]},"none":null})",
      Catalogue());
  ASSERT_TRUE(document.ok()) << document.status();
  Document wanted;
  wanted.Add("id", "7")
      .Add("title", "Kind of Blue")
      .Add("tags", "jazz")
      .Add("tags", "modal")
      .Add("year", int64_t{9007199254740993})
      .Add("price", 10.0)
      .Add("live", true)
      .Add("added", int64_t{1000000})
      .Add("cover", Value(std::string("\0\xff", 2)))
      .Add("shops", GeoPoint{48.1, 11})
      .Add("shops", GeoPoint{-1, 2})
      .Add("subtitle", "x")
      .Add("unknown", R"({"a":[1]})");
  EXPECT_EQ(*document, wanted);
}

TEST(DocumentJsonTest, RoundTrips) {
  Schema schema = Catalogue();
  Document document;
  document.Add("tags", "jazz")
      .Add("id", "a \"quoted\" id\n")
      .Add("tags", "modal")
      .Add("year", INT64_MIN)
      .Add("price", 3.0)
      .Add("live", false)
      .Add("added", int64_t{-1})
      .Add("cover", Value(std::string("\0\1\2", 3)))
      .Add("subtitle", int64_t{5});
  std::string json = document.ToJson(schema);
  EXPECT_EQ(json, R"({"tags":["jazz","modal"],"id":"a \"quoted\" id\n",)"
                  R"("year":-9223372036854775808,"price":3.0,"live":false,)"
                  R"("added":"1969-12-31T23:59:59.999999Z","cover":"AAEC",)"
                  R"("subtitle":5})");
  absl::StatusOr<Document> back = Document::FromJson(json, schema);
  ASSERT_TRUE(back.ok()) << back.status();
  EXPECT_EQ(back->ToJson(schema), json);
}

TEST(DocumentJsonTest, TimesBeyondRfc3339AreNumbers) {
  Schema schema = Catalogue();
  Document document;
  document.Add("added", INT64_MAX);
  EXPECT_EQ(document.ToJson(schema), R"({"added":9223372036854775807})");
  EXPECT_EQ(*Document::FromJson(document.ToJson(schema), schema), document);
}

TEST(DocumentJsonTest, ListsOfOneAndOfUnknownFields) {
  const Document document =
      Document::FromJson(R"({"title":["one"],"other":["a","b"]})", Catalogue()).value();
  EXPECT_EQ(document, Document().Add("title", "one").Add("other", "a").Add("other", "b"));
}

TEST(DocumentJsonTest, ErrorsNameTheMember) {
  const std::pair<const char*, const char*> bad[] = {
      {"[]", "a document must be an object, not an array"},
      {"{\"a\":", ""},
      {R"({"year":"1959"})",
       "member \"year\": a field of type int64 takes a 64-bit integer, found "
       "\"1959\""},
      {R"({"title":{"a":1}})", "member \"title\""},
      {R"({"title":["a","b"]})",
       "member \"title\": 2 values for a field with one; declare it with "
       "\"multi\": true"},
      {R"({"tags":["a",["b"]]})", "member \"tags\""},
      {R"({"title":[["b"]]})", "member \"title\""},
      {R"({"cover":"%"})", "member \"cover\": not base64"},
      {R"({"added":"yesterday"})", "member \"added\": not a time"},
      {R"({"id":"a","id":"b"})", "a document: \"id\" stands twice"},
  };
  for (const auto& [json, message] : bad) {
    absl::Status status = Document::FromJson(json, Catalogue()).status();
    EXPECT_EQ(CodeOf(status), ErrorCode::kInvalidArgument) << json;
    EXPECT_NE(status.message().find(message), std::string::npos) << json << "\n" << status;
  }
}

}  // namespace
}  // namespace segue

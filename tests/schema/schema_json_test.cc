// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <limits>

#include "segue/schema.h"
#include "segue/status.h"

namespace segue {
namespace {

constexpr char kCatalogue[] = R"({"key":"id","default":["text"],"fields":{)"
                              R"("id":{"type":"keyword","stored":true},)"
                              R"("text":{"type":"text","from":["title","text"],"join":"\n"}}})";

TEST(SchemaJsonTest, ReadsAndPrintsCanonically) {
  // The form of the documentation, with members that equal their defaults.
  absl::StatusOr<Schema> schema = Schema::FromJson(
      R"({"key":"id","default":["text"],"fields":{
          "id":{"type":"keyword","stored":true},
          "text":{"type":"text","analyzer":"standard","positions":true,
                  "stored":false,"from":["title","text"],"join":"\n"}}})");
  ASSERT_TRUE(schema.ok()) << schema.status();
  EXPECT_EQ(schema->key(), "id");
  EXPECT_TRUE(schema->Find("id")->options.stored);
  EXPECT_EQ(schema->Find("text")->options.from, (std::vector<std::string>{"title", "text"}));
  EXPECT_EQ(schema->ToJson(), kCatalogue);
}

TEST(SchemaJsonTest, EveryOptionRoundTrips) {
  Schema schema;
  ASSERT_TRUE(schema.AddAnalyzer("mine", R"({"tokenizer":"simple"})").ok());
  ASSERT_TRUE(schema
                  .AddField("all", {.analyzer = "mine",
                                    .search_analyzer = "simple",
                                    .positions = false,
                                    .stored = true,
                                    .multi = true,
                                    .from = {"a", "b"},
                                    .join = "",
                                    .similarity = Similarity::kBm25Plus,
                                    .k1 = 0.9f,
                                    .b = 0.4f,
                                    .delta = 0.5f,
                                    .boost = 3.3f})
                  .ok());
  for (const Similarity similarity :
       {Similarity::kBm25, Similarity::kBm25Plus, Similarity::kTfIdf, Similarity::kLmDirichlet,
        Similarity::kDph, Similarity::kBoolean}) {
    const bool has_mu = similarity == Similarity::kLmDirichlet;
    ASSERT_TRUE(schema
                    .AddField(SimilarityName(similarity),
                              {.similarity = similarity, .mu = has_mu ? 500.0f : 2000.0f})
                    .ok());
  }
  for (FieldType type :
       {FieldType::kText, FieldType::kKeyword, FieldType::kInt64, FieldType::kFloat64,
        FieldType::kBool, FieldType::kTimestamp, FieldType::kBytes, FieldType::kGeoPoint}) {
    ASSERT_TRUE(schema
                    .AddField(std::string(FieldTypeName(type)) + " \"field\"",
                              {.type = type, .indexed = false})
                    .ok());
  }
  schema.SetStoredCompression(StoredCompression::kZstd);
  absl::StatusOr<Schema> back = Schema::FromJson(schema.ToJson());
  ASSERT_TRUE(back.ok()) << back.status();
  EXPECT_EQ(*back, schema);
  EXPECT_EQ(back->ToJson(), schema.ToJson());
}

// Its shortest text is beyond it: an index that was made with it must open again.
TEST(SchemaJsonTest, TheGreatestNumberRoundTrips) {
  Schema schema;
  ASSERT_TRUE(schema.AddField("f", {.k1 = std::numeric_limits<float>::max()}).ok());
  const absl::StatusOr<Schema> back = Schema::FromJson(schema.ToJson());
  ASSERT_TRUE(back.ok()) << back.status();
  EXPECT_EQ(*back, schema);
}

struct BadSchema {
  const char* json;
  const char* message;
};

TEST(SchemaJsonTest, ErrorsNameTheMistakeAndTheNearestName) {
  const BadSchema bad[] = {
      {"", "the schema: "},
      {"[]", "the schema must be an object, not an array"},
      {"{}", "the schema needs \"fields\""},
      {R"({"field":{}})", "the schema: unknown member \"field\"; did you mean \"fields\"?"},
      {R"({"stored_compression":"zst","fields":{}})",
       "the schema: \"stored_compression\": unknown compression \"zst\"; did you mean \"zstd\"?"},
      {R"({"stored_compression":1,"fields":{}})", "\"stored_compression\" must be a string, not"},
      {R"({"fields":[]})", "\"fields\" must be an object, not an array"},
      {R"({"fields":{"a":1}})", "field \"a\" must be an object"},
      {R"({"fields":{"a":{}}})", "field \"a\": needs a \"type\""},
      {R"({"fields":{"a":{"type":"txt"}}})",
       "field \"a\": unknown type \"txt\"; did you mean \"text\"?"},
      {R"({"fields":{"a":{"type":1}}})", "\"type\" must be a string, not"},
      {R"({"fields":{"a":{"type":"text","anlyzer":"x"}}})",
       "field \"a\": unknown member \"anlyzer\"; did you mean \"analyzer\"?"},
      {R"({"fields":{"a":{"type":"text","stored":1}}})",
       "field \"a\": \"stored\" must be true or false, not"},
      {R"({"fields":{"a":{"type":"text","k1":"1"}}})", "field \"a\": \"k1\" must be a number, not"},
      {R"({"fields":{"a":{"type":"text","k1":1e39}}})", "field \"a\": \"k1\" is too large"},
      {R"({"fields":{"a":{"type":"text","b":2}}})", "b must be in 0..1"},
      {R"({"fields":{"a":{"type":"text","similarity":"bm25+"}}})",
       "field \"a\": unknown similarity \"bm25+\"; did you mean \"bm25\"?"},
      {R"({"fields":{"a":{"type":"text","similarity":25}}})", "\"similarity\" must be a string"},
      {R"({"fields":{"a":{"type":"text","similarity":"bm25plus","delta":-1}}})",
       "field \"a\": delta must be 0 or more, not -1"},
      {R"({"fields":{"a":{"type":"text","similarity":"lm_dirichlet","mu":0}}})",
       "field \"a\": mu must be above 0, not 0"},
      {R"({"fields":{"a":{"type":"text","mu":100}}})",
       "field \"a\": mu is of lm_dirichlet; the similarity is bm25"},
      {R"({"fields":{"a":{"type":"int64","similarity":"dph"}}})",
       "only text and keyword fields have a similarity; this is a int64 field"},
      {R"({"fields":{"a":{"type":"text","from":"b"}}})",
       "field \"a\": \"from\" must be a list of strings, not"},
      {R"({"fields":{"a":{"type":"text","from":[1]}}})",
       "field \"a\": \"from\" must be a list of strings only, not"},
      {R"({"fields":{"a":{"type":"text"},"a":{"type":"text"}}})", "\"fields\": \"a\" stands twice"},
      {R"({"fields":{"a":{"type":"text","type":"text"}}})", "field \"a\": \"type\" stands twice"},
      {R"({"fields":{"a":{"type":"text"}},"key":"a"})", "must be a keyword field"},
      {R"({"fields":{"a":{"type":"keyword"}},"key":""})", "the key names the unknown field \"\""},
      {R"({"fields":{"a":{"type":"keyword"}},"key":null})", "\"key\" must be a string, not null"},
      {R"({"fields":{"a":{"type":"text"}},"default":["b"]})",
       "\"default\" names the unknown field \"b\"; did you mean \"a\"?"},
      {R"({"fields":{},"analyzers":{"x":{"filter":[]}}})",
       "analyzer \"x\": unknown member \"filter\"; did you mean \"filters\"?"},
      {R"({"fields":{},"analyzers":[]})", "\"analyzers\" must be an object"},
      {R"({"fields":{"a":{"type":"text","analyzer":3}}})",
       "field \"a\": \"analyzer\" must be a string, not"},
      {R"({"fields":{"a":{"type":"text"}},"default":"a"})",
       "\"default\" must be a list of strings, not"},
  };
  for (const BadSchema& schema : bad) {
    absl::Status status = Schema::FromJson(schema.json).status();
    EXPECT_EQ(CodeOf(status), ErrorCode::kInvalidArgument) << schema.json;
    EXPECT_NE(status.message().find(schema.message), std::string::npos) << schema.json << "\n"
                                                                        << status;
  }
}

TEST(SchemaJsonTest, TooLong) {
  std::string json(5 << 20, ' ');
  EXPECT_EQ(CodeOf(Schema::FromJson(json + kCatalogue).status()), ErrorCode::kResourceExhausted);
}

}  // namespace
}  // namespace segue

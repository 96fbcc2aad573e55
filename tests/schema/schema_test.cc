// SPDX-License-Identifier: Apache-2.0
#include "segue/schema.h"

#include <gtest/gtest.h>

#include <cmath>

#include "segue/status.h"

namespace segue {
namespace {

void ExpectInvalid(const absl::Status& status, std::string_view part) {
  EXPECT_EQ(CodeOf(status), ErrorCode::kInvalidArgument);
  EXPECT_NE(status.message().find(absl::string_view(part.data(), part.size())), std::string::npos)
      << status;
}

Schema Catalogue() {
  Schema schema;
  EXPECT_TRUE(schema.AddField("id", {.type = FieldType::kKeyword}).ok());
  EXPECT_TRUE(schema.AddField("title", {}).ok());
  EXPECT_TRUE(schema.AddField("body", {}).ok());
  EXPECT_TRUE(schema.AddField("year", {.type = FieldType::kInt64}).ok());
  EXPECT_TRUE(schema.AddField("note", {.stored = true, .indexed = false}).ok());
  return schema;
}

TEST(SchemaTest, FieldsKeepTheirOrder) {
  Schema schema = Catalogue();
  ASSERT_EQ(schema.fields().size(), 5u);
  EXPECT_EQ(schema.fields()[1].name, "title");
  EXPECT_EQ(schema.Find("year")->options.type, FieldType::kInt64);
  EXPECT_EQ(schema.Find("years"), nullptr);
  EXPECT_TRUE(schema.Validate().ok());
}

TEST(SchemaTest, NamesAreChecked) {
  Schema schema = Catalogue();
  ExpectInvalid(schema.AddField("title", {}), "exists already");
  ExpectInvalid(schema.AddField("", {}), "needs a name");
  ExpectInvalid(schema.AddField(std::string(256, 'x'), {}), "longer than 255");
  ExpectInvalid(schema.AddField("a\xff", {}), "not UTF-8");
  ExpectInvalid(schema.AddField(std::string_view("a\0b", 3), {}), "control");
  EXPECT_TRUE(schema.AddField(std::string(255, 'x'), {}).ok());
  EXPECT_TRUE(schema.AddField("größe: mm", {}).ok());
}

TEST(SchemaTest, OptionsAreChecked) {
  Schema schema;
  ExpectInvalid(schema.AddField("f", {.k1 = -1}), "k1");
  ExpectInvalid(schema.AddField("f", {.k1 = NAN}), "k1");
  ExpectInvalid(schema.AddField("f", {.b = 1.01f}), "b must");
  ExpectInvalid(schema.AddField("f", {.b = NAN}), "b must");
  ExpectInvalid(schema.AddField("f", {.similarity = static_cast<Similarity>(0)}),
                "unknown similarity number 0");
  ExpectInvalid(schema.AddField("f", {.type = FieldType::kBool, .similarity = Similarity::kDph}),
                "only text and keyword fields have a similarity");
  ExpectInvalid(schema.AddField("f", {.delta = 2}), "delta is of bm25plus");
  ExpectInvalid(schema.AddField("f", {.similarity = Similarity::kBm25Plus, .delta = NAN}), "delta");
  ExpectInvalid(schema.AddField("f", {.similarity = Similarity::kBm25Plus, .mu = 2}),
                "mu is of lm_dirichlet; the similarity is bm25plus");
  ExpectInvalid(schema.AddField("f", {.similarity = Similarity::kLmDirichlet, .mu = INFINITY}),
                "mu must");
  ExpectInvalid(schema.AddField("f", {.boost = 0}), "boost");
  ExpectInvalid(schema.AddField("f", {.boost = INFINITY}), "boost");
  ExpectInvalid(schema.AddField("f", {.analyzer = ""}), "analyzer");
  ExpectInvalid(schema.AddField("f", {.type = FieldType::kKeyword, .analyzer = "english"}),
                "only text fields");
  ExpectInvalid(schema.AddField("f", {.type = static_cast<FieldType>(77)}),
                "unknown type number 77");
  ExpectInvalid(schema.AddField("f", {.from = {"a", "b", "a"}}), "twice");
  ExpectInvalid(schema.AddField("f", {.from = {""}}), "empty");
  ExpectInvalid(schema.AddField("f", {.type = FieldType::kBool, .from = {"a", "b"}}),
                "from one field only");
  EXPECT_TRUE(schema.fields().empty());
  EXPECT_TRUE(schema.AddField("f", {.k1 = 0, .b = 0}).ok());
}

TEST(SchemaTest, Key) {
  Schema schema = Catalogue();
  ExpectInvalid(schema.SetKey("idd"), "did you mean \"id\"?");
  ExpectInvalid(schema.SetKey("title"), "must be a keyword field");
  ASSERT_TRUE(schema.AddField("tags", {.type = FieldType::kKeyword, .multi = true}).ok());
  ExpectInvalid(schema.SetKey("tags"), "one value");
  ASSERT_TRUE(schema.AddField("raw", {.type = FieldType::kKeyword, .indexed = false}).ok());
  ExpectInvalid(schema.SetKey("raw"), "must be indexed");
  EXPECT_TRUE(schema.SetKey("id").ok());
  EXPECT_EQ(schema.key(), "id");
}

TEST(SchemaTest, DefaultFields) {
  Schema schema = Catalogue();
  EXPECT_EQ(schema.EffectiveDefaultFields(), (std::vector<std::string>{"title", "body"}));
  ExpectInvalid(schema.SetDefaultFields({"titel"}), "did you mean \"title\"?");
  ExpectInvalid(schema.SetDefaultFields({"title", "title"}), "twice");
  ExpectInvalid(schema.SetDefaultFields({"year"}), "text or keyword");
  ExpectInvalid(schema.SetDefaultFields({"note"}), "indexed");
  EXPECT_TRUE(schema.SetDefaultFields({"body", "id"}).ok());
  EXPECT_EQ(schema.EffectiveDefaultFields(), (std::vector<std::string>{"body", "id"}));
}

TEST(SchemaTest, Analyzers) {
  Schema schema;
  EXPECT_TRUE(schema.AddAnalyzer("mine", R"({ "tokenizer" : "simple" })").ok());
  EXPECT_EQ(schema.analyzers()[0].second, R"({"tokenizer":"simple"})");
  ExpectInvalid(schema.AddAnalyzer("mine", R"({"tokenizer":"simple"})"), "declared twice");
  ExpectInvalid(schema.AddAnalyzer("a", R"({"filters":[]})"), "needs a \"tokenizer\"");
  ExpectInvalid(schema.AddAnalyzer("a", R"({"tokenizers":"x"})"), "did you mean \"tokenizer\"?");
  ExpectInvalid(schema.AddAnalyzer("a", "\"standard\""), "must be an object");
  ExpectInvalid(schema.AddAnalyzer("a", "{"), "analyzer \"a\"");
  ExpectInvalid(schema.AddAnalyzer("", R"({"tokenizer":"x"})"), "a name");
}

TEST(SchemaTest, TypesHaveNames) {
  EXPECT_EQ(FieldTypeName(FieldType::kTimestamp), "timestamp");
  EXPECT_EQ(FieldTypeName(static_cast<FieldType>(0)), "");
}

TEST(SchemaTest, TooManyFields) {
  Schema schema;
  for (int i = 0; i < 4096; ++i) {
    ASSERT_TRUE(schema.AddField("f" + std::to_string(i), {}).ok());
  }
  EXPECT_EQ(CodeOf(schema.AddField("one more", {})), ErrorCode::kResourceExhausted);
}

}  // namespace
}  // namespace segue

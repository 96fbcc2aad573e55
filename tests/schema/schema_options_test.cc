// SPDX-License-Identifier: Apache-2.0
//
// Every option of a field: its default, its way through JSON, and what it may not be said with.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "engine/base/json.h"
#include "engine/base/strings.h"
#include "segue/schema.h"
#include "segue/status.h"
#include "tests/support/seeded_random.h"

namespace segue {
namespace {

struct Option {
  const char* json;                         // the member with a value that is not the default
  const char* set;                          // the name of the member
  std::function<void(FieldOptions*)> give;  // the same in code
};

const std::vector<Option>& TextOptions() {
  static const std::vector<Option> options = {
      {R"("analyzer":"english")", "analyzer", [](FieldOptions* o) { o->analyzer = "english"; }},
      {R"("search_analyzer":"simple")", "search_analyzer",
       [](FieldOptions* o) { o->search_analyzer = "simple"; }},
      {R"("positions":false)", "positions", [](FieldOptions* o) { o->positions = false; }},
      {R"("stored":true)", "stored", [](FieldOptions* o) { o->stored = true; }},
      {R"("indexed":false)", "indexed", [](FieldOptions* o) { o->indexed = false; }},
      {R"("multi":true)", "multi", [](FieldOptions* o) { o->multi = true; }},
      {R"("from":["a","b"])", "from",
       [](FieldOptions* o) {
         o->from = {"a", "b"};
       }},
      {R"("join":"\n")", "join", [](FieldOptions* o) { o->join = "\n"; }},
      {R"("similarity":"tfidf")", "similarity",
       [](FieldOptions* o) { o->similarity = Similarity::kTfIdf; }},
      {R"("k1":0.5)", "k1", [](FieldOptions* o) { o->k1 = 0.5f; }},
      {R"("b":0.25)", "b", [](FieldOptions* o) { o->b = 0.25f; }},
      {R"("boost":2.0)", "boost", [](FieldOptions* o) { o->boost = 2; }},
  };
  return options;
}

absl::StatusOr<Schema> OneField(std::string_view members) {
  return Schema::FromJson(
      Cat(R"({"fields":{"f":{"type":"text")", members.empty() ? "" : ",", members, "}}}"));
}

TEST(SchemaOptionsTest, EachIsReadAndWrittenByItself) {
  for (const Option& option : TextOptions()) {
    const absl::StatusOr<Schema> schema = OneField(option.json);
    ASSERT_TRUE(schema.ok()) << option.json << ": " << schema.status();
    FieldOptions wanted;
    option.give(&wanted);
    EXPECT_NE(wanted, FieldOptions()) << option.json << " is the default";
    EXPECT_EQ(schema->fields()[0].options, wanted) << option.json;
    // It alone is printed, and as it was read.
    EXPECT_EQ(schema->ToJson(), Cat(R"({"fields":{"f":{"type":"text",)", option.json, "}}}"));
  }
}

TEST(SchemaOptionsTest, DefaultsAreNotPrinted) {
  const absl::StatusOr<Schema> schema = OneField(
      R"("analyzer":"standard","search_analyzer":"","positions":true,"stored":false,
         "indexed":true,"multi":false,"from":[],"join":" ","similarity":"bm25","k1":1.2,"b":0.75,
         "delta":1,"mu":2000,"boost":1)");
  ASSERT_TRUE(schema.ok()) << schema.status();
  EXPECT_EQ(schema->fields()[0].options, FieldOptions());
  EXPECT_EQ(schema->ToJson(), R"({"fields":{"f":{"type":"text"}}})");
}

// In any order and any company an option means the same.
TEST(SchemaOptionsTest, RandomSchemasComeBack) {
  SeededRandom random(761);
  for (int round = 0; round < 200; ++round) {
    Schema schema;
    std::string json;
    for (uint64_t field = 0, fields = random.Between(1, 5); field < fields; ++field) {
      FieldOptions options;
      std::vector<std::string> members;
      for (const Option& option : TextOptions()) {
        if (random.OneIn(2)) continue;
        option.give(&options);
        members.insert(members.begin() + static_cast<ptrdiff_t>(random.Below(members.size() + 1)),
                       option.json);
      }
      members.insert(members.begin() + static_cast<ptrdiff_t>(random.Below(members.size() + 1)),
                     R"("type":"text")");
      CatTo(&json, field == 0 ? "" : ",", "\"f", field, "\":{");
      for (size_t i = 0; i < members.size(); ++i) CatTo(&json, i == 0 ? "" : ",", members[i]);
      json += '}';
      ASSERT_TRUE(schema.AddField(Cat("f", field), options).ok());
    }
    const absl::StatusOr<Schema> read = Schema::FromJson(Cat(R"({"fields":{)", json, "}}"));
    ASSERT_TRUE(read.ok()) << json << ": " << read.status();
    EXPECT_EQ(*read, schema) << json;
    const absl::StatusOr<Schema> back = Schema::FromJson(schema.ToJson());
    ASSERT_TRUE(back.ok()) << back.status();
    EXPECT_EQ(*back, schema);
    EXPECT_EQ(back->ToJson(), schema.ToJson()) << "the form is canonical";
  }
}

TEST(SchemaOptionsTest, EachOfTheWrongTypeIsNamed) {
  for (const Option& option : TextOptions()) {
    const bool is_text = std::string_view(option.json).ends_with('"');
    for (const char* wrong : {"null", "{}", "\"\"", "[{}]", "7", "true"}) {
      const bool is_number = std::string_view("k1 b boost").find(option.set) != std::string::npos;
      const bool is_truth = std::string_view(option.json).find("e", 9) != std::string::npos &&
                            !is_text && !is_number && std::string_view(option.set) != "from";
      const std::string_view value = wrong;
      if ((is_text && value == "\"\"") || (is_number && value == "7") ||
          (is_truth && value == "true")) {
        continue;
      }
      const absl::Status status = OneField(Cat("\"", option.set, "\":", wrong)).status();
      EXPECT_EQ(CodeOf(status), ErrorCode::kInvalidArgument) << option.set << " " << wrong;
      EXPECT_NE(status.message().find(Cat("field \"f\": \"", option.set, "\" must be ")),
                std::string::npos)
          << status;
    }
  }
}

// The nearest name of all that a field has.
TEST(SchemaOptionsTest, MistypedOnesAreTold) {
  for (const Option& option : TextOptions()) {
    const std::string name = option.set;
    if (name.size() < 4) continue;
    for (const std::string& mistyped : {name + "s", name.substr(1), Cat("_", name)}) {
      const absl::Status status = OneField(Cat("\"", mistyped, "\":1")).status();
      EXPECT_EQ(status.message(), Cat("field \"f\": unknown member \"", mistyped,
                                      "\"; did you mean \"", name, "\"?"));
    }
  }
}

TEST(SchemaOptionsTest, NumbersHaveTheirRange) {
  const float inf = std::numeric_limits<float>::infinity();
  const float max = std::numeric_limits<float>::max();
  const struct {
    const char* name;
    float FieldOptions::*member;
    Similarity similarity;
    std::vector<float> good, bad;
  } cases[] = {
      {"k1", &FieldOptions::k1, Similarity::kBm25, {0, 1e-30f, 1.2f, max}, {-1e-30f, -1, inf}},
      {"b", &FieldOptions::b, Similarity::kBm25, {0, 0.5f, 1}, {-1e-30f, 1.0000001f, inf, -inf}},
      {"delta", &FieldOptions::delta, Similarity::kBm25Plus, {0, 5, max}, {-0.1f, inf}},
      {"mu", &FieldOptions::mu, Similarity::kLmDirichlet, {1e-30f, 1, max}, {0, -1, inf}},
      {"boost", &FieldOptions::boost, Similarity::kDph, {1e-30f, 1, max}, {0, -2, inf}},
  };
  for (const auto& [name, member, similarity, good, bad] : cases) {
    FieldOptions options;
    options.similarity = similarity;
    for (const float value : good) {
      options.*member = value;
      Schema schema;
      ASSERT_TRUE(schema.AddField("f", options).ok()) << name << " " << value;
      const absl::StatusOr<Schema> back = Schema::FromJson(schema.ToJson());
      ASSERT_TRUE(back.ok()) << back.status();
      EXPECT_EQ(back->fields()[0].options.*member, value) << "to the last bit";
    }
    for (const float value : bad) {
      options.*member = value;
      Schema schema;
      const absl::Status status = schema.AddField("f", options);
      EXPECT_EQ(CodeOf(status), ErrorCode::kInvalidArgument) << name << " " << value;
      EXPECT_NE(status.message().find(Cat("field \"f\": ", name, " must be ")), std::string::npos)
          << status;
      EXPECT_TRUE(schema.fields().empty()) << "nothing is added then";
    }
    options.*member = std::nanf("");
    EXPECT_FALSE(Schema().AddField("f", options).ok()) << name;
  }
}

// An analyzer of numbers, or a similarity without terms, would be ignored in silence.
TEST(SchemaOptionsTest, WhatContradictsTheTypeIsRefused) {
  for (const char* type : {"keyword", "int64", "float64", "bool", "timestamp", "bytes"}) {
    const auto refused = [type](std::string_view members, const std::string& message) {
      const absl::Status status =
          Schema::FromJson(Cat(R"({"fields":{"f":{"type":")", type, "\",", members, "}}}"))
              .status();
      EXPECT_EQ(CodeOf(status), ErrorCode::kInvalidArgument) << type << members;
      EXPECT_NE(status.message().find(message), std::string::npos) << status;
    };
    const std::string analyzers =
        Cat("field \"f\": only text fields have an analyzer; this is a ", type, " field");
    refused(R"("analyzer":"simple")", analyzers);
    refused(R"("search_analyzer":"standard")", analyzers);
    if (std::string_view(type) == "keyword") continue;
    refused(R"("similarity":"boolean")",
            Cat("only text and keyword fields have a similarity; this is a ", type, " field"));
    refused(R"("from":["a","b"])",
            Cat("field \"f\": a ", type, " field can be filled from one field only"));
    EXPECT_TRUE(
        Schema::FromJson(Cat(R"({"fields":{"f":{"type":")", type, R"(","from":["a"]}}})")).ok());
  }
  // Of a similarity that has no such number.
  for (const char* similarity : {"bm25", "tfidf", "dph", "boolean", "lm_dirichlet"}) {
    const absl::Status status =
        OneField(Cat(R"("delta":2,"similarity":")", similarity, "\"")).status();
    EXPECT_NE(status.message().find(Cat("delta is of bm25plus; the similarity is ", similarity)),
              std::string::npos)
        << status;
  }
}

TEST(SchemaOptionsTest, TheWholeIsCheckedInAnyOrderOfMembers) {
  const std::pair<const char*, const char*> cases[] = {
      {R"({"key":"id","fields":{"id":{"type":"keyword"}}})", ""},
      {R"({"key":"idd","fields":{"id":{"type":"keyword"}}})",
       "the key names the unknown field \"idd\"; did you mean \"id\"?"},
      {R"({"key":"id","fields":{"id":{"type":"int64"}}})",
       "the key field \"id\" must be a keyword field with one value"},
      {R"({"key":"id","fields":{"id":{"type":"keyword","indexed":false}}})",
       "the key field \"id\" must be indexed"},
      {R"({"default":["n"],"fields":{"n":{"type":"float64"}}})",
       "the default field \"n\" must be an indexed text or keyword field"},
      {R"({"default":["t","t"],"fields":{"t":{"type":"text"}}})", "names \"t\" twice"},
      {R"({"default":[""],"fields":{"t":{"type":"text"}}})",
       "\"default\" names the unknown field \"\""},
      {R"({"default":["k"],"fields":{"k":{"type":"keyword"}}})", ""},
      {R"({"default":[],"fields":{}})", ""},
      {R"({"key":"x","fields":{}})", "the key names the unknown field \"x\""},
  };
  for (const auto& [json, message] : cases) {
    const absl::StatusOr<Schema> schema = Schema::FromJson(json);
    EXPECT_EQ(schema.ok(), std::string_view(message).empty()) << json << schema.status();
    EXPECT_NE(schema.status().message().find(message), std::string::npos) << schema.status();
    if (schema.ok()) {
      EXPECT_EQ(*Schema::FromJson(schema->ToJson()), *schema);
    }
  }
}

// What a word without a field searches: of the fields in their order all texts that can be.
TEST(SchemaOptionsTest, DefaultsAreTheIndexedTexts) {
  const absl::StatusOr<Schema> schema = Schema::FromJson(
      R"({"fields":{"b":{"type":"text"},"n":{"type":"int64"},"k":{"type":"keyword"},
          "s":{"type":"text","indexed":false},"a":{"type":"text","positions":false}}})");
  ASSERT_TRUE(schema.ok()) << schema.status();
  EXPECT_TRUE(schema->default_fields().empty());
  EXPECT_EQ(schema->EffectiveDefaultFields(), (std::vector<std::string>{"b", "a"}));
  EXPECT_EQ(schema->ToJson().find("default"), std::string::npos);
}

}  // namespace
}  // namespace segue

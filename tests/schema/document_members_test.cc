// SPDX-License-Identifier: Apache-2.0
//
// Documents as JSON: random ones there and back, and what each member may be.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "engine/base/json.h"
#include "engine/base/limits.h"
#include "engine/base/strings.h"
#include "segue/document.h"
#include "segue/status.h"
#include "tests/support/seeded_random.h"

namespace segue {
namespace {

Schema AllTypes() {
  absl::StatusOr<Schema> schema = Schema::FromJson(R"({"fields":{
      "text":{"type":"text"}, "texts":{"type":"text","multi":true},
      "word":{"type":"keyword"}, "words":{"type":"keyword","multi":true},
      "int":{"type":"int64"}, "ints":{"type":"int64","multi":true},
      "float":{"type":"float64"}, "floats":{"type":"float64","multi":true},
      "bool":{"type":"bool"}, "bools":{"type":"bool","multi":true},
      "time":{"type":"timestamp"}, "times":{"type":"timestamp","multi":true},
      "bytes":{"type":"bytes"}, "many bytes":{"type":"bytes","multi":true},
      "made":{"type":"text","from":["text","source"]}}})");
  EXPECT_TRUE(schema.ok()) << schema.status();
  return *schema;
}

std::string RandomText(SeededRandom* random) {
  static const char* const kParts[] = {"a", "\"", "\\", "\n", "é", "😀", "\x01", "/", " ", "\x7f"};
  std::string text;
  for (uint64_t left = random->Below(6); left > 0; --left) {
    text += kParts[random->Below(std::size(kParts))];
  }
  return text;
}

Value RandomValueOf(SeededRandom* random, FieldType type) {
  switch (type) {
    case FieldType::kInt64:
      return static_cast<int64_t>(random->Next() >> random->Below(64));
    case FieldType::kTimestamp:
      // In and beyond the years that have a text.
      return static_cast<int64_t>(random->Next()) >> random->Below(20);
    case FieldType::kFloat64:
      return static_cast<double>(static_cast<int64_t>(random->Next())) / 1024;
    case FieldType::kBool:
      return random->OneIn(2);
    case FieldType::kBytes: {
      std::string bytes = RandomText(random);
      bytes += static_cast<char>(random->Below(256));
      return bytes;
    }
    default:
      return RandomText(random);
  }
}

TEST(DocumentMembersTest, RandomDocumentsComeBack) {
  const Schema schema = AllTypes();
  SeededRandom random(751);
  for (int round = 0; round < 500; ++round) {
    Document document;
    for (const Field& field : schema.fields()) {
      if (random.OneIn(3)) continue;
      const uint64_t values = field.options.multi ? random.Between(1, 4) : 1;
      for (uint64_t i = 0; i < values; ++i) {
        document.Add(field.name, RandomValueOf(&random, field.options.type));
      }
    }
    const std::string json = document.ToJson(schema);
    const absl::StatusOr<Document> back = Document::FromJson(json, schema);
    ASSERT_TRUE(back.ok()) << json << ": " << back.status();
    EXPECT_EQ(*back, document) << json;
    EXPECT_EQ(back->ToJson(schema), json);
  }
}

// Values of one field need not stand together in a document; in JSON they do, in their order.
TEST(DocumentMembersTest, ValuesOfAFieldAreGathered) {
  const Schema schema = AllTypes();
  Document document;
  document.Add("words", "a").Add("int", 1).Add("words", "b").Add("other", "x").Add("words", "c");
  document.Add("other", 2);
  EXPECT_EQ(document.ToJson(schema), R"({"words":["a","b","c"],"int":1,"other":["x",2]})");
  EXPECT_EQ(*document.Find("words"), Value("a")) << "the first one";
}

struct Member {
  const char* json;
  const char* values;  // as they are printed again; nullptr: refused
};

TEST(DocumentMembersTest, WhatAMemberMayBe) {
  const Schema schema = AllTypes();
  const Member members[] = {
      {R"({"words":[]})", "{}"},
      {R"({"words":[null,null]})", "{}"},
      {R"({"words":["a"]})", R"({"words":"a"})"},
      {R"({"words":"a"})", R"({"words":"a"})"},
      {R"({"words":[1,true,2.5,"x"]})", R"({"words":["1","true","2.5","x"]})"},
      {R"({"words":["a",["b"]]})", nullptr},
      {R"({"words":{"a":"b"}})", nullptr},
      {R"({"word":[null]})", "{}"},
      {R"({"word":[null,"a"]})", nullptr},  // two elements are two values
      {R"({"word":["a","b"]})", nullptr},
      {R"({"word":null})", "{}"},
      {R"({"text":""})", R"({"text":""})"},  // an empty text is a value
      {R"({"ints":[1,2.0,3]})", R"({"ints":[1,2,3]})"},
      {R"({"ints":[1,"2"]})", nullptr},
      {R"({"floats":[1,2.5,-3]})", R"({"floats":[1.0,2.5,-3.0]})"},
      {R"({"floats":[1,"NaN"]})", nullptr},
      {R"({"bools":[true,false,null]})", R"({"bools":[true,false]})"},
      {R"({"bool":"yes"})", nullptr},
      {R"({"times":["1970-01-01",1,"1969-12-31T23:59:59+01:00"]})",
       R"({"times":["1970-01-01T00:00:00Z","1970-01-01T00:00:00.000001Z",)"
       R"("1969-12-31T22:59:59Z"]})"},
      {R"({"time":"1970"})", nullptr},
      {R"({"many bytes":["","AA=="]})", R"({"many bytes":["","AA=="]})"},
      {R"({"bytes":"not base64"})", nullptr},
      {R"({"bytes":[65]})", nullptr},
      // Unknown: as it is, whatever it is.
      {R"({"source":["a",1,true,null,2.5]})", R"({"source":["a",1,true,2.5]})"},
      {R"({"x":{"deep":[{"a":null}]}})", R"({"x":"{\"deep\":[{\"a\":null}]}"})"},
      {R"({"x":[[1],[2,3]]})", R"({"x":["[1]","[2,3]"]})"},
      {R"({"x":18446744073709551615})", R"({"x":18446744073709552000.0})"},
      {R"({"":"no name"})", R"({"":"no name"})"},
      {R"({"Text":"other case"})", R"({"Text":"other case"})"},
      // What is no document.
      {"", nullptr},
      {"null", nullptr},
      {R"("text")", nullptr},
      {R"([{"text":"a"}])", nullptr},
      {R"({"text":"a"} {"text":"b"})", nullptr},
      {R"({"text":"a",})", nullptr},
      {R"({text:"a"})", nullptr},
      {R"({"text":'a'})", nullptr},
      {R"({"int":01})", nullptr},
      {R"({"int":+1})", nullptr},
      {R"({"float":.5})", nullptr},
      {R"({"float":NaN})", nullptr},
      {R"({"word":"a","text":"b","word":"c"})", nullptr},
  };
  for (const Member& member : members) {
    const absl::StatusOr<Document> document = Document::FromJson(member.json, schema);
    if (member.values == nullptr) {
      EXPECT_EQ(CodeOf(document.status()), ErrorCode::kInvalidArgument) << member.json;
      continue;
    }
    ASSERT_TRUE(document.ok()) << member.json << ": " << document.status();
    const JsonValue printed = ParseJson(document->ToJson(schema)).value();
    EXPECT_EQ(printed, ParseJson(member.values).value())
        << member.json << " is " << document->ToJson(schema);
  }
}

TEST(DocumentMembersTest, MistakesNameTheMemberAlsoInAList) {
  const Schema schema = AllTypes();
  for (const Field& field : schema.fields()) {
    const absl::Status status =
        Document::FromJson(Cat("{\"", field.name, "\":{}}"), schema).status();
    EXPECT_EQ(CodeOf(status), ErrorCode::kInvalidArgument);
    EXPECT_NE(status.message().find(Cat("member \"", field.name, "\": ")), std::string::npos)
        << status;
    EXPECT_NE(status.message().find(std::string(FieldTypeName(field.options.type))),
              std::string::npos)
        << status;
    if (!field.options.multi) continue;
    const absl::Status in_list =
        Document::FromJson(Cat("{\"", field.name, "\":[null,[1]]}"), schema).status();
    EXPECT_NE(in_list.message().find(Cat("member \"", field.name, "\": ")), std::string::npos)
        << in_list;
  }
}

// Deep values do not recurse; too deep ones are refused as such, also where nobody knows the
// member.
TEST(DocumentMembersTest, Depth) {
  const Schema schema = AllTypes();
  const auto nested = [](size_t depth) {
    return Cat("{\"x\":", std::string(depth, '['), std::string(depth, ']'), "}");
  };
  EXPECT_TRUE(Document::FromJson(nested(kMaxJsonDepth - 1), schema).ok());
  EXPECT_EQ(CodeOf(Document::FromJson(nested(kMaxJsonDepth + 1), schema).status()),
            ErrorCode::kResourceExhausted);
  EXPECT_EQ(CodeOf(Document::FromJson(nested(100'000), schema).status()),
            ErrorCode::kResourceExhausted);
}

TEST(DocumentMembersTest, TokensAreNotPartOfJson) {
  Document document;
  document.AddTokens("text", "Blue", {{.term = "blue", .end_byte = 4}});
  EXPECT_EQ(document.ToJson(AllTypes()), R"({"text":"Blue"})");
  Document analysed;
  analysed.Add("text", "Blue");
  EXPECT_FALSE(document == analysed) << "but they count";
}

}  // namespace
}  // namespace segue

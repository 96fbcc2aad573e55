// SPDX-License-Identifier: Apache-2.0
#include "engine/base/json.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <string_view>

#include "engine/base/json_error.h"
#include "engine/base/limits.h"
#include "engine/base/strings.h"

namespace segue {
namespace {

JsonValue Parse(std::string_view text) {
  absl::StatusOr<JsonValue> value = ParseJson(text);
  EXPECT_TRUE(value.ok()) << text << ": " << value.status().ToString();
  return value.ok() ? *value : JsonValue();
}

std::string FaultOf(std::string_view text) {
  const absl::StatusOr<JsonValue> value = ParseJson(text);
  return value.ok() ? "" : std::string(MessageOf(value.status()));
}

TEST(JsonTest, EveryKind) {
  const JsonValue value =
      Parse(R"( {"n":null,"b":true,"i":-3,"d":1.5,"s":"x","a":[1,"2"],"o":{}} )");
  ASSERT_TRUE(value.is_object());
  ASSERT_EQ(value.members().size(), 7u);
  EXPECT_TRUE(value.Find("n")->is_null());
  EXPECT_TRUE(value.Find("b")->bool_value());
  EXPECT_EQ(value.Find("i")->int64_value(), -3);
  EXPECT_EQ(value.Find("d")->double_value(), 1.5);
  EXPECT_EQ(value.Find("s")->string_value(), "x");
  ASSERT_EQ(value.Find("a")->elements().size(), 2u);
  EXPECT_EQ(value.Find("a")->elements()[1].string_value(), "2");
  EXPECT_TRUE(value.Find("o")->is_object());
  EXPECT_EQ(value.Find("missing"), nullptr);
  EXPECT_EQ(value.Find("i")->Find("x"), nullptr);
  EXPECT_EQ(value.kind_name(), "an object");
  EXPECT_EQ(value.Find("b")->kind_name(), "a boolean");
  EXPECT_EQ(value.Find("d")->kind_name(), "a number");
  EXPECT_EQ(JsonValue(UINT64_MAX).kind_name(), "an integer");
  EXPECT_TRUE(JsonValue(UINT64_MAX).is_number());
  EXPECT_TRUE(JsonValue(uint64_t{5}).is_int64());
  EXPECT_TRUE(value.Find("i")->elements().empty());
}

TEST(JsonTest, MembersKeepTheirOrderAndRepetitions) {
  const JsonValue value = Parse(R"({"z":1,"a":2,"z":3})");
  ASSERT_EQ(value.members().size(), 3u);
  EXPECT_EQ(value.members()[0].name, "z");
  EXPECT_EQ(value.members()[1].name, "a");
  EXPECT_EQ(value.members()[2].value.int64_value(), 3);
  EXPECT_EQ(value.Find("z")->int64_value(), 1);
}

TEST(JsonTest, IntegersAreExact) {
  EXPECT_EQ(Parse("9007199254740993").int64_value(), 9007199254740993);
  EXPECT_EQ(Parse("-9223372036854775808").int64_value(), INT64_MIN);
  EXPECT_EQ(Parse("18446744073709551615").uint64_value(), UINT64_MAX);
  EXPECT_TRUE(Parse("9223372036854775807").is_int64());
  EXPECT_TRUE(Parse("1.0").is_double());
  EXPECT_TRUE(Parse("1e2").is_double());
  EXPECT_EQ(Parse("9007199254740993").AsDouble(), 9007199254740992.0);
  EXPECT_EQ(Parse("18446744073709551615").AsDouble(), 18446744073709551616.0);
}

TEST(JsonTest, StringsAreUnescaped) {
  EXPECT_EQ(Parse(R"("a\"\\\/\b\f\n\r\tA\u00e9\ud83d\ude00")").string_value(),
            "a\"\\/\b\f\n\r\tA\u00e9\U0001F600");
  EXPECT_EQ(Parse(R"("\u0000")").string_value(), std::string_view("\0", 1));
}

TEST(JsonTest, FaultsNameTheirPlace) {
  EXPECT_EQ(FaultOf(""), "JSON: expected a value, found the end of the text at byte 0");
  EXPECT_EQ(FaultOf("  x"), "JSON: expected a value, found \"x\" at byte 2");
  EXPECT_EQ(FaultOf("{\"a\" 1}"), "JSON: expected ':' after a member name, found \"1\" at byte 5");
  EXPECT_EQ(FaultOf("{a:1}"), "JSON: expected a member name in quotes, found \"a\" at byte 1");
  EXPECT_EQ(FaultOf("{\"a\":1,}"), "JSON: expected a member name in quotes, found \"}\" at byte 7");
  EXPECT_EQ(FaultOf("[1 2]"), "JSON: expected ',' or ']' in an array, found \"2\" at byte 3");
  EXPECT_EQ(FaultOf("{\"a\":1"),
            "JSON: expected ',' or '}' in an object, found the end of the text at byte 6");
  EXPECT_EQ(FaultOf("[1]]"), "JSON: expected the end of the text, found \"]\" at byte 3");
  EXPECT_EQ(FaultOf("tru"), "JSON: expected true at byte 0");
  EXPECT_EQ(FaultOf("01"), "JSON: number with a leading zero at byte 0");
  EXPECT_EQ(FaultOf("[-]"), "JSON: expected a digit at byte 2");
  EXPECT_EQ(FaultOf("[1.]"), "JSON: expected a digit after '.' at byte 3");
  EXPECT_EQ(FaultOf("[1e]"), "JSON: expected a digit in the exponent at byte 3");
  EXPECT_EQ(FaultOf("[18446744073709551616]"), "JSON: integer does not fit 64 bits at byte 1");
  EXPECT_EQ(FaultOf("[-9223372036854775809]"), "JSON: integer does not fit 64 bits at byte 1");
  EXPECT_EQ(FaultOf("1e999"), "JSON: number out of range at byte 0");
  EXPECT_EQ(FaultOf("[1000.5e+400]"), "JSON: number out of range at byte 1");
  EXPECT_EQ(FaultOf("[1e99999999999999999999]"), "JSON: number out of range at byte 1");
  EXPECT_EQ(FaultOf("[1e-999, 0.00000001e-330]"), "");
  EXPECT_EQ(FaultOf("[\"abc"), "JSON: string has no end at byte 1");
  EXPECT_EQ(FaultOf("\"a\nb\""), "JSON: control character in a string, escape it at byte 2");
  EXPECT_EQ(FaultOf("\"\\x\""), "JSON: unknown escape in a string at byte 1");
  EXPECT_EQ(FaultOf("\"\\u12g4\""), "JSON: \\u wants four hex digits at byte 1");
  EXPECT_EQ(FaultOf("\"\\udc00\""), "JSON: low surrogate without a high one at byte 1");
  EXPECT_EQ(FaultOf("\"\\ud800x\""), "JSON: high surrogate without a low one at byte 1");
  EXPECT_EQ(FaultOf("\"a\xff\""), "JSON: invalid UTF-8 at byte 2");
  EXPECT_EQ(FaultOf(std::string_view()), FaultOf(""));
  EXPECT_EQ(FaultOf("\t\r\n x"), "JSON: expected a value, found \"x\" at byte 4");
  EXPECT_EQ(FaultOf(R"({"a":1,"b":x})"), "JSON: expected a value, found \"x\" at byte 11");
  EXPECT_EQ(FaultOf("\"\\"), "JSON: unknown escape in a string at byte 1");
  EXPECT_EQ(FaultOf(R"("\u12)"), R"(JSON: \u wants four hex digits at byte 1)");
}

// The scanner passes over all that is right, and finds the fault behind it.
TEST(JsonTest, FaultsBehindWhatIsRight) {
  const std::pair<std::string_view, size_t> right[] = {{R"("\ue000\uffff")", 14},
                                                       {R"("\ud83d\ude00")", 14},
                                                       {"1E5", 3},
                                                       {"1e-5", 4},
                                                       {"1e-999", 6},
                                                       {"0.5", 3},
                                                       {"-0.0e+00", 8}};
  for (const auto& [value, bytes] : right) {
    ASSERT_EQ(value.size(), bytes);
    EXPECT_EQ(FaultOf(Cat("[", value, ",x]")),
              Cat("JSON: expected a value, found \"x\" at byte ", bytes + 2));
  }
  EXPECT_EQ(FaultOf(std::string(400, '9') + ".5"), "JSON: number out of range at byte 0");
  EXPECT_EQ(FaultOf("1e9000000000000000000"), "JSON: number out of range at byte 0");
}

TEST(JsonTest, HighSurrogatesWantALowOne) {
  for (const std::string_view text :
       {R"("\ud800\n")", R"("\ud800\u12")", R"("\ud800\u0041")", R"("\ud800\ue000")"}) {
    EXPECT_EQ(FaultOf(text), "JSON: high surrogate without a low one at byte 1") << text;
  }
}

TEST(JsonTest, TooLong) {
  const absl::Status status = ParseJson(std::string(kMaxJsonBytes + 1, ' ')).status();
  EXPECT_EQ(CodeOf(status), ErrorCode::kResourceExhausted);
  EXPECT_EQ(MessageOf(status), "JSON of 134217729 bytes; the limit is 134217728");
}

TEST(JsonTest, FaultCodes) {
  EXPECT_EQ(CodeOf(ParseJson("[").status()), ErrorCode::kInvalidArgument);
  const std::string deepest = std::string(kMaxJsonDepth, '[') + std::string(kMaxJsonDepth, ']');
  EXPECT_TRUE(ParseJson(deepest).ok());
  EXPECT_EQ(CodeOf(ParseJson("[" + deepest + "]").status()), ErrorCode::kResourceExhausted);
  std::string objects;
  for (uint32_t i = 0; i <= kMaxJsonDepth; ++i) objects += "{\"a\":";
  objects += "1" + std::string(kMaxJsonDepth + 1, '}');
  EXPECT_EQ(CodeOf(ParseJson(objects).status()), ErrorCode::kResourceExhausted);
  const std::string bomb(1000000, '[');
  EXPECT_FALSE(ParseJson(bomb).ok());
}

// Whatever the parser accepts the scanner finds no fault in, and the other way round.
TEST(JsonTest, ParserAndScannerAgree) {
  const std::string_view pieces[] = {
      "{",    "}",    "[", "]",       ",",  ":",       "\"a\"",        "1", "-1", "0", "1.5", "1e3",
      "true", "null", " ", "\"\\n\"", "\"", "\\u00e9", "\"\xc3\xa9\"", "-", "."};
  std::mt19937 random(7);
  int accepted = 0;
  for (int round = 0; round < 200000; ++round) {
    std::string text;
    for (uint32_t left = random() % 7 + 1; left > 0; --left) {
      text += pieces[random() % std::size(pieces)];
    }
    const bool parsed = ParseJson(text).ok();
    ASSERT_EQ(parsed, !FindJsonFault(text).found) << text;
    accepted += parsed ? 1 : 0;
  }
  EXPECT_GT(accepted, 1000);
}

TEST(JsonTest, ParserKeepsItsBuffers) {
  JsonParser parser;
  for (int i = 0; i < 100; ++i) {
    const absl::StatusOr<JsonValue> value = parser.Parse(Cat("{\"i\":", i, "}"));
    ASSERT_TRUE(value.ok());
    EXPECT_EQ(value->Find("i")->int64_value(), i);
    EXPECT_FALSE(parser.Parse("{").ok());
  }
}

TEST(JsonTest, Equality) {
  EXPECT_TRUE(Parse("[1,{\"a\":\"b\"}]") == Parse(" [ 1 , {\"a\" : \"b\"}]"));
  EXPECT_FALSE(Parse("1") == Parse("1.0"));
  EXPECT_FALSE(Parse("[1]") == Parse("[2]"));
  EXPECT_FALSE(Parse("{\"a\":1}") == Parse("{\"b\":1}"));
  EXPECT_FALSE(Parse("[]") == Parse("{}"));
  EXPECT_FALSE(Parse("{}") == Parse("[]"));
}

TEST(JsonWriterTest, WritesCompactAndIndented) {
  const auto write = [](JsonWriter json) {
    json.BeginObject();
    json.Key("a").Int(-1).Key("b").BeginArray().Uint(2).Bool(false).Null().EndArray();
    json.Key("c").BeginObject().EndObject().Key("d").BeginArray().EndArray();
    json.Key("e").Raw("[0]").EndObject();
    return json.Take();
  };
  EXPECT_EQ(write(JsonWriter()), R"({"a":-1,"b":[2,false,null],"c":{},"d":[],"e":[0]})");
  EXPECT_EQ(write(JsonWriter(2)),
            "{\n  \"a\": -1,\n  \"b\": [\n    2,\n    false,\n    null\n  ],\n  \"c\": {},\n"
            "  \"d\": [],\n  \"e\": [0]\n}");
}

TEST(JsonWriterTest, StringsAreEscapedAndAlwaysValid) {
  JsonWriter json;
  json.String(std::string_view("q\" b\\ n\n t\t r\r z\0 \x1f \xff \xc3\xa9", 24));
  EXPECT_EQ(
      json.view(),
      std::string_view("\"q\\\" b\\\\ n\\n t\\t r\\r z\\u0000 \\u001f \xef\xbf\xbd \xc3\xa9\""));
  EXPECT_TRUE(ParseJson(json.view()).ok());
}

TEST(JsonWriterTest, NumbersReadBack) {
  std::mt19937_64 random(11);
  for (int i = 0; i < 10000; ++i) {
    const uint64_t bits = random();
    double value;
    std::memcpy(&value, &bits, sizeof(value));
    if (!std::isfinite(value)) continue;
    JsonWriter json;
    json.Double(value);
    const JsonValue read = Parse(json.view());
    ASSERT_TRUE(read.is_double()) << json.view();
    ASSERT_EQ(read.double_value(), value);
    const float narrow = static_cast<float>(value);
    if (!std::isfinite(narrow)) continue;
    JsonWriter short_json;
    short_json.Float(narrow);
    ASSERT_EQ(static_cast<float>(Parse(short_json.view()).double_value()), narrow);
  }
}

TEST(JsonWriterTest, WholeDoublesStayDoublesAndInfinityIsNull) {
  JsonWriter json;
  json.BeginArray().Double(3).Double(-0.0).Float(1e10f);
  json.Double(std::numeric_limits<double>::infinity()).Float(NAN).EndArray();
  EXPECT_EQ(json.view(), "[3.0,-0.0,1e+10,null,null]");
}

TEST(JsonWriterTest, ValueRoundTrips) {
  const std::string text =
      R"({"a":[1,-2,18446744073709551615,0.5,"x",true,null,{"b":[]}],"a":"again"})";
  EXPECT_EQ(ToJson(Parse(text)), text);
}

}  // namespace
}  // namespace segue

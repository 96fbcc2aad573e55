// SPDX-License-Identifier: Apache-2.0
//
// Members of JSON objects: what is read, what is left as it was, and what a mistake is told as.
#include "engine/schema/json_object.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "engine/base/strings.h"
#include "segue/status.h"

namespace segue {
namespace {

JsonValue Parsed(std::string_view json) {
  const absl::StatusOr<JsonValue> parsed = ParseJson(json);
  EXPECT_TRUE(parsed.ok()) << json << ": " << parsed.status();
  return parsed.value_or(JsonValue());
}

void ExpectRefused(const absl::Status& status, const std::string& message) {
  EXPECT_EQ(CodeOf(status), ErrorCode::kInvalidArgument) << message;
  EXPECT_EQ(status.message(), message);
}

TEST(JsonObjectTest, MembersAreThoseThatAreKnown) {
  const auto check = [](std::string_view json) {
    return CheckObject(Parsed(json), "the part", {"minimum", "maximum"});
  };
  EXPECT_TRUE(check("{}").ok());
  EXPECT_TRUE(check(R"({"maximum":1,"minimum":null})").ok()) << "in any order, of any type";
  ExpectRefused(check(R"({"minimun":1})"),
                "the part: unknown member \"minimun\"; did you mean \"minimum\"?");
  ExpectRefused(check(R"({"max":1})"),
                "the part: unknown member \"max\"; did you mean \"maximum\"?");
  ExpectRefused(check(R"({"minimum":1,"minimum":1})"), "the part: \"minimum\" stands twice");
  // What stands twice is said first: it may be the known name meant.
  ExpectRefused(check(R"({"x":1,"x":1})"), "the part: \"x\" stands twice");
  // Names are compared as they are read, not as they are written.
  ExpectRefused(check(R"({"minimum":1,"m\u0069nimum":1})"), "the part: \"minimum\" stands twice");
  ExpectRefused(check(R"({"Minimum":1})"),
                "the part: unknown member \"Minimum\"; did you mean \"minimum\"?");
}

TEST(JsonObjectTest, NoObjectIsNamedByItsKind) {
  for (const char* json : {"null", "true", "1", "1.5", "\"a\"", "[]", "18446744073709551615"}) {
    const JsonValue value = Parsed(json);
    for (const absl::Status& status : {CheckObject(value, "it", {"a"}), CheckKnown(value, "it", {}),
                                       CheckUniqueMembers(value, "it")}) {
      ExpectRefused(status, Cat("it must be an object, not ", value.kind_name()));
    }
  }
}

TEST(JsonObjectTest, AnyNamesButEachOnce) {
  EXPECT_TRUE(CheckUniqueMembers(Parsed(R"({"a":1,"b":2,"":3})"), "it").ok());
  ExpectRefused(CheckUniqueMembers(Parsed(R"({"":1,"a":2,"":3})"), "it"), "it: \"\" stands twice");
  EXPECT_TRUE(CheckKnown(Parsed("{}"), "it", {}).ok());
  ExpectRefused(CheckKnown(Parsed(R"({"a":1})"), "it", {}),
                "it: unknown member \"a\"; did you mean \"\"?");
}

// --- Readers: one after another over each kind of value ---

const char* const kValues[] = {"null",  "true", "7",       "-2.5", "18446744073709551615",
                               "\"x\"", "[]",   "[\"x\"]", "{}"};

// What a reader does with each value: the ones it takes, by their place in kValues.
void ExpectTakes(const std::function<absl::Status(const JsonValue&)>& read,
                 const std::vector<size_t>& takes, const std::string& wanted) {
  for (size_t i = 0; i < std::size(kValues); ++i) {
    const JsonValue object = Parsed(Cat("{\"m\":", kValues[i], "}"));
    const absl::Status status = read(object);
    const bool is_taken = std::find(takes.begin(), takes.end(), i) != takes.end();
    EXPECT_EQ(status.ok(), is_taken) << kValues[i] << ": " << status;
    if (!is_taken) {
      ExpectRefused(status,
                    Cat("it: \"m\" must be ", wanted, ", not ", object.Find("m")->kind_name()));
    }
  }
  EXPECT_TRUE(read(Parsed("{}")).ok()) << "a member need not be there";
  EXPECT_TRUE(read(Parsed(R"({"n":{}})")).ok()) << "others are not looked at";
}

TEST(JsonObjectTest, EachReaderTakesItsKind) {
  std::string text = "as it was";
  ExpectTakes([&](const JsonValue& json) { return ReadString(json, "it", "m", &text); }, {5},
              "a string");
  EXPECT_EQ(text, "x");
  bool truth = false;
  ExpectTakes([&](const JsonValue& json) { return ReadBool(json, "it", "m", &truth); }, {1},
              "true or false");
  EXPECT_TRUE(truth);
  float number = 0;
  ExpectTakes([&](const JsonValue& json) { return ReadFloat(json, "it", "m", &number); }, {2, 3, 4},
              "a number");
  EXPECT_EQ(number, 18446744073709551616.0f) << "the last one that was taken";
  double more = 0;
  ExpectTakes([&](const JsonValue& json) { return ReadDouble(json, "it", "m", &more); }, {2, 3, 4},
              "a number");
  EXPECT_EQ(more, 18446744073709551616.0);
  std::vector<std::string> texts;
  ExpectTakes([&](const JsonValue& json) { return ReadStrings(json, "it", "m", &texts); }, {6, 7},
              "a list of strings");
  EXPECT_EQ(texts, std::vector<std::string>{"x"});
}

// A default that was set before stays where the member is missing or refused.
TEST(JsonObjectTest, WhatIsNotReadStays) {
  const JsonValue none = Parsed("{}"), wrong = Parsed(R"({"m":null})");
  std::string text = "before";
  bool truth = true;
  float number = 1.5f;
  double more = 2.5;
  std::vector<std::string> texts = {"a", "b"};
  for (const JsonValue& json : {none, wrong}) {
    EXPECT_EQ(ReadString(json, "it", "m", &text).ok(), json == none);
    EXPECT_EQ(ReadBool(json, "it", "m", &truth).ok(), json == none);
    EXPECT_EQ(ReadFloat(json, "it", "m", &number).ok(), json == none);
    EXPECT_EQ(ReadDouble(json, "it", "m", &more).ok(), json == none);
    EXPECT_EQ(ReadStrings(json, "it", "m", &texts).ok(), json == none);
  }
  EXPECT_EQ(text, "before");
  EXPECT_TRUE(truth);
  EXPECT_EQ(number, 1.5f);
  EXPECT_EQ(more, 2.5);
  EXPECT_EQ(texts, (std::vector<std::string>{"a", "b"}));
  // A list replaces what was there, also with none.
  EXPECT_TRUE(ReadStrings(Parsed(R"({"m":["c"]})"), "it", "m", &texts).ok());
  EXPECT_EQ(texts, std::vector<std::string>{"c"});
  EXPECT_TRUE(ReadStrings(Parsed(R"({"m":[]})"), "it", "m", &texts).ok());
  EXPECT_TRUE(texts.empty());
}

TEST(JsonObjectTest, FloatsAreTheNearestAndNeverInfinite) {
  const auto read = [](std::string_view json) -> absl::StatusOr<float> {
    float number = -1;
    const absl::Status status = ReadFloat(Parsed(Cat("{\"m\":", json, "}")), "it", "m", &number);
    if (!status.ok()) return status;
    return number;
  };
  EXPECT_EQ(read("0.1").value(), 0.1f);
  EXPECT_EQ(read("16777217").value(), 16777216.0f) << "rounded to even";
  EXPECT_EQ(read("1e-60").value(), 0.0f);
  EXPECT_EQ(read("3.4028234663852886e38").value(), std::numeric_limits<float>::max());
  EXPECT_EQ(read("-3.4028234663852886e38").value(), std::numeric_limits<float>::lowest());
  EXPECT_EQ(read("3.4028234663852887e38").value(), std::numeric_limits<float>::max());
  for (const char* json : {"3.4028235677973366e38", "1e39", "-1e39", "1e308"}) {
    const absl::Status status = read(json).status();
    EXPECT_EQ(CodeOf(status), ErrorCode::kInvalidArgument) << json;
    EXPECT_NE(status.message().find("it: \"m\" is too large: "), std::string::npos) << status;
  }
}

TEST(JsonObjectTest, OneStrangeElementSpoilsAList) {
  std::vector<std::string> texts;
  for (const char* json : {"[1]", "[\"a\",null]", "[\"a\",[\"b\"]]", "[{}]", "[\"a\",true]"}) {
    const JsonValue object = Parsed(Cat("{\"m\":", json, "}"));
    const JsonValue& strange = object.Find("m")->elements().back();
    ExpectRefused(ReadStrings(object, "it", "m", &texts),
                  Cat("it: \"m\" must be a list of strings only, not ", strange.kind_name()));
  }
}

}  // namespace
}  // namespace segue

// SPDX-License-Identifier: Apache-2.0
#include "engine/schema/value.h"

#include <gtest/gtest.h>

#include "segue/status.h"

namespace segue {
namespace {

absl::StatusOr<Value> FromJsonText(const std::string& json, FieldType type) {
  absl::StatusOr<JsonValue> parsed = ParseJson(json);
  EXPECT_TRUE(parsed.ok()) << json;
  return ValueOfJson(*parsed, type);
}

void ExpectValue(const absl::StatusOr<Value>& value, const Value& wanted) {
  ASSERT_TRUE(value.ok()) << value.status();
  EXPECT_EQ(*value, wanted);
}

TEST(ValueTest, JsonForms) {
  using enum FieldType;
  ExpectValue(FromJsonText("\"a\"", kText), "a");
  ExpectValue(FromJsonText("12", kKeyword), "12");
  ExpectValue(FromJsonText("18446744073709551615", kKeyword), "18446744073709551615");
  ExpectValue(FromJsonText("2.5", kText), "2.5");
  ExpectValue(FromJsonText("true", kKeyword), "true");
  ExpectValue(FromJsonText("9007199254740993", kInt64), int64_t{9007199254740993});
  ExpectValue(FromJsonText("-9223372036854775808", kInt64), INT64_MIN);
  ExpectValue(FromJsonText("3.0", kInt64), int64_t{3});
  ExpectValue(FromJsonText("3", kFloat64), 3.0);
  ExpectValue(FromJsonText("18446744073709551615", kFloat64), 18446744073709551616.0);
  ExpectValue(FromJsonText("false", kBool), false);
  ExpectValue(FromJsonText("\"1970-01-01T00:00:01Z\"", kTimestamp), int64_t{1000000});
  ExpectValue(FromJsonText("5", kTimestamp), int64_t{5});
  ExpectValue(FromJsonText("\"AP8=\"", kBytes), std::string("\0\xff", 2));
}

TEST(ValueTest, RefusesWhatTheTypeCannotHold) {
  using enum FieldType;
  const std::pair<const char*, FieldType> bad[] = {{"\"12\"", kInt64},
                                                   {"2.5", kInt64},
                                                   {"1e19", kInt64},
                                                   {"true", kInt64},
                                                   {"9223372036854775808", kInt64},
                                                   {"\"x\"", kFloat64},
                                                   {"true", kFloat64},
                                                   {"1", kBool},
                                                   {"\"true\"", kBool},
                                                   {"\"noon\"", kTimestamp},
                                                   {"true", kTimestamp},
                                                   {"1.5", kTimestamp},
                                                   {"\"a\"", kBytes},
                                                   {"1", kBytes},
                                                   {"{}", kText},
                                                   {"[1]", kKeyword},
                                                   {"null", kText}};
  for (const auto& [json, type] : bad) {
    absl::Status status = FromJsonText(json, type).status();
    EXPECT_EQ(CodeOf(status), ErrorCode::kInvalidArgument) << json;
  }
  EXPECT_EQ(FromJsonText("{}", kText).status().message(),
            "a field of type text takes text, a number or a truth value, found an "
            "object");
}

TEST(ValueTest, TextForms) {
  using enum FieldType;
  ExpectValue(ValueOfText("-42", kInt64), int64_t{-42});
  ExpectValue(ValueOfText("1e3", kFloat64), 1000.0);
  ExpectValue(ValueOfText("true", kBool), true);
  ExpectValue(ValueOfText("2024-02-29", kTimestamp), int64_t{1709164800000000});
  ExpectValue(ValueOfText("77", kTimestamp), int64_t{77});
  ExpectValue(ValueOfText("Zm8=", kBytes), "fo");
  ExpectValue(ValueOfText("007", kKeyword), "007");
  for (const char* text : {"", " 1", "1 ", "+1", "0x1", "1.0", "9223372036854775808"}) {
    EXPECT_FALSE(ValueOfText(text, kInt64).ok()) << text;
  }
  for (const char* text : {"", "inf", "nan", "1e999", "1,5", "1 "}) {
    EXPECT_FALSE(ValueOfText(text, kFloat64).ok()) << text;
  }
  EXPECT_FALSE(ValueOfText("True", kBool).ok());
  EXPECT_FALSE(ValueOfText("19:59", kTimestamp).ok());
}

TEST(ValueTest, Converts) {
  using enum FieldType;
  ExpectValue(ConvertValue(int64_t{5}, kText), "5");
  ExpectValue(ConvertValue(0.1, kKeyword), "0.1");
  ExpectValue(ConvertValue(int64_t{5}, kFloat64), 5.0);
  ExpectValue(ConvertValue(std::string("\xff"), kBytes), "\xff");
  ExpectValue(ConvertValue("1970-01-01", kTimestamp), int64_t{0});
  EXPECT_FALSE(ConvertValue("5", kInt64).ok());
  EXPECT_FALSE(ConvertValue(0x1p63, kInt64).ok());
  ExpectValue(ConvertValue(-0x1p63, kInt64), INT64_MIN);
  EXPECT_FALSE(ConvertValue(std::string("true"), kBool).ok());
}

}  // namespace
}  // namespace segue

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
  ExpectValue(FromJsonText(R"({"lat":48.1,"lon":11})", kGeoPoint), GeoPoint{48.1, 11});
  ExpectValue(FromJsonText(R"({"lon":-180,"lat":-90})", kGeoPoint), GeoPoint{-90, -180});
  ExpectValue(FromJsonText("\"48.1,11\"", kGeoPoint), GeoPoint{48.1, 11});
  ExpectValue(FromJsonText("\"48.1,  -1e1\"", kGeoPoint), GeoPoint{48.1, -10});
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
                                                   {"{}", kGeoPoint},
                                                   {R"({"lat":1})", kGeoPoint},
                                                   {R"({"lon":1})", kGeoPoint},
                                                   {R"({"lat":1,"lon":2,"x":3})", kGeoPoint},
                                                   {R"({"lat":1,"lat":2,"lon":3})", kGeoPoint},
                                                   {R"({"lat":"1","lon":2})", kGeoPoint},
                                                   {R"({"lat":90.1,"lon":2})", kGeoPoint},
                                                   {R"({"lat":1,"lon":-180.1})", kGeoPoint},
                                                   {"\"\"", kGeoPoint},
                                                   {"\"1\"", kGeoPoint},
                                                   {"\"1,\"", kGeoPoint},
                                                   {"\"1,2,3\"", kGeoPoint},
                                                   {"\" 1,2\"", kGeoPoint},
                                                   {"\"1 ,2\"", kGeoPoint},
                                                   {"\"nan,2\"", kGeoPoint},
                                                   {"\"91,2\"", kGeoPoint},
                                                   {"48.1", kGeoPoint},
                                                   {"true", kGeoPoint},
                                                   {R"({"lat":1,"lon":2})", kFloat64},
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
  ExpectValue(ValueOfText("-1.5, 180", kGeoPoint), GeoPoint{-1.5, 180});
  EXPECT_FALSE(ValueOfText("1.5", kGeoPoint).ok());
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
  ExpectValue(ConvertValue(GeoPoint{1.5, -2}, kKeyword), "1.5,-2");
  ExpectValue(ConvertValue(GeoPoint{1.5, -2}, kGeoPoint), GeoPoint{1.5, -2});
  ExpectValue(ConvertValue("1.5,-2", kGeoPoint), GeoPoint{1.5, -2});
  EXPECT_FALSE(ConvertValue(GeoPoint{91, 0}, kGeoPoint).ok());
  EXPECT_FALSE(ConvertValue(GeoPoint{1, 0}, kFloat64).ok());
  EXPECT_FALSE(ConvertValue("5", kInt64).ok());
  EXPECT_FALSE(ConvertValue(0x1p63, kInt64).ok());
  ExpectValue(ConvertValue(-0x1p63, kInt64), INT64_MIN);
  EXPECT_FALSE(ConvertValue(std::string("true"), kBool).ok());
}

}  // namespace
}  // namespace segue

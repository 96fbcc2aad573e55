// SPDX-License-Identifier: Apache-2.0
//
// Values of each type from JSON, from text and from other values: what one way in takes, comes out
// and goes in again as it was.
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/strings.h"
#include "engine/schema/base64.h"
#include "engine/schema/value.h"
#include "segue/status.h"
#include "tests/support/seeded_random.h"

namespace segue {
namespace {

using enum FieldType;
using Limits = std::numeric_limits<int64_t>;

// Numbers at the edges of what the types hold, and any others.
int64_t RandomInteger(SeededRandom* random) {
  switch (random->Below(4)) {
    case 0:
      return static_cast<int64_t>(random->Below(200)) - 100;
    case 1: {
      // Near a power of two: where a double begins to have gaps, above all.
      const auto power = static_cast<int64_t>(uint64_t{1} << random->Below(63));
      return (random->OneIn(2) ? power : -power) + static_cast<int64_t>(random->Below(3)) - 1;
    }
    case 2:
      return random->OneIn(2) ? Limits::min() + static_cast<int64_t>(random->Below(3))
                              : Limits::max() - static_cast<int64_t>(random->Below(3));
    default:
      return static_cast<int64_t>(random->Next());
  }
}

double RandomDouble(SeededRandom* random) {
  while (true) {
    const double number = random->OneIn(3) ? static_cast<double>(RandomInteger(random)) / 4
                                           : std::bit_cast<double>(random->Next());
    if (std::isfinite(number)) return number;
  }
}

std::string RandomBytes(SeededRandom* random) {
  std::string bytes;
  for (uint64_t left = random->Below(12); left > 0; --left) {
    bytes += static_cast<char>(random->Below(256));
  }
  return bytes;
}

Value RandomValue(SeededRandom* random, FieldType type) {
  static const char* const kTexts[] = {"", "a", "true", "12", "\"\\\n", "日本", "null", " x "};
  switch (type) {
    case kText:
    case kKeyword:
      return std::string(kTexts[random->Below(std::size(kTexts))]);
    case kInt64:
    case kTimestamp:
      return RandomInteger(random);
    case kFloat64:
      return RandomDouble(random);
    case kBool:
      return random->OneIn(2);
    default:
      return RandomBytes(random);
  }
}

constexpr FieldType kSomeTypes[] = {kText, kKeyword, kInt64, kFloat64, kBool, kTimestamp, kBytes};

// What is stored is printed, edited and added again: nothing may be lost on the way.
TEST(ValueConversionTest, EveryValueComesBackFromJson) {
  SeededRandom random(741);
  for (const FieldType type : kSomeTypes) {
    for (int round = 0; round < 1000; ++round) {
      const Value value = RandomValue(&random, type);
      JsonWriter json;
      WriteValue(value, type, &json);
      const std::string written = json.Take();
      const absl::StatusOr<JsonValue> parsed = ParseJson(written);
      ASSERT_TRUE(parsed.ok()) << written;
      const absl::StatusOr<Value> back = ValueOfJson(*parsed, type);
      ASSERT_TRUE(back.ok()) << FieldTypeName(type) << " " << written << ": " << back.status();
      EXPECT_EQ(*back, value) << FieldTypeName(type) << " " << written;
    }
  }
}

// What a hit shows can be typed into a query.
TEST(ValueConversionTest, EveryValueComesBackFromItsText) {
  SeededRandom random(742);
  for (const FieldType type : kSomeTypes) {
    for (int round = 0; round < 1000; ++round) {
      const Value value = RandomValue(&random, type);
      const std::string text =
          type == kBytes ? EncodeBase64(std::get<std::string>(value)) : TextOfValue(value);
      const absl::StatusOr<Value> back = ValueOfText(text, type);
      ASSERT_TRUE(back.ok()) << FieldTypeName(type) << " " << text << ": " << back.status();
      EXPECT_EQ(*back, value) << FieldTypeName(type) << " " << text;
    }
  }
}

TEST(ValueConversionTest, ConvertingTwiceIsConvertingOnce) {
  SeededRandom random(743);
  size_t converted = 0;
  for (int round = 0; round < 4000; ++round) {
    const FieldType from = kSomeTypes[random.Below(std::size(kSomeTypes))];
    const FieldType to = kSomeTypes[random.Below(std::size(kSomeTypes))];
    const Value value = RandomValue(&random, from);
    const absl::StatusOr<Value> once = ConvertValue(value, to);
    if (from == to) {
      ASSERT_TRUE(once.ok()) << once.status();
      EXPECT_EQ(*once, value);
    }
    if (!once.ok()) {
      EXPECT_EQ(CodeOf(once.status()), ErrorCode::kInvalidArgument);
      continue;
    }
    ++converted;
    const absl::StatusOr<Value> twice = ConvertValue(*once, to);
    ASSERT_TRUE(twice.ok()) << twice.status();
    EXPECT_EQ(*twice, *once);
  }
  EXPECT_GT(converted, 1000u);
}

// By the definition: a double is an integer if it has no fraction and lies in the range.
TEST(ValueConversionTest, DoublesAsIntegers) {
  SeededRandom random(744);
  const auto check = [](double number) {
    const bool fits = number == std::trunc(number) && number >= -9223372036854775808.0 &&
                      number < 9223372036854775808.0;
    for (const FieldType type : {kInt64, kTimestamp}) {
      const absl::StatusOr<Value> value = ConvertValue(number, type);
      ASSERT_EQ(value.ok(), fits) << number;
      if (fits) {
        EXPECT_EQ(static_cast<double>(std::get<int64_t>(*value)), number);
      }
    }
  };
  for (int round = 0; round < 2000; ++round) check(RandomDouble(&random));
  for (const double number : {0.0, -0.0, 0.5, -0.5, 1e-300, 9007199254740993.0, 0x1p63, -0x1p63,
                              std::nextafter(0x1p63, 0), std::nextafter(-0x1p63, -INFINITY), 1e300,
                              -1e300, double{INFINITY}, -double{INFINITY}, std::nan("")}) {
    check(number);
  }
}

struct Case {
  const char* json;
  FieldType type;
  std::optional<Value> wanted;  // nothing: refused
};

std::optional<Value> ReadJson(const char* json, FieldType type) {
  const absl::StatusOr<JsonValue> parsed = ParseJson(json);
  EXPECT_TRUE(parsed.ok()) << json << ": " << parsed.status();
  if (!parsed.ok()) return std::nullopt;
  const absl::StatusOr<Value> value = ValueOfJson(*parsed, type);
  if (value.ok()) return *value;
  EXPECT_EQ(CodeOf(value.status()), ErrorCode::kInvalidArgument) << json;
  return std::nullopt;
}

TEST(ValueConversionTest, NumbersOfJsonAtTheirEdges) {
  const Case cases[] = {
      {"9223372036854775807", kInt64, Limits::max()},
      {"9223372036854775808", kInt64, {}},
      {"-9223372036854775808", kInt64, Limits::min()},
      {"-9223372036854775808.0", kInt64, Limits::min()},
      {"9223372036854775807.0", kInt64, {}},  // as a double this is 2^63
      {"9223372036854774784.0", kInt64, int64_t{9223372036854774784}},
      {"1e18", kInt64, int64_t{1000000000000000000}},
      {"1e19", kInt64, {}},
      {"-0", kInt64, int64_t{0}},
      {"-0.0", kInt64, int64_t{0}},
      {"0.1e1", kInt64, int64_t{1}},
      {"1e-1", kInt64, {}},
      {"18446744073709551615", kTimestamp, {}},
      {"9223372036854775807", kTimestamp, Limits::max()},
      {"9007199254740993", kFloat64, 9007199254740992.0},  // the nearest, to even
      {"9223372036854775807", kFloat64, 9223372036854775808.0},
      {"4.9e-324", kFloat64, 4.9e-324},
      {"1e-400", kFloat64, 0.0},
      {"1.7976931348623157e308", kFloat64, 1.7976931348623157e308},
      {"0", kFloat64, 0.0},
      {"9223372036854775808", kKeyword, "9223372036854775808"},
      {"18446744073709551615", kText, "18446744073709551615"},
      {"-9223372036854775808", kKeyword, "-9223372036854775808"},
      {"1.0", kKeyword, "1"},
      {"1e2", kKeyword, "100"},
      {"0.1", kText, "0.1"},
      {"true", kText, "true"},
      {"\"\"", kText, ""},
      {"\"\\u0000\"", kKeyword, std::string(1, '\0')},
      {"\"\\ud83d\\ude00\"", kKeyword, "😀"},
      {"\"\"", kBytes, ""},
      {"\"\"", kTimestamp, {}},
      {"\"1\"", kTimestamp, {}},  // a number is no RFC 3339
      {"\"1.5\"", kFloat64, {}},
      {"\"true\"", kBool, {}},
      {"0", kBool, {}},
  };
  for (const Case& one : cases) {
    EXPECT_EQ(ReadJson(one.json, one.type), one.wanted)
        << one.json << " as " << FieldTypeName(one.type);
  }
}

TEST(ValueConversionTest, TextIsTheWholeNumber) {
  const Case cases[] = {
      {"0", kInt64, int64_t{0}},
      {"-0", kInt64, int64_t{0}},
      {"007", kInt64, int64_t{7}},
      {"9223372036854775807", kInt64, Limits::max()},
      {"-9223372036854775808", kInt64, Limits::min()},
      {"-9223372036854775809", kInt64, {}},
      {"1e3", kInt64, {}},
      {"--1", kInt64, {}},
      {"1_000", kInt64, {}},
      {"１", kInt64, {}},
      {"-", kInt64, {}},
      {".5", kFloat64, 0.5},
      {"5.", kFloat64, 5.0},
      {"-1E-2", kFloat64, -0.01},
      {"1e308", kFloat64, 1e308},
      {"1e309", kFloat64, {}},
      {"-inf", kFloat64, {}},
      {"nan(1)", kFloat64, {}},
      {"0x10", kFloat64, {}},
      {"+1", kFloat64, {}},
      {"1f", kFloat64, {}},
      {"true", kBool, true},
      {"false", kBool, false},
      {"TRUE", kBool, {}},
      {"1", kBool, {}},
      {"", kBool, {}},
      {"-1", kTimestamp, int64_t{-1}},
      {"2024", kTimestamp, int64_t{2024}},  // microseconds, not a year
      {"1.5", kTimestamp, {}},
      {"1970-01-02", kTimestamp, int64_t{86'400'000'000}},
      {"", kKeyword, ""},
      {" a ", kKeyword, " a "},
      {"", kBytes, ""},
      {"AA==", kBytes, std::string(1, '\0')},
      {"AA", kBytes, {}},
  };
  for (const Case& one : cases) {
    const absl::StatusOr<Value> value = ValueOfText(one.json, one.type);
    EXPECT_EQ(value.ok(), one.wanted.has_value()) << one.json << " as " << FieldTypeName(one.type);
    if (value.ok() && one.wanted) {
      EXPECT_EQ(*value, *one.wanted) << one.json;
    }
  }
}

// Who sees the message knows what to write instead.
TEST(ValueConversionTest, MessagesSayTheTypeWhatItTakesAndWhatCame) {
  const std::pair<absl::Status, const char*> cases[] = {
      {ConvertValue(std::string("x"), kInt64).status(),
       "a field of type int64 takes a 64-bit integer, found x"},
      {ConvertValue(2.5, kInt64).status(), "takes a 64-bit integer, found 2.5"},
      {ConvertValue(true, kFloat64).status(), "a field of type float64 takes a number, found true"},
      {ConvertValue(int64_t{1}, kBool).status(),
       "a field of type bool takes true or false, found 1"},
      {ConvertValue(false, kTimestamp).status(),
       "takes an RFC 3339 time or integer microseconds since 1970, found false"},
      {ConvertValue(0.5, kBytes).status(), "a field of type bytes takes base64 text, found 0.5"},
      {ValueOfText("x\xff", kInt64).status(), "\\xff"},
      {ValueOfText("A", kBytes).status(), "not base64"},
  };
  for (const auto& [status, message] : cases) {
    EXPECT_EQ(CodeOf(status), ErrorCode::kInvalidArgument) << message;
    std::string plain(status.message());
    std::erase(plain, '"');
    EXPECT_NE(plain.find(message), std::string::npos) << status;
  }
}

// Base64 against bits written out one by one.
TEST(ValueConversionTest, Base64IsSixBitsAtATime) {
  SeededRandom random(745);
  constexpr std::string_view kLetters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (int round = 0; round < 500; ++round) {
    const std::string bytes = RandomBytes(&random);
    std::string bits, wanted;
    for (const char byte : bytes) {
      for (int bit = 7; bit >= 0; --bit) bits += (byte >> bit & 1) != 0 ? '1' : '0';
    }
    while (bits.size() % 6 != 0) bits += '0';
    for (size_t at = 0; at < bits.size(); at += 6) {
      wanted += kLetters[std::stoul(bits.substr(at, 6), nullptr, 2)];
    }
    while (wanted.size() % 4 != 0) wanted += '=';
    EXPECT_EQ(EncodeBase64(bytes), wanted);
    const absl::StatusOr<std::string> back = DecodeBase64(wanted);
    ASSERT_TRUE(back.ok()) << back.status();
    EXPECT_EQ(*back, bytes);
    // Every byte string has one form: another last letter with the same bytes is none.
    if (bytes.size() % 3 == 0) continue;
    std::string other = wanted;
    char& last = other[other.find_last_not_of('=')];
    last = kLetters[kLetters.find(last) + 1];
    EXPECT_FALSE(DecodeBase64(other).ok()) << other;
  }
}

}  // namespace
}  // namespace segue

// SPDX-License-Identifier: Apache-2.0
#include "engine/schema/timestamp.h"

#include <gtest/gtest.h>

#include <limits>
#include <random>

#include "segue/status.h"

namespace segue {
namespace {

int64_t Parsed(std::string_view text) {
  absl::StatusOr<int64_t> micros = ParseTimestamp(text);
  EXPECT_TRUE(micros.ok()) << text << ": " << micros.status();
  return micros.value_or(-1);
}

TEST(TimestampTest, KnownTimes) {
  EXPECT_EQ(Parsed("1970-01-01T00:00:00Z"), 0);
  EXPECT_EQ(Parsed("1970-01-01"), 0);
  EXPECT_EQ(Parsed("2000-03-01T00:00:00Z"), 951868800'000000);
  EXPECT_EQ(Parsed("2024-02-29T13:45:00.25+01:00"), 1709210700'250000);
  EXPECT_EQ(Parsed("2024-02-29 12:45:00.25z"), 1709210700'250000);
  EXPECT_EQ(Parsed("1969-12-31T23:59:59.999999Z"), -1);
  EXPECT_EQ(Parsed("0000-01-01T00:00:00Z"), -62167219200'000000);
  EXPECT_EQ(Parsed("9999-12-31T23:59:59Z"), 253402300799'000000);
  EXPECT_EQ(Parsed("2024-01-01T00:00:00-00:30"), 1704069000'000000);
  EXPECT_EQ(Parsed("2016-12-31T23:59:60Z"), Parsed("2017-01-01T00:00:00Z"));
  // Beyond microseconds: cut off.
  EXPECT_EQ(Parsed("1970-01-01T00:00:00.1234567899Z"), 123456);
}

TEST(TimestampTest, RefusesWithTheReason) {
  const std::pair<const char*, const char*> bad[] = {
      {"", "year (4 digits) expected"},
      {"2024", "'-' expected at byte 4"},
      {"2024-13-01", "month 13 is not in 1..12 at byte 5"},
      {"2024-00-01", "month 0 is not in 1..12 at byte 5"},
      {"2023-02-29", "day 29 is not in 1..28"},
      {"1900-02-29", "day 29 is not in 1..28"},
      {"2024-01-01T", "hour (2 digits) expected"},
      {"2024-01-01T24:00:00Z", "hour 24"},
      {"2024-01-01T00:00:00", "a zone (Z or +hh:mm) expected"},
      {"2024-01-01T00:00:00.Z", "digits of a second expected"},
      {"2024-01-01T00:00:00+1:00", "zone hours (2 digits) expected"},
      {"2024-01-01T00:00:00Zx", "the end expected at byte 20"},
      {"-024-01-01", "year (4 digits) expected"}};
  for (const auto& [text, reason] : bad) {
    absl::Status status = ParseTimestamp(text).status();
    EXPECT_EQ(CodeOf(status), ErrorCode::kInvalidArgument) << text;
    EXPECT_NE(status.message().find(reason), std::string::npos) << text << ": " << status;
  }
}

TEST(TimestampTest, Formats) {
  EXPECT_EQ(FormatTimestamp(0), "1970-01-01T00:00:00Z");
  EXPECT_EQ(FormatTimestamp(-1), "1969-12-31T23:59:59.999999Z");
  EXPECT_EQ(FormatTimestamp(1709210700'250000), "2024-02-29T12:45:00.25Z");
  EXPECT_EQ(FormatTimestamp(253402300800'000000), "253402300800000000");
  EXPECT_EQ(FormatTimestamp(std::numeric_limits<int64_t>::min()), "-9223372036854775808");
  EXPECT_EQ(FormatTimestamp(std::numeric_limits<int64_t>::max()), "9223372036854775807");
}

TEST(TimestampTest, EveryDayRoundTrips) {
  constexpr int64_t kDay = 86'400'000'000;
  for (int64_t micros = -62167219200'000000; micros < 253402300800'000000;
       micros += 17 * kDay + 12'345'678'901) {
    ASSERT_EQ(Parsed(FormatTimestamp(micros)), micros);
  }
}

}  // namespace
}  // namespace segue

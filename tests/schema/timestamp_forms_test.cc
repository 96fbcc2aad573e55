// SPDX-License-Identifier: Apache-2.0
//
// Times against a calendar that counts days one by one, in all the forms that RFC 3339 allows.
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/strings.h"
#include "engine/schema/timestamp.h"
#include "segue/status.h"
#include "tests/support/seeded_random.h"

namespace segue {
namespace {

bool IsLeap(int year) { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; }

int DaysOf(int year, int month) {
  switch (month) {
    case 2:
      return IsLeap(year) ? 29 : 28;
    case 4:
    case 6:
    case 9:
    case 11:
      return 30;
    default:
      return 31;
  }
}

std::string Padded(int64_t number, size_t digits) {
  std::string text = Cat(number);
  if (text.size() < digits) text.insert(0, digits - text.size(), '0');
  return text;
}

// Since 1970-01-01, for the first of January of each year: counted, not reckoned.
const std::vector<int64_t>& YearBegins() {
  static const std::vector<int64_t> begins = [] {
    std::vector<int64_t> days(10001);
    for (int year = 1970; year < 10000; ++year) {
      days[year + 1] = days[year] + (IsLeap(year) ? 366 : 365);
    }
    for (int year = 1969; year >= 0; --year) {
      days[year] = days[year + 1] - (IsLeap(year) ? 366 : 365);
    }
    return days;
  }();
  return begins;
}

struct Moment {
  int year = 1970, month = 1, day = 1;
  int hour = 0, minute = 0, second = 0, micro = 0;

  std::string Date() const {
    return Cat(Padded(year, 4), "-", Padded(month, 2), "-", Padded(day, 2));
  }
  std::string Time() const {
    return Cat(Padded(hour, 2), ":", Padded(minute, 2), ":", Padded(second, 2));
  }
  int64_t Micros() const {
    int64_t days = YearBegins()[year] + day - 1;
    for (int before = 1; before < month; ++before) days += DaysOf(year, before);
    return ((days * 24 + hour) * 60 + minute) * 60'000'000 + second * 1'000'000 + micro;
  }
};

Moment RandomMoment(SeededRandom* random) {
  Moment moment;
  moment.year = static_cast<int>(random->Below(10000));
  moment.month = static_cast<int>(random->Between(1, 12));
  moment.day = static_cast<int>(random->Between(1, DaysOf(moment.year, moment.month)));
  moment.hour = static_cast<int>(random->Below(24));
  moment.minute = static_cast<int>(random->Below(60));
  moment.second = static_cast<int>(random->Below(60));
  moment.micro = static_cast<int>(random->Below(1'000'000));
  return moment;
}

int64_t Read(std::string_view text) {
  const absl::StatusOr<int64_t> micros = ParseTimestamp(text);
  EXPECT_TRUE(micros.ok()) << text << ": " << micros.status();
  return micros.value_or(INT64_MIN);
}

TEST(TimestampFormsTest, EveryDayOfEveryMonthCounts) {
  for (const int year : {0, 1, 4, 100, 400, 1582, 1600, 1899, 1900, 1970, 1999, 2000, 2023, 2024,
                         2100, 2400, 9999}) {
    for (int month = 1; month <= 12; ++month) {
      for (int day = 1; day <= DaysOf(year, month); ++day) {
        const Moment moment = {.year = year, .month = month, .day = day};
        ASSERT_EQ(Read(moment.Date()), moment.Micros()) << moment.Date();
        ASSERT_EQ(FormatTimestamp(moment.Micros()), moment.Date() + "T00:00:00Z");
      }
      const Moment none = {.year = year, .month = month, .day = DaysOf(year, month) + 1};
      EXPECT_FALSE(ParseTimestamp(none.Date()).ok()) << none.Date();
    }
  }
}

TEST(TimestampFormsTest, RandomTimesInEveryForm) {
  SeededRandom random(731);
  for (int round = 0; round < 3000; ++round) {
    const Moment moment = RandomMoment(&random);
    const int64_t micros = moment.Micros();
    std::string fraction = Cat(".", Padded(moment.micro, 6));
    // What stands behind the microseconds says nothing.
    for (uint64_t more = random.Below(12); more > 0; --more) fraction += Cat(random.Below(10));
    const char separator = "Tt "[random.Below(3)];
    const std::string written = Cat(moment.Date(), separator, moment.Time(), fraction);
    EXPECT_EQ(Read(written + "Z"), micros) << written;
    EXPECT_EQ(Read(written + "z"), micros) << written;
    EXPECT_EQ(Read(written + "-00:00"), micros) << written;
    // East of UTC it is later on the clock than in UTC.
    const auto hours = static_cast<int64_t>(random.Below(24));
    const auto minutes = static_cast<int64_t>(random.Below(60));
    const int64_t offset = (hours * 60 + minutes) * 60'000'000;
    const std::string zone = Cat(Padded(hours, 2), ":", Padded(minutes, 2));
    EXPECT_EQ(Read(Cat(written, "+", zone)), micros - offset) << written << zone;
    EXPECT_EQ(Read(Cat(written, "-", zone)), micros + offset) << written << zone;
  }
}

// What a result shows, a query takes: and no zero more than needed.
TEST(TimestampFormsTest, WrittenTimesAreTheShortest) {
  SeededRandom random(732);
  for (int round = 0; round < 3000; ++round) {
    Moment moment = RandomMoment(&random);
    // Often a fraction that ends in zeros.
    for (uint64_t zeros = random.Below(7), unit = 10; zeros > 0; --zeros, unit *= 10) {
      moment.micro -= static_cast<int>(moment.micro % unit);
    }
    std::string wanted = Cat(moment.Date(), "T", moment.Time());
    if (moment.micro != 0) {
      wanted += Cat(".", Padded(moment.micro, 6));
      wanted.erase(wanted.find_last_not_of('0') + 1);
    }
    wanted += 'Z';
    EXPECT_EQ(FormatTimestamp(moment.Micros()), wanted);
    EXPECT_EQ(Read(wanted), moment.Micros());
  }
}

// Order of texts in UTC is order of numbers: what a range query over them relies on.
TEST(TimestampFormsTest, LaterIsGreater) {
  SeededRandom random(733);
  for (int round = 0; round < 2000; ++round) {
    const int64_t a = RandomMoment(&random).Micros(), b = RandomMoment(&random).Micros();
    // Padded to the same length; what is cut off there are zeros.
    const auto full = [](int64_t micros) {
      std::string text = FormatTimestamp(micros);
      text.pop_back();
      if (text.find('.') == std::string::npos) text += '.';
      return text + std::string(26 - text.size(), '0');
    };
    EXPECT_EQ(a < b, full(a) < full(b)) << full(a) << " " << full(b);
  }
}

TEST(TimestampFormsTest, TheEndsOfWhatCanBeWritten) {
  const int64_t first = Read("0000-01-01T00:00:00Z");
  const int64_t last = Read("9999-12-31T23:59:59.999999Z");
  EXPECT_EQ(FormatTimestamp(first), "0000-01-01T00:00:00Z");
  EXPECT_EQ(FormatTimestamp(last), "9999-12-31T23:59:59.999999Z");
  EXPECT_EQ(FormatTimestamp(first - 1), Cat(first - 1));
  EXPECT_EQ(FormatTimestamp(last + 1), Cat(last + 1));
  // A zone may lead beyond them; that is a number then.
  EXPECT_EQ(Read("0000-01-01T00:00:00+00:01"), first - 60'000'000);
  EXPECT_EQ(Read("9999-12-31T23:59:59.999999-23:59"), last + (23 * 60 + 59) * int64_t{60'000'000});
}

TEST(TimestampFormsTest, LeapSecondsAreTheFirstOfTheNextMinute) {
  EXPECT_EQ(Read("2016-12-31T23:59:60Z"), Read("2017-01-01T00:00:00Z"));
  EXPECT_EQ(Read("2016-12-31T23:59:60.5Z"), Read("2017-01-01T00:00:00.5Z"));
  EXPECT_EQ(Read("2017-01-01T00:59:60+01:00"), Read("2017-01-01T00:00:00Z"));
  EXPECT_EQ(Read("9999-12-31T23:59:60Z"), Read("9999-12-31T23:59:59Z") + 1'000'000);
}

// No part of a time but the date is a time: nobody gets midnight for a half-typed hour.
TEST(TimestampFormsTest, WhatIsCutOffIsRefused) {
  const std::string whole = "2024-02-29T13:45:07.25+01:30";
  EXPECT_TRUE(ParseTimestamp(whole).ok());
  for (size_t length = 0; length < whole.size(); ++length) {
    const std::string_view part = std::string_view(whole).substr(0, length);
    EXPECT_EQ(ParseTimestamp(part).ok(), part == "2024-02-29") << part;
  }
  for (size_t at = 0; at < whole.size(); ++at) {
    std::string without = whole;
    without.erase(at, 1);
    // One digit of the fraction is enough.
    const bool is_fraction = at == whole.find("25") || at == whole.find("25") + 1;
    EXPECT_EQ(ParseTimestamp(without).ok(), is_fraction) << without;
  }
}

TEST(TimestampFormsTest, NothingStandsAroundOrBetween) {
  for (const char* text : {" 2024-02-29",
                           "2024-02-29 ",
                           "2024-02-29T13:45:07 Z",
                           "2024-02-29  13:45:07Z",
                           "2024-02-29T13:45:07Z ",
                           "2024-02-29T13:45:07Z\n",
                           "+2024-02-29",
                           "-2024-02-29",
                           "2024/02/29",
                           "2024-2-29",
                           "24-02-29",
                           "20240229",
                           "2024-02-29T134507Z",
                           "2024-02-29T13:45Z",
                           "2024-02-29T13:45:07,25Z",
                           "2024-02-29T13:45:07+0130",
                           "2024-02-29T13:45:07+01",
                           "2024-02-29T13:45:07UTC",
                           "2024-02-29Z",
                           "12024-02-29",
                           "2024-060",
                           "2024-W09-4",
                           "2024-02-29T13:45:07.-5Z",
                           "2024-02-29T1 :45:07Z",
                           "２０２４-02-29",
                           "0x24-02-29",
                           "1e3 -02-29"}) {
    const absl::Status status = ParseTimestamp(text).status();
    EXPECT_EQ(CodeOf(status), ErrorCode::kInvalidArgument) << text;
    EXPECT_NE(status.message().find("(as in 2024-02-29T13:45:00Z)"), std::string::npos)
        << "an example helps: " << status;
  }
}

TEST(TimestampFormsTest, EachNumberHasItsRange) {
  const std::pair<const char*, const char*> cases[] = {
      {"2024-02-29T23:59:59Z", ""},
      {"2024-02-29T24:00:00Z", "hour 24 is not in 0..23 at byte 11"},
      {"2024-02-29T00:60:00Z", "minute 60 is not in 0..59 at byte 14"},
      {"2024-02-29T00:00:61Z", "second 61 is not in 0..60 at byte 17"},
      {"2024-02-29T00:00:00+23:59", ""},
      {"2024-02-29T00:00:00+24:00", "zone hours 24 is not in 0..23 at byte 20"},
      {"2024-02-29T00:00:00-00:60", "zone minutes 60 is not in 0..59 at byte 23"},
      {"2024-01-00", "day 0 is not in 1..31 at byte 8"},
      {"2024-04-31", "day 31 is not in 1..30 at byte 8"},
      {"2100-02-29", "day 29 is not in 1..28 at byte 8"},
      {"2000-02-29", ""},
      {"0000-02-29", ""},
      // The first fault is the one that is told.
      {"2024-13-41T99", "month 13 is not in 1..12 at byte 5"},
  };
  for (const auto& [text, message] : cases) {
    const absl::Status status = ParseTimestamp(text).status();
    EXPECT_EQ(status.ok(), std::string_view(message).empty()) << text << " " << status;
    EXPECT_NE(status.message().find(message), std::string::npos) << status;
  }
}

}  // namespace
}  // namespace segue

// SPDX-License-Identifier: Apache-2.0
//
// Calendar arithmetic as in H. Hinnant's "chrono-compatible low-level date
// algorithms": years start in March, so that the leap day comes last, and 400
// years ("an era") have always the same number of days.
#include "engine/schema/timestamp.h"

#include <array>

#include "engine/base/status.h"
#include "engine/base/strings.h"

namespace segue {

namespace {

constexpr int64_t kMicrosPerSecond = 1'000'000;
constexpr int64_t kSecondsPerDay = 86'400;
constexpr int64_t kDaysPerEra = 146'097;
constexpr int64_t kDaysBefore1970 = 719'468;  // since 0000-03-01

struct Date {
  int64_t year;
  int64_t month;  // 1..12
  int64_t day;    // 1..31
};

int64_t DaysSince1970(const Date& date) {
  int64_t year = date.month <= 2 ? date.year - 1 : date.year;
  int64_t era = (year >= 0 ? year : year - 399) / 400;
  int64_t year_of_era = year - era * 400;
  int64_t month = (date.month + 9) % 12;  // March is 0
  int64_t day_of_year = (153 * month + 2) / 5 + date.day - 1;
  int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * kDaysPerEra + day_of_era - kDaysBefore1970;
}

Date DateOfDays(int64_t days) {
  days += kDaysBefore1970;
  int64_t era = (days >= 0 ? days : days - kDaysPerEra + 1) / kDaysPerEra;
  int64_t day_of_era = days - era * kDaysPerEra;
  int64_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  int64_t month = (5 * day_of_year + 2) / 153;
  Date date;
  date.day = day_of_year - (153 * month + 2) / 5 + 1;
  date.month = month < 10 ? month + 3 : month - 9;
  date.year = year_of_era + era * 400 + (date.month <= 2 ? 1 : 0);
  return date;
}

int64_t DaysInMonth(int64_t year, int64_t month) {
  constexpr std::array<int64_t, 12> kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return month == 2 && leap ? 29 : kDays[static_cast<size_t>(month - 1)];
}

// Reads a timestamp from left to right; the first fault sticks.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  // Exactly `digits` digits with a value in [min, max].
  int64_t Number(size_t digits, int64_t min, int64_t max, std::string_view name) {
    int64_t value = 0;
    for (size_t i = 0; i < digits; ++i) {
      if (!AtDigit()) {
        Fail(Cat(name, " (", digits, " digits) expected"));
        return min;
      }
      value = value * 10 + (text_[next_++] - '0');
    }
    if (value < min || value > max) {
      next_ -= digits;
      Fail(Cat(name, " ", value, " is not in ", min, "..", max));
      return min;
    }
    return value;
  }

  void Expect(std::string_view any_of) {
    if (!Take(any_of)) Fail(Cat("'", any_of.substr(0, 1), "' expected"));
  }

  bool Take(std::string_view any_of) {
    if (AtEnd() || any_of.find(text_[next_]) == std::string_view::npos) {
      return false;
    }
    ++next_;
    return true;
  }

  // The digits of a fraction as microseconds.
  int64_t Fraction() {
    if (!AtDigit()) Fail("digits of a second expected");
    int64_t micros = 0;
    int64_t unit = kMicrosPerSecond / 10;
    for (; AtDigit(); unit /= 10) micros += unit * (text_[next_++] - '0');
    return micros;
  }

  bool AtEnd() const { return next_ == text_.size(); }
  char Last() const { return text_[next_ - 1]; }
  void Fail(std::string what) {
    if (fault_.empty()) fault_ = Cat(what, " at byte ", next_);
  }

  absl::Status status() const {
    if (fault_.empty()) return absl::OkStatus();
    return Error(ErrorCode::kInvalidArgument,
                 Cat("not a time: ", Quoted(text_), ": ", fault_, " (as in 2024-02-29T13:45:00Z)"));
  }

 private:
  bool AtDigit() const {
    return next_ < text_.size() && text_[next_] >= '0' && text_[next_] <= '9';
  }

  std::string_view text_;
  size_t next_ = 0;
  std::string fault_;
};

// "Z" or "+hh:mm", as seconds east of UTC.
int64_t ScanZone(Scanner* in) {
  if (in->Take("Zz")) return 0;
  if (!in->Take("+-")) {
    in->Fail("a zone (Z or +hh:mm) expected");
    return 0;
  }
  int64_t sign = in->Last() == '-' ? -1 : 1;
  int64_t hours = in->Number(2, 0, 23, "zone hours");
  in->Expect(":");
  int64_t minutes = in->Number(2, 0, 59, "zone minutes");
  return sign * (hours * 3600 + minutes * 60);
}

// Appends `value` with at least `digits` digits.
void AppendPadded(int64_t value, size_t digits, std::string* out) {
  std::string text = Cat(value);
  if (text.size() < digits) out->append(digits - text.size(), '0');
  *out += text;
}

}  // namespace

absl::StatusOr<int64_t> ParseTimestamp(std::string_view text) {
  Scanner in(text);
  Date date;
  date.year = in.Number(4, 0, 9999, "year");
  in.Expect("-");
  date.month = in.Number(2, 1, 12, "month");
  in.Expect("-");
  date.day = in.Number(2, 1, DaysInMonth(date.year, date.month), "day");
  int64_t seconds = DaysSince1970(date) * kSecondsPerDay;
  int64_t micros = 0;
  if (!in.AtEnd()) {
    in.Expect("Tt ");
    seconds += in.Number(2, 0, 23, "hour") * 3600;
    in.Expect(":");
    seconds += in.Number(2, 0, 59, "minute") * 60;
    in.Expect(":");
    seconds += in.Number(2, 0, 60, "second");
    if (in.Take(".")) micros = in.Fraction();
    seconds -= ScanZone(&in);
    if (!in.AtEnd()) in.Fail("the end expected");
  }
  SEGUE_RETURN_IF_ERROR(in.status());
  return seconds * kMicrosPerSecond + micros;
}

std::string FormatTimestamp(int64_t micros) {
  int64_t fraction = micros % kMicrosPerSecond;
  int64_t seconds = micros / kMicrosPerSecond;
  if (fraction < 0) {
    fraction += kMicrosPerSecond;
    --seconds;
  }
  int64_t time = seconds % kSecondsPerDay;
  int64_t days = seconds / kSecondsPerDay;
  if (time < 0) {
    time += kSecondsPerDay;
    --days;
  }
  Date date = DateOfDays(days);
  if (date.year < 0 || date.year > 9999) return Cat(micros);

  std::string out;
  AppendPadded(date.year, 4, &out);
  out += '-';
  AppendPadded(date.month, 2, &out);
  out += '-';
  AppendPadded(date.day, 2, &out);
  out += 'T';
  AppendPadded(time / 3600, 2, &out);
  out += ':';
  AppendPadded(time / 60 % 60, 2, &out);
  out += ':';
  AppendPadded(time % 60, 2, &out);
  if (fraction != 0) {
    out += '.';
    AppendPadded(fraction, 6, &out);
    while (out.back() == '0') out.pop_back();
  }
  out += 'Z';
  return out;
}

}  // namespace segue

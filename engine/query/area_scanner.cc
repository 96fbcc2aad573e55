// SPDX-License-Identifier: Apache-2.0
//
// QueryScanner's part for points behind a field: BOX(48.0, 11.0, 48.3, 11.8), AROUND(48.14, 11.58,
// 5km).
#include <array>
#include <charconv>
#include <string>
#include <string_view>
#include <utility>

#include "engine/base/strings.h"
#include "engine/query/query_scanner.h"

namespace segue {
namespace {

constexpr std::pair<std::string_view, double> kLengths[] = {
    {"m", 1}, {"km", 1000}, {"mi", 1609.344}, {"ft", 0.3048}};

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

}  // namespace

// A number, and the white space around it.
bool QueryScanner::ScanAreaNumber(size_t* at, double* number) const {
  *at = SkipSpace(*at);
  const char* const end = text_.data() + text_.size();
  const auto [behind, error] = std::from_chars(text_.data() + *at, end, *number);
  *at = SkipSpace(static_cast<size_t>(behind - text_.data()));
  return error == std::errc();
}

// A unit behind a distance, or none.
bool QueryScanner::ScanLengthUnit(size_t* at, double* meters) const {
  const size_t begin = *at;
  while (IsLetter(At(*at))) ++*at;
  const std::string_view unit = text_.substr(begin, *at - begin);
  *at = SkipSpace(*at);
  if (unit.empty()) return true;
  for (const auto& [name, length] : kLengths) {
    if (unit != name) continue;
    *meters *= length;
    return true;
  }
  return false;
}

// The numbers between the parentheses, and the closing one.
bool QueryScanner::ScanAreaNumbers(bool is_box, size_t* at, std::string* problem) {
  std::array<double, 4> numbers{};
  const size_t count = is_box ? 4 : 3;
  bool is_sound = true;
  for (size_t i = 0; i < count && is_sound; ++i) {
    is_sound = ScanAreaNumber(at, &numbers[i]);
    if (is_sound && i == 2 && !is_box) is_sound = ScanLengthUnit(at, &numbers[i]);
    is_sound = is_sound && At(*at) == (i + 1 < count ? ',' : ')');
    if (is_sound) ++*at;
  }
  if (!is_sound) {
    *problem = is_box ? "it is written like BOX(48.0, 11.0, 48.3, 11.8): south, west, north, east"
                      : "it is written like AROUND(48.14, 11.58, 5km): latitude, longitude, and a "
                        "distance in m, km, mi or ft";
    return false;
  }
  if (!IsBoundary(*at) && !IsSuffix(*at, '^')) {
    *problem = Cat("a space must follow ", is_box ? "BOX" : "AROUND", "(...)");
    return false;
  }
  const auto [a, b, c, d] = numbers;
  area_ = is_box ? Query::GeoBox({}, {.south = a, .west = b, .north = c, .east = d})
                 : Query::GeoDistance({}, {.center = {.latitude = a, .longitude = b}, .meters = c});
  *problem = std::string(area_.Validate().message());
  return problem->empty();
}

// Numbers and white space alone are run through before it is known to be text.
bool QueryScanner::ScanArea(QueryToken* token) {
  constexpr std::string_view kBox = "BOX(", kAround = "AROUND(";
  const bool is_box = text_.substr(next_, kBox.size()) == kBox;
  if (!is_box && text_.substr(next_, kAround.size()) != kAround) return false;
  size_t at = next_ + (is_box ? kBox : kAround).size();
  std::string problem;
  if (!ScanAreaNumbers(is_box, &at, &problem)) {
    diagnostics_->Add(next_, std::min(at, text_.size()), Cat(problem, "; read as text"));
    return false;
  }
  *token = Make(Kind::kArea, at);
  return true;
}

}  // namespace segue

// SPDX-License-Identifier: Apache-2.0
//
// QueryScanner's part for documents like a text: LIKE("kind of blue", max_terms=10).
#include <algorithm>
#include <charconv>
#include <string>

#include "engine/base/strings.h"
#include "engine/query/like_options.h"
#include "engine/query/query_scanner.h"
#include "engine/query/query_text.h"

namespace segue {

// Behind a comma: NAME=NUMBER.
bool QueryScanner::ScanLikeOption(size_t* at, std::string* problem) {
  for (const auto& [name, option] : kLikeNumbers) {
    if (text_.substr(*at, name.size()) != name || At(*at + name.size()) != '=') continue;
    const char* const begin = text_.data() + *at + name.size() + 1;
    const auto [behind, error] =
        std::from_chars(begin, text_.data() + text_.size(), like_options_.*option);
    if (error != std::errc()) {
      *problem = Cat(name, " needs a whole number");
      return false;
    }
    *at = static_cast<size_t>(behind - text_.data());
    return true;
  }
  std::string name;
  size_t end = *at;
  ScanText("=,)", &end, &name);
  *problem = Cat("LIKE has no option ", ShownText(name));
  return false;
}

// What stands between the parentheses, and the closing one.
bool QueryScanner::ScanLikeText(size_t* at, std::string* problem) {
  for (*at = SkipSpace(*at); At(*at) != ',' && At(*at) != ')'; *at = SkipSpace(*at)) {
    if (!like_text_.empty()) like_text_ += ' ';
    if (ScanText(",()", at, &like_text_)) continue;
    *problem = *at < text_.size() ? "parentheses in LIKE need quotes" : "no ')' closes LIKE";
    return false;
  }
  while (At(*at) == ',') {
    *at = SkipSpace(*at + 1);
    if (!ScanLikeOption(at, problem)) return false;
    *at = SkipSpace(*at);
  }
  if (At(*at) != ')') {
    *problem = "no ')' closes LIKE";
    return false;
  }
  ++*at;
  if (!IsBoundary(*at) && !IsSuffix(*at, '^')) {
    *problem = "a space must follow LIKE(...)";
    return false;
  }
  *problem = std::string(Query::Like({}, like_text_, like_options_).Validate().message());
  return problem->empty();
}

// A text that is none after all is read as words, and so are all behind it: no text is run through
// twice.
bool QueryScanner::ScanLike(QueryToken* token) {
  constexpr std::string_view kName = "LIKE(";
  if (no_more_likes_ || text_.substr(next_, kName.size()) != kName) return false;
  like_text_.clear();
  like_options_ = {};
  size_t at = next_ + kName.size();
  std::string problem;
  if (!ScanLikeText(&at, &problem)) {
    no_more_likes_ = true;
    diagnostics_->Add(next_, std::min(at, text_.size()), Cat(problem, "; read as text"));
    return false;
  }
  if (!TakePattern({.kind = Kind::kWord, .begin = next_, .end = at})) return false;
  *token = Make(Kind::kLike, at);
  return true;
}

}  // namespace segue

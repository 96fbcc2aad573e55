// SPDX-License-Identifier: Apache-2.0
//
// QueryScanner's part for score functions: ^log1p(plays), ^gauss(added, origin=2024-01-01,
// scale=30d, combine=add).
#include <charconv>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/nearest_name.h"
#include "engine/base/strings.h"
#include "engine/query/function_options.h"
#include "engine/query/query_scanner.h"
#include "engine/query/query_text.h"

namespace segue {
namespace {

// A number, or a span of time in microseconds: 36h, 1.5d.
bool ReadNumber(std::string_view text, double* number) {
  const char* const end = text.data() + text.size();
  const auto [behind, error] = std::from_chars(text.data(), end, *number);
  if (error != std::errc()) return false;
  const std::string_view unit(behind, static_cast<size_t>(end - behind));
  constexpr std::pair<std::string_view, double> kUnits[] = {
      {"", 1}, {"s", 1e6}, {"m", 60e6}, {"h", 3600e6}, {"d", 86400e6}, {"w", 604800e6}};
  for (const auto& [name, microseconds] : kUnits) {
    if (unit != name) continue;
    *number *= microseconds;
    return true;
  }
  return false;
}

// Of names of functions and fields, as people choose them.
bool IsNameCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

}  // namespace

// Behind a comma: NAME=VALUE.
bool QueryScanner::ScanFunctionOption(size_t* at, std::string* problem) {
  const size_t equals = text_.find('=', *at);
  const std::string_view name = text_.substr(*at, equals - *at);
  constexpr size_t kLongestName = 7;  // "missing", "combine"
  if (equals == text_.npos || name.size() > kLongestName) {
    *problem = "a score function takes options like factor=2 behind its field";
    return false;
  }
  *at = equals + 1;
  std::string value;
  if (!ScanText(",)", at, &value)) {
    *problem = Cat("there is no value for ", name);
    return false;
  }
  if (name == "origin" || name == "missing") {
    (name == "origin" ? function_.origin : function_.missing) = Value(std::move(value));
    return true;
  }
  if (name == "combine") {
    for (const ScoreCombination combination : kScoreCombinations) {
      if (ScoreCombinationName(combination) != value) continue;
      function_.combination = combination;
      return true;
    }
    *problem = "combine must be multiply, add, max, min or replace";
    return false;
  }
  for (const auto& [known, option] : kScoreFunctionNumbers) {
    if (known != name) continue;
    if (ReadNumber(value, &(function_.*option))) return true;
    *problem = Cat(ShownText(value), " is no number for ", name);
    return false;
  }
  *problem = Cat("a score function has no option ", ShownText(name));
  return false;
}

// From the field on, up to behind the closing parenthesis.
bool QueryScanner::ScanFunction(size_t* at, std::string* problem) {
  *at = SkipSpace(*at);
  if (!ScanText(",)", at, &function_.field)) {
    *problem = "a score function needs a field";
    return false;
  }
  for (*at = SkipSpace(*at); At(*at) == ','; *at = SkipSpace(*at)) {
    *at = SkipSpace(*at + 1);
    if (!ScanFunctionOption(at, problem)) return false;
  }
  if (At(*at) != ')') {
    *problem = "no ')' closes this score function";
    return false;
  }
  ++*at;
  if (!IsBoundary(*at) && At(*at) != '^' && At(*at) != '@') {
    *problem = "a space must follow a score function";
    return false;
  }
  const Query sound = Query::FunctionScore(Query::All(), function_);
  *problem = std::string(sound.Validate().message());
  return problem->empty();
}

// Where ^name( stands that is no function, but may be meant as one: the name is nearly that of one,
// or a field follows.
void QueryScanner::WarnOfFunction(size_t caret) {
  if (caret < functions_seen_) return;
  functions_seen_ = caret + 1;
  constexpr size_t kLongestName = 16;
  size_t end = caret + 1;
  while (end <= caret + kLongestName && IsNameCharacter(At(end))) ++end;
  const std::string_view name = text_.substr(caret + 1, end - caret - 1);
  if (name.size() < 2 || At(end) != '(') return;
  std::vector<std::string_view> names;
  std::string list, nearest;
  for (const ScoreFunctionKind kind : kScoreFunctionKinds) {
    names.push_back(ScoreFunctionKindName(kind));
    CatTo(&list, list.empty() ? "" : ", ", names.back());
    if (nearest.empty() && names.back().starts_with(name)) nearest = names.back();
  }
  if (nearest.empty()) nearest = NearestName(name, names);
  const bool is_near = IsNearName(name, nearest) || nearest.starts_with(name);
  size_t field_end = end + 1;
  while (IsNameCharacter(At(field_end))) ++field_end;
  const std::string_view field = text_.substr(end + 1, field_end - end - 1);
  if (!is_near && (schema_ == nullptr || schema_->Find(field) == nullptr)) return;
  diagnostics_->Add(caret, end,
                    Cat("there is no score function ", ShownText(name),
                        is_near ? Cat("; did you mean ", nearest, "?") : std::string("."),
                        " There are ", list, "; read as text"));
}

// Whether ^name(...) stands at `at`; then it is in function_. A text that is none after all is read
// as words, and so are all behind it: no text is run through twice.
bool QueryScanner::IsFunction(size_t at) {
  if (At(at) != '^' || no_more_functions_) return false;
  if (at == function_begin_) return true;
  for (const ScoreFunctionKind kind : kScoreFunctionKinds) {
    const std::string_view name = ScoreFunctionKindName(kind);
    if (text_.substr(at + 1, name.size()) != name || At(at + 1 + name.size()) != '(') continue;
    function_ = {.kind = kind, .field = {}};
    size_t end = at + name.size() + 2;
    std::string problem;
    if (!ScanFunction(&end, &problem)) {
      no_more_functions_ = true;
      diagnostics_->Add(at, std::min(end, text_.size()), Cat(problem, "; read as text"));
      return false;
    }
    function_begin_ = at;
    function_end_ = end;
    return true;
  }
  WarnOfFunction(at);
  return false;
}

}  // namespace segue

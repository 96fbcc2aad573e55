// SPDX-License-Identifier: Apache-2.0
//
// QueryScanner's part for score functions: ^log1p(plays), ^gauss(added, origin=2024-01-01,
// scale=30d, combine=add).
#include <charconv>
#include <string>
#include <utility>

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

// Whether ^name(...) stands at `at`; then it is in function_. A text that is none after all is read
// as words, and so are all behind it: no text is run through twice.
bool QueryScanner::IsFunction(size_t at) {
  if (At(at) != '^' || no_more_functions_) return false;
  if (at == function_begin_ && function_end_ != 0) return true;
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
  return false;
}

}  // namespace segue

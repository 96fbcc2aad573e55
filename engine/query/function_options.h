// SPDX-License-Identifier: Apache-2.0
//
// The options of a score function, as the query string and JSON name them.
#ifndef SEGUE_QUERY_FUNCTION_OPTIONS_H_
#define SEGUE_QUERY_FUNCTION_OPTIONS_H_

#include <string_view>
#include <utility>

#include "segue/score_function.h"

namespace segue {

inline constexpr ScoreFunctionKind kScoreFunctionKinds[] = {
    ScoreFunctionKind::kValue,       ScoreFunctionKind::kSqrt,       ScoreFunctionKind::kLog1p,
    ScoreFunctionKind::kSaturation,  ScoreFunctionKind::kReciprocal, ScoreFunctionKind::kGauss,
    ScoreFunctionKind::kExponential, ScoreFunctionKind::kLinear};

inline constexpr ScoreCombination kScoreCombinations[] = {
    ScoreCombination::kMultiply, ScoreCombination::kAdd, ScoreCombination::kMax,
    ScoreCombination::kMin, ScoreCombination::kReplace};

inline constexpr std::pair<std::string_view, double ScoreFunction::*> kScoreFunctionNumbers[] = {
    {"factor", &ScoreFunction::factor}, {"pivot", &ScoreFunction::pivot},
    {"offset", &ScoreFunction::offset}, {"scale", &ScoreFunction::scale},
    {"decay", &ScoreFunction::decay},   {"weight", &ScoreFunction::weight},
    {"bias", &ScoreFunction::bias}};

// Calls `number(name, value)` or `value(name, value)` for each that is not as usual, in the order
// in which they are written.
template <typename Number, typename AnyValue>
void VisitFunctionOptions(const ScoreFunction& function, Number&& number, AnyValue&& value) {
  const ScoreFunction usual;
  if (function.origin.has_value()) value("origin", *function.origin);
  for (const auto& [name, option] : kScoreFunctionNumbers) {
    if (function.*option != usual.*option) number(name, function.*option);
  }
  if (function.missing.has_value()) value("missing", *function.missing);
}

}  // namespace segue

#endif  // SEGUE_QUERY_FUNCTION_OPTIONS_H_

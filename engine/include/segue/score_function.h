// SPDX-License-Identifier: Apache-2.0
//
// How a number of a document changes its score: Query::FunctionScore.
//
//   using segue::ScoreFunction, segue::ScoreFunctionKind;
//   // Twice as good at 1,000 plays as at none, never more than three times.
//   Query popular = Query::FunctionScore(
//       Query::Text("kind of blue"),
//       ScoreFunction{.kind = ScoreFunctionKind::kSaturation, .field = "plays",
//                     .pivot = 1000, .weight = 2, .bias = 1});
#ifndef SEGUE_SCORE_FUNCTION_H_
#define SEGUE_SCORE_FUNCTION_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "segue/document.h"
#include "segue/export.h"

namespace segue {

// What is made of a value v of the document. x is v times `factor`, 0 where that is less; d is how
// far v is from `origin`, less `offset`, 0 where that is less, in units of `scale`.
enum class ScoreFunctionKind : uint8_t {
  kValue,        // x
  kSqrt,         // the square root of x
  kLog1p,        // ln(1 + x)
  kSaturation,   // x / (x + pivot): a half at the pivot, never above 1
  kReciprocal,   // pivot / (x + pivot): less is better
  kGauss,        // decay ^ (d * d): a bell around the origin
  kExponential,  // decay ^ d: falls by the same share with each step
  kLinear,       // 1 - d * (1 - decay), 0 where that is less
};

// "value", "sqrt", "log1p", "saturation", "reciprocal", "gauss", "exponential", "linear".
SEGUE_EXPORT std::string_view ScoreFunctionKindName(ScoreFunctionKind kind);

// What is made of the score s and of g = bias + weight * f(v).
enum class ScoreCombination : uint8_t {
  kMultiply,  // s * g
  kAdd,       // s + g
  kMax,       // the greater one
  kMin,       // the lesser one
  kReplace,   // g
};

// "multiply", "add", "max", "min", "replace".
SEGUE_EXPORT std::string_view ScoreCombinationName(ScoreCombination combination);

// A value. All numbers must be finite.
struct ScoreFunction {
  ScoreFunctionKind kind = ScoreFunctionKind::kValue;
  // Of integers, numbers, times (in microseconds) or truth values (0 and 1). Of several values that
  // with the greatest f counts.
  std::string field;
  double factor = 1;  // > 0
  double pivot = 1;   // kSaturation, kReciprocal: > 0
  // kGauss, kExponential, kLinear: the best value, which they need, of the field's type or a text
  // that stands for one; offset >= 0, scale > 0, 0 < decay < 1.
  std::optional<Value> origin = std::nullopt;
  double offset = 0;
  double scale = 1;
  double decay = 0.5;
  double weight = 1;  // >= 0
  double bias = 0;    // >= 0
  ScoreCombination combination = ScoreCombination::kMultiply;
  // The value that stands for none. Without it documents without a value keep their score; with
  // kReplace it is 0.
  std::optional<Value> missing = std::nullopt;

  friend bool operator==(const ScoreFunction&, const ScoreFunction&) = default;
};

// Whether it needs an origin.
inline bool IsDecay(ScoreFunctionKind kind) { return kind >= ScoreFunctionKind::kGauss; }

}  // namespace segue

#endif  // SEGUE_SCORE_FUNCTION_H_

// SPDX-License-Identifier: Apache-2.0
//
// Numbers are kept between 0 and the greatest ones at each step, so that no infinity meets a zero.
#include "engine/rank/value_function.h"

#include <algorithm>
#include <cfloat>
#include <cmath>
#include <limits>

#include "engine/rank/portable_math.h"

namespace segue {
namespace {

double NotNegative(double x) { return x > 0 ? x : 0; }

}  // namespace

std::string_view ScoreFunctionKindName(ScoreFunctionKind kind) {
  switch (kind) {
    case ScoreFunctionKind::kValue:
      return "value";
    case ScoreFunctionKind::kSqrt:
      return "sqrt";
    case ScoreFunctionKind::kLog1p:
      return "log1p";
    case ScoreFunctionKind::kSaturation:
      return "saturation";
    case ScoreFunctionKind::kReciprocal:
      return "reciprocal";
    case ScoreFunctionKind::kGauss:
      return "gauss";
    case ScoreFunctionKind::kExponential:
      return "exponential";
    case ScoreFunctionKind::kLinear:
      return "linear";
  }
  return {};
}

std::string_view ScoreCombinationName(ScoreCombination combination) {
  switch (combination) {
    case ScoreCombination::kMultiply:
      return "multiply";
    case ScoreCombination::kAdd:
      return "add";
    case ScoreCombination::kMax:
      return "max";
    case ScoreCombination::kMin:
      return "min";
    case ScoreCombination::kReplace:
      return "replace";
  }
  return {};
}

ValueFunction::ValueFunction(const ScoreFunction& function)
    : function_(function), log_decay_(PortableLog(function.decay)) {}

double ValueFunction::Weighted(double f) const {
  return std::min(function_.bias + function_.weight * std::min(f, DBL_MAX), DBL_MAX);
}

double ValueFunction::OfValue(double v) const {
  const double x = std::min(NotNegative(v * function_.factor), DBL_MAX);
  switch (function_.kind) {
    case ScoreFunctionKind::kSqrt:
      return Weighted(std::sqrt(x));
    case ScoreFunctionKind::kLog1p:
      return Weighted(PortableLog(1 + x));
    case ScoreFunctionKind::kSaturation:
      return Weighted(1 / (1 + function_.pivot / x));
    case ScoreFunctionKind::kReciprocal:
      return Weighted(function_.pivot / (x + function_.pivot));
    default:
      return Weighted(x);
  }
}

double ValueFunction::OfDistance(double distance) const {
  if (std::isnan(distance)) return Weighted(0);
  const double d = NotNegative(distance - function_.offset) / function_.scale;
  switch (function_.kind) {
    case ScoreFunctionKind::kGauss:
      return Weighted(PortableExp(d * d * log_decay_));
    case ScoreFunctionKind::kExponential:
      return Weighted(PortableExp(d * log_decay_));
    default:
      return Weighted(NotNegative(1 - d * (1 - function_.decay)));
  }
}

float ValueFunction::Combine(float score, std::optional<double> g, float boost) const {
  const double s = score;
  double combined = function_.combination == ScoreCombination::kReplace ? 0 : s;
  if (g.has_value()) {
    switch (function_.combination) {
      case ScoreCombination::kMultiply:
        combined = s * *g;
        break;
      case ScoreCombination::kAdd:
        combined = s + *g;
        break;
      case ScoreCombination::kMax:
        combined = std::max(s, *g);
        break;
      case ScoreCombination::kMin:
        combined = std::min(s, *g);
        break;
      case ScoreCombination::kReplace:
        combined = *g;
        break;
    }
  }
  combined *= boost;
  return static_cast<float>(std::min(NotNegative(combined), double{FLT_MAX}));
}

// A guess by the inverse operation, which rounds, and then the proof.
float ValueFunction::ScoreNotAbove(float threshold, std::optional<double> g, float boost) const {
  constexpr double kLess = 1 - 0x1p-20;
  double guess = double{threshold} / boost;
  if (g.has_value()) {
    if (function_.combination == ScoreCombination::kMultiply) guess = guess / *g;
    if (function_.combination == ScoreCombination::kAdd) guess = guess - *g;
  }
  if (!(guess > 0)) return -std::numeric_limits<float>::infinity();
  const auto score = static_cast<float>(std::min(guess * kLess, double{FLT_MAX}));
  return Combine(score, g, boost) <= threshold ? score : -std::numeric_limits<float>::infinity();
}

}  // namespace segue

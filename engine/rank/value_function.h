// SPDX-License-Identifier: Apache-2.0
//
// ValueFunction: the arithmetic of a score function (segue/score_function.h), the same bits on
// every machine.
//
//   x = max(0, v * factor)               d = max(0, |v - origin| - offset) / scale
//   f = x, sqrt(x), ln(1 + x),           decay^(d * d) as e^(d * d * ln decay),
//       1 / (1 + pivot / x),             decay^d as e^(d * ln decay),
//       pivot / (x + pivot)              max(0, 1 - d * (1 - decay))
//   g = bias + weight * f                all in double
//   score = (float)(boost * (s * g, s + g, ...)), from 0 to the greatest float
//
// f rises or falls with v, or falls with the distance from the origin: each operation is monotone
// and rounds monotonically, but for logarithm and exponential, whose error is below 2^-49. So the
// ends of a range of values bound f in it, raised by kFunctionMargin.
#ifndef SEGUE_RANK_VALUE_FUNCTION_H_
#define SEGUE_RANK_VALUE_FUNCTION_H_

#include <optional>

#include "segue/score_function.h"

namespace segue {

inline constexpr double kFunctionMargin = 1.0 + 0x1p-40;

class ValueFunction {
 public:
  // REQUIRES: Query::Validate() accepts it.
  explicit ValueFunction(const ScoreFunction& function);

  // g, from 0 to the greatest double. NaN counts as no value above 0, or as infinitely far.
  double OfValue(double v) const;     // REQUIRES: !IsDecay(kind)
  double OfDistance(double v) const;  // REQUIRES: IsDecay(kind); the distance from the origin

  // The score of a document; nullopt: it has no value. Never falls when `score` or `g` rises.
  float Combine(float score, std::optional<double> g, float boost) const;

  // A score so that no document with this or less is above `threshold` when combined with at most g
  // (nullopt: without a value); -infinity if none is known. What pruning inside asks for.
  float ScoreNotAbove(float threshold, std::optional<double> g, float boost) const;

  const ScoreFunction& function() const { return function_; }

 private:
  double Weighted(double f) const;

  ScoreFunction function_;
  double log_decay_ = 0;
};

}  // namespace segue

#endif  // SEGUE_RANK_VALUE_FUNCTION_H_

// SPDX-License-Identifier: Apache-2.0
//
// Everything here is computed in double, with margins that swallow the error of
// the floats around it, and is rounded up where it becomes a float again. The
// argument is in the header; tests/rank/score_bound_test.cc tries all norm bytes
// against many frequencies, parameters and average lengths.
#include "engine/rank/score_bound.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/base/check.h"
#include "engine/rank/length_norm.h"

namespace segue {

namespace {

constexpr double kTfMargin = 0x1p-19;

// The exact counterpart of 1 / NormInverse, times a factor common to all norms.
double NormDenominator(const BoundStatistics& statistics, double length) {
  double k1 = statistics.parameters.k1;
  double b = statistics.parameters.b;
  return k1 * ((1 - b) + b * length / statistics.average_length);
}

bool Sane(const BoundStatistics& statistics) {
  const auto& [k1, b] = statistics.parameters;
  return std::isfinite(k1) && k1 > 0 && b >= 0 && b <= 1 &&
         std::isfinite(statistics.average_length) && statistics.average_length > 0;
}

double Square(double x) { return x * x; }

// g(ratio * x) where g(x) is `tf`, from 0 to 1.
double ScaledTf(double ratio, double tf) { return ratio * tf / (1 - tf + ratio * tf); }

// What tf is at most in a window with byte v, but for rounding.
double TfOfByte(const TfRange& range, int v) {
  const double least = range.least;
  return least + v * (static_cast<double>(range.greatest) - least) / 255;
}

float RoundUp(double value) {
  float nearest = static_cast<float>(value);
  if (static_cast<double>(nearest) >= value) return nearest;
  return std::nextafter(nearest, std::numeric_limits<float>::infinity());
}

// c'/c is monotone in the length, so its extremes are at the extreme lengths. A document that holds
// the term has a length of at least 1.
template <typename Best>
double ExtremeRatio(const BoundStatistics& build, const BoundStatistics& query, Best best) {
  const double longest = DecodeLength(255);
  return best(NormDenominator(build, 1) / NormDenominator(query, 1),
              NormDenominator(build, longest) / NormDenominator(query, longest));
}

}  // namespace

uint8_t WindowByte(float tf, const TfRange& range) {
  SEGUE_DCHECK(tf >= range.least && tf <= range.greatest);
  if (!(range.greatest > range.least)) return 1;
  const double least = range.least;
  const double width = static_cast<double>(range.greatest) - least;
  double rounded_up = std::ceil(255.0 * (static_cast<double>(tf) - least) / width);
  return static_cast<uint8_t>(std::clamp(rounded_up, 1.0, 255.0));
}

double WindowBoundFactor(const BoundStatistics& build, const BoundStatistics& query) {
  if (!Sane(build) || !Sane(query)) {
    return std::numeric_limits<double>::infinity();
  }
  const auto greater = [](double a, double b) { return std::max(a, b); };
  return std::max(1.0, ExtremeRatio(build, query, greater)) * (1 + 0x1p-40);
}

bool WindowBoundsUsable(const BoundStatistics& build, const BoundStatistics& query) {
  return WindowBoundFactor(build, query) <= kMaxWindowBoundFactor;
}

WindowBounds::WindowBounds(const Bm25Scorer& scorer, const BoundStatistics& build,
                           const TfRange& range) {
  double factor = WindowBoundFactor(build, {scorer.parameters(), scorer.average_length()});
  double weight = scorer.weight();
  table_[0] = 0;
  for (int v = 1; v < 256; ++v) {
    double tf = std::min(1.0, TfOfByte(range, v) + kTfMargin);
    double bound = weight * std::min(1.0, ScaledTf(factor, tf) + kTfMargin);
    table_[v] = std::min(scorer.MaxScore(), RoundUp(bound));
  }
}

// ScaledTf is concave, so its tangent at the best windows, where bounds matter most, is above it
// everywhere.
LinearBound LinearWindowBound(const Bm25Scorer& scorer, const BoundStatistics& build,
                              const TfRange& range) {
  const double factor = WindowBoundFactor(build, {scorer.parameters(), scorer.average_length()});
  const double weight = scorer.weight();
  const double best = std::min(1.0, static_cast<double>(range.greatest));
  const double slope = factor / Square(1 - best + factor * best);
  // A tf raised by the margin, as WindowBounds raises it; the extra ulps make up for its rounding.
  const double at_least = ScaledTf(factor, best) - slope * (best - range.least - kTfMargin);
  return {.step = weight * slope * (TfOfByte(range, 1) - range.least) * (1 + 0x1p-22),
          .offset = weight * (std::max(0.0, at_least) + kTfMargin) * (1 + 0x1p-22) +
                    static_cast<double>(std::numeric_limits<float>::denorm_min())};
}

double LeastBestOfWindow(const Bm25Scorer& scorer, const BoundStatistics& build,
                         const TfRange& range, uint8_t v) {
  const BoundStatistics query{scorer.parameters(), scorer.average_length()};
  if (v == 0 || !Sane(build) || !Sane(query)) return 0;
  const auto smaller = [](double a, double b) { return std::min(a, b); };
  const double ratio = std::min(1.0, ExtremeRatio(build, query, smaller)) * (1 - 0x1p-40);
  const double tf = std::max(0.0, TfOfByte(range, v - 1) - kTfMargin);
  return std::max(0.0, scorer.weight() * (ScaledTf(ratio, tf) - kTfMargin));
}

}  // namespace segue

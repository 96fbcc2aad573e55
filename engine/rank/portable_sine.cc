// SPDX-License-Identifier: Apache-2.0
//
// Up to 45 degrees the series of the sine and of the cosine end soon; the rest is symmetry. Only
// additions, multiplications and divisions, as in portable_math.cc.
#include "engine/rank/portable_sine.h"

#include <cmath>
#include <cstddef>

namespace segue {
namespace {

constexpr double kRadiansOfDegree = 0x1.1df46a2529d39p-6;

// Alternating, 1 / n! for n from 17 or 16 down; all of the factorials are exact.
constexpr double kSineTerms[] = {
    1 / 355687428096000.0, -1 / 1307674368000.0, 1 / 6227020800.0, -1 / 39916800.0,
    1 / 362880.0,          -1 / 5040.0,          1 / 120.0,        -1 / 6.0};
constexpr double kCosineTerms[] = {
    1 / 20922789888000.0, -1 / 87178291200.0, 1 / 479001600.0, -1 / 3628800.0,
    1 / 40320.0,          -1 / 720.0,         1 / 24.0,        -1 / 2.0};

template <size_t N>
double SeriesOfSquare(const double (&terms)[N], double square) {
  double sum = 0;
  for (const double term : terms) sum = (sum + term) * square;
  return sum;
}

// Of 0 to 45 degrees.
double SmallSine(double degrees) {
  const double radians = degrees * kRadiansOfDegree;
  return radians + radians * SeriesOfSquare(kSineTerms, radians * radians);
}
double SmallCosine(double degrees) {
  const double radians = degrees * kRadiansOfDegree;
  return 1 + SeriesOfSquare(kCosineTerms, radians * radians);
}

}  // namespace

double SineOfDegrees(double degrees) {
  double angle = std::abs(degrees);
  if (angle > 90) angle = 180 - angle;  // exact, as is the next one
  const double sine = angle <= 45 ? SmallSine(angle) : SmallCosine(90 - angle);
  return degrees < 0 ? -sine : sine;
}

double CosineOfDegrees(double degrees) {
  const double angle = std::abs(degrees);
  return angle <= 45 ? SmallCosine(angle) : SmallSine(90 - angle);
}

double DegreesOfSine(double sine) {
  double low = 0, high = 90;
  for (int bit = 0; bit < 60; ++bit) {
    const double middle = (low + high) / 2;
    (SineOfDegrees(middle) < sine ? low : high) = middle;
  }
  return high;
}

}  // namespace segue

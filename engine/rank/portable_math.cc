// SPDX-License-Identifier: Apache-2.0
//
// Only additions, multiplications and divisions of doubles, in a fixed order, and exact steps: IEEE
// 754 says what each of them gives, and the build forbids fused ones (-ffp-contract=off).
#include "engine/rank/portable_math.h"

#include <cmath>
#include <limits>

namespace segue {
namespace {

// ln 2 in two parts; the first has so few bits that it times any exponent is exact.
constexpr double kLn2High = 0x1.62e42fee00000p-1;
constexpr double kLn2Low = 0x1.a39ef35793c76p-33;
constexpr double kInverseLn2 = 0x1.71547652b82fep+0;

// 1 / n! from n = 14 down; all of the factorials are exact.
constexpr double kInverseFactorials[] = {
    1 / 87178291200.0, 1 / 6227020800.0, 1 / 479001600.0, 1 / 39916800.0, 1 / 3628800.0,
    1 / 362880.0,      1 / 40320.0,      1 / 5040.0,      1 / 720.0,      1 / 120.0,
    1 / 24.0,          1 / 6.0,          1 / 2.0};

}  // namespace

// x = m * 2^e with m around 1; ln m = 2 artanh((m - 1) / (m + 1)), whose series ends soon.
double PortableLog(double x) {
  if (x == 0) return -std::numeric_limits<double>::infinity();
  if (!(x < std::numeric_limits<double>::infinity())) return x;
  int exponent = 0;
  double m = std::frexp(x, &exponent);  // 0.5 <= m < 1
  if (m < 0x1.6a09e667f3bcdp-1) {       // the root of a half
    m += m;
    --exponent;
  }
  const double s = (m - 1) / (m + 1);
  const double square = s * s;  // below 0.0295: 12 terms are beyond the last bit
  double series = 0;
  for (int k = 25; k >= 3; k -= 2) series = square * (1.0 / k + series);
  const double log_m = 2 * s + 2 * s * series;
  return exponent * kLn2High + (exponent * kLn2Low + log_m);
}

// x = k ln 2 + r with |r| <= ln 2 / 2, and the series of e^r.
double PortableExp(double x) {
  if (x < -746) return 0;  // below half of the least double
  const double k = std::floor(x * kInverseLn2 + 0.5);
  const double r = (x - k * kLn2High) - k * kLn2Low;
  double series = 0;
  for (const double coefficient : kInverseFactorials) series = r * (coefficient + series);
  return std::ldexp(1 + (r + r * series), static_cast<int>(k));
}

}  // namespace segue

// SPDX-License-Identifier: Apache-2.0
#include "engine/rank/value_function.h"

#include <gtest/gtest.h>

#include <cfloat>
#include <cmath>
#include <limits>

#include "tests/support/seeded_random.h"

namespace segue {
namespace {

using Kind = ScoreFunctionKind;

double OfValue(Kind kind, double v, double factor = 1, double pivot = 1) {
  return ValueFunction({.kind = kind, .field = {}, .factor = factor, .pivot = pivot}).OfValue(v);
}

double OfDistance(Kind kind, double v, double offset, double scale, double decay) {
  const ScoreFunction function{.kind = kind,
                               .field = {},
                               .origin = Value(int64_t{0}),
                               .offset = offset,
                               .scale = scale,
                               .decay = decay};
  return ValueFunction(function).OfDistance(v);
}

TEST(ValueFunctionTest, OfValues) {
  EXPECT_EQ(OfValue(Kind::kValue, 3, 0.5), 1.5);
  EXPECT_EQ(OfValue(Kind::kValue, -3), 0);
  EXPECT_EQ(OfValue(Kind::kSqrt, 8, 2), 4);
  EXPECT_DOUBLE_EQ(OfValue(Kind::kLog1p, 3, 2), std::log(7.0));
  EXPECT_EQ(OfValue(Kind::kSaturation, 100, 1, 100), 0.5);
  EXPECT_EQ(OfValue(Kind::kSaturation, 300, 1, 100), 0.75);
  EXPECT_EQ(OfValue(Kind::kSaturation, 0, 1, 100), 0);
  EXPECT_EQ(OfValue(Kind::kReciprocal, 300, 1, 100), 0.25);
  EXPECT_EQ(OfValue(Kind::kReciprocal, 0, 1, 100), 1);
}

TEST(ValueFunctionTest, OfDistances) {
  for (const Kind kind : {Kind::kGauss, Kind::kExponential, Kind::kLinear}) {
    EXPECT_EQ(OfDistance(kind, 0, 5, 10, 0.25), 1);
    EXPECT_EQ(OfDistance(kind, 5, 5, 10, 0.25), 1);
    EXPECT_DOUBLE_EQ(OfDistance(kind, 15, 5, 10, 0.25), 0.25);
  }
  EXPECT_DOUBLE_EQ(OfDistance(Kind::kGauss, 20, 0, 10, 0.5), 1.0 / 16);
  EXPECT_DOUBLE_EQ(OfDistance(Kind::kExponential, 20, 0, 10, 0.5), 1.0 / 4);
  EXPECT_EQ(OfDistance(Kind::kLinear, 20, 0, 10, 0.5), 0);
  EXPECT_EQ(OfDistance(Kind::kLinear, 10, 0, 20, 0.5), 0.75);
}

// Whatever a value is, a score is a number from 0 up, and never falls when a part of it rises.
TEST(ValueFunctionTest, ExtremesStayInRangeAndInOrder) {
  const double kNumbers[] = {0, DBL_TRUE_MIN, 1e-300, 0.5, 1, 3, 1e10, 1e300, DBL_MAX, INFINITY};
  const float kScores[] = {0, 1e-40f, 0.5f, 1, 1e30f, FLT_MAX};
  for (int kind = 0; kind < 8; ++kind) {
    for (int combination = 0; combination < 5; ++combination) {
      for (const double number : {1e-300, 0.5, 1e300}) {
        ScoreFunction function{.kind = static_cast<Kind>(kind), .field = {}, .factor = number};
        function.pivot = function.scale = number;
        function.weight = number;
        function.bias = number == 0.5 ? 0 : number;
        function.origin = Value(int64_t{0});
        function.combination = static_cast<ScoreCombination>(combination);
        const ValueFunction of(function);
        const bool falls = function.kind >= Kind::kReciprocal;
        double before = falls ? DBL_MAX : 0;
        for (const double v : kNumbers) {
          const double g = IsDecay(function.kind) ? of.OfDistance(v) : of.OfValue(v);
          EXPECT_TRUE(g >= 0 && g <= DBL_MAX) << kind << " " << v;
          EXPECT_TRUE(falls ? g <= before : g >= before) << kind << " " << v;
          before = g;
          float score_before = 0;
          for (const float score : kScores) {
            const float combined = of.Combine(score, g, 2);
            EXPECT_TRUE(combined >= score_before && combined <= FLT_MAX) << kind << " " << v;
            score_before = combined;
          }
        }
      }
    }
  }
  EXPECT_EQ(OfValue(Kind::kValue, NAN), 0);
  EXPECT_EQ(OfDistance(Kind::kGauss, NAN, 0, 1, 0.5), 0);
}

TEST(ValueFunctionTest, WithoutAValueTheScoreStays) {
  for (int i = 0; i < 5; ++i) {
    const auto combination = static_cast<ScoreCombination>(i);
    const ValueFunction of({.field = {}, .combination = combination});
    const float wanted = combination == ScoreCombination::kReplace ? 0 : 6;
    EXPECT_EQ(of.Combine(3, std::nullopt, 2), wanted);
  }
}

// No score up to the one that is given passes the threshold, and a little more does.
TEST(ValueFunctionTest, ScoreNotAboveIsSafeAndNear) {
  SeededRandom random(4);
  int known = 0;
  for (int i = 0; i < 20000; ++i) {
    const auto combination = static_cast<ScoreCombination>(random.Below(4));
    const ValueFunction of({.field = {}, .combination = combination});
    const float threshold = static_cast<float>(random.Below(1000)) / 7;
    const float boost = static_cast<float>(random.Between(1, 30)) / 8;
    std::optional<double> g;
    if (!random.OneIn(4)) g = static_cast<double>(random.Below(1000)) / 99;
    const float score = of.ScoreNotAbove(threshold, g, boost);
    if (score == -std::numeric_limits<float>::infinity()) continue;
    ++known;
    EXPECT_LE(of.Combine(score, g, boost), threshold);
    if (score == FLT_MAX || combination == ScoreCombination::kMin) continue;
    EXPECT_GT(of.Combine(score * 1.001f + 0.001f, g, boost), threshold);
  }
  EXPECT_GT(known, 10000);
}

}  // namespace
}  // namespace segue

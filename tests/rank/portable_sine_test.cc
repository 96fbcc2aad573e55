// SPDX-License-Identifier: Apache-2.0
#include "engine/rank/portable_sine.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>

#include "tests/support/seeded_random.h"

namespace segue {
namespace {

constexpr long double kRadians = 3.14159265358979323846264338327950288L / 180;

double Degrees(SeededRandom& random, double most) {
  const double part = static_cast<double>(random.U32()) * 0x1p-32;
  const int exponent = random.OneIn(2) ? 0 : -static_cast<int>(random.Below(60));
  return (random.OneIn(2) ? -1 : 1) * std::ldexp(part * most, exponent);
}

TEST(PortableSineTest, IsNearTheLibrarys) {
  SeededRandom random(10);
  for (int i = 0; i < 200000; ++i) {
    const double x = Degrees(random, 180);
    // The library's sine of an angle just below two right ones is not that of the rounded radians.
    const long double exact = std::abs(x) > 90 ? std::sin((180 - std::abs(x)) * kRadians)
                                               : std::sin(std::abs(x) * kRadians);
    ASSERT_LE(std::abs(std::abs(SineOfDegrees(x)) - exact), exact * 0x1p-50L) << x;
    ASSERT_EQ(SineOfDegrees(-x), -SineOfDegrees(x));
    const double y = Degrees(random, 90);
    ASSERT_LE(std::abs(CosineOfDegrees(y) - std::cos(y * kRadians)), 0x1p-51L) << y;
    ASSERT_EQ(CosineOfDegrees(-y), CosineOfDegrees(y));
  }
}

TEST(PortableSineTest, RightAngles) {
  EXPECT_EQ(SineOfDegrees(0), 0);
  EXPECT_EQ(SineOfDegrees(90), 1);
  EXPECT_EQ(SineOfDegrees(-90), -1);
  EXPECT_EQ(SineOfDegrees(180), 0);
  EXPECT_EQ(CosineOfDegrees(0), 1);
  EXPECT_EQ(CosineOfDegrees(90), 0);
  EXPECT_EQ(CosineOfDegrees(-90), 0);
}

// The very bits, which other machines have to give as well.
TEST(PortableSineTest, Bits) {
  const auto bits = [](double value) { return std::bit_cast<uint64_t>(value); };
  EXPECT_EQ(bits(SineOfDegrees(30)), 0x3fdfffffffffffffu);
  EXPECT_EQ(bits(SineOfDegrees(48.1)), 0x3fe7d16672a322ceu);
  EXPECT_EQ(bits(SineOfDegrees(-123.456)), 0xbfeab2a9b25a9ab9u);
  EXPECT_EQ(bits(CosineOfDegrees(48.1)), 0x3fe55ee2611e78d7u);
  EXPECT_EQ(bits(CosineOfDegrees(11.58)), 0x3fef59414440237fu);
}

TEST(PortableSineTest, AnglesOfSines) {
  EXPECT_NEAR(DegreesOfSine(1), 90, 1e-6);  // whose sines are all 1
  EXPECT_LT(DegreesOfSine(0), 1e-15);
  SeededRandom random(11);
  for (int i = 0; i < 2000; ++i) {
    const double sine = std::abs(Degrees(random, 1));
    ASSERT_NEAR(SineOfDegrees(DegreesOfSine(sine)), sine, 0x1p-50) << sine;
  }
}

}  // namespace
}  // namespace segue

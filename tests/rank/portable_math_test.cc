// SPDX-License-Identifier: Apache-2.0
#include "engine/rank/portable_math.h"

#include <gtest/gtest.h>

#include <bit>
#include <cfloat>
#include <cmath>
#include <cstdint>
#include <limits>

#include "tests/support/seeded_random.h"

namespace segue {
namespace {

constexpr long double kError = 0x1p-49L;

uint64_t Bits(double value) { return std::bit_cast<uint64_t>(value); }

void ExpectNear(double value, long double exact, double argument) {
  EXPECT_LE(std::abs(static_cast<long double>(value) - exact), std::abs(exact) * kError)
      << argument;
}

TEST(PortableMathTest, LogIsNearTheLibrarys) {
  SeededRandom random(1);
  for (int i = 0; i < 200000; ++i) {
    const double x = std::ldexp(1 + static_cast<double>(random.U32()) * 0x1p-32,
                                static_cast<int>(random.Below(i % 2 == 0 ? 1000 : 3)) - 1);
    ExpectNear(PortableLog(x), std::log(static_cast<long double>(x)), x);
    ExpectNear(PortableLog(1 / x), std::log(static_cast<long double>(1 / x)), 1 / x);
  }
}

TEST(PortableMathTest, ExpIsNearTheLibrarys) {
  SeededRandom random(2);
  for (int i = 0; i < 200000; ++i) {
    const double x = -static_cast<double>(random.U32()) * (i % 2 == 0 ? 0x1p-23 : 0x1p-31);
    const long double exact = std::exp(static_cast<long double>(x));
    if (exact < DBL_MIN) {
      EXPECT_NEAR(PortableExp(x), static_cast<double>(exact), 2 * DBL_TRUE_MIN) << x;
    } else {
      ExpectNear(PortableExp(x), exact, x);
    }
  }
}

TEST(PortableMathTest, Ends) {
  EXPECT_EQ(PortableLog(1), 0);
  EXPECT_EQ(PortableExp(0), 1);
  EXPECT_EQ(PortableLog(0), -std::numeric_limits<double>::infinity());
  EXPECT_EQ(PortableLog(INFINITY), INFINITY);
  EXPECT_EQ(PortableExp(-INFINITY), 0);
  EXPECT_EQ(PortableExp(-800), 0);
  EXPECT_GT(PortableExp(-745), 0);
  EXPECT_LT(PortableLog(std::nextafter(1, 0)), 0);
}

// The same on every machine.
TEST(PortableMathTest, Bits) {
  EXPECT_EQ(Bits(PortableLog(2)), 0x3fe62e42fefa39efu);
  EXPECT_EQ(Bits(PortableLog(0.3)), 0xbff34378fcbda721u);
  EXPECT_EQ(Bits(PortableLog(1e100)), 0x406cc845b54b54f2u);
  EXPECT_EQ(Bits(PortableExp(-0.1)), 0x3fecf46d99d52b3au);
  EXPECT_EQ(Bits(PortableExp(-33.3)), 0x3cef165bb9b59d94u);
}

}  // namespace
}  // namespace segue

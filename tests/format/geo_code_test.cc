// SPDX-License-Identifier: Apache-2.0
#include "engine/format/geo_code.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>

#include "tests/support/seeded_random.h"

namespace segue {
namespace {

TEST(GeoCodeTest, BitsGoByTurns) {
  EXPECT_EQ(SpreadBits(0xffffffff), 0x5555555555555555u);
  EXPECT_EQ(SpreadBits(0x80000001), 0x4000000000000001u);
  SeededRandom random(60);
  for (int i = 0; i < 10000; ++i) {
    const GeoSteps steps{.latitude = random.U32(), .longitude = random.U32()};
    uint64_t bits = 0;
    for (int bit = 31; bit >= 0; --bit) {
      bits = bits << 2 | uint64_t{steps.latitude >> bit & 1} << 1 | (steps.longitude >> bit & 1);
    }
    const int64_t code = GeoCodeOf(steps);
    ASSERT_EQ(static_cast<uint64_t>(code) ^ uint64_t{1} << 63, bits);
    ASSERT_EQ(StepsOfGeoCode(code), steps);
  }
}

TEST(GeoCodeTest, CodesOrderAsTheirBits) {
  const int64_t south_west = GeoCodeOf(GeoPoint{.latitude = -90, .longitude = -180});
  EXPECT_EQ(south_west, INT64_MIN);
  EXPECT_EQ(GeoCodeOf(GeoPoint{.latitude = 90, .longitude = 180}), INT64_MAX);
  EXPECT_EQ(GeoCodeOf(GeoPoint{}), 0x4000000000000000);
}

TEST(GeoCodeTest, APointIsKeptToAStep) {
  SeededRandom random(61);
  for (int i = 0; i < 100000; ++i) {
    const GeoPoint point{.latitude = static_cast<double>(random.Below(180001)) / 1000 - 90,
                         .longitude = static_cast<double>(random.Below(360001)) / 1000 - 180};
    const GeoPoint kept = PointOfGeoCode(GeoCodeOf(point));
    ASSERT_LE(kept.latitude, point.latitude);
    ASSERT_LE(kept.longitude, point.longitude);
    ASSERT_LE(point.latitude - kept.latitude, kLatitudeStep);
    ASSERT_LE(point.longitude - kept.longitude, kLongitudeStep);
    // What is kept is kept as it is.
    ASSERT_EQ(GeoCodeOf(kept), GeoCodeOf(point));
    ASSERT_EQ(GeoStepFrom(kept.latitude, kLatitudeStep), GeoStep(kept.latitude, kLatitudeStep));
  }
}

TEST(GeoCodeTest, Ends) {
  EXPECT_EQ(GeoStep(-90, kLatitudeStep), 0u);
  EXPECT_EQ(GeoStep(90, kLatitudeStep), UINT32_MAX);
  EXPECT_EQ(GeoStep(std::nextafter(90.0, 0.0), kLatitudeStep), UINT32_MAX);
  EXPECT_EQ(GeoStep(180, kLongitudeStep), UINT32_MAX);
  EXPECT_EQ(GeoStepFrom(-180, kLongitudeStep), 0);
  EXPECT_EQ(GeoStepFrom(180, kLongitudeStep), kGeoSteps);
  EXPECT_EQ(GeoStepFrom(1e-9, kLatitudeStep), kGeoSteps / 2 + 1);
  EXPECT_EQ(GeoStepFrom(0, kLatitudeStep), kGeoSteps / 2);
  EXPECT_EQ(GeoStepFrom(-1e-9, kLatitudeStep), kGeoSteps / 2);
}

}  // namespace
}  // namespace segue

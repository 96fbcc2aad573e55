// SPDX-License-Identifier: Apache-2.0
//
// Areas against the formulas of the oracle, at random points and at those around their edges, and
// the ranges of codes that stand for them.
#include "engine/exec/geo_area.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>

#include "engine/exec/wanted_values.h"
#include "tests/oracle/oracle_geo.h"
#include "tests/support/seeded_random.h"

namespace segue::exec {
namespace {

// A double's metres beside half a way around the earth are these.
constexpr long double kMetersOfRounding = 0.5L;

GeoPoint AnyPoint(SeededRandom& random) {
  const auto degrees = [&random](double most) {
    const double part = static_cast<double>(random.U32()) * 0x1p-31 - 1;
    return random.OneIn(3) ? std::copysign(most, part) *
                                 (1 - std::ldexp(1.0, -static_cast<int>(random.Below(30))))
                           : most * part;
  };
  return {.latitude = degrees(90), .longitude = degrees(180)};
}

// One near to another one.
GeoPoint PointAround(SeededRandom& random, const GeoPoint& point) {
  const auto shifted = [&random](double degrees, double most) {
    const double shift = std::ldexp(static_cast<double>(random.Below(2001)) / 1000 - 1,
                                    5 - static_cast<int>(random.Below(36)));
    return std::clamp(degrees + shift, -most, most);
  };
  return {.latitude = shifted(point.latitude, 90), .longitude = shifted(point.longitude, 180)};
}

bool IsIn(const WantedValues& wanted, int64_t code) {
  const bool is_in =
      wanted.sure.Contains(code) || (wanted.maybe.Contains(code) && wanted.area->Contains(code));
  EXPECT_EQ(wanted.Has(code), is_in);
  return is_in;
}

TEST(GeoAreaTest, Boxes) {
  SeededRandom random(70);
  for (int i = 0; i < 300; ++i) {
    GeoPoint a = AnyPoint(random);
    GeoPoint b = random.OneIn(2) ? AnyPoint(random) : PointAround(random, a);
    // Edges upon points that an index keeps are within.
    if (random.OneIn(2)) a = OracleKeptPoint(a);
    if (random.OneIn(2)) b = OracleKeptPoint(b);
    const Query query = Query::GeoBox("", {.south = std::min(a.latitude, b.latitude),
                                           .west = a.longitude,
                                           .north = std::max(a.latitude, b.latitude),
                                           .east = b.longitude});
    ASSERT_TRUE(query.Validate().ok());
    const GeoArea area(query.geo_bounds());
    const WantedValues wanted = WantedValues::In(area);
    ASSERT_LE(wanted.range_count(), 64u);
    const GeoPoint corners[] = {a, b, {a.latitude, b.longitude}, {b.latitude, a.longitude}};
    for (int j = 0; j < 300; ++j) {
      const GeoPoint point =
          random.OneIn(3) ? AnyPoint(random) : PointAround(random, corners[random.Below(4)]);
      const int64_t code = GeoCodeOf(point);
      ASSERT_EQ(area.Contains(code), OracleContains(query, point))
          << query.ToString() << " " << area.Describe(code);
      ASSERT_EQ(IsIn(wanted, code), area.Contains(code)) << query.ToString();
    }
  }
}

// A point on a parallel or meridian through the centre that is about so far away.
GeoPoint PointAtDistance(SeededRandom& random, const GeoCircle& circle) {
  const double degrees =
      circle.meters / 111195 * (1 + (static_cast<double>(random.Below(2001)) - 1000) * 1e-6);
  GeoPoint point = circle.center;
  if (random.OneIn(2)) {
    point.latitude += random.OneIn(2) ? degrees : -degrees;
    if (std::abs(point.latitude) > 90) {
      point.latitude = std::copysign(180, point.latitude) - point.latitude;
      point.longitude += 180;
    }
  } else {
    point.longitude += degrees / std::max(std::cos(point.latitude * 0.01745329), 0.01);
  }
  point.latitude = std::clamp(point.latitude, -90.0, 90.0);
  point.longitude = std::remainder(point.longitude, 360.0);
  return point;
}

TEST(GeoAreaTest, Circles) {
  SeededRandom random(71);
  uint64_t inside = 0, outside = 0;
  for (int i = 0; i < 300; ++i) {
    const GeoCircle circle{.center = AnyPoint(random),
                           .meters = std::ldexp(1 + static_cast<double>(random.U32()) * 0x1p-32,
                                                static_cast<int>(random.Below(26)) - 1)};
    const Query query = Query::GeoDistance("", circle);
    const GeoArea area(circle);
    const WantedValues wanted = WantedValues::In(area);
    ASSERT_LE(wanted.range_count(), 64u);
    for (int j = 0; j < 200; ++j) {
      const GeoPoint point = random.OneIn(3)   ? AnyPoint(random)
                             : random.OneIn(2) ? PointAround(random, circle.center)
                                               : PointAtDistance(random, circle);
      const int64_t code = GeoCodeOf(point);
      ASSERT_EQ(IsIn(wanted, code), area.Contains(code)) << query.ToString();
      const long double meters = OracleMeters(circle.center, OracleKeptPoint(point));
      // Where rounding decides, either will do.
      const long double margin = circle.meters < 19e6 ? 1e-6L : kMetersOfRounding;
      if (std::abs(meters - circle.meters) < margin) continue;
      ASSERT_EQ(area.Contains(code), meters < circle.meters)
          << query.ToString() << " " << area.Describe(code);
      ++(meters < circle.meters ? inside : outside);
    }
  }
  EXPECT_GT(inside, 1000u);
  EXPECT_GT(outside, 1000u);
}

TEST(GeoAreaTest, TheCentreIsAtNoDistance) {
  SeededRandom random(72);
  for (int i = 0; i < 1000; ++i) {
    const GeoPoint center = OracleKeptPoint(AnyPoint(random));
    const GeoArea area(GeoCircle{.center = center, .meters = 0});
    ASSERT_TRUE(area.Contains(GeoCodeOf(center)));
    ASSERT_TRUE(IsIn(WantedValues::In(area), GeoCodeOf(center)));
  }
}

TEST(GeoAreaTest, SmallCircles) {
  const GeoPoint center = OracleKeptPoint({.latitude = 48.14, .longitude = 11.58});
  for (int steps = 1; steps < 200; ++steps) {
    GeoPoint point = center;
    point.latitude += steps * kLatitudeStep;
    const auto meters = static_cast<double>(OracleMeters(center, point));
    EXPECT_FALSE(GeoArea(GeoCircle{center, meters - 1e-6}).Contains(GeoCodeOf(point)));
    EXPECT_TRUE(GeoArea(GeoCircle{center, meters + 1e-6}).Contains(GeoCodeOf(point)));
  }
}

TEST(GeoAreaTest, PolesAndTheDateLine) {
  const GeoArea pole(GeoCircle{{.latitude = 90, .longitude = 0}, 200000});
  EXPECT_TRUE(pole.Contains(GeoCodeOf(GeoPoint{88.3, -170})));
  EXPECT_FALSE(pole.Contains(GeoCodeOf(GeoPoint{88.1, -170})));
  EXPECT_FALSE(pole.Contains(GeoCodeOf(GeoPoint{-89, 0})));
  const GeoArea fiji(GeoCircle{{.latitude = -17, .longitude = 179.5}, 200000});
  EXPECT_TRUE(fiji.Contains(GeoCodeOf(GeoPoint{-17, -179.5})));
  EXPECT_FALSE(fiji.Contains(GeoCodeOf(GeoPoint{-17, -178})));
  const GeoArea box(GeoBounds{.south = -20, .west = 177, .north = -15, .east = -178});
  EXPECT_TRUE(box.Contains(GeoCodeOf(GeoPoint{-17, 180})));
  EXPECT_TRUE(box.Contains(GeoCodeOf(GeoPoint{-17, -180})));
  EXPECT_FALSE(box.Contains(GeoCodeOf(GeoPoint{-17, 0})));
}

TEST(GeoAreaTest, AllOfTheEarth) {
  for (const GeoArea& area : {GeoArea(GeoBounds{-90, -180, 90, 180}),
                              GeoArea(GeoCircle{{.latitude = 1, .longitude = 2}, 20015200})}) {
    const WantedValues wanted = WantedValues::In(area);
    EXPECT_EQ(wanted.sure.ranges().size(), 1u);
    EXPECT_TRUE(wanted.maybe.ranges().empty());
    EXPECT_FALSE(wanted.MustAsk(INT64_MIN, INT64_MAX));
    EXPECT_TRUE(area.Contains(INT64_MIN) && area.Contains(0) && area.Contains(INT64_MAX));
  }
}

// 90 and 180 degrees are kept as just less.
TEST(GeoAreaTest, NothingIsKeptAtTheLastDegree) {
  for (const GeoBounds& bounds : {GeoBounds{90, -180, 90, 180}, GeoBounds{-90, 180, 90, 180}}) {
    const WantedValues wanted = WantedValues::In(GeoArea(bounds));
    EXPECT_EQ(wanted.range_count(), 0u);
    EXPECT_FALSE(wanted.MayHave(INT64_MIN, INT64_MAX));
  }
  const GeoArea over(GeoBounds{.south = -1, .west = 180, .north = 1, .east = -179});
  EXPECT_TRUE(over.Contains(GeoCodeOf(GeoPoint{0, -179.5})));
  EXPECT_FALSE(over.Contains(GeoCodeOf(GeoPoint{0, 180})));
}

TEST(GeoAreaTest, FewRangesBesideTheEdge) {
  const WantedValues wanted = WantedValues::In(GeoArea(GeoBounds{48, 11, 48.3, 11.8}));
  const auto codes = [](const ValueRanges& ranges) {
    double sum = 0;
    for (const ValueRange& range : ranges.ranges()) {
      sum += static_cast<double>(range.high) - static_cast<double>(range.low) + 1;
    }
    return sum;
  };
  const double of_box = 0.3 / kLatitudeStep * (0.8 / kLongitudeStep);
  EXPECT_GT(codes(wanted.sure), 0.5 * of_box);
  EXPECT_LT(codes(wanted.sure), of_box);
  EXPECT_LT(codes(wanted.sure) + codes(wanted.maybe), 1.6 * of_box);
}

TEST(GeoAreaTest, Describe) {
  const int64_t code = GeoCodeOf(GeoPoint{.latitude = 48.1, .longitude = -11.6});
  EXPECT_EQ(GeoArea(GeoBounds{0, 0, 1, 1}).Describe(code), "the point 48.1000000,-11.6000000");
  EXPECT_EQ(GeoArea(GeoCircle{{.latitude = 48, .longitude = -11.6}, 1}).Describe(code),
            "the point 48.1000000,-11.6000000, 11119.51 m away");
}

}  // namespace
}  // namespace segue::exec

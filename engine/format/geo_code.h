// SPDX-License-Identifier: Apache-2.0
//
// Points as values of a column: latitude and longitude in 2^32 steps each, rounded down, as Lucene
// has them, and their bits by turns. So points that agree in the first bits of both lie in one
// cell of the earth, and their codes in one range.
#ifndef SEGUE_FORMAT_GEO_CODE_H_
#define SEGUE_FORMAT_GEO_CODE_H_

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "segue/document.h"

namespace segue {

// Degrees of a step; exact.
inline constexpr double kLatitudeStep = 180.0 / 4294967296.0;
inline constexpr double kLongitudeStep = 360.0 / 4294967296.0;
inline constexpr int64_t kGeoSteps = int64_t{1} << 32;

// The step that degrees lie in, from 0 in the south or west. 90 and 180 are in the last one.
// REQUIRES: a latitude or longitude.
inline uint32_t GeoStep(double degrees, double step) {
  const int64_t from_zero = static_cast<int64_t>(std::floor(degrees / step));
  return static_cast<uint32_t>(std::min(from_zero + kGeoSteps / 2, kGeoSteps - 1));
}
// The first step that begins at these degrees or above; kGeoSteps if none does.
inline int64_t GeoStepFrom(double degrees, double step) {
  return static_cast<int64_t>(std::ceil(degrees / step)) + kGeoSteps / 2;
}
// Where a step begins; also that of a number of steps with a fraction.
inline double DegreesOfStep(double number, double step) {
  return (number - static_cast<double>(kGeoSteps / 2)) * step;
}

// Bit i at bit 2 i, and back.
inline uint64_t SpreadBits(uint32_t bits) {
  uint64_t x = bits;
  x = (x | x << 16) & 0x0000ffff0000ffff;
  x = (x | x << 8) & 0x00ff00ff00ff00ff;
  x = (x | x << 4) & 0x0f0f0f0f0f0f0f0f;
  x = (x | x << 2) & 0x3333333333333333;
  return (x | x << 1) & 0x5555555555555555;
}
inline uint32_t GatherBits(uint64_t x) {
  x &= 0x5555555555555555;
  x = (x | x >> 1) & 0x3333333333333333;
  x = (x | x >> 2) & 0x0f0f0f0f0f0f0f0f;
  x = (x | x >> 4) & 0x00ff00ff00ff00ff;
  x = (x | x >> 8) & 0x0000ffff0000ffff;
  return static_cast<uint32_t>(x | x >> 16);
}

// A point as numbers of steps.
struct GeoSteps {
  uint32_t latitude = 0;
  uint32_t longitude = 0;

  friend bool operator==(const GeoSteps&, const GeoSteps&) = default;
};

// The code of a column, which orders as these bits do, the first of latitude before all.
inline int64_t GeoCodeOf(const GeoSteps& steps) {
  const uint64_t bits = SpreadBits(steps.latitude) << 1 | SpreadBits(steps.longitude);
  return static_cast<int64_t>(bits ^ uint64_t{1} << 63);
}
inline GeoSteps StepsOfGeoCode(int64_t code) {
  const uint64_t bits = static_cast<uint64_t>(code) ^ uint64_t { 1 } << 63;
  return {.latitude = GatherBits(bits >> 1), .longitude = GatherBits(bits)};
}

// REQUIRES: point.IsValid().
inline int64_t GeoCodeOf(const GeoPoint& point) {
  return GeoCodeOf(GeoSteps{.latitude = GeoStep(point.latitude, kLatitudeStep),
                            .longitude = GeoStep(point.longitude, kLongitudeStep)});
}
// The point that a column keeps: at most a step south and west of the one that was given.
inline GeoPoint PointOfGeoCode(int64_t code) {
  const GeoSteps steps = StepsOfGeoCode(code);
  return {.latitude = DegreesOfStep(steps.latitude, kLatitudeStep),
          .longitude = DegreesOfStep(steps.longitude, kLongitudeStep)};
}

}  // namespace segue

#endif  // SEGUE_FORMAT_GEO_CODE_H_

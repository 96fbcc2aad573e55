// SPDX-License-Identifier: Apache-2.0
#include "tests/oracle/oracle_geo.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace segue {
namespace {

using Direction = std::array<long double, 3>;

double Kept(double degrees, double all) {
  const double steps = 4294967296.0;
  const double last = steps / 2 - 1;
  return std::min(std::floor(degrees / (all / steps)), last) * (all / steps);
}

Direction DirectionOf(const GeoPoint& point) {
  constexpr long double kRadians = 3.14159265358979323846264338327950288L / 180;
  const long double latitude = point.latitude * kRadians, longitude = point.longitude * kRadians;
  return {std::cos(latitude) * std::cos(longitude), std::cos(latitude) * std::sin(longitude),
          std::sin(latitude)};
}

}  // namespace

GeoPoint OracleKeptPoint(const GeoPoint& point) {
  return {.latitude = Kept(point.latitude, 180), .longitude = Kept(point.longitude, 360)};
}

long double OracleMeters(const GeoPoint& a, const GeoPoint& b) {
  const Direction u = DirectionOf(a), v = DirectionOf(b);
  const Direction cross = {u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2],
                           u[0] * v[1] - u[1] * v[0]};
  const long double sine =
      std::sqrt(cross[0] * cross[0] + cross[1] * cross[1] + cross[2] * cross[2]);
  const long double cosine = u[0] * v[0] + u[1] * v[1] + u[2] * v[2];
  return std::atan2(sine, cosine) * 6371008.7714L;
}

bool OracleContains(const Query& area, const GeoPoint& point) {
  const GeoPoint kept = OracleKeptPoint(point);
  if (area.kind() == QueryKind::kGeoDistance) {
    const GeoCircle& circle = area.geo_circle();
    return OracleMeters(circle.center, kept) <= circle.meters;
  }
  const GeoBounds& box = area.geo_bounds();
  if (kept.latitude < box.south || kept.latitude > box.north) return false;
  const bool from_west = box.west <= kept.longitude, to_east = kept.longitude <= box.east;
  return box.west <= box.east ? from_west && to_east : from_west || to_east;
}

}  // namespace segue

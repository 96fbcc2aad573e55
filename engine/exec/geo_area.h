// SPDX-License-Identifier: Apache-2.0
//
// GeoArea: a box or a circle on the earth, as the points of a column are asked about it.
#ifndef SEGUE_EXEC_GEO_AREA_H_
#define SEGUE_EXEC_GEO_AREA_H_

#include <array>
#include <cstdint>
#include <string>

#include "engine/format/geo_code.h"
#include "segue/query.h"

namespace segue::exec {

// Two bits of a code a level.
inline constexpr unsigned kGeoLevels = 32;

// A value.
class GeoArea {
 public:
  // REQUIRES: sound ones (Query::Validate).
  explicit GeoArea(const GeoBounds& bounds);
  explicit GeoArea(const GeoCircle& circle);

  bool is_circle() const { return is_circle_; }
  // Whether a point is in it, by what the column keeps of the point.
  bool Contains(int64_t code) const;
  // The point, for people; if the area is a circle, with the distance from its centre.
  std::string Describe(int64_t code) const;

  // How a cell of the earth lies to the area: the points whose codes agree in the first 2 * `level`
  // bits, from `least_code` on. One that is cut may as well lie just inside or just outside.
  enum class Place { kOutside, kCut, kInside };
  Place PlaceOf(int64_t least_code, unsigned level) const;

 private:
  // Steps of a latitude or longitude; none if first > last.
  struct Steps {
    int64_t first = 0;
    int64_t last = -1;

    bool Contain(int64_t step) const { return first <= step && step <= last; }
    bool Contain(const Steps& other) const { return first <= other.first && other.last <= last; }
    bool Meet(const Steps& other) const { return first <= other.last && other.first <= last; }
  };

  double SquareTo(const GeoPoint& point) const;
  Place PlaceOfBoxCell(const GeoSteps& least, int64_t size) const;
  Place PlaceOfCircleCell(const GeoSteps& least, int64_t size) const;

  bool is_circle_;
  Steps latitudes_;                  // where there is anything of the area
  std::array<Steps, 2> longitudes_;  // of a box: over 180 they are two runs
  // Of a circle, on a sphere of radius 1. Half a chord is the sine of half the angle.
  GeoPoint center_;
  double cosine_of_center_ = 0;
  double half_chord_ = 0;
};

}  // namespace segue::exec

#endif  // SEGUE_EXEC_GEO_AREA_H_

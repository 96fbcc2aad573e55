// SPDX-License-Identifier: Apache-2.0
//
// Two points of a sphere are nearer the shorter the chord between them is, and chords keep the
// triangle inequality: so a cell around a point lies in a circle if that point is nearer to the
// centre by all that the cell extends, and outside if it is farther by that. Poles and the date
// line are no special places for it.
#include "engine/exec/geo_area.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "engine/base/strings.h"
#include "engine/rank/portable_sine.h"

namespace segue::exec {
namespace {

// The mean radius, as Lucene has it.
constexpr double kEarthMeters = 6371008.7714;
constexpr double kPi = 0x1.921fb54442d18p+1;

// Of half a chord: far more than rounding can do to one (1e-15), on the earth a centimetre.
constexpr double kChordMargin = 1e-9;
// The same of degrees.
constexpr double kDegreesMargin = 1e-6;

std::string Fixed(double number, int digits) {
  char text[64];
  const auto [end, error] =
      std::to_chars(text, text + sizeof text, number, std::chars_format::fixed, digits);
  return {text, end};
}

// The step of a latitude that may lie beyond the poles.
int64_t LatitudeStep(double degrees) {
  return GeoStep(std::clamp(degrees, -90.0, 90.0), kLatitudeStep);
}

}  // namespace

GeoArea::GeoArea(const GeoBounds& bounds) : is_circle_(false) {
  latitudes_ = {GeoStepFrom(bounds.south, kLatitudeStep), GeoStep(bounds.north, kLatitudeStep)};
  const int64_t west = GeoStepFrom(bounds.west, kLongitudeStep);
  const int64_t east = GeoStep(bounds.east, kLongitudeStep);
  if (bounds.west <= bounds.east) {
    longitudes_[0] = {west, east};
  } else {
    longitudes_ = {Steps{west, kGeoSteps - 1}, Steps{0, east}};
  }
}

GeoArea::GeoArea(const GeoCircle& circle)
    : is_circle_(true),
      center_(circle.center),
      cosine_of_center_(CosineOfDegrees(circle.center.latitude)) {
  const double half_angle = circle.meters / (2 * kEarthMeters) * (180 / kPi);
  // From a right angle on all points are within, and cells by more than any extends.
  half_chord_ = half_angle < 90 ? SineOfDegrees(half_angle) : 4;
  const double reach = std::min(2 * half_angle, 180.0) + kDegreesMargin;
  latitudes_ = {LatitudeStep(center_.latitude - reach), LatitudeStep(center_.latitude + reach)};
}

// The square of half the chord from the centre.
double GeoArea::SquareTo(const GeoPoint& point) const {
  const double by_latitude = SineOfDegrees((point.latitude - center_.latitude) / 2);
  const double by_longitude = SineOfDegrees((point.longitude - center_.longitude) / 2);
  return by_latitude * by_latitude +
         cosine_of_center_ * CosineOfDegrees(point.latitude) * (by_longitude * by_longitude);
}

bool GeoArea::Contains(int64_t code) const {
  const GeoSteps steps = StepsOfGeoCode(code);
  if (!latitudes_.Contain(steps.latitude)) return false;
  if (is_circle_) return SquareTo(PointOfGeoCode(code)) <= half_chord_ * half_chord_;
  return longitudes_[0].Contain(steps.longitude) || longitudes_[1].Contain(steps.longitude);
}

std::string GeoArea::Describe(int64_t code) const {
  const GeoPoint point = PointOfGeoCode(code);
  std::string text = Cat("the point ", Fixed(point.latitude, 7), ",", Fixed(point.longitude, 7));
  if (!is_circle_) return text;
  const double half_angle = DegreesOfSine(std::min(std::sqrt(SquareTo(point)), 1.0));
  return Cat(text, ", ", Fixed(half_angle * (kPi / 180) * 2 * kEarthMeters, 2), " m away");
}

GeoArea::Place GeoArea::PlaceOf(int64_t least_code, unsigned level) const {
  const int64_t size = kGeoSteps >> level;
  const GeoSteps least = StepsOfGeoCode(least_code);
  return is_circle_ ? PlaceOfCircleCell(least, size) : PlaceOfBoxCell(least, size);
}

GeoArea::Place GeoArea::PlaceOfBoxCell(const GeoSteps& least, int64_t size) const {
  const Steps latitudes{least.latitude, least.latitude + size - 1};
  const Steps longitudes{least.longitude, least.longitude + size - 1};
  if (!latitudes_.Meet(latitudes)) return Place::kOutside;
  for (const Steps& of_box : longitudes_) {
    if (!of_box.Meet(longitudes)) continue;
    const bool is_inside = latitudes_.Contain(latitudes) && of_box.Contain(longitudes);
    return is_inside ? Place::kInside : Place::kCut;
  }
  return Place::kOutside;
}

// From the middle of the cell no point of it is farther than first along the parallel, then along
// the meridian; and no chord is longer than the way around.
GeoArea::Place GeoArea::PlaceOfCircleCell(const GeoSteps& least, int64_t size) const {
  const double half = static_cast<double>(size) / 2;
  const GeoPoint middle{.latitude = DegreesOfStep(least.latitude + half, kLatitudeStep),
                        .longitude = DegreesOfStep(least.longitude + half, kLongitudeStep)};
  const double reach_degrees =
      half * kLatitudeStep + half * kLongitudeStep * CosineOfDegrees(middle.latitude);
  const double reach = reach_degrees * (kPi / 180) / 2 + kChordMargin;
  const double half_chord = std::sqrt(SquareTo(middle));
  if (half_chord - reach > half_chord_) return Place::kOutside;
  return half_chord + reach <= half_chord_ ? Place::kInside : Place::kCut;
}

}  // namespace segue::exec

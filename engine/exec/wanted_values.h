// SPDX-License-Identifier: Apache-2.0
//
// WantedValues: which values of a column match a query.
#ifndef SEGUE_EXEC_WANTED_VALUES_H_
#define SEGUE_EXEC_WANTED_VALUES_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "engine/exec/geo_area.h"
#include "engine/format/value_ranges.h"

namespace segue::exec {

// A value.
struct WantedValues {
  // The codes of points in an area: few ranges without others, and few that have some.
  static WantedValues In(const GeoArea& area);

  // Whether any value from `min` to `max` may be wanted.
  bool MayHave(int64_t min, int64_t max) const {
    return !sure.Within(min, max).empty() || MustAsk(min, max);
  }
  // Whether ranges do not say which of these are.
  bool MustAsk(int64_t min, int64_t max) const { return !maybe.Within(min, max).empty(); }
  // Whether a point is wanted. REQUIRES: there is an area.
  bool Has(int64_t point) const {
    // To find out in which ranges it is costs more than to compare it, and less than sines.
    if (!area->is_circle()) return area->Contains(point);
    return sure.Contains(point) || (maybe.Contains(point) && area->Contains(point));
  }
  size_t range_count() const { return sure.ranges().size() + maybe.ranges().size(); }

  ValueRanges sure = {};                       // all of these
  ValueRanges maybe = {};                      // and of these those in the area
  std::optional<GeoArea> area = std::nullopt;  // of points; it has all that are wanted
};

}  // namespace segue::exec

#endif  // SEGUE_EXEC_WANTED_VALUES_H_

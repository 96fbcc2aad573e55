// SPDX-License-Identifier: Apache-2.0
#include "engine/format/value_ranges.h"

#include <algorithm>

namespace segue {

ValueRanges::ValueRanges(int64_t low, int64_t high) {
  if (low <= high) ranges_.push_back({low, high});
}

ValueRanges ValueRanges::Of(std::vector<int64_t> values) {
  std::sort(values.begin(), values.end());
  ValueRanges wanted;
  for (const int64_t value : values) {
    // The value behind the last range, if there is one, does not overflow: `value` is above it.
    const bool touches = !wanted.ranges_.empty() && (value == wanted.ranges_.back().high ||
                                                     value - 1 == wanted.ranges_.back().high);
    if (touches) {
      wanted.ranges_.back().high = value;
    } else {
      wanted.ranges_.push_back({value, value});
    }
  }
  return wanted;
}

std::span<const ValueRange> ValueRanges::Within(int64_t min, int64_t max) const {
  const auto first = std::partition_point(
      ranges_.begin(), ranges_.end(), [min](const ValueRange& range) { return range.high < min; });
  const auto last = std::partition_point(
      first, ranges_.end(), [max](const ValueRange& range) { return range.low <= max; });
  return {first, last};
}

}  // namespace segue

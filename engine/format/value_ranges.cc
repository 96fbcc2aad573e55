// SPDX-License-Identifier: Apache-2.0
#include "engine/format/value_ranges.h"

#include <algorithm>

namespace segue {

ValueRanges::ValueRanges(int64_t low, int64_t high) {
  if (low <= high) ranges_.push_back({low, high});
}

ValueRanges ValueRanges::Of(std::vector<int64_t> values) {
  std::vector<ValueRange> ranges;
  ranges.reserve(values.size());
  for (const int64_t value : values) ranges.push_back({value, value});
  return OfRanges(std::move(ranges));
}

ValueRanges ValueRanges::OfRanges(std::vector<ValueRange> ranges) {
  std::sort(ranges.begin(), ranges.end(),
            [](const ValueRange& a, const ValueRange& b) { return a.low < b.low; });
  ValueRanges wanted;
  for (const ValueRange& range : ranges) {
    if (range.low > range.high) continue;
    ValueRange* const last = wanted.ranges_.empty() ? nullptr : &wanted.ranges_.back();
    // The value below a range that begins above another one is there.
    const bool touches =
        last != nullptr && (range.low <= last->high || range.low - 1 == last->high);
    if (touches) {
      last->high = std::max(last->high, range.high);
    } else {
      wanted.ranges_.push_back(range);
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

// SPDX-License-Identifier: Apache-2.0
//
// ValueRanges: which values of a column are wanted, as ranges of them.
#ifndef SEGUE_FORMAT_VALUE_RANGES_H_
#define SEGUE_FORMAT_VALUE_RANGES_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace segue {

// The values from low to high, both included, in ordered form (column_format.h).
struct ValueRange {
  int64_t low = 0;
  int64_t high = 0;

  friend bool operator==(const ValueRange&, const ValueRange&) = default;
};

// A value: ranges that ascend and neither overlap nor touch.
class ValueRanges {
 public:
  // No value.
  ValueRanges() = default;
  // One range; no value if low > high.
  ValueRanges(int64_t low, int64_t high);
  // Just these, in any order; those next to each other become one range.
  static ValueRanges Of(std::vector<int64_t> values);
  // All values of these, in any order.
  static ValueRanges OfRanges(std::vector<ValueRange> ranges);
  static ValueRanges All() { return {INT64_MIN, INT64_MAX}; }

  std::span<const ValueRange> ranges() const { return ranges_; }
  bool Contains(int64_t value) const { return !Within(value, value).empty(); }
  // Those with a value in [min, max]. Cost: logarithmic.
  std::span<const ValueRange> Within(int64_t min, int64_t max) const;
  size_t MemoryBytes() const { return ranges_.capacity() * sizeof(ValueRange); }

 private:
  std::vector<ValueRange> ranges_;
};

}  // namespace segue

#endif  // SEGUE_FORMAT_VALUE_RANGES_H_

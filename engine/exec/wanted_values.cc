// SPDX-License-Identifier: Apache-2.0
//
// Cells that the edge of an area cuts are quartered, level by level, as long as few ranges are
// left: each level halves what lies beside the edge, and about doubles the ranges.
#include "engine/exec/wanted_values.h"

#include <utility>
#include <vector>

namespace segue::exec {
namespace {

// A range takes 2 us to find in an order (column_scorer.cc), a point beside the edge 40 ns to look
// up.
constexpr size_t kMostCells = 64;

// The codes of a cell; `least`: the first one.
ValueRange CellRange(int64_t least, unsigned level) {
  if (level == 0) return {INT64_MIN, INT64_MAX};
  const uint64_t codes = uint64_t{1} << 2 * (kGeoLevels - level);
  return {least, static_cast<int64_t>(static_cast<uint64_t>(least) + (codes - 1))};
}

}  // namespace

WantedValues WantedValues::In(const GeoArea& area) {
  std::vector<ValueRange> inside;
  std::vector<ValueRange> cut = {CellRange(INT64_MIN, 0)};
  for (unsigned level = 1; level <= kGeoLevels && !cut.empty(); ++level) {
    const size_t inside_before = inside.size();
    std::vector<ValueRange> cut_again;
    for (const ValueRange& cell : cut) {
      int64_t least = cell.low;
      for (int quarter = 0; quarter < 4; ++quarter) {
        const ValueRange range = CellRange(least, level);
        const GeoArea::Place place = area.PlaceOf(least, level);
        if (place == GeoArea::Place::kInside) inside.push_back(range);
        if (place == GeoArea::Place::kCut) cut_again.push_back(range);
        if (quarter < 3) least = range.high + 1;
      }
    }
    if (inside.size() + cut_again.size() > kMostCells) {
      inside.resize(inside_before);
      break;
    }
    cut = std::move(cut_again);
  }
  return {.sure = ValueRanges::OfRanges(std::move(inside)),
          .maybe = ValueRanges::OfRanges(std::move(cut)),
          .area = area};
}

}  // namespace segue::exec

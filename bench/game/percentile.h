// SPDX-License-Identifier: Apache-2.0
#ifndef SEGUE_BENCH_GAME_PERCENTILE_H_
#define SEGUE_BENCH_GAME_PERCENTILE_H_

#include <cstddef>
#include <vector>

namespace segue::game {

// The value with a share of `share`, 0 to 1, of the others below it. REQUIRES: sorted, not empty.
inline double Percentile(const std::vector<double>& sorted, double share) {
  const double at = share * static_cast<double>(sorted.size() - 1);
  return sorted[static_cast<size_t>(at + 0.5)];
}

}  // namespace segue::game

#endif  // SEGUE_BENCH_GAME_PERCENTILE_H_

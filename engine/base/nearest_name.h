// SPDX-License-Identifier: Apache-2.0
//
// The known name that a mistyped one most likely meant, for error messages.
#ifndef SEGUE_BASE_NEAREST_NAME_H_
#define SEGUE_BASE_NEAREST_NAME_H_

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace segue {

// How many bytes must be inserted, deleted or replaced to make `b` of `a`.
inline size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t replaced = diagonal + (a[i - 1] != b[j - 1]);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
    }
  }
  return row[b.size()];
}

// The name of `names` (a range of strings or views) nearest to `wanted`, the first among equals;
// empty if there are no names. Only the first 64 bytes of `wanted` are looked at.
template <typename Names>
std::string NearestName(std::string_view wanted, const Names& names) {
  wanted = wanted.substr(0, 64);
  std::string best;
  size_t best_distance = 0;
  for (const auto& name : names) {
    const size_t distance = EditDistance(wanted, name);
    if (best.empty() || distance < best_distance) {
      best = std::string(name);
      best_distance = distance;
    }
  }
  return best;
}

// Whether `wanted` may be `name` mistyped. Only its first 64 bytes are looked at.
inline bool IsNearName(std::string_view wanted, std::string_view name) {
  return !name.empty() && EditDistance(wanted.substr(0, 64), name) <= 1 + name.size() / 4;
}

}  // namespace segue

#endif  // SEGUE_BASE_NEAREST_NAME_H_

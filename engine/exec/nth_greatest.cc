// SPDX-License-Identifier: Apache-2.0
#include "engine/exec/nth_greatest.h"

#include <algorithm>
#include <bit>
#include <functional>
#include <limits>
#include <vector>

#include "engine/simd/kernels.h"

namespace segue::exec {
namespace {

// Which of the values are at least so great: `mask`; returns how many.
template <typename Value>
uint32_t MaskAtLeast(std::span<const Value> values, uint32_t least, std::vector<uint64_t>* mask) {
  const Kernels& kernels = ActiveKernels();
  if constexpr (sizeof(Value) == 1) {
    kernels.mask_at_least_u8(values.data(), values.size(), static_cast<Value>(least), mask->data());
  } else {
    kernels.mask_at_least_u16(values.data(), values.size(), static_cast<Value>(least),
                              mask->data());
  }
  return static_cast<uint32_t>(kernels.count_words(mask->data(), mask->size()));
}

// A number that `count` of the values reach: the count-th greatest among the greatest ones of each
// 64. 0 if there are not so many.
template <typename Value>
uint32_t ReachedByGroups(std::span<const Value> values, uint32_t count) {
  std::vector<Value> maxima((values.size() + 63) / 64);
  if (maxima.size() < count) return 0;
  if constexpr (sizeof(Value) == 1) {
    ActiveKernels().group_maxima_u8(values.data(), values.size(), maxima.data());
  } else {
    ActiveKernels().group_maxima_u16(values.data(), values.size(), maxima.data());
  }
  std::nth_element(maxima.begin(), maxima.begin() + (count - 1), maxima.end(), std::greater<>());
  return maxima[count - 1];
}

// So many times the values looked for are sorted out one by one.
constexpr uint32_t kFewTimesCount = 8;

}  // namespace

template <typename Value>
uint32_t NthGreatest(std::span<const Value> values, uint32_t count, uint32_t least) {
  std::vector<uint64_t> mask((values.size() + 63) / 64);
  uint32_t low = std::max(least, ReachedByGroups(values, count));
  uint32_t high = uint32_t{std::numeric_limits<Value>::max()} + 1;
  uint32_t reached = MaskAtLeast(values, low, &mask);
  if (reached < count) return 0;
  while (reached > kFewTimesCount * count && high - low > 1) {
    const uint32_t middle = (low + high) / 2;
    const uint32_t by_middle = MaskAtLeast(values, middle, &mask);
    (by_middle >= count ? low : high) = middle;
    if (low == middle) reached = by_middle;
  }
  if (high - low == 1) return low;
  MaskAtLeast(values, low, &mask);
  std::vector<Value> greatest;
  for (size_t i = 0; i < mask.size(); ++i) {
    for (uint64_t rest = mask[i]; rest != 0; rest &= rest - 1) {
      greatest.push_back(values[64 * i + static_cast<size_t>(std::countr_zero(rest))]);
    }
  }
  std::nth_element(greatest.begin(), greatest.begin() + (count - 1), greatest.end(),
                   std::greater<>());
  return greatest[count - 1];
}

template uint32_t NthGreatest(std::span<const uint8_t> values, uint32_t count, uint32_t least);
template uint32_t NthGreatest(std::span<const uint16_t> values, uint32_t count, uint32_t least);

}  // namespace segue::exec

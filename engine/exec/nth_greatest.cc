// SPDX-License-Identifier: Apache-2.0
#include "engine/exec/nth_greatest.h"

#include <algorithm>
#include <array>
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

namespace {

// So many scores are sorted out one by one; so many of all are a sample.
constexpr size_t kFewScores = 48;
constexpr size_t kSample = 46;

// Scores that go into one vector or a few.
constexpr size_t kTogether = 16;
static_assert(kFewScores % kTogether == 0 && kSample < kFewScores);

// Every so many-th score, in as many groups; up to half as many of their maxima are likely to be
// the greatest of all.
constexpr size_t kGroups = 32;
static_assert(kGroups <= kFewScores);

// Scores order like their bits.
int32_t BitsOf(float score) { return std::bit_cast<int32_t>(score); }

// Scores from `least` to below `end`, as bits; `above` reach the end, `reached` the least.
struct ScoreRange {
  int32_t least = 0;
  int32_t end = INT32_MAX;
  size_t reached = 0;
  size_t above = 0;

  size_t size() const { return reached - above; }
  bool Has(float score) const { return BitsOf(score) >= least && BitsOf(score) < end; }
};

// Takes every `step`-th score that is in the range; returns how many. REQUIRES: `out` has room for
// one more.
size_t Gather(std::span<const float> scores, size_t step, const ScoreRange& range, float* out) {
  size_t found = 0;
  for (size_t i = 0; i < scores.size(); i += step) {
    out[found] = scores[i];
    found += range.Has(scores[i]);
  }
  return found;
}

// The nth greatest, from 0, of at most kFewScores: the least of those that at most nth exceed. All
// are compared with all, which has no branch to be mistaken. `scores` has room for kFewScores.
float NthOf(float* scores, size_t count, size_t nth) {
  const float infinity = std::numeric_limits<float>::infinity();
  std::fill(scores + count, scores + (count + kTogether - 1) / kTogether * kTogether, infinity);
  std::array<float, kTogether> least;
  least.fill(infinity);
  for (size_t first = 0; first < count; first += kTogether) {
    std::array<int32_t, kTogether> above = {};
    for (size_t i = 0; i < count; ++i) {
      for (size_t l = 0; l < kTogether; ++l) above[l] += scores[i] > scores[first + l];
    }
    for (size_t l = 0; l < kTogether; ++l) {
      const float score = above[l] <= static_cast<int32_t>(nth) ? scores[first + l] : infinity;
      least[l] = score < least[l] ? score : least[l];
    }
  }
  return *std::min_element(least.begin(), least.end());
}

// A score of the range that is near the count-th greatest, by a sample of all.
float Pivot(std::span<const float> scores, uint32_t count, const ScoreRange& range) {
  std::array<float, kFewScores> sample;
  const size_t found = Gather(scores, scores.size() / kSample + 1, range, sample.data());
  if (found == 0) return std::bit_cast<float>(range.least + (range.end - range.least) / 2);
  return NthOf(sample.data(), found, (count - range.above - 1) * found / range.size());
}

}  // namespace

float NthGreatest(std::span<const float> scores, uint32_t count) {
  ScoreRange range{.reached = scores.size()};
  while (range.size() > kFewScores) {
    const float pivot = Pivot(scores, count, range);
    uint32_t reach = 0, pass = 0;
    for (const float score : scores) {
      reach += BitsOf(score) >= BitsOf(pivot);
      pass += BitsOf(score) > BitsOf(pivot);
    }
    if (pass < count && count <= reach) return pivot;
    if (pass >= count) {
      range.least = BitsOf(pivot) + 1;
      range.reached = pass;
    } else {
      range.end = BitsOf(pivot);
      range.above = reach;
    }
  }
  std::array<float, kFewScores + 1> few;
  const size_t found = Gather(scores, 1, range, few.data());
  return NthOf(few.data(), found, count - range.above - 1);
}

float ReachedBy(std::span<const float> scores, uint32_t count) {
  if (count > kGroups / 2 || scores.size() <= kFewScores) return NthGreatest(scores, count);
  std::array<float, kFewScores> maxima;
  std::copy_n(scores.begin(), kGroups, maxima.begin());
  size_t i = kGroups;
  for (; i + kGroups <= scores.size(); i += kGroups) {
    for (size_t j = 0; j < kGroups; ++j) {
      const float score = scores[i + j];
      maxima[j] = maxima[j] < score ? score : maxima[j];
    }
  }
  for (size_t j = 0; i < scores.size(); ++i, ++j) maxima[j] = std::max(maxima[j], scores[i]);
  return NthOf(maxima.data(), kGroups, count - 1);
}

template uint32_t NthGreatest(std::span<const uint8_t> values, uint32_t count, uint32_t least);
template uint32_t NthGreatest(std::span<const uint16_t> values, uint32_t count, uint32_t least);

}  // namespace segue::exec

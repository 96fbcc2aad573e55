// SPDX-License-Identifier: Apache-2.0
#include "engine/exec/nth_greatest.h"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <limits>
#include <vector>

#include "gtest/gtest.h"
#include "tests/support/seeded_random.h"

namespace segue::exec {
namespace {

template <typename Value>
Value NthBySorting(std::vector<Value> values, uint32_t count) {
  std::sort(values.begin(), values.end(), std::greater<>());
  return values[count - 1];
}

// All alike, few different ones, many; some far above the others.
TEST(NthGreatestTest, OfScores) {
  SeededRandom random(5);
  for (int i = 0; i < 3000; ++i) {
    const size_t size = 1 + random.Below(random.Below(2) == 0 ? 60 : 3000);
    const uint64_t different =
        random.Below(3) == 0 ? 1 + random.Below(5) : 1 + random.Below(100000);
    std::vector<float> scores(size);
    for (float& score : scores) {
      score = static_cast<float>(random.Below(different)) / 7.0f;
      if (random.Below(50) == 0) score *= 1e30f;
    }
    const auto count = static_cast<uint32_t>(1 + random.Below(size));
    ASSERT_EQ(NthGreatest(scores, count), NthBySorting(scores, count)) << size << ", " << count;
  }
}

TEST(NthGreatestTest, OfExtremeScores) {
  const float infinity = std::numeric_limits<float>::infinity();
  const float least = std::numeric_limits<float>::denorm_min();
  std::vector<float> scores(200, infinity);
  EXPECT_EQ(NthGreatest(scores, 200), infinity);
  std::fill(scores.begin() + 100, scores.end(), 0.0f);
  scores[7] = least;
  EXPECT_EQ(NthGreatest(scores, 99), infinity);
  EXPECT_EQ(NthGreatest(scores, 100), least);
  EXPECT_EQ(NthGreatest(scores, 101), 0.0f);
}

// At least so many reach it, and of random ones not many more.
TEST(NthGreatestTest, WhatSoManyReach) {
  SeededRandom random(7);
  size_t wanted = 0, reached = 0;
  for (int i = 0; i < 2000; ++i) {
    const size_t size = 1 + random.Below(random.Below(2) == 0 ? 60 : 3000);
    const uint64_t different = random.OneIn(3) ? 1 + random.Below(5) : 1 << 24;
    std::vector<float> scores(size);
    for (float& score : scores) score = static_cast<float>(random.Below(different)) / 8.0f;
    const auto count = static_cast<uint32_t>(
        1 + random.Below(std::min<uint64_t>(size, random.OneIn(2) ? 16 : size)));
    const float least = ReachedBy(scores, count);
    const auto reach = static_cast<size_t>(
        std::count_if(scores.begin(), scores.end(), [&](float score) { return score >= least; }));
    ASSERT_GE(reach, count) << size;
    ASSERT_LE(least, NthBySorting(scores, count));
    if (different < 100 || count > 16 || size <= 48) continue;
    wanted += count;
    reached += reach;
  }
  EXPECT_LT(reached, 2 * wanted);
}

template <typename Value>
void CheckIntegers() {
  SeededRandom random(6);
  for (int i = 0; i < 1000; ++i) {
    const size_t size = 1 + random.Below(3000);
    const uint64_t most = random.Below(2) == 0 ? 4 : std::numeric_limits<Value>::max();
    std::vector<Value> values(size);
    for (Value& value : values) value = static_cast<Value>(random.Between(0, most));
    const auto count = static_cast<uint32_t>(1 + random.Below(size));
    const auto least = static_cast<uint32_t>(random.Between(0, most));
    const uint32_t want = NthBySorting(values, count);
    ASSERT_EQ(NthGreatest(std::span<const Value>(values), count, least), want < least ? 0 : want)
        << size << ", " << count << ", " << least;
  }
}

TEST(NthGreatestTest, OfBytes) { CheckIntegers<uint8_t>(); }
TEST(NthGreatestTest, OfSums) { CheckIntegers<uint16_t>(); }

TEST(NthGreatestTest, FirstByteForWhichItHolds) {
  for (uint32_t first = 0; first <= 256; ++first) {
    EXPECT_EQ(FirstByte([&](uint8_t byte) { return byte >= first; }), first);
  }
}

}  // namespace
}  // namespace segue::exec

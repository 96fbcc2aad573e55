// SPDX-License-Identifier: Apache-2.0
#include "engine/base/bitset.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <random>
#include <utility>
#include <vector>

namespace segue {
namespace {

std::vector<bool> RandomBits(size_t size, uint32_t seed) {
  std::mt19937 random(seed);
  std::vector<bool> bits(size);
  for (size_t i = 0; i < size; ++i) bits[i] = random() % 3 == 0;
  return bits;
}

Bitset Make(const std::vector<bool>& bits) {
  Bitset set(bits.size());
  for (size_t i = 0; i < bits.size(); ++i) {
    if (bits[i]) set.Set(i);
  }
  return set;
}

const size_t kSizes[] = {0, 1, 63, 64, 65, 127, 128, 511, 512, 513, 1000};

TEST(BitsetTest, ConstructedAllZeroOrAllOne) {
  for (const size_t size : kSizes) {
    EXPECT_EQ(Bitset(size).Count(), 0u);
    const Bitset ones(size, true);
    EXPECT_EQ(ones.Count(), size);  // so no bit past the end is set
    EXPECT_EQ(ones.words().size(), (size + 63) / 64);
    if (size > 0) {
      EXPECT_EQ(reinterpret_cast<uintptr_t>(ones.words().data()) % 64, 0u);
    }
  }
}

TEST(BitsetTest, AgreesWithAVectorOfBools) {
  for (const size_t size : kSizes) {
    const std::vector<bool> bits = RandomBits(size, 1);
    Bitset set = Make(bits);
    size_t count = 0;
    for (size_t i = 0; i < size; ++i) {
      ASSERT_EQ(set.Test(i), bits[i]);
      count += bits[i] ? 1 : 0;
    }
    EXPECT_EQ(set.Count(), count);
    for (size_t i = 0; i < size; i += 2) set.Clear(i);
    for (size_t i = 0; i < size; ++i) ASSERT_EQ(set.Test(i), i % 2 == 1 && bits[i]);
  }
}

TEST(BitsetTest, FindNextVisitsEveryBit) {
  for (const size_t size : kSizes) {
    const std::vector<bool> bits = RandomBits(size, 2);
    const Bitset set = Make(bits);
    size_t from = 0;
    for (size_t i = 0; i < size; ++i) {
      if (!bits[i]) continue;
      ASSERT_EQ(set.FindNext(from), i);
      from = i + 1;
    }
    EXPECT_EQ(set.FindNext(from), size);
    EXPECT_EQ(set.FindNext(size + 5), size);
  }
}

TEST(BitsetTest, CountRangeOfEveryRange) {
  const std::vector<bool> bits = RandomBits(200, 3);
  const Bitset set = Make(bits);
  for (size_t begin = 0; begin <= bits.size(); ++begin) {
    size_t count = 0;
    for (size_t end = begin; end <= bits.size(); ++end) {
      ASSERT_EQ(set.CountRange(begin, end), count) << begin << " " << end;
      if (end < bits.size() && bits[end]) ++count;
    }
  }
}

TEST(BitsetTest, SetOperations) {
  for (const size_t size : kSizes) {
    const std::vector<bool> a = RandomBits(size, 4);
    const std::vector<bool> b = RandomBits(size, 5);
    Bitset both = Make(a);
    Bitset either = Make(a);
    Bitset only_a = Make(a);
    both.And(Make(b));
    either.Or(Make(b));
    only_a.AndNot(Make(b));
    for (size_t i = 0; i < size; ++i) {
      ASSERT_EQ(both.Test(i), a[i] && b[i]);
      ASSERT_EQ(either.Test(i), a[i] || b[i]);
      ASSERT_EQ(only_a.Test(i), a[i] && !b[i]);
    }
  }
}

TEST(BitsetTest, CopiesAreIndependentAndMovesEmpty) {
  Bitset a = Make(RandomBits(100, 6));
  Bitset copy = a;
  EXPECT_TRUE(copy == a);
  copy.Clear(copy.FindNext(0));
  EXPECT_FALSE(copy == a);
  const Bitset moved = std::move(a);
  EXPECT_EQ(moved.size(), 100u);
  EXPECT_EQ(a.size(), 0u);
  copy = moved;
  EXPECT_TRUE(copy == moved);
  EXPECT_FALSE(copy == Bitset(99));
}

}  // namespace
}  // namespace segue

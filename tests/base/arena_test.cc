// SPDX-License-Identifier: Apache-2.0
#include "engine/base/arena.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <utility>
#include <vector>

namespace segue {
namespace {

TEST(ArenaTest, GivesAlignedDisjointMemory) {
  Arena arena;
  std::vector<std::pair<unsigned char*, size_t>> given;
  for (size_t i = 0; i < 3000; ++i) {
    const size_t bytes = i * 7 % 200 + 1;
    const size_t alignment = size_t{1} << (i % 7);
    auto* p = static_cast<unsigned char*>(arena.Allocate(bytes, alignment));
    ASSERT_NE(p, nullptr);
    ASSERT_EQ(reinterpret_cast<uintptr_t>(p) % alignment, 0u);
    std::memset(p, static_cast<int>(i & 0xff), bytes);
    given.emplace_back(p, bytes);
  }
  for (size_t i = 0; i < given.size(); ++i) {
    for (size_t j = 0; j < given[i].second; ++j) ASSERT_EQ(given[i].first[j], i & 0xff);
  }
}

TEST(ArenaTest, LargeRequestsDoNotWasteTheCurrentBlock) {
  Arena arena;
  ASSERT_NE(arena.Allocate(100), nullptr);
  ASSERT_NE(arena.Allocate(1 << 20), nullptr);
  const size_t reserved = arena.reserved_bytes();
  ASSERT_NE(arena.Allocate(1000), nullptr);
  EXPECT_EQ(arena.reserved_bytes(), reserved);
}

TEST(ArenaTest, StopsAtTheLimitForGood) {
  Arena arena(100 * 1024);
  size_t given = 0;
  while (arena.Allocate(1024) != nullptr) given += 1024;
  EXPECT_TRUE(arena.exhausted());
  EXPECT_GE(given, 90u * 1024);
  EXPECT_LE(arena.reserved_bytes(), 100u * 1024);
  EXPECT_EQ(arena.Allocate(1 << 20), nullptr);
  arena.Reset();
  EXPECT_FALSE(arena.exhausted());
  EXPECT_EQ(arena.reserved_bytes(), 0u);
  EXPECT_NE(arena.Allocate(1024), nullptr);
}

TEST(ArenaTest, RefusesWhatCannotBe) {
  Arena arena(1 << 20);
  EXPECT_EQ(arena.Allocate(SIZE_MAX), nullptr);
  EXPECT_TRUE(arena.exhausted());
  Arena other;
  EXPECT_EQ(other.AllocateArray<uint64_t>(SIZE_MAX / 4), nullptr);
  EXPECT_TRUE(other.exhausted());
}

TEST(ArenaTest, CopyKeepsBytes) {
  Arena arena;
  std::string source = "copied";
  const std::string_view copy = arena.Copy(source);
  source.assign("changed");
  EXPECT_EQ(copy, "copied");
  EXPECT_EQ(arena.Copy(""), "");
}

}  // namespace
}  // namespace segue

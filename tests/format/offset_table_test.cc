// SPDX-License-Identifier: Apache-2.0
#include "engine/format/offset_table.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/support/seeded_random.h"

namespace segue {
namespace {

// Offsets that rise by up to 2000 from one to the next.
void ExpectOffsets(SeededRandom* random, uint32_t count) {
  std::vector<uint32_t> offsets;
  uint32_t offset = static_cast<uint32_t>(random->Below(1000));
  for (uint32_t i = 0; i < count; ++i) {
    offsets.push_back(offset);
    offset += static_cast<uint32_t>(random->Below(2001));
  }
  std::string bytes = "x";  // an odd place
  ASSERT_FALSE(AppendOffsetTable(offsets, &bytes));
  ASSERT_EQ(bytes.size() - 1, OffsetTable::ByteSize(count, /*wide=*/false));
  const OffsetTable table(reinterpret_cast<const uint8_t*>(bytes.data()) + 1, count, false);
  EXPECT_FALSE(table.empty());
  for (uint32_t i = 0; i < count; ++i) ASSERT_EQ(table[i], offsets[i]) << i;
}

TEST(OffsetTableTest, EveryOffsetIsFound) {
  SeededRandom random(7);
  for (const uint32_t count : {1u, 2u, 31u, 32u, 33u, 64u, 65u, 1000u}) {
    ExpectOffsets(&random, count);
  }
  EXPECT_TRUE(OffsetTable().empty());
}

TEST(OffsetTableTest, StepsOfTwoBytesWhileTheyDo) {
  for (const uint32_t last : {uint32_t{UINT16_MAX}, uint32_t{UINT16_MAX} + 1, UINT32_MAX - 5}) {
    const std::vector<uint32_t> offsets = {5, 5 + last};
    std::string bytes;
    const bool wide = AppendOffsetTable(offsets, &bytes);
    EXPECT_EQ(wide, last > UINT16_MAX);
    const OffsetTable table(reinterpret_cast<const uint8_t*>(bytes.data()), 2, wide);
    EXPECT_EQ(table[0], 5u);
    EXPECT_EQ(table[1], 5 + last);
  }
}

TEST(OffsetTableTest, ANewBaseEvery32) {
  std::vector<uint32_t> offsets;
  for (uint32_t i = 0; i < 64; ++i) offsets.push_back(i < 32 ? i : 4000000000 + i);
  std::string bytes;
  EXPECT_FALSE(AppendOffsetTable(offsets, &bytes));
  const OffsetTable table(reinterpret_cast<const uint8_t*>(bytes.data()), 64, /*wide=*/false);
  EXPECT_EQ(table[31], 31u);
  EXPECT_EQ(table[63], 4000000063u);
}

TEST(OffsetTableTest, SumsOfDamagedTablesDoNotWrap) {
  const std::string bytes(8, '\xff');
  const OffsetTable table(reinterpret_cast<const uint8_t*>(bytes.data()), 1, /*wide=*/true);
  EXPECT_EQ(table[0], 2 * uint64_t{UINT32_MAX});
}

}  // namespace
}  // namespace segue

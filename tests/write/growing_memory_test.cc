// SPDX-License-Identifier: Apache-2.0
//
// Memory that is counted: arrays from the system and from the allocator, values one after the
// other, and the table of terms on top of them.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <numeric>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/limits.h"
#include "engine/base/strings.h"
#include "engine/write/gentle_vector.h"
#include "engine/write/graph_growth.h"
#include "engine/write/huge_array.h"
#include "engine/write/system_memory.h"
#include "engine/write/term_table.h"
#include "tests/support/seeded_random.h"

namespace segue {
namespace {

// --- Arrays ---

// Around the size from which on memory is the system's own.
const size_t kSizes[] = {1,
                         63,
                         64,
                         65,
                         4096,
                         kSystemMemoryFrom - 1,
                         kSystemMemoryFrom,
                         kSystemMemoryFrom + 1,
                         3 * kSystemMemoryFrom + 4097};

// Every so many bytes, several a page.
constexpr size_t kStep = 509;

void Fill(uint8_t* memory, size_t to) {
  for (size_t i = 0; i < to; i += kStep) {
    memory[i] = static_cast<uint8_t>(i * 131 >> 3);
  }
  memory[to - 1] = 0xa5;
}

// The first byte that is not as it was filled; `to` if all are.
size_t FirstChanged(const uint8_t* memory, size_t to) {
  for (size_t i = 0; i + 1 < to; i += kStep) {
    if (memory[i] != static_cast<uint8_t>(i * 131 >> 3)) return i;
  }
  return memory[to - 1] == 0xa5 ? to : to - 1;
}

TEST(SystemMemoryTest, EverySizeIsAlignedAndWritable) {
  for (const size_t bytes : kSizes) {
    auto* const memory = static_cast<uint8_t*>(AllocateMemory(bytes));
    EXPECT_EQ(reinterpret_cast<uintptr_t>(memory) % 64, 0u) << bytes;
    Fill(memory, bytes);
    EXPECT_EQ(FirstChanged(memory, bytes), bytes);
    FreeMemory(memory, bytes);
  }
}

TEST(SystemMemoryTest, GrowingKeepsWhatWasThere) {
  for (const size_t before : kSizes) {
    for (const size_t after : kSizes) {
      if (after < before) continue;
      auto* memory = static_cast<uint8_t*>(AllocateMemory(before));
      Fill(memory, before);
      memory = static_cast<uint8_t*>(GrowMemory(memory, before, after));
      EXPECT_EQ(FirstChanged(memory, before), before) << before << " to " << after;
      Fill(memory, after);
      EXPECT_EQ(FirstChanged(memory, after), after);
      FreeMemory(memory, after);
    }
  }
  // From nothing.
  void* const fresh = GrowMemory(nullptr, 0, 100);
  ASSERT_NE(fresh, nullptr);
  std::memset(fresh, 1, 100);
  FreeMemory(fresh, 100);
}

TEST(HugeArrayTest, MovesLeaveNothingBehind) {
  HugeArray<uint32_t> none;
  EXPECT_EQ(none.size(), 0u);
  EXPECT_EQ(none.begin(), none.end());
  EXPECT_EQ(HugeArray<uint32_t>(0).data(), nullptr);
  HugeArray<uint32_t> first(1000), second(7);
  std::iota(first.begin(), first.end(), 0u);
  const uint32_t* const data = first.data();
  HugeArray<uint32_t> moved = std::move(first);
  EXPECT_EQ(moved.data(), data) << "nothing is copied";
  EXPECT_EQ(moved.size(), 1000u);
  EXPECT_EQ(moved[999], 999u);
  second = std::move(moved);
  EXPECT_EQ(second.data(), data);
  EXPECT_EQ(moved.data(), nullptr);  // NOLINT: what a move leaves is promised here
  EXPECT_EQ(moved.size(), 0u);
  second = HugeArray<uint32_t>(3);
  EXPECT_EQ(second.size(), 3u);
}

// --- Values ---

TEST(GentleVectorTest, ValuesStayAndGrowthIsWhatWasSaid) {
  GentleVector<uint64_t> values;
  EXPECT_TRUE(values.empty());
  EXPECT_EQ(values.memory_bytes(), 0u);
  size_t most = 0;
  for (uint64_t i = 0; i < 600'000; ++i) {
    const size_t held = values.memory_bytes(), promised = held + values.BytesToAdd(1);
    values.push_back(i * i);
    ASSERT_LE(values.memory_bytes(), promised) << i;
    // Ten million values do not hold memory for twenty.
    if (i > (size_t{1} << 17)) {
      ASSERT_LE(values.memory_bytes(), (i + 1) * sizeof(uint64_t) * 5 / 4 + 64) << i;
    }
    most = std::max(most, values.memory_bytes());
  }
  ASSERT_EQ(values.size(), 600'000u);
  for (uint64_t i = 0; i < values.size(); ++i) ASSERT_EQ(values[i], i * i);
  values.Truncate(5);
  EXPECT_EQ(values.size(), 5u);
  EXPECT_EQ(values.memory_bytes(), most) << "the room stays";
  EXPECT_EQ(values.BytesToAdd(500'000), 0u);
  EXPECT_EQ(std::vector<uint64_t>(values.begin(), values.end()),
            (std::vector<uint64_t>{0, 1, 4, 9, 16}));
  GentleVector<uint64_t> other = std::move(values);
  other.push_back(25);
  EXPECT_EQ(other.size(), 6u);
  EXPECT_EQ(other[5], 25u);
}

// For `more` values at once what is said covers every step on the way, however often it grows.
TEST(GentleVectorTest, ManyAtOnceAreCountedStepByStep) {
  SeededRandom random(831);
  for (int round = 0; round < 200; ++round) {
    GentleVector<uint32_t> values;
    for (uint64_t left = random.Below(3000); left > 0; --left) values.push_back(1);
    const size_t more = random.Between(1, 3000);
    const size_t promised = values.memory_bytes() + values.BytesToAdd(more);
    for (size_t i = 0; i < more; ++i) {
      const size_t before = values.memory_bytes();
      values.push_back(2);
      // What is copied is there twice for a moment.
      const size_t now = values.memory_bytes() + (values.memory_bytes() > before ? before : 0);
      ASSERT_LE(now, promised) << i << " of " << more;
    }
  }
}

// --- Terms ---

std::string RandomTerm(SeededRandom* random) {
  // Lengths about those that lie in an entry, and of any bytes.
  const uint64_t length = random->OneIn(4) ? random->Below(40) : random->Between(10, 15);
  std::string term;
  for (uint64_t i = 0; i < length; ++i) {
    term += random->OneIn(3) ? static_cast<char>(random->Below(256)) : "ab"[random->Below(2)];
  }
  return term;
}

TEST(TermTableModel, SortsAndIsWholeAgain) {
  SeededRandom random(832);
  for (int round = 0; round < 12; ++round) {
    TermTable table;
    std::vector<std::string> terms;
    for (uint64_t left = random.Below(1500); left > 0; --left) {
      const std::string term = RandomTerm(&random);
      const uint32_t number = table.NumberOne(term);
      if (number == terms.size()) terms.push_back(term);
      ASSERT_LT(number, terms.size());
      ASSERT_EQ(terms[number], term);
    }
    for (int sorting = 0; sorting < 3; ++sorting) {
      std::vector<std::string> sorted;
      for (const TermTable::Entry& entry : table.SortInPlace()) {
        sorted.emplace_back(table.term(entry.tail));
      }
      const std::set<std::string> wanted(terms.begin(), terms.end());
      EXPECT_EQ(sorted, std::vector<std::string>(wanted.begin(), wanted.end()));
      table.Rebuild();
      for (uint32_t i = 0; i < terms.size(); ++i) ASSERT_EQ(table.Find(terms[i]), i);
      EXPECT_EQ(table.Find("never added, and longer than twelve"), TermTable::kNoTerm);
    }
  }
}

// One batch with the same new terms again and again: each gets one number, the first time.
TEST(TermTableModel, NewTermsTwiceInABatch) {
  TermTable table;
  TokenBatch batch;
  const std::vector<std::string> terms = {
      "x", "a term beyond twelve bytes", "x", "y", "a term beyond twelve bytes", "", "", "y"};
  for (const std::string& term : terms) batch.Append(term, 0, 0);
  std::vector<uint32_t> numbers(terms.size());
  table.Number(batch, 0, terms.size(), numbers.data());
  EXPECT_EQ(numbers, (std::vector<uint32_t>{0, 1, 0, 2, 1, 3, 3, 2}));
  // And of a part of it.
  uint32_t some[3];
  table.Number(batch, 4, 7, some);
  EXPECT_EQ(some[0], 1u);
  EXPECT_EQ(some[1], 3u);
  EXPECT_EQ(some[2], 3u);
  table.Number(batch, 2, 2, some);  // none
  EXPECT_EQ(table.size(), 4u);
}

// Numbers do not depend on the seed of a table: an index is the same in every run.
TEST(TermTableModel, TwoTablesNumberAlike) {
  SeededRandom random(833);
  TermTable first, second;
  for (int i = 0; i < 5000; ++i) {
    const std::string term = RandomTerm(&random);
    ASSERT_EQ(first.NumberOne(term), second.NumberOne(term));
  }
  TermTable moved = std::move(first);
  EXPECT_EQ(moved.size(), second.size());
  EXPECT_EQ(moved.Find(second.term(7)), 7u);
  EXPECT_TRUE(moved.CanHold(1000));
  EXPECT_FALSE(moved.CanHold(TermTable::kMaxTerms));
}

// --- What the order of documents saves, against floating point ---

TEST(GraphGrowthTest, IsTheFormulaInIntegers) {
  const GraphGrowth growth;
  constexpr double kUnit = 1 << GraphGrowth::kFractionBits;
  int32_t before = 0;
  for (uint32_t x = 0; x < 200'000; x += x < 5000 ? 1 : 97) {
    const double wanted = ((x + 1.0) * std::log2(x + 2.0) - x * std::log2(x + 1.0)) * kUnit;
    const int32_t found = growth(x);
    // Within the table to a unit, beyond it to a small part of one term's gain.
    ASSERT_NEAR(found, wanted, x < 4096 ? 1.0 : kUnit / 100) << x;
    ASSERT_GE(found, before) << "a document more never saves less than the one before: " << x;
    before = found;
  }
  // Sums over as many terms as a document may have fit 31 bits.
  EXPECT_LT(growth(0xffffffff), 1 << 14);
  EXPECT_LT(int64_t{growth(0x7fffffff)} * 65535, int64_t{1} << 31);
}

}  // namespace
}  // namespace segue

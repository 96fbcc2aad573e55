// SPDX-License-Identifier: Apache-2.0
#include "engine/write/term_table.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/base/limits.h"
#include "engine/base/strings.h"
#include "tests/write/write_test_util.h"

namespace segue {
namespace {

TEST(TermTable, NumbersInOrderOfFirstUse) {
  TermTable table;
  EXPECT_EQ(table.NumberOne("b"), 0u);
  EXPECT_EQ(table.NumberOne("a"), 1u);
  EXPECT_EQ(table.NumberOne("b"), 0u);
  EXPECT_EQ(table.size(), 2u);
  EXPECT_EQ(table.term(1), "a");
  EXPECT_EQ(table.Find("a"), 1u);
  EXPECT_EQ(table.Find("c"), TermTable::kNoTerm);
}

TEST(TermTable, KeepsTermsApartThatDifferInZerosOrLength) {
  TermTable table;
  std::vector<std::string> terms = {"", std::string(1, '\0'), std::string(2, '\0'), "a",
                                    std::string("a\0", 2)};
  for (size_t length = 7; length < 18; ++length) {
    terms.push_back(std::string(length, 'x'));
    terms.push_back(std::string(length, '\0'));
  }
  terms.push_back(std::string(kMaxTermBytes, 'y'));
  for (uint32_t i = 0; i < terms.size(); ++i) {
    EXPECT_EQ(table.NumberOne(terms[i]), i);
  }
  for (uint32_t i = 0; i < terms.size(); ++i) {
    EXPECT_EQ(table.Find(terms[i]), i);
    EXPECT_EQ(table.term(i), terms[i]);
  }
}

// Against std::unordered_map, in batches, through growth, sorting and rebuilding.
TEST(TermTable, AgreesWithAMap) {
  std::mt19937_64 random(TestSeed(7));
  TermTable table;
  std::unordered_map<std::string, uint32_t> model;
  std::vector<std::string> by_number;
  const auto check_batch = [&](size_t tokens) {
    TokenBatch batch;
    std::vector<std::string> terms;
    for (size_t i = 0; i < tokens; ++i) {
      std::string term = Cat(random() % 5000);
      if (random() % 4 == 0) term += "-longer-than-twelve";
      if (random() % 50 == 0) term = std::string(random() % 300, 'z') + term;
      batch.Append(term, 0, 0);
      terms.push_back(std::move(term));
    }
    uint32_t numbers[TermTable::kBatch];
    table.Number(batch, 0, tokens, numbers);
    for (size_t i = 0; i < tokens; ++i) {
      const auto [at, is_new] =
          model.try_emplace(terms[i], static_cast<uint32_t>(by_number.size()));
      if (is_new) by_number.push_back(terms[i]);
      ASSERT_EQ(numbers[i], at->second) << terms[i];
    }
  };
  for (int i = 0; i < 300; ++i) check_batch(1 + random() % TermTable::kBatch);

  std::vector<std::string> wanted = by_number;
  std::sort(wanted.begin(), wanted.end());
  const auto sorted = table.SortInPlace();
  ASSERT_EQ(sorted.size(), wanted.size());
  for (size_t i = 0; i < wanted.size(); ++i) {
    EXPECT_EQ(table.term(sorted[i].tail), wanted[i]);
  }
  table.Rebuild();
  for (int i = 0; i < 100; ++i) check_batch(1 + random() % TermTable::kBatch);
}

TEST(TermTable, SortsLikeUnsignedBytes) {
  TermTable table;
  std::vector<std::string> terms = {"\xff",
                                    "a",
                                    "",
                                    "\x80z",
                                    "ab",
                                    std::string("a\0", 2),
                                    "same-first-twelve-1",
                                    "same-first-twelve-0",
                                    "same-first-t",
                                    std::string("same-first-t\0", 13)};
  for (const std::string& term : terms) table.NumberOne(term);
  std::sort(terms.begin(), terms.end());
  const auto sorted = table.SortInPlace();
  ASSERT_EQ(sorted.size(), terms.size());
  for (size_t i = 0; i < terms.size(); ++i) {
    EXPECT_EQ(table.term(sorted[i].tail), terms[i]);
  }
}

TEST(TermTable, NeverHoldsMoreThanItSaid) {
  TermTable table;
  for (int i = 0; i < 100000; ++i) {
    const std::string term = Cat("term", i * 7919);
    const size_t promised = table.MemoryBytesToAdd(1, term.size());
    table.NumberOne(term);
    ASSERT_LE(table.memory_bytes(), promised);
  }
  table.Clear();
  EXPECT_EQ(table.size(), 0u);
  EXPECT_EQ(table.NumberOne("again"), 0u);
}

// Of a chunk that a long term leaves half empty, and of arrays that grow several times.
TEST(TermTable, NeverHoldsMoreThanItSaidForABatch) {
  std::mt19937_64 random(TestSeed(8));
  for (const size_t longest : {size_t{3}, size_t{300}, kMaxTermBytes}) {
    TermTable table;
    for (int round = 0; round < 20; ++round) {
      std::vector<std::string> terms(1 + random() % TermTable::kBatch);
      size_t bytes = 0;
      for (std::string& term : terms) {
        term = Cat(random() % 1000000);
        if (random() % 4 != 0) term.resize(std::max(term.size(), longest), 'x');
        bytes += term.size();
      }
      const size_t promised = table.MemoryBytesToAdd(terms.size(), bytes);
      for (const std::string& term : terms) table.NumberOne(term);
      ASSERT_LE(table.memory_bytes(), promised) << longest << " " << terms.size();
    }
  }
}

}  // namespace
}  // namespace segue

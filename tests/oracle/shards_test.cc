// SPDX-License-Identifier: Apache-2.0
//
// Shards (decision D2): one index cut into 1, 2, 7 and 16, each searched with the merged
// statistics of all; the joined hits have the ids and the score bits of the one index.
#include <bit>
#include <memory>
#include <vector>

#include "engine/base/check.h"
#include "engine/base/strings.h"
#include "gtest/gtest.h"
#include "segue/search.h"
#include "tests/oracle/world.h"

namespace segue {
namespace {

class ShardsTest : public ::testing::TestWithParam<size_t> {};

TEST_P(ShardsTest, JoinedResultsHaveTheBitsOfOneIndex) {
  SeededRandom random(7);
  std::vector<OracleDocument> documents = MotleyDocuments(random, 3000);
  for (size_t i = 0; i < documents.size(); ++i) documents[i].key = Cat("key", i);
  const World whole(documents, 1);
  std::vector<std::unique_ptr<World>> shards;
  std::vector<uint64_t> bases;
  for (size_t i = 0; i < GetParam(); ++i) {
    const size_t begin = documents.size() * i / GetParam();
    const size_t end = documents.size() * (i + 1) / GetParam();
    bases.push_back(begin);
    shards.push_back(std::make_unique<World>(
        std::vector<OracleDocument>(documents.begin() + static_cast<ptrdiff_t>(begin),
                                    documents.begin() + static_cast<ptrdiff_t>(end)),
        1 + static_cast<uint32_t>(i % 2)));
  }
  for (int q = 0; q < (SEGUE_CHECKS_ON ? 8 : 60); ++q) {
    const Query query = RandomQuery(random, 1 + q % 3);
    Statistics merged;
    for (const auto& shard : shards) {
      const auto part = shard->snapshot().CollectStatistics(query);
      ASSERT_TRUE(part.ok()) << part.status();
      const auto travelled = Statistics::Parse(part->Serialize());
      ASSERT_TRUE(travelled.ok()) << travelled.status();
      merged.Merge(*travelled);
    }
    for (const uint32_t k : {1u, 10u, 1000u}) {
      std::vector<SearchResult> results;
      uint64_t total = 0;
      for (const auto& shard : shards) {
        const auto result = shard->snapshot().Search(query, {.k = k, .statistics = &merged});
        ASSERT_TRUE(result.ok()) << result.status();
        total += result->total->value;
        results.push_back(*result);
      }
      const std::vector<Hit> joined = MergeTopK(results, bases, k);
      const auto expected = whole.snapshot().Search(query, {.k = k});
      ASSERT_TRUE(expected.ok()) << expected.status();
      EXPECT_EQ(total, expected->total->value);
      ASSERT_EQ(joined.size(), expected->hits.size()) << query.ToJson();
      for (size_t i = 0; i < joined.size(); ++i) {
        ASSERT_EQ(joined[i].doc, expected->hits[i].doc) << query.ToJson();
        ASSERT_EQ(std::bit_cast<uint32_t>(joined[i].score),
                  std::bit_cast<uint32_t>(expected->hits[i].score))
            << query.ToJson();
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Counts, ShardsTest, ::testing::Values(1, 2, 7, 16));

}  // namespace
}  // namespace segue

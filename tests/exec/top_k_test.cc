// SPDX-License-Identifier: Apache-2.0
#include "engine/exec/top_k.h"

#include <algorithm>
#include <limits>
#include <vector>

#include "gtest/gtest.h"
#include "segue/search.h"
#include "tests/support/seeded_random.h"

namespace segue::exec {
namespace {

TEST(TopKTest, KeepsTheBestInOrderForAnyK) {
  SeededRandom random(1);
  for (const uint32_t k : {1u, 2u, 10u, 100u, 1000u, 10000u}) {
    std::vector<Hit> all;
    TopK top_k(k);
    for (uint64_t doc = 0; doc < 3000; ++doc) {
      const Hit hit{doc, static_cast<float>(random.Below(50))};  // many ties
      all.push_back(hit);
      top_k.Offer(hit);
    }
    std::stable_sort(all.begin(), all.end(),
                     [](const Hit& a, const Hit& b) { return a.score > b.score; });
    all.resize(std::min<size_t>(k, all.size()));
    EXPECT_EQ(top_k.Take(), all) << k;
  }
}

TEST(TopKTest, ThresholdAppearsOnceKHitsAreHeld) {
  TopK top_k(2);
  EXPECT_EQ(top_k.threshold(), kNoThreshold);
  top_k.Offer({1, 3});
  EXPECT_EQ(top_k.threshold(), kNoThreshold);
  top_k.Offer({2, 5});
  EXPECT_EQ(top_k.threshold(), 3);
  top_k.Offer({3, 3});  // a tie with the worst comes too late
  top_k.Offer({4, 4});
  EXPECT_GE(top_k.threshold(), 3);  // it may lag behind
  EXPECT_LE(top_k.threshold(), 4);
  EXPECT_EQ(top_k.Take(), (std::vector<Hit>{{2, 5}, {4, 4}}));
}

// Past the sizes at which hits are selected and sorted in other ways, with many ties.
TEST(TopKTest, KeepsTheBestOfManyInOrder) {
  SeededRandom random(3);
  for (const uint32_t k : {1u, 2u, 10u, 199u, 200u, 1000u, 10000u}) {
    for (const uint64_t different : {1u, 7u, 100000u}) {
      TopK top_k(k);
      std::vector<Hit> all;
      for (uint64_t doc = 0; doc < 25000; ++doc) {
        all.push_back({doc, static_cast<float>(random.Below(different)) / 3.0f});
        top_k.Offer(all.back());
        ASSERT_TRUE(doc + 1 < k || top_k.threshold() != kNoThreshold);
      }
      std::sort(all.begin(), all.end(), RanksBefore);
      all.resize(k);
      EXPECT_EQ(top_k.Take(), all) << k << " of scores with " << different << " values";
    }
  }
}

TEST(TopKTest, AnyOrderOfDocuments) {
  SeededRandom random(4);
  for (const uint32_t k : {1u, 3u, 10u, 300u, 1000u}) {
    for (const uint64_t different : {1u, 5u, 100000u}) {
      std::vector<Hit> all;
      for (uint64_t doc = 0; doc < 5000; ++doc) {
        all.push_back({doc, static_cast<float>(random.Below(different)) / 3.0f});
      }
      for (size_t i = all.size(); i > 1; --i) std::swap(all[i - 1], all[random.Below(i)]);
      TopK top_k(k);
      for (const Hit& hit : all) {
        // What is below the threshold need not be offered.
        if (hit.score >= top_k.threshold()) top_k.Offer(hit);
      }
      std::sort(all.begin(), all.end(), RanksBefore);
      all.resize(k);
      EXPECT_EQ(top_k.Take(), all) << k << " of scores with " << different << " values";
    }
  }
}

TEST(TopKTest, ZeroKeepsNothing) {
  TopK top_k(0);
  EXPECT_EQ(top_k.threshold(), std::numeric_limits<float>::infinity());
  top_k.Offer({1, 1e30f});
  EXPECT_TRUE(top_k.Take().empty());
}

TEST(MergeTopKTest, JoinsShardsByScoreThenDocument) {
  std::vector<SearchResult> shards(3);
  shards[0].hits = {{5, 2}, {7, 1}};
  shards[1].hits = {{0, 3}, {1, 2}};
  const std::vector<uint64_t> bases = {0, 10, 20};
  EXPECT_EQ(MergeTopK(shards, bases, 3), (std::vector<Hit>{{10, 3}, {5, 2}, {11, 2}}));
  EXPECT_EQ(MergeTopK(shards, bases, 10).size(), 4u);
  EXPECT_TRUE(MergeTopK(shards, bases, 0).empty());
}

}  // namespace
}  // namespace segue::exec

// SPDX-License-Identifier: Apache-2.0
#include "engine/write/merge_policy.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "tests/write/write_test_util.h"

namespace segue {
namespace {

constexpr uint64_t kMb = uint64_t{1} << 20;

SegmentSize Sized(uint64_t bytes, uint32_t docs = 1000, uint32_t deleted = 0) {
  return {bytes, docs, deleted};
}

// Carries a merge out.
void Apply(std::vector<SegmentSize>* segments, MergeRange range) {
  SegmentSize merged;
  for (size_t i = range.begin; i < range.end; ++i) {
    const SegmentSize& in = (*segments)[i];
    merged.doc_count += in.doc_count - in.deleted_count;
    merged.bytes += in.bytes * (in.doc_count - in.deleted_count) / in.doc_count;
  }
  segments->erase(segments->begin() + static_cast<long>(range.begin),
                  segments->begin() + static_cast<long>(range.end));
  segments->insert(segments->begin() + static_cast<long>(range.begin), merged);
}

TEST(MergePolicy, LeavesSmallIndexesAlone) {
  EXPECT_EQ(PickMerge({}, {}), std::nullopt);
  const std::vector<SegmentSize> few(8, Sized(2 * kMb));
  EXPECT_EQ(PickMerge(few, {}), std::nullopt);
}

TEST(MergePolicy, MergesTheSmallTailNotTheBigHead) {
  std::vector<SegmentSize> segments = {Sized(1000 * kMb), Sized(900 * kMb)};
  for (int i = 0; i < 30; ++i) segments.push_back(Sized(kMb));
  const auto range = PickMerge(segments, {});
  ASSERT_TRUE(range.has_value());
  EXPECT_GE(range->begin, 2u);
  EXPECT_EQ(range->end - range->begin, 10u);
}

TEST(MergePolicy, RewritesWhatIsMostlyDeleted) {
  const std::vector<SegmentSize> segments = {Sized(10 * kMb, 1000, 100), Sized(10 * kMb, 1000, 400),
                                             Sized(10 * kMb, 1000, 1000)};
  EXPECT_EQ(PickMerge(segments, {}), (MergeRange{1, 2}));
}

TEST(MergePolicy, PassesNoLimit) {
  const std::vector<SegmentSize> big(40, Sized(uint64_t{4} << 30));
  EXPECT_EQ(PickMerge(big, {}), std::nullopt);
  const std::vector<SegmentSize> many(40, Sized(kMb, 0x40000000));
  EXPECT_EQ(PickMerge(many, {}), std::nullopt);
}

// A thousand flushes: the number of segments stays small, and each byte is
// rewritten a few times only.
TEST(MergePolicy, KeepsTheIndexSmallAtLowCost) {
  std::mt19937_64 random(TestSeed(3));
  std::vector<SegmentSize> segments;
  uint64_t written = 0, rewritten = 0;
  for (int flush = 0; flush < 1000; ++flush) {
    segments.push_back(Sized((2 + random() % 4) * kMb));
    written += segments.back().bytes;
    int merges = 0;
    while (const auto range = PickMerge(segments, {})) {
      ASSERT_LT(range->begin, range->end);
      ASSERT_LE(range->end, segments.size());
      for (size_t i = range->begin; i < range->end; ++i) {
        rewritten += segments[i].bytes;
      }
      Apply(&segments, *range);
      ASSERT_LT(++merges, 100) << "the policy does not come to an end";
    }
    ASSERT_LE(segments.size(), 40u);
  }
  EXPECT_LT(rewritten, 5 * written);
}

TEST(MergePolicy, ForcedMergeTakesTheCheapestRun) {
  const std::vector<SegmentSize> segments = {Sized(50), Sized(1), Sized(2), Sized(3), Sized(70)};
  EXPECT_EQ(PickForcedMerge(segments, 1), (MergeRange{0, 5}));
  EXPECT_EQ(PickForcedMerge(segments, 3), (MergeRange{1, 4}));
  EXPECT_EQ(PickForcedMerge(segments, 5), std::nullopt);
  const std::vector<SegmentSize> clean = {Sized(5)};
  EXPECT_EQ(PickForcedMerge(clean, 1), std::nullopt);
  const std::vector<SegmentSize> deleted = {Sized(5, 10, 1)};
  EXPECT_EQ(PickForcedMerge(deleted, 1), (MergeRange{0, 1}));
}

TEST(MergePolicy, KnowsWhenMergesAreFarBehind) {
  EXPECT_FALSE(IsBehind({}, {}));
  // Nine or ten small segments are as many as may be, of a few more.
  EXPECT_FALSE(IsBehind(std::vector<SegmentSize>(26, Sized(kMb)), {}));
  EXPECT_TRUE(IsBehind(std::vector<SegmentSize>(40, Sized(kMb)), {}));
  // A large index may have more.
  std::vector<SegmentSize> large(40, Sized(kMb));
  large.push_back(Sized(5000 * kMb));
  EXPECT_FALSE(IsBehind(large, {}));
  // Deletions of less than the floor do not matter.
  EXPECT_FALSE(IsBehind(std::vector<SegmentSize>{Sized(kMb, 1000, 900)}, {}));
  EXPECT_FALSE(IsBehind(std::vector<SegmentSize>{Sized(100 * kMb, 1000, 490)}, {}));
  EXPECT_TRUE(IsBehind(std::vector<SegmentSize>{Sized(100 * kMb, 1000, 510)}, {}));
}

}  // namespace
}  // namespace segue

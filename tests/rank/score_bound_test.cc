// SPDX-License-Identifier: Apache-2.0
//
// Bounds against every score they claim to bound: all norm bytes times many
// frequencies, for pairs of build-time and query-time statistics.
#include "engine/rank/score_bound.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "engine/rank/length_norm.h"

namespace segue {
namespace {

struct Impact {
  uint32_t freq;
  uint8_t norm;
};

std::vector<uint32_t> Frequencies() {
  std::vector<uint32_t> freqs;
  for (uint64_t freq = 1; freq < 4'000'000'000; freq += 1 + freq / 4) {
    freqs.push_back(static_cast<uint32_t>(freq));
  }
  return freqs;
}

std::vector<BoundStatistics> Situations() {
  std::vector<BoundStatistics> all;
  for (Bm25Parameters parameters :
       {Bm25Parameters{}, Bm25Parameters{0.9f, 0.4f}, Bm25Parameters{1.2f, 0},
        Bm25Parameters{1.2f, 1}, Bm25Parameters{3, 0.75f}}) {
    for (float average : {0.7f, 5.0f, 200.0f, 253.77f, 254.0f, 700.0f, 1e7f}) {
      all.push_back({parameters, average});
    }
  }
  return all;
}

// Every (freq, norm) as a window of its own in a list whose best posting is
// `best`, as far as it has `least_share` of that one's tf.
void CheckWindows(const BoundStatistics& build, const BoundStatistics& query, float weight,
                  Impact best, float least_share) {
  Bm25Scorer at_build(1.0f, build.parameters, build.average_length);
  Bm25Scorer scorer(weight, query.parameters, query.average_length);
  const float* c = at_build.norm_inverse();
  const float max_tf = TermFrequencyNorm(best.freq, c[best.norm]);
  const TfRange range{least_share * max_tf, max_tf};
  WindowBounds bounds(scorer, build, range);
  const LinearBound linear = LinearWindowBound(scorer, build, range);
  EXPECT_EQ(bounds.Bound(0), 0);
  for (int v = 2; v < 256; ++v) {
    ASSERT_GE(bounds.table()[v], bounds.table()[v - 1]);
  }
  for (int v = 1; v < 256; ++v) {
    ASSERT_GE(v * linear.step + linear.offset, bounds.table()[v]);
  }
  static const std::vector<uint32_t> freqs = Frequencies();
  for (int norm = 1; norm < 256; ++norm) {
    for (uint32_t freq : freqs) {
      float tf = TermFrequencyNorm(freq, c[norm]);
      if (tf > max_tf) break;
      if (tf < range.least) continue;
      uint8_t v = WindowByte(tf, range);
      ASSERT_GE(v, 1);
      ASSERT_GE(bounds.Bound(v), scorer.Score(freq, static_cast<uint8_t>(norm)))
          << "freq " << freq << " norm " << norm << " v " << int{v} << " built with k1 "
          << build.parameters.k1 << " b " << build.parameters.b << " average "
          << build.average_length << ", searched with " << query.parameters.k1 << " "
          << query.parameters.b << " " << query.average_length;
      ASSERT_LE(LeastBestOfWindow(scorer, build, range, v),
                scorer.Score(freq, static_cast<uint8_t>(norm)))
          << "freq " << freq << " norm " << norm << " v " << int{v};
    }
  }
}

TEST(WindowBoundTest, HoldUnderOtherStatistics) {
  int usable = 0;
  int refused = 0;
  for (const BoundStatistics& build : Situations()) {
    for (const BoundStatistics& query : Situations()) {
      if (!WindowBoundsUsable(build, query)) {
        ++refused;
        continue;
      }
      ++usable;
      for (Impact best :
           {Impact{4'000'000'000u, 1}, Impact{3, 20}, Impact{1, 120}, Impact{1, 255}}) {
        for (const float least_share : {0.0f, 0.4f, 0.97f}) {
          CheckWindows(build, query, 7.123f, best, least_share);
        }
      }
    }
  }
  EXPECT_GT(usable, 100);
  EXPECT_GT(refused, 100);
}

TEST(WindowBoundTest, TightUnderTheSameStatistics) {
  BoundStatistics same{{}, 253.77f};
  Bm25Scorer scorer(5.0f, same.parameters, same.average_length);
  float max_tf = TermFrequencyNorm(40, scorer.norm_inverse()[30]);
  const TfRange range{0.1f, max_tf};
  WindowBounds bounds(scorer, same, range);
  for (uint32_t freq : {1u, 2u, 5u, 40u}) {
    for (uint8_t norm : {30, 60, 90}) {
      float tf = TermFrequencyNorm(freq, scorer.norm_inverse()[norm]);
      float bound = bounds.Bound(WindowByte(tf, range));
      EXPECT_LE(bound, scorer.Score(freq, norm) + 5.0f / 250);
    }
  }
}

TEST(WindowBoundTest, LeastBestIsTightUnderTheSameStatistics) {
  BoundStatistics same{{}, 253.77f};
  Bm25Scorer scorer(5.0f, same.parameters, same.average_length);
  float max_tf = TermFrequencyNorm(40, scorer.norm_inverse()[30]);
  const TfRange range{0.1f, max_tf};
  for (uint32_t freq : {1u, 2u, 5u, 40u}) {
    float tf = TermFrequencyNorm(freq, scorer.norm_inverse()[60]);
    double least = LeastBestOfWindow(scorer, same, range, WindowByte(tf, range));
    EXPECT_GE(least, scorer.Score(freq, 60) - 5.0f / 250);
  }
  EXPECT_EQ(LeastBestOfWindow(scorer, same, range, 0), 0);
  EXPECT_EQ(LeastBestOfWindow(scorer, {{}, 0}, range, 200), 0);
}

TEST(WindowBoundTest, Factor) {
  BoundStatistics build{{}, 100};
  EXPECT_NEAR(WindowBoundFactor(build, build), 1, 1e-11);
  EXPECT_GE(WindowBoundFactor(build, build), 1);
  // Shorter average: scores only fall.
  EXPECT_NEAR(WindowBoundFactor(build, {{}, 50}), 1, 1e-11);
  // Longer: at most by the quotient.
  double twice = WindowBoundFactor(build, {{}, 200});
  EXPECT_LE(twice, 2.0001);
  EXPECT_GT(twice, 1.9);
  EXPECT_TRUE(WindowBoundsUsable(build, {{}, 200}));
  EXPECT_FALSE(WindowBoundsUsable(build, {{}, 1000}));
  EXPECT_TRUE(WindowBoundsUsable(build, {{1.5f, 0.7f}, 100}));
  EXPECT_FALSE(WindowBoundsUsable(build, {{0, 0.75f}, 100}));
  EXPECT_FALSE(WindowBoundsUsable(build, {{}, 0}));
  EXPECT_FALSE(WindowBoundsUsable({{NAN, 0.75f}, 1}, build));
}

TEST(WindowBoundTest, BytesRoundUp) {
  EXPECT_EQ(WindowByte(0.5f, {0, 0.5f}), 255);
  EXPECT_EQ(WindowByte(0.25f, {0, 0.5f}), 128);
  EXPECT_EQ(WindowByte(1e-9f, {0, 0.5f}), 1);
  EXPECT_EQ(WindowByte(0, {0, 0.5f}), 1);
  EXPECT_EQ(WindowByte(0, {0, 0}), 1);
  EXPECT_EQ(WindowByte(0.5f, {0.5f, 0.75f}), 1);
  EXPECT_EQ(WindowByte(0.625f, {0.5f, 0.75f}), 128);
  EXPECT_EQ(WindowByte(0.75f, {0.5f, 0.75f}), 255);
}

TEST(FrontierTest, BestPair) {
  Bm25Scorer scorer(2.0f, {}, 100);
  std::vector<Impact> pairs = {{1, 5}, {4, 50}, {9, 100}};
  float best = FrontierMaxScore<Impact>(scorer, pairs);
  for (const Impact& pair : pairs) {
    EXPECT_GE(best, scorer.Score(pair.freq, pair.norm));
  }
  EXPECT_EQ(best, std::max({scorer.Score(1, 5), scorer.Score(4, 50), scorer.Score(9, 100)}));
  EXPECT_EQ(FrontierMaxScore<Impact>(scorer, {}), 0);
}

}  // namespace
}  // namespace segue

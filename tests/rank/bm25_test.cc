// SPDX-License-Identifier: Apache-2.0
#include "engine/rank/bm25.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <vector>

#include "engine/rank/length_norm.h"
#include "tests/support/seeded_random.h"

namespace segue {
namespace {

uint32_t Bits(float value) { return std::bit_cast<uint32_t>(value); }

TEST(Bm25Test, IdfIsLogOfOdds) {
  EXPECT_EQ(Idf(1, 1), static_cast<float>(std::log(1 + 0.5 / 1.5)));
  EXPECT_EQ(Idf(0, 0), static_cast<float>(std::log(2.0)));
  EXPECT_FLOAT_EQ(Idf(3, 10), 1.1451323f);
  EXPECT_GT(Idf(1, 1000), Idf(2, 1000));
  EXPECT_GT(Idf(1000, 1000), 0);
}

TEST(Bm25Test, IdfOfContradictoryStatisticsStaysFinite) {
  EXPECT_EQ(Idf(11, 10), Idf(10, 10));
  EXPECT_TRUE(std::isfinite(Idf(UINT64_MAX, 0)));
  EXPECT_TRUE(std::isfinite(Idf(0, UINT64_MAX)));
}

TEST(Bm25Test, PhraseIdfSumsInDouble) {
  std::vector<float> idfs = {1e8f, 3.0f, 3.0f};
  // In float each 3 would be lost.
  EXPECT_EQ(PhraseIdf(idfs), static_cast<float>(100000006.0));
  EXPECT_EQ(PhraseIdf({}), 0);
}

TEST(Bm25Test, AverageLength) {
  EXPECT_EQ(AverageLength({.doc_count = 3, .sum_total_freq = 10}), static_cast<float>(10 / 3.0));
  EXPECT_EQ(AverageLength({}), 1.0f);
}

// The scores of the term "the" in a corpus of 125,575 documents, 31,866,457
// tokens, 116,882 documents with the term, as Lucene 10.4 gives them.
TEST(Bm25Test, BitsOfTheReference) {
  float idf = Idf(116882, 125575);
  float average = AverageLength({.doc_count = 125575, .sum_total_freq = 31866457});
  Bm25Scorer scorer(1.0f * idf, {}, average);
  // The best three scores; the frequency and the length byte are found by
  // search, to show that some pair gives exactly these bits.
  for (uint32_t wanted : {0x3d8fab09u, 0x3d8f8818u, 0x3d8f6f8du}) {
    bool found = false;
    for (uint32_t freq = 1; freq < 5000 && !found; ++freq) {
      for (int norm = 30; norm < 150 && !found; ++norm) {
        found = Bits(scorer.Score(freq, static_cast<uint8_t>(norm))) == wanted;
      }
    }
    EXPECT_TRUE(found) << std::hex << wanted;
  }
}

TEST(Bm25Test, ScoreIsTheFormulaInFloat) {
  Bm25Parameters parameters{.k1 = 0.9f, .b = 0.4f};
  float average = 123.4f;
  Bm25Scorer scorer(2.5f, parameters, average);
  for (int norm = 0; norm < 256; ++norm) {
    float length = static_cast<float>(DecodeLength(static_cast<uint8_t>(norm)));
    float c = 1.0f / (0.9f * ((1.0f - 0.4f) + 0.4f * length / average));
    EXPECT_EQ(Bits(scorer.norm_inverse()[norm]), Bits(c));
    EXPECT_EQ(Bits(scorer.Score(7, static_cast<uint8_t>(norm))),
              Bits(2.5f - 2.5f / (1.0f + 7.0f * c)));
  }
}

TEST(Bm25Test, ScoresRiseWithFreqAndFallWithLength) {
  for (Bm25Parameters parameters :
       {Bm25Parameters{}, Bm25Parameters{0.9f, 0.4f}, Bm25Parameters{0, 0},
        Bm25Parameters{2.0f, 1.0f}, Bm25Parameters{1000.0f, 0.75f}}) {
    for (float average : {0.01f, 1.0f, 253.77f, 1e9f}) {
      Bm25Scorer scorer(3.7f, parameters, average);
      for (int norm = 1; norm < 256; ++norm) {
        uint8_t byte = static_cast<uint8_t>(norm);
        float last = 0;
        for (uint32_t freq = 1; freq < 3'000'000'000u; freq += 1 + freq / 3) {
          float score = scorer.Score(freq, byte);
          ASSERT_GE(score, last);
          ASSERT_LE(score, scorer.MaxScore());
          if (norm > 1) {
            ASSERT_LE(score, scorer.Score(freq, byte - 1));
          }
          ASSERT_EQ(score, scorer.MaxScore(freq, byte));
          last = score;
        }
      }
    }
  }
}

TEST(Bm25Test, WithoutSaturationEveryMatchScoresTheWeight) {
  Bm25Scorer scorer(1.5f, {.k1 = 0, .b = 0.75f}, 10);
  EXPECT_EQ(scorer.Score(1, 200), 1.5f);
  EXPECT_EQ(scorer.Score(9, 1), 1.5f);
}

// A posting of any frequency and length, of a term of any weight.
struct AnyPosting {
  explicit AnyPosting(SeededRandom* random)
      : weight(std::ldexp(1 + static_cast<float>(random->Below(1 << 23)) * 0x1p-23F,
                          static_cast<int>(random->Below(40)) - 20)),
        scorer(weight, {}, static_cast<float>(random->Between(1, 1000))),
        freq(static_cast<uint32_t>(random->Next() >> (33 + random->Below(31)))),
        norm(static_cast<uint8_t>(random->Below(256))) {
    if (freq == 0) freq = 1;
  }

  float weight;
  Bm25Scorer scorer;
  uint32_t freq;
  uint8_t norm;
};

// Flat queries add scores in any order, because sums of them are exact: each is a multiple of half
// a unit in the last place of its weight.
TEST(Bm25Test, ScoresAreMultiplesOfHalfAnUlpOfTheWeight) {
  SeededRandom random(61);
  for (int i = 0; i < 20000; ++i) {
    const AnyPosting posting(&random);
    const float ulp = std::nextafter(posting.weight, INFINITY) - posting.weight;
    const double halves =
        static_cast<double>(posting.scorer.Score(posting.freq, posting.norm)) / (ulp / 2);
    ASSERT_EQ(halves, std::floor(halves))
        << "weight " << posting.weight << " freq " << posting.freq << " norm " << int{posting.norm};
  }
}

// Matches of words near each other count as one frequency. Its score is at most the sum of what
// each alone would score, and of a step of the weight's rounding each: that is all of a score in a
// document that is very long.
TEST(Bm25Test, SumsOfFrequenciesScoreAtMostTheSumOfTheirScores) {
  SeededRandom random(62);
  for (int i = 0; i < 20000; ++i) {
    const AnyPosting posting(&random);
    const double step = static_cast<double>(posting.weight) * 0x1p-22;
    double sum = step;
    uint32_t freq = 0;
    for (uint64_t parts = random.Between(2, 8); parts > 0; --parts) {
      const auto part = static_cast<uint32_t>(1 + posting.freq / (1 + random.Below(8)) / 8);
      sum += static_cast<double>(posting.scorer.Score(part, posting.norm)) + step;
      freq += part;
    }
    ASSERT_LE(static_cast<double>(posting.scorer.Score(freq, posting.norm)), sum * (1 + 0x1p-20))
        << "weight " << posting.weight << " freq " << freq << " norm " << int{posting.norm};
  }
}

}  // namespace
}  // namespace segue

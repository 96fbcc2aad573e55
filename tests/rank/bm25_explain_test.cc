// SPDX-License-Identifier: Apache-2.0
#include "engine/rank/bm25_explain.h"

#include <gtest/gtest.h>

#include <bit>
#include <vector>

#include "engine/rank/length_norm.h"

namespace segue {
namespace {

TEST(Bm25ExplainTest, RootHasTheBitsOfTheScore) {
  float idf = Idf(30, 1000);
  Bm25Scorer scorer(2.5f * idf, {}, 77.7f);
  for (uint32_t freq : {1u, 2u, 3u, 17u, 100000u}) {
    for (int norm = 1; norm < 256; norm += 3) {
      uint8_t byte = static_cast<uint8_t>(norm);
      Explanation explanation =
          ExplainScore(scorer, 2.5f, ExplainIdf(30, 1000), ExplainTermFreq(freq), byte);
      EXPECT_TRUE(explanation.match);
      EXPECT_EQ(std::bit_cast<uint32_t>(explanation.value),
                std::bit_cast<uint32_t>(scorer.Score(freq, byte)));
    }
  }
}

TEST(Bm25ExplainTest, WordsOfTheReference) {
  float idf = Idf(1, 2);
  Bm25Scorer scorer(idf, {}, 2);
  Explanation explanation =
      ExplainWeight("text:jazz", 0, "BM25Similarity",
                    ExplainScore(scorer, 1, ExplainIdf(1, 2), ExplainTermFreq(3), 2));
  EXPECT_EQ(explanation.ToText(),
            "0.49510515 = weight(text:jazz in 0) [BM25Similarity], result of:\n"
            "  0.49510515 = score(freq=3.0), computed as boost * idf * tf from:\n"
            "    0.6931472 = idf, computed as log(1 + (N - n + 0.5) / (n + 0.5)) "
            "from:\n"
            "      1 = n, number of documents containing term\n"
            "      2 = N, total number of documents with field\n"
            "    0.71428573 = tf, computed as freq / (freq + k1 * (1 - b + b * dl / "
            "avgdl)) from:\n"
            "      3 = freq, occurrences of term within document\n"
            "      1.2 = k1, term saturation parameter\n"
            "      0.75 = b, length normalization parameter\n"
            "      2 = dl, length of field\n"
            "      2 = avgdl, average length of field\n");
}

TEST(Bm25ExplainTest, BoostAndApproximateLengthAreNamed) {
  Bm25Scorer scorer(2 * Idf(1, 2), {}, 50);
  Explanation explanation =
      ExplainScore(scorer, 2, ExplainIdf(1, 2), ExplainTermFreq(1), EncodeLength(60));
  ASSERT_EQ(explanation.details.size(), 3u);
  EXPECT_EQ(explanation.details[0].description, "boost");
  EXPECT_EQ(explanation.details[0].value, 2);
  ASSERT_EQ(explanation.details[2].details.size(), 5u);
  EXPECT_EQ(explanation.details[2].details[3].description, "dl, length of field (approximate)");
}

TEST(Bm25ExplainTest, Phrase) {
  std::vector<uint64_t> doc_freqs = {3, 5};
  Explanation idf = ExplainPhraseIdf(doc_freqs, 10);
  EXPECT_EQ(idf.description, "idf, sum of:");
  ASSERT_EQ(idf.details.size(), 2u);
  EXPECT_EQ(idf.value,
            static_cast<float>(double{idf.details[0].value} + double{idf.details[1].value}));
  EXPECT_EQ(ExplainPhraseFreq(2).description, "phraseFreq=2.0");
}

TEST(ExplanationTest, JsonAndText) {
  Explanation miss{.match = false, .value = 0, .description = "no \"jazz\"", .details = {}};
  EXPECT_EQ(miss.ToText(), "no match: no \"jazz\"\n");
  Explanation root{.match = true, .value = 1.5f, .description = "sum of:", .details = {miss}};
  EXPECT_EQ(root.ToJson(),
            "{\"match\":true,\"value\":1.5,\"description\":\"sum of:\","
            "\"details\":[{\"match\":false,\"value\":0.0,\"description\":\"no "
            "\\\"jazz\\\"\",\"details\":[]}]}");
}

}  // namespace
}  // namespace segue

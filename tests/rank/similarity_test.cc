// SPDX-License-Identifier: Apache-2.0
//
// Each similarity for itself: examples worked out by hand, bounds that no score passes, the ends of
// what statistics and parameters may be. tests/oracle has the formulas once more, over documents.
#include "engine/rank/similarity.h"

#include <gtest/gtest.h>

#include <bit>
#include <cfloat>
#include <cmath>
#include <vector>

#include "engine/rank/length_norm.h"

namespace segue {
namespace {

constexpr FieldStatistics kField{.doc_count = 1000, .sum_total_freq = 50000};
constexpr TermStatistics kTerm{.doc_freq = 30, .total_freq = 80};

// A term of a field, and all that it needs.
class Scored {
 public:
  explicit Scored(const SimilarityParameters& parameters, float boost = 1,
                  std::vector<TermStatistics> words = {kTerm},
                  const FieldStatistics& statistics = kField)
      : norms_(parameters.bm25, AverageLength(statistics)),
        field_(NewFieldSimilarity(parameters, statistics, &norms_)),
        term_(field_->Of(boost, words)) {}

  const TermSimilarity& operator*() const { return *term_; }
  const TermSimilarity* operator->() const { return term_.get(); }

 private:
  Bm25Norms norms_;
  std::unique_ptr<const FieldSimilarity> field_;
  std::shared_ptr<const TermSimilarity> term_;
};

std::vector<SimilarityParameters> All() {
  std::vector<SimilarityParameters> all;
  for (const Similarity similarity :
       {Similarity::kBm25Plus, Similarity::kTfIdf, Similarity::kLmDirichlet, Similarity::kDph,
        Similarity::kBoolean}) {
    all.push_back({.similarity = similarity});
  }
  all.push_back({.similarity = Similarity::kBm25Plus, .bm25 = {.k1 = 0, .b = 1}, .delta = 0});
  all.push_back({.similarity = Similarity::kLmDirichlet, .mu = 0.5f});
  all.push_back({.similarity = Similarity::kLmDirichlet, .mu = FLT_MIN});
  all.push_back({.similarity = Similarity::kLmDirichlet, .mu = FLT_MAX});
  all.push_back({.similarity = Similarity::kBm25Plus, .delta = FLT_MAX});
  return all;
}

TEST(SimilarityTest, Bm25HasAWayOfItsOwn) {
  const Bm25Norms norms({}, 10);
  EXPECT_EQ(NewFieldSimilarity({}, kField, &norms), nullptr);
}

// Of 1,000 documents with 50 words each, 30 have the word, 80 times; here it is 3 of 20 words.
TEST(SimilarityTest, Examples) {
  const auto of = [](Similarity similarity) { return Scored({.similarity = similarity}, 2); };
  const uint8_t norm = EncodeLength(20);
  EXPECT_EQ(of(Similarity::kBoolean)->Score(3, norm), 2);
  const double idf = std::log(1 + 970.5 / 30.5);
  const double tf = 3 / (3 + 1.2 * (0.25 + 0.75 * 20 / 50));
  EXPECT_FLOAT_EQ(of(Similarity::kBm25Plus)->Score(3, norm),
                  static_cast<float>(2 * idf * (tf + 1 / 2.2)));
  EXPECT_FLOAT_EQ(
      of(Similarity::kTfIdf)->Score(3, norm),
      static_cast<float>(2 * std::sqrt(3) * (1 + std::log(1001.0 / 31)) / std::sqrt(20)));
  EXPECT_FLOAT_EQ(
      of(Similarity::kLmDirichlet)->Score(3, norm),
      static_cast<float>(2 * (std::log(1 + 3 / (2000 * 81 / 50001.0)) + std::log(2000 / 2020.0))));
  EXPECT_FLOAT_EQ(of(Similarity::kDph)->Score(3, norm),
                  static_cast<float>(2 * 0.85 * 0.85 / 4 *
                                     (3 * std::log2(3 * 50 / 20.0 * 1000 / 80) +
                                      0.5 * std::log2(2 * M_PI * 3 * 0.85))));
}

// As the collection expects it or less often: no score, and not below 0.
TEST(SimilarityTest, ScoresAreNotNegative) {
  const std::vector<TermStatistics> frequent = {{.doc_freq = 1000, .total_freq = 20000}};
  const uint8_t norm = EncodeLength(5000);
  for (const Similarity similarity : {Similarity::kLmDirichlet, Similarity::kDph}) {
    const Scored term({.similarity = similarity}, 1, frequent);
    EXPECT_EQ(std::bit_cast<uint32_t>(term->Score(1, norm)), 0u);
  }
}

// Of several words, as Lucene has it: idfs are added up, or scores.
TEST(SimilarityTest, Phrases) {
  const TermStatistics other{.doc_freq = 500, .total_freq = 3000};
  const uint8_t norm = EncodeLength(33);
  for (const SimilarityParameters& parameters : All()) {
    const Scored phrase(parameters, 1.5f, {kTerm, other});
    const Scored first(parameters, 1.5f, {kTerm}), second(parameters, 1.5f, {other});
    const double sum = double{first->Score(2, norm)} + double{second->Score(2, norm)};
    if (parameters.similarity == Similarity::kBoolean) {
      EXPECT_EQ(phrase->Score(2, norm), 1.5f);
    } else {
      const double wanted = std::min(sum, double{FLT_MAX});
      EXPECT_NEAR(phrase->Score(2, norm), wanted, wanted * 1e-6) << phrase->name();
    }
  }
}

// Every pair bounds all that it dominates, and no score leaves the range of a float.
TEST(SimilarityTest, BoundsHold) {
  const std::vector<TermStatistics> terms = {
      kTerm, {1, 1}, {1000, 1000}, {1000, 49000}, {0, 0}, {UINT64_MAX, UINT64_MAX}, {700, 3}};
  const std::vector<FieldStatistics> fields = {kField, {1, 1},          {1000, 1000},
                                               {0, 0}, {3, UINT64_MAX}, {UINT64_MAX, UINT64_MAX}};
  const float freqs[] = {0.001f, 0.5f, 1, 1.1f, 2, 3, 7, 40, 41, 1000, 1e6f, 4e9f};
  for (const SimilarityParameters& parameters : All()) {
    for (const TermStatistics& term : terms) {
      for (const FieldStatistics& field : fields) {
        for (const float boost : {0.0f, 1.0f, 1e-30f, FLT_MAX}) {
          const Scored scored(parameters, boost, {term, term}, field);
          for (int norm = 0; norm < 256; norm += 1 + norm / 3) {
            const auto byte = static_cast<uint8_t>(norm);
            for (const float most : freqs) {
              const float bound = scored->MaxScore(most, byte);
              ASSERT_LE(bound, FLT_MAX);
              for (const int longer : {norm, norm + 1, norm + 9, 255}) {
                if (longer > 255) continue;
                for (const float freq : freqs) {
                  if (freq > most) continue;
                  const float score = scored->Score(freq, static_cast<uint8_t>(longer));
                  ASSERT_GE(score, 0);
                  ASSERT_LE(score, bound) << scored->name() << " freq " << freq << " length "
                                          << DecodeLength(static_cast<uint8_t>(longer)) << " of "
                                          << most << " " << DecodeLength(byte);
                }
              }
            }
          }
        }
      }
    }
  }
}

// A bound that is far from all scores would leave nothing out.
TEST(SimilarityTest, BoundsAreNear) {
  for (const SimilarityParameters& parameters : All()) {
    const Scored scored(parameters);
    for (const uint32_t length : {20u, 200u}) {
      const uint8_t norm = EncodeLength(length);
      EXPECT_LE(scored->MaxScore(3, norm), scored->Score(3, norm) * 1.7f) << scored->name();
    }
  }
}

TEST(SimilarityTest, ExplanationsHaveTheBitsOfTheScore) {
  for (const SimilarityParameters& parameters : All()) {
    for (const std::vector<TermStatistics>& words :
         {std::vector<TermStatistics>{kTerm}, {kTerm, {.doc_freq = 3, .total_freq = 4}}}) {
      const Scored scored(parameters, 2.5f, words);
      for (int norm = 1; norm < 256; norm += 5) {
        const auto byte = static_cast<uint8_t>(norm);
        Explanation freq{.match = true, .value = 3, .description = "freq", .details = {}};
        const Explanation explanation = scored->Explain(freq, byte);
        EXPECT_TRUE(explanation.match);
        EXPECT_EQ(std::bit_cast<uint32_t>(explanation.value),
                  std::bit_cast<uint32_t>(scored->Score(3, byte)));
        EXPECT_FALSE(explanation.description.empty());
      }
    }
  }
}

TEST(SimilarityTest, WordsOfTheReference) {
  const Explanation freq{.match = true, .value = 3, .description = "freq", .details = {}};
  const Scored classic({.similarity = Similarity::kTfIdf}, 1, {{1, 3}}, {2, 10});
  EXPECT_EQ(classic->Explain(freq, 4).ToText(),
            "1.2171685 = score(freq=3.0), product of:\n"
            "  1.4054651 = idf, computed as log((docCount+1)/(docFreq+1)) + 1 from:\n"
            "    1 = docFreq, number of documents containing term\n"
            "    2 = docCount, total number of documents with field\n"
            "  1.7320508 = tf(freq=3.0), with freq of:\n"
            "    3 = freq\n"
            "  0.5 = fieldNorm\n");
  const Scored dirichlet({.similarity = Similarity::kLmDirichlet, .mu = 10}, 1, {{1, 3}}, {2, 10});
  EXPECT_EQ(dirichlet->Explain(freq, 4).ToText(),
            "0.26510775 = score(LMDirichletSimilarity, freq=3.0), computed as boost * (term weight "
            "+ document norm) from:\n"
            "  10 = mu\n"
            "  0.60157996 = term weight, computed as log(1 + freq /(mu * P)) from:\n"
            "    3 = freq\n"
            "    0.36363637 = P, probability that the current term is generated by the collection\n"
            "  -0.33647224 = document norm, computed as log(mu / (dl + mu))\n"
            "  4 = dl, length of field\n");
}

}  // namespace
}  // namespace segue

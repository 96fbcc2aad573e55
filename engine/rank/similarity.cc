// SPDX-License-Identifier: Apache-2.0
#include "engine/rank/similarity.h"

#include <string>
#include <utility>

#include "engine/rank/bm25_explain.h"
#include "engine/rank/similarity_parts.h"

namespace segue {
namespace {

class SumSimilarity final : public TermSimilarity {
 public:
  explicit SumSimilarity(std::vector<std::shared_ptr<const TermSimilarity>> words)
      : words_(std::move(words)) {}

  float Score(float freq, uint8_t norm) const override {
    double sum = 0;
    for (const auto& word : words_) sum += static_cast<double>(word->Score(freq, norm));
    return FiniteFloat(sum);
  }
  // Sums in the same order, and each part is not below that of any posting.
  float MaxScore(float max_freq, uint8_t min_norm) const override {
    double sum = 0;
    for (const auto& word : words_) sum += static_cast<double>(word->MaxScore(max_freq, min_norm));
    return FiniteFloat(sum);
  }
  std::string_view name() const override { return words_[0]->name(); }
  Explanation Explain(Explanation freq, uint8_t norm) const override {
    std::vector<Explanation> details;
    for (const auto& word : words_) details.push_back(word->Explain(freq, norm));
    return ExplanationNode(Score(freq.value, norm), "sum of:", std::move(details));
  }

 private:
  std::vector<std::shared_ptr<const TermSimilarity>> words_;
};

}  // namespace

std::shared_ptr<const TermSimilarity> SumOf(
    std::vector<std::shared_ptr<const TermSimilarity>> words) {
  if (words.size() == 1) return std::move(words[0]);
  return std::make_shared<SumSimilarity>(std::move(words));
}

std::unique_ptr<const FieldSimilarity> NewFieldSimilarity(const SimilarityParameters& parameters,
                                                          const FieldStatistics& statistics,
                                                          const Bm25Norms* norms) {
  switch (parameters.similarity) {
    case Similarity::kBm25:
      break;
    case Similarity::kBm25Plus:
      return NewBm25Plus(parameters, statistics, norms);
    case Similarity::kTfIdf:
      return NewTfIdf(statistics);
    case Similarity::kLmDirichlet:
      return NewLmDirichlet(parameters.mu, statistics);
    case Similarity::kDph:
      return NewDph(statistics);
    case Similarity::kBoolean:
      return NewBooleanSimilarity();
  }
  return nullptr;
}

}  // namespace segue

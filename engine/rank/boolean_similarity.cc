// SPDX-License-Identifier: Apache-2.0
//
// Lucene's BooleanSimilarity: the score is the boost.
#include <utility>

#include "engine/rank/bm25_explain.h"
#include "engine/rank/similarity_parts.h"

namespace segue {
namespace {

class BooleanTerm final : public TermSimilarity {
 public:
  explicit BooleanTerm(float boost) : boost_(boost) {}

  float Score(float, uint8_t) const override { return boost_; }
  float MaxScore(float, uint8_t) const override { return boost_; }
  std::string_view name() const override { return "BooleanSimilarity"; }
  Explanation Explain(Explanation, uint8_t) const override {
    return ExplanationNode(boost_, "score(BooleanSimilarity), computed from:",
                           {ExplanationNode(boost_, "boost, query boost")});
  }

 private:
  float boost_;
};

class BooleanField final : public FieldSimilarity {
 public:
  std::shared_ptr<const TermSimilarity> Of(float boost,
                                           std::span<const TermStatistics>) const override {
    return std::make_shared<BooleanTerm>(boost);
  }
};

}  // namespace

std::unique_ptr<const FieldSimilarity> NewBooleanSimilarity() {
  return std::make_unique<BooleanField>();
}

}  // namespace segue

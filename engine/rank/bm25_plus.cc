// SPDX-License-Identifier: Apache-2.0
//
// BM25+ (Lv and Zhai, Lower-bounding term frequency normalization, CIKM 2011): BM25, and delta for
// each word that is there at all, so that a long field with the word stays ahead of one without.
//
//   score = (w - w / (1 + freq * c[norm])) + w * (delta / (k1 + 1)),  w = boost * idf   in float
//
// The paper's formula has a factor of k1 + 1, which Lucene's BM25 left out, as it changes no order;
// so its delta is divided by that. idf and c are those of bm25.h. With delta 0 the bits are BM25's.
// As there no score falls when freq rises or the norm byte falls: an addition more is monotone,
// too.
#include <algorithm>
#include <limits>
#include <utility>

#include "engine/base/strings.h"
#include "engine/rank/bm25_explain.h"
#include "engine/rank/similarity_parts.h"

namespace segue {
namespace {

class Bm25PlusTerm final : public TermSimilarity {
 public:
  Bm25PlusTerm(float boost, float idf, float delta, uint64_t doc_count, const Bm25Norms* norms,
               std::vector<uint64_t> doc_freqs)
      : scorer_(FiniteFloat(boost * idf), norms),
        boost_(boost),
        delta_(delta),
        plus_(FiniteFloat(scorer_.weight() * (delta / (norms->parameters().k1 + 1.0f)))),
        doc_count_(doc_count),
        doc_freqs_(std::move(doc_freqs)) {}

  float Score(float freq, uint8_t norm) const override {
    const float weight = scorer_.weight();
    return FiniteFloat((weight - weight / (1.0f + freq * scorer_.norm_inverse()[norm])) + plus_);
  }
  float MaxScore(float max_freq, uint8_t min_norm) const override {
    return Score(max_freq, min_norm);
  }
  std::string_view name() const override { return "BM25Plus"; }
  Explanation Explain(Explanation freq, uint8_t norm) const override {
    const float score = Score(freq.value, norm);
    std::string description = Cat("score(freq=", ExplainedFloat(freq.value),
                                  "), computed as boost * idf * (tf + delta / (k1 + 1)) from:");
    std::vector<Explanation> details;
    if (boost_ != 1.0f) details.push_back(ExplanationNode(boost_, "boost"));
    details.push_back(ExplainIdfs(doc_freqs_, doc_count_));
    details.push_back(ExplainTf(scorer_, std::move(freq), norm));
    details.push_back(ExplanationNode(delta_, "delta, for each word that is there"));
    return ExplanationNode(score, std::move(description), std::move(details));
  }

 private:
  Bm25Scorer scorer_;
  float boost_;
  float delta_;
  float plus_;
  uint64_t doc_count_;
  std::vector<uint64_t> doc_freqs_;
};

class Bm25PlusField final : public FieldSimilarity {
 public:
  Bm25PlusField(float delta, uint64_t doc_count, const Bm25Norms* norms)
      : delta_(delta), doc_count_(doc_count), norms_(norms) {}

  std::shared_ptr<const TermSimilarity> Of(float boost,
                                           std::span<const TermStatistics> words) const override {
    std::vector<float> idfs;
    for (const TermStatistics& word : words) idfs.push_back(Idf(word.doc_freq, doc_count_));
    return std::make_shared<Bm25PlusTerm>(boost, PhraseIdf(idfs), delta_, doc_count_, norms_,
                                          DocFreqsOf(words));
  }

 private:
  float delta_;
  uint64_t doc_count_;
  const Bm25Norms* norms_;
};

}  // namespace

std::unique_ptr<const FieldSimilarity> NewBm25Plus(const SimilarityParameters& parameters,
                                                   const FieldStatistics& statistics,
                                                   const Bm25Norms* norms) {
  return std::make_unique<Bm25PlusField>(parameters.delta, statistics.doc_count, norms);
}

}  // namespace segue

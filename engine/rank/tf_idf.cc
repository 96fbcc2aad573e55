// SPDX-License-Identifier: Apache-2.0
//
// TF-IDF as Lucene 10.4's ClassicSimilarity computes it, operation by operation:
//
//   idf   = (float)(log((N + 1) / (n + 1)) + 1)        in double; of a phrase the sum, in double
//   score = ((float)sqrt(freq) * (boost * idf)) * l    in float
//   l     = (float)(1 / sqrt(length))                  in double
//
// with N the documents that have the field, n those of them with the term. Each operation is
// monotone and rounds monotonically, so no score falls when freq rises or the norm byte falls, and
// the bound of a pair is its score.
#include <array>
#include <cmath>
#include <utility>

#include "engine/base/strings.h"
#include "engine/rank/bm25_explain.h"
#include "engine/rank/length_norm.h"
#include "engine/rank/portable_math.h"
#include "engine/rank/similarity_parts.h"

namespace segue {
namespace {

// Of damaged norms, which say that a document with the term has no length, it is the greatest.
struct LengthFactors {
  LengthFactors() {
    for (int norm = 1; norm < 256; ++norm) {
      const double length = DecodeLength(static_cast<uint8_t>(norm));
      of[norm] = static_cast<float>(1.0 / std::sqrt(length));
    }
    of[0] = 1.0f / of[255];
  }
  std::array<float, 256> of;
};

float LengthFactor(uint8_t norm) {
  static const LengthFactors factors;
  return factors.of[norm];
}

float ClassicIdf(uint64_t doc_freq, uint64_t doc_count) {
  const double with = static_cast<double>(std::min(doc_freq, doc_count)) + 1;
  return static_cast<float>(PortableLog((static_cast<double>(doc_count) + 1) / with) + 1.0);
}

class TfIdfTerm final : public TermSimilarity {
 public:
  TfIdfTerm(float boost, float idf, uint64_t doc_count, std::vector<uint64_t> doc_freqs)
      : boost_(boost),
        idf_(idf),
        weight_(FiniteFloat(boost * idf)),
        doc_count_(doc_count),
        doc_freqs_(std::move(doc_freqs)) {}

  float Score(float freq, uint8_t norm) const override {
    return FiniteFloat(TfOf(freq) * weight_ * LengthFactor(norm));
  }
  float MaxScore(float max_freq, uint8_t min_norm) const override {
    return Score(max_freq, min_norm);
  }
  std::string_view name() const override { return "ClassicSimilarity"; }
  Explanation Explain(Explanation freq, uint8_t norm) const override {
    const float score = Score(freq.value, norm);
    const std::string freq_text = ExplainedFloat(freq.value);
    std::vector<Explanation> details;
    if (boost_ != 1.0f) details.push_back(ExplanationNode(boost_, "boost"));
    details.push_back(ExplainClassicIdfs());
    const float tf = TfOf(freq.value);
    details.push_back(
        ExplanationNode(tf, Cat("tf(freq=", freq_text, "), with freq of:"), {std::move(freq)}));
    details.push_back(ExplanationNode(LengthFactor(norm), "fieldNorm"));
    return ExplanationNode(score, Cat("score(freq=", freq_text, "), product of:"),
                           std::move(details));
  }

 private:
  static float TfOf(float freq) { return static_cast<float>(std::sqrt(static_cast<double>(freq))); }

  Explanation ExplainClassicIdfs() const {
    std::vector<Explanation> idfs;
    for (const uint64_t doc_freq : doc_freqs_) {
      idfs.push_back(
          ExplanationNode(ClassicIdf(doc_freq, doc_count_),
                          "idf, computed as log((docCount+1)/(docFreq+1)) + 1 from:",
                          {ExplanationNode(static_cast<float>(doc_freq),
                                           "docFreq, number of documents containing term"),
                           ExplanationNode(static_cast<float>(doc_count_),
                                           "docCount, total number of documents with field")}));
    }
    if (idfs.size() == 1) return std::move(idfs[0]);
    return ExplanationNode(idf_, "idf(), sum of:", std::move(idfs));
  }

  float boost_;
  float idf_;
  float weight_;
  uint64_t doc_count_;
  std::vector<uint64_t> doc_freqs_;
};

class TfIdfField final : public FieldSimilarity {
 public:
  explicit TfIdfField(uint64_t doc_count) : doc_count_(doc_count) {}

  std::shared_ptr<const TermSimilarity> Of(float boost,
                                           std::span<const TermStatistics> words) const override {
    std::vector<float> idfs;
    for (const TermStatistics& word : words) idfs.push_back(ClassicIdf(word.doc_freq, doc_count_));
    return std::make_shared<TfIdfTerm>(boost, PhraseIdf(idfs), doc_count_, DocFreqsOf(words));
  }

 private:
  uint64_t doc_count_;
};

}  // namespace

std::unique_ptr<const FieldSimilarity> NewTfIdf(const FieldStatistics& statistics) {
  return std::make_unique<TfIdfField>(statistics.doc_count);
}

}  // namespace segue

// SPDX-License-Identifier: Apache-2.0
//
// The same numbers as in bm25.cc, laid out as a tree.
#include "engine/rank/bm25_explain.h"

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/strings.h"
#include "engine/rank/length_norm.h"

namespace segue {

Explanation ExplanationNode(float value, std::string description,
                            std::vector<Explanation> details) {
  return {.match = true,
          .value = value,
          .description = std::move(description),
          .details = std::move(details)};
}

std::string ExplainedFloat(float value) {
  std::string text = Cat(value);
  if (value == std::floor(value) && std::abs(value) < 1e7f &&
      text.find_first_of(".e") == std::string::npos) {
    text += ".0";
  }
  return text;
}

Explanation ExplainLength(uint8_t norm) {
  return ExplanationNode(
      static_cast<float>(DecodeLength(norm)),
      IsExactLength(norm) ? "dl, length of field" : "dl, length of field (approximate)");
}

Explanation ExplainTf(const Bm25Scorer& scorer, Explanation freq, uint8_t norm) {
  float tf = 1.0f - 1.0f / (1.0f + freq.value * scorer.norm_inverse()[norm]);
  std::vector<Explanation> details;
  details.push_back(std::move(freq));
  details.push_back(ExplanationNode(scorer.parameters().k1, "k1, term saturation parameter"));
  details.push_back(ExplanationNode(scorer.parameters().b, "b, length normalization parameter"));
  details.push_back(ExplainLength(norm));
  details.push_back(ExplanationNode(scorer.average_length(), "avgdl, average length of field"));
  return ExplanationNode(tf,
                         "tf, computed as freq / (freq + k1 * (1 - b + b * dl / avgdl)) "
                         "from:",
                         std::move(details));
}

Explanation ExplainIdf(uint64_t doc_freq, uint64_t doc_count) {
  return ExplanationNode(
      Idf(doc_freq, doc_count), "idf, computed as log(1 + (N - n + 0.5) / (n + 0.5)) from:",
      {ExplanationNode(static_cast<float>(doc_freq), "n, number of documents containing term"),
       ExplanationNode(static_cast<float>(doc_count), "N, total number of documents with field")});
}

Explanation ExplainPhraseIdf(std::span<const uint64_t> doc_freqs, uint64_t doc_count) {
  std::vector<Explanation> details;
  std::vector<float> idfs;
  for (uint64_t doc_freq : doc_freqs) {
    details.push_back(ExplainIdf(doc_freq, doc_count));
    idfs.push_back(details.back().value);
  }
  return ExplanationNode(PhraseIdf(idfs), "idf, sum of:", std::move(details));
}

Explanation ExplainIdfs(std::span<const uint64_t> doc_freqs, uint64_t doc_count) {
  return doc_freqs.size() == 1 ? ExplainIdf(doc_freqs[0], doc_count)
                               : ExplainPhraseIdf(doc_freqs, doc_count);
}

Explanation ExplainTermFreq(uint32_t freq) {
  return ExplanationNode(static_cast<float>(freq), "freq, occurrences of term within document");
}

Explanation ExplainPhraseFreq(float freq) {
  return ExplanationNode(freq, Cat("phraseFreq=", ExplainedFloat(freq)));
}

Explanation ExplainScore(const Bm25Scorer& scorer, float boost, Explanation idf, Explanation freq,
                         uint8_t norm) {
  float weight = scorer.weight();
  float score = weight - weight / (1.0f + freq.value * scorer.norm_inverse()[norm]);
  std::string description =
      Cat("score(freq=", ExplainedFloat(freq.value), "), computed as boost * idf * tf from:");
  std::vector<Explanation> details;
  if (boost != 1.0f) details.push_back(ExplanationNode(boost, "boost"));
  details.push_back(std::move(idf));
  details.push_back(ExplainTf(scorer, std::move(freq), norm));
  return ExplanationNode(score, std::move(description), std::move(details));
}

Explanation ExplainWeight(std::string_view query, uint64_t doc, std::string_view similarity,
                          Explanation score) {
  float value = score.value;
  std::vector<Explanation> details;
  details.push_back(std::move(score));
  return ExplanationNode(value,
                         Cat("weight(", query, " in ", doc, ") [", similarity, "], result of:"),
                         std::move(details));
}

}  // namespace segue

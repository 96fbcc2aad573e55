// SPDX-License-Identifier: Apache-2.0
//
// Explanations of BM25 scores in Lucene's words. The root of ExplainScore has
// the bits of Bm25Scorer::Score; the nodes below it show where it comes from
// (boost * idf * tf multiplied out differs from it in the last digits).
#ifndef SEGUE_RANK_BM25_EXPLAIN_H_
#define SEGUE_RANK_BM25_EXPLAIN_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/rank/bm25.h"
#include "segue/explain.h"

namespace segue {

// A node of a match.
Explanation ExplanationNode(float value, std::string description,
                            std::vector<Explanation> details = {});

// As Java prints a float: whole numbers with ".0".
std::string ExplainedFloat(float value);

// "idf, computed as log(1 + (N - n + 0.5) / (n + 0.5)) from:"
Explanation ExplainIdf(uint64_t doc_freq, uint64_t doc_count);

// "idf, sum of:", an idf for each term of a phrase.
Explanation ExplainPhraseIdf(std::span<const uint64_t> doc_freqs, uint64_t doc_count);

// The first for one, the other for several.
Explanation ExplainIdfs(std::span<const uint64_t> doc_freqs, uint64_t doc_count);

// "tf, computed as freq / (freq + k1 * (1 - b + b * dl / avgdl)) from:". `freq` is one of those
// below; its value is the frequency.
Explanation ExplainTf(const Bm25Scorer& scorer, Explanation freq, uint8_t norm);

// "dl, length of field"
Explanation ExplainLength(uint8_t norm);

// "freq, occurrences of term within document" and "phraseFreq=3.0".
Explanation ExplainTermFreq(uint32_t freq);
Explanation ExplainPhraseFreq(float freq);

// "score(freq=3.0), computed as boost * idf * tf from:". `freq` is one of the
// two above; its value is the frequency. A boost of 1 is left out, as in Lucene.
Explanation ExplainScore(const Bm25Scorer& scorer, float boost, Explanation idf, Explanation freq,
                         uint8_t norm);

// "weight(title:jazz in 42) [BM25Similarity], result of:" around a score.
Explanation ExplainWeight(std::string_view query, uint64_t doc, std::string_view similarity,
                          Explanation score);

}  // namespace segue

#endif  // SEGUE_RANK_BM25_EXPLAIN_H_

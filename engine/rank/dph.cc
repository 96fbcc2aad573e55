// SPDX-License-Identifier: Apache-2.0
//
// DPH (Amati et al., FUB, IASI-CNR and University of Tor Vergata at TREC 2007 Blog Track), the
// hypergeometric model of divergence from randomness that has no parameter, as Terrier computes it:
//
//   r     = freq / length,  f = min(r, 0.99999)
//   A     = (average length) * N / F     F: occurrences of the term, N: documents with the field
//   score = boost * (1 - f)^2 / (freq + 1) * (freq * log2(r * A) + log2(2 pi freq (1 - f)) / 2)
//
// in double, 0 where that is below, cast to float once. A phrase scores the sum of what its words
// would score with its frequency.
//
// A score may fall when the frequency rises: a field that is nothing but the word says little. So
// the score of a pair (freq, norm) bounds nothing, and the bound is made of three. With T the
// greatest frequency and R = T / (shortest length), r <= R:
//
//   1. freq / (freq + 1) <= T / (T + 1).
//   2. g(r) = (1 - r)^2 log2(r A) is positive only where r A > 1, and there its derivative has the
//      sign of (1 - r) - 2 r ln(r A), which falls with r. So g rises up to its one peak and falls
//      behind: up to R it is at most g(min(R, peak)). Where f is cut, (1 - f)^2 is 1e-10.
//   3. log2(2 pi x) / (2 (x + 1)) has its maximum of 0.6641 near x = 1.09, and the factor of
//      (1 - f)^2 and the (1 - f) in the logarithm only take away from what is positive.
#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

#include "engine/base/strings.h"
#include "engine/rank/bm25_explain.h"
#include "engine/rank/length_norm.h"
#include "engine/rank/portable_math.h"
#include "engine/rank/similarity_parts.h"

namespace segue {
namespace {

constexpr double kMostOfField = 0.99999;  // that one word can be
constexpr double kLastPart = 0.665;       // the bound 3
constexpr double kDphMargin = 1 + 0x1p-30;

double Log2(double x) { return PortableLog(x) / std::numbers::ln2; }

double Square(double x) { return x * x; }

// Lengths of 0 are damage.
double LengthOf(uint8_t norm) { return std::max<uint32_t>(DecodeLength(norm), 1); }

class DphTerm final : public TermSimilarity {
 public:
  // `expected`: A.
  DphTerm(float boost, double expected) : boost_(boost), expected_(expected), peak_(Peak()) {}

  float Score(float freq, uint8_t norm) const override {
    const double tf = freq;
    const double ratio = tf / LengthOf(norm);
    const double part = std::min(ratio, kMostOfField);
    const double gain =
        tf * Log2(ratio * expected_) + Log2(2 * std::numbers::pi * tf * (1 - part)) / 2;
    return Clamped(boost_ * (Square(1 - part) / (tf + 1) * gain));
  }
  float MaxScore(float max_freq, uint8_t min_norm) const override {
    const double most = max_freq;
    const double ratio = most / LengthOf(min_norm);
    const double gain = GainOf(std::min({ratio, peak_, kMostOfField})) +
                        Square(1 - kMostOfField) * std::max(0.0, Log2(ratio * expected_));
    return Clamped(boost_ * (most / (most + 1) * gain + kLastPart) * kDphMargin);
  }
  std::string_view name() const override { return "DPH"; }
  Explanation Explain(Explanation freq, uint8_t norm) const override {
    const float score = Score(freq.value, norm);
    std::string description =
        Cat("score(DPH, freq=", ExplainedFloat(freq.value),
            "), computed as boost * (1 - f)^2 / (freq + 1) * (freq * log2(freq / dl * A) + log2(2 "
            "* pi * freq * (1 - f)) / 2) from:");
    std::vector<Explanation> details;
    if (boost_ != 1) details.push_back(ExplanationNode(static_cast<float>(boost_), "boost"));
    const double part = std::min(freq.value / LengthOf(norm), kMostOfField);
    details.push_back(std::move(freq));
    details.push_back(
        ExplanationNode(static_cast<float>(part), "f, computed as min(freq / dl, 0.99999)"));
    details.push_back(
        ExplanationNode(static_cast<float>(expected_),
                        "A, average length of field times documents with the field by occurrences "
                        "of the term"));
    details.push_back(ExplainLength(norm));
    return ExplanationNode(score, std::move(description), std::move(details));
  }

 private:
  // g, 0 where it is below.
  double GainOf(double ratio) const {
    return std::max(0.0, Square(1 - ratio) * Log2(ratio * expected_));
  }

  // Where g is greatest, found by halving.
  double Peak() const {
    double rising = std::min(1 / expected_, 1.0), falling = 1;
    for (int i = 0; i < 60; ++i) {
      const double middle = (rising + falling) / 2;
      (2 * middle * PortableLog(middle * expected_) < 1 - middle ? rising : falling) = middle;
    }
    return rising;
  }

  static float Clamped(double score) { return score > 0 ? FiniteFloat(score) : 0.0f; }

  double boost_;
  double expected_;
  double peak_;
};

class DphField final : public FieldSimilarity {
 public:
  explicit DphField(const FieldStatistics& statistics)
      : average_length_(AverageLength(statistics)),
        doc_count_(static_cast<double>(std::max<uint64_t>(statistics.doc_count, 1))) {}

  std::shared_ptr<const TermSimilarity> Of(float boost,
                                           std::span<const TermStatistics> words) const override {
    std::vector<std::shared_ptr<const TermSimilarity>> parts;
    for (const TermStatistics& word : words) {
      const auto occurrences = static_cast<double>(std::max<uint64_t>(TotalFreqOf(word), 1));
      parts.push_back(
          std::make_shared<DphTerm>(boost, average_length_ * (doc_count_ / occurrences)));
    }
    return SumOf(std::move(parts));
  }

 private:
  double average_length_;
  double doc_count_;
};

}  // namespace

std::unique_ptr<const FieldSimilarity> NewDph(const FieldStatistics& statistics) {
  return std::make_unique<DphField>(statistics);
}

}  // namespace segue

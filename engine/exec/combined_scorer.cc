// SPDX-License-Identifier: Apache-2.0
//
// A term's own bound, of a score t = 1 - 1 / (1 + x), says how great its x = freq / (k1 * ...) can
// be: t / (1 - t). Scores are rounded by less than kTfMargin, which is therefore added first; sums
// of the bounds of y are raised by kScoreMargin for the rounding of sums.
#include "engine/exec/combined_scorer.h"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>

#include "engine/base/strings.h"
#include "engine/exec/explain_text.h"

namespace segue::exec {
namespace {

constexpr double kTfMargin = 0x1p-20;
constexpr double kScoreMargin = 1.0 + 0x1p-20;
constexpr float kMaxFloat = std::numeric_limits<float>::max();

float MostOfX(float bound) {
  const double t = double{bound} + kTfMargin;
  return t < 1 ? static_cast<float>(t / (1 - t) * kScoreMargin)
               : std::numeric_limits<float>::infinity();
}

// Never falls when `sum` rises; above 0, however small weights are.
float FreqOf(double sum) {
  return static_cast<float>(
      std::clamp(sum, double{std::numeric_limits<float>::min()}, double{kMaxFloat}));
}

}  // namespace

CombinedScorer::CombinedScorer(std::vector<CombinedList> lists, const TermScoring* scoring,
                               float weight, SearchContext* context)
    : lists_(std::move(lists)),
      scoring_(scoring),
      weight_(weight),
      context_(context),
      bounds_(lists_.size()) {}

DocId CombinedScorer::NextCandidate(DocId from) {
  DocId next = kEndOfDocs;
  for (const CombinedList& list : lists_) next = std::min(next, list.term->NextCandidate(from));
  return next;
}

uint64_t CombinedScorer::Cost() const {
  uint64_t cost = 0;
  for (const CombinedList& list : lists_) cost += list.term->Cost();
  return cost;
}

void CombinedScorer::LoadBounds(const Window& window) {
  if (window == bounds_window_) return;
  bounds_window_ = window;
  WordBounds bounds;
  for (size_t i = 0; i < lists_.size(); ++i) {
    lists_[i].term->Bound(window, &bounds);
    for (uint32_t w = 0; w < kWindowWords; ++w) {
      bounds_[i][w] = bounds[w] == kNoMatch ? kNoMatch : MostOfX(bounds[w]) * lists_[i].weight;
    }
  }
}

float CombinedScorer::BoundOf(double y) const { return ScoreOf(y * kScoreMargin); }

void CombinedScorer::Bound(const Window& window, WordBounds* bounds) {
  LoadBounds(window);
  for (uint32_t w = 0; w < kWindowWords; ++w) {
    double y = 0;
    bool any = false;
    for (const YBounds& list : bounds_) {
      if (list[w] == kNoMatch) continue;
      y += list[w];
      any = true;
    }
    (*bounds)[w] = any ? BoundOf(y) : kNoMatch;
  }
}

void CombinedScorer::Match(const Window& window, const DocMask& among, DocMask* out) {
  out->Clear();
  for (const CombinedList& list : lists_) out->Or(list.term->Members(window));
  out->And(among);
}

// The bound of a document counts only the lists that it is in.
void CombinedScorer::MatchAbove(const Window& window, const DocMask& among, float threshold,
                                DocMask* out) {
  Match(window, among, out);
  if (threshold == kNoThreshold || !out->Any()) return;
  LoadBounds(window);
  const DocMask candidates = *out;
  candidates.ForEach([&](uint32_t offset) {
    double y = 0;
    for (size_t i = 0; i < lists_.size(); ++i) {
      const float bound = bounds_[i][offset / kWordDocs];
      if (bound != kNoMatch && lists_[i].term->Members(window).Test(offset)) y += bound;
    }
    if (BoundOf(y) <= threshold) {
      out->Reset(offset);
    }
  });
}

template <typename Factor>
void CombinedScorer::SumFreqs(const Window& window, const DocMask& docs, Factor&& factor_of) {
  docs.ForEach([this](uint32_t offset) { sums_[offset] = 0; });
  const ScoreColumns& columns = context_->scratch().columns();
  for (const CombinedList& list : lists_) {
    DocMask members = list.term->Members(window);
    members.And(docs);
    const size_t count = list.term->LoadFreqs(window, members);
    const double weight = list.weight;
    for (size_t i = 0; i < count; ++i) {
      const uint32_t offset = columns.offsets[i];
      const double factor = factor_of(*list.term, window.begin + offset);
      sums_[offset] += weight * static_cast<double>(columns.freqs[i]) * factor;
    }
  }
}

void CombinedScorer::Score(const Window& window, const DocMask& docs, WindowScores* scores) {
  SumFreqs(window, docs, [](const TermScorer& term, DocId doc) { return term.NormInverseOf(doc); });
  docs.ForEach([&](uint32_t offset) { (*scores)[offset] = ScoreOf(sums_[offset]); });
}

void CombinedScorer::Freqs(const Window& window, const DocMask& docs, WindowScores* freqs) {
  SumFreqs(window, docs, [](const TermScorer&, DocId) { return 1.0; });
  docs.ForEach([&](uint32_t offset) { (*freqs)[offset] = FreqOf(sums_[offset]); });
}

float CombinedScorer::MaxScoreBy(const TermSimilarity& similarity, const Window& /*window*/) {
  if (max_score_by_ >= 0) return max_score_by_;
  double sum = 0;
  uint8_t min_norm = UINT8_MAX;
  for (const CombinedList& list : lists_) {
    const Impact most = list.term->ListImpact();
    sum += double{list.weight} * most.freq;
    min_norm = std::min(min_norm, most.norm);
  }
  max_score_by_ = similarity.MaxScore(FreqOf(sum), min_norm);
  return max_score_by_;
}

Explanation CombinedScorer::ExplainFreq(float freq) const {
  return ExplanationNode(freq, "freq, sum of weight * occurrences of the terms within document");
}

Explanation CombinedScorer::Explain(const Window& window, DocId doc) {
  if (!Matches(*this, window, doc)) return NoMatch(Cat("no matching term: ", scoring_->name));
  const auto node = [](float value, std::string description) {
    return Explanation{
        .match = true, .value = value, .description = std::move(description), .details = {}};
  };
  Explanation result =
      node(ScoreOne(*this, window, doc),
           Cat("weight(", scoring_->name, " in ", doc,
               ") [BM25F], computed as boost * idf * y / (1 + y), y the sum of the fields, from:"));
  if (scoring_->boost != 1) result.details.push_back(node(scoring_->boost, "boost"));
  result.details.push_back(ExplainIdf(scoring_->doc_freqs[0], scoring_->doc_count));
  for (const CombinedList& list : lists_) {
    if (!Matches(*list.term, window, doc)) continue;
    const uint32_t freq = list.term->Locate(window, doc - window.begin).freq;
    const float inverse = list.term->NormInverseOf(doc);
    Explanation field =
        node(static_cast<float>(double{list.weight} * freq * inverse),
             Cat(list.term->scoring().name,
                 ", computed as weight * freq / (k1 * (1 - b + b * dl / avgdl)) from:"));
    field.details.push_back(node(list.weight, "weight"));
    field.details.push_back(ExplainTermFreq(freq));
    field.details.push_back(node(inverse, "1 / (k1 * (1 - b + b * dl / avgdl))"));
    result.details.push_back(std::move(field));
  }
  return result;
}

void CombinedScorer::CollectMatches(const Window& window, DocId doc,
                                    std::vector<MatchSpan>* spans) {
  for (const CombinedList& list : lists_) {
    if (Matches(*list.term, window, doc)) list.term->CollectMatches(window, doc, spans);
  }
}

}  // namespace segue::exec

// SPDX-License-Identifier: Apache-2.0
//
// A combined score never falls when one of its two parts rises, so combined bounds are bounds; no
// margin is needed beyond that of the function (engine/rank/value_function.h).
#include "engine/exec/function_scorer.h"

#include <algorithm>
#include <utility>

#include "engine/base/strings.h"
#include "engine/exec/explain_text.h"

namespace segue::exec {

FunctionScorer::FunctionScorer(ScorerPtr inner, const ValueFunction* function, const Column* column,
                               float boost, std::string name, SearchContext* context)
    : inner_(std::move(inner)),
      function_(function),
      column_(function, column, context),
      boost_(boost),
      name_(std::move(name)) {}

void FunctionScorer::LoadBounds(const Window& window) {
  if (window == bounds_window_) return;
  bounds_window_ = window;
  inner_->Bound(window, &inner_bounds_);
  most_ = column_.MostOf(window);
}

// The combined score of a document whose own score is at most `score`.
float FunctionScorer::MostOf(float score, const ColumnFunction::Most& most) const {
  if (score == kNoMatch) return kNoMatch;
  float best = 0;
  if (most.g.has_value()) best = function_->Combine(score, most.g, boost_);
  if (most.any_without) best = std::max(best, function_->Combine(score, std::nullopt, boost_));
  return best;
}

void FunctionScorer::Bound(const Window& window, WordBounds* bounds) {
  LoadBounds(window);
  for (uint32_t w = 0; w < kWindowWords; ++w) (*bounds)[w] = MostOf(inner_bounds_[w], most_[w]);
}

// What a document of these needs to have more of than the function alone can give.
float FunctionScorer::InnerThreshold(const DocMask& candidates, float threshold) const {
  if (function_->function().combination == ScoreCombination::kReplace) return kNoThreshold;
  std::optional<double> g;
  bool any_without = false;
  for (uint32_t w = 0; w < kWindowWords; ++w) {
    if (candidates[w] == 0) continue;
    if (most_[w].g.has_value()) g = std::max(g.value_or(0), *most_[w].g);
    any_without = any_without || most_[w].any_without;
  }
  float needed = std::numeric_limits<float>::infinity();
  if (g.has_value()) needed = function_->ScoreNotAbove(threshold, g, boost_);
  if (any_without) {
    needed = std::min(needed, function_->ScoreNotAbove(threshold, std::nullopt, boost_));
  }
  return needed;
}

void FunctionScorer::MatchAbove(const Window& window, const DocMask& among, float threshold,
                                DocMask* out) {
  if (threshold == kNoThreshold) return inner_->Match(window, among, out);
  LoadBounds(window);
  DocMask candidates = among;
  for (uint32_t w = 0; w < kWindowWords; ++w) {
    if (candidates[w] != 0 && MostOf(inner_bounds_[w], most_[w]) <= threshold) candidates[w] = 0;
  }
  out->Clear();
  if (!candidates.Any()) return;
  inner_->MatchAbove(window, candidates, InnerThreshold(candidates, threshold), out);
  candidates = *out;
  column_.Load(window, candidates);
  candidates.ForEach([&](uint32_t offset) {
    const float bound = inner_bounds_[offset / kWordDocs];
    if (function_->Combine(bound, column_.Of(offset), boost_) <= threshold) {
      out->Reset(offset);
    }
  });
}

void FunctionScorer::Score(const Window& window, const DocMask& docs, WindowScores* scores) {
  inner_->Score(window, docs, scores);
  column_.Load(window, docs);
  docs.ForEach([&](uint32_t offset) {
    (*scores)[offset] = function_->Combine((*scores)[offset], column_.Of(offset), boost_);
  });
}

Explanation FunctionScorer::Explain(const Window& window, DocId doc) {
  Explanation inner = inner_->Explain(window, doc);
  if (!inner.match) return inner;
  const float value = ScoreOne(*this, window, doc);
  const std::optional<double> g = column_.Of(doc - window.begin);
  Explanation function{
      .match = true,
      .value = static_cast<float>(g.value_or(0)),
      .description = g.has_value() ? name_ : Cat(name_, ": the document has no value"),
      .details = {}};
  Explanation result{.match = true,
                     .value = value,
                     .description = Cat(ScoreCombinationName(function_->function().combination),
                                        " the score and the function",
                                        boost_ == 1 ? std::string() : Cat(", times ", boost_), ":"),
                     .details = {}};
  result.details.push_back(std::move(inner));
  result.details.push_back(std::move(function));
  return result;
}

}  // namespace segue::exec

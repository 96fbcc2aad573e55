// SPDX-License-Identifier: Apache-2.0
#include "engine/exec/simple_scorers.h"

#include <utility>

namespace segue::exec {
namespace {

void FillScores(const DocMask& docs, float score, WindowScores* scores) {
  docs.ForEach([&](uint32_t offset) { (*scores)[offset] = score; });
}

Explanation ConstantMatch(float score, std::string description) {
  return {.match = true, .value = score, .description = std::move(description), .details = {}};
}

}  // namespace

void MatchAllScorer::Match(const Window& window, const DocMask& among, DocMask* out) {
  out->Fill(window.size());
  out->And(among);
}

void MatchAllScorer::Score(const Window&, const DocMask& docs, WindowScores* scores) {
  FillScores(docs, score_, scores);
}

Explanation MatchAllScorer::Explain(const Window&, DocId) {
  return ConstantMatch(score_, "*:*, every document with this score");
}

void ConstantScorer::Bound(const Window& window, WordBounds* bounds) {
  inner_->Bound(window, bounds);
  for (float& bound : *bounds) {
    if (bound != kNoMatch) bound = score_;
  }
}

void ConstantScorer::MatchAbove(const Window& window, const DocMask& among, float threshold,
                                DocMask* out) {
  if (score_ <= threshold) {
    out->Clear();
  } else {
    inner_->Match(window, among, out);
  }
}

void ConstantScorer::Score(const Window&, const DocMask& docs, WindowScores* scores) {
  FillScores(docs, score_, scores);
}

Explanation ConstantScorer::Explain(const Window& window, DocId doc) {
  Explanation inner = inner_->Explain(window, doc);
  if (!inner.match) return inner;
  Explanation constant = ConstantMatch(score_, "constant score, whatever the score of:");
  constant.details.push_back(std::move(inner));
  return constant;
}

}  // namespace segue::exec

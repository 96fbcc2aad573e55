// SPDX-License-Identifier: Apache-2.0
//
// A product with a factor of at most 1 is no greater, rounding included: bounds of the one scorer
// stay bounds, and what it can leave out may be left out.
#include "engine/exec/demoting_scorer.h"

#include <string>
#include <utility>

#include "engine/base/strings.h"
#include "engine/exec/explain_text.h"

namespace segue::exec {

void DemotingScorer::Bound(const Window& window, WordBounds* bounds) {
  positive_->Bound(window, bounds);
}

// What is demoted must reach the threshold all the same.
void DemotingScorer::MatchAbove(const Window& window, const DocMask& among, float threshold,
                                DocMask* out) {
  if (threshold == kNoThreshold) return positive_->Match(window, among, out);
  positive_->MatchAbove(window, among, threshold, out);
  if (!out->Any()) return;
  WordBounds bounds;
  positive_->Bound(window, &bounds);
  DocMask doubtful = *out;
  for (uint32_t w = 0; w < kWindowWords; ++w) {
    if (bounds[w] * factor_ > threshold) doubtful[w] = 0;
  }
  if (!doubtful.Any()) return;
  DocMask demoted;
  negative_->Match(window, doubtful, &demoted);
  out->AndNot(demoted);
}

void DemotingScorer::Score(const Window& window, const DocMask& docs, WindowScores* scores) {
  positive_->Score(window, docs, scores);
  DocMask demoted;
  negative_->Match(window, docs, &demoted);
  demoted.ForEach([&](uint32_t offset) { (*scores)[offset] *= factor_; });
}

Explanation DemotingScorer::Explain(const Window& window, DocId doc) {
  Explanation positive = positive_->Explain(window, doc);
  if (!positive.match) return positive;
  Explanation negative = negative_->Explain(window, doc);
  Explanation result{.match = true,
                     .value = ScoreOne(*this, window, doc),
                     .description = negative.match ? Cat("the score times ", factor_, ", because:")
                                                   : std::string("the score as it is, because:"),
                     .details = {}};
  result.details.push_back(std::move(positive));
  result.details.push_back(std::move(negative));
  return result;
}

}  // namespace segue::exec

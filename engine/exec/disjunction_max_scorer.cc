// SPDX-License-Identifier: Apache-2.0
#include "engine/exec/disjunction_max_scorer.h"

#include <algorithm>
#include <utility>

#include "engine/base/strings.h"
#include "engine/exec/explain_text.h"

namespace segue::exec {

DisjunctionMaxScorer::DisjunctionMaxScorer(std::vector<ScorerPtr> scorers, float tie)
    : scorers_(std::move(scorers)), tie_(tie) {}

uint64_t DisjunctionMaxScorer::Cost() const {
  uint64_t cost = 0;
  for (const ScorerPtr& scorer : scorers_) cost += scorer->Cost();
  return cost;
}

DocId DisjunctionMaxScorer::NextCandidate(DocId from) {
  DocId next = kEndOfDocs;
  for (const ScorerPtr& scorer : scorers_) next = std::min(next, scorer->NextCandidate(from));
  return next;
}

// best + tie * others, with best and others bounded word by word. The margin covers the rounding
// of the sum, as in boolean_scorer.cc.
void DisjunctionMaxScorer::Bound(const Window& window, WordBounds* bounds) {
  std::array<double, kWindowWords> sums{};
  bounds->fill(kNoMatch);
  WordBounds part;
  for (const ScorerPtr& scorer : scorers_) {
    scorer->Bound(window, &part);
    for (uint32_t w = 0; w < kWindowWords; ++w) {
      if (part[w] == kNoMatch) continue;
      sums[w] += part[w];
      (*bounds)[w] = std::max((*bounds)[w], part[w]);
    }
  }
  if (tie_ == 0) return;
  for (uint32_t w = 0; w < kWindowWords; ++w) {
    if ((*bounds)[w] == kNoMatch) continue;
    const double best = (*bounds)[w];
    const double margin = 1.0 + 1.0 / (1 << 20);
    (*bounds)[w] = static_cast<float>((best + (sums[w] - best) * tie_) * margin);
  }
}

void DisjunctionMaxScorer::Match(const Window& window, const DocMask& among, DocMask* out) {
  out->Clear();
  DocMask part;
  for (const ScorerPtr& scorer : scorers_) {
    scorer->Match(window, among, &part);
    out->Or(part);
  }
}

// Without a tie the best score alone must pass the threshold, so each query may prune by it.
void DisjunctionMaxScorer::MatchAbove(const Window& window, const DocMask& among, float threshold,
                                      DocMask* out) {
  if (tie_ != 0 || threshold == kNoThreshold) return Match(window, among, out);
  out->Clear();
  DocMask part;
  for (const ScorerPtr& scorer : scorers_) {
    scorer->MatchAbove(window, among, threshold, &part);
    out->Or(part);
  }
}

void DisjunctionMaxScorer::Score(const Window& window, const DocMask& docs, WindowScores* scores) {
  docs.ForEach([this](uint32_t offset) {
    best_[offset] = 0;
    others_[offset] = 0;
  });
  for (const ScorerPtr& scorer : scorers_) {
    DocMask matches;
    scorer->Match(window, docs, &matches);
    scorer->Score(window, matches, &scores_);
    matches.ForEach([this](uint32_t offset) {
      const float score = scores_[offset];
      if (score >= best_[offset]) {
        others_[offset] += best_[offset];
        best_[offset] = score;
      } else {
        others_[offset] += score;
      }
    });
  }
  docs.ForEach([&](uint32_t offset) {
    (*scores)[offset] = static_cast<float>(best_[offset] + others_[offset] * tie_);
  });
}

Explanation DisjunctionMaxScorer::Explain(const Window& window, DocId doc) {
  Explanation result;
  for (const ScorerPtr& scorer : scorers_) {
    Explanation part = scorer->Explain(window, doc);
    if (part.match) result.details.push_back(std::move(part));
  }
  if (result.details.empty()) return NoMatch("no match on any of the alternatives");
  result.match = true;
  result.value = ScoreOne(*this, window, doc);
  result.description = tie_ == 0 ? std::string("max of:")
                                 : Cat("max plus ", static_cast<double>(tie_), " times others of:");
  return result;
}

void DisjunctionMaxScorer::CollectMatches(const Window& window, DocId doc,
                                          std::vector<MatchSpan>* spans) {
  for (const ScorerPtr& scorer : scorers_) {
    if (Matches(*scorer, window, doc)) scorer->CollectMatches(window, doc, spans);
  }
}

}  // namespace segue::exec

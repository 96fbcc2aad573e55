// SPDX-License-Identifier: Apache-2.0
//
// Promises are void once the context holds an error: damaged data may break any of them.
#include "engine/exec/checked_scorer.h"

#include <memory>

#include "engine/base/check.h"

namespace segue::exec {

void CheckedScorer::Require(bool promise, const char* what) {
  if (promise || !context_->ok()) return;
  if (on_violation_ != nullptr) {
    on_violation_(what);
  } else {
    SEGUE_DCHECK(!"a scorer broke its contract");
  }
}

void CheckedScorer::EnterWindow(const Window& window) {
  Require(window.begin % kWindowDocs == 0, "windows begin at multiples of the window size");
  Require(window.begin >= window_.begin, "windows never go back");
  window_ = window;
}

DocId CheckedScorer::NextCandidate(DocId from) {
  const DocId candidate = inner_->NextCandidate(from);
  Require(candidate >= from, "a candidate is never before the document asked from");
  return candidate;
}

void CheckedScorer::Bound(const Window& window, WordBounds* bounds) {
  EnterWindow(window);
  inner_->Bound(window, bounds);
  DocMask all;
  all.Fill(window.size());
  DocMask matches;
  inner_->Match(window, all, &matches);
  inner_->Score(window, matches, &scores_);
  matches.ForEach([&](uint32_t offset) {
    Require(scores_[offset] <= (*bounds)[offset / kWordDocs], "no score is above its bound");
  });
}

void CheckedScorer::Match(const Window& window, const DocMask& among, DocMask* out) {
  EnterWindow(window);
  inner_->Match(window, among, out);
  DocMask outside = *out;
  outside.AndNot(among);
  Require(!outside.Any(), "matches are among the documents asked for");
}

void CheckedScorer::MatchAbove(const Window& window, const DocMask& among, float threshold,
                               DocMask* out) {
  EnterWindow(window);
  DocMask all;
  inner_->Match(window, among, &all);
  inner_->Score(window, all, &scores_);
  inner_->MatchAbove(window, among, threshold, out);
  DocMask wrong = *out;
  wrong.AndNot(all);
  Require(!wrong.Any(), "pruning adds no match");
  all.AndNot(*out);
  all.ForEach([&](uint32_t offset) {
    Require(scores_[offset] <= threshold, "pruning drops nothing above the threshold");
  });
}

void CheckedScorer::Score(const Window& window, const DocMask& docs, WindowScores* scores) {
  EnterWindow(window);
  DocMask matches;
  inner_->Match(window, docs, &matches);
  Require(matches == docs, "only matching documents are scored");
  inner_->Score(window, docs, scores);
  docs.ForEach([&](uint32_t offset) {
    Require((*scores)[offset] >= 0, "scores are numbers, and not negative");
    Require((*scores)[offset] <= inner_->MaxScore(), "no score is above the greatest one");
  });
}

}  // namespace segue::exec

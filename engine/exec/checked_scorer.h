// SPDX-License-Identifier: Apache-2.0
//
// CheckedScorer: passes every call on and asserts the contract of scorer.h on the way: windows
// never go back, masks stay within what was asked, bounds hold for every score, a threshold drops
// nothing that is above it. The planner wraps every scorer in debug and sanitizer builds.
#ifndef SEGUE_EXEC_CHECKED_SCORER_H_
#define SEGUE_EXEC_CHECKED_SCORER_H_

#include <cstdint>
#include <optional>
#include <utility>

#include "engine/exec/scorer.h"
#include "engine/exec/search_context.h"

namespace segue::exec {

class CheckedScorer final : public Scorer {
 public:
  // `on_violation(what)` is called for each broken promise; nullptr: a debug check fails.
  using OnViolation = void (*)(const char* what);
  CheckedScorer(ScorerPtr inner, SearchContext* context, OnViolation on_violation = nullptr)
      : inner_(std::move(inner)), context_(context), on_violation_(on_violation) {}

  DocId NextCandidate(DocId from) override;
  void Bound(const Window& window, WordBounds* bounds) override;
  void Match(const Window& window, const DocMask& among, DocMask* out) override;
  void MatchAbove(const Window& window, const DocMask& among, float threshold,
                  DocMask* out) override;
  void Score(const Window& window, const DocMask& docs, WindowScores* scores) override;
  float MaxScore() const override { return inner_->MaxScore(); }
  std::optional<uint64_t> MatchCount() const override { return inner_->MatchCount(); }
  uint64_t Cost() const override { return inner_->Cost(); }
  Explanation Explain(const Window& window, DocId doc) override {
    return inner_->Explain(window, doc);
  }
  void CollectMatches(const Window& window, DocId doc, std::vector<MatchSpan>* spans) override {
    inner_->CollectMatches(window, doc, spans);
  }

 private:
  void Require(bool promise, const char* what);
  void EnterWindow(const Window& window);

  ScorerPtr inner_;
  SearchContext* context_;
  OnViolation on_violation_;
  Window window_{0, 0};
  WindowScores scores_;
};

}  // namespace segue::exec

#endif  // SEGUE_EXEC_CHECKED_SCORER_H_

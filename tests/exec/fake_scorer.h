// SPDX-License-Identifier: Apache-2.0
//
// FakeScorer: a scorer over a list of (document, score), for testing what stands above terms.
#ifndef SEGUE_TESTS_EXEC_FAKE_SCORER_H_
#define SEGUE_TESTS_EXEC_FAKE_SCORER_H_

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <utility>

#include "engine/exec/scorer.h"

namespace segue::exec {

class FakeScorer : public Scorer {
 public:
  // `slack` is added to every bound.
  explicit FakeScorer(std::map<DocId, float> scores, float slack = 0)
      : scores_(std::move(scores)), slack_(slack) {}

  DocId NextCandidate(DocId from) override {
    const auto next = scores_.lower_bound(from);
    return next == scores_.end() ? kEndOfDocs : next->first;
  }
  void Bound(const Window& window, WordBounds* bounds) override {
    bounds->fill(kNoMatch);
    for (auto it = scores_.lower_bound(window.begin); it != scores_.end() && it->first < window.end;
         ++it) {
      float& bound = (*bounds)[(it->first - window.begin) / kWordDocs];
      bound = std::max(bound, it->second + slack_);
    }
  }
  void Match(const Window& window, const DocMask& among, DocMask* out) override {
    out->Clear();
    for (auto it = scores_.lower_bound(window.begin); it != scores_.end() && it->first < window.end;
         ++it) {
      if (among.Test(it->first - window.begin)) out->Set(it->first - window.begin);
    }
  }
  void Score(const Window& window, const DocMask& docs, WindowScores* scores) override {
    docs.ForEach([&](uint32_t offset) {
      (*scores)[offset] = scores_.at(window.begin + offset);
      ++scored_;
    });
  }
  uint64_t Cost() const override { return scores_.size(); }
  Explanation Explain(const Window&, DocId doc) override {
    const auto found = scores_.find(doc);
    if (found == scores_.end())
      return {.match = false, .value = 0, .description = "fake", .details = {}};
    return {.match = true, .value = found->second, .description = "fake", .details = {}};
  }

  int scored() const { return scored_; }

 private:
  std::map<DocId, float> scores_;
  float slack_;
  int scored_ = 0;
};

inline ScorerPtr Fake(std::map<DocId, float> scores, float slack = 0) {
  return std::make_unique<FakeScorer>(std::move(scores), slack);
}

}  // namespace segue::exec

#endif  // SEGUE_TESTS_EXEC_FAKE_SCORER_H_

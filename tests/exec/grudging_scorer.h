// SPDX-License-Identifier: Apache-2.0
//
// GrudgingScorer: a scorer over given scores that gives no more than the contract of scorer.h asks
// of it, and checks that it is asked as the contract says. Candidates may be none, bounds may be
// far too great, what may be left out often is, and what means nothing is not a number.
#ifndef SEGUE_TESTS_EXEC_GRUDGING_SCORER_H_
#define SEGUE_TESTS_EXEC_GRUDGING_SCORER_H_

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/strings.h"
#include "engine/exec/scorer.h"
#include "tests/exec/scorer_contract.h"
#include "tests/support/seeded_random.h"

namespace segue::exec {

class GrudgingScorer final : public Scorer {
 public:
  // `scores` and `random` outlive the scorer. `name`: of its places and explanations.
  GrudgingScorer(const DocScores* scores, std::string name, SeededRandom* random)
      : scores_(*scores), name_(std::move(name)), random_(*random) {}

  DocId NextCandidate(DocId from) override {
    const auto next = scores_.lower_bound(from);
    if (next == scores_.end()) return kEndOfDocs;
    return random_.OneIn(3) ? from + static_cast<DocId>(random_.Below(next->first - from + 1))
                            : next->first;
  }

  void Bound(const Window& window, WordBounds* bounds) override {
    Enter(window);
    bounds->fill(random_.OneIn(2) ? kNoMatch : static_cast<float>(random_.Below(5)));
    ForEachIn(window, [&](uint32_t offset, float score) {
      float& bound = (*bounds)[offset / kWordDocs];
      bound = std::max(bound, random_.OneIn(3) ? score * 2 : score);
    });
  }

  void Match(const Window& window, const DocMask& among, DocMask* out) override {
    MatchAbove(window, among, kNoThreshold, out);
  }

  void MatchAbove(const Window& window, const DocMask& among, float threshold,
                  DocMask* out) override {
    Enter(window);
    DocMask found;
    ForEachIn(window, [&](uint32_t offset, float score) {
      const bool may_miss = threshold != kNoThreshold && score <= threshold;
      if (among.Test(offset) && !(may_miss && !random_.OneIn(4))) found.Set(offset);
    });
    *out = found;
  }

  void Score(const Window& window, const DocMask& docs, WindowScores* scores) override {
    Enter(window);
    scores->fill(std::numeric_limits<float>::quiet_NaN());
    docs.ForEach([&](uint32_t offset) {
      const auto found = scores_.find(window.begin + offset);
      ASSERT_NE(found, scores_.end()) << "a document that does not match is scored";
      (*scores)[offset] = found->second;
    });
  }

  uint64_t Cost() const override { return scores_.size(); }

  Explanation Explain(const Window&, DocId doc) override {
    const auto found = scores_.find(doc);
    if (found == scores_.end())
      return {.match = false, .value = 0, .description = Cat("no ", name_), .details = {}};
    return {.match = true, .value = found->second, .description = name_, .details = {}};
  }

  void CollectMatches(const Window&, DocId doc, std::vector<MatchSpan>* spans) override {
    EXPECT_EQ(scores_.count(doc), 1U) << "places are asked of a document without any";
    spans->push_back({"text", name_, doc, doc + 1});
  }

 private:
  void Enter(const Window& window) {
    EXPECT_EQ(window.begin % kWindowDocs, 0U);
    EXPECT_GE(window.begin, window_begin_) << "windows go back";
    window_begin_ = window.begin;
  }

  template <typename Fn>
  void ForEachIn(const Window& window, Fn&& fn) const {
    const auto end = scores_.lower_bound(window.end);
    for (auto it = scores_.lower_bound(window.begin); it != end; ++it) {
      fn(it->first - window.begin, it->second);
    }
  }

  const DocScores& scores_;
  const std::string name_;
  SeededRandom& random_;
  DocId window_begin_ = 0;
};

}  // namespace segue::exec

#endif  // SEGUE_TESTS_EXEC_GRUDGING_SCORER_H_

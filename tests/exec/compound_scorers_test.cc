// SPDX-License-Identifier: Apache-2.0
//
// Booleans and maxima over fake scorers: matching rules, sums in clause order, pruning. The whole
// of them against real lists is tests/oracle.
#include <map>
#include <utility>
#include <vector>

#include "engine/exec/boolean_scorer.h"
#include "engine/exec/checked_scorer.h"
#include "engine/exec/disjunction_max_scorer.h"
#include "engine/exec/segment_search.h"
#include "engine/exec/simple_scorers.h"
#include "gtest/gtest.h"
#include "tests/exec/fake_scorer.h"
#include "tests/support/seeded_random.h"

namespace segue::exec {
namespace {

constexpr uint32_t kDocs = 9000;

class CompoundScorersTest : public ::testing::Test {
 protected:
  ScorerPtr Boolean(std::vector<std::pair<ClauseKind, ScorerPtr>> parts, uint32_t least = 0) {
    std::vector<BooleanClause> clauses;
    for (auto& [kind, scorer] : parts) clauses.push_back({kind, std::move(scorer)});
    return std::make_unique<BooleanScorer>(std::move(clauses), least, &context_);
  }

  std::vector<Hit> Search(Scorer& scorer, uint32_t k, uint64_t* total = nullptr,
                          bool exhaustive = false) {
    TopK top_k(k);
    MatchCounter counter(total != nullptr ? CountMode::kExact : CountMode::kNone, 0);
    SearchSegment(scorer, {0, kDocs, nullptr}, exhaustive, &context_, &top_k, &counter);
    EXPECT_TRUE(context_.ok()) << context_.status();
    if (total != nullptr) *total = counter.Total()->value;
    return top_k.Take();
  }

  static std::map<DocId, float> RandomScores(SeededRandom& random, uint64_t one_in) {
    std::map<DocId, float> scores;
    for (DocId doc = 0; doc < kDocs; ++doc) {
      if (random.OneIn(one_in)) scores[doc] = static_cast<float>(random.Below(64)) / 16;
    }
    return scores;
  }

  SearchOptions options_;
  SearchContext context_{options_};
};

TEST_F(CompoundScorersTest, MustNarrowsShouldAdds) {
  std::vector<std::pair<ClauseKind, ScorerPtr>> parts;
  parts.emplace_back(ClauseKind::kMust, Fake({{1, 1}, {5000, 2}, {8999, 3}}));
  parts.emplace_back(ClauseKind::kShould, Fake({{5000, 10}, {6000, 20}}));
  parts.emplace_back(ClauseKind::kFilter, Fake({{1, 100}, {5000, 100}, {8999, 100}}));
  parts.emplace_back(ClauseKind::kMustNot, Fake({{8999, 1}}));
  const ScorerPtr scorer = Boolean(std::move(parts));
  uint64_t total = 0;
  EXPECT_EQ(Search(*scorer, 10, &total), (std::vector<Hit>{{5000, 12}, {1, 1}}));
  EXPECT_EQ(total, 2u);
}

TEST_F(CompoundScorersTest, MinimumShouldMatch) {
  for (const uint32_t least : {0u, 1u, 2u, 3u, 4u}) {
    std::vector<std::pair<ClauseKind, ScorerPtr>> parts;
    parts.emplace_back(ClauseKind::kShould, Fake({{1, 1}, {2, 1}, {3, 1}}));
    parts.emplace_back(ClauseKind::kShould, Fake({{2, 1}, {3, 1}}));
    parts.emplace_back(ClauseKind::kShould, Fake({{3, 1}, {4000, 1}}));
    const ScorerPtr scorer = Boolean(std::move(parts), least);
    const size_t wanted[] = {4, 4, 2, 1, 0};
    EXPECT_EQ(Search(*scorer, 10).size(), wanted[least]) << least;
  }
}

TEST_F(CompoundScorersTest, OnlyProhibitedClausesMatchNothing) {
  std::vector<std::pair<ClauseKind, ScorerPtr>> parts;
  parts.emplace_back(ClauseKind::kMustNot, Fake({{1, 1}}));
  const ScorerPtr scorer = Boolean(std::move(parts));
  EXPECT_TRUE(Search(*scorer, 10).empty());
}

TEST_F(CompoundScorersTest, PruningChangesNoHitAndScoresLess) {
  SeededRandom random(3);
  for (int round = 0; round < 60; ++round) {
    std::vector<std::map<DocId, float>> lists;
    std::vector<ClauseKind> kinds;
    for (uint64_t i = random.Between(1, 5); i > 0; --i) {
      lists.push_back(RandomScores(random, 1 + random.Below(40)));
      kinds.push_back(static_cast<ClauseKind>(random.Below(4)));
    }
    const auto make = [&] {
      std::vector<std::pair<ClauseKind, ScorerPtr>> parts;
      for (size_t i = 0; i < lists.size(); ++i) {
        parts.emplace_back(kinds[i], Fake(lists[i], static_cast<float>(round % 3)));
      }
      return std::make_unique<CheckedScorer>(Boolean(std::move(parts)), &context_,
                                             [](const char* what) { ADD_FAILURE() << what; });
    };
    for (const uint32_t k : {1u, 10u, 500u}) {
      EXPECT_EQ(Search(*make(), k), Search(*make(), k, nullptr, true));
    }
  }
}

TEST_F(CompoundScorersTest, DisjunctionMaxTakesTheBestPlusTies) {
  for (const float tie : {0.0f, 0.5f}) {
    std::vector<ScorerPtr> parts;
    parts.push_back(Fake({{1, 4}, {2, 1}}));
    parts.push_back(Fake({{2, 2}, {8000, 1}}));
    DisjunctionMaxScorer scorer(std::move(parts), tie);
    EXPECT_EQ(Search(scorer, 10), (std::vector<Hit>{{1, 4}, {2, 2 + tie}, {8000, 1}}));
  }
}

TEST_F(CompoundScorersTest, ConstantAndAll) {
  ConstantScorer constant(Fake({{3, 9}, {4, 8}}), 0.5f);
  EXPECT_EQ(Search(constant, 10), (std::vector<Hit>{{3, 0.5f}, {4, 0.5f}}));
  MatchAllScorer all(kDocs, 2);
  uint64_t total = 0;
  EXPECT_EQ(Search(all, 2, &total), (std::vector<Hit>{{0, 2}, {1, 2}}));
  EXPECT_EQ(total, kDocs);
  MatchNoneScorer none("nothing");
  EXPECT_TRUE(Search(none, 2).empty());
}

TEST_F(CompoundScorersTest, CheckedScorerSeesABrokenBound) {
  static int violations;
  violations = 0;
  CheckedScorer scorer(Fake({{1, 5}}, -1), &context_, [](const char*) { ++violations; });
  WordBounds bounds;
  scorer.Bound({0, 4096}, &bounds);
  EXPECT_EQ(violations, 1);
}

// Says that no document scores more than 4.
class ModestScorer final : public FakeScorer {
 public:
  using FakeScorer::FakeScorer;
  float MaxScore() const override { return 4; }
};

TEST_F(CompoundScorersTest, CheckedScorerSeesABrokenGreatestScore) {
  static int violations;
  violations = 0;
  CheckedScorer scorer(std::make_unique<ModestScorer>(std::map<DocId, float>{{1, 5}, {2, 4}}),
                       &context_, [](const char*) { ++violations; });
  EXPECT_EQ(scorer.MaxScore(), 4);
  DocMask two;
  two.Set(2);
  const auto scores = std::make_unique<WindowScores>();
  scorer.Score({0, 4096}, two, scores.get());
  EXPECT_EQ(violations, 0);
  DocMask one;
  one.Set(1);
  scorer.Score({0, 4096}, one, scores.get());
  EXPECT_EQ(violations, 1);
}

TEST_F(CompoundScorersTest, CheckedScorerSeesAWindowThatGoesBack) {
  static int violations;
  violations = 0;
  CheckedScorer scorer(Fake({{1, 5}}), &context_, [](const char*) { ++violations; });
  DocMask none;
  DocMask out;
  scorer.Match({4096, 8192}, none, &out);
  EXPECT_EQ(violations, 0);
  scorer.Match({0, 4096}, none, &out);
  EXPECT_EQ(violations, 1);
}

}  // namespace
}  // namespace segue::exec

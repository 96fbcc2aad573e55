// SPDX-License-Identifier: Apache-2.0
//
// Scorers that stand around others: the best of several, demoted ones, constant ones, and the one
// that checks; against their definitions applied to every document.
#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/exec/checked_scorer.h"
#include "engine/exec/demoting_scorer.h"
#include "engine/exec/disjunction_max_scorer.h"
#include "engine/exec/simple_scorers.h"
#include "tests/exec/fake_scorer.h"
#include "tests/exec/grudging_scorer.h"
#include "tests/exec/scorer_contract.h"
#include "tests/support/seeded_random.h"

namespace segue::exec {
namespace {

constexpr uint32_t kDocCounts[] = {1, 64, 4097, 9000};

ScorerPtr Grudging(const DocScores& scores, SeededRandom* random) {
  return std::make_unique<GrudgingScorer>(&scores, "leaf", random);
}

void ExpectAll(const MakeScorer& make, const DocScores& want, uint32_t doc_count,
               SeededRandom* random) {
  ExpectScorer(make, want, doc_count, random);
  ExpectExplained(make, want, doc_count, random);
}

// Lucene's: each score is the best so far, or one of the others.
float BestPlusOthers(const std::vector<DocScores>& lists, DocId doc, float tie) {
  float best = 0;
  double others = 0;
  for (const DocScores& list : lists) {
    const auto found = list.find(doc);
    if (found == list.end()) continue;
    others += static_cast<double>(std::min(found->second, best));
    best = std::max(found->second, best);
  }
  return static_cast<float>(best + others * static_cast<double>(tie));
}

TEST(DisjunctionMaxScorerTest, KeepsTheContract) {
  SeededRandom random(221);
  for (int round = 0; round < 25; ++round) {
    const uint32_t doc_count = kDocCounts[random.Below(4)];
    const float tie = random.OneIn(2) ? 0 : static_cast<float>(random.Between(1, 10)) / 10;
    std::vector<DocScores> lists;
    DocScores want;
    for (uint64_t i = random.Between(1, 5); i > 0; --i) {
      lists.push_back(RandomScores(&random, doc_count, doc_count / (random.OneIn(2) ? 2 : 40)));
    }
    for (const DocScores& list : lists) {
      for (const auto& [doc, score] : list) want[doc] = BestPlusOthers(lists, doc, tie);
    }
    const MakeScorer make = [&](SearchContext*) {
      std::vector<ScorerPtr> scorers;
      for (const DocScores& list : lists) scorers.push_back(Grudging(list, &random));
      return std::make_unique<DisjunctionMaxScorer>(std::move(scorers), tie);
    };
    SCOPED_TRACE(testing::Message() << "round " << round << " tie " << tie);
    ExpectAll(make, want, doc_count, &random);
    if (HasFailure()) return;
  }
}

TEST(DisjunctionMaxScorerTest, CollectsThePlacesOfAllThatMatch) {
  SeededRandom random(222);
  const DocScores first = {{3, 1}, {5, 1}}, second = {{5, 2}, {9, 1}};
  std::vector<ScorerPtr> scorers;
  scorers.push_back(std::make_unique<GrudgingScorer>(&first, "first", &random));
  scorers.push_back(std::make_unique<GrudgingScorer>(&second, "second", &random));
  DisjunctionMaxScorer scorer(std::move(scorers), 0);
  EXPECT_EQ(scorer.Cost(), 4U);
  const auto places = [&](DocId doc) {
    std::vector<MatchSpan> spans;
    scorer.CollectMatches({0, 100}, doc, &spans);
    return spans;
  };
  using Spans = std::vector<MatchSpan>;
  EXPECT_EQ(places(3), (Spans{{"text", "first", 3, 4}}));
  EXPECT_EQ(places(5), (Spans{{"text", "first", 5, 6}, {"text", "second", 5, 6}}));
  EXPECT_EQ(places(9), (Spans{{"text", "second", 9, 10}}));
}

TEST(DemotingScorerTest, KeepsTheContract) {
  SeededRandom random(223);
  for (int round = 0; round < 40; ++round) {
    const uint32_t doc_count = kDocCounts[random.Below(4)];
    constexpr float kFactors[] = {0, 0.1F, 0.5F, 1};
    const float factor = kFactors[round % 4];
    const DocScores positive = RandomScores(&random, doc_count, doc_count / 3);
    const DocScores negative = RandomScores(&random, doc_count, doc_count / 5);
    DocScores want = positive;
    for (auto& [doc, score] : want) {
      if (negative.count(doc) != 0) score *= factor;
    }
    const MakeScorer make = [&](SearchContext*) {
      return std::make_unique<DemotingScorer>(Grudging(positive, &random),
                                              Grudging(negative, &random), factor);
    };
    SCOPED_TRACE(testing::Message() << "round " << round << " factor " << factor);
    ExpectAll(make, want, doc_count, &random);
    if (HasFailure()) return;
    // Places are those of what matches, not of what demotes.
    std::vector<MatchSpan> spans;
    const SearchOptions options;
    SearchContext context(options);
    const DocId doc = positive.begin()->first;
    make(&context)->CollectMatches(WindowOf(doc, doc_count), doc, &spans);
    ASSERT_EQ(spans.size(), 1U);
  }
}

TEST(SimpleScorersTest, KeepTheContract) {
  SeededRandom random(224);
  for (const uint32_t doc_count : kDocCounts) {
    const DocScores inner = RandomScores(&random, doc_count, doc_count / 4);
    DocScores constant, all;
    for (const auto& [doc, score] : inner) constant[doc] = 0.3F;
    for (DocId doc = 0; doc < doc_count; ++doc) all[doc] = 2;
    ExpectAll(
        [&](SearchContext*) {
          return std::make_unique<ConstantScorer>(Grudging(inner, &random), 0.3F);
        },
        constant, doc_count, &random);
    ExpectAll([&](SearchContext*) { return std::make_unique<MatchAllScorer>(doc_count, 2.0F); },
              all, doc_count, &random);
    ExpectAll([](SearchContext*) { return std::make_unique<MatchNoneScorer>("no such word"); }, {},
              doc_count, &random);
  }
}

TEST(CheckedScorerTest, ChangesNothingOfAScorerThatKeepsItsPromises) {
  SeededRandom random(225);
  const DocScores scores = RandomScores(&random, 9000, 2000);
  ExpectAll(
      [&](SearchContext* context) {
        return std::make_unique<CheckedScorer>(Grudging(scores, &random), context,
                                               [](const char* what) { ADD_FAILURE() << what; });
      },
      scores, 9000, &random);
}

// Breaks one promise.
enum class Broken { kCandidate, kAmong, kAdds, kDrops, kNegative, kNotANumber };

class BrokenScorer final : public FakeScorer {
 public:
  BrokenScorer(DocScores scores, Broken broken) : FakeScorer(std::move(scores)), broken_(broken) {}

  DocId NextCandidate(DocId from) override {
    return broken_ == Broken::kCandidate && from > 0 ? from - 1 : FakeScorer::NextCandidate(from);
  }
  void Match(const Window& window, const DocMask& among, DocMask* out) override {
    FakeScorer::Match(window, among, out);
    if (broken_ == Broken::kAmong) out->Set(40);
  }
  void MatchAbove(const Window& window, const DocMask& among, float, DocMask* out) override {
    FakeScorer::Match(window, among, out);
    if (broken_ == Broken::kAdds) out->Set(41);
    if (broken_ == Broken::kDrops) out->Reset(1);
  }
  void Score(const Window&, const DocMask& docs, WindowScores* scores) override {
    docs.ForEach([&](uint32_t offset) { (*scores)[offset] = offset == 1 ? 5 : 3; });
    if (broken_ == Broken::kNegative) (*scores)[1] = -1;
    if (broken_ == Broken::kNotANumber) (*scores)[1] = std::numeric_limits<float>::quiet_NaN();
  }

 private:
  Broken broken_;
};

// What it says that a scorer breaks when every call is made once.
std::vector<std::string> BrokenPromises(Broken broken, SearchContext* context) {
  static std::vector<std::string> promises;
  promises.clear();
  CheckedScorer scorer(std::make_unique<BrokenScorer>(DocScores{{1, 5}, {2, 3}}, broken), context,
                       [](const char* what) { promises.emplace_back(what); });
  const Window window{0, 100};
  DocMask among, out;
  among.Set(1);
  among.Set(2);
  scorer.NextCandidate(1);
  scorer.Match(window, among, &out);
  scorer.MatchAbove(window, among, 4, &out);
  const auto scores = std::make_unique<WindowScores>();
  DocMask docs;
  docs.Set(1);
  scorer.Score(window, docs, scores.get());
  return promises;
}

TEST(CheckedScorerTest, NamesEachBrokenPromise) {
  const std::map<Broken, std::string> names = {
      {Broken::kCandidate, "a candidate is never before the document asked from"},
      {Broken::kAmong, "matches are among the documents asked for"},
      {Broken::kAdds, "pruning adds no match"},
      {Broken::kDrops, "pruning drops nothing above the threshold"},
      {Broken::kNegative, "scores are numbers, and not negative"},
      {Broken::kNotANumber, "scores are numbers, and not negative"},
  };
  for (const auto& [broken, name] : names) {
    const SearchOptions options;
    SearchContext context(options);
    const std::vector<std::string> promises = BrokenPromises(broken, &context);
    ASSERT_FALSE(promises.empty()) << name;
    EXPECT_EQ(promises.front(), name);
  }
}

// Damaged data may break any promise, and the search ends anyway.
TEST(CheckedScorerTest, SaysNothingOnceTheSearchHasFailed) {
  const SearchOptions options;
  SearchContext context(options);
  context.Fail(absl::DataLossError("a list"));
  EXPECT_TRUE(BrokenPromises(Broken::kDrops, &context).empty());
  EXPECT_TRUE(BrokenPromises(Broken::kCandidate, &context).empty());
}

TEST(CheckedScorerTest, SeesWhatItsCallersBreak) {
  static std::vector<std::string> promises;
  promises.clear();
  const SearchOptions options;
  SearchContext context(options);
  CheckedScorer scorer(Fake({{1, 5}, {8193, 1}}), &context,
                       [](const char* what) { promises.emplace_back(what); });
  DocMask among, out;
  among.Set(1);
  scorer.Match({64, 128}, among, &out);
  EXPECT_EQ(promises.back(), "windows begin at multiples of the window size");
  const auto scores = std::make_unique<WindowScores>();
  scorer.Match({8192, 9000}, among, &out);
  EXPECT_EQ(promises.size(), 1U);
  scorer.MatchAbove({4096, 8192}, among, 0, &out);
  EXPECT_EQ(promises.back(), "windows never go back");
}

TEST(CheckedScorerTest, PassesOnWhatItDoesNotCheck) {
  SeededRandom random(226);
  const SearchOptions options;
  SearchContext context(options);
  CheckedScorer all(std::make_unique<MatchAllScorer>(77, 2.5F), &context);
  EXPECT_EQ(all.MaxScore(), 2.5F);
  EXPECT_EQ(all.MatchCount(), 77U);
  EXPECT_EQ(all.Cost(), 77U);
  EXPECT_EQ(all.Explain({0, 77}, 3).value, 2.5F);
  const DocScores scores = {{3, 1}};
  CheckedScorer leaf(Grudging(scores, &random), &context);
  EXPECT_EQ(leaf.MatchCount(), std::nullopt);
  std::vector<MatchSpan> spans;
  leaf.CollectMatches({0, 77}, 3, &spans);
  EXPECT_EQ(spans.size(), 1U);
}

}  // namespace
}  // namespace segue::exec

// SPDX-License-Identifier: Apache-2.0
#include "engine/exec/segment_search.h"

#include <atomic>
#include <chrono>
#include <map>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "segue/status.h"
#include "tests/exec/fake_scorer.h"

namespace segue::exec {
namespace {

TEST(SearchContextTest, MemoryIsLimited) {
  SearchOptions options;
  options.memory_limit_bytes = 100;
  SearchContext context(options);
  EXPECT_TRUE(context.Charge(60).ok());
  EXPECT_TRUE(context.Charge(40).ok());
  EXPECT_EQ(CodeOf(context.Charge(1)), ErrorCode::kResourceExhausted);
}

TEST(SearchContextTest, DeadlineAndCancellationEndASearch) {
  SearchOptions late;
  late.deadline = std::chrono::steady_clock::now() - std::chrono::seconds(1);
  std::atomic<bool> cancel = true;
  SearchOptions cancelled;
  cancelled.cancel = &cancel;
  for (const auto& [options, code] : {std::pair(late, ErrorCode::kDeadlineExceeded),
                                      std::pair(cancelled, ErrorCode::kCancelled)}) {
    SearchContext context(options);
    TopK top_k(10);
    MatchCounter counter(CountMode::kExact, 0);
    FakeScorer scorer(std::map<DocId, float>{{1, 1}});
    SearchSegment(scorer, {0, 100, nullptr}, false, &context, &top_k, &counter);
    EXPECT_EQ(CodeOf(context.status()), code);
    EXPECT_TRUE(top_k.Take().empty());
  }
}

TEST(SegmentSearchTest, DeletedDocumentsAreNeitherHitsNorCounted) {
  SearchOptions options;
  SearchContext context(options);
  Bitset live(5000, true);
  live.Clear(1);
  live.Clear(4500);
  TopK top_k(10);
  MatchCounter counter(CountMode::kExact, 0);
  FakeScorer scorer({{1, 9}, {2, 1}, {4500, 9}, {4999, 2}});
  SearchSegment(scorer, {100, 5000, &live}, false, &context, &top_k, &counter);
  EXPECT_EQ(top_k.Take(), (std::vector<Hit>{{5099, 2}, {102, 1}}));
  EXPECT_EQ(*counter.Total(), (TotalHits{2, TotalRelation::kEqual}));
}

TEST(SegmentSearchTest, AtLeastStopsCountingPastTheLimit) {
  std::map<DocId, float> scores;
  for (DocId doc = 0; doc < 50000; doc += 5) scores[doc] = 1;
  SearchOptions options;
  for (const auto& [limit, relation] : {std::pair(100u, TotalRelation::kGreaterOrEqual),
                                        std::pair(10000u, TotalRelation::kEqual)}) {
    SearchContext context(options);
    TopK top_k(3);
    MatchCounter counter(CountMode::kAtLeast, limit);
    FakeScorer scorer(scores);
    SearchSegment(scorer, {0, 50000, nullptr}, false, &context, &top_k, &counter);
    EXPECT_EQ(counter.Total()->relation, relation);
    EXPECT_GT(counter.Total()->value, relation == TotalRelation::kEqual ? 9999u : 100u);
    EXPECT_LE(counter.Total()->value, 10000u);
  }
}

// A scorer that says what its best score is, and is asked about no window after it.
class CappedScorer final : public FakeScorer {
 public:
  CappedScorer(std::map<DocId, float> scores, float max)
      : FakeScorer(std::move(scores)), max_(max) {}
  float MaxScore() const override { return max_; }
  void Match(const Window& window, const DocMask& among, DocMask* out) override {
    last_begin = window.begin;
    FakeScorer::Match(window, among, out);
  }
  DocId last_begin = 0;

 private:
  float max_;
};

TEST(SegmentSearchTest, EndsOnceNothingCanEnter) {
  std::map<DocId, float> scores;
  for (DocId doc = 0; doc < 50000; doc += 2) scores[doc] = 1;
  SearchOptions options;
  for (const CountMode mode : {CountMode::kNone, CountMode::kExact}) {
    SearchContext context(options);
    TopK top_k(3);
    MatchCounter counter(mode, 0);
    CappedScorer scorer(scores, 1);
    SearchSegment(scorer, {0, 50000, nullptr}, false, &context, &top_k, &counter);
    EXPECT_EQ(top_k.Take(), (std::vector<Hit>{{0, 1}, {2, 1}, {4, 1}}));
    if (mode == CountMode::kExact) {
      EXPECT_EQ(*counter.Total(), (TotalHits{25000, TotalRelation::kEqual}));
    } else {
      EXPECT_EQ(scorer.last_begin, 0u);
    }
  }
  // A better one may come last.
  scores[49999] = 2;
  SearchContext context(options);
  TopK top_k(1);
  MatchCounter counter(CountMode::kNone, 0);
  CappedScorer scorer(scores, 2);
  SearchSegment(scorer, {0, 50000, nullptr}, false, &context, &top_k, &counter);
  EXPECT_EQ(top_k.Take(), (std::vector<Hit>{{49999, 2}}));
}

TEST(SegmentSearchTest, PrunesWordsThatCannotEnter) {
  std::map<DocId, float> scores;
  for (DocId doc = 0; doc < 40960; ++doc) scores[doc] = doc < 64 ? 10.0f : 1.0f;
  SearchOptions options;
  SearchContext context(options);
  TopK top_k(5);
  MatchCounter counter(CountMode::kNone, 0);
  FakeScorer scorer(scores);
  SearchSegment(scorer, {0, 40960, nullptr}, false, &context, &top_k, &counter);
  EXPECT_EQ(top_k.Take().front(), (Hit{0, 10}));
  // The first window is scored until k hits are held; no later one is.
  EXPECT_LE(scorer.scored(), static_cast<int>(kWindowDocs));
}

}  // namespace
}  // namespace segue::exec

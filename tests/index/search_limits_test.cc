// SPDX-License-Identifier: Apache-2.0
//
// Deadline, cancellation and postings limit: a search that they stop fails, or gives what it has
// found so far: documents that match, with their true scores, and a lower bound of the total.
#include <atomic>
#include <chrono>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "engine/base/check.h"
#include "engine/base/strings.h"
#include "engine/io/memory_env.h"
#include "gtest/gtest.h"
#include "segue/index.h"
#include "segue/query.h"
#include "segue/status.h"
#include "tests/support/seeded_random.h"

namespace segue {
namespace {

constexpr int kDocuments = SEGUE_CHECKS_ON ? 5000 : 12000;

// Words of all frequencies, from half of the documents to one; two segments, some deleted.
class SearchLimits : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    env_ = NewMemoryEnv().release();
    const Schema schema = *Schema::FromJson(
        R"({"key":"id","fields":{"id":{"type":"keyword"},"body":{"type":"text"},
            "n":{"type":"int64"}}})");
    const Index index = *Index::Create("limits", schema, {.env = env_});
    const auto writer = *index.OpenWriter({.auto_merge = false});
    SeededRandom random(3);
    for (int i = 0; i < kDocuments; ++i) {
      std::string text;
      for (int word = 0; word < 12; ++word) {
        // Each rank half as often as the one before, and many rare ones.
        const uint64_t rank = random.OneIn(3) ? random.Below(5000) : random.Below(16);
        text += Cat("w", rank >> random.Below(4), " ");
      }
      ASSERT_TRUE(writer->Add(Document().Add("id", Cat(i)).Add("body", text).Add("n", i % 7)).ok());
      if (i == kDocuments / 2) {
        ASSERT_TRUE(writer->Commit().ok());
      }
    }
    for (int i = 0; i < kDocuments; i += 31) ASSERT_TRUE(*writer->Delete(Cat(i)));
    ASSERT_TRUE(writer->Commit().ok());
    snapshot_ = new std::shared_ptr<const Snapshot>(*index.OpenSnapshot());
    ASSERT_EQ((*snapshot_)->segments().size(), 2u);
  }
  static void TearDownTestSuite() {
    delete snapshot_;
    delete env_;
  }

  // One for each way of searching.
  static std::vector<Query> Queries() {
    const Query often = Query::Term("body", "w1"), other = Query::Term("body", "w2");
    const Query rare = Query::Term("body", "w3001"), middle = Query::Term("body", "w700");
    return {often,
            middle,
            Query::Or({often, other}),
            Query::Or({rare, middle, Query::Term("body", "w701")}),
            Query::Or({rare, often, other}),
            Query::And({often, other}),
            Query::And({middle, often}),
            Query::Boolean({{Occur::kMust, often}, {Occur::kMustNot, other}}),
            Query::Boolean({{Occur::kMust, often}, {Occur::kFilter, Query::Equals("n", 3)}}),
            Query::Phrase("body", {"w1", "w2"}),
            Query::DisjunctionMax({often, Query::And({other, Query::Term("body", "w3")})}, 0.1f),
            Query::Or({Query::And({often, other}), Query::And({middle, often})}),
            Query::Prefix("body", "w1"),
            Query::Wildcard("body", "*1*"),
            Query::ConstantScore(Query::Wildcard("body", "w*2"), 2),
            Query::Fuzzy("body", "w1001", {.edits = 1}),
            Query::And({Query::Fuzzy("body", "w1001", {.edits = 2}), often})};
  }

  static const Snapshot& snapshot() { return **snapshot_; }

  // What is wrong with a result, told from that of all documents; nothing if it is sound.
  static std::string WrongIn(const SearchResult& result, const SearchOptions& options,
                             const SearchResult& all) {
    std::map<uint64_t, float> scores;
    for (const Hit& hit : all.hits) scores[hit.doc] = hit.score;
    for (size_t i = 0; i < result.hits.size(); ++i) {
      const Hit& hit = result.hits[i];
      const auto found = scores.find(hit.doc);
      // Those beyond all.hits are worse than all of them.
      if (found == scores.end() ? hit.score > all.hits.back().score : found->second != hit.score) {
        return Cat("document ", hit.doc, " with score ", hit.score);
      }
      if (i > 0 && !RanksBefore(result.hits[i - 1], hit)) return Cat("hit ", i, " out of order");
    }
    if (!result.partial) {
      const size_t kept = std::min<size_t>(options.k, all.hits.size());
      const std::vector<Hit> best(all.hits.begin(),
                                  all.hits.begin() + static_cast<ptrdiff_t>(kept));
      if (result.hits != best) return "not the best hits";
      return result.total == all.total ? "" : "not the total";
    }
    if (result.total->relation != TotalRelation::kGreaterOrEqual) return "a total that seems exact";
    if (result.total->value > all.total->value) return Cat("a total of ", result.total->value);
    return {};
  }

  static Env* env_;
  static std::shared_ptr<const Snapshot>* snapshot_;
};

Env* SearchLimits::env_ = nullptr;
std::shared_ptr<const Snapshot>* SearchLimits::snapshot_ = nullptr;

TEST_F(SearchLimits, PostingsStopASearchAnywhereAndWhatItHasIsSound) {
  SeededRandom random(4);
  int partial = 0, whole = 0;
  for (const Query& query : Queries()) {
    for (const uint32_t k : {0u, 10u}) {
      SCOPED_TRACE(Cat(query.ToString(), " k ", k));
      const auto all = snapshot().Search(query, {.k = 10000, .exhaustive = true});
      ASSERT_TRUE(all.ok()) << all.status();
      for (uint64_t limit = 0; limit < 200'000; limit += 1 + limit + random.Below(100)) {
        SearchOptions options{.k = k, .postings_limit = limit, .allow_partial = true};
        const auto result = snapshot().Search(query, options);
        ASSERT_TRUE(result.ok()) << result.status();
        ASSERT_EQ(WrongIn(*result, options, *all), "") << "limit " << limit;
        ++(result->partial ? partial : whole);
        options.allow_partial = false;
        const auto failing = snapshot().Search(query, options);
        ASSERT_EQ(failing.ok(), !result->partial);
        if (!failing.ok()) {
          ASSERT_EQ(CodeOf(failing.status()), ErrorCode::kResourceExhausted);
          ASSERT_NE(MessageOf(failing.status()).find("postings_limit"), std::string_view::npos);
        }
      }
    }
  }
  EXPECT_GT(partial, 60);
  EXPECT_GT(whole, 60);
}

TEST_F(SearchLimits, FewMorePostingsThanTheLimitAreRead) {
  for (const Query& query : Queries()) {
    const auto result =
        snapshot().Search(query, {.k = 1000, .postings_limit = 5000, .allow_partial = true});
    ASSERT_TRUE(result.ok()) << result.status();
    const SearchCounters& counters = result->counters;
    EXPECT_LE(counters.blocks_decoded * 128 + counters.documents_scored, 5000u + 50000u)
        << query.ToString();
  }
}

TEST_F(SearchLimits, ADeadlineThatHasPassed) {
  SearchOptions options{.deadline = std::chrono::steady_clock::now()};
  for (const Query& query : Queries()) {
    options.allow_partial = false;
    EXPECT_EQ(CodeOf(snapshot().Search(query, options).status()), ErrorCode::kDeadlineExceeded);
    options.allow_partial = true;
    const auto result = snapshot().Search(query, options);
    ASSERT_TRUE(result.ok()) << result.status();
    EXPECT_TRUE(result->partial);
    EXPECT_EQ(result->total->relation, TotalRelation::kGreaterOrEqual);
  }
}

TEST_F(SearchLimits, ACallerWhoCancels) {
  std::atomic<bool> cancel = true;
  SearchOptions options{.cancel = &cancel};
  for (const Query& query : Queries()) {
    options.allow_partial = false;
    EXPECT_EQ(CodeOf(snapshot().Search(query, options).status()), ErrorCode::kCancelled);
    options.allow_partial = true;
    const auto result = snapshot().Search(query, options);
    ASSERT_TRUE(result.ok()) << result.status();
    EXPECT_TRUE(result->partial);
  }
  cancel = false;
  const auto result = snapshot().Search(Queries()[0], options);
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_FALSE(result->partial);
}

// One that runs each task in a thread of its own, so that segments are searched side by side.
class ThreadEach final : public Executor {
 public:
  void Schedule(std::function<void()> task) override { threads_.emplace_back(std::move(task)); }
  ~ThreadEach() override {
    for (std::thread& thread : threads_) thread.join();
  }

 private:
  std::vector<std::thread> threads_;
};

TEST_F(SearchLimits, HoldForEachSegmentSideBySide) {
  ThreadEach executor;
  int partial = 0;
  for (const Query& query : Queries()) {
    const auto all = snapshot().Search(query, {.k = 10000, .exhaustive = true});
    ASSERT_TRUE(all.ok()) << all.status();
    for (const uint64_t limit : {0, 1000, 10000}) {
      const SearchOptions options{
          .postings_limit = limit, .allow_partial = true, .executor = &executor};
      const auto result = snapshot().Search(query, options);
      ASSERT_TRUE(result.ok()) << result.status();
      EXPECT_EQ(WrongIn(*result, options, *all), "") << query.ToString() << " limit " << limit;
      partial += result->partial ? 1 : 0;
    }
  }
  EXPECT_GT(partial, 15);
}

}  // namespace
}  // namespace segue

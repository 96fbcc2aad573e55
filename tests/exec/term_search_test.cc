// SPDX-License-Identifier: Apache-2.0
//
// The search for one term, by its map or block by block, against the scores of all its postings.
#include "engine/exec/term_search.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "engine/exec/flat_list.h"
#include "engine/exec/row_filter.h"
#include "engine/exec/term_map_search.h"
#include "tests/exec/flat_query.h"

namespace segue::exec {
namespace {

class TermSearchTest : public ::testing::Test {
 protected:
  // From one document to most of them. `equal`: all documents score the same, but for a few.
  static SmallSegment Build(SeededRandom* random, uint32_t doc_count, bool equal) {
    const SegmentShape shape{.doc_count = doc_count, .longest = equal ? 1U : 255U};
    std::vector<TestList> lists;
    for (const uint32_t about : {1U, 100U, 128U, 1000U, 2500U, doc_count / 12, doc_count / 2}) {
      lists.push_back(ListOf(RandomDocs(random, doc_count, about), random, equal ? 2 : 30));
    }
    return SmallSegment(shape, std::move(lists), random);
  }

  static FlatQuery Of(size_t term) { return {.terms = {{ClauseKind::kShould, term}}}; }

  static void ExpectFound(const SmallSegment& segment, const Bitset* live, SeededRandom* random) {
    for (size_t term = 0; term < segment.term_count(); ++term) {
      const TermSource source = segment.Source(term, /*bounds=*/!random->OneIn(4));
      const Bm25Scorer similarity(segment.weight(term), segment.query_norms());
      const FlatMatches matches = MatchesOf(Of(term), segment);
      const SearchedSegment searched{90, segment.doc_count(), live};
      for (const uint32_t k : {1U, 10U, 128U, 1000U, segment.doc_count() + 1}) {
        const SearchOptions options;
        SearchContext context(options);
        TopK top_k(k);
        SearchTerm(source, similarity, searched, &context, &top_k);
        ASSERT_TRUE(context.ok()) << context.status();
        ASSERT_EQ(top_k.Take(), matches.Best(searched, k)) << "list " << term << ", k " << k;
      }
      if (live == nullptr) continue;
      const SearchOptions options;
      SearchContext context(options);
      ASSERT_EQ(CountLive(source.list, searched, &context), matches.Docs(live).size());
      ASSERT_TRUE(context.ok()) << context.status();
    }
  }
};

TEST_F(TermSearchTest, FindsTheBestDocuments) {
  SeededRandom random(311);
  for (const uint32_t doc_count : {1U, 64U, 5000U, 70001U}) {
    for (const bool equal : {false, true}) {
      SCOPED_TRACE(testing::Message() << doc_count << " documents, equal " << equal);
      const SmallSegment segment = Build(&random, doc_count, equal);
      ExpectFound(segment, nullptr, &random);
      const Bitset few = RandomLive(&random, doc_count, 200),
                   many = RandomLive(&random, doc_count, 2);
      ExpectFound(segment, &few, &random);
      ExpectFound(segment, &many, &random);
      if (HasFatalFailure()) return;
    }
  }
}

TEST_F(TermSearchTest, FindsThemUnderOtherStatisticsAndWithAllKernels) {
  WithEachKernels([] {
    SeededRandom random(312);
    SmallSegment segment = Build(&random, 40000, false);
    for (const float average_length : {50.0F, 150.0F, 1e5F}) {
      segment.ScoreWith({.parameters = {}, .average_length = average_length});
      ExpectFound(segment, nullptr, &random);
      if (HasFatalFailure()) return;
    }
  });
}

// A hit of an earlier segment stays where this one has no better.
TEST_F(TermSearchTest, StartsFromTheThresholdThatThereIs) {
  SeededRandom random(313);
  const SmallSegment segment = Build(&random, 40000, false);
  for (size_t term = 0; term < segment.term_count(); ++term) {
    const FlatMatches matches = MatchesOf(Of(term), segment);
    const SearchedSegment searched{90, 40000, nullptr};
    const std::vector<Hit> best = matches.Best(searched, 10);
    for (const float known : {0.0F, best.back().score, best.front().score, 1e9F}) {
      TopK top_k(10);
      std::vector<Hit> want = best;
      for (uint64_t doc = 0; doc < 10; ++doc) {
        top_k.Offer({doc, known});
        want.push_back({doc, known});
      }
      top_k.UpdateThreshold();
      std::sort(want.begin(), want.end(), [](const Hit& a, const Hit& b) {
        return a.score != b.score ? a.score > b.score : a.doc < b.doc;
      });
      want.resize(10);
      const SearchOptions options;
      SearchContext context(options);
      const Bm25Scorer similarity(segment.weight(term), segment.query_norms());
      SearchTerm(segment.Source(term), similarity, searched, &context, &top_k);
      ASSERT_EQ(top_k.Take(), want) << "list " << term << ", known " << known;
    }
  }
}

TEST_F(TermSearchTest, SuitsShortListsAndThoseWithAUsableMap) {
  SeededRandom random(314);
  std::vector<TestList> lists;
  lists.push_back(ListOf(RandomDocs(&random, 60000, 1000), &random, 5));
  lists.push_back(ListOf(RandomDocs(&random, 60000, 40000), &random, 5));
  SmallSegment segment({.doc_count = 60000}, std::move(lists), &random);
  ASSERT_GT(segment.list(1).size(), kShortTermDocs);
  const auto suits = [&](size_t term, bool bounds) {
    const Bm25Scorer similarity(segment.weight(term), segment.query_norms());
    return TermSearchSuits(segment.Source(term, bounds), similarity);
  };
  EXPECT_TRUE(suits(0, true));
  EXPECT_TRUE(suits(0, false));
  EXPECT_TRUE(suits(1, true));
  EXPECT_FALSE(suits(1, false)) << "no map";
  segment.ScoreWith({.parameters = {.k1 = 0}, .average_length = 100});
  EXPECT_FALSE(suits(1, true)) << "a map that bounds nothing";
}

// By the map, where other lists prohibit.
TEST_F(TermSearchTest, MapsAreSearchedThroughAFilter) {
  SeededRandom random(315);
  const SmallSegment segment = Build(&random, 70001, false);
  const Bitset live = RandomLive(&random, 70001, 3);
  for (int round = 0; round < 40; ++round) {
    const size_t term = 4 + random.Below(3), prohibited = random.Below(7);
    FlatQuery query = Of(term);
    const bool prohibits = random.OneIn(2);
    if (prohibits) query.terms.emplace_back(ClauseKind::kMustNot, prohibited);
    const SearchedSegment searched{90, 70001, random.OneIn(3) ? &live : nullptr};
    const SearchOptions options;
    SearchContext context(options);
    const TermSource source = segment.Source(term);
    const Bm25Scorer similarity(segment.weight(term), segment.query_norms());
    ASSERT_TRUE(source.HasUsableMap(similarity));
    std::unique_ptr<FlatList> list;
    std::vector<FlatList*> lists;
    uint64_t dropped = searched.live == nullptr ? 0 : 70001;
    if (prohibits) {
      list = std::make_unique<FlatList>(segment.Source(prohibited), segment.scoring(prohibited), 1,
                                        &context);
      lists.push_back(list.get());
      dropped += list->doc_freq();
    }
    constexpr uint32_t kSizes[] = {1, 10, 100, 3000};
    const uint32_t k = kSizes[random.Below(4)];
    RowFilter filter(searched.live, {}, lists);
    TermMapSearch search(source, similarity, searched, &filter, dropped, &context, k);
    const FlatMatches matches = MatchesOf(query, segment);
    const std::vector<Hit> best = matches.Best(searched, k);
    if (search.floor() != kNoThreshold) {
      ASSERT_EQ(best.size(), k) << "a floor says that there are so many";
      ASSERT_GT(best.back().score, search.floor());
    }
    TopK top_k(k);
    search.Run(&top_k);
    ASSERT_TRUE(context.ok()) << context.status();
    ASSERT_EQ(top_k.Take(), best) << query.Text() << ", k " << k;
  }
}

}  // namespace
}  // namespace segue::exec

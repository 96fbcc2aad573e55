// SPDX-License-Identifier: Apache-2.0
//
// Flat queries, by whichever of its ways the engine searches them, against going through the table
// of all postings: the same hits with the same bits, and the same counts.
#include "engine/exec/flat_search.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "engine/exec/flat_list.h"
#include "engine/exec/flat_phrase.h"
#include "engine/exec/flat_scorer.h"
#include "engine/exec/top_k.h"
#include "tests/exec/fake_scorer.h"
#include "tests/exec/flat_query.h"

namespace segue::exec {
namespace {

constexpr uint32_t kSizes[] = {0, 1, 10, 10, 100, 3000};

class FlatSearchTest : public ::testing::Test {
 protected:
  // Rare lists, lists with frontiers, with maps, and bitmaps, over a little more than two chunks.
  static SmallSegment Large(SeededRandom* random) {
    SegmentShape shape{.doc_count = 131100};
    shape.longest = random->OneIn(3) ? 2 : 255;
    return SegmentOf(random, shape, {1, 30, 128, 700, 2500, 6000, 30000, 60000});
  }
  static SmallSegment Small(SeededRandom* random, bool positions) {
    constexpr uint32_t kDocCounts[] = {1, 64, 500, 4097, 9000};
    const uint32_t doc_count = kDocCounts[random->Below(5)];
    const SegmentShape shape{.doc_count = doc_count, .positions = positions};
    return SegmentOf(random, shape, {1, 20, doc_count / 9, doc_count / 3, doc_count});
  }

  // Mostly near 1; else from a millionth of a millionth to a million million.
  static float RandomBoost(SeededRandom* random) {
    const uint64_t most = random->OneIn(3) ? 24 : 0;
    return std::pow(10.0F,
                    static_cast<float>(random->Below(most + 1)) - static_cast<float>(most) / 2);
  }

  static std::vector<PhraseWord> RandomPhrase(SeededRandom* random, const SmallSegment& segment) {
    std::vector<PhraseWord> words;
    uint32_t position = 0;
    for (uint64_t i = random->Between(1, 3); i > 0; --i) {
      words.push_back({static_cast<uint32_t>(random->Below(segment.term_count())), position});
      position += static_cast<uint32_t>(random->Between(1, 2));
    }
    return words;
  }

  void ExpectFound(const FlatQuery& query, const SmallSegment& segment, const Bitset* live,
                   SeededRandom* random) {
    const FlatMatches matches = MatchesOf(query, segment);
    const SearchedSegment searched{1000, segment.doc_count(), live};
    const uint32_t k = kSizes[random->Below(6)];
    const bool counts = random->OneIn(2);
    const SearchOptions options;
    SearchContext context(options);
    TopK top_k(k);
    MatchCounter counter(counts ? CountMode::kExact : CountMode::kNone, 0);
    phrase_scoring_.norms = segment.query_norms();
    SearchFlat(query.Clauses(segment, phrase_scoring_, &context), query.needs_should, searched,
               &context, &top_k, &counter);
    SCOPED_TRACE(testing::Message() << query.Text() << ", k " << k << ", counting " << counts
                                    << ", deletions " << (live != nullptr));
    ASSERT_TRUE(context.ok()) << context.status();
    ASSERT_EQ(top_k.Take(), matches.Best(searched, k));
    if (!counts) return;
    ASSERT_EQ(*counter.Total(), (TotalHits{matches.Docs(live).size(), TotalRelation::kEqual}));
  }

  TermScoring phrase_scoring_;
};

TEST_F(FlatSearchTest, FindsWhatAllPostingsSayInLargeSegments) {
  SeededRandom random(261);
  const SmallSegment segment = Large(&random);
  const Bitset live = RandomLive(&random, segment.doc_count(), 5);
  for (int round = 0; round < 90; ++round) {
    const FlatQuery query = RandomFlatQuery(&random, segment);
    ExpectFound(query, segment, random.OneIn(3) ? &live : nullptr, &random);
    if (HasFailure()) return;
  }
}

TEST_F(FlatSearchTest, FindsWhatAllPostingsSayInSmallSegments) {
  SeededRandom random(262);
  for (int round = 0; round < 60; ++round) {
    const SmallSegment segment = Small(&random, false);
    const Bitset live = RandomLive(&random, segment.doc_count(), random.Between(1, 9));
    for (int i = 0; i < 6; ++i) {
      const FlatQuery query = RandomFlatQuery(&random, segment);
      ExpectFound(query, segment, random.OneIn(3) ? &live : nullptr, &random);
      if (HasFailure()) return;
    }
  }
}

TEST_F(FlatSearchTest, FindsPhrases) {
  SeededRandom random(263);
  for (int round = 0; round < 60; ++round) {
    const SmallSegment segment = Small(&random, true);
    const Bitset live = RandomLive(&random, segment.doc_count(), 3);
    for (int i = 0; i < 3; ++i) {
      FlatQuery query;
      if (random.OneIn(2)) query = RandomFlatQuery(&random, segment);
      query.needs_should = false;
      query.phrase = RandomPhrase(&random, segment);
      query.phrase_weight = static_cast<float>(random.Between(1, 60)) / 9;
      ExpectFound(query, segment, random.OneIn(3) ? &live : nullptr, &random);
      if (HasFailure()) return;
    }
  }
}

// Clauses that weigh a million million times as much as others: sums of their scores depend on the
// order in which they are added.
TEST_F(FlatSearchTest, FindsTheSameWithBoostsOfAnySize) {
  SeededRandom random(271);
  SmallSegment segment = Large(&random);
  const Bitset live = RandomLive(&random, segment.doc_count(), 5);
  for (int round = 0; round < 60; ++round) {
    for (size_t term = 0; term < segment.term_count(); ++term) {
      segment.SetBoost(term, RandomBoost(&random));
    }
    ExpectFound(RandomFlatQuery(&random, segment), segment, random.OneIn(3) ? &live : nullptr,
                &random);
    if (HasFailure()) return;
  }
}

// Maps that were made for other lengths, and parameters for which no map is usable.
TEST_F(FlatSearchTest, FindsTheSameUnderOtherStatistics) {
  SeededRandom random(264);
  SmallSegment segment = Large(&random);
  const BoundStatistics others[] = {{.parameters = {}, .average_length = 70},
                                    {.parameters = {}, .average_length = 1},
                                    {.parameters = {.k1 = 0, .b = 0}, .average_length = 100}};
  for (const BoundStatistics& statistics : others) {
    segment.ScoreWith(statistics);
    for (int round = 0; round < 12; ++round) {
      ExpectFound(RandomFlatQuery(&random, segment), segment, nullptr, &random);
      if (HasFailure()) return;
    }
  }
}

TEST_F(FlatSearchTest, EveryKernelsGiveTheSame) {
  WithEachKernels([this] {
    SeededRandom random(265);
    const SmallSegment segment = Large(&random);
    for (int round = 0; round < 12; ++round) {
      ExpectFound(RandomFlatQuery(&random, segment), segment, nullptr, &random);
      if (HasFailure()) return;
    }
  });
}

// All documents score the same, so that each of them ties with the threshold: the first ones stay,
// whatever order they are looked at in.
TEST_F(FlatSearchTest, OfEqualScoresTheFirstDocumentsStay) {
  SeededRandom random(266);
  SegmentShape shape{.doc_count = 70001};
  shape.longest = 1;
  std::vector<TestList> lists;
  for (const uint32_t about : {40, 3000, 40000}) {
    lists.push_back(ListOf(RandomDocs(&random, shape.doc_count, about), &random, 1));
  }
  const SmallSegment segment(shape, std::move(lists), &random);
  for (int round = 0; round < 25; ++round) {
    ExpectFound(RandomFlatQuery(&random, segment), segment, nullptr, &random);
    if (HasFailure()) return;
  }
}

// What is known of a bound is kept in steps that are chosen for the threshold. However small that
// is, there must be enough of them for all that the clauses can add.
TEST_F(FlatSearchTest, AThresholdMayBeFarBelowTheScores) {
  SeededRandom random(270);
  const SmallSegment segment =
      SegmentOf(&random, {.doc_count = 20000, .longest = 60}, {20000, 9000, 9000, 9000, 9000});
  const Bitset live = RandomLive(&random, 20000, 50);
  const SearchedSegment searched{1000, 20000, &live};
  FlatQuery query{.terms = {{ClauseKind::kMust, 0}}};
  for (size_t term = 1; term < 5; ++term) query.terms.emplace_back(ClauseKind::kShould, term);
  const std::vector<Hit> want = MatchesOf(query, segment).Best(searched, 10);
  for (float score = 1e-3F; score > 1e-30F; score /= 10) {
    const SearchOptions options;
    SearchContext context(options);
    TopK top_k(10);
    for (uint64_t doc = 0; doc < 10; ++doc) top_k.Offer({doc, score});
    top_k.UpdateThreshold();
    MatchCounter none(CountMode::kNone, 0);
    SearchFlat(query.Clauses(segment, phrase_scoring_, &context), false, searched, &context, &top_k,
               &none);
    ASSERT_EQ(top_k.Take(), want) << "threshold " << score;
  }
}

// Later segments profit from the threshold that earlier ones reached, and change nothing else.
TEST_F(FlatSearchTest, SegmentsFollowEachOther) {
  SeededRandom random(267);
  std::vector<SmallSegment> segments;
  segments.push_back(Large(&random));
  segments.push_back(
      SegmentOf(&random, {.doc_count = 9000}, {1, 30, 128, 700, 2500, 3000, 4000, 9000}));
  segments.push_back(Large(&random));
  for (int round = 0; round < 20; ++round) {
    const FlatQuery query = RandomFlatQuery(&random, segments[0]);
    const uint32_t k = kSizes[random.Between(1, 4)];
    for (size_t term = 0; term < segments[0].term_count(); ++term) {
      const float boost = RandomBoost(&random);
      for (SmallSegment& segment : segments) segment.SetBoost(term, boost);
    }
    TopK top_k(k);
    std::vector<Hit> want;
    uint64_t base = 0;
    for (const SmallSegment& segment : segments) {
      const SearchOptions options;
      SearchContext context(options);
      MatchCounter none(CountMode::kNone, 0);
      const SearchedSegment searched{base, segment.doc_count(), nullptr};
      SearchFlat(query.Clauses(segment, phrase_scoring_, &context), query.needs_should, searched,
                 &context, &top_k, &none);
      ASSERT_TRUE(context.ok()) << context.status();
      const std::vector<Hit> best = MatchesOf(query, segment).Best(searched, k);
      want.insert(want.end(), best.begin(), best.end());
      base += segment.doc_count();
    }
    std::stable_sort(want.begin(), want.end(),
                     [](const Hit& a, const Hit& b) { return a.score > b.score; });
    if (want.size() > k) want.resize(k);
    ASSERT_EQ(top_k.Take(), want) << query.Text() << ", k " << k;
  }
}

// A filter that is no list: only these documents can match.
TEST_F(FlatSearchTest, AmongCandidatesOnlyTheseAreFound) {
  SeededRandom random(268);
  const SmallSegment segment = Large(&random);
  const Bitset live = RandomLive(&random, segment.doc_count(), 5);
  for (int round = 0; round < 60; ++round) {
    const FlatQuery query = RandomFlatQuery(&random, segment);
    const std::vector<DocId> candidates =
        RandomDocs(&random, segment.doc_count(), random.OneIn(2) ? 30 : 4000);
    FlatMatches matches = MatchesOf(query, segment);
    std::vector<bool> among(segment.doc_count());
    for (const DocId doc : candidates) among[doc] = matches.match[doc];
    matches.match = among;

    const SearchOptions options;
    SearchContext context(options);
    const uint32_t k = kSizes[random.Below(6)];
    const SearchedSegment searched{7, segment.doc_count(), random.OneIn(2) ? &live : nullptr};
    TopK top_k(k);
    MatchCounter counter(CountMode::kExact, 0);
    const std::vector<FlatClause> clauses = query.Clauses(segment, phrase_scoring_, &context);
    SearchFlatAmong({.candidates = candidates, .gates = DocGates(segment.doc_count())}, clauses,
                    query.needs_should, searched, &context, &top_k, &counter);
    ASSERT_TRUE(context.ok()) << context.status();
    ASSERT_EQ(top_k.Take(), matches.Best(searched, k)) << query.Text() << ", k " << k;
    ASSERT_EQ(counter.Total()->value, matches.Docs(searched.live).size()) << query.Text();
  }
}

// Gates leave out documents of the rarest list, or of the candidates; and all have a score more.
TEST_F(FlatSearchTest, GatesLeaveOutDocuments) {
  SeededRandom random(271);
  const SmallSegment segment = Large(&random);
  const uint32_t doc_count = segment.doc_count();
  const Bitset live = RandomLive(&random, doc_count, 5);
  for (int round = 0; round < 60; ++round) {
    const FlatQuery query = RandomFlatQuery(&random, segment);
    FlatAmong among{.candidates = {}, .gates = DocGates(doc_count)};
    if (random.OneIn(2)) among.score = static_cast<double>(random.Between(1, 40)) / 8;
    FlatMatches matches = MatchesOf(query, segment, among.score);
    const auto leave_out = [&](const std::vector<DocId>& docs, bool wanted) {
      std::vector<bool> there(doc_count);
      for (const DocId doc : docs) there[doc] = true;
      for (DocId doc = 0; doc < doc_count; ++doc) {
        if (there[doc] != wanted) matches.match[doc] = false;
      }
    };
    if (random.OneIn(2)) {
      among.candidates = RandomDocs(&random, doc_count, 3000);
      leave_out(*among.candidates, true);
    }
    for (uint64_t i = random.Below(3); i > 0; --i) {
      const bool wanted = random.OneIn(2);
      const std::vector<DocId> docs = RandomDocs(&random, doc_count, 40000);
      std::map<DocId, float> scores;
      for (const DocId doc : docs) scores[doc] = 1;
      among.gates.Add(Fake(scores), wanted);
      leave_out(docs, wanted);
    }
    SCOPED_TRACE(query.Text());
    const SearchOptions options;
    SearchContext context(options);
    const uint32_t k = kSizes[random.Below(6)];
    const SearchedSegment searched{7, doc_count, random.OneIn(2) ? &live : nullptr};
    TopK top_k(k);
    MatchCounter counter(random.OneIn(2) ? CountMode::kExact : CountMode::kNone, 0);
    const bool counts = counter.wanted();
    const std::vector<FlatClause> clauses = query.Clauses(segment, phrase_scoring_, &context);
    SearchFlatAmong(std::move(among), clauses, query.needs_should, searched, &context, &top_k,
                    &counter);
    ASSERT_TRUE(context.ok()) << context.status();
    ASSERT_EQ(top_k.Take(), matches.Best(searched, k)) << "k " << k;
    if (!counts) continue;
    ASSERT_EQ(counter.Total()->value, matches.Docs(searched.live).size());
  }
}

TEST(FlatSumsTest, AreExactWhereWeightsAreAlike) {
  EXPECT_TRUE(FlatScorer::SumsAreExact(std::vector<float>{1.0f, 3.5f, 1000.0f}));
  EXPECT_TRUE(FlatScorer::SumsAreExact(std::vector<float>{}));
  EXPECT_FALSE(FlatScorer::SumsAreExact(std::vector<float>{1.0f, 1e9f}));
  EXPECT_FALSE(FlatScorer::SumsAreExact(std::vector<float>{1e-9f, 1.0f}));
}

TEST_F(FlatSearchTest, AnEmptySegmentHasNothing) {
  SeededRandom random(269);
  const SmallSegment segment = Small(&random, false);
  const SearchOptions options;
  SearchContext context(options);
  TopK top_k(3);
  MatchCounter counter(CountMode::kExact, 0);
  const FlatQuery query{.terms = {{ClauseKind::kMust, 0}}};
  SearchFlat(query.Clauses(segment, phrase_scoring_, &context), false, {0, 0, nullptr}, &context,
             &top_k, &counter);
  EXPECT_TRUE(top_k.Take().empty());
  EXPECT_EQ(counter.Total()->value, 0U);
}

// The memory that a search is charged for grows with its lists, its phrases and its segment.
TEST_F(FlatSearchTest, ChargesMoreForMore) {
  EXPECT_LT(FlatMemoryBytes(1, 0, 1000), FlatMemoryBytes(2, 0, 1000));
  EXPECT_LT(FlatMemoryBytes(2, 0, 1000), FlatMemoryBytes(2, 2, 1000));
  EXPECT_LT(FlatMemoryBytes(2, 0, 1000), FlatMemoryBytes(2, 0, 1000000));
}

}  // namespace
}  // namespace segue::exec

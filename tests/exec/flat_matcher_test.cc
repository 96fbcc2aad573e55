// SPDX-License-Identifier: Apache-2.0
//
// What of a flat query is decided before anything is scored: its parts, which documents match, how
// many do, and what their scores are at most; against going through the table of postings.
#include "engine/exec/flat_matcher.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "engine/exec/flat_bounds.h"
#include "engine/exec/flat_count.h"
#include "engine/exec/flat_list.h"
#include "engine/exec/flat_parts.h"
#include "engine/exec/flat_phrase.h"
#include "tests/exec/flat_query.h"

namespace segue::exec {
namespace {

class FlatMatcherTest : public ::testing::Test {
 protected:
  static SmallSegment Build(SeededRandom* random, bool large) {
    const SegmentShape shape{.doc_count = large ? 70001U : 5000U,
                             .longest = random->OneIn(3) ? 3U : 255U};
    return SegmentOf(random, shape, {1, 30, 300, 2500, large ? 9000U : 2000U, shape.doc_count / 2});
  }
  // One of a few.
  const SmallSegment& Any(SeededRandom* random) {
    while (segments_.size() < 4) segments_.push_back(Build(random, segments_.size() % 2 == 0));
    return segments_[random->Below(4)];
  }

  std::vector<SmallSegment> segments_;
  TermScoring phrase_scoring_;
};

TEST_F(FlatMatcherTest, MasksHoldTheMatchesOfEachChunk) {
  SeededRandom random(291);
  for (int round = 0; round < 40; ++round) {
    const SmallSegment& segment = Any(&random);
    const Bitset live = RandomLive(&random, segment.doc_count(), 4);
    const SearchedSegment searched{0, segment.doc_count(), random.OneIn(2) ? &live : nullptr};
    const FlatQuery query = RandomFlatQuery(&random, segment);
    const std::vector<DocId> want = MatchesOf(query, segment).Docs(searched.live);
    const SearchOptions options;
    SearchContext context(options);
    const std::vector<FlatClause> clauses = query.Clauses(segment, phrase_scoring_, &context);
    const FlatParts parts(clauses, query.needs_should);
    FlatMatcher matcher(parts, searched, &context);
    std::vector<DocId> found;
    uint64_t counted = 0;
    uint64_t* mask = context.scratch().TakeMask();
    ChunkGroups groups;
    for (DocId from = 0; from < segment.doc_count();) {
      const DocId candidate = matcher.NextCandidate(from);
      ASSERT_GE(candidate, from);
      const auto next = std::lower_bound(want.begin(), want.end(), from);
      ASSERT_LE(candidate, next == want.end() ? kEndOfDocs : *next) << query.Text();
      if (candidate >= segment.doc_count()) break;
      const Chunk chunk = ChunkAt(candidate / kChunkDocs, segment.doc_count());
      counted += matcher.Count(chunk);
      const bool any = matcher.Candidates(chunk, mask, &groups);
      for (uint32_t w = 0; any && w < kChunkWords; ++w) {
        ASSERT_TRUE(mask[w] == 0 || groups.Next(w / kGroupWords) == w / kGroupWords);
        for (uint64_t rest = mask[w]; rest != 0; rest &= rest - 1) {
          found.push_back(chunk.begin + w * 64 + static_cast<uint32_t>(std::countr_zero(rest)));
        }
      }
      from = chunk.end;
    }
    groups.Clear(mask);
    ASSERT_EQ(found, want) << query.Text() << " of " << segment.doc_count();
    ASSERT_EQ(counted, want.size()) << query.Text();
    ASSERT_TRUE(context.ok()) << context.status();
  }
}

// Of documents that somebody chose, those with all that is required and nothing prohibited stay.
TEST_F(FlatMatcherTest, NarrowsAGivenMask) {
  SeededRandom random(292);
  for (int round = 0; round < 40; ++round) {
    const SmallSegment& segment = Any(&random);
    const FlatQuery query = RandomFlatQuery(&random, segment);
    const Chunk chunk = ChunkAt(0, segment.doc_count());
    const SearchOptions options;
    SearchContext context(options);
    const std::vector<FlatClause> clauses = query.Clauses(segment, phrase_scoring_, &context);
    const FlatParts parts(clauses, query.needs_should);
    FlatMatcher matcher(parts, {0, segment.doc_count(), nullptr}, &context);
    uint64_t* mask = context.scratch().TakeMask();
    ChunkGroups groups;
    std::vector<DocId> want, found;
    for (const DocId doc : RandomDocs(&random, chunk.end, 3000)) {
      if (doc >= chunk.end) continue;
      mask[doc / 64] |= uint64_t{1} << (doc % 64);
      groups.Add(doc / kGroupDocs);
      bool stays = true;
      for (const auto& [kind, term] : query.terms) {
        const bool has_it = segment.Find(term, doc) != nullptr;
        if (IsRequired(kind) && !has_it) stays = false;
        if (kind == ClauseKind::kMustNot && has_it) stays = false;
      }
      if (stays) want.push_back(doc);
    }
    ASSERT_EQ(matcher.Narrow(chunk, mask, &groups), !want.empty()) << query.Text();
    for (uint32_t w = 0; w < kChunkWords; ++w) {
      for (uint64_t rest = mask[w]; rest != 0; rest &= rest - 1) {
        found.push_back(w * 64 + static_cast<uint32_t>(std::countr_zero(rest)));
      }
    }
    groups.Clear(mask);
    ASSERT_EQ(want.empty() ? want : found, want) << query.Text();
  }
}

TEST_F(FlatMatcherTest, PartsAreSortedByWhatTheyAsk) {
  SeededRandom random(293);
  const SmallSegment segment = Build(&random, true);
  const SearchOptions options;
  SearchContext context(options);
  using enum ClauseKind;
  const FlatQuery query{
      .terms = {{kFilter, 4}, {kShould, 1}, {kMustNot, 0}, {kMust, 2}, {kShould, 3}}};
  const std::vector<FlatClause> clauses = query.Clauses(segment, phrase_scoring_, &context);
  FlatParts parts(clauses, false);
  const auto list = [&](size_t clause) { return clauses[clause].list.get(); };
  const auto size = [&](size_t term) { return segment.list(term).size(); };
  EXPECT_EQ(parts.required, (std::vector<FlatList*>{list(3), list(0)})) << "rarest first";
  EXPECT_EQ(parts.shoulds, (std::vector<FlatList*>{list(1), list(4)}));
  EXPECT_EQ(parts.prohibited, (std::vector<FlatList*>{list(2)}));
  EXPECT_EQ(parts.list_count(), 5U);
  EXPECT_FALSE(parts.needs_should);
  EXPECT_EQ(parts.InRequired(), size(2));
  EXPECT_EQ(parts.InShoulds(), size(1) + size(3));
  EXPECT_EQ(parts.MatchesAtMost(), size(2));
  EXPECT_EQ(FlatParts(clauses, true).MatchesAtMost(), std::min(size(2), size(1) + size(3)));

  parts.Prohibit({list(1)});
  EXPECT_EQ(parts.shoulds, (std::vector<FlatList*>{list(4)}));
  EXPECT_EQ(parts.prohibited, (std::vector<FlatList*>{list(2), list(1)}));
}

// What is known at once is right; and of these shapes it is known.
TEST_F(FlatMatcherTest, CountsAtOnceWhatItCan) {
  SeededRandom random(294);
  using enum ClauseKind;
  const std::vector<std::vector<ClauseKind>> known = {
      {kShould},
      {kShould, kShould},
      {kShould, kShould, kShould},
      {kShould, kShould, kShould, kShould, kShould, kShould},
      {kMust},
      {kFilter},
      {kMust, kMustNot},
      {kMust, kFilter}};
  for (int round = 0; round < 160; ++round) {
    const SmallSegment& segment = Any(&random);
    FlatQuery query;
    const bool is_known = round % 2 == 0;
    if (is_known) {
      for (const ClauseKind kind : known[static_cast<size_t>(round) / 2 % known.size()]) {
        query.terms.emplace_back(kind, random.Below(segment.term_count()));
      }
    } else {
      query = RandomFlatQuery(&random, segment);
    }
    const SearchOptions options;
    SearchContext context(options);
    const std::vector<FlatClause> clauses = query.Clauses(segment, phrase_scoring_, &context);
    const FlatParts parts(clauses, query.needs_should);
    const auto count = CountAtOnce(parts, {0, segment.doc_count(), nullptr}, &context);
    // Of few documents it leaves the union to others.
    const uint64_t few = 64 * (segment.doc_count() / kChunkDocs + 1);
    const bool are_few = parts.shoulds.size() > 2 && parts.InShoulds() < few;
    ASSERT_TRUE(count.has_value() || !is_known || are_few) << query.Text();
    const size_t want = MatchesOf(query, segment).Docs(nullptr).size();
    ASSERT_EQ(count.value_or(want), want) << query.Text();
    // Where documents are deleted, one list or several are known still, but not two.
    const Bitset live = RandomLive(&random, segment.doc_count(), 4);
    const auto live_count = CountAtOnce(parts, {0, segment.doc_count(), &live}, &context);
    const bool is_one = is_known && parts.required.size() == 1 && parts.list_count() == 1;
    ASSERT_TRUE(live_count.has_value() || !is_one) << query.Text();
    const size_t want_live = MatchesOf(query, segment).Docs(&live).size();
    ASSERT_EQ(live_count.value_or(want_live), want_live) << query.Text();
  }
}

// --- Bounds of words -----------------------------------------------------------------------------

class FlatBoundsTest : public FlatMatcherTest {
 protected:
  // The bounds of every match, clause by clause and together, for thresholds from `least` on.
  static void ExpectBounds(const FlatBounds& bounds, const FlatQuery& query,
                           const SmallSegment& segment, float least, SeededRandom* random) {
    const FlatMatches matches = MatchesOf(query, segment);
    const std::vector<DocId> docs = matches.Docs(nullptr);
    for (size_t i = 0; i < docs.size(); i += 1 + random->Below(5)) {
      const DocId doc = docs[i];
      const uint32_t word = doc / kWordDocs;
      size_t scored = 0;
      uint32_t bytes = 0;
      for (const auto& [kind, term] : query.terms) {
        if (!IsScored(kind)) continue;
        const uint32_t part = bounds.part(scored)[word];
        const double greatest = bounds.greatest(scored++);
        if (segment.Find(term, doc) == nullptr) continue;
        const auto score = static_cast<double>(segment.Score(term, doc));
        ASSERT_GT(part, 0U) << "document " << doc;
        ASSERT_LE(score, greatest) << "document " << doc;
        ASSERT_TRUE(part == 255 || score <= part * bounds.unit()) << "document " << doc;
        bytes += part;
      }
      ASSERT_GT(bounds.sums()[word], 0) << "document " << doc;
      // Of any threshold that it is above.
      const float score = matches.score[doc];
      for (const float threshold : {least, std::nextafter(score, 0.0F), score / 2}) {
        if (threshold < least || score <= threshold) continue;
        ASSERT_GE(bounds.sums()[word], bounds.LeastSum(threshold)) << doc << " above " << threshold;
        ASSERT_GE(std::min(bytes, 255U), bounds.LeastByte(threshold))
            << doc << " above " << threshold;
      }
    }
  }
};

TEST_F(FlatBoundsTest, NoMatchIsAboveItsBounds) {
  SeededRandom random(295);
  for (int round = 0; round < 40; ++round) {
    const SmallSegment& segment = Any(&random);
    if (round == 20) segments_[0].ScoreWith({.parameters = {.k1 = 2}, .average_length = 30});
    const FlatQuery query = RandomFlatQuery(&random, segment);
    const SearchOptions options;
    SearchContext context(options);
    const std::vector<FlatClause> clauses = query.Clauses(segment, phrase_scoring_, &context);
    constexpr float kThresholds[] = {kNoThreshold, 1e-6F, 0.1F, 2};
    float threshold = kThresholds[round % 4];
    FlatBounds bounds(clauses, query.needs_should, segment.doc_count(), threshold,
                      &context.scratch());
    SCOPED_TRACE(testing::Message() << query.Text() << " from " << threshold);
    EXPECT_EQ(bounds.words(), (segment.doc_count() + 63) / 64);
    ExpectBounds(bounds, query, segment, threshold, &random);
    threshold = std::max(threshold, 0.05F) * 1.5F;
    bounds.Refine(threshold);
    ExpectBounds(bounds, query, segment, threshold, &random);
    if (HasFatalFailure()) return;
  }
}

// Where a required list has no document, no word may have a match.
TEST_F(FlatBoundsTest, WordsWithoutARequiredListAreZero) {
  SeededRandom random(296);
  using enum ClauseKind;
  for (const ClauseKind kind : {kMust, kFilter}) {
    const SmallSegment segment = Build(&random, true);
    const FlatQuery query{.terms = {{kind, 1}, {kShould, 5}}};
    const SearchOptions options;
    SearchContext context(options);
    const std::vector<FlatClause> clauses = query.Clauses(segment, phrase_scoring_, &context);
    const FlatBounds bounds(clauses, false, segment.doc_count(), kNoThreshold, &context.scratch());
    EXPECT_EQ(bounds.zero_may_match(), kind == kFilter);
    std::vector<bool> has_it(bounds.words());
    for (const TestPosting& posting : segment.list(1)) has_it[posting.doc / kWordDocs] = true;
    for (uint32_t w = 0; w < bounds.words(); ++w) {
      ASSERT_EQ(bounds.sums()[w] > 0, has_it[w]) << "word " << w;
    }
  }
}

TEST_F(FlatBoundsTest, TheBestWordsAreSoMany) {
  SeededRandom random(297);
  const SmallSegment segment = Build(&random, true);
  const FlatQuery query{.terms = {{ClauseKind::kShould, 4}, {ClauseKind::kShould, 3}}};
  const SearchOptions options;
  SearchContext context(options);
  const std::vector<FlatClause> clauses = query.Clauses(segment, phrase_scoring_, &context);
  const FlatBounds bounds(clauses, true, segment.doc_count(), kNoThreshold, &context.scratch());
  const auto reaching = [&](uint16_t sum) {
    return static_cast<uint32_t>(std::count_if(bounds.sums(), bounds.sums() + bounds.words(),
                                               [&](uint16_t of_word) { return of_word >= sum; }));
  };
  for (const uint32_t wanted : {1U, 7U, 40U, 100000U}) {
    for (const uint16_t least : {uint16_t{1}, uint16_t{30000}, uint16_t{65535}}) {
      const uint16_t sum = bounds.SumOfBest(wanted, least);
      ASSERT_GE(sum, least);
      const bool enough = reaching(least) >= wanted;
      ASSERT_TRUE(enough ? reaching(sum) >= wanted : sum == least) << wanted << " from " << least;
    }
  }
}

// A floor before anything is scored: so many documents of the list do reach it.
TEST_F(FlatBoundsTest, WhatAMapSaysIsReachedIsReached) {
  SeededRandom random(298);
  int known = 0;
  for (int round = 0; round < 9; ++round) {
    SmallSegment segment = Build(&random, round % 2 == 0);
    if (round % 3 == 2) segment.ScoreWith({.parameters = {}, .average_length = 60});
    for (size_t term = 3; term < segment.term_count(); ++term) {
      const TermSource source = segment.Source(term);
      const Bm25Scorer similarity(segment.weight(term), segment.query_norms());
      std::vector<float> scores;
      for (const TestPosting& posting : segment.list(term)) {
        scores.push_back(segment.Score(term, posting.doc));
      }
      std::sort(scores.rbegin(), scores.rend());
      for (const uint32_t k : {0U, 1U, 10U, 50U, 100000U}) {
        for (const float above : {kNoThreshold, 0.0F, scores[scores.size() / 2]}) {
          const float reached = FlatBounds::ReachedBy(source, similarity, k, above);
          ASSERT_GE(reached, above);
          if (reached == above) continue;
          ++known;
          ASSERT_LE(k, scores.size());
          ASSERT_GE(scores[k - 1], reached) << "list " << term << ", k " << k;
        }
      }
    }
  }
  EXPECT_GT(known, 20);
}

}  // namespace
}  // namespace segue::exec

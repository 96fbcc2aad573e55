// SPDX-License-Identifier: Apache-2.0
//
// Queries of optional clauses of which all postings are scored: the union with its sums, what its
// documents must satisfy besides, and rare clauses first; against the table of postings.
#include "engine/exec/union_search.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "engine/exec/flat_list.h"
#include "engine/exec/flat_parts.h"
#include "engine/exec/flat_phrase.h"
#include "engine/exec/rare_first.h"
#include "engine/exec/row_filter.h"
#include "engine/exec/scored_union.h"
#include "engine/exec/union_filter.h"
#include "tests/exec/flat_query.h"

namespace segue::exec {
namespace {

using enum ClauseKind;

constexpr uint32_t kDocs = 140000;  // more than two chunks

// An open query: its clauses, their parts and what they are searched in.
struct Opened {
  Opened(const FlatQuery& query, const SmallSegment& segment, const Bitset* live)
      : searched{500, segment.doc_count(), live},
        clauses(query.Clauses(segment, phrase_scoring, &context)),
        parts(clauses, query.needs_should) {}

  const SearchOptions options;
  SearchContext context{options};
  const TermScoring phrase_scoring;
  const SearchedSegment searched;
  std::vector<FlatClause> clauses;
  FlatParts parts;
};

class UnionTest : public ::testing::Test {
 protected:
  // Short lists first; then 8000, 30000 and 90000 documents, of which the last two are bitmaps.
  const SmallSegment& Segment() {
    if (segment_ == nullptr) {
      SeededRandom random(301);
      segment_ = std::make_unique<SmallSegment>(SegmentOf(
          &random, {.doc_count = kDocs}, {1, 20, 100, 128, 400, 1500, 8000, 30000, 90000}));
      live_ = RandomLive(&random, kDocs, 4);
    }
    return *segment_;
  }
  const Bitset* Live(SeededRandom* random) { return random->OneIn(2) ? &live_ : nullptr; }

  // Optional clauses of short lists, and maybe others that filter or prohibit.
  FlatQuery RandomUnion(SeededRandom* random) {
    FlatQuery query{.terms = {}, .needs_should = true};
    for (uint64_t i = random->Between(1, 8); i > 0; --i) {
      query.terms.emplace_back(kShould, random->Below(6));
    }
    if (random->OneIn(3)) query.terms.emplace_back(kFilter, 5 + random->Below(4));
    if (random->OneIn(3)) query.terms.emplace_back(kMustNot, random->Below(9));
    return query;
  }

  std::unique_ptr<SmallSegment> segment_;
  Bitset live_;
};

// Each document of a list that is in all bitmaps comes once, with the sum of its scores.
TEST_F(UnionTest, ScoresEachDocumentOnce) {
  SeededRandom random(302);
  Segment();
  for (int round = 0; round < 60; ++round) {
    const FlatQuery query = RandomUnion(&random);
    Opened opened(query, Segment(), Live(&random));
    const UnionFilter filter(opened.parts.required, opened.parts.prohibited, opened.searched);
    std::map<DocId, double> want;
    size_t rows = 0;
    for (const auto& [kind, term] : query.terms) {
      if (kind != kShould) continue;
      for (const TestPosting& posting : Segment().list(term)) {
        const auto passes = [&](const uint64_t* bitmap) {
          return (bitmap[posting.doc / 64] >> (posting.doc % 64) & 1) != 0;
        };
        if (!std::all_of(filter.bitmaps().begin(), filter.bitmaps().end(), passes)) continue;
        ++rows;
        want[posting.doc] += double{Segment().Score(term, posting.doc)};
      }
    }
    ScoredUnion all(opened.parts.shoulds, filter, &opened.context);
    ASSERT_TRUE(all.Load());
    ASSERT_EQ(all.rows(), rows);
    std::map<DocId, double> found;
    const size_t most = random.Between(1, 200);
    const auto take = [&](const DocId* docs, const double* sums, size_t count) {
      ASSERT_LE(count, most);
      for (size_t i = 0; i < count; ++i) {
        ASSERT_TRUE(i == 0 || docs[i] > docs[i - 1]) << "documents of a part ascend";
        if (sums[i] == ScoredUnion::kMoved) continue;
        ASSERT_TRUE(found.emplace(docs[i], sums[i]).second) << "document " << docs[i] << " again";
      }
    };
    while (all.Next()) all.ForEachAtHand(most, take);
    ASSERT_EQ(found, want) << query.Text();
    found.clear();
    all.ForEach(most, take);
    ASSERT_EQ(found, want) << query.Text();
    ASSERT_TRUE(opened.context.ok()) << opened.context.status();
  }
}

TEST_F(UnionTest, FindsAndCountsWhatTheTableSays) {
  SeededRandom random(303);
  Segment();
  int suited = 0;
  for (int round = 0; round < 120; ++round) {
    const FlatQuery query = RandomUnion(&random);
    Opened opened(query, Segment(), Live(&random));
    const bool counts = random.OneIn(2);
    constexpr uint32_t kSizes[] = {1, 10, 100, 900};
    const uint32_t k = kSizes[random.Below(4)];
    if (!UnionSearch::Suits(opened.clauses, opened.parts, opened.searched, k, counts)) continue;
    ++suited;
    TopK top_k(k);
    MatchCounter counter(counts ? CountMode::kExact : CountMode::kNone, 0);
    UnionSearch(opened.parts, opened.searched, &opened.context).Run(&top_k, &counter);
    ASSERT_TRUE(opened.context.ok()) << opened.context.status();
    const FlatMatches matches = MatchesOf(query, Segment());
    ASSERT_EQ(top_k.Take(), matches.Best(opened.searched, k)) << query.Text() << ", k " << k;
    const size_t count = matches.Docs(opened.searched.live).size();
    ASSERT_EQ(counter.Total().value_or(TotalHits{count}).value, count) << query.Text();
  }
  EXPECT_GT(suited, 10);
}

// Whether a query of these clauses may be searched as a union.
TEST_F(UnionTest, SuitsOnlyFewPostingsOfOptionalClauses) {
  const auto suits = [&](const FlatQuery& query, uint32_t k, bool counts) {
    Opened opened(query, Segment(), nullptr);
    return UnionSearch::Suits(opened.clauses, opened.parts, opened.searched, k, counts);
  };
  const FlatQuery two{.terms = {{kShould, 1}, {kShould, 2}}};
  EXPECT_TRUE(suits(two, 10, false));
  EXPECT_TRUE(suits(two, 10, true));
  EXPECT_FALSE(suits(two, 0, true)) << "counts only";
  EXPECT_FALSE(suits({.terms = {{kShould, 1}}}, 10, false)) << "one list";
  EXPECT_FALSE(suits({.terms = {{kShould, 1}, {kShould, 8}}}, 10, false)) << "many postings";
  EXPECT_FALSE(suits({.terms = {{kShould, 1}, {kShould, 2}, {kMust, 5}}}, 10, false))
      << "a required clause is scored";
  const FlatQuery filtered{.terms = {{kShould, 1}, {kShould, 2}, {kFilter, 8}},
                           .needs_should = true};
  EXPECT_TRUE(suits(filtered, 10, true)) << "a bitmap filters";
  const FlatQuery sparse{.terms = {{kShould, 1}, {kShould, 2}, {kMustNot, 4}}};
  EXPECT_TRUE(suits(sparse, 10, false));
  EXPECT_FALSE(suits(sparse, 10, true)) << "only bitmaps are asked before a document counts";
  FlatQuery many{.terms = {}};
  for (size_t i = 0; i <= ScoredUnion::kMostLists; ++i) many.terms.emplace_back(kShould, 0);
  EXPECT_FALSE(suits(many, 10, false)) << "more lists than a union takes";
}

TEST_F(UnionTest, FiltersAskBitmapsFirst) {
  Segment();
  const FlatQuery query{.terms = {{kFilter, 8}, {kFilter, 4}, {kMustNot, 7}, {kShould, 0}}};
  Opened opened(query, Segment(), &live_);
  const UnionFilter filter(opened.parts.required, opened.parts.prohibited, opened.searched);
  EXPECT_EQ(filter.bitmaps().size(), 2U) << "the frequent list, and the live documents";
  EXPECT_EQ(filter.required(), (std::vector<FlatList*>{opened.clauses[1].list.get()}));
  EXPECT_EQ(filter.prohibited(), (std::vector<FlatList*>{opened.clauses[2].list.get()}));
  EXPECT_FALSE(filter.only_bitmaps());
  const uint64_t passing = uint64_t{kDocs} * opened.clauses[0].list->doc_freq() / kDocs;
  EXPECT_NEAR(static_cast<double>(filter.Passing(kDocs)), static_cast<double>(passing), 1);
  EXPECT_LT(filter.Cost(60000), 60000U) << "asking costs less than scoring";
  const UnionFilter none({}, {}, {0, kDocs, nullptr});
  EXPECT_TRUE(none.only_bitmaps());
  EXPECT_EQ(none.Cost(777), 777U);
  EXPECT_EQ(none.Passing(777), 777U);
}

// --- What is asked of few documents --------------------------------------------------------------

TEST_F(UnionTest, RowsThatPassKeepTheirScores) {
  SeededRandom random(304);
  Segment();
  for (int round = 0; round < 60; ++round) {
    FlatQuery query{.terms = {{kShould, 0}}};
    for (uint64_t i = random.Below(3); i > 0; --i) {
      query.terms.emplace_back(random.OneIn(2) ? kFilter : kMustNot, 3 + random.Below(6));
    }
    Opened opened(query, Segment(), Live(&random));
    const Bitset* live = opened.searched.live;
    std::vector<DocId> docs = RandomDocs(&random, kDocs, 700);
    if (docs.size() > RowFilter::kRows) docs.resize(RowFilter::kRows);
    std::vector<float> scores;
    std::vector<Hit> passing;
    for (const DocId doc : docs) {
      scores.push_back(static_cast<float>(random.Below(9)));
      bool passes = live == nullptr || live->Test(doc);
      for (const auto& [kind, term] : query.terms) {
        const bool has_it = Segment().Find(term, doc) != nullptr;
        if ((kind == kFilter && !has_it) || (kind == kMustNot && has_it)) passes = false;
      }
      if (passes) passing.push_back({500 + uint64_t{doc}, scores.back()});
    }
    RowFilter filter(live, opened.parts.required, opened.parts.prohibited);
    ASSERT_EQ(filter.passes_all(), live == nullptr && query.terms.size() == 1);

    std::vector<DocId> kept = docs;
    std::vector<double> sums(scores.begin(), scores.end());
    const size_t count = filter.Keep(kept.data(), sums.data(), kept.size());
    ASSERT_EQ(count, passing.size());
    for (size_t i = 0; i < count; ++i) {
      ASSERT_EQ(500 + kept[i], passing[i].doc);
      ASSERT_EQ(sums[i], double{passing[i].score});
    }
    // Those above a threshold, the best k of them.
    const float threshold = random.OneIn(3) ? -1 : 4;
    const auto k = static_cast<uint32_t>(random.Between(1, 60));
    std::erase_if(passing, [&](const Hit& hit) { return hit.score <= threshold; });
    std::stable_sort(passing.begin(), passing.end(),
                     [](const Hit& a, const Hit& b) { return a.score > b.score; });
    if (passing.size() > k) passing.resize(k);
    TopK top_k(k);
    filter.Offer(docs.data(), scores.data(), docs.size(), threshold, 500,
                 &opened.context.scratch().columns(), &top_k);
    ASSERT_EQ(top_k.Take(), passing) << query.Text() << ", k " << k;
  }
}

// --- Rare clauses first --------------------------------------------------------------------------

// Whatever it decides, its hits and those of the clauses that are left make the whole; and where it
// says that no others may enter, none does.
TEST_F(UnionTest, RareClausesFirstAndTheRestAreTheWhole) {
  SeededRandom random(305);
  Segment();
  int divided = 0;
  for (int round = 0; round < 30; ++round) {
    FlatQuery query;
    for (uint64_t i = random.Between(1, 3); i > 0; --i) {
      query.terms.emplace_back(kShould, random.Between(1, 5));
      query.terms.emplace_back(kShould, random.Between(5, 8));
    }
    if (random.OneIn(4)) query.terms.emplace_back(kMustNot, random.Below(9));
    if (random.OneIn(6)) query.terms.emplace_back(kMust, 7 + random.Below(2));
    Opened opened(query, Segment(), Live(&random));
    constexpr uint32_t kSizes[] = {1, 5, 10, 40};
    const uint32_t k = kSizes[random.Below(4)];
    TopK top_k(k);
    const bool others =
        SearchRareFirst(opened.searched, &opened.context, &top_k, &opened.clauses, &opened.parts);
    ASSERT_TRUE(opened.context.ok()) << opened.context.status();
    // What is left, with the rare clauses prohibited.
    FlatQuery rest = query;
    for (size_t i = 0; i < rest.terms.size(); ++i) {
      divided += rest.terms[i].first != opened.clauses[i].kind ? 1 : 0;
      rest.terms[i].first = opened.clauses[i].kind;
    }
    std::vector<Hit> hits = top_k.Take();
    if (others) {
      for (const Hit& hit : MatchesOf(rest, Segment()).Best(opened.searched, k)) {
        hits.push_back(hit);
      }
    }
    std::sort(hits.begin(), hits.end(), [](const Hit& a, const Hit& b) {
      return a.score != b.score ? a.score > b.score : a.doc < b.doc;
    });
    if (hits.size() > k) hits.resize(k);
    ASSERT_EQ(hits, MatchesOf(query, Segment()).Best(opened.searched, k))
        << query.Text() << ", k " << k << ", others may enter: " << others;
  }
  EXPECT_GT(divided, 0);
}

TEST_F(UnionTest, RareClausesThatOutweighAllOthersAreAllThereIs) {
  SeededRandom random(306);
  SmallSegment segment = SegmentOf(&random, {.doc_count = 20000, .longest = 40}, {300, 9000});
  segment.SetBoost(0, 50);
  segment.SetBoost(1, 0.01F);
  const FlatQuery query{.terms = {{kShould, 1}, {kShould, 0}}};
  Opened opened(query, segment, nullptr);
  TopK top_k(10);
  EXPECT_FALSE(
      SearchRareFirst(opened.searched, &opened.context, &top_k, &opened.clauses, &opened.parts));
  EXPECT_EQ(opened.clauses[0].kind, kShould);
  EXPECT_EQ(opened.clauses[1].kind, kMustNot);
  EXPECT_EQ(top_k.Take(), MatchesOf(query, segment).Best(opened.searched, 10));
}

}  // namespace
}  // namespace segue::exec

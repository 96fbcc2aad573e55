// SPDX-License-Identifier: Apache-2.0
//
// Fields of every similarity against the oracle: the same documents, score bits and order from
// every plan, in several segments, with deletions, by statistics from outside and as an option of
// the search.
#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/base/check.h"
#include "engine/base/strings.h"
#include "gtest/gtest.h"
#include "segue/status.h"
#include "tests/oracle/world.h"

namespace segue {
namespace {

// Checked and sanitized builds take ten to a hundred times as long for a query.
constexpr int kFewer = SEGUE_CHECKS_ON ? 8 : 1;

struct Case {
  const char* name;
  OracleSimilarity of;
};

const Case kCases[] = {
    {"Boolean", {.similarity = Similarity::kBoolean}},
    {"Bm25Plus", {.similarity = Similarity::kBm25Plus}},
    {"Bm25PlusOfLittle", {.similarity = Similarity::kBm25Plus, .k1 = 0.5f, .b = 1, .delta = 0.25f}},
    {"TfIdf", {.similarity = Similarity::kTfIdf}},
    {"LmDirichlet", {.similarity = Similarity::kLmDirichlet}},
    {"LmDirichletOfLittle", {.similarity = Similarity::kLmDirichlet, .mu = 5}},
    {"Dph", {.similarity = Similarity::kDph}},
};

class SimilaritiesTest : public ::testing::TestWithParam<Case> {
 protected:
  // Both fields, or one beside one that is scored by BM25.
  static Schema Both() { return WorldSchema(GetParam().of, GetParam().of); }
  static Schema One() { return WorldSchema(GetParam().of, {}); }

  static void CheckQueries(const World& world, SeededRandom& random, int queries) {
    for (int i = 0; i < (queries + kFewer - 1) / kFewer; ++i) {
      ASSERT_EQ(world.CompareAll(RandomQuery(random, i % 3, /*across_fields=*/false)), "");
    }
  }

  static std::vector<size_t> Some(SeededRandom& random, size_t count) {
    std::vector<size_t> chosen;
    for (size_t i = 0; i < count; ++i) {
      if (random.OneIn(5)) chosen.push_back(i);
    }
    return chosen;
  }
};

TEST_P(SimilaritiesTest, RandomTreesInSeveralSegments) {
  SeededRandom random(301);
  World world(MotleyDocuments(random, 1500), 3, Both());
  CheckQueries(world, random, 40);
  world.Delete(Some(random, 1500));
  CheckQueries(world, random, 40);
  world.Merge();
  CheckQueries(world, random, 20);
}

TEST_P(SimilaritiesTest, BesideAFieldOfBm25) {
  SeededRandom random(302);
  const World world(RandomDocuments(random, 1000), 2, One());
  CheckQueries(world, random, 40);
}

// Several windows, and frontiers of superblocks.
TEST_P(SimilaritiesTest, LargeWorld) {
  SeededRandom random(303);
  const World world(RandomDocuments(random, 13000), 1, Both());
  for (int i = 0; i < 12; i += 3) {
    ASSERT_EQ(world.CompareAll(Query::Term("a", Cat("w", i))), "");
  }
  CheckQueries(world, random, 5);
}

// What leaves documents out does so: a search for the best one looks at fewer than all.
TEST_P(SimilaritiesTest, TheBestOneDoesNotTakeAll) {
  if (SEGUE_CHECKS_ON) GTEST_SKIP() << "checks score what bounds leave out, too";
  SeededRandom random(304);
  std::vector<OracleDocument> documents = RandomDocuments(random, 20000);
  for (size_t i = 0; i < 40; ++i) documents[i].words["a"] = {"w8", "w8", "w7"};
  const World world(std::move(documents), 1, Both());
  const Query query = Query::Or({Query::Term("a", "w8"), Query::Term("a", "w7")});
  ASSERT_EQ(world.CompareAll(query), "");
  const auto all = world.snapshot().Search(query, {.k = 1, .exhaustive = true});
  const auto best = world.snapshot().Search(query, {.k = 1, .count = CountMode::kNone});
  ASSERT_TRUE(all.ok() && best.ok());
  EXPECT_LT(best->counters.documents_scored, all->counters.documents_scored);
}

TEST_P(SimilaritiesTest, Patterns) {
  SeededRandom random(305);
  World world(MotleyDocuments(random, 2000), 2, Both());
  for (int i = 0; i < 16 / kFewer; ++i) {
    if (i == 8 / kFewer) world.Delete(Some(random, 2000));
    ASSERT_EQ(world.CompareAll(RandomPattern(random)), "");
    ASSERT_EQ(world.CompareAll(Query::Or({RandomPattern(random), Query::Term("a", "w3")})), "");
  }
}

TEST_P(SimilaritiesTest, PhrasesAndWordsNearEachOther) {
  SeededRandom random(306);
  const World world(RandomDocuments(random, 1200), 2, Both());
  for (int i = 0; i < 16 / kFewer; ++i) {
    const Query near = random.OneIn(3) ? RandomRelated(random) : RandomNear(random);
    ASSERT_EQ(world.CompareAll(near), "");
    ASSERT_EQ(world.CompareAll(Query::Or({near, Query::Term("a", "w6")})), "");
    const std::string first = Cat("w", random.Below(4)), second = Cat("w", random.Below(6));
    ASSERT_EQ(world.CompareAll(Query::Phrase("a", {first, second})), "");
    ASSERT_EQ(world.CompareAll(Query::And({Query::Phrase("b", {first, second}),
                                           Query::Boost(Query::Term("a", second), 2.5f)})),
              "");
  }
}

TEST_P(SimilaritiesTest, Synonyms) {
  SeededRandom random(307);
  const World world(RandomDocuments(random, 2000), 2, Both());
  for (int i = 0; i < 16 / kFewer; ++i) {
    ASSERT_EQ(world.CompareAll(RandomSynonyms(random)), "");
    ASSERT_EQ(world.CompareAll(Query::Or({RandomSynonyms(random), Query::Term("b", "w2")})), "");
  }
}

// The last document has each word as often as any document does, and so both together more often.
TEST_P(SimilaritiesTest, SynonymsInOneDocument) {
  std::vector<OracleDocument> documents(9000);
  for (size_t i = 0; i < documents.size(); ++i) {
    std::vector<std::string>& words = documents[i].words["a"];
    words.assign(20, "other");
    const bool is_last = i + 1 == documents.size();
    if (is_last || i % 2 == 0) std::fill_n(words.begin(), 3, "colour");
    if (is_last || i % 2 == 1) std::fill_n(words.begin() + 3, 3, "color");
  }
  const World world(std::move(documents), 1, Both());
  const Query query = Query::CombinedTerms({{"a", "colour", 1}, {"a", "color", 1}});
  ASSERT_EQ(world.CompareAll(query), "");
  const auto best = world.snapshot().Search(query, {.k = 1});
  ASSERT_TRUE(best.ok());
  EXPECT_EQ(best->hits[0].doc, GetParam().of.similarity == Similarity::kBoolean ? 0u : 8999u);
}

// The option of a search does what the schema would.
TEST_P(SimilaritiesTest, AsAnOptionOfTheSearch) {
  SeededRandom random(308);
  const std::vector<OracleDocument> documents = RandomDocuments(random, 2000);
  const World by_schema(documents, 2, Both());
  const World by_option(documents, 2);
  const OracleSimilarity& of = GetParam().of;
  for (int i = 0; i < 40 / kFewer; ++i) {
    const Query query = RandomQuery(random, i % 3, /*across_fields=*/false);
    for (const uint32_t k : {0u, 1u, 10u, 1000u}) {
      SearchOptions options{.k = k, .similarity = of.similarity, .k1 = of.k1, .b = of.b};
      options.delta = of.delta;
      options.mu = of.mu;
      const auto wanted = by_schema.snapshot().Search(query, {.k = k});
      const auto found = by_option.snapshot().Search(query, options);
      ASSERT_TRUE(wanted.ok() && found.ok()) << found.status();
      ASSERT_EQ(found->hits, wanted->hits) << query.ToJson();
      ASSERT_EQ(found->total->value, wanted->total->value);
    }
  }
}

// Shards that are given the statistics of all score as one index does (decision D2).
TEST_P(SimilaritiesTest, StatisticsFromOutside) {
  SeededRandom random(309);
  std::vector<OracleDocument> documents = MotleyDocuments(random, 1800);
  for (size_t i = 0; i < documents.size(); ++i) documents[i].key = Cat("key", i);
  const World whole(documents, 1, Both());
  const World shards[] = {{{documents.begin(), documents.begin() + 700}, 2, Both()},
                          {{documents.begin() + 700, documents.end()}, 1, Both()}};
  const uint64_t bases[] = {0, 700};
  for (int i = 0; i < 40 / kFewer; ++i) {
    const Query query = RandomQuery(random, i % 3, /*across_fields=*/false);
    Statistics merged;
    for (const World& shard : shards) {
      const auto part = shard.snapshot().CollectStatistics(query);
      ASSERT_TRUE(part.ok()) << part.status();
      const auto travelled = Statistics::Parse(part->Serialize());
      ASSERT_TRUE(travelled.ok()) << travelled.status();
      merged.Merge(*travelled);
    }
    std::vector<SearchResult> results;
    for (const World& shard : shards) {
      auto result = shard.snapshot().Search(query, {.k = 100, .statistics = &merged});
      ASSERT_TRUE(result.ok()) << result.status();
      results.push_back(*std::move(result));
    }
    const auto wanted = whole.snapshot().Search(query, {.k = 100});
    ASSERT_TRUE(wanted.ok()) << wanted.status();
    ASSERT_EQ(MergeTopK(results, bases, 100), wanted->hits) << query.ToJson();
  }
}

TEST_P(SimilaritiesTest, FieldsAsOneAreRefused) {
  SeededRandom random(310);
  const World world(RandomDocuments(random, 300), 1, One());
  int refused = 0;
  for (int i = 0; i < 60; ++i) {
    const Query query = RandomQuery(random, i % 3);
    const auto found = world.snapshot().Search(query, {.k = 10});
    ASSERT_EQ(found.ok(), !world.IsRefused(query)) << query.ToJson();
    if (found.ok()) continue;
    ++refused;
    EXPECT_EQ(CodeOf(found.status()), ErrorCode::kInvalidArgument);
    EXPECT_NE(found.status().message().find("the similarity of \"a\" is not bm25"),
              std::string::npos)
        << found.status();
  }
  EXPECT_GT(refused, 0);
}

INSTANTIATE_TEST_SUITE_P(All, SimilaritiesTest, ::testing::ValuesIn(kCases),
                         [](const auto& info) { return std::string(info.param.name); });

// BM25+ without its delta.
TEST(SimilarityTest, Bm25PlusOfNothingIsBm25) {
  SeededRandom random(311);
  const World world(RandomDocuments(random, 2000), 2);
  for (int i = 0; i < 40 / kFewer; ++i) {
    const Query query = RandomQuery(random, i % 3, /*across_fields=*/false);
    const auto wanted = world.snapshot().Search(query, {.k = 100});
    SearchOptions options{.k = 100, .similarity = Similarity::kBm25Plus};
    options.delta = 0.0f;
    const auto found = world.snapshot().Search(query, options);
    ASSERT_TRUE(wanted.ok() && found.ok());
    ASSERT_EQ(found->hits, wanted->hits) << query.ToJson();
  }
}

}  // namespace
}  // namespace segue

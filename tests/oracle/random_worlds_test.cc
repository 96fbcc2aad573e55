// SPDX-License-Identifier: Apache-2.0
//
// Random documents, random queries: every plan against the oracle, with one and several segments,
// with deletions, before and after a merge. Run with each kernel table (SEGUE_KERNELS).
#include <cstdint>
#include <vector>

#include "engine/base/check.h"
#include "gtest/gtest.h"
#include "tests/oracle/world.h"

namespace segue {
namespace {

constexpr int kDepth = 3;
// Checked and sanitized builds take ten to a hundred times as long for a query.
constexpr int kShare = SEGUE_CHECKS_ON ? 8 : 1;

void CheckQueries(const World& world, SeededRandom& random, int queries) {
  for (int i = 0; i < (queries + kShare - 1) / kShare; ++i) {
    const std::string wrong = world.CompareAll(RandomQuery(random, 1 + i % kDepth));
    ASSERT_EQ(wrong, "");
  }
}

std::vector<size_t> EveryFewth(SeededRandom& random, size_t count) {
  std::vector<size_t> chosen;
  for (size_t i = 0; i < count; ++i) {
    if (random.OneIn(5)) chosen.push_back(i);
  }
  return chosen;
}

void CheckWorld(uint64_t stream, size_t documents, uint32_t segments, int queries,
                std::vector<OracleDocument> (*make)(SeededRandom&, size_t) = RandomDocuments) {
  SeededRandom random(stream);
  World world(make(random, documents), segments);
  const size_t in_run = (documents + segments - 1) / segments;
  ASSERT_EQ(world.snapshot().segments().size(), (documents + in_run - 1) / in_run);
  CheckQueries(world, random, queries);
  world.Delete(EveryFewth(random, documents));
  CheckQueries(world, random, queries);
  int deletions = 0;
  for (int i = 0; i < 60 && deletions < 3; ++i) {
    if (world.DeleteMatching(RandomQuery(random, 1 + i % kDepth))) ++deletions;
  }
  ASSERT_TRUE(deletions > 0 || documents < 100);
  CheckQueries(world, random, (queries + 3) / 4);
  constexpr DocumentOrder kOrders[] = {DocumentOrder::kAsAdded, DocumentOrder::kQuick,
                                       DocumentOrder::kAscending, DocumentOrder::kDescending};
  world.Merge(kOrders[random.Between(0, 3)]);
  CheckQueries(world, random, queries);
}

TEST(RandomWorldsTest, TinyWorlds) {
  for (uint64_t i = 0; i < 40 / kShare; ++i) {
    SeededRandom random(i);
    const size_t documents = random.Between(1, 12);
    CheckWorld(i, documents, static_cast<uint32_t>(random.Between(1, 3)), 12);
  }
}

TEST(RandomWorldsTest, OneSegmentOfSomeBlocks) { CheckWorld(101, 700, 1, 60); }

TEST(RandomWorldsTest, TwoSegments) { CheckWorld(102, 1500, 2, 40); }

TEST(RandomWorldsTest, SevenSegments) { CheckWorld(103, 2100, 7, 40); }

TEST(RandomWorldsTest, ManyWords) { CheckWorld(106, 3000, 3, 60, MotleyDocuments); }

// Patterns as the whole query and beside a word, also such that stand for more terms than are
// scored.
TEST(RandomWorldsTest, Patterns) {
  SeededRandom random(107);
  World world(MotleyDocuments(random, 5000), 3);
  for (int i = 0; i < 120 / kShare; ++i) {
    if (i == 60 / kShare) world.Delete(EveryFewth(random, 5000));
    ASSERT_EQ(world.CompareAll(RandomPattern(random)), "");
    ASSERT_EQ(world.CompareAll(Query::Or({RandomPattern(random), Query::Term("a", "w3")})), "");
  }
}

// Words near each other as the whole query and beside another word.
TEST(RandomWorldsTest, Near) {
  SeededRandom random(109);
  World world(MotleyDocuments(random, 2500), 3);
  for (int i = 0; i < 64 / kShare; ++i) {
    if (i == 32 / kShare) world.Delete(EveryFewth(random, 2500));
    ASSERT_EQ(world.CompareAll(RandomNear(random)), "");
    ASSERT_EQ(world.CompareAll(Query::Or({RandomNear(random), Query::Term("a", "w6")})), "");
  }
}

TEST(RandomWorldsTest, NearRelated) {
  SeededRandom random(114);
  World world(MotleyDocuments(random, 1200), 3);
  int matching = 0;
  // Few of them match: a short run (checked builds) draws on until one did.
  for (int i = 0; i < 40 / kShare || (matching == 0 && i < 400); ++i) {
    if (i == 20 / kShare) world.Delete(EveryFewth(random, 1200));
    const Query query = RandomRelated(random);
    ASSERT_EQ(world.CompareAll(query), "");
    ASSERT_EQ(world.CompareAll(Query::Or({query, Query::Term("a", "w6")})), "");
    matching += world.snapshot().Search(query)->hits.empty() ? 0 : 1;
  }
  EXPECT_GT(matching, 0);
}

// Words of several fields as one: as the whole query, several of them, and beside a word.
TEST(RandomWorldsTest, Combined) {
  SeededRandom random(111);
  World world(MotleyDocuments(random, 5000), 2);
  for (int i = 0; i < 40 / kShare; ++i) {
    if (i == 20 / kShare) world.Delete(EveryFewth(random, 5000));
    ASSERT_EQ(world.CompareAll(RandomCombined(random)), "");
    ASSERT_EQ(world.CompareAll(Query::Or(
                  {RandomCombined(random), RandomCombined(random), Query::Term("b", "w5")})),
              "");
  }
}

// Like a text: as the whole query and beside a word.
TEST(RandomWorldsTest, Like) {
  SeededRandom random(113);
  World world(MotleyDocuments(random, 3000), 3);
  for (int i = 0; i < 48 / kShare; ++i) {
    if (i == 24 / kShare) world.Delete(EveryFewth(random, 3000));
    ASSERT_EQ(world.CompareAll(RandomLike(random)), "");
    ASSERT_EQ(world.CompareAll(Query::Or({RandomLike(random), Query::Term("b", "w5")})), "");
  }
}

// Of one term with a weight of 1 the bits are those of the term.
TEST(RandomWorldsTest, OneTermCombinedIsThatTerm) {
  SeededRandom random(112);
  const World world(RandomDocuments(random, 3000), 1);
  for (const char* word : {"w0", "w3", "w9"}) {
    const Query combined = Query::CombinedTerms({{"a", word, 1}, {"b", "absent", 1}});
    const auto of_term = world.snapshot().Search(Query::Term("a", word), {.k = 100});
    const auto of_combined = world.snapshot().Search(combined, {.k = 100});
    ASSERT_TRUE(of_term.ok() && of_combined.ok());
    EXPECT_EQ(of_term->hits, of_combined->hits) << word;
  }
}

// Numbers in scores: around all documents, a word, several words; and as a clause.
TEST(RandomWorldsTest, Functions) {
  SeededRandom random(110);
  World world(RandomDocuments(random, 6000), 2);
  for (int i = 0; i < 24 / kShare; ++i) {
    if (i == 12 / kShare) world.Delete(EveryFewth(random, 6000));
    const Query inner = random.OneIn(3) ? Query::All() : RandomQuery(random, i % 2);
    const Query function = RandomFunction(random, inner);
    ASSERT_EQ(world.CompareAll(function), "");
    // Inside, a boolean is asked for what may still pass.
    const Query words =
        Query::Or({Query::Term("a", "w2"), Query::Term("a", "w4"), Query::Term("b", "w1")});
    ASSERT_EQ(world.CompareAll(RandomFunction(random, words)), "");
    ASSERT_EQ(world.CompareAll(Query::Or({function, Query::Term("a", "w5")})), "");
    ASSERT_EQ(world.CompareAll(
                  Query::Demote(RandomFunction(random, function), Query::Term("a", "w3"), 0.25f)),
              "");
  }
}

// Values as the whole query, as a filter and beside a word, over blocks that differ.
TEST(RandomWorldsTest, Values) {
  SeededRandom random(108);
  World world(RandomDocuments(random, 9000), 2);
  for (int i = 0; i < 160 / kShare; ++i) {
    if (i == 80 / kShare) world.Delete(EveryFewth(random, 9000));
    ASSERT_EQ(world.CompareAll(RandomValues(random)), "");
    const Occur occur = random.OneIn(2) ? Occur::kFilter : Occur::kMustNot;
    const std::string word = random.OneIn(2) ? "w1" : "w8";
    ASSERT_EQ(world.CompareAll(Query::Boolean(
                  {{Occur::kMust, Query::Term("a", word)}, {occur, RandomValues(random)}})),
              "");
  }
}

// Several windows, dense lists, window maps.
TEST(RandomWorldsTest, LargeWorld) { CheckWorld(104, 13000, 1, 25); }

TEST(RandomWorldsTest, LargeWorldInTwoSegments) { CheckWorld(105, 21000, 2, 12); }

}  // namespace
}  // namespace segue

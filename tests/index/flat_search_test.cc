// SPDX-License-Identifier: Apache-2.0
//
// Flat queries over more documents than one chunk has, where window maps, seeded thresholds and
// skipped blocks come into play: every result must be that of scoring all matches.
#include <gtest/gtest.h>

#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "engine/base/strings.h"
#include "engine/io/memory_env.h"
#include "segue/index.h"
#include "segue/query.h"
#include "tests/support/seeded_random.h"

namespace segue {
namespace {

constexpr uint32_t kDocuments = 150000;  // more than two chunks
constexpr uint32_t kWords = 3000;

// Word number r is as frequent as 1 / (r + 1); now and then a run of documents is about one word.
std::string Text(SeededRandom* random, uint32_t doc) {
  std::string text;
  const uint32_t length = 1 + static_cast<uint32_t>(random->Below(12));
  for (uint32_t i = 0; i < length; ++i) {
    const double u = static_cast<double>(random->Below(1000000)) / 1e6;
    auto rank = static_cast<uint32_t>(std::pow(kWords, u)) - 1;
    if (doc / 700 % 5 == 0 && i % 2 == 0) rank = 40 + doc / 3500;
    text += "w" + std::to_string(rank) + " ";
  }
  return text;
}

class FlatSearchTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    env_ = NewMemoryEnv().release();
    for (const int segments : {1, 3}) {
      snapshots_.push_back(Build(segments, /*delete_some=*/false));
      snapshots_.push_back(Build(segments, /*delete_some=*/true));
    }
  }
  static void TearDownTestSuite() {
    snapshots_.clear();
    delete env_;
  }

  static std::shared_ptr<const Snapshot> Build(int segments, bool delete_some) {
    const std::string path = "index" + std::to_string(snapshots_.size());
    Schema schema;
    EXPECT_TRUE(schema.AddField("id", {.type = FieldType::kKeyword}).ok());
    EXPECT_TRUE(schema.SetKey("id").ok());
    EXPECT_TRUE(schema.AddField("text", {.type = FieldType::kText}).ok());
    EXPECT_TRUE(schema.AddField("kind", {.type = FieldType::kKeyword}).ok());
    EXPECT_TRUE(schema.AddField("number", {.type = FieldType::kInt64}).ok());
    auto index = Index::Create(path, schema, {.env = env_});
    EXPECT_TRUE(index.ok()) << index.status();
    auto writer = index->OpenWriter({.auto_merge = false});
    EXPECT_TRUE(writer.ok()) << writer.status();
    SeededRandom random(77);
    for (uint32_t doc = 0; doc < kDocuments; ++doc) {
      Document document;
      document.Add("id", std::to_string(doc)).Add("text", Text(&random, doc));
      document.Add("kind", doc % 200 == 0 ? "rare" : doc % 2 == 0 ? "even" : "odd");
      if (doc % 3 != 0) document.Add("number", int64_t{doc} * 7919 % kDocuments);
      EXPECT_TRUE((*writer)->Add(document).ok());
      if ((doc + 1) % (kDocuments / static_cast<uint32_t>(segments)) == 0) {
        EXPECT_TRUE((*writer)->Commit().ok());
      }
    }
    for (uint32_t doc = 0; delete_some && doc < kDocuments; doc += 7) {
      EXPECT_TRUE((*writer)->Delete(std::to_string(doc)).ok());
    }
    EXPECT_TRUE((*writer)->Commit().ok());
    const auto snapshot = index->OpenSnapshot();
    EXPECT_TRUE(snapshot.ok());
    return *snapshot;
  }

  static Query Word(SeededRandom* random) {
    const double u = static_cast<double>(random->Below(1000000)) / 1e6;
    return Query::Term("text", "w" + std::to_string(static_cast<int>(std::pow(kWords, u)) - 1));
  }

  static Query RandomFlat(SeededRandom* random) {
    if (random->Below(6) == 0) {
      const auto word = [&] { return "w" + std::to_string(random->Below(60)); };
      const Query phrase = Query::Phrase("text", std::vector<std::string>{word(), word()});
      if (random->Below(2) == 0) return phrase;
      return Query::Boolean({{Occur::kMust, phrase}, {Occur::kShould, Word(random)}});
    }
    std::vector<QueryClause> clauses;
    const size_t count = 1 + random->Below(random->Below(8) == 0 ? 20 : 4);
    const bool all = random->Below(3) == 0;
    for (size_t i = 0; i < count; ++i) {
      Occur occur = all ? Occur::kMust : Occur::kShould;
      if (random->Below(5) == 0) occur = Occur::kMust;
      if (i > 0 && random->Below(6) == 0) occur = Occur::kMustNot;
      Query word = Word(random);
      if (random->Below(5) == 0) word = Query::Boost(word, 0.1f + 3.0f * (1 + random->Below(9)));
      clauses.push_back({occur, word});
    }
    if (random->Below(4) == 0) clauses.push_back({Occur::kFilter, Kind(random)});
    if (random->Below(6) != 0) return Query::Boolean(std::move(clauses));
    std::vector<QueryClause> around;
    around.push_back({Occur::kMust, Query::Boolean(std::move(clauses))});
    if (random->Below(3) != 0) around.push_back({Occur::kFilter, Kind(random)});
    if (random->Below(3) == 0) around.push_back({Occur::kMustNot, Word(random)});
    return Query::Boolean(std::move(around));
  }

  static Query Kind(SeededRandom* random) {
    const char* kinds[] = {"rare", "even", "odd"};
    return Query::Term("kind", kinds[random->Below(3)]);
  }

  // What is no list: sets of documents, values, words near each other, booleans.
  static Query Gate(SeededRandom* random) {
    const auto number = [&] { return static_cast<int64_t>(random->Below(kDocuments)); };
    switch (random->Below(8)) {
      case 0:
        return Query::Prefix("text", Cat("w", random->Below(300)));
      case 1:
        return Query::Wildcard("text", Cat("w*", random->Below(100)));
      case 2: {
        const int64_t from = number();
        return Query::Range("number", {.from = Value(from),
                                       .to = Value(from + (random->OneIn(2) ? 200 : number()))});
      }
      case 3:
        return Query::Exists("number");
      case 4:
        return Query::Phrase("text", std::vector<std::string>{Cat("w", random->Below(9)),
                                                              Cat("w", random->Below(9))});
      case 5:
        return Query::Or({Word(random), Query::Prefix("text", Cat("w", random->Below(90)))});
      case 6:
        return Query::Near("text", {Word(random), Word(random)});
      default:
        return Query::Prefix("kind", random->OneIn(2) ? "r" : "e");
    }
  }

  // Lists and gates, which filter, prohibit or have one score for all.
  static Query RandomGated(SeededRandom* random) {
    std::vector<QueryClause> clauses;
    const bool any_must = random->Below(4) != 0;
    for (uint64_t i = 1 + random->Below(3); i > 0; --i) {
      Query word = Word(random);
      if (random->OneIn(4)) word = Query::Boost(word, static_cast<float>(1 + random->Below(9)));
      clauses.push_back({any_must && random->OneIn(2) ? Occur::kMust : Occur::kShould, word});
    }
    if (random->OneIn(8)) {
      const Query phrase =
          Query::Phrase("text", std::vector<std::string>{Cat("w", random->Below(30)), Cat("w", 1)});
      clauses.push_back({Occur::kMust, phrase});
    }
    std::vector<QueryClause> around;
    for (uint64_t i = 1 + random->Below(2); i > 0; --i) {
      const uint64_t kind = random->Below(4);
      std::vector<QueryClause>& to = kind < 3 && random->OneIn(4) ? around : clauses;
      if (kind == 0) to.push_back({Occur::kMustNot, Gate(random)});
      if (kind == 1 || kind == 2) to.push_back({Occur::kFilter, Gate(random)});
      if (kind != 3) continue;
      constexpr float kScores[] = {0.0f, 1.0f, 0.3f, 7.5f, 1e-12f, 1e12f};
      to.push_back({Occur::kMust, Query::ConstantScore(Gate(random), kScores[random->Below(6)])});
    }
    Query query = Query::Boolean(std::move(clauses));
    if (around.empty()) return query;
    around.insert(around.begin(), {Occur::kMust, std::move(query)});
    return Query::Boolean(std::move(around));
  }

  static Env* env_;
  static std::vector<std::shared_ptr<const Snapshot>> snapshots_;
};

Env* FlatSearchTest::env_ = nullptr;
std::vector<std::shared_ptr<const Snapshot>> FlatSearchTest::snapshots_;

TEST_F(FlatSearchTest, AsIfEveryMatchWereScored) {
  SeededRandom random(9);
  for (int i = 0; i < 1000; ++i) {
    const Query query = RandomFlat(&random);
    const Snapshot& snapshot = *snapshots_[random.Below(snapshots_.size())];
    constexpr uint32_t kSizes[] = {0, 1, 10, 10, 100, 1000, 10000};
    SearchOptions options{.k = kSizes[random.Below(7)]};
    if (random.Below(3) == 0) options.count = CountMode::kNone;
    if (random.Below(6) == 0) options.b = 0.3f;  // window maps of other parameters
    if (random.Below(6) == 0) options.k1 = 0.0f;
    const auto got = snapshot.Search(query, options);
    options.exhaustive = true;
    const auto want = snapshot.Search(query, options);
    ASSERT_TRUE(got.ok() && want.ok()) << got.status() << want.status();
    ASSERT_EQ(got->total, want->total) << query.ToJson() << " k " << options.k;
    ASSERT_EQ(got->hits.size(), want->hits.size()) << query.ToJson() << " k " << options.k;
    for (size_t h = 0; h < got->hits.size(); ++h) {
      ASSERT_EQ(got->hits[h], want->hits[h])
          << "hit " << h << " of " << query.ToJson() << " k " << options.k << ": "
          << got->hits[h].doc << " " << got->hits[h].score << ", not " << want->hits[h].doc << " "
          << want->hits[h].score;
    }
  }
}

// Rare optional words come first, whose documents may be better or worse than all others: frequent
// words weigh up to ten times as much.
TEST_F(FlatSearchTest, RareAndFrequentWordsAsIfEveryMatchWereScored) {
  SeededRandom random(11);
  for (int i = 0; i < 300; ++i) {
    std::vector<QueryClause> clauses;
    const uint64_t frequent = 1 + random.Below(4), rare = 1 + random.Below(3);
    for (uint64_t j = 0; j < frequent + rare; ++j) {
      const uint64_t word = j < frequent ? random.Below(12) : 60 + random.Below(600);
      const float boost = random.Below(2) == 0 ? 1 : static_cast<float>(1 + random.Below(10));
      clauses.push_back({Occur::kShould, Query::Boost(Query::Term("text", Cat("w", word)), boost)});
    }
    if (random.Below(4) == 0) clauses.push_back({Occur::kMustNot, Word(&random)});
    if (random.Below(8) == 0) clauses.push_back({Occur::kFilter, Kind(&random)});
    const Query query = Query::Boolean(std::move(clauses));
    constexpr uint32_t kSizes[] = {1, 10, 30, 100, 400};
    SearchOptions options{.k = kSizes[random.Below(5)], .count = CountMode::kNone};
    const Snapshot& snapshot = *snapshots_[random.Below(snapshots_.size())];
    const auto got = snapshot.Search(query, options);
    options.exhaustive = true;
    const auto want = snapshot.Search(query, options);
    ASSERT_TRUE(got.ok() && want.ok()) << got.status() << want.status();
    ASSERT_EQ(got->hits, want->hits) << query.ToJson() << " k " << options.k;
  }
}

// What is no list is asked of few documents one by one, or is a clause of a tree.
TEST_F(FlatSearchTest, BesideOtherClausesAsIfEveryMatchWereScored) {
  SeededRandom random(13);
  size_t found = 0;
  for (int i = 0; i < 300; ++i) {
    const Query query = RandomGated(&random);
    constexpr uint32_t kSizes[] = {0, 1, 10, 10, 100, 1000};
    SearchOptions options{.k = kSizes[random.Below(6)]};
    if (random.Below(3) == 0) options.count = CountMode::kNone;
    const Snapshot& snapshot = *snapshots_[random.Below(snapshots_.size())];
    const auto got = snapshot.Search(query, options);
    options.exhaustive = true;
    const auto want = snapshot.Search(query, options);
    ASSERT_TRUE(got.ok() && want.ok()) << got.status() << want.status() << query.ToJson();
    ASSERT_EQ(got->total, want->total) << query.ToJson() << " k " << options.k;
    ASSERT_EQ(got->hits, want->hits) << query.ToJson() << " k " << options.k;
    found += want->hits.empty() ? 0 : 1;
  }
  EXPECT_GT(found, 50u);
}

// A weight of infinity would have products with 0, and scores that are none.
TEST_F(FlatSearchTest, BoostsWhoseProductIsTooLargeForAFloat) {
  SeededRandom random(12);
  for (int i = 0; i < 60; ++i) {
    Query query = RandomFlat(&random);
    for (const float boost : {3e38f, 2.0f, random.OneIn(2) ? 1e30f : 1.0f}) {
      const Query constant = Query::ConstantScore(Word(&random), random.OneIn(2) ? 0.0f : 1e8f);
      query = Query::Boost(Query::Or({query, constant}), boost);
    }
    const Snapshot& snapshot = *snapshots_[random.Below(snapshots_.size())];
    SearchOptions options{.k = 100};
    const auto got = snapshot.Search(query, options);
    options.exhaustive = true;
    const auto want = snapshot.Search(query, options);
    ASSERT_TRUE(got.ok() && want.ok()) << got.status() << want.status();
    ASSERT_EQ(got->hits, want->hits) << query.ToJson();
    ASSERT_EQ(got->total, want->total) << query.ToJson();
    for (const Hit& hit : got->hits) ASSERT_FALSE(std::isnan(hit.score)) << query.ToJson();
  }
}

// One term is searched by its map, or block by block.
TEST_F(FlatSearchTest, TermsAsIfEveryMatchWereScored) {
  for (const auto& snapshot : snapshots_) {
    for (const int word : {0, 1, 2, 4, 8, 15, 30, 40, 41, 60, 100, 300, 1000, 2900}) {
      const Query query = Query::Term("text", Cat("w", word));
      for (const uint32_t k : {1u, 10u, 100u, 1000u, 10000u}) {
        for (const float b : {0.75f, 0.3f}) {
          SearchOptions options{.k = k, .b = b};
          const auto got = snapshot->Search(query, options);
          options.exhaustive = true;
          const auto want = snapshot->Search(query, options);
          ASSERT_TRUE(got.ok() && want.ok()) << got.status() << want.status();
          ASSERT_EQ(got->total, want->total) << word << " k " << k;
          ASSERT_EQ(got->hits, want->hits) << word << " k " << k << " b " << b;
        }
      }
    }
  }
}

// So is one beside words that are prohibited, few or many of its documents.
TEST_F(FlatSearchTest, TermsWithoutOthersAsIfEveryMatchWereScored) {
  for (const auto& snapshot : snapshots_) {
    for (const int word : {0, 2, 8, 30, 41}) {
      for (const int other : {0, 1, 5, 40, 300, 2900}) {
        const Query query =
            Query::Boolean({{Occur::kMust, Query::Term("text", Cat("w", word))},
                            {Occur::kMustNot, Query::Term("text", Cat("w", other))}});
        for (const uint32_t k : {1u, 10u, 1000u}) {
          SearchOptions options{.k = k, .count = CountMode::kNone};
          const auto got = snapshot->Search(query, options);
          options.exhaustive = true;
          const auto want = snapshot->Search(query, options);
          ASSERT_TRUE(got.ok() && want.ok()) << got.status() << want.status();
          ASSERT_EQ(got->hits, want->hits) << word << " without " << other << " k " << k;
        }
      }
    }
  }
}

// What the best documents of every window score is no floor if they are all prohibited.
TEST(TermMapSearchTest, TheBestOfEveryWindowAreProhibited) {
  const std::unique_ptr<Env> env = NewMemoryEnv();
  Schema schema;
  ASSERT_TRUE(schema.AddField("text", {.type = FieldType::kText}).ok());
  const auto index = Index::Create("index", schema, {.env = env.get()});
  ASSERT_TRUE(index.ok()) << index.status();
  const auto writer = index->OpenWriter();
  ASSERT_TRUE(writer.ok()) << writer.status();
  for (uint32_t doc = 0; doc < 20000; ++doc) {
    std::string text = doc % 64 == 0 ? "few many " : doc % 16 == 0 ? "many " : "";
    const uint32_t times = doc % 64 == 0 ? 60 : doc % 16 == 0 ? 30 : 1 + doc % 20;
    for (uint32_t i = 0; i < times; ++i) text += "x ";
    ASSERT_TRUE((*writer)->Add(Document().Add("text", text)).ok());
  }
  ASSERT_TRUE((*writer)->Commit().ok());
  const auto snapshot = index->OpenSnapshot();
  ASSERT_TRUE(snapshot.ok()) << snapshot.status();
  for (const char* other : {"few", "many"}) {
    for (const uint32_t k : {1u, 10u, 300u}) {
      const Query query = Query::Boolean({{Occur::kMust, Query::Term("text", "x")},
                                          {Occur::kMustNot, Query::Term("text", other)}});
      SearchOptions options{.k = k, .count = CountMode::kNone};
      const auto got = (*snapshot)->Search(query, options);
      options.exhaustive = true;
      const auto want = (*snapshot)->Search(query, options);
      ASSERT_TRUE(got.ok() && want.ok()) << got.status() << want.status();
      ASSERT_EQ(want->hits.size(), k);
      EXPECT_EQ(got->hits, want->hits) << other << " k " << k;
    }
  }
}

// Alone a phrase is bounded by each of its words; its bounds saturate most.
TEST_F(FlatSearchTest, PhrasesAsIfEveryMatchWereScored) {
  for (const auto& snapshot : snapshots_) {
    for (int first = 0; first < 20; ++first) {
      for (int second = 0; second < 20; ++second) {
        const Query query =
            Query::Phrase("text", std::vector<std::string>{Cat("w", first), Cat("w", second)});
        SearchOptions options{.k = 10, .count = CountMode::kNone};
        const auto got = snapshot->Search(query, options);
        options.exhaustive = true;
        const auto want = snapshot->Search(query, options);
        ASSERT_TRUE(got.ok() && want.ok()) << got.status() << want.status();
        ASSERT_EQ(got->hits, want->hits) << query.ToString();
      }
    }
  }
}

// Patterns of many terms over several chunks.
TEST_F(FlatSearchTest, PatternsAsIfEveryMatchWereScored) {
  const Query kPatterns[] = {Query::Prefix("text", "w1"),
                             Query::Prefix("text", "w12"),
                             Query::Wildcard("text", "w?"),
                             Query::Wildcard("text", "w*7"),
                             Query::Regexp("text", "w[1-4]?.0*"),
                             Query::Fuzzy("text", "w12", {.edits = 1}),
                             Query::Fuzzy("text", "w123", {.edits = 2}),
                             Query::Fuzzy("text", "w2500", {.edits = 2})};
  for (const auto& snapshot : snapshots_) {
    for (const Query& pattern : kPatterns) {
      for (const uint32_t k : {1u, 10u, 300u}) {
        for (const Query& query :
             {pattern, Query::And({pattern, Query::Term("kind", "even")}),
              Query::DisjunctionMax({pattern, Query::Term("text", "w5")}, 0.3f)}) {
          const auto got = snapshot->Search(query, {.k = k, .count = CountMode::kNone});
          const auto want =
              snapshot->Search(query, {.k = k, .count = CountMode::kNone, .exhaustive = true});
          ASSERT_TRUE(got.ok() && want.ok()) << got.status() << want.status();
          ASSERT_EQ(got->hits.size(), want->hits.size()) << query.ToJson() << " k " << k;
          for (size_t i = 0; i < want->hits.size(); ++i) {
            ASSERT_EQ(got->hits[i].doc, want->hits[i].doc) << i << " " << query.ToJson();
            ASSERT_EQ(got->hits[i].score, want->hits[i].score) << i << " " << query.ToJson();
          }
        }
      }
    }
  }
}

// What pruning is for: far fewer scores than postings.
TEST_F(FlatSearchTest, ScoresFewOfManyPostings) {
  const auto result = snapshots_[0]->Search(
      Query::Or({Query::Term("text", "w0"), Query::Term("text", "w300")}), {.k = 10});
  ASSERT_TRUE(result.ok());
  EXPECT_LT(result->counters.documents_scored, result->counters.postings / 4);
}

TEST_F(FlatSearchTest, CountsAtLeastSoMany) {
  const Query query =
      Query::Or({Query::Term("text", "w0"), Query::Term("text", "w1"), Query::Term("text", "w2")});
  for (const auto& snapshot : snapshots_) {
    const auto exact = snapshot->Search(query, {.k = 5});
    const auto some =
        snapshot->Search(query, {.k = 5, .count = CountMode::kAtLeast, .count_at_least = 100});
    ASSERT_TRUE(exact.ok() && some.ok());
    EXPECT_EQ(some->hits, exact->hits);
    EXPECT_EQ(some->total->relation, TotalRelation::kGreaterOrEqual);
    EXPECT_GT(some->total->value, 100u);
    EXPECT_LE(some->total->value, exact->total->value);
  }
}

}  // namespace
}  // namespace segue

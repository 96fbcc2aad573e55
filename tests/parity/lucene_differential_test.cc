// SPDX-License-Identifier: Apache-2.0
//
// Random queries of every kind that segue and Apache Lucene 10.4 both have, answered by both over
// the same documents. README.md says what is compared, and where they differ.
#include <algorithm>
#include <bit>
#include <cstdlib>
#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "engine/base/check.h"
#include "engine/base/strings.h"
#include "gtest/gtest.h"
#include "tests/parity/differential_queries.h"
#include "tests/parity/lucene_answers.h"
#include "tests/support/shared_data.h"

namespace segue {
namespace {

constexpr uint32_t kMaxHits = 10'000;
// Queries of a kind, where the world is made up and where it is articles.
constexpr size_t kOverMadeUp = SEGUE_CHECKS_ON ? 10 : 40;
constexpr size_t kOverArticles = SEGUE_CHECKS_ON ? 10 : 130;
// At least one query in so many matches something; of few queries, fewer may.
constexpr size_t kEnoughMatch = SEGUE_CHECKS_ON ? 10 : 3;

struct Answered {
  std::unique_ptr<DifferentialWorld> world;
  std::vector<std::vector<Query>> queries;         // by kind
  std::vector<std::vector<LuceneAnswer>> answers;  // of Lucene; empty if it failed
};

// All kinds at once, so that Lucene is started once.
Answered Ask(std::vector<DifferentialDocument> documents, uint32_t segments,
             size_t queries_of_a_kind) {
  Answered all;
  all.world = std::make_unique<DifferentialWorld>(std::move(documents), segments);
  std::vector<Query> queries;
  for (const DifferentialKind& kind : DifferentialKinds()) {
    SeededRandom random(0x10ce0000 + all.queries.size());
    WordSource words(*all.world, &random);
    std::vector<Query> of_kind;
    while (of_kind.size() < queries_of_a_kind) of_kind.push_back(kind.make(words));
    queries.insert(queries.end(), of_kind.begin(), of_kind.end());
    all.queries.push_back(std::move(of_kind));
  }
  std::vector<LuceneAnswer> answers = AskLucene(all.world->lines(), queries);
  const auto count = static_cast<ptrdiff_t>(queries_of_a_kind);
  for (auto from = answers.begin(); from != answers.end(); from += count) {
    all.answers.emplace_back(from, from + count);
  }
  return all;
}

const Answered& OfMadeUpDocuments() {
  static const Answered all = [] {
    SeededRandom random(0x10ce);
    return Ask(MadeUpDocuments(random, SEGUE_CHECKS_ON ? 1500 : 6000), 5, kOverMadeUp);
  }();
  return all;
}

const Answered& OfArticles() {
  static const Answered all = [] {
    SeededRandom random(0x10cf);
    return Ask(ArticleDocuments(random, 16'000), 3, kOverArticles);
  }();
  return all;
}

int64_t UlpsBetween(float a, float b) {
  return std::abs(static_cast<int64_t>(std::bit_cast<uint32_t>(a)) -
                  static_cast<int64_t>(std::bit_cast<uint32_t>(b)));
}

std::string Told(const Hit& hit) {
  return Cat("document ", hit.doc, " with ", hit.score, " (",
             Hex(std::bit_cast<uint32_t>(hit.score), 8), ")");
}

// Documents that only one of the two has, some of them.
std::string OthersOf(const SearchResult& ours, const LuceneAnswer& theirs) {
  std::map<uint64_t, int> seen;
  for (const Hit& hit : ours.hits) seen[hit.doc] |= 1;
  for (const Hit& hit : theirs.hits) seen[hit.doc] |= 2;
  std::string documents;
  for (const auto& [doc, by] : seen) {
    if (by == 3 || documents.size() > 200) continue;
    CatTo(&documents, "; document ", doc, by == 1 ? " is not Lucene's" : " is Lucene's alone");
  }
  return documents;
}

bool Agree(float ours, float theirs, SameScores same) {
  switch (same) {
    case SameScores::kBits:
      return std::bit_cast<uint32_t>(ours) == std::bit_cast<uint32_t>(theirs);
    case SameScores::kOneUlp:
      return UlpsBetween(ours, theirs) <= 1;
    case SameScores::kNotAbove:
      return ours <= theirs;
    case SameScores::kNothing:
      return true;
  }
  return false;
}

struct Compared {
  size_t scores = 0;
  size_t equal_scores = 0;
};

// The first difference, or nothing.
std::string Difference(const SearchResult& ours, const LuceneAnswer& theirs, SameScores same,
                       Compared* compared) {
  if (ours.total->value != theirs.total || ours.hits.size() != theirs.hits.size()) {
    return Cat(ours.total->value, " documents, in Lucene ", theirs.total, OthersOf(ours, theirs));
  }
  std::unordered_map<uint64_t, float> scores;
  for (const Hit& hit : ours.hits) scores[hit.doc] = hit.score;
  for (size_t i = 0; i < theirs.hits.size(); ++i) {
    const Hit& hit = theirs.hits[i];
    const auto found = scores.find(hit.doc);
    if (found == scores.end()) {
      // Where there are more than are given, others may be the last ones if scores may differ.
      const bool is_cut = theirs.total > theirs.hits.size() && same != SameScores::kBits;
      if (is_cut && Agree(ours.hits.back().score, hit.score, same)) continue;
      return Cat("no ", Told(hit), ", which Lucene finds");
    }
    ++compared->scores;
    compared->equal_scores += found->second == hit.score ? 1 : 0;
    const bool in_place = same != SameScores::kBits || ours.hits[i].doc == hit.doc;
    if (in_place && Agree(found->second, hit.score, same)) continue;
    return Cat("hit ", i, " is ", Told(ours.hits[i]), ", in Lucene ", Told(hit),
               ", which here has ", found->second);
  }
  return {};
}

using Case = std::tuple<std::string, size_t>;  // the documents, the kind

class LuceneDifferentialTest : public ::testing::TestWithParam<Case> {
 protected:
  void SetUp() override {
    if (!WhyNoLucene().empty()) GTEST_SKIP() << WhyNoLucene();
    if (OverArticles() && SharedDataDir().empty()) GTEST_SKIP() << kNoSharedData;
  }
  static bool OverArticles() { return std::get<0>(GetParam()) == "Articles"; }
};

TEST_P(LuceneDifferentialTest, SameAnswers) {
  const Answered& all = OverArticles() ? OfArticles() : OfMadeUpDocuments();
  ASSERT_FALSE(all.answers.empty());
  const size_t kind = std::get<1>(GetParam());
  Compared compared;
  size_t matching = 0;
  size_t wrong = 0;
  for (size_t i = 0; i < all.queries[kind].size(); ++i) {
    const Query& query = all.queries[kind][i];
    const Snapshot& snapshot = all.world->snapshot();
    const auto found = snapshot.Search(query, {.k = kMaxHits});
    ASSERT_TRUE(found.ok()) << found.status() << "\n" << query.ToJson();
    matching += found->total->value > 0 ? 1 : 0;
    // Which terms are scored where there are too many is no question of Lucene's.
    const SameScores same =
        found->expansions_cut ? SameScores::kNothing : DifferentialKinds()[kind].scores;
    const std::string difference = Difference(*found, all.answers[kind][i], same, &compared);
    if (!difference.empty()) {
      ADD_FAILURE() << query.ToString() << "\n" << query.ToJson() << "\n" << difference;
      ASSERT_LT(++wrong, 4u) << "that is enough";
    }
    // The best ten, without looking at all of the others.
    const auto best = snapshot.Search(query, {.k = 10, .count = CountMode::kNone});
    ASSERT_TRUE(best.ok()) << best.status();
    ASSERT_LE(best->hits.size(), found->hits.size());
    EXPECT_TRUE(std::equal(best->hits.begin(), best->hits.end(), found->hits.begin()))
        << query.ToJson();
  }
  EXPECT_GE(kEnoughMatch * matching, all.queries[kind].size());
  if (DifferentialKinds()[kind].scores == SameScores::kNotAbove) {
    EXPECT_GE(2 * compared.equal_scores, compared.scores);
  }
}

// The table of README.md is what is compared.
TEST(LuceneDifferentialReadmeTest, HasEveryKind) {
  std::string rows;
  ForEachLine(SEGUE_SOURCE_DIR "/tests/parity/README.md", [&rows](std::string_view line) {
    if (line.starts_with("| ")) CatTo(&rows, line, "\n");
  });
  for (const DifferentialKind& kind : DifferentialKinds()) {
    const std::string row = Cat("| ", kind.name, " | ", SameScoresName(kind.scores), " | ");
    EXPECT_NE(rows.find(row), std::string::npos) << row;
  }
}

INSTANTIATE_TEST_SUITE_P(All, LuceneDifferentialTest,
                         ::testing::Combine(::testing::Values("MadeUp", "Articles"),
                                            ::testing::Range(size_t{0},
                                                             DifferentialKinds().size())),
                         [](const ::testing::TestParamInfo<Case>& info) {
                           return Cat(std::get<0>(info.param), "_",
                                      DifferentialKinds()[std::get<1>(info.param)].name);
                         });

}  // namespace
}  // namespace segue

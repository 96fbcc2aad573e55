// SPDX-License-Identifier: Apache-2.0
//
// Exhaustive small worlds: every corpus of up to three documents of up to two words over {x, y, z}
// against every boolean query of up to three clauses of words, and a sample of the corpora against
// phrases. Then a sample of the corpora with each document repeated beyond the size of a posting
// block, so that block edges and tails are met by the same patterns. SEGUE_EXHAUSTIVE=1 takes
// more of them (the nightly script does).
#include <cstdlib>
#include <string>
#include <vector>

#include "engine/base/check.h"
#include "gtest/gtest.h"
#include "tests/oracle/world.h"

namespace segue {
namespace {

using Words = std::vector<std::string>;

// Checked and sanitized builds, which are far slower, take a sample of the corpora.
constexpr size_t kCorpusStride = SEGUE_CHECKS_ON ? 41 : 1;

bool Exhaustive() { return std::getenv("SEGUE_EXHAUSTIVE") != nullptr; }

std::vector<Words> AllDocuments() {
  const Words letters = {"x", "y", "z"};
  std::vector<Words> documents = {{}};
  for (const std::string& first : letters) {
    documents.push_back({first});
    for (const std::string& second : letters) documents.push_back({first, second});
  }
  return documents;
}

// Every multiset of up to three clauses; their order changes nothing but the order of a sum.
std::vector<Query> AllBooleans() {
  std::vector<QueryClause> choices;
  for (const Occur occur : {Occur::kMust, Occur::kShould, Occur::kMustNot, Occur::kFilter}) {
    for (const char* word : {"x", "y", "z"}) choices.push_back({occur, Query::Term("a", word)});
  }
  std::vector<Query> queries;
  for (size_t i = 0; i < choices.size(); ++i) {
    queries.push_back(Query::Boolean({choices[i]}));
    for (size_t j = i; j < choices.size(); ++j) {
      queries.push_back(Query::Boolean({choices[i], choices[j]}));
      for (size_t k = j; k < choices.size(); ++k) {
        queries.push_back(Query::Boolean({choices[i], choices[j], choices[k]}));
        queries.push_back(Query::Boolean({choices[i], choices[j], choices[k]}, 2));
      }
    }
  }
  return queries;
}

std::vector<Query> AllPhrases() {
  std::vector<Query> queries;
  for (const char* first : {"x", "y", "z"}) {
    for (const char* second : {"x", "y", "z"}) {
      queries.push_back(Query::Phrase("a", {first, second}));
      queries.push_back(Query::And({Query::Phrase("a", {first, second}), Query::Term("a", "x")}));
      queries.push_back(Query::Or({Query::Phrase("a", {first, second}), Query::Term("a", "z")}));
    }
  }
  return queries;
}

std::vector<OracleDocument> Repeat(const std::vector<Words>& pattern, size_t times) {
  std::vector<OracleDocument> documents;
  for (size_t i = 0; i < times; ++i) {
    for (const Words& words : pattern) {
      OracleDocument doc;
      doc.words["a"] = words;
      documents.push_back(doc);
    }
  }
  return documents;
}

class SmallWorldsTest : public ::testing::Test {
 protected:
  // Calls fn(pattern, number) for each corpus of one to three documents.
  template <typename Fn>
  void ForEachCorpus(Fn&& fn) {
    const std::vector<Words> all = AllDocuments();
    size_t number = 0;
    for (const Words& first : all) {
      fn(std::vector<Words>{first}, number++);
      for (const Words& second : all) {
        fn(std::vector<Words>{first, second}, number++);
        for (const Words& third : all) fn(std::vector<Words>{first, second, third}, number++);
      }
    }
  }

  void Check(const World& world, const std::vector<Query>& queries, uint32_t k) {
    SearchOptions options;
    options.k = k;
    for (const Query& query : queries) {
      const std::string wrong = world.Compare(query, options);
      ASSERT_EQ(wrong, "");
    }
  }

  const std::vector<Query> booleans_ = AllBooleans();
  const std::vector<Query> phrases_ = AllPhrases();
};

TEST_F(SmallWorldsTest, EveryCorpusEveryBoolean) {
  const size_t phrase_stride = Exhaustive() ? 1 : 7;
  const size_t phase = SeededRandom(1).Below(phrase_stride);
  size_t checked = 0;
  ForEachCorpus([&](const std::vector<Words>& pattern, size_t number) {
    if (HasFatalFailure() || number % kCorpusStride != phase % kCorpusStride) return;
    const World world(Repeat(pattern, 1), number % 2 == 0 ? 1 : 2);
    Check(world, booleans_, 2);
    if (number % phrase_stride == phase) Check(world, phrases_, 2);
    ++checked;
  });
  EXPECT_GE(checked, (13u + 13 * 13 + 13 * 13 * 13) / kCorpusStride);
}

TEST_F(SmallWorldsTest, PatternsPastABlock) {
  const size_t stride = (Exhaustive() ? 10 : 400) * (SEGUE_CHECKS_ON ? 3 : 1);
  const size_t phase = SeededRandom(2).Below(stride);
  size_t checked = 0;
  ForEachCorpus([&](const std::vector<Words>& pattern, size_t number) {
    if (HasFatalFailure() || number % stride != phase) return;
    for (const size_t times : {127, 128, 129, 300}) {
      const World world(Repeat(pattern, times), 1);
      Check(world, phrases_, 5);
      Check(world, booleans_, 5);
    }
    ++checked;
  });
  EXPECT_GE(checked, 2379 / stride);
}

}  // namespace
}  // namespace segue

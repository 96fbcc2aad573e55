// SPDX-License-Identifier: Apache-2.0
#include "engine/exec/doc_gates.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "segue/status.h"
#include "tests/exec/fake_scorer.h"
#include "tests/support/seeded_random.h"

namespace segue::exec {
namespace {

constexpr uint32_t kDocs = 3 * kWindowDocs + 100;

std::map<DocId, float> RandomScores(SeededRandom* random, uint32_t about) {
  std::map<DocId, float> scores;
  for (uint32_t i = 0; i < about; ++i) scores[static_cast<DocId>(random->Below(kDocs))] = 1;
  return scores;
}

// Runs of any length, so that they end within windows and reach over them.
std::vector<DocId> KeptInRuns(DocGates* gates, const std::vector<DocId>& docs,
                              SeededRandom* random) {
  std::vector<DocId> all;
  for (size_t from = 0; from < docs.size();) {
    const size_t count = std::min<size_t>(docs.size() - from, random->Below(300));
    std::vector<DocId> run(docs.begin() + static_cast<ptrdiff_t>(from),
                           docs.begin() + static_cast<ptrdiff_t>(from + count));
    std::vector<uint32_t> rows(count);
    run.resize(gates->Keep(run.data(), run.size(), rows.data()));
    for (size_t i = 0; i < run.size(); ++i) EXPECT_EQ(docs[from + rows[i]], run[i]);
    all.insert(all.end(), run.begin(), run.end());
    from += count;
  }
  return all;
}

TEST(DocGatesTest, KeepsWhatPassesAllOfThem) {
  SeededRandom random(281);
  for (int round = 0; round < 60; ++round) {
    std::set<DocId> asked;
    for (const auto& [doc, score] : RandomScores(&random, 1 + random.Below(3000)))
      asked.insert(doc);
    std::vector<DocId> want(asked.begin(), asked.end());
    const std::vector<DocId> docs = want;
    DocGates gates(kDocs);
    for (uint64_t i = random.Below(4); i > 0; --i) {
      const std::map<DocId, float> passing =
          RandomScores(&random, 1 + static_cast<uint32_t>(random.Below(2 * kDocs)));
      const bool wanted = !random.OneIn(3);
      std::erase_if(want, [&](DocId doc) { return passing.contains(doc) != wanted; });
      gates.Add(Fake(passing), wanted);
    }
    ASSERT_EQ(KeptInRuns(&gates, docs, &random), want);
  }
}

TEST(DocGatesTest, OfNoDocumentsNoneAreKept) {
  DocGates gates(kDocs);
  gates.Add(Fake({{5, 1.0f}}), /*wanted=*/true);
  EXPECT_EQ(gates.Keep(nullptr, 0, nullptr), 0u);
}

TEST(DocsOfTest, AreAllThatMatch) {
  SeededRandom random(282);
  const SearchOptions options;
  for (const uint32_t about : {0u, 1u, 50u, 5000u, 100000u}) {
    const std::map<DocId, float> scores = RandomScores(&random, about);
    std::vector<DocId> want;
    for (const auto& [doc, score] : scores) want.push_back(doc);
    SearchContext context(options);
    const ScorerPtr scorer = Fake(scores);
    EXPECT_EQ(DocsOf(scorer.get(), kDocs, &context), want);
    EXPECT_TRUE(context.ok()) << context.status();
  }
}

TEST(DocsOfTest, MemoryIsCharged) {
  SeededRandom random(283);
  SearchOptions options;
  options.memory_limit_bytes = 20'000;
  SearchContext context(options);
  const ScorerPtr scorer = Fake(RandomScores(&random, 100000));
  DocsOf(scorer.get(), kDocs, &context);
  EXPECT_EQ(CodeOf(context.status()), ErrorCode::kResourceExhausted) << context.status();
}

}  // namespace
}  // namespace segue::exec

// SPDX-License-Identifier: Apache-2.0
//
// Booleans over clauses that give no more than they must, against their definition applied to every
// document.
#include "engine/exec/boolean_scorer.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/exec/common_candidate.h"
#include "tests/exec/grudging_scorer.h"
#include "tests/exec/scorer_contract.h"
#include "tests/support/seeded_random.h"

namespace segue::exec {
namespace {

// A query as plain data: a leaf with scores, or a boolean.
struct Node {
  DocScores scores;  // of a leaf
  std::string name = {};
  std::vector<std::pair<ClauseKind, Node>> clauses = {};
  uint32_t least = 0;
};

// The score of a document that matches, clause by clause.
std::optional<float> ScoreOf(const Node& node, DocId doc) {
  if (node.clauses.empty()) {
    const auto found = node.scores.find(doc);
    return found == node.scores.end() ? std::nullopt : std::optional(found->second);
  }
  bool any_required = false;
  uint32_t shoulds = 0;
  double sum = 0;
  for (const auto& [kind, clause] : node.clauses) {
    const std::optional<float> score = ScoreOf(clause, doc);
    if (kind == ClauseKind::kMustNot) {
      if (score.has_value()) return std::nullopt;
      continue;
    }
    if (kind == ClauseKind::kMust || kind == ClauseKind::kFilter) {
      any_required = true;
      if (!score.has_value()) return std::nullopt;
    }
    if (!score.has_value()) continue;
    if (kind == ClauseKind::kShould) ++shoulds;
    if (kind != ClauseKind::kFilter) sum += static_cast<double>(*score);
  }
  if (shoulds < node.least || (!any_required && shoulds == 0)) return std::nullopt;
  return static_cast<float>(sum);
}

DocScores ScoresOf(const Node& node, uint32_t doc_count) {
  DocScores scores;
  for (DocId doc = 0; doc < doc_count; ++doc) {
    if (const std::optional<float> score = ScoreOf(node, doc)) scores[doc] = *score;
  }
  return scores;
}

Node RandomNode(SeededRandom* random, uint32_t doc_count, int depth) {
  Node node;
  if (depth == 0) {
    const uint32_t abouts[] = {1, doc_count / 300, doc_count / 20, doc_count / 2};
    node.scores = RandomScores(random, doc_count, abouts[random->Below(4)]);
    return node;
  }
  const uint64_t count = random->Between(1, 5);
  const bool only_shoulds = random->OneIn(3);
  for (uint64_t i = 0; i < count; ++i) {
    const auto kind =
        only_shoulds ? ClauseKind::kShould : static_cast<ClauseKind>(random->Below(4));
    node.clauses.emplace_back(kind,
                              RandomNode(random, doc_count, random->OneIn(4) ? depth - 1 : 0));
    node.clauses.back().second.name = "c" + std::to_string(i);
  }
  if (random->OneIn(2)) node.least = static_cast<uint32_t>(random->Below(count + 2));
  return node;
}

ScorerPtr MakeNode(const Node& node, SeededRandom* random, SearchContext* context) {
  if (node.clauses.empty()) {
    return std::make_unique<GrudgingScorer>(&node.scores, node.name, random);
  }
  std::vector<BooleanClause> clauses;
  for (const auto& [kind, clause] : node.clauses) {
    clauses.push_back({kind, MakeNode(clause, random, context)});
  }
  return std::make_unique<BooleanScorer>(std::move(clauses), node.least, context);
}

TEST(BooleanScorerTest, KeepsTheContractWhateverItsClauses) {
  SeededRandom random(211);
  for (int round = 0; round < 70; ++round) {
    constexpr uint32_t kDocCounts[] = {1, 64, 4096, 9000, 12289};
    const uint32_t doc_count = kDocCounts[random.Below(5)];
    const Node node = RandomNode(&random, doc_count, 2);
    const MakeScorer make = [&](SearchContext* context) {
      return MakeNode(node, &random, context);
    };
    SCOPED_TRACE(testing::Message() << "round " << round << " of " << doc_count << " documents");
    const DocScores want = ScoresOf(node, doc_count);
    ExpectScorer(make, want, doc_count, &random);
    ExpectExplained(make, want, doc_count, &random);
    if (HasFailure()) return;
  }
}

// All documents have the same score, so that every one of them ties with the threshold.
TEST(BooleanScorerTest, TiesAtTheThresholdAreLeftOutNowhereElse) {
  SeededRandom random(212);
  for (const ClauseKind kind : {ClauseKind::kShould, ClauseKind::kMust}) {
    Node node;
    for (int i = 0; i < 3; ++i) {
      Node leaf;
      for (const DocId doc : {0, 1, 63, 64, 4095, 4096, 8191, 8192}) leaf.scores[doc] = 0.1F;
      node.clauses.emplace_back(kind, std::move(leaf));
    }
    const DocScores want = ScoresOf(node, 8193);
    EXPECT_EQ(want.size(), 8U);
    ExpectScorer([&](SearchContext* context) { return MakeNode(node, &random, context); }, want,
                 8193, &random);
  }
}

TEST(BooleanScorerTest, CollectsThePlacesOfTheClausesThatMatch) {
  SeededRandom random(213);
  for (int round = 0; round < 30; ++round) {
    const Node node = RandomNode(&random, 500, 1);
    const SearchOptions options;
    SearchContext context(options);
    const ScorerPtr scorer = MakeNode(node, &random, &context);
    for (const auto& [doc, score] : ScoresOf(node, 500)) {
      std::vector<MatchSpan> want, spans;
      for (const auto& [kind, clause] : node.clauses) {
        const bool collects = kind != ClauseKind::kMustNot && clause.scores.count(doc) != 0;
        if (collects) want.push_back({"text", clause.name, doc, doc + 1});
      }
      scorer->CollectMatches({0, 500}, doc, &spans);
      ASSERT_EQ(spans, want) << "document " << doc;
    }
  }
}

// The cost tells the planner which clause comes first: that of the rarest required one, or of all
// optional ones together.
TEST(BooleanScorerTest, CostsWhatItsRarestRequiredClauseCosts) {
  SeededRandom random(214);
  const SearchOptions options;
  SearchContext context(options);
  const auto leaf = [&](uint32_t docs) {
    Node node;
    for (DocId doc = 0; doc < docs; ++doc) node.scores[doc] = 1;
    return node;
  };
  Node node;
  node.clauses.emplace_back(ClauseKind::kShould, leaf(7));
  node.clauses.emplace_back(ClauseKind::kShould, leaf(5));
  node.clauses.emplace_back(ClauseKind::kMustNot, leaf(1));
  EXPECT_EQ(MakeNode(node, &random, &context)->Cost(), 12U);
  node.clauses.emplace_back(ClauseKind::kMust, leaf(90));
  node.clauses.emplace_back(ClauseKind::kFilter, leaf(40));
  EXPECT_EQ(MakeNode(node, &random, &context)->Cost(), 40U);
}

// The window that it names may hold no common document, but none before it does.
TEST(CommonCandidateTest, LeavesOutNoDocumentThatAllHave) {
  SeededRandom random(215);
  for (int round = 0; round < 200; ++round) {
    const uint32_t doc_count = 40000;
    std::list<DocScores> lists;
    std::vector<ScorerPtr> scorers;
    const bool shared = random.OneIn(2);
    const DocScores common = RandomScores(&random, doc_count, 3);
    for (uint64_t i = random.Between(1, 4); i > 0; --i) {
      lists.push_back(
          RandomScores(&random, doc_count, static_cast<uint32_t>(random.Between(1, 30))));
      if (shared) lists.back().insert(common.begin(), common.end());
      scorers.push_back(std::make_unique<GrudgingScorer>(&lists.back(), "leaf", &random));
    }
    for (DocId from = 0; from < doc_count;) {
      const DocId candidate = NextCommonCandidate(scorers, from);
      ASSERT_GE(candidate, from);
      for (const auto& [doc, score] : lists.front()) {
        if (doc < from || doc >= candidate) continue;
        bool all = true;
        for (const DocScores& list : lists) all = all && list.count(doc) != 0;
        ASSERT_FALSE(all) << doc << " comes before " << candidate << ", asked from " << from;
      }
      if (candidate == kEndOfDocs) break;
      from = WindowOf(candidate, doc_count).end;
    }
  }
}

}  // namespace
}  // namespace segue::exec

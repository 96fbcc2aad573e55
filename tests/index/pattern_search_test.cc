// SPDX-License-Identifier: Apache-2.0
//
// Prefixes, patterns, fuzzy words and ranges of terms in an index: what users see of them beyond
// hits and scores, which tests/oracle compares.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "engine/io/memory_env.h"
#include "segue/index.h"
#include "segue/query.h"
#include "segue/query_parser.h"
#include "segue/status.h"

namespace segue {
namespace {

class PatternSearchTest : public ::testing::Test {
 protected:
  // A document a text, committed after each `per_segment`.
  void Make(const std::vector<std::string>& texts, size_t per_segment) {
    Schema schema;
    ASSERT_TRUE(schema.AddField("text", {.type = FieldType::kText}).ok());
    ASSERT_TRUE(schema.AddField("tag", {.type = FieldType::kKeyword}).ok());
    auto index = Index::Create("index", schema, {.env = env_.get()});
    ASSERT_TRUE(index.ok()) << index.status();
    auto writer = *index->OpenWriter({.auto_merge = false});
    for (size_t i = 0; i < texts.size(); ++i) {
      ASSERT_TRUE(writer->Add(Document().Add("text", texts[i]).Add("tag", texts[i])).ok());
      if ((i + 1) % per_segment == 0) {
        ASSERT_TRUE(writer->Commit().ok());
      }
    }
    ASSERT_TRUE(writer->Commit().ok());
    snapshot_ = *index->OpenSnapshot();
  }

  SearchResult Search(std::string_view text, const SearchOptions& options = {}) {
    absl::StatusOr<SearchResult> result = snapshot_->Search(ParseQuery(text).query, options);
    EXPECT_TRUE(result.ok()) << text << ": " << result.status();
    return result.ok() ? *std::move(result) : SearchResult();
  }

  std::vector<uint64_t> DocsOf(std::string_view text) {
    std::vector<uint64_t> docs;
    for (const Hit& hit : Search(text).hits) docs.push_back(hit.doc);
    return docs;
  }

  std::unique_ptr<Env> env_ = NewMemoryEnv();
  std::shared_ptr<const Snapshot> snapshot_;
};

using Numbers = std::vector<uint64_t>;

TEST_F(PatternSearchTest, TheNearestComesFirst) {
  Make({"jazzy", "jazz", "jaz", "jizz", "blue", "Jazzmatazz"}, 2);
  EXPECT_EQ(DocsOf("text:jazz*"), (Numbers{1, 0, 5}));
  EXPECT_EQ(DocsOf("text:JAZZ~1"), (Numbers{1, 0, 3, 2}));
  EXPECT_EQ(DocsOf("text:j?zz"), (Numbers{1, 3}));
  EXPECT_EQ(DocsOf("text:/ja.{1,2}/"), (Numbers{1, 2}));
  EXPECT_EQ(DocsOf("text:{blue TO jazz]"), (Numbers{1, 2}));
  EXPECT_EQ(DocsOf("tag:Jazz*"), (Numbers{5}));
  EXPECT_EQ(Search("text:{blue TO jazz]").hits[0].score, 1.0f);
  EXPECT_FALSE(Search("text:jazz*").expansions_cut);
}

TEST_F(PatternSearchTest, ARareMisspellingDoesNotWin) {
  std::vector<std::string> texts(40, "coltrane plays");
  texts.push_back("coltrain plays");
  Make(texts, 7);
  const std::vector<Hit> hits = Search("text:coltrane~2", {.k = 41}).hits;
  ASSERT_EQ(hits.size(), 41u);
  EXPECT_EQ(hits.back().doc, 40u);
}

TEST_F(PatternSearchTest, ExplainAndMatchesNameTheTerms) {
  Make({"blue jazz jazzy", "green"}, 1);
  const Query query = ParseQuery("text:jaz* text:[b TO d]").query;
  const SearchResult found = Search("text:jaz* text:[b TO d]");
  ASSERT_EQ(found.hits.size(), 1u);
  const absl::StatusOr<Explanation> why = snapshot_->Explain(query, 0);
  ASSERT_TRUE(why.ok());
  EXPECT_EQ(why->value, found.hits[0].score);
  const std::string text = why->ToText();
  for (const char* part : {"max of:", "text:jazz ", "text:jazzy ", "constant score"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
  }
  const auto spans = snapshot_->Matches(query, 0);
  ASSERT_TRUE(spans.ok());
  EXPECT_EQ(*spans, (std::vector<MatchSpan>{{"text", "text:jazz", 1, 2},
                                            {"text", "text:jazzy", 2, 3},
                                            {"text", "text:blue", 0, 1}}));
  EXPECT_FALSE(snapshot_->Explain(query, 1)->match);
  EXPECT_TRUE(snapshot_->Matches(query, 1)->empty());
}

// 3,000 words with one prefix: 1,024 of them, the shortest first, are scored.
TEST_F(PatternSearchTest, CutExpansionsAreFlaggedAndStillMatch) {
  std::vector<std::string> texts;
  for (int i = 0; i < 3000; ++i) texts.push_back("p" + std::to_string(i));
  Make(texts, 1100);
  const SearchResult all = Search("text:p*", {.k = 3000});
  EXPECT_TRUE(all.expansions_cut);
  ASSERT_EQ(all.diagnostics.size(), 1u);
  EXPECT_NE(all.diagnostics[0].message.find("'text:p*' stands for more than 1024 terms"),
            std::string::npos)
      << all.diagnostics[0].message;
  EXPECT_EQ(all.diagnostics[0].end_byte, 7u);
  EXPECT_EQ(all.total->value, 3000u);
  ASSERT_EQ(all.hits.size(), 3000u);
  EXPECT_EQ(all.hits[0].doc, 0u);
  EXPECT_GT(all.hits[1023].score, 0);
  EXPECT_EQ(all.hits[1024].score, 0);
  EXPECT_EQ(all.hits[1024].doc, 1024u);
  // No scores, no cut.
  EXPECT_EQ(Search("text:p*", {.k = 0}).total->value, 3000u);
  EXPECT_FALSE(Search("text:p*", {.k = 0}).expansions_cut);
  EXPECT_FALSE(Search("text:[p TO q]").expansions_cut);
  const Query filter = Query::Boolean({{Occur::kFilter, Query::Prefix("text", "p")},
                                       {Occur::kMustNot, Query::Wildcard("text", "p?")}});
  const absl::StatusOr<SearchResult> filtered = snapshot_->Search(filter);
  ASSERT_TRUE(filtered.ok()) << filtered.status();
  EXPECT_EQ(filtered->total->value, 2990u);
  EXPECT_FALSE(filtered->expansions_cut);
}

TEST_F(PatternSearchTest, StatisticsHoldTheTerms) {
  Make({"jazz", "jazzy", "jizz", "blue"}, 2);
  const auto statistics = snapshot_->CollectStatistics(ParseQuery("text:jaz* -text:b*").query);
  ASSERT_TRUE(statistics.ok());
  std::vector<std::string> terms;
  statistics->VisitTerms("text", [&](std::string_view term, const TermStatistics& of_term) {
    terms.push_back(std::string(term) + "=" + std::to_string(of_term.doc_freq));
  });
  EXPECT_EQ(terms, (std::vector<std::string>{"jazz=1", "jazzy=1"}));
  EXPECT_EQ(statistics->Field("text").doc_count, 4u);
}

TEST_F(PatternSearchTest, DeadlinesAndLimitsHold) {
  std::vector<std::string> texts;
  for (int i = 0; i < 3000; ++i) texts.push_back("p" + std::to_string(i));
  Make(texts, 3000);
  const Query query = Query::Wildcard("text", "*x");
  const auto past = std::chrono::steady_clock::now() - std::chrono::seconds(1);
  EXPECT_EQ(CodeOf(snapshot_->Search(query, {.deadline = past}).status()),
            ErrorCode::kDeadlineExceeded);
  const std::atomic<bool> cancelled = true;
  EXPECT_EQ(CodeOf(snapshot_->Search(query, {.cancel = &cancelled}).status()),
            ErrorCode::kCancelled);
  EXPECT_EQ(
      CodeOf(snapshot_->Search(Query::Prefix("text", "p"), {.memory_limit_bytes = 100}).status()),
      ErrorCode::kResourceExhausted);
}

}  // namespace
}  // namespace segue

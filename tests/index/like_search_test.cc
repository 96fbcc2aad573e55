// SPDX-License-Identifier: Apache-2.0
//
// Documents like a text and like each other, in an index. Hits and scores over random documents are
// compared in tests/oracle.
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/limits.h"
#include "engine/io/memory_env.h"
#include "segue/index.h"
#include "segue/query.h"
#include "segue/query_parser.h"
#include "segue/status.h"

namespace segue {
namespace {

constexpr char kSchema[] = R"({"key":"id","default":["title","all"],"fields":{
    "id":{"type":"keyword"},"title":{"type":"text","stored":true},
    "body":{"type":"text","analyzer":"english","stored":true},
    "genre":{"type":"keyword","multi":true,"stored":true},"year":{"type":"int64"},
    "hidden":{"type":"text"},
    "all":{"type":"text","from":["title","body"]}}})";

class LikeSearchTest : public ::testing::Test {
 protected:
  LikeSearchTest()
      : index_(*Index::Create("index", *Schema::FromJson(kSchema), {.env = env_.get()})),
        writer_(*index_.OpenWriter({.auto_merge = false})) {}

  void Add(std::string_view id, std::string_view title, std::string_view body,
           const std::vector<std::string>& genres = {}) {
    Document document;
    document.Add("id", id).Add("title", title).Add("body", body).Add("hidden", body);
    for (const std::string& genre : genres) document.Add("genre", genre);
    ASSERT_TRUE(writer_->Add(document).ok());
  }
  void Commit() {
    ASSERT_TRUE(writer_->Commit().ok());
    snapshot_ = *index_.OpenSnapshot();
  }

  std::vector<std::string> KeysOf(const Query& query) {
    const absl::StatusOr<SearchResult> result = snapshot_->Search(query);
    EXPECT_TRUE(result.ok()) << result.status();
    std::vector<std::string> keys;
    diagnostics_ = result->diagnostics;
    for (const Hit& hit : result->hits) keys.push_back(*snapshot_->Key(hit.doc));
    return keys;
  }
  std::vector<std::string> Like(std::string_view key, std::string_view field = {},
                                const LikeOptions& options = {}) {
    const uint64_t doc = **snapshot_->FindKey(key);
    return KeysOf(*snapshot_->LikeDocument(doc, field, options));
  }

  std::unique_ptr<Env> env_ = NewMemoryEnv();
  Index index_;
  std::unique_ptr<Writer> writer_;
  std::shared_ptr<const Snapshot> snapshot_;
  std::vector<Diagnostic> diagnostics_;
};

using Keys = std::vector<std::string>;

TEST_F(LikeSearchTest, TheRarestWordsOfTheTextStandForIt) {
  Add("1", "one", "modal jazz with a trumpet and a piano");
  Add("2", "two", "trumpet jazz");
  Commit();
  Add("3", "three", "jazz piano");
  Add("4", "four", "jazz rock");
  Add("5", "five", "rock of ages");
  Commit();
  const std::string text = "a trumpet, a piano, a trumpet: jazz unheard of";
  // Two of three words, 30 percent of which are none: one is enough.
  EXPECT_EQ(KeysOf(Query::Like("body", text, {.max_terms = 2})), (Keys{"1", "2", "3"}));
  EXPECT_EQ(KeysOf(Query::Like("body", text, {.max_terms = 1})), (Keys{"2", "1"}));
  EXPECT_EQ(KeysOf(Query::Like("body", text, {.min_match_percent = 100})), (Keys{"1"}));
  EXPECT_EQ(KeysOf(Query::Like("body", text, {.max_doc_freq = 2})), (Keys{"1", "2", "3"}));
  EXPECT_EQ(KeysOf(Query::Like("body", text, {.min_doc_freq = 3})), (Keys{"2", "3", "4", "1"}));
  EXPECT_TRUE(diagnostics_.empty());
  EXPECT_EQ(KeysOf(ParseQuery("body:LIKE(modal ages)").query), (Keys{}));
  ASSERT_EQ(diagnostics_.size(), 1u);
  EXPECT_NE(diagnostics_[0].message.find("in at least 2 documents"), std::string::npos);
  EXPECT_EQ(diagnostics_[0].begin_byte, 5u);
  EXPECT_EQ(KeysOf(ParseQuery("body:LIKE(modal ages, min_doc_freq=1)").query), (Keys{"5", "1"}));
}

// As if these words had been typed.
TEST_F(LikeSearchTest, ScoredAsItsWords) {
  Add("1", "one", "modal jazz with a trumpet");
  Add("2", "two", "trumpet jazz");
  Add("3", "three", "jazz piano");
  Commit();
  const Query like = Query::Like("body", "trumpet jazz trumpet");
  const auto of_like = snapshot_->Search(like);
  const auto of_words = snapshot_->Search(ParseQuery("body:(trumpet^2 jazz)").query);
  ASSERT_TRUE(of_like.ok() && of_words.ok());
  EXPECT_EQ(of_like->hits, of_words->hits);
  ASSERT_EQ(of_like->hits.size(), 3u);
  for (const Hit& hit : of_like->hits) {
    const auto why = snapshot_->Explain(like, hit.doc);
    ASSERT_TRUE(why.ok());
    EXPECT_EQ(why->value, hit.score);
  }
  const auto spans = snapshot_->Matches(like, 0);
  ASSERT_TRUE(spans.ok());
  ASSERT_EQ(spans->size(), 2u);
  EXPECT_EQ((*spans)[0].clause, "body:trumpet");
}

TEST_F(LikeSearchTest, LikeADocument) {
  Add("1", "Kind of Blue", "modal jazz", {"jazz", "modal"});
  Add("2", "Blue Train", "hard bop jazz", {"jazz", "bop"});
  Add("3", "Out of the Blue", "rock", {"rock"});
  Add("4", "Giant Steps", "jazz", {"jazz", "bop"});
  Commit();
  EXPECT_EQ(Like("1", "title"), (Keys{"3", "2"}));
  EXPECT_EQ(Like("4", "body"), (Keys{"1", "2"}));
  EXPECT_EQ(Like("2", "genre", {.min_match_percent = 100}), (Keys{"4"}));
  // The default fields; one of them is filled from others.
  EXPECT_EQ(Like("4"), (Keys{"1", "2"}));
  const auto query = snapshot_->LikeDocument(0);
  ASSERT_TRUE(query.ok());
  EXPECT_EQ(query->ToString(),
            "+(title:LIKE(\"Kind of Blue\") | all:LIKE(\"Kind of Blue\\x{0a}modal jazz\")) "
            "-ids(1)");
  EXPECT_EQ(*Query::FromJson(query->ToJson()), *query);
}

TEST_F(LikeSearchTest, WordsInOneOfTheFieldsAreEnough) {
  Add("1", "one", "modal jazz");
  Add("2", "two", "jazz", {""});
  Commit();
  // No title has the word.
  EXPECT_EQ(KeysOf(Query::Like("", "jazz")), (Keys{"2", "1"}));
  EXPECT_TRUE(diagnostics_.empty());
  EXPECT_EQ(KeysOf(ParseQuery("LIKE(jazz) LIKE(modal)").query), (Keys{"2", "1"}));
  ASSERT_EQ(diagnostics_.size(), 1u);
  EXPECT_EQ(diagnostics_[0].begin_byte, 11u);
  EXPECT_NE(diagnostics_[0].message.find("min_doc_freq"), std::string::npos);
  // An empty value is no text.
  EXPECT_EQ(CodeOf(snapshot_->LikeDocument(1, "genre").status()), ErrorCode::kFailedPrecondition);
}

TEST_F(LikeSearchTest, WhatCannotBe) {
  Add("1", "Kind of Blue", "modal jazz");
  Add("2", "Blue Train", "jazz");
  Commit();
  const auto code = [&](uint64_t doc, std::string_view field) {
    return CodeOf(snapshot_->LikeDocument(doc, field).status());
  };
  EXPECT_EQ(code(0, "title"), ErrorCode::kOk);
  EXPECT_EQ(code(2, "title"), ErrorCode::kNotFound);
  EXPECT_EQ(code(0, "none"), ErrorCode::kInvalidArgument);
  EXPECT_EQ(code(0, "hidden"), ErrorCode::kFailedPrecondition);
  EXPECT_EQ(code(0, "year"), ErrorCode::kFailedPrecondition);
  EXPECT_EQ(code(0, "genre"), ErrorCode::kFailedPrecondition);
  ASSERT_TRUE(*writer_->Delete("1"));
  Commit();
  EXPECT_EQ(code(0, "title"), ErrorCode::kNotFound);
}

TEST_F(LikeSearchTest, OnlyTheStartOfALongText) {
  std::string body;
  while (body.size() + 3 < kMaxQueryBytes) body += "x ";
  body += "yé z";  // the limit lies within é
  Add("1", "one", std::string(body));
  Add("2", "two", "z");
  Add("3", "three", "y");
  Commit();
  const auto query = snapshot_->LikeDocument(0, "body", {.min_doc_freq = 1});
  ASSERT_TRUE(query.ok());
  const std::string& text = query->clauses()[0].query.text();
  EXPECT_LE(text.size(), kMaxQueryBytes);
  EXPECT_GE(text.size(), kMaxQueryBytes - 1);
  EXPECT_TRUE(query->Validate().ok());
  EXPECT_EQ(body.compare(0, text.size(), text), 0);
}

}  // namespace
}  // namespace segue

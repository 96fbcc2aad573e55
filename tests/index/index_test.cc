// SPDX-License-Identifier: Apache-2.0
//
// The public API as a program uses it.
#include "segue/index.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "engine/base/strings.h"
#include "engine/io/memory_env.h"
#include "gtest/gtest.h"
#include "segue/query.h"
#include "segue/status.h"

namespace segue {
namespace {

namespace fs = std::filesystem;

Schema SmallSchema() {
  Schema schema;
  EXPECT_TRUE(schema.AddField("id", {.type = FieldType::kKeyword}).ok());
  EXPECT_TRUE(schema.AddField("title", {.type = FieldType::kText, .stored = true}).ok());
  EXPECT_TRUE(schema.SetKey("id").ok());
  return schema;
}

Document Doc(std::string_view id, std::string_view title) {
  Document document;
  document.Add("id", id).Add("title", title);
  return document;
}

class IndexTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() /
              Cat("segue-index-test-", getpid(), "-",
                  ::testing::UnitTest::GetInstance()->current_test_info()->name());
    fs::remove_all(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  Index Make() {
    auto index = Index::Create(folder_.string(), SmallSchema());
    EXPECT_TRUE(index.ok()) << index.status();
    return *std::move(index);
  }
  std::shared_ptr<const Snapshot> Open(const Index& index) {
    auto snapshot = index.OpenSnapshot();
    EXPECT_TRUE(snapshot.ok()) << snapshot.status();
    return *std::move(snapshot);
  }
  std::unique_ptr<Writer> Write(const Index& index) {
    auto writer = index.OpenWriter();
    EXPECT_TRUE(writer.ok()) << writer.status();
    return *std::move(writer);
  }

  fs::path folder_;
};

TEST_F(IndexTest, WhatIsCommittedIsFound) {
  const Index index = Make();
  EXPECT_EQ(Open(index)->doc_count(), 0u);
  {
    auto writer = Write(index);
    ASSERT_TRUE(writer->Add(Doc("1", "Kind of Blue")).ok());
    ASSERT_TRUE(writer->Add(Doc("2", "Blue Train")).ok());
    EXPECT_EQ(Open(index)->doc_count(), 0u) << "nothing is visible before the commit";
    const auto committed = writer->Commit();
    ASSERT_TRUE(committed.ok()) << committed.status();
    EXPECT_EQ(committed->added, 2u);
    EXPECT_EQ(committed->documents, 2u);
  }
  const auto snapshot = Open(index);
  const auto result = snapshot->Search(Query::Text("blue train"));
  ASSERT_TRUE(result.ok()) << result.status();
  ASSERT_EQ(result->hits.size(), 2u);
  EXPECT_EQ(*snapshot->Key(result->hits[0].doc), "2");
  EXPECT_EQ(std::get<std::string>(*snapshot->Stored(result->hits[0].doc)->Find("title")),
            "Blue Train");
  const auto again = Index::Open(folder_.string());
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(Open(*again)->doc_count(), 2u);
}

TEST_F(IndexTest, SnapshotsNeverChange) {
  const Index index = Make();
  auto writer = Write(index);
  ASSERT_TRUE(writer->Add(Doc("1", "one")).ok());
  ASSERT_TRUE(writer->Commit().ok());
  const auto before = Open(index);
  ASSERT_TRUE(writer->Upsert(Doc("1", "two")).ok());
  ASSERT_TRUE(writer->Commit().ok());
  ASSERT_TRUE(writer->ForceMerge(1).ok());
  const auto after = Open(index);
  EXPECT_EQ(before->Search(Query::Text("one"))->hits.size(), 1u);
  EXPECT_EQ(before->Search(Query::Text("two"))->hits.size(), 0u);
  EXPECT_EQ(after->Search(Query::Text("one"))->hits.size(), 0u);
  EXPECT_EQ(after->Search(Query::Text("two"))->hits.size(), 1u);
  EXPECT_EQ(std::get<std::string>(*before->Stored(0)->Find("title")), "one");
}

TEST_F(IndexTest, DeletesAndUpsertsByKey) {
  const Index index = Make();
  auto writer = Write(index);
  ASSERT_TRUE(writer->Add(Doc("1", "one")).ok());
  EXPECT_EQ(CodeOf(writer->Add(Doc("1", "again"))), ErrorCode::kInvalidArgument);
  ASSERT_TRUE(writer->Commit().ok());
  EXPECT_EQ(CodeOf(writer->Add(Doc("1", "again"))), ErrorCode::kInvalidArgument);
  EXPECT_EQ(*writer->Delete("1"), true);
  EXPECT_EQ(*writer->Delete("1"), false);
  EXPECT_EQ(*writer->Delete("never"), false);
  ASSERT_TRUE(writer->Upsert(Doc("2", "two")).ok());
  ASSERT_TRUE(writer->Upsert(Doc("2", "two again")).ok());
  ASSERT_TRUE(writer->Commit().ok());
  const auto snapshot = Open(index);
  EXPECT_EQ(snapshot->live_doc_count(), 1u);
  EXPECT_FALSE(snapshot->FindKey("1")->has_value());
  ASSERT_TRUE(snapshot->FindKey("2")->has_value());
  EXPECT_EQ(snapshot->Search(Query::Text("again"))->total->value, 1u);
  EXPECT_EQ(snapshot->Search(Query::All())->total->value, 1u);
}

TEST_F(IndexTest, RollbackForgetsWhatWasNotCommitted) {
  const Index index = Make();
  auto writer = Write(index);
  ASSERT_TRUE(writer->Add(Doc("1", "kept")).ok());
  ASSERT_TRUE(writer->Commit().ok());
  ASSERT_TRUE(writer->Add(Doc("2", "dropped")).ok());
  EXPECT_EQ(*writer->Delete("1"), true);
  ASSERT_TRUE(writer->Rollback().ok());
  ASSERT_TRUE(writer->Add(Doc("3", "later")).ok());
  ASSERT_TRUE(writer->Commit().ok());
  const auto snapshot = Open(index);
  EXPECT_TRUE(snapshot->FindKey("1")->has_value());
  EXPECT_FALSE(snapshot->FindKey("2")->has_value());
  EXPECT_TRUE(snapshot->FindKey("3")->has_value());
}

TEST_F(IndexTest, DeletesByQuery) {
  const Index index = Make();
  auto writer = Write(index);
  for (int i = 0; i < 6; ++i) {
    ASSERT_TRUE(writer->Add(Doc(Cat("k", i), Cat(i % 2 == 0 ? "even" : "odd", " number", i))).ok());
    if (i == 3) {
      ASSERT_TRUE(writer->Commit().ok());
    }
  }
  // Of the committed ones, and of those in memory.
  EXPECT_EQ(*writer->DeleteByQuery(Query::Term("title", "odd")), 3u);
  EXPECT_EQ(*writer->DeleteByQuery(Query::Term("title", "odd")), 0u) << "they are gone already";
  EXPECT_EQ(*writer->DeleteByQuery(Query::Term("title", "absent")), 0u);
  EXPECT_EQ(Open(index)->live_doc_count(), 4u) << "nothing is visible before the commit";
  ASSERT_TRUE(writer->Add(Doc("k1", "odd again")).ok()) << "its key is free";
  const auto info = writer->Commit();
  ASSERT_TRUE(info.ok()) << info.status();
  EXPECT_EQ(info->deleted, 3u);
  EXPECT_EQ(info->documents, 4u);
  EXPECT_EQ(Open(index)->Search(Query::Term("title", "odd"))->total->value, 1u);
  EXPECT_EQ(*writer->DeleteByQuery(Query::All()), 4u);
  ASSERT_TRUE(writer->Rollback().ok());
  EXPECT_EQ(*writer->DeleteByQuery(Query::MatchPhrase("title", "odd again")), 1u);
  EXPECT_EQ(*writer->Delete("k1"), false);
}

TEST_F(IndexTest, DeletingTakesNoGuesses) {
  const Index index = Make();
  auto writer = Write(index);
  ASSERT_TRUE(writer->AddField("year", {.type = FieldType::kInt64}).ok());
  ASSERT_TRUE(writer->Add(Doc("1", "one")).ok());
  const Query doubtful[] = {
      Query::Term("none", "one"), Query::Match("year", "many"),
      Query::Boolean({{Occur::kMust, Query::All()}, {Occur::kMustNot, Query::Term("none", "x")}}),
      Query::Boolean({{Occur::kMustNot, Query::Term("title", "two")}})};
  for (const Query& query : doubtful) {
    const auto refused = writer->DeleteByQuery(query);
    EXPECT_EQ(CodeOf(refused.status()), ErrorCode::kInvalidArgument) << query.ToJson();
  }
  ASSERT_TRUE(writer->Commit().ok());
  EXPECT_EQ(Open(index)->live_doc_count(), 1u);
}

// A host program that commits to a database too: prepare here, commit there, commit here.
TEST_F(IndexTest, TwoPhaseCommitWithAPayload) {
  const Index index = Make();
  EXPECT_EQ(Open(index)->payload(), "");
  auto writer = Write(index);
  ASSERT_TRUE(writer->Add(Doc("1", "one")).ok());
  ASSERT_TRUE(writer->Prepare({.payload = "transaction 1"}).ok());
  EXPECT_EQ(Open(index)->payload(), "");
  EXPECT_EQ(Open(index)->live_doc_count(), 0u);
  ASSERT_TRUE(writer->Commit().ok());
  EXPECT_EQ(Open(index)->payload(), "transaction 1");
  EXPECT_EQ(Open(index)->live_doc_count(), 1u);
  ASSERT_TRUE(writer->Add(Doc("2", "two")).ok());
  ASSERT_TRUE(writer->Prepare({.payload = "transaction 2"}).ok());
  ASSERT_TRUE(writer->Rollback().ok());
  ASSERT_TRUE(writer->Add(Doc("3", "three")).ok());
  ASSERT_TRUE(writer->Commit().ok());
  EXPECT_EQ(Open(index)->payload(), "transaction 1");
  EXPECT_EQ(Open(index)->live_doc_count(), 2u);
}

TEST_F(IndexTest, CommitsNeedNotWaitForTheDisk) {
  const Index index = Make();
  {
    auto writer = *index.OpenWriter({.durability = Durability::kNoSync});
    ASSERT_TRUE(writer->Add(Doc("1", "one")).ok());
    ASSERT_TRUE(writer->Commit().ok());
  }
  EXPECT_EQ(Open(index)->live_doc_count(), 1u);
  auto writer = Write(index);
  EXPECT_EQ(writer->Commit()->generation, 3u) << "what was not synced is now";
  EXPECT_EQ(writer->Commit()->generation, 3u);
}

TEST_F(IndexTest, AFieldCanBeAddedLater) {
  const Index index = Make();
  auto writer = Write(index);
  ASSERT_TRUE(writer->Add(Doc("1", "one")).ok());
  ASSERT_TRUE(writer->Commit().ok());
  ASSERT_TRUE(writer->AddField("year", {.type = FieldType::kInt64}).ok());
  EXPECT_FALSE(writer->AddField("year", {.type = FieldType::kInt64}).ok());
  Document document = Doc("2", "two");
  document.Add("year", Value(int64_t{1959}));
  ASSERT_TRUE(writer->Add(document).ok());
  ASSERT_TRUE(writer->Commit().ok());
  for (int round = 0; round < 2; ++round) {
    const auto snapshot = Open(index);
    const auto result = snapshot->Search(Query::Equals("year", int64_t{1959}));
    ASSERT_TRUE(result.ok()) << result.status();
    ASSERT_EQ(result->hits.size(), 1u);
    EXPECT_EQ(*snapshot->Key(result->hits[0].doc), "2");
    ASSERT_TRUE(writer->ForceMerge(1).ok());
  }
}

TEST_F(IndexTest, OneWriterAtATime) {
  const Index index = Make();
  const auto writer = Write(index);
  const auto second = index.OpenWriter();
  EXPECT_EQ(CodeOf(second.status()), ErrorCode::kLocked);
  EXPECT_NE(second.status().message().find(Cat(getpid())), absl::string_view::npos)
      << "names the holder: " << second.status();
}

TEST_F(IndexTest, ErrorsSayWhatIsWrong) {
  EXPECT_EQ(CodeOf(Index::Open((folder_ / "none").string()).status()), ErrorCode::kNotFound);
  fs::create_directories(folder_);
  EXPECT_EQ(CodeOf(Index::Open(folder_.string()).status()), ErrorCode::kNotFound);
  { const Index index = Make(); }
  EXPECT_EQ(CodeOf(Index::Create(folder_.string(), SmallSchema()).status()),
            ErrorCode::kFailedPrecondition);
}

TEST_F(IndexTest, DamageIsToldNotSearched) {
  {
    const Index index = Make();
    auto writer = Write(index);
    for (int i = 0; i < 300; ++i) {
      ASSERT_TRUE(writer->Add(Doc(Cat("k", i), "blue train")).ok());
    }
    ASSERT_TRUE(writer->Commit().ok());
  }
  for (const auto& entry : fs::directory_iterator(folder_)) {
    if (entry.path().extension() != ".post") continue;
    std::fstream file(entry.path(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(100);
    file.put('\x55');
  }
  const auto index = Index::Open(folder_.string());
  ASSERT_TRUE(index.ok()) << index.status();
  const auto snapshot = index->OpenSnapshot();
  ASSERT_TRUE(snapshot.ok()) << snapshot.status();
  const auto result = (*snapshot)->Search(Query::Text("blue"));
  EXPECT_EQ(CodeOf(result.status()), ErrorCode::kDataLoss) << result.status();
}

TEST_F(IndexTest, SearchOptionsAreChecked) {
  const Index index = Make();
  const auto snapshot = Open(index);
  EXPECT_EQ(CodeOf(snapshot->Search(Query::All(), {.k = 10001}).status()),
            ErrorCode::kResourceExhausted);
  SearchOptions options;
  options.k1 = -1.0f;
  EXPECT_EQ(CodeOf(snapshot->Search(Query::All(), options).status()), ErrorCode::kInvalidArgument);
  options.k1 = 1.0f;
  options.b = 2.0f;
  EXPECT_EQ(CodeOf(snapshot->Search(Query::All(), options).status()), ErrorCode::kInvalidArgument);
  const auto is_refused = [&](SearchOptions with) {
    const absl::Status status = snapshot->Search(Query::All(), with).status();
    return CodeOf(status) == ErrorCode::kInvalidArgument && !status.message().empty();
  };
  EXPECT_TRUE(is_refused({.similarity = static_cast<Similarity>(7)}));
  EXPECT_TRUE(is_refused({.delta = -1.0f}));
  EXPECT_TRUE(is_refused({.mu = 0.0f}));
  EXPECT_FALSE(is_refused({.similarity = Similarity::kDph, .delta = 0.0f, .mu = 1.0f}));
  EXPECT_EQ(CodeOf(snapshot->Stored(0).status()), ErrorCode::kNotFound);
}

TEST_F(IndexTest, WorksOverAnyEnv) {
  const auto env = NewMemoryEnv();
  auto index = Index::Create("memory", SmallSchema(), {.env = env.get()});
  ASSERT_TRUE(index.ok()) << index.status();
  auto writer = Write(*index);
  ASSERT_TRUE(writer->Add(Doc("1", "one")).ok());
  ASSERT_TRUE(writer->Commit().ok());
  EXPECT_EQ(Open(*index)->Search(Query::Text("one"))->total->value, 1u);
}

TEST_F(IndexTest, PreadGivesWhatMmapGives) {
  {
    const Index index = Make();
    auto writer = Write(index);
    for (int i = 0; i < 3000; ++i) {
      ASSERT_TRUE(writer->Add(Doc(Cat("k", i), Cat("word", i % 17, " blue word", i % 5))).ok());
    }
    ASSERT_TRUE(writer->Commit().ok());
  }
  const auto mapped = Index::Open(folder_.string(), {.read_mode = ReadMode::kMmap});
  const auto read = Index::Open(folder_.string(), {.read_mode = ReadMode::kPread});
  ASSERT_TRUE(mapped.ok() && read.ok());
  for (const Query& query : {Query::Text("blue word3"), Query::MatchPhrase("title", "blue word1"),
                             Query::Term("title", "word16")}) {
    const auto a = Open(*mapped)->Search(query);
    const auto b = Open(*read)->Search(query);
    ASSERT_TRUE(a.ok() && b.ok()) << b.status();
    EXPECT_EQ(a->hits, b->hits);
    EXPECT_EQ(a->total, b->total);
  }
}

TEST_F(IndexTest, MatchesSayWhereEachClauseStands) {
  const Index index = Make();
  auto writer = Write(index);
  ASSERT_TRUE(writer->Add(Doc("1", "blue train, blue note, blue train")).ok());
  ASSERT_TRUE(writer->Commit().ok());
  const auto snapshot = Open(index);
  const auto spans =
      snapshot->Matches(Query::Boolean({{Occur::kMust, Query::MatchPhrase("title", "blue train")},
                                        {Occur::kShould, Query::Match("title", "note absent")},
                                        {Occur::kMustNot, Query::Match("title", "red")}}),
                        0);
  ASSERT_TRUE(spans.ok()) << spans.status();
  EXPECT_EQ(*spans, (std::vector<MatchSpan>{{"title", "title:\"blue train\"", 0, 2},
                                            {"title", "title:\"blue train\"", 4, 6},
                                            {"title", "title:note", 3, 4}}));
  EXPECT_TRUE(snapshot->Matches(Query::Text("absent"), 0)->empty());
  EXPECT_EQ(CodeOf(snapshot->Matches(Query::All(), 1).status()), ErrorCode::kNotFound);
}

TEST_F(IndexTest, TermsAndStatistics) {
  const Index index = Make();
  auto writer = Write(index);
  ASSERT_TRUE(writer->Add(Doc("1", "blue blue train")).ok());
  ASSERT_TRUE(writer->Commit().ok());
  ASSERT_TRUE(writer->Add(Doc("2", "blues")).ok());
  ASSERT_TRUE(writer->Commit().ok());
  const auto snapshot = Open(index);
  const auto terms = snapshot->Terms("title", "blu", 10);
  ASSERT_TRUE(terms.ok()) << terms.status();
  EXPECT_EQ(*terms, (std::vector<std::pair<std::string, uint64_t>>{{"blue", 1}, {"blues", 1}}));
  EXPECT_EQ(snapshot->Terms("title", "", 1)->size(), 1u);
  EXPECT_EQ(*snapshot->DocFreq("title", "blue"), 1u);
  EXPECT_EQ(*snapshot->FieldStats("title"), (FieldStatistics{2, 4}));
  EXPECT_EQ(CodeOf(snapshot->FieldStats("none").status()), ErrorCode::kNotFound);
}

}  // namespace
}  // namespace segue

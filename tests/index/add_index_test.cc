// SPDX-License-Identifier: Apache-2.0
//
// Writer::AddIndex: the documents of another index, with the same hits and scores as if they had
// been added here.
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/base/strings.h"
#include "engine/io/memory_env.h"
#include "engine/verify/verify.h"
#include "gtest/gtest.h"
#include "segue/index.h"
#include "segue/query.h"
#include "segue/status.h"

namespace segue {
namespace {

constexpr char kFields[] =
    R"("fields":{"id":{"type":"keyword"},"text":{"type":"text","stored":true},
       "n":{"type":"int64"}}})";

Schema Keyed() { return *Schema::FromJson(Cat(R"({"key":"id",)", kFields)); }
Schema Keyless() { return *Schema::FromJson(Cat("{", kFields)); }

Document Doc(int key, std::string_view text) {
  return Document().Add("id", Cat("k", key)).Add("text", text).Add("n", int64_t{key % 3});
}

std::string TextOf(int key) {
  return Cat("common word", key % 7, " ", key % 2 == 0 ? "even even" : "odd", " number", key);
}

class AddIndexTest : public ::testing::Test {
 protected:
  Index Make(const std::string& folder, const Schema& schema) {
    auto index = Index::Create(folder, schema, {.env = env_.get()});
    EXPECT_TRUE(index.ok()) << index.status();
    return *std::move(index);
  }
  std::unique_ptr<Writer> Write(const Index& index) {
    return *index.OpenWriter({.auto_merge = false});
  }
  // Documents [begin, end) in one commit.
  void Fill(Writer* writer, int begin, int end) {
    for (int i = begin; i < end; ++i) ASSERT_TRUE(writer->Add(Doc(i, TextOf(i))).ok());
    ASSERT_TRUE(writer->Commit().ok());
  }
  std::shared_ptr<const Snapshot> Open(const Index& index) { return *index.OpenSnapshot(); }
  void ExpectSound(const std::string& folder) {
    const auto report = VerifyIndex(env_.get(), folder);
    ASSERT_TRUE(report.ok()) << report.status();
    EXPECT_TRUE(report->ok()) << report->problems[0];
  }
  // The same documents, hits and scores.
  void ExpectSame(const Snapshot& found, const Snapshot& wanted) {
    ASSERT_EQ(found.doc_count(), wanted.doc_count());
    ASSERT_EQ(found.live_doc_count(), wanted.live_doc_count());
    for (uint64_t doc = 0; doc < found.doc_count(); ++doc) {
      const auto one = found.Stored(doc), other = wanted.Stored(doc);
      ASSERT_EQ(one.ok(), other.ok()) << doc;
      if (!one.ok()) continue;
      EXPECT_EQ(*one->Find("text"), *other->Find("text"));
    }
    for (const Query& query :
         {Query::Text("common word3"), Query::Text("even odd number17"), Query::All(),
          Query::MatchPhrase("text", "common word5 odd"), Query::Equals("n", 1)}) {
      const auto one = found.Search(query, {.k = 50}), other = wanted.Search(query, {.k = 50});
      ASSERT_TRUE(one.ok() && other.ok());
      EXPECT_EQ(one->hits, other->hits) << query.ToJson();
      EXPECT_EQ(one->total->value, other->total->value);
    }
  }

  std::unique_ptr<Env> env_ = NewMemoryEnv();
};

TEST_F(AddIndexTest, IsAsIfAddedHere) {
  for (const bool keyed : {true, false}) {
    env_ = NewMemoryEnv();
    const Schema schema = keyed ? Keyed() : Keyless();
    const Index whole = Make("whole", schema), first = Make("first", schema),
                second = Make("second", schema);
    const auto all = Write(whole), ours = Write(first), theirs = Write(second);
    for (const auto& [begin, end] : {std::pair(0, 40), std::pair(40, 90), std::pair(90, 120)}) {
      Fill(all.get(), begin, end);
      Fill(begin == 0 ? ours.get() : theirs.get(), begin, end);
    }
    // Deleted ones come along as such.
    for (Writer* writer : {all.get(), theirs.get()}) {
      ASSERT_TRUE(writer->DeleteByQuery(Query::Text("number45 number100 number101")).ok());
      ASSERT_TRUE(writer->Commit().ok());
    }
    const auto added = ours->AddIndex(*Open(second));
    ASSERT_TRUE(added.ok()) << added.status();
    EXPECT_EQ(*added, 77u);
    EXPECT_EQ(Open(first)->doc_count(), 40u) << "not before the commit";
    ExpectSame(**ours->OpenSnapshot(), *Open(whole));
    const auto committed = ours->Commit();
    ASSERT_TRUE(committed.ok()) << committed.status();
    EXPECT_EQ(committed->added, 77u);
    EXPECT_EQ(committed->deleted, 0u);
    ExpectSame(*Open(first), *Open(whole));
    ExpectSound("first");
    // The other one is as it was, and may go.
    ExpectSound("second");
    ASSERT_TRUE(ours->ForceMerge(1).ok());
    EXPECT_EQ(Open(first)->doc_count(), 117u);
    ExpectSound("first");
  }
}

TEST_F(AddIndexTest, ReplacesTheSameKeys) {
  const Index first = Make("first", Keyed()), second = Make("second", Keyed());
  const auto ours = Write(first), theirs = Write(second);
  Fill(ours.get(), 0, 30);
  Fill(ours.get(), 30, 60);
  Fill(theirs.get(), 50, 70);
  ASSERT_TRUE(*ours->Delete("k55"));    // gone here, comes back
  ASSERT_TRUE(*theirs->Delete("k51"));  // gone there, stays
  for (int key : {3, 41}) ASSERT_TRUE(theirs->Add(Doc(key, "replaced")).ok());
  ASSERT_TRUE(theirs->Commit().ok());
  ASSERT_TRUE(ours->Upsert(Doc(3, "not committed yet")).ok());
  const auto added = ours->AddIndex(*Open(second));
  ASSERT_TRUE(added.ok()) << added.status();
  EXPECT_EQ(*added, 21u);
  const auto info = ours->Commit();
  EXPECT_EQ(info->documents, 70u);
  EXPECT_EQ(info->added, 22u);
  // By hand 55 and 3; by the other index 3 again, 41, 50, 52 to 59 but 55.
  EXPECT_EQ(info->deleted, 2u + 2 + 1 + 7);
  const auto snapshot = Open(first);
  for (int key = 0; key < 70; ++key) {
    const auto doc = *snapshot->FindKey(Cat("k", key));
    ASSERT_TRUE(doc.has_value()) << key;
    EXPECT_EQ(std::get<std::string>(*snapshot->Stored(*doc)->Find("text")),
              key == 3 || key == 41 ? "replaced" : TextOf(key));
  }
  EXPECT_EQ(CodeOf(ours->Add(Doc(60, "again"))), ErrorCode::kInvalidArgument);
  ExpectSound("first");
}

TEST_F(AddIndexTest, TakesAnySnapshot) {
  const Index index = Make("index", Keyless());
  const auto writer = Write(index);
  Fill(writer.get(), 0, 10);
  ASSERT_TRUE(writer->Add(Doc(10, TextOf(10))).ok());
  // One of its own that is not committed, and an empty one.
  EXPECT_EQ(*writer->AddIndex(**writer->OpenSnapshot()), 11u);
  EXPECT_EQ(*writer->AddIndex(*Open(Make("empty", Keyless()))), 0u);
  EXPECT_EQ(writer->Commit()->documents, 22u);
  EXPECT_EQ(Open(index)->Search(Query::Text("number10"))->total->value, 2u);
  ExpectSound("index");
}

TEST_F(AddIndexTest, RefusesOtherSchemas) {
  const Index index = Make("index", Keyed());
  const auto writer = Write(index);
  const std::vector<std::string> names = *env_->List("index");
  int number = 0;
  const auto refused = [&](std::string_view json) {
    const std::string folder = Cat("other", ++number);
    const auto schema = Schema::FromJson(json);
    EXPECT_TRUE(schema.ok()) << schema.status();
    const auto added = writer->AddIndex(*Open(Make(folder, *schema)));
    EXPECT_EQ(CodeOf(added.status()), ErrorCode::kFailedPrecondition) << json;
    return std::string(added.status().message());
  };
  EXPECT_NE(refused(Cat("{", kFields)).find("its key field is ''"), std::string::npos);
  EXPECT_NE(refused(R"({"key":"id","fields":{"id":{"type":"keyword"},"n":{"type":"int64"}}})")
                .find("it has no field 'text'"),
            std::string::npos);
  EXPECT_NE(refused(R"({"key":"id","fields":{"id":{"type":"keyword"},
                        "text":{"type":"text","stored":true,"positions":false},
                        "n":{"type":"int64"}}})")
                .find("its field 'text' has other options"),
            std::string::npos);
  EXPECT_NE(refused(R"({"key":"id","fields":{"id":{"type":"keyword"},"n":{"type":"int64"},
                        "text":{"type":"text","stored":true}}})")
                .find("another order"),
            std::string::npos);
  EXPECT_NE(refused(R"({"key":"id","fields":{"id":{"type":"keyword"},
                        "text":{"type":"text","stored":true},"n":{"type":"int64"},
                        "more":{"type":"bool"}}})")
                .find("a field 'more', which this one lacks"),
            std::string::npos);
  EXPECT_EQ(*env_->List("index"), names);
  EXPECT_EQ(writer->Commit()->generation, 1u) << "nothing has changed";
}

TEST_F(AddIndexTest, RollbackAndDamageLeaveNothing) {
  const Index index = Make("index", Keyed()), other = Make("other", Keyed());
  const auto writer = Write(index), theirs = Write(other);
  Fill(writer.get(), 0, 5);
  Fill(theirs.get(), 3, 9);
  Fill(theirs.get(), 20, 29);
  const std::vector<std::string> names = *env_->List("index");
  ASSERT_TRUE(writer->AddIndex(*Open(other)).ok());
  EXPECT_GT(env_->List("index")->size(), names.size());
  ASSERT_TRUE(writer->Rollback().ok());
  EXPECT_EQ(*env_->List("index"), names);
  // A byte in the second segment's stored fields.
  const std::string path = "other/seg-0000000000000002.stored";
  const auto source = *env_->OpenSource(path, ReadMode::kMmap);
  std::string bytes(reinterpret_cast<const char*>(source->data()), source->size());
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
  ASSERT_TRUE(env_->Remove(path).ok());
  const auto file = *env_->NewWritable(path);
  ASSERT_TRUE(file->Append(bytes).ok() && file->Close().ok());
  const Index damaged = *Index::Open("other", {.env = env_.get()});
  const auto snapshot = damaged.OpenSnapshot();
  const absl::Status failed =
      snapshot.ok() ? writer->AddIndex(**snapshot).status() : snapshot.status();
  EXPECT_EQ(CodeOf(failed), ErrorCode::kDataLoss) << failed;
  EXPECT_EQ(*env_->List("index"), names);
  EXPECT_EQ(writer->Commit()->documents, 5u);
  ExpectSound("index");
}

}  // namespace
}  // namespace segue

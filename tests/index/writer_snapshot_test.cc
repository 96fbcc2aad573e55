// SPDX-License-Identifier: Apache-2.0
//
// Writer::OpenSnapshot: sees what is not committed, alone.
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/base/strings.h"
#include "engine/io/fault_env.h"
#include "engine/io/memory_env.h"
#include "gtest/gtest.h"
#include "segue/index.h"
#include "segue/query.h"
#include "segue/status.h"

namespace segue {
namespace {

Schema SmallSchema() {
  return *Schema::FromJson(
      R"({"key":"id","fields":{"id":{"type":"keyword"},"text":{"type":"text","stored":true}}})");
}

Document Doc(std::string_view id, std::string_view text) {
  return Document().Add("id", id).Add("text", text);
}

// Stored texts by key.
std::map<std::string, std::string> Holds(const Snapshot& snapshot) {
  std::map<std::string, std::string> found;
  for (uint64_t doc = 0; doc < snapshot.doc_count(); ++doc) {
    const auto stored = snapshot.Stored(doc);
    if (!stored.ok()) continue;
    found[*snapshot.Key(doc)] = std::get<std::string>(*stored->Find("text"));
  }
  EXPECT_EQ(found.size(), snapshot.live_doc_count());
  return found;
}
using Texts = std::map<std::string, std::string>;

class WriterSnapshotTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(Index::Create("index", SmallSchema(), {.env = env_.get()}).ok());
    index_ = std::make_unique<Index>(*Index::Open("index", {.env = env_.get()}));
    writer_ = *index_->OpenWriter();
    ASSERT_TRUE(writer_->Add(Doc("1", "first")).ok());
    ASSERT_TRUE(writer_->Add(Doc("2", "second")).ok());
    ASSERT_TRUE(writer_->Commit({.payload = "payload"}).ok());
  }
  std::shared_ptr<const Snapshot> Look() {
    auto snapshot = writer_->OpenSnapshot();
    EXPECT_TRUE(snapshot.ok()) << snapshot.status();
    return *std::move(snapshot);
  }
  std::vector<std::string> Names() { return *env_->List("index"); }

  std::unique_ptr<Env> env_ = NewMemoryEnv();
  std::unique_ptr<Index> index_;
  std::unique_ptr<Writer> writer_;
};

TEST_F(WriterSnapshotTest, SeesAddsUpsertsAndDeletes) {
  const std::vector<std::string> names = Names();
  ASSERT_TRUE(writer_->Add(Doc("3", "third")).ok());
  EXPECT_EQ(Holds(*Look()), (Texts{{"1", "first"}, {"2", "second"}, {"3", "third"}}));
  ASSERT_TRUE(writer_->Upsert(Doc("1", "changed")).ok());
  ASSERT_TRUE(writer_->Upsert(Doc("3", "changed too")).ok());
  EXPECT_EQ(Holds(*Look()), (Texts{{"1", "changed"}, {"2", "second"}, {"3", "changed too"}}));
  EXPECT_TRUE(*writer_->Delete("2"));
  EXPECT_TRUE(*writer_->Delete("3"));
  const auto snapshot = Look();
  EXPECT_EQ(Holds(*snapshot), (Texts{{"1", "changed"}}));
  EXPECT_EQ(snapshot->Search(Query::Text("changed"))->total->value, 1u);
  EXPECT_EQ(snapshot->Search(Query::Text("second"))->total->value, 0u);
  EXPECT_EQ(snapshot->generation(), 2u);
  EXPECT_EQ(snapshot->payload(), "payload");
  EXPECT_EQ(Names(), names) << "nothing of it is in the folder";
  EXPECT_EQ(Holds(**index_->OpenSnapshot()), (Texts{{"1", "first"}, {"2", "second"}}));
  ASSERT_TRUE(writer_->Commit().ok());
  EXPECT_EQ(Holds(**index_->OpenSnapshot()), (Texts{{"1", "changed"}}));
}

TEST_F(WriterSnapshotTest, OutlivesRollbackAndTheWriter) {
  const std::vector<std::string> names = Names();
  ASSERT_TRUE(writer_->Upsert(Doc("1", "changed")).ok());
  const auto before = Look();
  ASSERT_TRUE(writer_->Rollback().ok());
  EXPECT_EQ(Holds(*Look()), (Texts{{"1", "first"}, {"2", "second"}}));
  ASSERT_TRUE(writer_->Add(Doc("3", "third")).ok());
  const auto after = Look();
  writer_.reset();
  EXPECT_EQ(Names(), names);
  EXPECT_EQ(Holds(*before), (Texts{{"1", "changed"}, {"2", "second"}}));
  EXPECT_EQ(before->Search(Query::Text("changed"))->hits.size(), 1u);
  EXPECT_EQ(Holds(*after), (Texts{{"1", "first"}, {"2", "second"}, {"3", "third"}}));
  EXPECT_EQ(Holds(**index_->OpenSnapshot()), (Texts{{"1", "first"}, {"2", "second"}}));
}

TEST_F(WriterSnapshotTest, SeesNewFieldsAndPreparedCommits) {
  ASSERT_TRUE(writer_->AddField("n", {.type = FieldType::kInt64, .stored = true}).ok());
  ASSERT_TRUE(writer_->Add(Doc("3", "third").Add("n", int64_t{7})).ok());
  auto snapshot = Look();
  EXPECT_NE(snapshot->schema().Find("n"), nullptr);
  const auto found = snapshot->Search(Query::Equals("n", 7));
  ASSERT_EQ(found->hits.size(), 1u);
  EXPECT_EQ(*snapshot->Stored(found->hits[0].doc)->Find("n"), Value(int64_t{7}));
  ASSERT_TRUE(writer_->Prepare().ok());
  EXPECT_EQ(Holds(*Look()).size(), 3u);
  EXPECT_EQ((*index_->OpenSnapshot())->live_doc_count(), 2u);
  ASSERT_TRUE(writer_->Rollback().ok());
  EXPECT_EQ(Holds(*Look()).size(), 2u);
}

// However many there are, their segments stay few, and the memory for them within the budget.
TEST_F(WriterSnapshotTest, ManyOfThemStayFewSegments) {
  size_t most = 0;
  for (int i = 0; i < 400; ++i) {
    ASSERT_TRUE(writer_->Upsert(Doc(Cat("k", i % 150), Cat("common word", i))).ok());
    const auto snapshot = Look();
    ASSERT_EQ(snapshot->live_doc_count(), 2u + static_cast<uint64_t>(std::min(i + 1, 150)));
    most = std::max(most, snapshot->segments().size());
  }
  EXPECT_LE(most, 12u);
  EXPECT_GE(most, 4u);
  ASSERT_TRUE(writer_->Commit().ok());
  EXPECT_EQ((*index_->OpenSnapshot())->segments().size(), 2u);
}

TEST_F(WriterSnapshotTest, MemoryStaysWithinTheBudget) {
  writer_.reset();
  constexpr uint64_t kBudget = uint64_t{4} << 20;
  writer_ = *index_->OpenWriter({.memory_bytes = kBudget});
  const size_t names = Names().size();
  for (int i = 0; i < 4000; ++i) {
    std::string text;
    for (int word = 0; word < 80; ++word)
      text += Cat("word", (word * 7919 + i * 104729) % 9973, " ");
    ASSERT_TRUE(writer_->Upsert(Doc(Cat("k", i), text)).ok());
    if (i % 100 == 0) {
      ASSERT_EQ(Look()->live_doc_count(), 3u + static_cast<uint64_t>(i));
    }
    ASSERT_LE(writer_->MemoryBytes(), kBudget);
  }
  EXPECT_GT(Names().size(), names) << "some of it went to files";
  EXPECT_EQ((*index_->OpenSnapshot())->live_doc_count(), 2u);
  ASSERT_TRUE(writer_->Commit().ok());
  EXPECT_EQ((*index_->OpenSnapshot())->live_doc_count(), 4002u);
}

// A full disk keeps nobody from looking, and what was looked at is still there to be committed.
TEST_F(WriterSnapshotTest, NeedsNoDisk) {
  FaultEnv env;
  ASSERT_TRUE(Index::Create("index", SmallSchema(), {.env = &env}).ok());
  const Index index = *Index::Open("index", {.env = &env});
  const auto writer = *index.OpenWriter();
  ASSERT_TRUE(writer->Add(Doc("1", "first")).ok());
  env.ClearOps();
  env.FailAt(0, FaultEnv::IoError());
  const auto snapshot = writer->OpenSnapshot();
  ASSERT_TRUE(snapshot.ok()) << snapshot.status();
  EXPECT_EQ(Holds(**snapshot), (Texts{{"1", "first"}}));
  EXPECT_EQ(CodeOf(writer->Commit().status()), ErrorCode::kIo);
  env.ClearFaults();
  EXPECT_EQ(Holds(**writer->OpenSnapshot()), (Texts{{"1", "first"}}));
  ASSERT_TRUE(writer->Commit().ok());
  EXPECT_EQ(Holds(**index.OpenSnapshot()), (Texts{{"1", "first"}}));
}

}  // namespace
}  // namespace segue

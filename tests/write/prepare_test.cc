// SPDX-License-Identifier: Apache-2.0
//
// Two-phase commits, payloads, and commits that do not wait for the disk.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "engine/base/limits.h"
#include "engine/base/status.h"
#include "engine/format/manifest_io.h"
#include "engine/io/fault_env.h"
#include "engine/write/index_writer.h"
#include "tests/write/index_dump.h"
#include "tests/write/write_test_util.h"

namespace segue {
namespace {

constexpr char kDir[] = "index";

Schema SmallSchema() {
  return *Schema::FromJson(
      R"({"key":"id","fields":{"id":{"type":"keyword","stored":true},"text":{"type":"text"}}})");
}

Document SmallDocument(int key) {
  return Document().Add("id", Cat("k", key)).Add("text", Cat("common word", key));
}

class PrepareTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(IndexWriter::Create(&env_, kDir, SmallSchema()).ok());
    Write(0, 3, {.payload = "first"});
  }
  // Commits documents [begin, end).
  void Write(int begin, int end, const CommitOptions& options = {}) {
    auto writer = OpenOrDie(&env_, kDir);
    for (int i = begin; i < end; ++i) ASSERT_TRUE(writer->Add(SmallDocument(i)).ok());
    ASSERT_TRUE(writer->Commit(options).ok());
  }
  Manifest Newest() { return *ReadNewestManifest(&env_, kDir); }
  std::vector<std::string> Names() { return *env_.List(kDir); }
  uint64_t SyncCount() {
    const auto ops = env_.ops();
    return static_cast<uint64_t>(std::count_if(ops.begin(), ops.end(), [](const auto& op) {
      return op.kind == FaultEnv::OpKind::kSync || op.kind == FaultEnv::OpKind::kSyncDir;
    }));
  }

  FaultEnv env_;
};

TEST_F(PrepareTest, NothingIsVisibleBeforeCommit) {
  auto writer = OpenOrDie(&env_, kDir);
  ASSERT_TRUE(writer->Add(SmallDocument(7)).ok());
  ASSERT_TRUE(*writer->Delete("k0"));
  const auto prepared = writer->Prepare({.payload = "second"});
  ASSERT_TRUE(prepared.ok()) << prepared.status();
  EXPECT_EQ(prepared->generation, 3u);
  EXPECT_EQ(prepared->added, 1u);
  EXPECT_EQ(prepared->deleted, 1u);
  EXPECT_EQ(Newest().generation, 2u);
  EXPECT_EQ(Newest().payload, "first");
  env_.ClearOps();
  const auto committed = writer->Commit();
  ASSERT_TRUE(committed.ok()) << committed.status();
  EXPECT_EQ(committed->generation, prepared->generation);
  EXPECT_EQ(committed->documents, 3u);
  EXPECT_EQ(Newest().generation, 3u);
  EXPECT_EQ(Newest().payload, "second");
  // All that was left to do, before what the old generation alone needed is removed.
  ASSERT_GE(env_.ops().size(), 2u);
  EXPECT_EQ(env_.ops()[0].kind, FaultEnv::OpKind::kRename);
  EXPECT_EQ(env_.ops()[1].kind, FaultEnv::OpKind::kSyncDir);
  EXPECT_EQ(DumpIndex(&env_, kDir)->keys, (std::vector<std::string>{"k1", "k2", "k7"}));
}

TEST_F(PrepareTest, ChangesAreRefusedInBetween) {
  auto writer = OpenOrDie(&env_, kDir);
  ASSERT_TRUE(writer->Add(SmallDocument(7)).ok());
  ASSERT_TRUE(writer->Prepare().ok());
  EXPECT_EQ(CodeOf(writer->Add(SmallDocument(8))), ErrorCode::kFailedPrecondition);
  EXPECT_EQ(CodeOf(writer->Upsert(SmallDocument(8))), ErrorCode::kFailedPrecondition);
  const std::vector<Document> batch = {SmallDocument(8)};
  EXPECT_EQ(CodeOf(writer->AddBatch(batch)), ErrorCode::kFailedPrecondition);
  EXPECT_EQ(CodeOf(writer->Delete("k1").status()), ErrorCode::kFailedPrecondition);
  EXPECT_EQ(CodeOf(writer->AddField("f", {})), ErrorCode::kFailedPrecondition);
  EXPECT_EQ(CodeOf(writer->Flush()), ErrorCode::kFailedPrecondition);
  EXPECT_EQ(CodeOf(writer->Prepare().status()), ErrorCode::kFailedPrecondition);
  EXPECT_EQ(CodeOf(writer->ForceMerge(1).status()), ErrorCode::kFailedPrecondition);
  EXPECT_EQ(CodeOf(writer->Commit({.payload = "late"}).status()), ErrorCode::kFailedPrecondition);
  ASSERT_TRUE(writer->Commit().ok());
  ASSERT_TRUE(writer->Add(SmallDocument(8)).ok());
  ASSERT_TRUE(writer->Commit().ok());
  EXPECT_EQ(DumpIndex(&env_, kDir)->doc_count, 5u);
}

TEST_F(PrepareTest, RollbackAndTheEndOfTheWriterTakeItBack) {
  const std::vector<std::string> before = Names();
  const auto files = AllFiles(&env_, kDir);
  auto writer = OpenOrDie(&env_, kDir);
  for (const bool rollback : {true, false}) {
    ASSERT_TRUE(writer->Add(SmallDocument(7)).ok());
    ASSERT_TRUE(*writer->Delete("k1"));
    ASSERT_TRUE(writer->Prepare({.payload = "second"}).ok());
    EXPECT_NE(Names(), before);
    if (rollback) {
      ASSERT_TRUE(writer->Rollback().ok());
    } else {
      writer.reset();
    }
    EXPECT_EQ(Names(), before);
    EXPECT_EQ(AllFiles(&env_, kDir), files);
  }
}

TEST_F(PrepareTest, NothingToPrepare) {
  auto writer = OpenOrDie(&env_, kDir);
  EXPECT_EQ(writer->Prepare()->generation, 2u);
  EXPECT_EQ(writer->Commit()->generation, 2u);
  EXPECT_EQ(writer->Prepare({.payload = "first"})->generation, 2u) << "the payload it has";
  ASSERT_TRUE(writer->Rollback().ok());
  EXPECT_EQ(writer->Commit({.payload = "other"})->generation, 3u);
  EXPECT_EQ(Newest().payload, "other");
}

// After a failed second half the writer holds what it held before the first.
TEST_F(PrepareTest, ARenameThatFails) {
  auto writer = OpenOrDie(&env_, kDir);
  ASSERT_TRUE(writer->Add(SmallDocument(7)).ok());
  ASSERT_TRUE(*writer->Delete("k1"));
  ASSERT_TRUE(writer->Prepare({.payload = "second"}).ok());
  env_.ClearOps();
  env_.FailAt(0, FaultEnv::IoError());
  const absl::Status failed = writer->Commit().status();
  EXPECT_EQ(CodeOf(failed), ErrorCode::kIo) << failed;
  EXPECT_FALSE(IsOutcomeUnknown(failed));
  env_.ClearFaults();
  EXPECT_EQ(Newest().generation, 2u);
  ASSERT_TRUE(writer->Commit({.payload = "second"}).ok());
  EXPECT_EQ(Newest().generation, 3u);
  EXPECT_EQ(DumpIndex(&env_, kDir)->keys, (std::vector<std::string>{"k0", "k2", "k7"}));
}

// A merge would write the rest of such small segments anew.
std::unique_ptr<IndexWriter> WithoutMerges(Env* env) {
  IndexWriterOptions options;
  options.auto_merge = false;
  return OpenOrDie(env, kDir, options);
}

// A commit that fails behind its live documents leaves their file where it cannot remove it; the
// next one, of the same generation, does, if it can.
TEST_F(PrepareTest, LiveDocumentsOfAFailedCommitAreReplaced) {
  using Kind = FaultEnv::OpKind;
  auto writer = WithoutMerges(&env_);
  ASSERT_TRUE(*writer->Delete("k0"));
  const std::string live = JoinPath(kDir, LiveFileName(SegmentId{1}, 3));
  // Create, write, sync and close it; then a look at the folder fails, and all from there on.
  env_.ClearOps();
  env_.FailFrom(4, FaultEnv::IoError());
  EXPECT_EQ(CodeOf(writer->Commit().status()), ErrorCode::kIo);
  ASSERT_EQ(env_.ops()[4].kind, Kind::kList);
  env_.ClearFaults();
  ASSERT_TRUE(*env_.Exists(live));

  ASSERT_TRUE(*writer->Delete("k1"));
  env_.ClearOps();
  env_.FailAt(1, FaultEnv::IoError());
  EXPECT_EQ(CodeOf(writer->Commit().status()), ErrorCode::kIo);
  ASSERT_EQ(env_.ops()[1].ToString(), "remove " + live);
  env_.ClearFaults();
  EXPECT_EQ(Newest().generation, 2u);

  ASSERT_TRUE(writer->Commit().ok());
  EXPECT_EQ(Newest().generation, 3u);
  EXPECT_EQ(DumpIndex(&env_, kDir)->keys, (std::vector<std::string>{"k2"}));
}

TEST_F(PrepareTest, LiveDocumentsThatCannotBeWritten) {
  for (uint64_t op = 0; op < 3; ++op) {  // create, write, sync
    SCOPED_TRACE(op);
    const auto env = env_.Clone();
    auto writer = WithoutMerges(env.get());
    const std::vector<std::string> names = *env->List(kDir);
    ASSERT_TRUE(*writer->Delete("k1"));
    env->ClearOps();
    env->FailAt(op, FaultEnv::IoError());
    const absl::Status failed = writer->Commit().status();
    EXPECT_EQ(CodeOf(failed), ErrorCode::kIo) << failed;
    EXPECT_EQ(IsSyncFailure(failed), op == 2);
    env->ClearFaults();
    EXPECT_EQ(*env->List(kDir), names);
    EXPECT_EQ(writer->Commit().ok(), op != 2) << "a failed sync poisons";
    EXPECT_EQ(DumpIndex(env.get(), kDir)->doc_count, op != 2 ? 2u : 3u);
  }
}

TEST_F(PrepareTest, PayloadsStayUntilReplaced) {
  Write(10, 11);
  EXPECT_EQ(Newest().payload, "first");
  ASSERT_TRUE(OpenOrDie(&env_, kDir)->ForceMerge(1).ok());
  EXPECT_EQ(Newest().payload, "first");
  Write(11, 12, {.payload = std::string("\0\xff", 2)});
  EXPECT_EQ(Newest().payload, std::string("\0\xff", 2));
  Write(12, 13, {.payload = ""});
  EXPECT_EQ(Newest().payload, "");
  auto writer = OpenOrDie(&env_, kDir);
  const uint64_t generation = writer->generation();
  EXPECT_EQ(
      CodeOf(writer->Commit({.payload = std::string(kMaxCommitPayloadBytes + 1, 'x')}).status()),
      ErrorCode::kResourceExhausted);
  EXPECT_EQ(writer->generation(), generation);
  ASSERT_TRUE(writer->Commit({.payload = std::string(kMaxCommitPayloadBytes, 'x')}).ok());
  EXPECT_EQ(Newest().payload.size(), kMaxCommitPayloadBytes);
}

// ---- Without syncs ----

IndexWriterOptions NoSync() {
  IndexWriterOptions options;
  options.durability = Durability::kNoSync;
  return options;
}

TEST_F(PrepareTest, NoSyncDoesNotSyncAndSaysSo) {
  env_.ClearOps();
  {
    auto writer = OpenOrDie(&env_, kDir, NoSync());
    ASSERT_TRUE(writer->Add(SmallDocument(7)).ok());
    ASSERT_TRUE(writer->Commit().ok());
  }
  EXPECT_EQ(SyncCount(), 0u);
  EXPECT_TRUE(IsUnsynced(Newest()));
  EXPECT_EQ(DumpIndex(&env_, kDir)->doc_count, 4u);
  // The process dies: all that it has written is there.
  const auto killed = env_.Clone();
  killed->Crash({.keep = {}, .keep_all = true});
  EXPECT_EQ(DumpIndex(killed.get(), kDir)->doc_count, 4u);
}

// A process may die at any moment of a commit without syncs.
TEST_F(PrepareTest, NoSyncIsAtomicForAKilledProcess) {
  for (uint64_t op = 0;; ++op) {
    const auto env = env_.Clone();
    env->CrashAt(op);
    {
      auto writer = IndexWriter::Open(env.get(), kDir, NoSync());
      if (writer.ok() && (*writer)->Add(SmallDocument(7)).ok()) (void)(*writer)->Commit();
    }
    const bool finished = !env->crashed();
    env->Crash({.keep = {}, .keep_all = true});
    const auto dump = DumpIndex(env.get(), kDir);
    ASSERT_TRUE(dump.ok()) << op << ": " << dump.status();
    ASSERT_TRUE(dump->doc_count == 4 || (dump->doc_count == 3 && !finished)) << op;
    if (finished) break;
  }
}

TEST_F(PrepareTest, ALaterSyncedCommitMakesAllOfItDurable) {
  {
    auto writer = OpenOrDie(&env_, kDir, NoSync());
    ASSERT_TRUE(writer->Add(SmallDocument(7)).ok());
    ASSERT_TRUE(*writer->Delete("k0"));
    ASSERT_TRUE(writer->Commit().ok());
  }
  {
    auto writer = OpenOrDie(&env_, kDir);
    ASSERT_TRUE(writer->Commit().ok()) << "nothing else has changed";
  }
  EXPECT_FALSE(IsUnsynced(Newest()));
  env_.Crash({});
  const auto dump = DumpIndex(&env_, kDir);
  ASSERT_TRUE(dump.ok()) << dump.status();
  EXPECT_EQ(dump->keys, (std::vector<std::string>{"k1", "k2", "k7"}));
  env_.ClearOps();
  ASSERT_TRUE(OpenOrDie(&env_, kDir)->Commit().ok());
  EXPECT_EQ(SyncCount(), 0u) << "once is enough";
}

TEST_F(PrepareTest, ALaterSyncedCommitOfMoreDocumentsMakesAllOfItDurable) {
  {
    auto writer = OpenOrDie(&env_, kDir, NoSync());
    ASSERT_TRUE(writer->Add(SmallDocument(7)).ok());
    ASSERT_TRUE(writer->Commit().ok());
  }
  Write(8, 9);
  EXPECT_FALSE(IsUnsynced(Newest()));
  env_.Crash({});
  const auto dump = DumpIndex(&env_, kDir);
  ASSERT_TRUE(dump.ok()) << dump.status();
  EXPECT_EQ(dump->keys, (std::vector<std::string>{"k0", "k1", "k2", "k7", "k8"}));
}

TEST_F(PrepareTest, AFailedSyncOfAnEarlierWritersFilesPoisons) {
  {
    auto writer = OpenOrDie(&env_, kDir, NoSync());
    ASSERT_TRUE(writer->Add(SmallDocument(7)).ok());
    ASSERT_TRUE(writer->Commit().ok());
  }
  auto writer = OpenOrDie(&env_, kDir);
  env_.ClearOps();
  env_.FailAt(0, FaultEnv::IoError());
  const absl::Status failed = writer->Commit().status();
  EXPECT_TRUE(IsSyncFailure(failed)) << failed;
  env_.ClearFaults();
  EXPECT_FALSE(writer->Commit().ok());
  EXPECT_TRUE(IsUnsynced(Newest()));
}

}  // namespace
}  // namespace segue

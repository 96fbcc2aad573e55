// SPDX-License-Identifier: Apache-2.0
// The simulated disk forgets exactly what POSIX does not promise to keep.
#include "engine/io/fault_env.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "engine/base/status.h"

namespace segue {
namespace {

using Names = std::vector<std::string>;

std::unique_ptr<WritableFile> Create(FaultEnv* env, const std::string& path,
                                     const std::string& bytes) {
  auto file = env->NewWritable(path);
  EXPECT_TRUE(file.ok()) << file.status().ToString();
  EXPECT_TRUE((*file)->Append(bytes).ok());
  return *std::move(file);
}

TEST(FaultEnvTest, UnsyncedBytesAndNamesAreLost) {
  FaultEnv env;
  auto synced = Create(&env, "synced", "bytes");
  ASSERT_TRUE(synced->Sync().ok());
  auto named_only = Create(&env, "named", "bytes");
  ASSERT_TRUE(env.SyncDir(".").ok());
  auto late = Create(&env, "late", "bytes");
  ASSERT_TRUE(late->Sync().ok());  // bytes, but no name
  env.Crash({});
  EXPECT_EQ(env.List(".").value(), (Names{"named", "synced"}));
  EXPECT_EQ(env.Contents("synced").value(), "bytes");
  EXPECT_EQ(env.Contents("named").value(), "");
}

TEST(FaultEnvTest, AFileIsSyncedByItsName) {
  FaultEnv env;
  { auto closed = Create(&env, "closed", "bytes"); }
  ASSERT_TRUE(env.SyncDir(".").ok());
  ASSERT_TRUE(env.SyncFile("closed").ok());
  EXPECT_FALSE(env.SyncFile("absent").ok());
  { auto failed = Create(&env, "failed", "bytes"); }
  ASSERT_TRUE(env.SyncDir(".").ok());
  env.ClearOps();
  env.FailAt(0, FaultEnv::IoError());
  EXPECT_TRUE(IsSyncFailure(env.SyncFile("failed")));
  EXPECT_TRUE(env.SyncFile("failed").ok()) << "and saves nothing";
  env.Crash({});
  EXPECT_EQ(env.Contents("closed").value(), "bytes");
  EXPECT_EQ(env.Contents("failed").value(), "");
}

TEST(FaultEnvTest, VisitsTheStateBeforeEachChange) {
  FaultEnv env;
  std::vector<size_t> pending;
  env.VisitStates([&](std::unique_ptr<FaultEnv> state) {
    EXPECT_EQ(state->op_count(), 0u);
    pending.push_back(state->pending().size());
  });
  auto file = Create(&env, "a", "bytes");
  ASSERT_TRUE(env.Exists("a").ok());
  ASSERT_TRUE(file->Sync().ok());
  ASSERT_TRUE(env.SyncDir(".").ok());
  env.VisitStates({});
  ASSERT_TRUE(env.Remove("a").ok());
  // Before the create, the append, the sync of the file and that of the directory; not for looking.
  EXPECT_EQ(pending, (std::vector<size_t>{0, 1, 2, 1}));
}

TEST(FaultEnvTest, KeepAllKeepsAll) {
  FaultEnv env;
  ASSERT_TRUE(env.CreateDir("d").ok());
  auto file = Create(&env, "d/a", "bytes");
  ASSERT_TRUE(env.Rename("d/a", "d/b").ok());
  EXPECT_EQ(env.pending().size(), 4u);
  FaultEnv::CrashPlan plan;
  plan.keep_all = true;
  env.Crash(plan);
  EXPECT_EQ(env.Contents("d/b").value(), "bytes");
  EXPECT_TRUE(env.pending().empty());
}

TEST(FaultEnvTest, SubsetsApplyInOrder) {
  FaultEnv env;
  auto file = Create(&env, "a", "1111");
  ASSERT_TRUE(file->Append("2222").ok());
  ASSERT_TRUE(env.SyncDir(".").ok());
  ASSERT_EQ(env.pending().size(), 2u);
  const auto second_only = env.Clone();
  second_only->Crash({.keep = {false, true}});
  EXPECT_EQ(second_only->Contents("a").value(), std::string("\0\0\0\0", 4) + "2222");
  const auto first_only = env.Clone();
  first_only->Crash({.keep = {true}});
  EXPECT_EQ(first_only->Contents("a").value(), "1111");
  env.Crash({.keep = {true}, .torn_index = 1, .torn_bytes = 2});
  EXPECT_EQ(env.Contents("a").value(), "111122");
}

TEST(FaultEnvTest, ARenameIsAtomicAndMovesTheFileNotTheName) {
  FaultEnv env;
  auto old_file = Create(&env, "target", "old");
  ASSERT_TRUE(old_file->Sync().ok());
  ASSERT_TRUE(env.SyncDir(".").ok());
  auto new_file = Create(&env, "tmp", "new");
  ASSERT_TRUE(new_file->Sync().ok());
  ASSERT_TRUE(env.Rename("tmp", "target").ok());
  const auto pending = env.pending();
  ASSERT_EQ(pending.size(), 2u);  // the creation of tmp, the rename
  for (int subset = 0; subset < 4; ++subset) {
    const auto after = env.Clone();
    after->Crash({.keep = {(subset & 1) != 0, (subset & 2) != 0}});
    const std::string contents = after->Contents("target").value();
    EXPECT_EQ(contents, (subset & 2) != 0 ? "new" : "old");
  }
}

TEST(FaultEnvTest, RemovalsAreForgottenToo) {
  FaultEnv env;
  Create(&env, "a", "x");
  ASSERT_TRUE(env.SyncDir(".").ok());
  ASSERT_TRUE(env.Remove("a").ok());
  EXPECT_FALSE(env.Exists("a").value());
  env.Crash({});
  EXPECT_TRUE(env.Exists("a").value());
}

TEST(FaultEnvTest, ALostDirectoryTakesItsFilesWithIt) {
  FaultEnv env;
  ASSERT_TRUE(env.CreateDir("d").ok());
  auto file = Create(&env, "d/a", "x");
  ASSERT_TRUE(file->Sync().ok());
  ASSERT_TRUE(env.SyncDir("d").ok());
  env.Crash({});  // the parent was never synced
  EXPECT_FALSE(env.Exists("d").value());
  EXPECT_FALSE(env.Exists("d/a").value());
}

TEST(FaultEnvTest, AFailedSyncLosesTheDataForGood) {
  FaultEnv env;
  auto file = Create(&env, "a", "lost");
  ASSERT_TRUE(env.SyncDir(".").ok());
  env.FailAt(env.op_count(), FaultEnv::IoError());
  const absl::Status failed = file->Sync();
  EXPECT_EQ(CodeOf(failed), ErrorCode::kIo);
  EXPECT_TRUE(IsSyncFailure(failed));
  EXPECT_TRUE(file->Sync().ok());  // and yet:
  env.Crash({});
  EXPECT_EQ(env.Contents("a").value(), "");
}

TEST(FaultEnvTest, AFailedDirectorySyncLosesTheNamesForGood) {
  FaultEnv env;
  auto file = Create(&env, "a", "x");
  env.FailAt(env.op_count(), FaultEnv::IoError());
  EXPECT_TRUE(IsSyncFailure(env.SyncDir(".")));
  EXPECT_TRUE(env.SyncDir(".").ok());
  env.Crash({});
  EXPECT_FALSE(env.Exists("a").value());
}

TEST(FaultEnvTest, FaultsHitTheNumberedOperation) {
  FaultEnv env;
  env.FailAt(2, FaultEnv::DiskFull());
  auto file = env.NewWritable("a");
  ASSERT_TRUE(file.ok());
  EXPECT_TRUE((*file)->Append("1").ok());
  const absl::Status full = (*file)->Append("2");
  EXPECT_EQ(CodeOf(full), ErrorCode::kIo);
  EXPECT_NE(MessageOf(full).find("a: No space left"), std::string_view::npos);
  EXPECT_TRUE((*file)->Append("3").ok());
  EXPECT_EQ(env.Contents("a").value(), "13");
  EXPECT_EQ(env.ops()[2].ToString(), "append a 1");
  EXPECT_EQ(env.op_count(), 4u);
}

TEST(FaultEnvTest, HalfAnAppend) {
  FaultEnv env;
  env.FailHalfwayAt(1, FaultEnv::DiskFull());
  auto file = env.NewWritable("a");
  EXPECT_FALSE((*file)->Append("12345678").ok());
  EXPECT_EQ(env.Contents("a").value(), "1234");
}

TEST(FaultEnvTest, AFullDiskStaysFull) {
  FaultEnv env;
  env.FailFrom(1, FaultEnv::DiskFull());
  auto file = env.NewWritable("a");
  EXPECT_FALSE((*file)->Append("1").ok());
  EXPECT_FALSE((*file)->Sync().ok());
  env.ClearFaults();
  EXPECT_TRUE((*file)->Append("1").ok());
}

TEST(FaultEnvTest, AfterACrashEverythingIsDead) {
  FaultEnv env;
  auto file = Create(&env, "a", "x");
  auto source = env.OpenSource("a", ReadMode::kPread);
  auto lock = env.Lock("lock", "me");
  ASSERT_TRUE(lock.ok());
  env.CrashAt(env.op_count() + 1);
  EXPECT_TRUE(env.Exists("a").ok());
  EXPECT_FALSE(env.crashed());
  EXPECT_FALSE(env.Exists("a").ok());
  EXPECT_TRUE(env.crashed());
  EXPECT_FALSE(env.List(".").ok());
  EXPECT_FALSE(file->Append("y").ok());
  env.Crash({});
  EXPECT_TRUE(env.List(".").ok());
  uint8_t byte;
  EXPECT_FALSE(file->Append("y").ok());
  EXPECT_FALSE(file->Sync().ok());
  EXPECT_FALSE(file->Close().ok());
  EXPECT_FALSE((*source)->Read(0, 1, &byte).ok());
  EXPECT_TRUE(env.Lock("lock", "another").ok());
}

TEST(FaultEnvTest, AnIgnoredSyncSavesNothing) {
  FaultEnv env;
  auto file = Create(&env, "a", "x");
  env.IgnoreSyncAt(env.op_count());
  EXPECT_TRUE(file->Sync().ok());
  ASSERT_TRUE(env.SyncDir(".").ok());
  const auto lost = env.Clone();
  lost->Crash({});
  EXPECT_EQ(lost->Contents("a").value(), "");
  EXPECT_TRUE(file->Sync().ok());  // a real one still does
  env.Crash({});
  EXPECT_EQ(env.Contents("a").value(), "x");
}

TEST(FaultEnvTest, SetContentsIsDurableAtOnce) {
  FaultEnv env;
  env.SetContents("a", "x");
  env.Crash({});
  EXPECT_EQ(env.Contents("a").value(), "x");
  EXPECT_EQ(CodeOf(env.Contents("b").status()), ErrorCode::kNotFound);
}

}  // namespace
}  // namespace segue

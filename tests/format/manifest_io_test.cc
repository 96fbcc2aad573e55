// SPDX-License-Identifier: Apache-2.0
#include "engine/format/manifest_io.h"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "engine/base/limits.h"
#include "engine/base/status.h"
#include "engine/base/strings.h"
#include "engine/io/fault_env.h"
#include "engine/io/memory_env.h"
#include "tests/format/manifest_samples.h"
#include "tests/support/hook_env.h"

namespace segue {
namespace {

using Names = std::vector<std::string>;

Manifest Generation(uint64_t generation) {
  Manifest manifest = ExampleManifest();
  manifest.generation = generation;
  manifest.payload = Cat("payload of ", generation);
  return manifest;
}

class ManifestIoTest : public ::testing::Test {
 protected:
  ManifestIoTest() { EXPECT_TRUE(env_.CreateDir("dir").ok()); }
  void Put(std::string_view name, std::string bytes) {
    env_.SetContents(JoinPath("dir", name), std::move(bytes));
  }
  FaultEnv env_;
};

TEST_F(ManifestIoTest, PublishesAndReads) {
  for (uint64_t generation = 1; generation <= 20; ++generation) {
    ASSERT_TRUE(WriteManifest(&env_, "dir", Generation(generation)).ok());
    EXPECT_EQ(ReadNewestManifest(&env_, "dir").value(), Generation(generation));
  }
  EXPECT_EQ(ReadManifest(&env_, "dir", 5).value(), Generation(5));
  EXPECT_EQ(ListGenerations(&env_, "dir")->size(), 20u);
  EXPECT_EQ(ListGenerations(&env_, "dir")->back(), 20u);
}

TEST_F(ManifestIoTest, TheCallsAreTheProtocols) {
  env_.ClearOps();
  ASSERT_TRUE(WriteManifest(&env_, "dir", Generation(1)).ok());
  std::vector<std::string> trace;
  for (const FaultEnv::Op& op : env_.ops()) {
    using Kind = FaultEnv::OpKind;
    if (op.kind != Kind::kAppend && op.kind != Kind::kClose) trace.push_back(op.ToString());
  }
  const std::string name = "dir/manifest-0000000000000001";
  EXPECT_EQ(trace,
            (Names{"list dir", "sync-dir dir", "remove " + name + ".tmp", "create " + name + ".tmp",
                   "sync " + name + ".tmp", "rename " + name + ".tmp " + name, "sync-dir dir"}));
}

TEST_F(ManifestIoTest, WhatIsNoIndexSaysSo) {
  const absl::Status missing = ReadNewestManifest(&env_, "nowhere").status();
  EXPECT_EQ(CodeOf(missing), ErrorCode::kNotFound);
  const absl::Status empty = ReadNewestManifest(&env_, "dir").status();
  EXPECT_EQ(CodeOf(empty), ErrorCode::kNotFound);
  EXPECT_NE(MessageOf(empty).find("dir: is not an index directory"), std::string_view::npos);
  Put("segue.lock", "");
  Put("notes.txt", "");
  Put("manifest-0000000000000001.tmp", "half");
  EXPECT_EQ(CodeOf(ReadNewestManifest(&env_, "dir").status()), ErrorCode::kNotFound);
}

TEST_F(ManifestIoTest, ADamagedNewestIsNeverSteppedOver) {
  ASSERT_TRUE(WriteManifest(&env_, "dir", Generation(1)).ok());
  ASSERT_TRUE(WriteManifest(&env_, "dir", Generation(2)).ok());
  const std::string name = ManifestFileName(2);
  const std::string good = env_.Contents("dir/" + name).value();
  for (const size_t byte : {size_t{0}, size_t{9}, size_t{30}, size_t{70}, good.size() - 1}) {
    std::string bad = good;
    bad[byte] = static_cast<char>(bad[byte] ^ 4);
    Put(name, bad);
    const absl::Status status = ReadNewestManifest(&env_, "dir").status();
    EXPECT_EQ(CodeOf(status), ErrorCode::kDataLoss) << byte;
    EXPECT_NE(MessageOf(status).find(name), std::string_view::npos);
  }
  Put(name, good.substr(0, 100));
  EXPECT_EQ(CodeOf(ReadNewestManifest(&env_, "dir").status()), ErrorCode::kDataLoss);
  Put(name, "");
  EXPECT_EQ(CodeOf(ReadNewestManifest(&env_, "dir").status()), ErrorCode::kDataLoss);
  EXPECT_EQ(ReadManifest(&env_, "dir", 1).value(), Generation(1));
}

TEST_F(ManifestIoTest, AManifestUnderAnotherName) {
  ASSERT_TRUE(WriteManifest(&env_, "dir", Generation(1)).ok());
  Put(ManifestFileName(2), env_.Contents("dir/" + ManifestFileName(1)).value());
  EXPECT_EQ(CodeOf(ReadNewestManifest(&env_, "dir").status()), ErrorCode::kDataLoss);
  Put(ManifestFileName(2),
      FrameBytes(kManifestKind, kManifestVersion, SegmentId{2}, EncodeManifest(Generation(1))));
  const absl::Status status = ReadNewestManifest(&env_, "dir").status();
  EXPECT_EQ(CodeOf(status), ErrorCode::kDataLoss);
  EXPECT_NE(MessageOf(status).find("generation 1 in the manifest of generation 2"),
            std::string_view::npos);
}

TEST_F(ManifestIoTest, ANewerVersionIsAVersionError) {
  Put(ManifestFileName(2), FrameBytes(kManifestKind, kManifestVersion + 1, SegmentId{2}, "?"));
  EXPECT_EQ(CodeOf(ReadNewestManifest(&env_, "dir").status()), ErrorCode::kVersion);
}

TEST_F(ManifestIoTest, GenerationsOnlyGoUp) {
  ASSERT_TRUE(WriteManifest(&env_, "dir", Generation(5)).ok());
  EXPECT_EQ(CodeOf(WriteManifest(&env_, "dir", Generation(5))), ErrorCode::kFailedPrecondition);
  EXPECT_EQ(CodeOf(WriteManifest(&env_, "dir", Generation(4))), ErrorCode::kFailedPrecondition);
  EXPECT_TRUE(WriteManifest(&env_, "dir", Generation(7)).ok());
}

TEST_F(ManifestIoTest, WhatCouldNotBeReadIsNotWritten) {
  Manifest manifest = Generation(1);
  manifest.segments[0].deleted_count = 9;
  env_.ClearOps();
  EXPECT_EQ(CodeOf(WriteManifest(&env_, "dir", manifest)), ErrorCode::kInvalidArgument);
  EXPECT_EQ(env_.op_count(), 0u);
}

TEST_F(ManifestIoTest, AStaleTemporaryIsReplaced) {
  Put(ManifestFileName(1) + ".tmp", "left by a crash");
  EXPECT_TRUE(WriteManifest(&env_, "dir", Generation(1)).ok());
  EXPECT_EQ(env_.List("dir").value(), Names{ManifestFileName(1)});
}

TEST_F(ManifestIoTest, OrphansAreOursAndUnneeded) {
  ASSERT_TRUE(WriteManifest(&env_, "dir", Generation(1)).ok());
  ASSERT_TRUE(WriteManifest(&env_, "dir", Generation(3)).ok());
  const Manifest current = Generation(3);
  const Names needed = {"seg-0000000000000001.meta", "seg-0000000000000001.live-0000000000000003"};
  const Names foreign = {"notes.txt", "manifest-3", "seg-0000000000000009.docx", "segue.lock",
                         "seg-0000000000000009.terms.bak"};
  const Names orphans = {"seg-0000000000000001.live-0000000000000002", "seg-0000000000000001.terms",
                         "seg-0000000000000009.live-0000000000000001", "seg-0000000000000009.post",
                         "manifest-0000000000000004.tmp"};
  for (const Names& names : {needed, foreign, orphans}) {
    for (const std::string& name : names) Put(name, "x");
  }
  const Names listed = ListOrphans(&env_, "dir", current).value();
  ASSERT_EQ(listed.size(), orphans.size() + 1);
  EXPECT_EQ(listed[0], ManifestFileName(1));  // manifests first
  EXPECT_EQ(RemoveOrphans(&env_, "dir", current).value(), listed.size());
  EXPECT_EQ(ListOrphans(&env_, "dir", current).value(), Names{});
  EXPECT_EQ(env_.List("dir")->size(), needed.size() + foreign.size() + 1);
  EXPECT_EQ(ReadNewestManifest(&env_, "dir").value(), current);
}

TEST_F(ManifestIoTest, OrphansOfAnOutdatedManifestAreNotTouched) {
  ASSERT_TRUE(WriteManifest(&env_, "dir", Generation(1)).ok());
  ASSERT_TRUE(WriteManifest(&env_, "dir", Generation(2)).ok());
  EXPECT_EQ(CodeOf(RemoveOrphans(&env_, "dir", Generation(1)).status()),
            ErrorCode::kFailedPrecondition);
  EXPECT_TRUE(env_.Exists("dir/" + ManifestFileName(2)).value());
}

TEST_F(ManifestIoTest, RemovingGoesOnAfterAFailure) {
  ASSERT_TRUE(WriteManifest(&env_, "dir", Generation(1)).ok());
  for (int i = 2; i < 5; ++i) Put(SegmentFileName(SegmentId{7}, kSegmentFileKinds[i].kind), "x");
  env_.ClearOps();
  env_.FailAt(1, FaultEnv::IoError());  // 0 is the listing
  EXPECT_EQ(CodeOf(RemoveOrphans(&env_, "dir", Generation(1)).status()), ErrorCode::kIo);
  EXPECT_EQ(ListOrphans(&env_, "dir", Generation(1))->size(), 1u);
}

TEST_F(ManifestIoTest, AnOrphanThatIsGoneAlreadyIsNoFailure) {
  ASSERT_TRUE(WriteManifest(&env_, "dir", Generation(1)).ok());
  for (const FileKind kind : {kPostingsKind, kTermsKind}) {
    Put(SegmentFileName(SegmentId{7}, kind), "x");
  }
  HookEnv env(&env_);
  env.before_change = [&](const std::string& path) {
    EXPECT_TRUE(!path.ends_with(".post") || env_.Remove(path).ok());
  };
  EXPECT_EQ(RemoveOrphans(&env, "dir", Generation(1)).value(), 1u);
  EXPECT_EQ(ListOrphans(&env_, "dir", Generation(1)).value(), Names{});
}

// A manifest of more than a write buffer, so that appending can fail, too.
TEST(ManifestFaultTest, EveryFailingOperationLeavesTheOldOrTheNewGeneration) {
  Manifest manifest = Generation(2);
  manifest.payload = std::string(kMaxCommitPayloadBytes, 'p');
  const auto prepared = [] {
    auto env = std::make_unique<FaultEnv>();
    EXPECT_TRUE(env->CreateDir("dir").ok());
    EXPECT_TRUE(WriteManifest(env.get(), "dir", Generation(1)).ok());
    env->ClearOps();
    return env;
  };
  const auto counting = prepared();
  ASSERT_TRUE(WriteManifest(counting.get(), "dir", manifest).ok());
  const size_t op_count = counting->op_count();
  ASSERT_GT(op_count, 7u);
  for (size_t n = 0; n < op_count; ++n) {
    const std::string op = counting->ops()[n].ToString();
    const auto env = prepared();
    env->FailAt(n, FaultEnv::IoError());
    const absl::Status status = WriteManifest(env.get(), "dir", manifest);
    if (status.ok()) continue;  // the file was synced and closes with an error
    EXPECT_EQ(CodeOf(status), ErrorCode::kIo) << op;
    const bool published = n + 1 == op_count;
    EXPECT_EQ(IsOutcomeUnknown(status), published) << op;
    EXPECT_EQ(ReadNewestManifest(env.get(), "dir")->generation, published ? 2u : 1u) << op;
    EXPECT_FALSE(env->Exists("dir/" + ManifestFileName(2) + ".tmp").value()) << op;
  }
}

TEST(ManifestFaultTest, EveryFailingReadIsReported) {
  FaultEnv env;
  ASSERT_TRUE(env.CreateDir("dir").ok());
  ASSERT_TRUE(WriteManifest(&env, "dir", Generation(1)).ok());
  env.ClearOps();
  ASSERT_TRUE(ReadNewestManifest(&env, "dir").ok());
  const size_t op_count = env.op_count();
  ASSERT_GT(op_count, 4u);
  for (size_t n = 0; n < op_count; ++n) {
    env.ClearOps();
    env.ClearFaults();
    env.FailAt(n, FaultEnv::IoError());
    EXPECT_EQ(CodeOf(ReadNewestManifest(&env, "dir").status()), ErrorCode::kIo) << n;
  }
  EXPECT_EQ(CodeOf(ListGenerations(&env, "nowhere").status()), ErrorCode::kNotFound);
}

TEST_F(ManifestIoTest, SealedNonsenseIsDataLoss) {
  Put(ManifestFileName(3), FrameBytes(kManifestKind, kManifestVersion, SegmentId{3}, "nonsense"));
  EXPECT_EQ(CodeOf(ReadNewestManifest(&env_, "dir").status()), ErrorCode::kDataLoss);
}

TEST_F(ManifestIoTest, TooLargeToWriteAndToRead) {
  Manifest manifest = Generation(1);
  manifest.schema_json = std::string(kMaxManifestBytes, ' ');
  const absl::Status written = WriteManifest(&env_, "dir", manifest);
  EXPECT_EQ(CodeOf(written), ErrorCode::kResourceExhausted);
  EXPECT_NE(MessageOf(written).find("merge segments"), std::string_view::npos);
  Put(ManifestFileName(1), FrameBytes(kManifestKind, kManifestVersion, SegmentId{1},
                                      std::string(kMaxManifestBytes + 1, ' ')));
  const absl::Status read = ReadNewestManifest(&env_, "dir").status();
  EXPECT_EQ(CodeOf(read), ErrorCode::kDataLoss);
  EXPECT_NE(MessageOf(read).find("manifest of 67108865 bytes, more than can be"),
            std::string_view::npos)
      << read;
}

// Passes everything on.
class PassingEnv : public Env {
 public:
  absl::StatusOr<std::unique_ptr<ByteSource>> OpenSource(const std::string& path,
                                                         ReadMode mode) override {
    return env_.OpenSource(path, mode);
  }
  absl::StatusOr<std::vector<std::string>> List(const std::string& dir) override {
    return env_.List(dir);
  }
  absl::StatusOr<uint64_t> FileSize(const std::string& path) override {
    return env_.FileSize(path);
  }
  absl::StatusOr<bool> Exists(const std::string& path) override { return env_.Exists(path); }
  uint64_t NowMicros() override { return env_.NowMicros(); }
  absl::StatusOr<std::unique_ptr<WritableFile>> NewWritable(const std::string& path) override {
    return env_.NewWritable(path);
  }
  absl::Status Rename(const std::string& from, const std::string& to) override {
    return env_.Rename(from, to);
  }
  absl::Status Remove(const std::string& path) override { return env_.Remove(path); }
  absl::Status SyncFile(const std::string& path) override { return env_.SyncFile(path); }
  absl::Status SyncDir(const std::string& dir) override { return env_.SyncDir(dir); }
  absl::Status CreateDir(const std::string& path) override { return env_.CreateDir(path); }
  absl::StatusOr<std::unique_ptr<FileLock>> Lock(const std::string& path,
                                                 const std::string& owner) override {
    return env_.Lock(path, owner);
  }

 private:
  FaultEnv env_;
};

// A rename over a network may have happened although its answer was lost.
TEST(ManifestFaultTest, ARenameThatHappenedAndFailedIsAnUnknownOutcome) {
  class LyingEnv final : public PassingEnv {
   public:
    absl::Status Rename(const std::string& from, const std::string& to) override {
      EXPECT_TRUE(PassingEnv::Rename(from, to).ok());
      return FaultEnv::IoError();
    }
  };
  LyingEnv env;
  ASSERT_TRUE(env.CreateDir("dir").ok());
  const absl::Status status = WriteManifest(&env, "dir", Generation(1));
  EXPECT_EQ(CodeOf(status), ErrorCode::kIo);
  EXPECT_TRUE(IsOutcomeUnknown(status));
  EXPECT_EQ(ReadNewestManifest(&env, "dir").value(), Generation(1));
}

TEST(ManifestFaultTest, AManifestThatIsAlwaysReplacedIsAnErrorInTheEnd) {
  class HurriedEnv final : public PassingEnv {
   public:
    absl::StatusOr<std::unique_ptr<ByteSource>> OpenSource(const std::string& path,
                                                           ReadMode /*mode*/) override {
      ++opened;
      return Error(ErrorCode::kNotFound, path + ": not found");
    }
    int opened = 0;
  };
  HurriedEnv env;
  ASSERT_TRUE(env.CreateDir("dir").ok());
  ASSERT_TRUE(WriteManifest(&env, "dir", Generation(1)).ok());
  const absl::Status status = ReadNewestManifest(&env, "dir").status();
  EXPECT_EQ(CodeOf(status), ErrorCode::kIo);
  EXPECT_NE(MessageOf(status).find("replaced faster than it can be read"), std::string_view::npos);
  EXPECT_EQ(env.opened, 100);
}

// A writer commits and cleans up as fast as it can; a reader must never see anything but a
// manifest, and never an older one than before.
TEST(ManifestRaceTest, AReaderAlwaysFindsANewestManifest) {
  const std::unique_ptr<Env> env = NewMemoryEnv();
  ASSERT_TRUE(env->CreateDir("dir").ok());
  ASSERT_TRUE(WriteManifest(env.get(), "dir", Generation(1)).ok());
  std::atomic<bool> done = false;
  absl::Status written;
  std::thread writer([&] {
    for (uint64_t generation = 2; generation <= 400 && written.ok(); ++generation) {
      written = WriteManifest(env.get(), "dir", Generation(generation));
      if (written.ok()) {
        written = RemoveOrphans(env.get(), "dir", Generation(generation)).status();
      }
    }
    done = true;
  });
  uint64_t last = 1;
  absl::Status read;
  while (!done && read.ok()) {
    const absl::StatusOr<Manifest> manifest = ReadNewestManifest(env.get(), "dir");
    read = manifest.status();
    if (!read.ok()) break;
    EXPECT_GE(manifest->generation, last);
    last = manifest->generation;
  }
  writer.join();
  EXPECT_TRUE(written.ok()) << written.ToString();
  EXPECT_TRUE(read.ok()) << read.ToString();
  EXPECT_EQ(ReadNewestManifest(env.get(), "dir")->generation, 400u);
}

}  // namespace
}  // namespace segue

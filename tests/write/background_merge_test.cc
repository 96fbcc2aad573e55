// SPDX-License-Identifier: Apache-2.0
//
// Merges beside the writer: what an index holds does not depend on when they begin and end,
// whatever changes meanwhile; errors lose nothing; a writer that is far ahead waits.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "engine/base/status.h"
#include "engine/format/manifest_io.h"
#include "engine/io/fault_env.h"
#include "engine/io/memory_env.h"
#include "engine/write/background_merges.h"
#include "engine/write/index_writer.h"
#include "tests/support/hook_env.h"
#include "tests/support/manual_executor.h"
#include "tests/support/seeded_random.h"
#include "tests/write/index_dump.h"
#include "tests/write/write_test_util.h"

namespace segue {
namespace {

constexpr char kDir[] = "index";

Schema SmallSchema() {
  return *Schema::FromJson(
      R"({"key":"id","fields":{"id":{"type":"keyword","stored":true},"n":{"type":"int64"},
          "text":{"type":"text","stored":true}}})");
}

Document SmallDocument(uint64_t key, uint64_t version = 0) {
  return Document()
      .Add("id", Cat("k", key))
      .Add("n", static_cast<int64_t>(version))
      .Add("text", Cat("common word", key % 7, " version", version));
}

class BackgroundMergeTest : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(IndexWriter::Create(&env_, kDir, SmallSchema()).ok()); }
  void TearDown() override { writer_.reset(); }

  void Open() { writer_ = OpenOrDie(&hook_, kDir, {.merge_executor = &executor_}); }
  CommitInfo Commit() {
    const auto info = writer_->Commit();
    EXPECT_TRUE(info.ok()) << info.status();
    return info.ok() ? *info : CommitInfo{};
  }
  // Commits each of [begin, end) alone.
  void CommitEach(uint64_t begin, uint64_t end) {
    for (uint64_t i = begin; i < end; ++i) {
      ASSERT_TRUE(writer_->Add(SmallDocument(i)).ok());
      Commit();
    }
  }
  // So that a merge is scheduled, and not begun.
  void MakeOneDue() {
    Open();
    CommitEach(0, kDue);
    ASSERT_EQ(executor_.waiting(), 1u);
    ASSERT_EQ(Newest().segments.size(), kDue);
  }
  Manifest Newest() { return *ReadNewestManifest(&env_, kDir); }
  // Files that the newest generation does not need, but for the lock.
  std::vector<std::string> Leftovers() { return *ListOrphans(&env_, kDir, Newest()); }

  // Of the changes to files that the next merge asks for, lets number `n` fail.
  void FailChange(int n, const absl::Status& error) {
    hook_.before_change = [this, n, error](const std::string&) mutable {
      if (executor_.running() && n-- == 0) env_.FailAt(env_.op_count(), error);
    };
  }

  // After the creation of the files, of which each is written to once.
  static constexpr int kFirstAppend = 9, kFirstSync = 18;
  static constexpr uint64_t kDue = 10;  // segments of the least size that are too many

  FaultEnv env_;
  HookEnv hook_{&env_};
  ManualExecutor executor_;
  std::unique_ptr<IndexWriter> writer_;
};

TEST_F(BackgroundMergeTest, TheNextCommitPublishesIt) {
  MakeOneDue();
  executor_.Run();
  EXPECT_EQ(Newest().segments.size(), kDue);
  const uint64_t before = Newest().generation;
  EXPECT_EQ(Commit().generation, before + 1) << "though nothing else has changed";
  EXPECT_EQ(Newest().segments.size(), 1u);
  EXPECT_EQ(Newest().segments[0].doc_count, kDue);
  EXPECT_EQ(Commit().generation, before + 1);
  EXPECT_EQ(Leftovers(), std::vector<std::string>{});
}

// Before the merge has any file, with some, and with all.
TEST_F(BackgroundMergeTest, CommitsGoOnMeanwhile) {
  for (const int change : {0, 5, kFirstAppend, kFirstSync}) {
    SCOPED_TRACE(change);
    writer_.reset();
    const std::string dir = Cat("index", change);
    ASSERT_TRUE(IndexWriter::Create(&env_, dir, SmallSchema()).ok());
    writer_ = OpenOrDie(&hook_, dir, {.merge_executor = &executor_});
    CommitEach(0, kDue);
    int changes = 0;
    hook_.before_change = [&](const std::string&) {
      if (!executor_.running() || changes++ != change) return;
      ASSERT_TRUE(*writer_->Delete("k3"));
      ASSERT_TRUE(writer_->Upsert(SmallDocument(5, 1)).ok());
      Commit();
      // The segments of two documents are gone.
      ASSERT_EQ(ReadNewestManifest(&env_, dir)->segments.size(), kDue - 1);
      CommitEach(20, 22);
    };
    executor_.Run();
    ASSERT_GT(changes, change);
    hook_.before_change = {};
    ASSERT_TRUE(*writer_->Delete("k0"));
    EXPECT_TRUE(Commit().merge_error.ok());
    const Manifest newest = *ReadNewestManifest(&env_, dir);
    EXPECT_EQ(newest.segments.size(), 4u) << "the merged one, and three new ones";
    EXPECT_EQ(newest.segments[0].doc_count, kDue);
    EXPECT_EQ(newest.segments[0].deleted_count, 3u);
    EXPECT_EQ(
        DumpIndex(&env_, dir)->keys,
        (std::vector<std::string>{"k1", "k2", "k4", "k6", "k7", "k8", "k9", "k5", "k20", "k21"}));
    EXPECT_EQ(*ListOrphans(&env_, dir, newest), std::vector<std::string>{});
  }
}

// In segments of several words of live documents, deleted before and during the merge.
TEST_F(BackgroundMergeTest, DeletionsInLargerSegments) {
  constexpr uint64_t kDocs = 150;
  SeededRandom random(23);
  std::vector<std::string> keys;
  const auto drop = [&](double share) {
    std::erase_if(keys, [&](const std::string& key) {
      if (!random.OneIn(static_cast<uint64_t>(1 / share))) return false;
      EXPECT_TRUE(*writer_->Delete(key));
      return true;
    });
  };
  Open();
  for (uint64_t segment = 0; segment < kDue; ++segment) {
    for (uint64_t i = segment * kDocs; i < (segment + 1) * kDocs; ++i) {
      ASSERT_TRUE(writer_->Add(SmallDocument(i)).ok());
      keys.push_back(Cat("k", i));
    }
    if (segment + 1 == kDue) drop(0.1);
    Commit();
  }
  ASSERT_EQ(executor_.waiting(), 1u);
  executor_.Run();
  drop(0.2);
  Commit();
  ASSERT_EQ(Newest().segments.size(), 1u);
  EXPECT_GT(Newest().segments[0].deleted_count, kDocs);
  EXPECT_EQ(DumpIndex(&env_, kDir)->keys, keys);
}

TEST_F(BackgroundMergeTest, WhatHasLostAllDocumentsIsNotPutThere) {
  MakeOneDue();
  executor_.Run();
  for (uint64_t i = 0; i < kDue; ++i) ASSERT_TRUE(*writer_->Delete(Cat("k", i)));
  Commit();
  EXPECT_EQ(Newest().segments.size(), 0u);
  EXPECT_EQ(Leftovers(), std::vector<std::string>{});
}

TEST_F(BackgroundMergeTest, APreparedCommitIsNotTouched) {
  MakeOneDue();
  ASSERT_TRUE(writer_->Add(SmallDocument(30)).ok());
  ASSERT_TRUE(writer_->Prepare().ok());
  executor_.Run();
  EXPECT_EQ(CodeOf(writer_->WaitForMerges()), ErrorCode::kFailedPrecondition);
  Commit();
  EXPECT_EQ(Newest().segments.size(), kDue + 1);
  Commit();
  EXPECT_EQ(Newest().segments.size(), 2u);
  EXPECT_EQ(DumpIndex(&env_, kDir)->doc_count, kDue + 1);
}

// The merge has dropped documents whose deletion is taken back.
TEST_F(BackgroundMergeTest, ARollbackTakesDeletionsBack) {
  Open();
  CommitEach(0, kDue - 1);
  ASSERT_TRUE(writer_->Add(SmallDocument(kDue)).ok());
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(*writer_->Delete(Cat("k", i)));
  // Three segments are gone, and one is new; of the others one is due for its deletions.
  for (int i = 20; i < 24; ++i) {
    ASSERT_TRUE(writer_->Flush().ok());
    ASSERT_TRUE(writer_->Add(SmallDocument(static_cast<uint64_t>(i))).ok());
  }
  ASSERT_TRUE(writer_->Flush().ok());
  ASSERT_EQ(executor_.waiting(), 1u) << "begun before the commit";
  executor_.Run();
  ASSERT_TRUE(writer_->Rollback().ok());
  Commit();
  EXPECT_EQ(DumpIndex(&env_, kDir)->doc_count, kDue - 1);
  ASSERT_TRUE(writer_->WaitForMerges().ok());
  Commit();
  EXPECT_EQ(DumpIndex(&env_, kDir)->doc_count, kDue - 1);
  EXPECT_EQ(Leftovers(), std::vector<std::string>{});
}

TEST_F(BackgroundMergeTest, WaitingDoesThem) {
  MakeOneDue();
  ASSERT_TRUE(writer_->WaitForMerges().ok());
  Commit();
  EXPECT_EQ(Newest().segments.size(), 1u);
  executor_.Run();  // does nothing now
  EXPECT_EQ(Leftovers(), std::vector<std::string>{});
}

TEST_F(BackgroundMergeTest, AForcedMergeGivesThemUp) {
  MakeOneDue();
  ASSERT_TRUE(writer_->ForceMerge(1).ok());
  executor_.Run();
  EXPECT_EQ(Commit().generation, kDue + 2);
  EXPECT_EQ(Newest().segments.size(), 1u);
  EXPECT_EQ(Leftovers(), std::vector<std::string>{});
}

TEST_F(BackgroundMergeTest, AForcedMergeInItsMiddle) {
  MakeOneDue();
  bool merged = false;
  hook_.before_change = [&](const std::string&) {
    if (!executor_.running() || merged) return;
    merged = true;
    ASSERT_TRUE(writer_->ForceMerge(3).ok());
  };
  executor_.Run();
  EXPECT_TRUE(merged);
  Commit();
  EXPECT_EQ(Newest().segments.size(), 3u);
  EXPECT_EQ(DumpIndex(&env_, kDir)->doc_count, kDue);
  EXPECT_EQ(Leftovers(), std::vector<std::string>{});
}

TEST_F(BackgroundMergeTest, TheEndOfTheWriterGivesThemUp) {
  for (const bool run_before : {false, true}) {
    SCOPED_TRACE(run_before);
    Open();
    CommitEach(run_before ? 100 : 0, (run_before ? 100 : 0) + kDue);
    ASSERT_GE(executor_.waiting(), 1u);
    if (run_before) executor_.Run();
    const auto files = AllFiles(&env_, kDir);
    writer_.reset();
    executor_.Run();
    EXPECT_EQ(Leftovers(), std::vector<std::string>{});
  }
}

// Only its own files go; the writer goes on; it is tried again, but not at once.
TEST_F(BackgroundMergeTest, AFullDisk) {
  MakeOneDue();
  FailChange(kFirstAppend, FaultEnv::DiskFull());
  executor_.Run();
  EXPECT_EQ(Leftovers(), std::vector<std::string>{});
  ASSERT_TRUE(writer_->Add(SmallDocument(50)).ok());
  EXPECT_EQ(CodeOf(Commit().merge_error), ErrorCode::kIo);
  EXPECT_EQ(executor_.waiting(), 1u) << "after one more commit";
  FailChange(kFirstAppend, FaultEnv::DiskFull());
  executor_.Run();
  ASSERT_TRUE(writer_->Add(SmallDocument(51)).ok());
  EXPECT_EQ(CodeOf(Commit().merge_error), ErrorCode::kIo);
  EXPECT_EQ(executor_.waiting(), 0u) << "not yet";
  ASSERT_TRUE(writer_->Add(SmallDocument(52)).ok());
  EXPECT_TRUE(Commit().merge_error.ok()) << "told once";
  EXPECT_EQ(executor_.waiting(), 1u);
  executor_.Run();
  Commit();
  EXPECT_LT(Newest().segments.size(), 5u);
  EXPECT_EQ(DumpIndex(&env_, kDir)->doc_count, kDue + 3);
}

TEST_F(BackgroundMergeTest, WaitingTellsAnErrorAndTriesAgain) {
  MakeOneDue();
  FailChange(3, FaultEnv::DiskFull());
  executor_.Run();
  EXPECT_EQ(CodeOf(writer_->WaitForMerges()), ErrorCode::kIo);
  ASSERT_TRUE(writer_->WaitForMerges().ok());
  EXPECT_TRUE(Commit().merge_error.ok());
  EXPECT_EQ(Newest().segments.size(), 1u);
}

TEST_F(BackgroundMergeTest, AFailedSyncEndsTheWriter) {
  MakeOneDue();
  FailChange(kFirstSync, FaultEnv::IoError());
  executor_.Run();
  ASSERT_TRUE(writer_->Add(SmallDocument(60)).ok());
  const auto commit = writer_->Commit();
  EXPECT_TRUE(IsSyncFailure(commit.status())) << commit.status();
  EXPECT_FALSE(writer_->Add(SmallDocument(61)).ok());
  EXPECT_FALSE(writer_->WaitForMerges().ok());
  writer_.reset();
  EXPECT_EQ(DumpIndex(&env_, kDir)->doc_count, kDue);
}

// Where nobody carries them out, the commit does, before there are too many segments.
TEST_F(BackgroundMergeTest, AWriterFarAheadDoesThem) {
  Open();
  size_t most = 0;
  for (uint64_t i = 0; i < 60; ++i) {
    CommitEach(i, i + 1);
    most = std::max(most, Newest().segments.size());
  }
  EXPECT_GT(most, kDue);
  EXPECT_LE(most, 33u);
  EXPECT_EQ(DumpIndex(&env_, kDir)->doc_count, 60u);
  // An error is the commit's then.
  hook_.before_change = [&](const std::string& path) {
    if (path.ends_with(".post")) env_.FailAt(env_.op_count(), FaultEnv::DiskFull());
  };
  bool failed = false;
  for (uint64_t i = 100; i < 200 && !failed; ++i) {
    ASSERT_TRUE(writer_->Add(SmallDocument(i)).ok());
    const auto hook = std::exchange(hook_.before_change, {});
    ASSERT_TRUE(writer_->Flush().ok());
    hook_.before_change = hook;
    const auto commit = writer_->Commit();
    failed = !commit.ok();
    if (failed) {
      EXPECT_EQ(CodeOf(commit.status()), ErrorCode::kIo) << commit.status();
    }
  }
  EXPECT_TRUE(failed);
  hook_.before_change = {};
  Commit();
  EXPECT_EQ(Leftovers(), std::vector<std::string>{});
}

// A merge lets a smaller one go first, in its own thread.
TEST_F(BackgroundMergeTest, SmallerOnesGoFirst) {
  Open();
  std::mt19937_64 random(3);
  for (uint64_t segment = 0; segment < kDue; ++segment) {
    for (uint64_t i = 0; i < 100; ++i) {
      Document document;
      document.Add("id", Cat("k", 1000 * segment + i)).Add("text", RandomText(random, 40, 2000));
      ASSERT_TRUE(writer_->Add(document).ok());
    }
    Commit();
  }
  ASSERT_EQ(executor_.waiting(), 1u);
  const std::string big = Cat("seg-", SegmentId{kDue + 1}.ToString());
  bool begun = false;
  std::vector<std::string> ends;  // the segments, in the order in which they are opened for reading
  hook_.before_change = [&](const std::string& path) {
    if (!executor_.running()) return;
    if (path.ends_with(".key") && (ends.empty() || !path.starts_with(ends.back()))) {
      ends.push_back(path.substr(0, path.find('.')));
    }
    if (begun) return;
    begun = true;
    CommitEach(100000, 100000 + kDue);
  };
  executor_.Run();
  hook_.before_change = {};
  ASSERT_GE(ends.size(), 2u);
  EXPECT_NE(ends[0], Cat(kDir, "/", big));
  EXPECT_EQ(ends.back(), Cat(kDir, "/", big));
  Commit();
  EXPECT_EQ(Newest().segments.size(), 2u);
}

// A writer with merges at any time beside one without, through the same random calls.
class SameCalls {
 public:
  explicit SameCalls(uint64_t seed) : random_(seed), hook_(&beside_env_) {
    EXPECT_TRUE(IndexWriter::Create(&inline_env_, kDir, SmallSchema()).ok());
    EXPECT_TRUE(IndexWriter::Create(&beside_env_, kDir, SmallSchema()).ok());
    Reopen();
    hook_.before_change = [this](const std::string&) {
      // In the middle of a merge.
      if (executor_.running() && random_.OneIn(6)) Call(/*may_reopen=*/false);
    };
  }

  void Run(int calls) {
    while (calls-- > 0 && !testing::Test::HasFailure()) {
      Call(/*may_reopen=*/true);
      if (random_.OneIn(5)) executor_.Run();
    }
    if (prepared_) Both([](IndexWriter& writer) { return writer.Commit().status(); });
    hook_.before_change = {};
    EXPECT_TRUE(beside_->WaitForMerges().ok());
    Commit();
  }
  uint64_t merges() const { return executor_.scheduled(); }

 private:
  template <typename Fn>
  void Both(Fn&& fn) {
    const absl::Status a = fn(*inline_), b = fn(*beside_);
    ASSERT_EQ(CodeOf(a), CodeOf(b)) << a << " " << b;
  }
  void Reopen() {
    inline_.reset();
    beside_.reset();
    inline_ = OpenOrDie(&inline_env_, kDir);
    beside_ = OpenOrDie(&hook_, kDir, {.merge_executor = &executor_});
  }
  void Commit() {
    Both([](IndexWriter& writer) {
      const auto info = writer.Commit();
      return info.ok() ? info->merge_error : info.status();
    });
    const auto found = DumpIndex(&beside_env_, kDir), wanted = DumpIndex(&inline_env_, kDir);
    ASSERT_TRUE(found.ok()) << found.status();
    ASSERT_EQ(Difference(*found, *wanted), "");
  }
  void Call(bool may_reopen) {
    const uint64_t key = random_.Below(60);
    if (prepared_) {
      prepared_ = false;
      if (random_.OneIn(2)) return Commit();
      return Both([](IndexWriter& writer) { return writer.Rollback(); });
    }
    switch (random_.Below(24)) {
      default:
        ++version_;
        return Both([&](IndexWriter& w) { return w.Upsert(SmallDocument(key, version_)); });
      case 0:
      case 1:
        return Both([&](IndexWriter& w) { return w.Delete(Cat("k", key)).status(); });
      case 2:
      case 3:
      case 4:
      case 5:
      case 6:
      case 7:
      case 8:
        return Commit();
      case 9:
        return Both([](IndexWriter& w) { return w.Flush(); });
      case 10:
        return Both([](IndexWriter& w) { return w.View().status(); });
      case 11:
        prepared_ = true;
        return Both([](IndexWriter& w) { return w.Prepare().status(); });
      case 12:
        return Both([](IndexWriter& w) { return w.Rollback(); });
      case 13:
        if (!random_.OneIn(4)) return;
        return Both([](IndexWriter& w) { return w.ForceMerge(2).status(); });
      case 14:
        if (!random_.OneIn(4)) return;
        ++version_;
        return Both([&](IndexWriter& w) { return w.AddField(Cat("f", version_), {}); });
      case 15:
        if (may_reopen && random_.OneIn(6)) Reopen();
    }
  }

  SeededRandom random_;
  FaultEnv inline_env_, beside_env_;
  HookEnv hook_;
  ManualExecutor executor_;
  std::unique_ptr<IndexWriter> inline_, beside_;
  bool prepared_ = false;
  uint64_t version_ = 0;
};

TEST(BackgroundMergeCalls, TheSameAsMergesInCommits) {
  uint64_t merges = 0;
  for (uint64_t seed = 0; seed < 8; ++seed) {
    SCOPED_TRACE(Cat("calls ", seed));
    SameCalls calls(7000 + seed);
    calls.Run(200);
    if (testing::Test::HasFailure()) return;
    merges += calls.merges();
  }
  EXPECT_GT(merges, 20u);
}

// One thread replaces and commits, one waits for merges, one merges by force now and then.
TEST(BackgroundMergeThreads, KeepEveryDocument) {
  constexpr uint64_t kKeys = 120;
  const std::unique_ptr<Env> env = NewMemoryEnv();
  ASSERT_TRUE(IndexWriter::Create(env.get(), kDir, SmallSchema()).ok());
  const std::unique_ptr<Executor> thread = *NewBackgroundThread();
  auto writer = OpenOrDie(env.get(), kDir, {.merge_executor = thread.get()});
  std::atomic<bool> stop = false;
  std::thread waiter([&] {
    while (!stop) EXPECT_TRUE(writer->WaitForMerges().ok());
  });
  std::thread forcer([&] {
    while (!stop) {
      EXPECT_TRUE(writer->ForceMerge(2).ok());
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
  });
  SeededRandom random(17);
  std::vector<uint64_t> versions(kKeys);
  for (uint64_t version = 1; version <= 1500; ++version) {
    const uint64_t key = random.Below(kKeys);
    if (random.OneIn(5)) {
      EXPECT_EQ(*writer->Delete(Cat("k", key)), versions[key] != 0);
      versions[key] = 0;
    } else {
      EXPECT_TRUE(writer->Upsert(SmallDocument(key, version)).ok());
      versions[key] = version;
    }
    if (random.OneIn(5)) {
      EXPECT_TRUE(writer->Commit().ok());
    }
  }
  stop = true;
  waiter.join();
  forcer.join();
  const auto last = writer->Commit();
  ASSERT_TRUE(last.ok()) << last.status();
  EXPECT_TRUE(last->merge_error.ok()) << last->merge_error;
  writer.reset();
  const auto found = DumpIndex(env.get(), kDir);
  ASSERT_TRUE(found.ok()) << found.status();
  std::vector<Document> documents;
  std::vector<int64_t> wanted, numbers;
  for (const uint64_t version : versions) {
    if (version != 0) wanted.push_back(static_cast<int64_t>(version));
  }
  for (const auto& values : found->fields.at("n").column) {
    numbers.insert(numbers.end(), values.begin(), values.end());
  }
  std::sort(wanted.begin(), wanted.end());
  std::sort(numbers.begin(), numbers.end());
  EXPECT_EQ(numbers, wanted);
  EXPECT_EQ(found->doc_count, wanted.size());
}

}  // namespace
}  // namespace segue

// SPDX-License-Identifier: Apache-2.0
//
// Operations that fail: every sync once, every create and append once with a full disk, half
// written, and with an input/output error. What was committed stays; the writer says what happened,
// starts over (or a new one does), and comes to the end of the workload.
//
// SEGUE_FAULT_WORKLOADS: how many workloads; 20 by default.
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "engine/base/check.h"
#include "engine/base/status.h"
#include "engine/base/strings.h"
#include "engine/io/fault_env.h"
#include "tests/crash/merging_run.h"
#include "tests/crash/workload.h"
#include "tests/support/seeded_random.h"

namespace segue {
namespace {

constexpr size_t kSteps = 14;

uint64_t Workloads() {
  const char* wish = std::getenv("SEGUE_FAULT_WORKLOADS");
  return wish == nullptr ? (SEGUE_CHECKS_ON ? 3 : 20) : std::strtoull(wish, nullptr, 10);
}

enum class Fault { kIo, kFull, kHalfFull };

class FaultSearch {
 public:
  explicit FaultSearch(uint64_t seed) : random_(seed), steps_(DrawSteps(random_, kSteps)) {}

  void FailEvery() {
    std::vector<FaultEnv::Op> ops;
    Perform({}, {}, &ops);
    for (size_t i = 0; i < ops.size() && !::testing::Test::HasFatalFailure(); ++i) {
      SCOPED_TRACE(Cat("operation ", i, ": ", ops[i].ToString()));
      using Kind = FaultEnv::OpKind;
      const Kind kind = ops[i].kind;
      if (kind == Kind::kSync || kind == Kind::kSyncDir) {
        Perform(i, Fault::kIo, nullptr);
        ++syncs_;
      } else if (kind == Kind::kCreate || kind == Kind::kAppend || kind == Kind::kRename) {
        Perform(i, Fault::kIo, nullptr);
        Perform(i, Fault::kFull, nullptr);
        if (kind == Kind::kAppend) Perform(i, Fault::kHalfFull, nullptr);
        ++writes_;
      }
    }
  }

  // As FailEvery, of every `stride`-th operation, with merges beside the writer between its steps.
  // Their errors are told by commits, and end no step but for a failed sync.
  void FailSomeWithMerges(uint64_t seed, size_t stride) {
    std::vector<FaultEnv::Op> ops;
    PerformWithMerges(seed, {}, Fault::kIo, &ops);
    for (size_t i = seed % stride; i < ops.size(); i += stride) {
      if (::testing::Test::HasFailure()) return;
      SCOPED_TRACE(Cat("operation ", i, ": ", ops[i].ToString()));
      PerformWithMerges(seed, i, i % 2 == 0 ? Fault::kFull : Fault::kIo, nullptr);
    }
  }

  uint64_t syncs() const { return syncs_; }
  uint64_t writes() const { return writes_; }
  uint64_t merge_errors() const { return merge_errors_; }

 private:
  void Perform(std::optional<size_t> op, Fault fault, std::vector<FaultEnv::Op>* ops) {
    FaultEnv env;
    Generation start = CreateEmptyIndex(&env, kCrashFolder);
    env.ClearOps();
    if (op && fault == Fault::kHalfFull) {
      env.FailHalfwayAt(*op, FaultEnv::DiskFull());
    } else if (op) {
      env.FailAt(*op, fault == Fault::kIo ? FaultEnv::IoError() : FaultEnv::DiskFull());
    }
    WorkloadRun run(&env, kCrashFolder, std::move(start));
    int failures = 0;
    for (const Step& step : steps_) {
      const absl::Status status = run.Perform(step);
      if (status.ok()) continue;
      ++failures;
      ASSERT_EQ(CodeOf(status), ErrorCode::kIo) << status;
      env.ClearFaults();
      ASSERT_EQ(run.Recover(status), "") << "after " << status;
    }
    // Each of these operations matters.
    ASSERT_EQ(failures, op ? 1 : 0);
    run.Close();
    if (ops != nullptr) *ops = env.ops();
    ASSERT_EQ(CheckIndex(&env, kCrashFolder, run.committed(), std::nullopt), "");
  }

  void PerformWithMerges(uint64_t seed, std::optional<size_t> op, Fault fault,
                         std::vector<FaultEnv::Op>* ops) {
    FaultEnv env;
    MergingRun merging(&env, kCrashFolder, CreateEmptyIndex(&env, kCrashFolder), seed,
                       /*in_the_middle=*/false);
    env.ClearOps();
    if (op) env.FailAt(*op, fault == Fault::kIo ? FaultEnv::IoError() : FaultEnv::DiskFull());
    WorkloadRun& run = merging.run();
    uint64_t failures = 0;
    merging.Perform(steps_, [&](const absl::Status& status) {
      if (status.ok()) return;
      ++failures;
      ASSERT_EQ(CodeOf(status), ErrorCode::kIo) << status;
      ASSERT_EQ(run.Recover(status), "") << "after " << status;
    });
    ASSERT_LE(failures + run.merge_errors(), op ? 1u : 0u);
    merge_errors_ += run.merge_errors();
    run.Close();
    if (ops != nullptr) *ops = env.ops();
    ASSERT_EQ(CheckIndex(&env, kCrashFolder, run.committed(), std::nullopt), "");
  }

  SeededRandom random_;
  const std::vector<Step> steps_;
  uint64_t merge_errors_ = 0;
  uint64_t syncs_ = 0;
  uint64_t writes_ = 0;
};

// Some draws of steps hardly write: so many more follow, up to a few times as many workloads, until
// enough operations have failed.
TEST(Faults, EverySyncAndEveryWriteFailsOnce) {
  const uint64_t enough_syncs = 30 * Workloads(), enough_writes = 50 * Workloads();
  uint64_t syncs = 0, writes = 0;
  const auto enough = [&] { return syncs > enough_syncs && writes > enough_writes; };
  for (uint64_t seed = 0; seed < Workloads() || (!enough() && seed < 4 * Workloads()); ++seed) {
    SCOPED_TRACE(Cat("workload ", seed));
    FaultSearch search(1000 + seed);
    search.FailEvery();
    if (HasFatalFailure()) return;
    syncs += search.syncs();
    writes += search.writes();
  }
  std::printf("%llu syncs failed, %llu creates, appends and renames\n",
              static_cast<unsigned long long>(syncs), static_cast<unsigned long long>(writes));
  EXPECT_GT(syncs, enough_syncs);
  EXPECT_GT(writes, enough_writes);
}

TEST(Faults, InMergesBesideTheWriter) {
  const uint64_t enough = Workloads() / 4;
  uint64_t merge_errors = 0;
  for (uint64_t seed = 0; seed < Workloads() || (merge_errors <= enough && seed < 10 * Workloads());
       ++seed) {
    SCOPED_TRACE(Cat("workload ", seed));
    // Streams of near numbers are much the same.
    FaultSearch search(3000 + 100 * seed);
    search.FailSomeWithMerges(9000 + 100 * seed, /*stride=*/11);
    if (HasFailure()) return;
    merge_errors += search.merge_errors();
  }
  EXPECT_GT(merge_errors, enough);
}

}  // namespace
}  // namespace segue

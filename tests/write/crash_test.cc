// SPDX-License-Identifier: Apache-2.0
//
// The commit protocol under faults: the machine stops before every single
// operation, every operation fails once, the disk fills up at every operation
// and stays full, every sync is left out. Whatever happens, the index is whole,
// of the old generation or the new one; what Commit reported as done stays done.
#include <gtest/gtest.h>

#include <functional>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "engine/base/check.h"
#include "engine/base/status.h"
#include "engine/base/strings.h"
#include "engine/format/manifest_io.h"
#include "engine/io/fault_env.h"
#include "engine/write/index_writer.h"
#include "tests/write/index_dump.h"
#include "tests/write/write_test_util.h"

namespace segue {
namespace {

constexpr char kDir[] = "index";

// Fewer fields than FullSchema, so that a segment has few files.
Schema SmallSchema() {
  return *Schema::FromJson(
      R"({"key":"id","fields":{"id":{"type":"keyword","stored":true},
          "text":{"type":"text"},"n":{"type":"int64"}}})");
}

Document SmallDocument(int key, int version) {
  Document document;
  document.Add("id", Cat("k", key));
  document.Add("text", Cat("common version", version, " word", key));
  document.Add("n", int64_t{version});
  return document;
}

// What a step of the workload does to the writer.
using Step = std::function<absl::Status(IndexWriter*)>;

struct Workload {
  std::string name;
  Step step;  // ends with a commit
  // Brings a step that failed half way to its end.
  Step finish = [](IndexWriter* writer) { return writer->Commit().status(); };
};

std::vector<Workload> Workloads() {
  const auto add = [](IndexWriter* writer) -> absl::Status {
    for (int i = 10; i < 14; ++i) {
      SEGUE_RETURN_IF_ERROR(writer->Add(SmallDocument(i, 2)));
    }
    return writer->Commit().status();
  };
  const auto replace = [](IndexWriter* writer) -> absl::Status {
    SEGUE_RETURN_IF_ERROR(writer->Upsert(SmallDocument(1, 2)));
    SEGUE_RETURN_IF_ERROR(writer->Delete("k2").status());
    return writer->Commit().status();
  };
  const auto finish_merge = [](IndexWriter* writer) { return writer->ForceMerge(1).status(); };
  const auto merge = [finish_merge](IndexWriter* writer) -> absl::Status {
    SEGUE_RETURN_IF_ERROR(writer->Upsert(SmallDocument(3, 2)));
    return finish_merge(writer);
  };
  const auto finish_reorder = [](IndexWriter* writer) {
    return writer->ForceMerge(1, {.order = DocumentOrder::kQuick}).status();
  };
  const auto reorder = [finish_reorder](IndexWriter* writer) -> absl::Status {
    SEGUE_RETURN_IF_ERROR(writer->Upsert(SmallDocument(3, 2)));
    return finish_reorder(writer);
  };
  const auto remove_only = [](IndexWriter* writer) -> absl::Status {
    for (int i = 0; i < 5; ++i) {
      SEGUE_RETURN_IF_ERROR(writer->Delete(Cat("k", i)).status());
    }
    return writer->Commit().status();
  };
  const auto add_field = [](IndexWriter* writer) -> absl::Status {
    SEGUE_RETURN_IF_ERROR(writer->Add(SmallDocument(20, 2)));
    SEGUE_RETURN_IF_ERROR(writer->AddField("more", {}));
    return writer->Commit().status();
  };
  return {{"add", add},
          {"replace and delete", replace},
          {"merge", merge, finish_merge},
          {"merge in another order", reorder, finish_reorder},
          {"delete a whole segment", remove_only},
          {"add a field", add_field}};
}

// Two segments of five documents, committed.
void Prepare(FaultEnv* env) {
  ASSERT_TRUE(IndexWriter::Create(env, kDir, SmallSchema()).ok());
  auto writer = OpenOrDie(env, kDir);
  for (int i = 0; i < 10; ++i) {
    ASSERT_TRUE(writer->Add(SmallDocument(i, 1)).ok());
    if (i == 4) {
      ASSERT_TRUE(writer->Flush().ok());
    }
  }
  ASSERT_TRUE(writer->Commit().ok());
}

struct Expected {
  IndexDump before, after;
  std::vector<FaultEnv::Op> ops;  // of opening a writer and the step
  size_t opening = 0;             // how many of them open the writer
};

Expected Learn(const Workload& workload) {
  FaultEnv env;
  Prepare(&env);
  Expected expected;
  expected.before = *DumpIndex(&env, kDir);
  env.ClearOps();
  {
    auto writer = OpenOrDie(&env, kDir);
    expected.opening = env.op_count();
    EXPECT_TRUE(workload.step(writer.get()).ok());
    expected.ops = env.ops();
  }
  expected.after = *DumpIndex(&env, kDir);
  return expected;
}

// Opens a writer and runs the step; the status of what failed first.
absl::Status Perform(FaultEnv* env, const Workload& workload) {
  auto writer = IndexWriter::Open(env, kDir);
  if (!writer.ok()) return writer.status();
  return workload.step(writer->get());
}

// Crash plans for so many pending changes: all subsets of few, else none, all,
// each alone, each left out, and some at random; torn writes too.
std::vector<FaultEnv::CrashPlan> Plans(const std::vector<FaultEnv::Pending>& pending,
                                       std::mt19937_64& random) {
  std::vector<FaultEnv::CrashPlan> plans;
  const size_t n = pending.size();
  const auto add = [&](std::vector<bool> keep) {
    FaultEnv::CrashPlan plan;
    plan.keep = std::move(keep);
    plans.push_back(std::move(plan));
  };
  if (n <= 6) {
    for (size_t bits = 0; bits < size_t{1} << n; ++bits) {
      std::vector<bool> keep(n);
      for (size_t i = 0; i < n; ++i) keep[i] = (bits >> i & 1) != 0;
      add(keep);
    }
  } else {
    add(std::vector<bool>(n, false));
    add(std::vector<bool>(n, true));
    for (size_t i = 0; i < n; ++i) {
      std::vector<bool> keep(n, false);
      keep[i] = true;
      add(keep);
      keep.flip();
      add(keep);
    }
    for (int i = 0; i < 8; ++i) {
      std::vector<bool> keep(n);
      for (size_t j = 0; j < n; ++j) keep[j] = random() % 2 == 0;
      add(keep);
    }
  }
  for (size_t i = 0; i < n; ++i) {
    if (pending[i].bytes < 2) continue;
    FaultEnv::CrashPlan plan;
    plan.keep.assign(n, true);
    plan.torn_index = i;
    plan.torn_bytes = pending[i].bytes / 2;
    plans.push_back(plan);
  }
  return plans;
}

// What is found after a crash: "before", "after", or what is wrong.
std::string Outcome(FaultEnv* env, const Expected& expected) {
  {
    const auto writer = IndexWriter::Open(env, kDir);
    if (!writer.ok()) return writer.status().ToString();
  }
  const auto found = DumpIndex(env, kDir);
  if (!found.ok()) return found.status().ToString();
  if (Difference(*found, expected.after).empty()) return "after";
  if (Difference(*found, expected.before).empty()) return "before";
  return Cat("neither: ", Difference(*found, expected.after), "; ",
             Difference(*found, expected.before));
}

// Slow builds try only some operations.
constexpr size_t kStride = SEGUE_CHECKS_ON ? 5 : 1;

TEST(Crash, BeforeEveryOperationKeepingAnySubset) {
  std::mt19937_64 random(TestSeed(41));
  size_t states = 0;
  for (const Workload& workload : Workloads()) {
    SCOPED_TRACE(workload.name);
    const Expected expected = Learn(workload);
    ASSERT_NE(Difference(expected.before, expected.after), "");
    for (size_t op = 0; op <= expected.ops.size(); op += kStride) {
      FaultEnv env;
      Prepare(&env);
      env.ClearOps();
      env.CrashAt(op);
      const bool committed = Perform(&env, workload).ok();
      for (const auto& plan : Plans(env.pending(), random)) {
        const auto after = env.Clone();
        after->Crash(plan);
        const std::string outcome = Outcome(after.get(), expected);
        ++states;
        if (committed) {
          ASSERT_EQ(outcome, "after") << "before operation " << op;
        } else {
          ASSERT_TRUE(outcome == "before" || outcome == "after")
              << "before operation " << op << ": " << outcome;
        }
      }
    }
  }
  RecordProperty("states", static_cast<int>(states));
  EXPECT_GT(states, 1000u / kStride);
}

// Names of files that the newest generation does not list.
std::vector<std::string> Leftovers(Env* env) {
  const auto manifest = ReadNewestManifest(env, kDir);
  if (!manifest.ok()) return {manifest.status().ToString()};
  return *ListOrphans(env, kDir, *manifest);
}

void CheckAfterFailure(FaultEnv* env, const Workload& workload, const Expected& expected,
                       bool halfway, size_t op) {
  SCOPED_TRACE(Cat(workload.name, ", operation ", op, ": ", expected.ops[op].ToString(),
                   halfway ? ", halfway" : ""));
  auto writer = IndexWriter::Open(env, kDir);
  if (!writer.ok()) {
    env->ClearFaults();
    EXPECT_EQ(Outcome(env, expected), "before");
    return;
  }
  const absl::Status status = workload.step(writer->get());
  env->ClearFaults();
  if (status.ok()) {
    // A failure that does not matter: removing what nobody needs any more.
    EXPECT_EQ(Difference(*DumpIndex(env, kDir), expected.after), "");
    return;
  }
  if (IsSyncFailure(status) || IsOutcomeUnknown(status)) {
    const absl::Status again = (*writer)->Commit().status();
    EXPECT_FALSE(again.ok()) << "a failed sync poisons the writer";
    EXPECT_FALSE((*writer)->Add(SmallDocument(99, 9)).ok());
    writer->reset();
    const std::string outcome = Outcome(env, expected);
    EXPECT_TRUE(outcome == "before" || outcome == "after") << outcome;
    return;
  }
  const auto untouched = DumpIndex(env, kDir);
  ASSERT_TRUE(untouched.ok()) << untouched.status();
  EXPECT_EQ(Difference(*untouched, expected.before), "");
  // Space has returned: the writer starts over and comes to the end.
  ASSERT_TRUE((*writer)->Rollback().ok());
  EXPECT_EQ(Leftovers(env), std::vector<std::string>());
  const absl::Status again = workload.step(writer->get());
  ASSERT_TRUE(again.ok()) << again;
  EXPECT_EQ(Difference(*DumpIndex(env, kDir), expected.after), "");
  EXPECT_EQ(Leftovers(env), std::vector<std::string>());
}

TEST(Crash, EveryOperationFailsOnce) {
  for (const Workload& workload : Workloads()) {
    const Expected expected = Learn(workload);
    for (size_t op = 0; op < expected.ops.size(); ++op) {
      for (const bool halfway : {false, true}) {
        if (halfway && expected.ops[op].kind != FaultEnv::OpKind::kAppend) {
          continue;
        }
        FaultEnv env;
        Prepare(&env);
        env.ClearOps();
        if (halfway) {
          env.FailHalfwayAt(op, FaultEnv::DiskFull());
        } else {
          env.FailAt(op, FaultEnv::IoError());
        }
        CheckAfterFailure(&env, workload, expected, halfway, op);
        if (HasFatalFailure()) return;
      }
    }
  }
}

bool Writes(FaultEnv::OpKind kind) {
  return kind == FaultEnv::OpKind::kCreate || kind == FaultEnv::OpKind::kAppend;
}

// A disk that is full from some write on: nothing new gets on it, the buffered
// documents stay where they are, and when there is space again a plain Commit
// finishes the work.
TEST(Crash, TheDiskFillsUpAtEveryWriteAndThereIsSpaceAgain) {
  for (const Workload& workload : Workloads()) {
    const Expected expected = Learn(workload);
    for (size_t op = 0; op < expected.ops.size(); ++op) {
      if (op < expected.opening || !Writes(expected.ops[op].kind)) continue;
      SCOPED_TRACE(Cat(workload.name, ", operation ", op, ": ", expected.ops[op].ToString()));
      FaultEnv env;
      Prepare(&env);
      auto writer = OpenOrDie(&env, kDir);
      env.ClearOps();
      env.FailAt(op - expected.opening, FaultEnv::DiskFull());
      const absl::Status full = workload.step(writer.get());
      ASSERT_FALSE(full.ok());
      EXPECT_EQ(ExitCodeOf(full), 4) << full;
      EXPECT_EQ(Difference(*DumpIndex(&env, kDir), expected.before), "");
      env.ClearFaults();
      const absl::Status finished = workload.finish(writer.get());
      ASSERT_TRUE(finished.ok()) << finished;
      if (workload.name != "add a field") {
        EXPECT_EQ(Difference(*DumpIndex(&env, kDir), expected.after), "");
      }
      EXPECT_EQ(Leftovers(&env), std::vector<std::string>());
    }
  }
}

// Each sync of a commit is needed: without it, some crash loses data.
TEST(Crash, EverySyncIsNeeded) {
  std::mt19937_64 random(TestSeed(43));
  const Workload workload = Workloads()[1];
  const Expected expected = Learn(workload);
  for (size_t op = 0; op < expected.ops.size(); ++op) {
    const FaultEnv::Op& sync = expected.ops[op];
    if (sync.kind != FaultEnv::OpKind::kSync && sync.kind != FaultEnv::OpKind::kSyncDir) {
      continue;
    }
    bool missed = false;
    // Late crashes first: that is where most syncs are missed.
    for (size_t crash = expected.ops.size(); crash > op && !missed; --crash) {
      FaultEnv env;
      Prepare(&env);
      env.ClearOps();
      env.IgnoreSyncAt(op);
      env.CrashAt(crash);
      const bool committed = Perform(&env, workload).ok();
      for (const auto& plan : Plans(env.pending(), random)) {
        const auto after = env.Clone();
        after->Crash(plan);
        const std::string outcome = Outcome(after.get(), expected);
        if (outcome == "after" || (outcome == "before" && !committed)) continue;
        missed = true;
        break;
      }
    }
    EXPECT_TRUE(missed) << "nothing is lost without operation " << op << ": " << sync.ToString();
  }
}

TEST(Crash, CreatingAnIndex) {
  std::mt19937_64 random(TestSeed(44));
  FaultEnv learn;
  ASSERT_TRUE(IndexWriter::Create(&learn, kDir, SmallSchema()).ok());
  const size_t ops = learn.ops().size();
  for (size_t op = 0; op <= ops; ++op) {
    FaultEnv env;
    env.CrashAt(op);
    const bool created = IndexWriter::Create(&env, kDir, SmallSchema()).ok();
    for (const auto& plan : Plans(env.pending(), random)) {
      const auto after = env.Clone();
      after->Crash(plan);
      const absl::Status opened = IndexWriter::Open(after.get(), kDir).status();
      if (created) {
        ASSERT_TRUE(opened.ok()) << opened;
      } else if (!opened.ok()) {
        ASSERT_EQ(CodeOf(opened), ErrorCode::kNotFound) << opened;
        const absl::Status again = IndexWriter::Create(after.get(), kDir, SmallSchema());
        ASSERT_TRUE(again.ok()) << again;
      }
    }
  }
}

}  // namespace
}  // namespace segue

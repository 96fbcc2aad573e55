// SPDX-License-Identifier: Apache-2.0
//
// What a commit asks of the file system, and in which order: the example of docs/durability.md to
// the letter, and its rules for every commit of many workloads.
#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "engine/base/strings.h"
#include "engine/io/fault_env.h"
#include "tests/crash/merging_run.h"
#include "tests/crash/workload.h"
#include "tests/support/seeded_random.h"

namespace segue {
namespace {

using Kind = FaultEnv::OpKind;

bool ChangesFiles(Kind kind) {
  return kind == Kind::kCreate || kind == Kind::kAppend || kind == Kind::kSync ||
         kind == Kind::kRename || kind == Kind::kRemove || kind == Kind::kSyncDir;
}

bool IsTemporary(const std::string& path) { return path.ends_with(".tmp"); }

// Follows a trace and keeps the first rule that is broken.
class Rules {
 public:
  void Follow(const FaultEnv::Op& op) {
    if (!ChangesFiles(op.kind)) return;
    if (renamed_ && op.kind != Kind::kSyncDir) Break("after the rename comes a sync", op);
    switch (op.kind) {
      case Kind::kCreate:
        if (published_.contains(op.path)) Break("used twice", op);
        may_remove_ = false;
        if (IsTemporary(op.path) && !names_.empty()) Break("names are not synced", op);
        if (!IsTemporary(op.path)) names_.insert(op.path);
        there_.insert(op.path);
        unsynced_.insert(op.path);
        break;
      case Kind::kAppend:
        if (published_.contains(op.path)) Break("a published file is written to", op);
        unsynced_.insert(op.path);
        break;
      case Kind::kSync:
        unsynced_.erase(op.path);
        break;
      case Kind::kSyncDir:
        names_.clear();
        if (renamed_) ++commits_;
        may_remove_ = may_remove_ || renamed_;
        renamed_ = false;
        break;
      case Kind::kRename:
        if (!unsynced_.empty()) Break("not synced", op);
        there_.erase(op.path);
        there_.insert(op.to);
        published_.insert(there_.begin(), there_.end());
        renamed_ = true;
        break;
      case Kind::kRemove:
        if (published_.contains(op.path) && !may_remove_) Break("removed before the commit", op);
        there_.erase(op.path);
        unsynced_.erase(op.path);
        names_.erase(op.path);
        break;
      default:
        break;
    }
  }

  const std::string& broken() const { return broken_; }
  uint64_t commits() const { return commits_; }

 private:
  void Break(const char* rule, const FaultEnv::Op& op) {
    if (broken_.empty()) broken_ = Cat(rule, ": ", op.ToString());
  }

  std::set<std::string> there_, unsynced_;
  std::set<std::string> published_;  // at any time, removed ones too
  std::set<std::string> names_;      // created since the directory was synced
  bool renamed_ = false;
  bool may_remove_ = false;  // a commit has succeeded, and nothing has been made since
  uint64_t commits_ = 0;
  std::string broken_;
};

// Every fourth workload with merges beside the writer.
TEST(Trace, EveryCommitKeepsTheRules) {
  uint64_t commits = 0;
  for (uint64_t seed = 0; seed < 200; ++seed) {
    SeededRandom random(2000 + seed);
    FaultEnv env;
    const Generation start = CreateEmptyIndex(&env, kCrashFolder);
    WorkloadRun run(&env, kCrashFolder, start);
    MergingRun merging(&env, kCrashFolder, start, seed, /*in_the_middle=*/false);
    env.ClearOps();
    const std::vector<Step> steps = DrawSteps(random, 14);
    const auto expect_ok = [](const absl::Status& status) { ASSERT_TRUE(status.ok()) << status; };
    if (seed % 4 == 0) {
      merging.Perform(steps, expect_ok);
    } else {
      for (const Step& step : steps) expect_ok(run.Perform(step));
    }
    Rules rules;
    for (const FaultEnv::Op& op : env.ops()) rules.Follow(op);
    ASSERT_EQ(rules.broken(), "") << "workload " << seed;
    commits += rules.commits();
  }
  EXPECT_GT(commits, 400u);
}

TEST(Trace, IsTheOneOfTheDocument) {
  FaultEnv env;
  WorkloadRun run(&env, kCrashFolder, CreateEmptyIndex(&env, kCrashFolder));
  ASSERT_TRUE(run.Perform({Step::Kind::kAdd, 1}).ok());
  env.ClearOps();
  ASSERT_TRUE(run.Perform({Step::Kind::kCommit, 1}).ok());
  std::string trace;
  for (const FaultEnv::Op& op : env.ops()) {
    if (!ChangesFiles(op.kind)) continue;
    FaultEnv::Op shown = op;
    shown.bytes = 0;
    trace += shown.ToString() + "\n";
  }
  std::ifstream file(std::string(SEGUE_SOURCE_DIR) + "/docs/durability.md");
  std::string line, documented;
  bool inside = false;
  while (std::getline(file, line)) {
    if (line.starts_with("```")) {
      inside = line == "```trace";
    } else if (inside) {
      documented += line + "\n";
    }
  }
  EXPECT_EQ(documented, trace);
}

}  // namespace
}  // namespace segue

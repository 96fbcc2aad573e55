// SPDX-License-Identifier: Apache-2.0
//
// Any bytes as a sequence of calls: three bytes each, of which the first chooses the call and the
// others are its number. Adds, upserts, deletes, values set, commits in one and two phases,
// rollbacks, merges, searches; merges beside the writer; disks that are full for one call, and
// power cuts that keep any part of what was not synced.
//
// Promises: the index is always that of the last commit that returned OK, or of the one under way
// when the power went, whole and sound; searches find what a plain model of the documents has.
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "engine/base/strings.h"
#include "engine/io/fault_env.h"
#include "segue/query.h"
#include "tests/crash/workload.h"
#include "tests/support/manual_executor.h"

namespace {

using namespace segue;

constexpr size_t kMostCalls = 60;
constexpr uint8_t kStepKinds = static_cast<uint8_t>(Step::Kind::kSetValue) + 1;
constexpr uint8_t kCallKinds = kStepKinds + 4;

// A failed expectation of the model ends the program.
const bool breaks_on_failure = [] {
  GTEST_FLAG_SET(break_on_failure, true);
  return true;
}();

class Calls {
 public:
  Calls() { Start(CreateEmptyIndex(&env_, kCrashFolder)); }

  void Do(uint8_t what, uint64_t number) {
    what %= kCallKinds;
    if (what < kStepKinds) {
      Perform({static_cast<Step::Kind>(what), number});
    } else if (what == kStepKinds) {
      Search(number);
    } else if (what == kStepKinds + 1) {
      fail_after_ = number % 64;
    } else if (what == kStepKinds + 2) {
      CutPower(number);
    } else {
      Merge();
    }
  }

  void End() {
    run_->Close();
    ASSERT_EQ(CheckIndex(&env_, kCrashFolder, run_->committed(), std::nullopt), "");
  }

 private:
  void Start(Generation start) {
    run_.emplace(&env_, kCrashFolder, std::move(start), WriterOptions{.merge_executor = &merges_});
  }

  // If a failing operation was asked for before.
  void PlanFailure() {
    if (!fail_after_.has_value()) return;
    const uint64_t operation = env_.op_count() + *fail_after_;
    env_.FailAt(operation, *fail_after_ % 2 == 0 ? FaultEnv::DiskFull() : FaultEnv::IoError());
    fail_after_.reset();
  }

  // What commits have left to be done beside them. A commit tells of its errors.
  void Merge() {
    PlanFailure();
    merges_.Run();
    env_.ClearFaults();
  }

  void Perform(const Step& step) {
    PlanFailure();
    const absl::Status status = run_->Perform(step);
    env_.ClearFaults();
    if (status.ok()) return;
    ASSERT_FALSE(status.message().empty());
    ASSERT_EQ(run_->Recover(status), "") << status;
  }

  void Search(uint64_t number) {
    const auto index = Index::Open(kCrashFolder, {.env = &env_});
    ASSERT_TRUE(index.ok()) << index.status();
    const auto snapshot = *index->OpenSnapshot();
    const std::string word = Cat("word", number % 6);
    const Query queries[] = {Query::Term("text", word),
                             Query::And({Query::Text("common"), Query::Term("text", word)}),
                             Query::Phrase("text", {"common", word}),
                             Query::Fuzzy("text", Cat(word, "x"), {.edits = 1, .prefix_length = 5}),
                             Query::Regexp("text", Cat(word.substr(0, 3), ".", word.substr(4)))};
    uint64_t expected = 0;
    for (const auto& [key, text] : run_->committed().documents) {
      expected += Cat(text, " ").find(Cat("common ", word, " ")) != std::string::npos;
    }
    for (const Query& query : queries) {
      const auto result = snapshot->Search(query);
      ASSERT_TRUE(result.ok()) << result.status();
      // Any of the other words is an edit away, too.
      if (query.kind() == QueryKind::kFuzzy) {
        ASSERT_GE(result->total->value, expected);
      } else {
        ASSERT_EQ(result->total->value, expected) << query.ToString();
      }
    }
  }

  // Each change that was not synced survives or does not, as the bits of the number say.
  void CutPower(uint64_t number) {
    const Generation old = run_->committed();
    const std::optional<Generation> next = run_->in_flight();
    FaultEnv::CrashPlan plan;
    for (size_t i = 0; i < env_.pending().size(); ++i) {
      plan.keep.push_back((number * 0x9e3779b97f4a7c15u >> (i % 64) & 1) != 0);
    }
    env_.Crash(plan);
    ASSERT_EQ(CheckIndex(&env_, kCrashFolder, old, next), "");
    absl::StatusOr<Generation> found = ReadGeneration(&env_, kCrashFolder);
    ASSERT_TRUE(found.ok()) << found.status();
    run_->Close();
    Start(*std::move(found));
  }

  FaultEnv env_;
  ManualExecutor merges_;
  std::optional<WorkloadRun> run_;
  std::optional<uint64_t> fail_after_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  Calls calls;
  for (size_t at = 0; at + 3 <= size && at < 3 * kMostCalls; at += 3) {
    calls.Do(data[at], data[at + 1] + 256u * data[at + 2]);
  }
  calls.End();
  return 0;
}

// SPDX-License-Identifier: Apache-2.0
//
// Power cuts, enumerated: 200 workloads, stopped before every operation that changes files, into
// what a disk may then hold: any subset of what was not synced, writes torn at 512 bytes and at
// 4 KiB among them. The index found afterwards is the last one that a commit has reported, or the
// one that was being committed: complete, sound, and good for another commit.
//
// SEGUE_CRASH_STATES: how many states, about; 21,000 by default. Up to 10 pending changes all
// subsets are tried where the number allows, else none, all, each single one, each pair, their
// complements, and seeded samples.
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/base/check.h"
#include "engine/base/strings.h"
#include "engine/io/fault_env.h"
#include "tests/crash/merging_run.h"
#include "tests/crash/workload.h"
#include "tests/support/seeded_random.h"

namespace segue {
namespace {

constexpr uint64_t kWorkloads = 200;
constexpr size_t kSteps = 14;
constexpr size_t kSubsetLimit = 10;

// Checked and sanitized builds take ten times as long for a state.
constexpr uint64_t kDefaultStates = SEGUE_CHECKS_ON ? 2000 : 21000;

uint64_t WantedStates() {
  const char* wish = std::getenv("SEGUE_CRASH_STATES");
  return wish == nullptr ? kDefaultStates : std::strtoull(wish, nullptr, 10);
}

using Plan = FaultEnv::CrashPlan;
using PendingChanges = std::vector<FaultEnv::Pending>;

void AddTorn(const PendingChanges& pending, std::vector<bool> keep, std::vector<Plan>* plans) {
  for (size_t i = pending.size(); i-- > 0;) {
    if (pending[i].kind != FaultEnv::Pending::Kind::kWrite || keep[i]) continue;
    for (const uint64_t bytes : {uint64_t{512}, uint64_t{4096}}) {
      if (bytes < pending[i].bytes) {
        plans->push_back({.keep = keep, .torn_index = i, .torn_bytes = bytes});
      }
    }
    return;  // the last write that is lost is the one that was under way
  }
}

// All plans that the decision for unsynced changes asks for, if there are at most `limit` of them.
std::vector<Plan> AllPlans(const PendingChanges& pending, size_t limit) {
  std::vector<Plan> plans;
  const size_t n = pending.size();
  const auto add = [&](const std::vector<bool>& keep) {
    plans.push_back({.keep = keep});
    AddTorn(pending, keep, &plans);
  };
  if (n <= kSubsetLimit) {
    for (size_t bits = 0; bits < size_t{1} << n && plans.size() <= limit; ++bits) {
      std::vector<bool> keep(n);
      for (size_t i = 0; i < n; ++i) keep[i] = (bits >> i & 1) != 0;
      add(keep);
    }
    return plans;
  }
  for (const bool base : {false, true}) {
    add(std::vector<bool>(n, base));
    for (size_t i = 0; i < n && plans.size() <= limit; ++i) {
      for (size_t j = i; j < n && plans.size() <= limit; ++j) {
        std::vector<bool> keep(n, base);
        keep[i] = keep[j] = !base;
        add(keep);
      }
    }
  }
  return plans;
}

Plan RandomPlan(const PendingChanges& pending, SeededRandom& random) {
  const size_t n = pending.size();
  std::vector<bool> keep(n);
  const bool base = random.OneIn(2);
  // A few changes against the rest, or any subset.
  const uint64_t few = random.OneIn(2) ? 0 : random.Between(1, 2);
  for (size_t i = 0; i < n; ++i) keep[i] = few == 0 ? random.OneIn(2) : base;
  for (uint64_t i = 0; n > 0 && i < few; ++i) keep[random.Below(n)] = !base;
  std::vector<Plan> plans = {{.keep = keep}};
  AddTorn(pending, keep, &plans);
  return plans[random.Below(plans.size())];
}

// At least one plan, about `count`.
std::vector<Plan> PlansFor(const PendingChanges& pending, size_t count, SeededRandom& random) {
  std::vector<Plan> plans = AllPlans(pending, count);
  if (plans.size() <= count) return plans;
  plans.clear();
  while (plans.size() < count) plans.push_back(RandomPlan(pending, random));
  // What a disk does mostly.
  if (count > 2) {
    plans[0] = {};
    plans[1] = {.keep = {}, .keep_all = true};
  }
  return plans;
}

class StateSearch {
 public:
  StateSearch(uint64_t seed, bool merges_beside)
      : seed_(seed),
        merges_beside_(merges_beside),
        random_(seed),
        steps_(DrawSteps(random_, merges_beside ? 2 * kSteps : kSteps)) {}

  // Runs the workload and tries `states` of its states.
  void Search(uint64_t states) {
    const uint64_t points = CountPoints();
    ASSERT_GT(points, 0u);
    const uint64_t plans = (states + points - 1) / points;
    // Where there are more points than states, each workload takes others.
    const uint64_t stride = std::max<uint64_t>(1, points / states);
    const uint64_t first = random_.Below(stride);
    uint64_t point = 0;
    Perform([&](const WorkloadRun& run, std::unique_ptr<FaultEnv> state) {
      if (point++ % stride == first && wrong_.empty()) TryState(run, *state, plans);
    });
    ASSERT_EQ(wrong_, "");
  }

  uint64_t tried() const { return tried_; }
  uint64_t steps_in_merges() const { return steps_in_merges_; }

 private:
  using Visit = std::function<void(const WorkloadRun& run, std::unique_ptr<FaultEnv> state)>;

  void Perform(const Visit& visit) {
    FaultEnv env;
    Generation start = CreateEmptyIndex(&env, kCrashFolder);
    if (merges_beside_) return PerformWithMerges(visit, &env, std::move(start));
    WorkloadRun run(&env, kCrashFolder, std::move(start));
    env.VisitStates([&](std::unique_ptr<FaultEnv> state) { visit(run, std::move(state)); });
    for (const Step& step : steps_) {
      const absl::Status status = run.Perform(step);
      ASSERT_TRUE(status.ok()) << status;
    }
    env.VisitStates({});
    visit(run, env.Clone());
  }

  void PerformWithMerges(const Visit& visit, FaultEnv* env, Generation start) {
    MergingRun merging(env, kCrashFolder, std::move(start), seed_, /*in_the_middle=*/true);
    env->VisitStates(
        [&](std::unique_ptr<FaultEnv> state) { visit(merging.run(), std::move(state)); });
    merging.Perform(steps_, [](const absl::Status& status) { ASSERT_TRUE(status.ok()) << status; });
    env->VisitStates({});
    visit(merging.run(), env->Clone());
    steps_in_merges_ = merging.steps_in_the_middle();
  }

  uint64_t CountPoints() {
    uint64_t points = 0;
    Perform([&points](const WorkloadRun&, std::unique_ptr<FaultEnv>) { ++points; });
    return points;
  }

  void TryState(const WorkloadRun& run, const FaultEnv& state, uint64_t count) {
    for (const Plan& plan : PlansFor(state.pending(), count, random_)) {
      const std::unique_ptr<FaultEnv> after = state.Clone();
      after->Crash(plan);
      ++tried_;
      wrong_ = CheckIndex(after.get(), kCrashFolder, run.committed(), run.in_flight());
      if (wrong_.empty() && tried_ % 16 == 0) wrong_ = WriteMore(after.get());
      if (!wrong_.empty()) {
        wrong_ = Cat(wrong_, " (", state.pending().size(), " changes were pending)");
        return;
      }
    }
  }

  // The next writer finds its way.
  static std::string WriteMore(FaultEnv* env) {
    absl::StatusOr<Generation> found = ReadGeneration(env, kCrashFolder);
    if (!found.ok()) return found.status().ToString();
    WorkloadRun run(env, kCrashFolder, *std::move(found));
    for (const Step& step :
         {Step{Step::Kind::kUpsert, 3}, Step{Step::Kind::kDelete, 4}, Step{Step::Kind::kCommit}}) {
      if (const absl::Status status = run.Perform(step); !status.ok()) return status.ToString();
    }
    run.Close();
    return CheckIndex(env, kCrashFolder, run.committed(), std::nullopt);
  }

  const uint64_t seed_;
  const bool merges_beside_;
  SeededRandom random_;
  const std::vector<Step> steps_;
  uint64_t tried_ = 0;
  uint64_t steps_in_merges_ = 0;
  std::string wrong_;
};

void SearchAll(uint64_t workloads, bool merges_beside, uint64_t wanted) {
  uint64_t tried = 0, steps_in_merges = 0;
  for (uint64_t seed = 0; seed < workloads; ++seed) {
    SCOPED_TRACE(Cat("workload ", seed));
    // Streams of near numbers are much the same.
    StateSearch search(merges_beside ? 100 * seed : seed, merges_beside);
    // What one workload could not use the next may.
    search.Search((wanted - std::min(wanted, tried)) / (workloads - seed) + 1);
    if (testing::Test::HasFailure()) return;
    tried += search.tried();
    steps_in_merges += search.steps_in_merges();
  }
  std::printf("%llu states of %llu workloads\n", static_cast<unsigned long long>(tried),
              static_cast<unsigned long long>(workloads));
  EXPECT_GE(tried, wanted / 10 * 9);
  EXPECT_EQ(steps_in_merges > workloads, merges_beside) << steps_in_merges;
}

TEST(CrashStates, LeaveTheOldOrTheNewGeneration) {
  SearchAll(kWorkloads, /*merges_beside=*/false, WantedStates());
}

// With merges beside the writer, and steps in the middle of them.
TEST(CrashStates, LeaveTheOldOrTheNewGenerationInMerges) {
  SearchAll(kWorkloads / 10, /*merges_beside=*/true, WantedStates() / 10);
}

}  // namespace
}  // namespace segue

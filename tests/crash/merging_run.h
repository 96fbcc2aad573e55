// SPDX-License-Identifier: Apache-2.0
//
// MergingRun: a WorkloadRun with merges beside it, at moments drawn from a seed: all in one thread,
// so that each run can be had again. Merges go on between two steps, and next steps come in the
// middle of a merge.
#ifndef SEGUE_TESTS_CRASH_MERGING_RUN_H_
#define SEGUE_TESTS_CRASH_MERGING_RUN_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "tests/crash/workload.h"
#include "tests/support/hook_env.h"
#include "tests/support/manual_executor.h"
#include "tests/support/seeded_random.h"

namespace segue {

class MergingRun {
 public:
  // `in_the_middle`: also steps within merges.
  MergingRun(Env* env, std::string folder, Generation start, uint64_t seed, bool in_the_middle)
      : random_(seed),
        hook_(env),
        run_(&hook_, std::move(folder), std::move(start), {.merge_executor = &executor_}) {
    if (!in_the_middle) return;
    hook_.before_change = [this](const std::string&) {
      // A writer that goes waits for its merges, so it cannot go within one.
      if (!executor_.running() || next_ == steps_.size() || !random_.OneIn(4)) return;
      if (steps_[next_].kind == Step::Kind::kReopen) return;
      ++in_the_middle_;
      Next();
    };
  }

  // Performs the steps; `after` is told how each ended.
  void Perform(const std::vector<Step>& steps,
               const std::function<void(const absl::Status&)>& after) {
    steps_ = steps;
    after_ = after;
    for (next_ = 0; next_ < steps_.size();) {
      Next();
      if (random_.OneIn(2)) executor_.Run();
    }
  }

  WorkloadRun& run() { return run_; }
  uint64_t merges() const { return executor_.scheduled(); }
  uint64_t steps_in_the_middle() const { return in_the_middle_; }

 private:
  void Next() { after_(run_.Perform(steps_[next_++])); }

  SeededRandom random_;
  HookEnv hook_;
  ManualExecutor executor_;
  WorkloadRun run_;
  std::vector<Step> steps_;
  std::function<void(const absl::Status&)> after_;
  size_t next_ = 0;
  uint64_t in_the_middle_ = 0;
};

}  // namespace segue

#endif  // SEGUE_TESTS_CRASH_MERGING_RUN_H_

// SPDX-License-Identifier: Apache-2.0
//
// ManualExecutor: keeps the tasks until the test runs them, in the test's own thread. So what goes
// on beside a writer comes exactly where a test wants it.
#ifndef SEGUE_TESTS_SUPPORT_MANUAL_EXECUTOR_H_
#define SEGUE_TESTS_SUPPORT_MANUAL_EXECUTOR_H_

#include <cstddef>
#include <functional>
#include <utility>
#include <vector>

#include "segue/executor.h"

namespace segue {

class ManualExecutor final : public Executor {
 public:
  void Schedule(std::function<void()> task) override {
    tasks_.push_back(std::move(task));
    ++scheduled_;
  }

  size_t waiting() const { return tasks_.size(); }
  size_t scheduled() const { return scheduled_; }  // in all
  // Runs what waits now; tasks may schedule more.
  void Run() {
    ++running_;
    for (const auto& task : std::exchange(tasks_, {})) task();
    --running_;
  }
  bool running() const { return running_ > 0; }

 private:
  std::vector<std::function<void()>> tasks_;
  size_t scheduled_ = 0;
  int running_ = 0;
};

}  // namespace segue

#endif  // SEGUE_TESTS_SUPPORT_MANUAL_EXECUTOR_H_

// SPDX-License-Identifier: Apache-2.0
//
// Threads that a host program lends.
#ifndef SEGUE_EXECUTOR_H_
#define SEGUE_EXECUTOR_H_

#include <functional>
#include <memory>

#include "absl/status/statusor.h"
#include "segue/export.h"

namespace segue {

// Runs tasks, typically on the host's thread pool. segue starts no threads for searches and for
// merges beside a writer of its own.
class SEGUE_EXPORT Executor {
 public:
  virtual ~Executor() = default;

  // Runs `task` some time, on any thread, or never: who asked does what nobody else has begun, so a
  // busy pool delays nothing and cannot deadlock. A task may be run after the call that scheduled
  // it has returned; it then does nothing. Called from several threads.
  virtual void Schedule(std::function<void()> task) = 0;
};

// One thread, for hosts without a pool: WriterOptions::merge_executor of one writer or of many. It
// runs tasks in the order in which they came, and gives way to other threads where the system knows
// how (Linux: nice 10, for processor and disk). Destroyed, it drops the tasks that it has not begun
// and waits for the one under way. kResourceExhausted if the system gives no thread.
SEGUE_EXPORT absl::StatusOr<std::unique_ptr<Executor>> NewBackgroundThread();

}  // namespace segue

#endif  // SEGUE_EXECUTOR_H_

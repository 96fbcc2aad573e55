// SPDX-License-Identifier: Apache-2.0
//
// Threads that a host program lends.
#ifndef SEGUE_EXECUTOR_H_
#define SEGUE_EXECUTOR_H_

#include <functional>

#include "segue/export.h"

namespace segue {

// Runs tasks, typically on the host's thread pool. segue starts no threads for searches of its own.
class SEGUE_EXPORT Executor {
 public:
  virtual ~Executor() = default;

  // Runs `task` some time, on any thread, or never: who asked does what nobody else has begun, so a
  // busy pool delays nothing and cannot deadlock. A task may be run after the call that scheduled
  // it has returned; it then does nothing. Called from several threads.
  virtual void Schedule(std::function<void()> task) = 0;
};

}  // namespace segue

#endif  // SEGUE_EXECUTOR_H_

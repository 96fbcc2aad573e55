// SPDX-License-Identifier: Apache-2.0
//
// FanOut: calls a function for each of a few numbers, on the threads of an executor and the
// caller's.
#ifndef SEGUE_INDEX_FAN_OUT_H_
#define SEGUE_INDEX_FAN_OUT_H_

#include <cstddef>
#include <functional>

#include "segue/executor.h"

namespace segue {

// Calls fn(0) … fn(count - 1), each once, and returns when all have returned. The caller's thread
// works, too, so that it needs no other. `fn` must not throw.
void FanOut(Executor* executor, size_t count, const std::function<void(size_t)>& fn);

}  // namespace segue

#endif  // SEGUE_INDEX_FAN_OUT_H_

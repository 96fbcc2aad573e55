// SPDX-License-Identifier: Apache-2.0
//
// MemoryEnv: a file system in memory. For indexes that need not outlive the
// process, and for tests. FaultEnv (fault_env.h) is the one that breaks.
#ifndef SEGUE_IO_MEMORY_ENV_H_
#define SEGUE_IO_MEMORY_ENV_H_

#include <memory>

#include "segue/env.h"

namespace segue {

// Paths are as given, '/' between names; a directory must be created before a
// file in it, except "." and "/". Safe from any thread.
std::unique_ptr<Env> NewMemoryEnv();

}  // namespace segue

#endif  // SEGUE_IO_MEMORY_ENV_H_

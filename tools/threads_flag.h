// SPDX-License-Identifier: Apache-2.0
//
// --threads N, of the commands that analyse or merge.
#ifndef SEGUE_TOOLS_THREADS_FLAG_H_
#define SEGUE_TOOLS_THREADS_FLAG_H_

#include <cstdint>
#include <thread>

#include "absl/status/statusor.h"
#include "corpus/base_tools.h"
#include "tools/flags.h"

namespace segue {

struct ThreadsFlag {
  uint64_t count = 0;  // 0: two, or one where there is only one processor

  void Declare(Flags* flags) { flags->Value("--threads", "N", &count, "how many threads work"); }
  // kInvalidArgument for too many.
  absl::StatusOr<uint32_t> Read() const {
    if (count == 0) return std::thread::hardware_concurrency() > 1 ? 2 : 1;
    if (count <= 256) return static_cast<uint32_t>(count);
    return Error(ErrorCode::kInvalidArgument, "--threads takes 1 to 256");
  }
};

}  // namespace segue

#endif  // SEGUE_TOOLS_THREADS_FLAG_H_

// SPDX-License-Identifier: Apache-2.0
//
// --wait SECONDS, of the commands that write.
#ifndef SEGUE_TOOLS_WAIT_FLAG_H_
#define SEGUE_TOOLS_WAIT_FLAG_H_

#include <algorithm>
#include <cstdint>

#include "tools/flags.h"

namespace segue {

struct WaitFlag {
  uint64_t seconds = 0;

  void Declare(Flags* flags) {
    flags->Value("--wait", "SECONDS", &seconds, "wait so long for another writer to finish (0)");
  }
  // For WriterOptions::lock_wait_ms.
  uint32_t milliseconds() const {
    return static_cast<uint32_t>(std::min<uint64_t>(seconds, UINT32_MAX / 1000) * 1000);
  }
};

}  // namespace segue

#endif  // SEGUE_TOOLS_WAIT_FLAG_H_

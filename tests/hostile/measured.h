// SPDX-License-Identifier: Apache-2.0
//
// What a call costs: processor time of its thread, and the most memory that it holds at once. It
// runs on a thread with a small stack. Its program replaces the global operator new.
#ifndef SEGUE_TESTS_HOSTILE_MEASURED_H_
#define SEGUE_TESTS_HOSTILE_MEASURED_H_

#include <cstdint>
#include <functional>
#include <string>

#include "engine/base/check.h"

namespace segue {

// 256 KiB; frames of sanitized builds are several times as large.
inline constexpr size_t kSmallStackBytes = (SEGUE_CHECKS_ON ? 8 : 1) * size_t{256} * 1024;

struct Cost {
  double milliseconds = 0;
  uint64_t peak_bytes = 0;

  std::string ToString() const;
};

// What a hostile query or document may cost: 100 ms, as the figures that are printed should show,
// and 64 MiB. A machine that is slow or busy with other tests is allowed three times as long, and
// checked and sanitized builds, which are not what anybody runs, more; of memory, too, since each
// scorer has another around it there, which remembers what it said.
inline constexpr Cost kHostileCost = {.milliseconds = SEGUE_CHECKS_ON ? 3000 : 300,
                                      .peak_bytes = uint64_t{SEGUE_CHECKS_ON ? 96 : 64} << 20};

// Checked and sanitized builds try one case of so many, others in each run.
inline constexpr uint64_t kShare = SEGUE_CHECKS_ON ? 8 : 1;

// Whether `cost` is within `limit`.
bool IsWithin(const Cost& cost, const Cost& limit);

// Runs `call` on a thread with a stack of kSmallStackBytes, and waits. The thread ends with it, so
// that each call starts with nothing kept for it.
void RunOnSmallStack(const std::function<void()>& call);

// Runs `call` on the calling thread and says what it cost.
Cost Measure(const std::function<void()>& call);

}  // namespace segue

#endif  // SEGUE_TESTS_HOSTILE_MEASURED_H_

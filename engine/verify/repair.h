// SPDX-License-Identifier: Apache-2.0
//
// RepairIndex: what can be kept of a damaged index.
#ifndef SEGUE_VERIFY_REPAIR_H_
#define SEGUE_VERIFY_REPAIR_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "engine/verify/verify.h"
#include "segue/env.h"

namespace segue {

struct LostSegment {
  uint64_t id = 0;
  uint64_t documents = 0;  // live ones, as the manifest says
  uint64_t bytes = 0;
};

struct RepairReport {
  VerifyReport found;  // before anything was done
  std::vector<LostSegment> lost;
  uint64_t kept_documents = 0;  // live ones of all other segments
  // The generation without them; that of `found` if nothing was written.
  uint64_t generation = 0;
};

// Verifies the index. With `drop_damaged` it then commits a generation without the segments that
// have problems: their documents are lost to it, all others stay. The damaged files themselves are
// left for whoever wants to look at them; the next writer removes them. Without `drop_damaged`
// nothing is written, and `lost` says what would be.
// Errors: those of VerifyIndex; kLocked while a writer is at work; kDataLoss if the manifest itself
// is damaged, for which there is no help but a backup.
absl::StatusOr<RepairReport> RepairIndex(Env* env, const std::string& dir,
                                         const VerifyOptions& options, bool drop_damaged);

}  // namespace segue

#endif  // SEGUE_VERIFY_REPAIR_H_

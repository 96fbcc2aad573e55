// SPDX-License-Identifier: Apache-2.0
//
// Flush: writes a memory index as one segment.
#ifndef SEGUE_WRITE_FLUSH_H_
#define SEGUE_WRITE_FLUSH_H_

#include <string>

#include "absl/status/statusor.h"
#include "engine/base/types.h"
#include "engine/format/manifest.h"
#include "engine/format/stored_format.h"
#include "engine/write/memory_index.h"
#include "engine/write/worker_pool.h"
#include "segue/env.h"

namespace segue {

// Writes and syncs the segment's files in `dir`. Live documents keep their
// order; deleted ones are left out. `pool` (may be nullptr) helps; it has no job
// under way. `packing`: of stored fields. An error leaves no file behind and the memory index as it
// was; after success it can only be destroyed. REQUIRES: index->live_count() > 0.
absl::StatusOr<ManifestSegment> FlushToSegment(Env* env, const std::string& dir, SegmentId id,
                                               MemoryIndex* index, WorkerPool* pool,
                                               const StoredPacking& packing = {});

}  // namespace segue

#endif  // SEGUE_WRITE_FLUSH_H_

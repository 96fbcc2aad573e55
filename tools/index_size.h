// SPDX-License-Identifier: Apache-2.0
//
// What an index takes, for reports.
#ifndef SEGUE_TOOLS_INDEX_SIZE_H_
#define SEGUE_TOOLS_INDEX_SIZE_H_

#include <cstdint>

#include "segue/index.h"

namespace segue {

struct IndexSize {
  uint64_t segments = 0;
  uint64_t bytes = 0;
  uint64_t deleted = 0;  // documents that are still there
};

inline IndexSize SizeOf(const Snapshot& snapshot) {
  IndexSize size;
  for (const SegmentInfo& segment : snapshot.segments()) {
    ++size.segments;
    size.bytes += segment.bytes;
    size.deleted += segment.deleted;
  }
  return size;
}

}  // namespace segue

#endif  // SEGUE_TOOLS_INDEX_SIZE_H_

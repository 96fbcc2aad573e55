// SPDX-License-Identifier: Apache-2.0
//
// IndexView: everything that an index, or the writer of one, holds at one moment, opened. A value;
// nothing that happens to the index later changes it.
#ifndef SEGUE_SEGMENT_INDEX_VIEW_H_
#define SEGUE_SEGMENT_INDEX_VIEW_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/format/manifest.h"
#include "engine/segment/segment.h"
#include "segue/schema.h"

namespace segue {

struct IndexView {
  uint64_t generation = 0;  // the last committed one
  std::string payload;      // and its
  Schema schema;
  std::vector<ManifestField> fields;
  std::vector<std::shared_ptr<const Segment>> segments;  // in document order
  // Beside them, what a manifest says of each; of deleted documents only the segment itself speaks.
  std::vector<ManifestSegment> entries;
};

}  // namespace segue

#endif  // SEGUE_SEGMENT_INDEX_VIEW_H_

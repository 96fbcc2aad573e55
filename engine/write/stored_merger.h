// SPDX-License-Identifier: Apache-2.0
//
// Merges the stored fields of several segments: documents go over in encoded form, whatever packed
// them where they come from, and are packed anew.
#ifndef SEGUE_WRITE_STORED_MERGER_H_
#define SEGUE_WRITE_STORED_MERGER_H_

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "engine/format/stored_format.h"
#include "engine/format/stored_reader.h"
#include "engine/segment/segment.h"
#include "engine/segment/segment_builder.h"
#include "engine/write/merge_map.h"
#include "engine/write/merger.h"

namespace segue {

// Memory: a block of the inputs; where documents are put in another order as many as 3/4 of the
// options' memory less 16 MiB have room for, up to 40 MiB of them; what the StoredWriter says, and
// a StoredSample before it.
class StoredMerger {
 public:
  // `inputs` and `map` must outlive the merger.
  StoredMerger(std::span<const std::shared_ptr<const Segment>> inputs, const MergeMap& map,
               const MergeOptions& options);

  // Writes nothing if no input stores anything.
  absl::Status Write(SegmentBuilder* builder, MergeProgress* progress);

 private:
  // Valid until the next call.
  absl::StatusOr<std::string_view> Read(size_t input, DocId doc);
  absl::StatusOr<std::string> TrainDictionary(MergeProgress* progress);

  const std::span<const std::shared_ptr<const Segment>> inputs_;
  const MergeMap& map_;
  const StoredPacking packing_;
  const uint64_t memory_bytes_;
  std::string nothing_;  // a document without stored values
  std::vector<StoredCache> caches_;
  size_t last_cache_ = 0;
  std::vector<uint64_t> first_blocks_;  // by input; the number of its first block among all
};

}  // namespace segue

#endif  // SEGUE_WRITE_STORED_MERGER_H_

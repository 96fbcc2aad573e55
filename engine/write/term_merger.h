// SPDX-License-Identifier: Apache-2.0
//
// TermMerger: merges the terms and postings of one field of several segments.
#ifndef SEGUE_WRITE_TERM_MERGER_H_
#define SEGUE_WRITE_TERM_MERGER_H_

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "absl/status/status.h"
#include "engine/base/bitset.h"
#include "engine/base/types.h"
#include "engine/format/position_reader.h"
#include "engine/format/postings_reader.h"
#include "engine/segment/segment.h"
#include "engine/segment/segment_builder.h"
#include "engine/write/merge_map.h"
#include "engine/write/merged_terms.h"
#include "engine/write/merger.h"
#include "engine/write/posting_sorter.h"

namespace segue {

// One use, one thread. The inputs and the map must outlive it.
class TermMerger {
 public:
  TermMerger(std::span<const std::shared_ptr<const Segment>> inputs, const MergeMap& map,
             const SegmentFieldSpec& spec, const MergeOptions& options);

  // Writes the field's terms, StartTerms to FinishTerms; nothing if no input
  // has terms.
  absl::Status WriteTerms(SegmentBuilder* builder, MergeProgress* progress);

 private:
  using Input = MergedTerms::Input;

  std::vector<uint8_t> MergeNorms() const;
  float AverageLength() const;
  SegmentFieldLengths Lengths() const;
  absl::Status WriteTerm(SegmentBuilder* builder, MergeProgress* progress);
  absl::Status AddReordered(SegmentBuilder* builder);
  // Those postings whose documents are in the range that is being written.
  absl::Status AddPostings(const Input& input, SegmentBuilder* builder);
  absl::Status AddBlock(const Input& input, const PostingList& list, uint32_t block,
                        SegmentBuilder* builder);
  bool ReadPositions(std::span<const uint32_t> freqs, PositionReader* reader);
  absl::Status AddPosting(DocId doc, uint32_t freq, std::span<const uint32_t> positions,
                          SegmentBuilder* builder);
  absl::Status WritePosting(DocId doc, uint32_t freq, std::span<const uint32_t> positions,
                            SegmentBuilder* builder);

  const std::span<const std::shared_ptr<const Segment>> segments_;
  const MergeMap& map_;
  const SegmentFieldSpec& spec_;
  MergedTerms terms_;
  bool term_started_ = false;
  Bitset seen_;  // documents with a token; only where documents are dropped
  std::vector<uint32_t> positions_;
  std::vector<uint32_t> sums_;
  // Where documents are put in another order: postings and positions that are sorted at once.
  uint64_t sorted_at_once_;
  PostingSorter sorter_;
  DocId range_begin_ = 0;
  DocId range_end_ = kEndOfDocs;
};

}  // namespace segue

#endif  // SEGUE_WRITE_TERM_MERGER_H_

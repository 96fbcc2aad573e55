// SPDX-License-Identifier: Apache-2.0
//
// TermMerger: merges the terms and postings of one field of several segments.
#ifndef SEGUE_WRITE_TERM_MERGER_H_
#define SEGUE_WRITE_TERM_MERGER_H_

#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <vector>

#include "absl/status/status.h"
#include "engine/base/bitset.h"
#include "engine/base/types.h"
#include "engine/segment/segment.h"
#include "engine/segment/segment_builder.h"
#include "engine/write/merge_batch.h"
#include "engine/write/merge_map.h"
#include "engine/write/merged_terms.h"
#include "engine/write/merger.h"
#include "engine/write/worker_pool.h"

namespace segue {

// One use. The inputs, the map and the spec must outlive it. With options.pool it reads by several
// threads; nothing of what is written depends on it.
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
  void CutTerm();
  void CutByDocuments(MergePiece whole);
  void CutByBlocks(MergePiece whole);
  absl::Status Plan(std::vector<MergeBatch>* batches);
  void StartReading(std::vector<MergeBatch>* batches);
  absl::Status WriteAllTerms(SegmentBuilder* builder, MergeProgress* progress);
  absl::Status WriteBatch(const MergeBatch& batch, SegmentBuilder* builder,
                          MergeProgress* progress);
  absl::Status WritePosting(DocId doc, uint32_t freq, std::span<const uint32_t> positions,
                            SegmentBuilder* builder);

  const std::span<const std::shared_ptr<const Segment>> segments_;
  const MergeMap& map_;
  const SegmentFieldSpec& spec_;
  MergedTerms terms_;
  bool term_started_ = false;
  Bitset seen_;  // documents with a token; only where documents are dropped
  WorkerPool* const pool_;
  // Where documents are put in another order: postings and positions that are sorted at once.
  uint64_t sorted_at_once_;
  std::deque<MergePiece> pieces_;       // of the terms before terms_.term(), not planned yet
  std::vector<MergeBatch> batches_[2];  // one is read while the other is written
};

}  // namespace segue

#endif  // SEGUE_WRITE_TERM_MERGER_H_

// SPDX-License-Identifier: Apache-2.0
//
// TermMerger: merges the terms and postings of one field of several segments.
#ifndef SEGUE_WRITE_TERM_MERGER_H_
#define SEGUE_WRITE_TERM_MERGER_H_

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "engine/base/bitset.h"
#include "engine/base/types.h"
#include "engine/format/dictionary_reader.h"
#include "engine/format/postings_reader.h"
#include "engine/segment/segment.h"
#include "engine/segment/segment_builder.h"
#include "engine/write/merger.h"

namespace segue {

// One use, one thread. The inputs and the map must outlive it.
class TermMerger {
 public:
  TermMerger(std::span<const std::shared_ptr<const Segment>> inputs, const MergeMap& map,
             const SegmentFieldSpec& spec);

  // Writes the field's terms, StartTerms to FinishTerms; nothing if no input
  // has terms.
  absl::Status WriteTerms(SegmentBuilder* builder, MergeProgress* progress);

 private:
  struct Input {
    size_t index;  // of the segment among the inputs
    const SegmentField* field;
    Dictionary::Iterator terms;
  };

  // Whether the term of heap element a comes after that of b.
  bool After(size_t a, size_t b) const;
  size_t Pop();
  absl::Status Push(size_t input);

  std::vector<uint8_t> MergeNorms() const;
  float AverageLength() const;
  SegmentFieldLengths Lengths() const;
  absl::Status WriteTerm(SegmentBuilder* builder, MergeProgress* progress);
  absl::Status AddPostings(const Input& input, SegmentBuilder* builder);
  absl::Status AddBlock(const Input& input, const PostingList& list, uint32_t block,
                        SegmentBuilder* builder);
  absl::Status AddPosting(DocId doc, uint32_t freq, std::span<const uint32_t> positions,
                          SegmentBuilder* builder);

  const std::span<const std::shared_ptr<const Segment>> segments_;
  const MergeMap& map_;
  const SegmentFieldSpec& spec_;
  std::vector<Input> inputs_;    // those that have terms, in document order
  std::vector<size_t> heap_;     // into inputs_
  std::vector<size_t> current_;  // the inputs that hold the current term
  std::string term_;
  bool term_started_ = false;
  Bitset seen_;  // documents with a token; only where documents are dropped
  std::vector<uint32_t> positions_;
};

}  // namespace segue

#endif  // SEGUE_WRITE_TERM_MERGER_H_

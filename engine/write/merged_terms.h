// SPDX-License-Identifier: Apache-2.0
//
// MergedTerms: the terms of one field of several segments in byte order, and which of the segments
// hold each.
//
//   MergedTerms terms(inputs, field);
//   for (absl::Status s = terms.SeekToFirst(); …; s = terms.Next()) {
//     if (!s.ok()) return s;
//     if (!terms.valid()) break;
//     … terms.term(), terms.holders() …
//   }
#ifndef SEGUE_WRITE_MERGED_TERMS_H_
#define SEGUE_WRITE_MERGED_TERMS_H_

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "engine/base/types.h"
#include "engine/format/dictionary_reader.h"
#include "engine/segment/segment.h"

namespace segue {

// One thread. The segments must outlive it.
class MergedTerms {
 public:
  struct Input {
    size_t index;  // of the segment among the inputs
    const SegmentField* field;
    Dictionary::Iterator terms;
  };

  MergedTerms(std::span<const std::shared_ptr<const Segment>> segments, FieldId field);

  // Those that have terms of the field, in document order.
  const std::vector<Input>& inputs() const { return inputs_; }

  absl::Status SeekToFirst();
  absl::Status Next();
  bool valid() const { return !holders_.empty(); }
  const std::string& term() const { return term_; }
  // Indexes into inputs(), ascending, of those that hold the term.
  const std::vector<size_t>& holders() const { return holders_; }

 private:
  // Whether the term of heap element a comes after that of b.
  bool After(size_t a, size_t b) const;
  absl::Status Push(size_t input);
  size_t Pop();
  void Gather();

  std::vector<Input> inputs_;
  std::vector<size_t> heap_;  // into inputs_
  std::vector<size_t> holders_;
  std::string term_;
};

}  // namespace segue

#endif  // SEGUE_WRITE_MERGED_TERMS_H_

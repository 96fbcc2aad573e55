// SPDX-License-Identifier: Apache-2.0
//
// Checks the dictionary, postings, positions, norms and bounds of one field of one segment.
#ifndef SEGUE_VERIFY_FIELD_CHECK_H_
#define SEGUE_VERIFY_FIELD_CHECK_H_

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "engine/base/types.h"
#include "engine/format/bounds_writer.h"
#include "engine/format/dictionary_reader.h"
#include "engine/format/postings_reader.h"
#include "engine/segment/segment.h"
#include "engine/verify/fingerprint.h"
#include "engine/verify/problems.h"

namespace segue {

class FieldCheck {
 public:
  // `balance` and `key_balance` get what the postings amount to, with this salt; null: not wanted.
  // REQUIRES: field.dictionary() != nullptr.
  FieldCheck(const Segment& segment, const SegmentField& field, uint64_t salt, Balance* balance,
             Balance* key_balance, Problems* problems);

  void Run();

 private:
  void CheckTerm(std::string_view term, uint64_t ordinal, const TermMeta& meta);
  bool CheckBlock(const PostingList& list, uint32_t block, uint32_t count);
  void CheckBitmap(const PostingList& list);
  bool CheckPositions(const PostingList& list, uint32_t block, uint32_t count);
  void CheckBounds(const TermMeta& meta, std::string_view term);
  void CheckTotals(uint64_t terms);
  void CheckLengths();
  void CheckOverlaps(const std::vector<DocId>& docs);
  void CountDistinctPositions(const std::vector<DocId>& docs, size_t begin, size_t end);
  void Add(std::string_view term, std::string_view what);
  bool Take(std::string_view term, const absl::Status& status);

  const Segment& segment_;
  const SegmentField& field_;
  const Dictionary& dictionary_;
  const uint64_t salt_;
  Balance* const balance_;
  Balance* const key_balance_;
  Problems* const problems_;

  std::vector<uint32_t> lengths_;  // occurrences by document
  std::unique_ptr<BoundsBuilder> bounds_;
  std::vector<DocId> docs_;      // of the current block
  std::vector<uint32_t> freqs_;  // beside docs_
  std::vector<uint32_t> positions_, again_;
  uint64_t term_print_ = 0, key_print_ = 0;
  DocId previous_doc_ = 0;
  bool any_doc_ = false;
  uint64_t docs_seen_ = 0, freq_seen_ = 0;  // of the current term
  uint64_t sum_doc_freq_ = 0, sum_total_freq_ = 0;
  uint32_t max_doc_freq_ = 0;
  DocId max_single_doc_ = 0;
};

}  // namespace segue

#endif  // SEGUE_VERIFY_FIELD_CHECK_H_

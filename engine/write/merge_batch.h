// SPDX-License-Identifier: Apache-2.0
//
// MergeBatch: postings of a merge on their way from the inputs to the new segment. One thread says
// what to read, any thread reads it, and one writes it down:
//
//   batch.Clear();
//   batch.Add(piece); …                 until full()
//   batch.Read();
//   batch.Write(on_posting, on_term)
#ifndef SEGUE_WRITE_MERGE_BATCH_H_
#define SEGUE_WRITE_MERGE_BATCH_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "engine/base/status.h"
#include "engine/base/types.h"
#include "engine/format/position_reader.h"
#include "engine/format/postings_reader.h"
#include "engine/segment/segment.h"
#include "engine/segment/segment_builder.h"
#include "engine/write/merge_map.h"
#include "engine/write/posting_sorter.h"

namespace segue {

// One input's list of a term.
struct MergeList {
  size_t input;
  const SegmentField* field;
  TermMeta meta;
};

// A part of a term's postings: of these blocks of these lists, one after the other, those whose
// documents get numbers in the range.
struct MergePiece {
  std::vector<MergeList> lists;
  uint32_t first_block = 0;
  uint32_t last_block = UINT32_MAX;  // not among them, nor blocks that there are not
  DocId first_doc = 0;
  DocId last_doc = kEndOfDocs;  // not among them
  uint64_t size = 0;            // postings and positions, about
  // The last piece of a term has its name, and its postings in all inputs.
  bool ends_term = false;
  std::string term;
  uint64_t postings = 0;
};

// Not copied: pieces are large. The map and the spec must outlive it.
class MergeBatch {
 public:
  MergeBatch(const MergeMap* map, const SegmentFieldSpec* spec) : map_(*map), spec_(*spec) {}

  void Clear();
  void Add(MergePiece piece);
  bool empty() const { return pieces_.empty(); }
  // Postings and positions, about; terms count as one.
  uint64_t size() const { return size_; }

  // Decodes; where documents are put in another order, sorts each piece. Errors: see Write.
  void Read();

  // Calls on_posting(doc, freq, positions) for each posting in order, and on_term(piece) at the
  // end of a term; both return a Status. Up to the first error, or that of Read.
  template <typename OnPosting, typename OnTerm>
  absl::Status Write(OnPosting on_posting, OnTerm on_term) const;

 private:
  struct Posting {
    DocId doc;
    uint32_t freq;
  };

  absl::Status ReadPiece(const MergePiece& piece);
  absl::Status ReadBlock(const MergePiece& piece, const MergeList& from, const PostingList& list,
                         uint32_t block);
  bool ReadPositions(std::span<const uint32_t> freqs, PositionReader* reader);
  void Append(DocId doc, uint32_t freq, std::span<const uint32_t> positions);

  const MergeMap& map_;
  const SegmentFieldSpec& spec_;
  std::vector<MergePiece> pieces_;
  uint64_t size_ = 0;

  absl::Status status_;
  std::vector<size_t> ends_;  // of pieces, in postings_
  std::vector<Posting> postings_;
  std::vector<uint32_t> positions_;  // of all of them, the first position_count_
  size_t position_count_ = 0;

  // For reading.
  PostingSorter sorter_;
  std::vector<uint32_t> block_positions_;
  std::vector<uint32_t> sums_;
};

template <typename OnPosting, typename OnTerm>
absl::Status MergeBatch::Write(OnPosting on_posting, OnTerm on_term) const {
  SEGUE_RETURN_IF_ERROR(status_);
  size_t next = 0;
  const uint32_t* positions = positions_.data();
  for (size_t i = 0; i < pieces_.size(); ++i) {
    for (; next < ends_[i]; ++next) {
      const Posting& posting = postings_[next];
      const size_t count = spec_.positions ? posting.freq : 0;
      SEGUE_RETURN_IF_ERROR(on_posting(posting.doc, posting.freq, std::span(positions, count)));
      positions += count;
    }
    if (pieces_[i].ends_term) SEGUE_RETURN_IF_ERROR(on_term(pieces_[i]));
  }
  return absl::OkStatus();
}

}  // namespace segue

#endif  // SEGUE_WRITE_MERGE_BATCH_H_

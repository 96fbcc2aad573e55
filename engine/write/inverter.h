// SPDX-License-Identifier: Apache-2.0
//
// Inverter: turns the token log of one memory field into postings, term by term
// in byte order, and hands them to a SegmentBuilder.
//
// Time: one pass over the log to count, then one for each part of the terms, five
// to seven, of one or two nanoseconds a token; sorting and writing come on top.
#ifndef SEGUE_WRITE_INVERTER_H_
#define SEGUE_WRITE_INVERTER_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "absl/status/status.h"
#include "engine/base/bitset.h"
#include "engine/base/types.h"
#include "engine/format/encoded_lists.h"
#include "engine/format/list_encoder.h"
#include "engine/segment/segment_builder.h"
#include "engine/write/huge_array.h"
#include "engine/write/memory_field.h"
#include "engine/write/term_table.h"
#include "engine/write/worker_pool.h"

namespace segue {

// Where the documents of a memory index go in the segment; empty: each keeps
// its number. kEndOfDocs: it was deleted and is left out.
using DocMap = std::vector<DocId>;

class Inverter {
 public:
  // Both must outlive the inverter. `doc_count`: documents of the segment.
  Inverter(MemoryField* field, const DocMap& doc_map, DocId doc_count);

  // Writes the field's terms: StartTerms to FinishTerms. Postings are sorted in
  // `buffer_bytes` of memory or less. The field's term table stays sorted
  // (TermTable::Rebuild makes it usable again).
  // With a pool (may be nullptr) all threads encode the lists of a part; while
  // they are written the next part is sorted.
  absl::Status WriteTerms(size_t buffer_bytes, WorkerPool* pool, SegmentBuilder* builder);

 private:
  // Terms in order whose postings fit a buffer; or one that fits none. After
  // counting, `head` of an entry is the number of its tokens.
  struct Part {
    std::span<const TermTable::Entry> terms;
    bool giant = false;
  };
  // Some of the terms of a part: what one thread encodes at a time.
  struct Slice {
    std::span<const TermTable::Entry> terms;
    const uint64_t* postings = nullptr;
    EncodedLists lists;
    absl::Status status;
  };

  // Sorts the terms and counts their tokens, with a pool both at once.
  void SortAndCount(WorkerPool* pool);
  void Count();
  void CountDocument(uint32_t tokens, uint32_t overlaps, DocId doc);
  // Tokens of a buffer that may take so many bytes, with what is encoded from it if `encoded`.
  uint32_t BufferTokens(size_t bytes, bool encoded) const;
  std::vector<Part> CutIntoParts();
  void Scatter(const Part& part);
  void PickTokens();
  void Place(const uint32_t* terms, const uint64_t* postings, size_t count);
  absl::Status WriteParts(std::span<const Part> parts, SegmentBuilder* builder);
  absl::Status WritePart(const Part& part, SegmentBuilder* builder);
  absl::Status WriteGiant(uint32_t term, SegmentBuilder* builder);
  // With a pool.
  absl::Status WritePartsTogether(std::span<const Part> parts, WorkerPool* pool,
                                  SegmentBuilder* builder);
  std::vector<Slice> CutIntoSlices(const Part& part, size_t threads) const;
  static void EncodeSlice(ListEncoder* encoder, Slice* slice);
  absl::Status WriteSlices(std::span<Slice> slices, SegmentBuilder* builder);
  void PrefetchTerms(std::span<const TermTable::Entry> terms, size_t next) const;

  MemoryField& field_;
  const DocMap& doc_map_;
  const DocId doc_count_;
  const bool with_positions_;

  std::span<TermTable::Entry> sorted_;  // the terms in byte order
  HugeArray<uint32_t> counts_;          // by term: tokens of live documents
  HugeArray<uint32_t> slots_;           // by term of the part: where its next posting goes
  Bitset wanted_;                       // terms of the part
  std::vector<uint8_t> norms_;          // text fields only
  SegmentFieldLengths lengths_;
  uint64_t tokens_ = 0;

  uint32_t buffer_size_ = 0;
  HugeArray<uint64_t> buffer_;  // document << 32 | position, by term
  std::vector<uint32_t> positions_;
};

}  // namespace segue

#endif  // SEGUE_WRITE_INVERTER_H_

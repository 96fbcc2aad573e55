// SPDX-License-Identifier: Apache-2.0
//
// Inverter: turns the token log of one memory field into postings, term by term
// in byte order, and hands them to a SegmentBuilder.
//
// Time: one pass over the log to count, then one for each part of the terms, ten
// or so, of about a nanosecond a token; sorting and writing come on top.
#ifndef SEGUE_WRITE_INVERTER_H_
#define SEGUE_WRITE_INVERTER_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "absl/status/status.h"
#include "engine/base/bitset.h"
#include "engine/base/types.h"
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
  // With a pool (may be nullptr) one part is sorted while the one before is
  // written.
  absl::Status WriteTerms(size_t buffer_bytes, WorkerPool* pool, SegmentBuilder* builder);

 private:
  // Terms in order whose postings fit a buffer; or one that fits none. After
  // counting, `head` of an entry is the number of its tokens.
  struct Part {
    std::span<const TermTable::Entry> terms;
    bool giant = false;
  };
  using Buffer = HugeArray<uint64_t>;  // document << 32 | position

  void Count();
  void CountDocument(uint32_t tokens, uint32_t overlaps, DocId doc);
  // Tokens of a buffer that has so many bytes.
  uint32_t BufferTokens(size_t bytes, size_t buffer_count) const;
  std::vector<Part> CutIntoParts();
  void Scatter(const Part& part, Buffer* buffer);
  void Place(const uint32_t* terms, const uint64_t* postings, size_t count, Buffer* buffer);
  absl::Status WriteParts(std::span<const Part> parts, WorkerPool* pool, SegmentBuilder* builder);
  absl::Status WritePart(const Part& part, const Buffer& buffer, SegmentBuilder* builder);
  absl::Status WriteGiant(uint32_t term, SegmentBuilder* builder);
  absl::Status WriteTerm(const uint64_t* begin, const uint64_t* end, SegmentBuilder* builder);

  MemoryField& field_;
  const DocMap& doc_map_;
  const DocId doc_count_;
  const bool with_positions_;

  HugeArray<uint32_t> counts_;  // by term: tokens of live documents
  HugeArray<uint32_t> slots_;   // by term of the part: where its next posting goes
  Bitset wanted_;               // terms of the part
  std::vector<uint8_t> norms_;  // text fields only
  SegmentFieldLengths lengths_;
  uint64_t tokens_ = 0;

  uint32_t buffer_size_ = 0;
  Buffer buffers_[2];
  std::vector<uint32_t> positions_;
};

}  // namespace segue

#endif  // SEGUE_WRITE_INVERTER_H_

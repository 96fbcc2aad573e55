// SPDX-License-Identifier: Apache-2.0
//
// Inverter: turns the token log of one memory field into postings, term by term
// in byte order, and hands them to a SegmentBuilder.
//
// Time: one pass over the log to count, then one for each part of the terms, three
// to seven, of one or two nanoseconds a token; sorting and writing come on top.
#ifndef SEGUE_WRITE_INVERTER_H_
#define SEGUE_WRITE_INVERTER_H_

#include <cstddef>
#include <cstdint>
#include <mutex>
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
  // With a pool (may be nullptr) two threads sort a part, and all encode its lists.
  absl::Status WriteTerms(size_t buffer_bytes, WorkerPool* pool, SegmentBuilder* builder);

 private:
  // Terms in order whose postings fit a buffer; or one that fits none. After
  // counting, `head` of an entry is the number of its tokens.
  struct Part {
    std::span<const TermTable::Entry> terms;
    bool giant = false;
  };
  // Chunks of the log, which one thread reads.
  struct Range {
    size_t begin = 0, end = 0;
    // What holds before its first token.
    DocId doc = 0;
    uint32_t position = 0;
    bool dropped = false;
    // By term: tokens of live documents, but from the Scatter of the term's part on where the next
    // posting goes.
    HugeArray<uint32_t> slots;
  };
  // Some of the terms of a part: what one thread encodes at a time.
  struct Slice {
    std::span<const TermTable::Entry> terms;
    size_t begin = 0;  // of its postings in the buffer
    EncodedLists lists;
    absl::Status status;
    bool encoded = false;
  };
  // The slices of a part. They are written in their order, one at a time.
  struct SliceQueue {
    std::vector<Slice> slices;
    std::mutex mutex;  // of what follows, and of Slice::encoded
    size_t next = 0;   // to be written
    bool writing = false;
    absl::Status status;
  };
  // What a thread needs for that.
  struct Encoding {
    explicit Encoding(const PostingsWriterOptions& options) : encoder(options) {}
    ListEncoder encoder;
    std::vector<uint64_t> postings;
  };

  // Sorts the terms and counts their tokens, with a pool both at once.
  void SortAndCount(WorkerPool* pool);
  void CutLog(size_t ranges);
  void Count();
  void CountDocument(uint32_t tokens, uint32_t overlaps, uint32_t last_position, DocId doc);
  bool is_narrow() const { return narrow_position_bits_ <= 32; }
  // Tokens of a buffer that may take so many bytes, with what is encoded from it if `encoded`.
  uint32_t BufferTokens(size_t bytes, bool encoded) const;
  std::vector<Part> CutIntoParts();
  // Puts the postings of a part into the buffer, with a pool in two threads.
  void Scatter(const Part& part, WorkerPool* pool);
  void PickTokens(Range* range);
  void Place(Range* range, const uint32_t* terms, const uint64_t* postings, size_t count);
  template <typename Posting, typename Pack>
  void PlaceIn(Posting* buffer, Pack pack, uint32_t* slots, const uint32_t* terms,
               const uint64_t* postings, size_t count);
  // Gives `count` postings in the buffer, those of a term, to a ListEncoder or SegmentBuilder.
  template <typename To>
  absl::Status AddPostings(size_t begin, size_t count, std::vector<uint64_t>* scratch,
                           To* to) const;
  absl::Status WriteParts(std::span<const Part> parts, SegmentBuilder* builder);
  absl::Status WritePart(const Part& part, SegmentBuilder* builder);
  absl::Status WriteGiant(uint32_t term, SegmentBuilder* builder);
  // With a pool.
  absl::Status WritePartsTogether(std::span<const Part> parts, WorkerPool* pool,
                                  SegmentBuilder* builder);
  std::vector<Slice> CutIntoSlices(const Part& part, size_t threads) const;
  void EncodeSlice(Encoding* encoding, Slice* slice) const;
  // Says that a slice is encoded, and writes what is next, unless another thread does.
  void WriteEncoded(SliceQueue* queue, Slice* encoded, SegmentBuilder* builder) const;
  absl::Status WriteSlice(Slice* slice, SegmentBuilder* builder) const;
  void PrefetchTerms(std::span<const TermTable::Entry> terms, size_t next) const;

  MemoryField& field_;
  const DocMap& doc_map_;
  const DocId doc_count_;
  const bool with_positions_;

  std::span<TermTable::Entry> sorted_;  // the terms in byte order
  std::vector<Range> ranges_;           // the log: one range, or two with a pool
  Bitset wanted_;                       // terms of the part
  std::vector<uint8_t> norms_;          // text fields only
  SegmentFieldLengths lengths_;
  uint64_t tokens_ = 0;
  uint32_t greatest_position_ = 0;

  // Postings by term: document << 32 | position, or, where that fits 32 bits, document <<
  // narrow_position_bits_ | position.
  uint32_t buffer_size_ = 0;
  uint32_t narrow_position_bits_ = 64;  // above 32: it does not fit
  HugeArray<uint64_t> buffer_;
  HugeArray<uint32_t> narrow_buffer_;
  std::vector<uint64_t> postings_;
  std::vector<uint32_t> positions_;
};

}  // namespace segue

#endif  // SEGUE_WRITE_INVERTER_H_

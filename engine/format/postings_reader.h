// SPDX-License-Identifier: Apache-2.0
//
// PostingList: one term's documents, frequencies and positions, block by block.
//
// A list of doc_freq documents is a sequence of rank blocks: block i holds the
// documents of rank [128 i, 128 i + 128). All access is by block; there is no
// posting-at-a-time cursor. Terms with one document, short lists, sparse and
// dense lists all look the same through these calls, except that dense lists
// offer their bitmap too.
//
//   auto list = PostingList::Open(source, meta, /*with_positions=*/false);
//   uint32_t block = list->FindBlock(target, 0);       // skip data only
//   DocId docs[kBlockPostings];
//   uint32_t count = list->DecodeDocs(block, docs);    // 0: damaged
//   FreqBlock freqs = list->OpenFreqs(block);          // random access
//   if (count == 0) return list->status();
//
// Trust: bytes are bounded when a block is entered, so no call reads or writes
// out of bounds whatever they hold, documents come out strictly ascending and
// below doc_count, and frequencies are at least 1. A block that breaks a rule
// makes its call report failure, and status() says what was wrong from then on.
//
// Threads: one list object serves one thread; open it again for another.

#ifndef SEGUE_FORMAT_POSTINGS_READER_H_
#define SEGUE_FORMAT_POSTINGS_READER_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "engine/base/check.h"
#include "engine/base/load.h"
#include "engine/base/types.h"
#include "engine/format/freq_block.h"
#include "engine/format/offset_table.h"
#include "engine/format/posting_block.h"
#include "engine/format/postings_format.h"
#include "engine/format/term_meta.h"
#include "engine/io/section.h"
#include "engine/simd/kernels.h"

namespace segue {

// Where the lists of one field lie. The sections may be shared by all fields.
struct PostingsSource {
  Section post, pos, bound;
  uint32_t doc_count = 0;
  bool has_freqs = true;
  bool has_positions = false;
};

class PostingList {
 public:
  // Opens the list of a term: checks its header and pins its bytes, but decodes
  // nothing. `with_positions` pins the positions too; it is ignored in a field
  // without positions. kDataLoss on a header that cannot be; errors of Pin().
  static absl::StatusOr<PostingList> Open(const PostingsSource& source, const TermMeta& meta,
                                          bool with_positions);

  // The first document of a short list (2 to 128 documents), without opening it. Errors as Open.
  static absl::StatusOr<DocId> FirstDocOfShort(const PostingsSource& source, const TermMeta& meta);

  // An empty list that may only be assigned to.
  PostingList() = default;
  PostingList(PostingList&&) noexcept = default;
  PostingList& operator=(PostingList&&) noexcept = default;

  uint32_t doc_freq() const { return doc_freq_; }
  uint32_t block_count() const { return block_count_; }
  bool dense() const { return dense_; }
  bool has_positions() const { return has_positions_; }
  // The last document. Decodes the block of a short list (doc_freq <= 128).
  DocId last_doc() const;

  // Skip data: no payload is touched. REQUIRES: block < block_count().
  DocId first_doc(uint32_t block) const {
    SEGUE_DCHECK_LT(block, block_count_);
    return first_docs_ != nullptr ? LoadU32(first_docs_ + 4 * size_t{block}) : only_first_;
  }
  uint32_t docs_in_block(uint32_t block) const {
    SEGUE_DCHECK_LT(block, block_count_);
    return block + 1 < block_count_ ? kBlockPostings : doc_freq_ - block * kBlockPostings;
  }

  // The last block i >= from with first_doc(i) <= target, or `from` if there is
  // none: the only block at or after `from` that can hold `target`. Gallops, so
  // near targets are cheap. REQUIRES: from < block_count().
  uint32_t FindBlock(DocId target, uint32_t from) const;

  // Writes the block's documents, strictly ascending, to `out` (room for
  // kBlockPostings). Returns their number, 0 if the block is damaged.
  uint32_t DecodeDocs(uint32_t block, DocId* out) const;

  // Asks for the block's documents to be on their way from memory.
  void WillDecode(uint32_t block) const;

  // The table that ranks() of the kernels takes: u32 documents before every 512.
  const uint8_t* dense_ranks() const { return ranks_; }

  // The block's frequencies: random access, or all at once. A damaged block
  // gives a block of ones, or false; status() tells.
  FreqBlock OpenFreqs(uint32_t block) const;
  bool DecodeFreqs(uint32_t block, uint32_t* out) const;
  uint32_t FreqAt(uint32_t block, uint32_t index) const {
    SEGUE_DCHECK_LT(index, docs_in_block(block));
    if (has_freqs_ && block + 1 < block_count_) {
      const uint64_t from = block_offsets_[block], to = block_offsets_[block + 1];
      if (from < to && to <= static_cast<uint64_t>(payload_end_ - payload_)) {
        const uint32_t freq =
            PostingBlock::FreqOfFull(payload_ + from, payload_ + to, dense_, index);
        if (freq != 0) return freq;
      }
    }
    return OpenFreqs(block).At(index);
  }

  // Dense lists only: bit d % 64 of word d / 64 is set if the list holds
  // document d. dense_word_count() is a multiple of 8 (512 documents); bits at
  // and above doc_count are zero. 8-byte aligned, 64-byte aligned when mapped.
  const uint64_t* dense_words() const { return words_; }
  uint32_t dense_word_count() const { return word_count_; }
  // REQUIRES: dense(), doc < doc_count.
  bool DenseContains(DocId doc) const { return (words_[doc >> 6] >> (doc & 63) & 1) != 0; }
  // Number of documents before `doc`: the rank of `doc` if the list holds it,
  // so rank / 128 is its block and rank % 128 its index. At most doc_freq() - 1
  // (also for a `doc` past the last). REQUIRES: dense(), doc < doc_count.
  uint32_t DenseRank(DocId doc) const {
    const uint32_t rank = ActiveKernels().rank(words_, ranks_, doc);
    return rank < doc_freq_ ? rank : doc_freq_ - 1;
  }

  // Positions of document `index` of `block` into *out, never descending.
  // Returns their number, 0 if damaged. *out grows to that size and is never
  // shrunk: only the first values returned count. Several documents of a block
  // are cheaper through a PositionReader (position_reader.h).
  uint32_t ReadPositions(uint32_t block, uint32_t index, std::vector<uint32_t>* out) const;

  // OK, or the first damage that any call on this list met.
  absl::Status status() const;

 private:
  friend class PositionReader;

  // What kind of damage, for status().
  enum class Damage : uint8_t {
    kNone,
    kBlockOffset,
    kBlockHeader,
    kFreqs,
    kDocs,
    kBitmap,
    kPositions,
  };

  absl::Status OpenSingle(const TermMeta& meta);
  absl::Status OpenShort();
  absl::Status OpenLong(uint32_t doc_count, bool with_position_offsets);
  absl::Status OpenBitmap(uint64_t fixed_bytes, uint32_t doc_count);
  bool ViewBlock(uint32_t block, PostingBlock* view) const;
  // On damage *freqs is all ones.
  bool ViewFreqs(uint32_t block, FreqBlock* freqs) const;
  uint32_t DecodeDense(uint32_t block, DocId* out) const;
  // The document that a block's documents must stay below.
  DocId BlockLimit(uint32_t block) const {
    if (block + 1 == block_count_) return doc_limit_;
    const DocId next = first_doc(block + 1);
    return next < doc_limit_ ? next : doc_limit_;
  }
  // Whether `last` may be the last document of `block`.
  bool EndsRight(uint32_t block, DocId last) const {
    return !exact_limit_ || block + 1 < block_count_ || last + 1 == doc_limit_;
  }
  // Remembers the first damage; returns false.
  bool Fail(Damage damage, uint32_t block) const;

  // Pointers lead into the pinned bytes.
  const uint8_t* first_docs_ = nullptr;  // u32 each; null: one block, only_first_
  const uint8_t* payload_ = nullptr;
  const uint8_t* payload_end_ = nullptr;
  const uint64_t* words_ = nullptr;
  const uint8_t* ranks_ = nullptr;  // u32 each
  OffsetTable block_offsets_;       // empty: one block
  OffsetTable position_offsets_;    // empty: one block
  uint64_t total_freq_ = 0;
  uint32_t doc_freq_ = 0;
  uint32_t block_count_ = 0;
  uint32_t word_count_ = 0;
  DocId only_first_ = 0;
  DocId doc_limit_ = 0;       // every document is below it
  bool exact_limit_ = false;  // the last document is the one below it
  bool dense_ = false;
  bool has_freqs_ = false;
  bool has_positions_ = false;

  mutable Damage damage_ = Damage::kNone;
  mutable uint32_t damaged_block_ = 0;

  PinnedBytes post_pin_, pos_pin_;
  std::unique_ptr<uint64_t[]> owned_words_;  // a copy where the bitmap lies misaligned
  Section post_, pos_;                       // keep mapped files alive; names for messages
  uint64_t post_offset_ = 0, pos_offset_ = 0;
};

}  // namespace segue

#endif  // SEGUE_FORMAT_POSTINGS_READER_H_

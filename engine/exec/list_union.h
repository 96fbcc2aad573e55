// SPDX-License-Identifier: Apache-2.0
//
// ListUnion: the documents that any of some thousand lists hold, as a bitmap that is filled in
// document order, as far as somebody asks. A search for the first few matches, which is what a
// pattern with one score for all comes down to, then decodes only the beginning of the long lists,
// and few of the short ones.
#ifndef SEGUE_EXEC_LIST_UNION_H_
#define SEGUE_EXEC_LIST_UNION_H_

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "absl/status/status.h"
#include "engine/base/bitset.h"
#include "engine/exec/search_context.h"
#include "engine/format/postings_reader.h"
#include "engine/format/term_meta.h"

namespace segue::exec {

// One segment, one thread. Errors of lists that are decoded late go to the context.
class ListUnion {
 public:
  // `context` outlives it.
  ListUnion(uint32_t doc_count, SearchContext* context) : docs_(doc_count), context_(context) {}

  static uint64_t MemoryBytes(uint32_t doc_count) { return sizeof(ListUnion) + doc_count / 8; }

  // Adds a document; one that is not below the segment's number is left out. REQUIRES for both:
  // nothing has been asked yet.
  void Add(DocId doc);
  // Adds the documents of a term; charges the context for what is kept of it. `source` outlives
  // this. Errors: kDataLoss, kResourceExhausted.
  absl::Status Add(const PostingsSource& source, const TermMeta& meta);

  uint32_t doc_count() const { return static_cast<uint32_t>(docs_.size()); }
  // At least as many as there are: documents that several lists hold count several times.
  uint64_t Cost() const;

  // The least document at or after `from`; kEndOfDocs if there is none.
  DocId FindNext(DocId from);
  // The bitmap, right for documents before `end`.
  std::span<const uint64_t> WordsBefore(DocId end);
  // How many documents there are. Fills the bitmap.
  uint64_t Count();

 private:
  // One of at most 128 documents: too many for each to be open.
  struct ShortList {
    const PostingsSource* source;
    uint64_t offset;
    uint64_t bytes;
    uint32_t doc_freq;
    DocId first;

    TermMeta meta() const;
  };
  struct LateList {
    PostingList list;
    uint32_t next_block = 0;  // the first that has documents which are not in the bitmap yet
  };

  absl::Status AddShort(const PostingsSource& source, const TermMeta& meta);
  void FillTo(DocId end);
  void FillFromShort(DocId end);
  void FillFrom(LateList* late, DocId end);
  uint32_t AddBlock(const PostingList& list, uint32_t block);

  Bitset docs_;
  SearchContext* context_;
  uint64_t postings_ = 0;
  uint32_t short_lists_ = 0;
  std::vector<ShortList> short_;  // those of which nothing is in the bitmap yet
  std::vector<LateList> late_;
  DocId filled_ = 0;  // documents before it are in the bitmap
  std::optional<uint64_t> count_;
};

}  // namespace segue::exec

#endif  // SEGUE_EXEC_LIST_UNION_H_

// SPDX-License-Identifier: Apache-2.0
//
// Which documents of a segment are live: a numbered overlay file beside the immutable segment
// (decision D7). A new set of deletions is a new file; no file ever changes.
//
// File body:  u32 doc_count, u32 live_count, then ceil(doc_count / 64) little-endian u64 words;
//             bit d % 64 of word d / 64 is 1 if document d is live; bits past doc_count are 0
#ifndef SEGUE_FORMAT_LIVE_DOCS_H_
#define SEGUE_FORMAT_LIVE_DOCS_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "engine/base/types.h"
#include "engine/io/framed_file.h"
#include "engine/io/section.h"

namespace segue {

// A value: a bitmap in memory. Const functions may run in several threads at once; copy before
// changing what others read. words() is padded with kPaddingWords zero words, so that kernels may
// read whole groups of 512 documents.
class LiveDocs {
 public:
  static constexpr size_t kPaddingWords = 8;

  LiveDocs() = default;
  // Every document live.
  static LiveDocs AllLive(DocId doc_count);

  // Reads the body of a live file. Errors: kDataLoss (another doc_count, a wrong live_count, bits
  // past the end).
  static absl::StatusOr<LiveDocs> Open(const Section& live, DocId doc_count);

  // Writes the body; the caller finishes the file.
  absl::Status Write(FramedWriter* file) const;

  DocId doc_count() const { return doc_count_; }
  DocId live_count() const { return live_count_; }
  DocId deleted_count() const { return doc_count_ - live_count_; }
  bool all_live() const { return live_count_ == doc_count_; }

  // REQUIRES: doc < doc_count().
  bool IsLive(DocId doc) const { return (words_[doc >> 6] >> (doc & 63)) & 1; }
  // Returns whether the document was live until now. REQUIRES: doc < doc_count().
  bool Delete(DocId doc);

  // One bit per document, 64 documents per word; empty only for a default value.
  const uint64_t* words() const { return words_.data(); }
  // Live documents in [begin, end). REQUIRES: begin <= end <= doc_count().
  DocId CountLive(DocId begin, DocId end) const;

  friend bool operator==(const LiveDocs&, const LiveDocs&) = default;

 private:
  DocId doc_count_ = 0;
  DocId live_count_ = 0;
  std::vector<uint64_t> words_;
};

}  // namespace segue

#endif  // SEGUE_FORMAT_LIVE_DOCS_H_

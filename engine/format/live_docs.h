// SPDX-License-Identifier: Apache-2.0
//
// Which documents of a segment are live: a numbered overlay file beside the immutable segment
// (decision D7). A new set of deletions is a new file; no file ever changes. In memory it is a
// Bitset with a bit per document: 1 is live.
//
// File body:  u32 doc_count, u32 live_count, then ceil(doc_count / 64) little-endian u64 words;
//             bit d % 64 of word d / 64 is 1 if document d is live; bits past doc_count are 0
#ifndef SEGUE_FORMAT_LIVE_DOCS_H_
#define SEGUE_FORMAT_LIVE_DOCS_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "engine/base/bitset.h"
#include "engine/base/types.h"
#include "engine/io/framed_file.h"
#include "engine/io/section.h"

namespace segue {

struct LiveDocs {
  Bitset bits;           // bits.size() is the number of documents
  DocId live_count = 0;  // bits.Count()
};

// Writes the body of a live file; the caller finishes the file.
// REQUIRES: live.size() is the segment's doc_count.
absl::Status WriteLiveDocs(FramedWriter* file, const Bitset& live);

// Reads and checks the whole body. Errors: kDataLoss (another length or doc_count, a wrong
// live_count, bits past the end).
absl::StatusOr<LiveDocs> ReadLiveDocs(const Section& live, DocId doc_count);

}  // namespace segue

#endif  // SEGUE_FORMAT_LIVE_DOCS_H_

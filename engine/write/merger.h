// SPDX-License-Identifier: Apache-2.0
//
// Merging: several neighbouring segments become one. Live documents keep their
// order, deleted ones are dropped; the same SegmentBuilder writes the result
// that writes a flush, so a merge of flushes equals one flush of everything.
#ifndef SEGUE_WRITE_MERGER_H_
#define SEGUE_WRITE_MERGER_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "engine/base/types.h"
#include "engine/format/manifest.h"
#include "engine/segment/segment.h"
#include "segue/env.h"

namespace segue {

// Where the documents of the inputs go.
class MergeMap {
 public:
  explicit MergeMap(std::span<const std::shared_ptr<const Segment>> inputs);

  DocId doc_count() const { return doc_count_; }
  bool drops_documents() const { return drops_documents_; }
  // kEndOfDocs for a deleted document.
  DocId Map(size_t input, DocId doc) const {
    const Input& in = inputs_[input];
    return in.map.empty() ? in.base + doc : in.map[doc];
  }

 private:
  struct Input {
    DocId base = 0;
    std::vector<DocId> map;  // empty: all documents are live
  };
  std::vector<Input> inputs_;
  DocId doc_count_ = 0;
  bool drops_documents_ = false;
};

struct MergeOptions {
  // Called now and then with documents done and documents in all, as far as
  // that can be told; may be empty.
  std::function<void(uint64_t, uint64_t)> progress;
  // Set by anybody: the merge ends with kCancelled. May be null.
  const std::atomic<bool>* cancel = nullptr;
};

// How far a merge is, in postings.
class MergeProgress {
 public:
  MergeProgress(const MergeOptions* options, uint64_t documents, uint64_t postings)
      : options_(options), documents_(documents), postings_(postings) {}

  // kCancelled if asked to.
  absl::Status Advance(uint64_t postings);

 private:
  static constexpr uint64_t kStep = 1 << 16;
  const MergeOptions* options_;
  uint64_t documents_;
  uint64_t postings_;
  uint64_t done_ = 0;
  uint64_t next_report_ = 0;
};

// Writes and syncs the files of the new segment in `dir`. Checksums of the
// inputs are compared as they are read. After an error no file is left behind.
// REQUIRES: at least one live document, at most kMaxDocsInSegment.
absl::StatusOr<ManifestSegment> MergeSegments(
    Env* env, const std::string& dir, SegmentId id,
    std::span<const std::shared_ptr<const Segment>> inputs, const MergeOptions& options);

}  // namespace segue

#endif  // SEGUE_WRITE_MERGER_H_

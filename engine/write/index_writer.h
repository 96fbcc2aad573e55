// SPDX-License-Identifier: Apache-2.0
//
// The one writer of an index: buffers documents, flushes them to segments,
// buffers deletes, merges, and commits generations (segue::Writer's engine).
//
//   IndexWriterOptions options;
//   auto writer = IndexWriter::Open(env, dir, options);
//   (*writer)->Add(document);
//   (*writer)->Commit();
//
// Failure. A document that is refused leaves no trace. An error while writing
// files (a full disk) rolls back what was being written: after it the writer
// holds everything it held before and can be used again. A failed fsync poisons
// the writer: every later call returns the same error; so does running out of
// memory half way (the façade calls Poison). What was committed stays as it was.
//
// Threads: calls are serialised inside; any thread may call.
#ifndef SEGUE_WRITE_INDEX_WRITER_H_
#define SEGUE_WRITE_INDEX_WRITER_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "engine/base/bitset.h"
#include "engine/segment/index_view.h"
#include "segue/analysis.h"
#include "segue/document.h"
#include "segue/env.h"
#include "segue/executor.h"
#include "segue/index.h"
#include "segue/limits.h"
#include "segue/schema.h"

namespace segue {

struct IndexWriterOptions {
  // The budget for what is not yet in a segment: documents, terms, the tables
  // that a flush needs. A flush happens before it would be passed.
  uint64_t memory_bytes = uint64_t{256} << 20;
  uint32_t lock_wait_ms = 0;
  bool auto_merge = true;
  // As WriterOptions says.
  Executor* merge_executor = nullptr;
  Durability durability = Durability::kSync;
  DocumentLimits limits = {};
  // Threads that share the work of AddBatch, flushes and merges, this one included.
  // What is written does not depend on it. More than one take up to 32 MB
  // beyond memory_bytes.
  uint32_t threads = 1;
  ReadMode read_mode = ReadMode::kAuto;
  VerifyPolicy verify = VerifyPolicy::kOnFirstTouch;
  // nullptr: the built-in parts only. Must outlive the writer.
  const AnalyzerRegistry* analyzers = nullptr;
  // A merge in a call looks at it now and then, and gives up with kCancelled. May be null.
  const std::atomic<bool>* cancel = nullptr;
};

class IndexWriter {
 public:
  // Creates the directory (one level) if need be and commits an empty
  // generation. kFailedPrecondition if there is an index already.
  static absl::Status Create(Env* env, const std::string& dir, const Schema& schema,
                             const IndexWriterOptions& options = {});

  // Takes the lock, reads the newest generation, and removes what a crashed
  // writer left behind. kLocked names the holder. `env` must outlive the writer.
  static absl::StatusOr<std::unique_ptr<IndexWriter>> Open(Env* env, const std::string& dir,
                                                           const IndexWriterOptions& options = {});

  // Forgets what was not committed and gives the lock back.
  ~IndexWriter();
  IndexWriter(const IndexWriter&) = delete;
  IndexWriter& operator=(const IndexWriter&) = delete;

  // As segue::Writer says.
  absl::Status Add(const Document& document);
  absl::Status Upsert(const Document& document);
  // Adds (replace: upserts) documents in order, as one by one. A document that
  // is refused is left out and told to `refused` with its index; without
  // `refused` its error ends the call. Any other error ends the call too. The
  // documents before *taken (may be nullptr) are then dealt with, the others
  // untouched.
  using RefusedFn = std::function<void(size_t index, const absl::Status& why)>;
  absl::Status AddBatch(std::span<const Document> documents, bool replace = false,
                        const RefusedFn& refused = {}, size_t* taken = nullptr);
  absl::StatusOr<bool> Delete(std::string_view key);
  // Deletes the documents that `choose` picks: a set for each segment of the view, of as many bits
  // as it has documents. What is deleted already may be among them. Returns how many were deleted;
  // after an error none was.
  using ChooseFn = std::function<absl::StatusOr<std::vector<Bitset>>(const IndexView& view)>;
  absl::StatusOr<uint64_t> DeleteChosen(const ChooseFn& choose);
  absl::StatusOr<bool> SetValue(std::string_view key, std::string_view field,
                                const std::optional<Value>& value);
  absl::Status AddField(std::string_view name, const FieldOptions& options);
  absl::Status SetStoredCompression(StoredCompression compression);
  absl::StatusOr<CommitInfo> Prepare(const CommitOptions& options = {});
  absl::StatusOr<CommitInfo> Commit(const CommitOptions& options = {});
  absl::Status Rollback();
  absl::StatusOr<CommitInfo> ForceMerge(uint32_t max_segments,
                                        const ForceMergeOptions& options = {});
  absl::Status WaitForMerges();

  // All that the writer holds: makes a segment in memory of what is buffered. Also while a commit
  // is prepared.
  absl::StatusOr<IndexView> View();
  // Adds the segments of another index, as segue::Writer says. After an error nothing is added.
  absl::StatusOr<uint64_t> AddIndex(const IndexView& other);

  // Writes what is buffered and what lies in memory to segment files now, without committing them.
  absl::Status Flush();

  // With the documents added since the last commit and fields added.
  Schema schema() const;
  uint64_t generation() const;  // the last committed one
  uint64_t MemoryBytes() const;
  uint64_t PeakMemoryBytes() const;

  // Makes every later call fail with `why`.
  void Poison(const absl::Status& why);

 private:
  class Impl;
  explicit IndexWriter(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace segue

#endif  // SEGUE_WRITE_INDEX_WRITER_H_

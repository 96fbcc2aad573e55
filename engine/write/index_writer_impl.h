// SPDX-License-Identifier: Apache-2.0
//
// The state of an IndexWriter. index_writer.cc adds and deletes documents,
// add_batch.cc adds many by several threads, buffered_segments.cc makes segments
// of them, added_index.cc adds those of other indexes, setting_values.cc changes values of
// documents, merging.cc merges segments, commit.cc turns what has changed into a generation.
#ifndef SEGUE_WRITE_INDEX_WRITER_IMPL_H_
#define SEGUE_WRITE_INDEX_WRITER_IMPL_H_

#include <algorithm>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "engine/format/manifest.h"
#include "engine/io/framed_file.h"
#include "engine/io/memory_env.h"
#include "engine/io/no_sync_env.h"
#include "engine/write/background_merges.h"
#include "engine/write/index_writer.h"
#include "engine/write/indexing_plan.h"
#include "engine/write/memory_index.h"
#include "engine/write/merger.h"
#include "engine/write/prepared_document.h"
#include "engine/write/segment_list.h"
#include "engine/write/value_changes.h"
#include "engine/write/worker_pool.h"

namespace segue {

inline constexpr uint64_t kFirstMemorySegmentId = uint64_t{1} << 63;

// Notes of values that were set, and columns in memory that have them, go to files when they take
// more than such a part of the writer's memory.
inline constexpr uint64_t kMostInNotes = 16;
inline constexpr uint64_t kMostInColumns = 8;

// Writes the values of updatable fields of a segment that were set in it or are with `changes` into
// the overlay file of that number, for segment `id`, which has the same documents.
absl::StatusOr<ManifestFile> WriteSetValues(const SegmentFolder& folder, SegmentId id,
                                            uint64_t number, const Segment& segment,
                                            const ValueChanges& changes, const IndexingPlan& plan);

// Every method but the constructor is called with `mutex` held.
class IndexWriter::Impl {
 public:
  Impl(Env* env, std::string dir, const IndexWriterOptions& options, std::unique_ptr<FileLock> lock)
      : no_sync_env_(env),
        env_(options.durability == Durability::kSync ? env : &no_sync_env_),
        dir_(std::move(dir)),
        options_(options),
        lock_(std::move(lock)),
        folder_{.env = env_, .dir = dir_, .open = FolderOptions(options)},
        memory_folder_{.env = memory_env_.get(), .dir = ".", .open = MemoryOptions()} {
    if (options.threads > 1) {
      pool_ = std::make_unique<WorkerPool>(options.threads - 1);
    }
    if (options.auto_merge && options.merge_executor != nullptr) {
      merges_ = std::make_unique<BackgroundMerges>(options.merge_executor, folder_);
    }
  }
  // Removes the files of what was not committed.
  ~Impl();

  absl::Status Load();

  absl::Status Add(const Document& document, bool replace);
  absl::Status AddBatch(std::span<const Document> documents, bool replace, const RefusedFn& refused,
                        size_t* taken);
  absl::StatusOr<bool> Delete(std::string_view key);
  absl::StatusOr<uint64_t> DeleteChosen(const ChooseFn& choose);
  absl::StatusOr<bool> SetValue(std::string_view key, std::string_view field,
                                const std::optional<Value>& value);
  absl::Status AddField(std::string_view name, const FieldOptions& options);
  absl::Status SetStoredCompression(StoredCompression compression);
  absl::StatusOr<IndexView> View();
  absl::StatusOr<uint64_t> AddIndex(const IndexView& other);
  absl::Status Flush();
  absl::StatusOr<CommitInfo> Prepare(const CommitOptions& options);
  absl::StatusOr<CommitInfo> Commit(const CommitOptions& options);
  absl::Status Rollback();
  absl::StatusOr<CommitInfo> ForceMerge(uint32_t max_segments, const ForceMergeOptions& options);
  // What WaitForMerges waits for next; nullptr: nothing.
  absl::StatusOr<std::shared_ptr<BackgroundMerge>> NextMerge();

  mutable std::mutex mutex;
  absl::Status poison;  // set: every call fails with it
  // Why no change can be taken now; OK: it can.
  absl::Status CheckChangeable() const;

  const Schema& schema() const { return schema_; }
  uint64_t generation() const { return manifest_.generation; }
  uint64_t memory_bytes() const {
    return memory_->memory_bytes() + segments_.memory_bytes() + segments_.note_bytes() +
           segments_.values_bytes();
  }
  uint64_t peak_memory_bytes() const {
    return std::max<uint64_t>(peak_memory_bytes_, memory_bytes());
  }

 private:
  // A generation whose files are all written, and its staged manifest.
  struct PendingCommit {
    std::optional<Manifest> manifest;    // nullopt: nothing has changed
    std::vector<std::string> new_files;  // of live documents
    CommitInfo info;
  };

  // Documents that are prepared together while those before are added.
  struct Group {
    size_t begin = 0;
    size_t end = 0;
    std::deque<PreparedDocument> prepared;
    std::vector<absl::Status> statuses;
  };

  // Adds a document that was prepared, or tells why not; *refused: it is the
  // document's own fault.
  absl::Status AddPrepared(PreparedDocument* document, bool replace, bool* refused);
  void StartGroup(std::span<const Document> documents, size_t begin, Group* group);
  absl::Status AddGroup(Group* group, bool replace, const RefusedFn& refused, size_t* taken);

  // What the rest of the writer starts from after a commit or a rollback.
  absl::Status StartFrom(const Manifest& manifest);
  // Where a new segment is written.
  enum class Home { kFolder, kMemory };
  const SegmentFolder& FolderOf(Home home) const {
    return home == Home::kFolder ? folder_ : memory_folder_;
  }
  // How one keeps stored fields.
  StoredPacking PackingFor(Home home) const;
  static OpenOptions FolderOptions(const IndexWriterOptions& options);
  static OpenOptions MemoryOptions();
  // A number is used up by every attempt: remains of a failed one may lie under its names.
  SegmentId NewSegmentId(Home home) {
    return {home == Home::kFolder ? next_segment_id_++ : next_memory_segment_id_++};
  }
  // Opens a segment that was just written to `home`; after an error its files are gone.
  absl::StatusOr<ListedSegment> OpenNew(ManifestSegment entry, Home home);
  void NewMemoryIndex();
  absl::Status FlushTo(Home home);
  bool HasRoomForCopy() const;
  absl::Status MergeInMemory();
  absl::Status CheckAddable(const IndexView& other) const;
  absl::Status CopySegments(const IndexView& other, std::vector<ListedSegment>* copies);
  absl::Status CopySetValues(const Segment& segment, ListedSegment* copy);
  bool changed(const CommitOptions& options) const;
  bool syncs() const { return options_.durability == Durability::kSync; }
  std::string_view key_field() const { return schema_.key(); }

  // Whether there is a live document with that key: in memory, in a segment.
  struct KeyPlace {
    bool in_memory = false;
    std::optional<SegmentList::Place> in_segment;
    bool found() const { return in_memory || in_segment.has_value(); }
  };
  absl::StatusOr<KeyPlace> FindKey(std::string_view key) const;

  // Errors: the schema has no key, or does not say that the field is updatable.
  absl::StatusOr<const PlannedField*> UpdatableField(std::string_view name) const;
  size_t updatable_count() const;
  uint64_t ColumnsInMemory() const;
  // Makes a segment have the values that were set in it: by a column in memory, or by a file.
  absl::Status SaveValuesOf(ListedSegment* listed, Home home);
  // Of all segments; in files if it would be too much for memory.
  absl::Status SaveValues(Home home);

  // Remembers an fsync failure: the writer is poisoned then.
  absl::Status Checked(absl::Status status);

  // Of one that is not asked for: documents stay as they are.
  MergeOptions OrdinaryMerge() const;
  absl::Status MergeRangeOf(MergeRange range, MergeOptions options, Home home);
  // Puts a segment (nullopt: none) in the place of others; files that no commit has are removed.
  void ReplaceRange(MergeRange range, std::optional<ListedSegment> merged);
  // Drops segments without a live document, from number `first` on.
  void DropEmptySegments(size_t first = 0);
  absl::Status AutoMerge();
  // Takes up what has been merged beside the writer, and begins what is due.
  absl::Status PollMerges();
  // Waits for those merges while they are far behind.
  absl::Status CatchUp();
  // The field that documents are to be ordered by; 0 if by none.
  absl::StatusOr<FieldId> OrderField(const ForceMergeOptions& options) const;
  // Rewrites each segment that is in another order than asked for, whose stored values are packed
  // otherwise than the schema says, or in which values were set.
  absl::Status RewriteWhereOtherwise(const MergeOptions& options);
  // The segment in its order, its stored values packed as the schema says.
  absl::Status Repack(size_t segment, MergeOptions options);
  absl::StatusOr<ManifestFile> WriteLive(SegmentId id, uint64_t generation, const Bitset& live);
  absl::StatusOr<Manifest> NextManifest(const CommitOptions& options,
                                        std::vector<std::string>* new_files);
  absl::Status SyncCommitted();
  absl::Status StageGeneration(const CommitOptions& options, PendingCommit* pending);
  // Makes pending_commit_ out of what has changed.
  absl::Status Stage(const CommitOptions& options);
  absl::StatusOr<CommitInfo> Publish();
  void Adopt(Manifest manifest);
  void RemoveNewFiles(const PendingCommit& pending);
  void DropPrepared();

  NoSyncEnv no_sync_env_;
  Env* const env_;
  const std::string dir_;
  const IndexWriterOptions options_;
  const std::unique_ptr<FileLock> lock_;
  const SegmentFolder folder_;

  Manifest manifest_;      // as committed
  SegmentList committed_;  // its segments
  SegmentList segments_;   // and what has become of them
  Schema schema_;
  std::vector<ManifestField> field_numbers_;
  FieldId next_field_id_ = 0;
  uint64_t next_segment_id_ = 1;
  // Segments in memory have numbers that no file has, and no names once they are open.
  uint64_t next_memory_segment_id_ = kFirstMemorySegmentId;
  const std::unique_ptr<Env> memory_env_ = NewMemoryEnv();
  const SegmentFolder memory_folder_;
  std::shared_ptr<const IndexingPlan> plan_;
  std::unique_ptr<MemoryIndex> memory_;
  PreparedDocument prepared_;
  uint64_t peak_memory_bytes_ = 0;
  Group groups_[2];
  std::vector<AnalysisStreams> streams_;  // by worker; empty: to be made

  // Set between Prepare and Commit or Rollback.
  std::optional<PendingCommit> pending_commit_;

  // Since the last commit.
  uint64_t added_ = 0;
  uint64_t deleted_ = 0;
  uint64_t updated_ = 0;
  uint64_t dropped_tokens_ = 0;
  absl::Status merge_failure_;  // of merges_, the first that nobody was told of

  // Last, so that they end first. nullptr: one thread; merges only in calls.
  std::unique_ptr<WorkerPool> pool_;
  std::unique_ptr<BackgroundMerges> merges_;
};

}  // namespace segue

#endif  // SEGUE_WRITE_INDEX_WRITER_IMPL_H_

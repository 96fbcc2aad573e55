// SPDX-License-Identifier: Apache-2.0
//
// The front door: create or open an index, write to it, search it.
//
//   auto index = segue::Index::Create("catalogue.segue", schema);
//   auto writer = index->OpenWriter();
//   (*writer)->Add(document);
//   (*writer)->Commit();
//   auto snapshot = index->OpenSnapshot();
//   auto result = (*snapshot)->Search(segue::ParseQuery("kind of blue").query);
//
// Threads: an Index and a Snapshot may be used from any number of threads at once. A Writer's
// calls are serialised by the writer itself. One writer at a time per index directory, in all
// processes; any number of snapshots. A snapshot never changes and is never invalidated.
#ifndef SEGUE_INDEX_H_
#define SEGUE_INDEX_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "segue/analysis.h"
#include "segue/document.h"
#include "segue/env.h"
#include "segue/executor.h"
#include "segue/explain.h"
#include "segue/export.h"
#include "segue/limits.h"
#include "segue/query.h"
#include "segue/schema.h"
#include "segue/search.h"
#include "segue/statistics.h"
#include "segue/suggestion.h"
#include "segue/types.h"

namespace segue {

struct IndexOptions {
  ReadMode read_mode = ReadMode::kAuto;
  VerifyPolicy verify = VerifyPolicy::kOnFirstTouch;
  // Files and clock; nullptr: the operating system's. Must outlive the index.
  Env* env = nullptr;
  // Tokenizers, filters and analyzers beyond the built-in ones; nullptr: only those. Must outlive
  // the index.
  const AnalyzerRegistry* analyzers = nullptr;
};

// What a commit outlives.
enum class Durability : uint8_t {
  // A power cut: each commit waits for the disk.
  kSync = 0,
  // The end of the process, however it comes; each commit is still atomic for readers and for a
  // killed writer. A power cut may damage the index, which is then reported as damaged. The next
  // commit of a writer with kSync makes all of it durable.
  kNoSync = 1,
};

struct WriterOptions {
  // Memory for documents not yet flushed to a segment, in bytes.
  uint64_t memory_bytes = uint64_t{256} << 20;
  // Wait this long for another writer to finish before giving up (kLocked).
  uint32_t lock_wait_ms = 0;
  // Merge segments by the tiered policy at each commit.
  bool auto_merge = true;
  // Those merges run here, while the writer adds and commits, so that no commit waits for the
  // rewrite of gigabytes; nullptr: the commit that finds one due does it. Results are the same. But
  // which segments an index has then depends on how fast the merges are, and so do its bytes: this
  // is for indexes that live, not for those that are built once. A commit publishes what has been
  // merged before it. It waits, and merges itself, only while merges are far behind: more than
  // three times the segments that the policy wants, or more bytes of deleted documents than of live
  // ones. A writer has at most kMaxMergesAtOnce at once, of falling sizes; one thread is enough for
  // all, as a merge lets smaller ones go first. Must outlive the writer; see NewBackgroundThread.
  Executor* merge_executor = nullptr;
  // Threads that share the work of AddBatch, flushes and merges; what is written does not depend on
  // it.
  uint32_t threads = 1;
  Durability durability = Durability::kSync;
  // What documents may be, at most.
  DocumentLimits limits = {};
  // What the queries of DeleteByQuery may be, at most.
  QueryLimits query_limits = {};
};

struct CommitOptions {
  // Bytes of the caller's that belong to the commit, at most 1 MiB: a position in a queue, the
  // number of a transaction (Snapshot::payload). Not given: those of the commit before stay.
  std::optional<std::string> payload = std::nullopt;
};

// How documents are numbered within a merged segment. Hits of equal score come in that order.
enum class DocumentOrder : uint8_t {
  kAsAdded = 0,
  // Documents that share terms come near each other, found by recursive graph bisection: searches
  // skip more, and the index is smaller. kQuick is found in about half of the time that kFull
  // takes, and brings nearly the same.
  kQuick = 1,
  kFull = 2,
  // By the values of ForceMergeOptions::order_field. Documents without a value come last, those of
  // equal values in the order that they have.
  kAscending = 3,
  kDescending = 4,
};

struct ForceMergeOptions {
  // kAsAdded: documents stay in the order that they have. Else every segment that is left is put in
  // this order, or stays in it. Memory: within WriterOptions::memory_bytes, if that has 40 bytes
  // for each document of a segment (44 if some are deleted); else up to 24 (28) for each, and three
  // eighths of it beside them.
  DocumentOrder order = DocumentOrder::kAsAdded;
  // Of kAscending and kDescending: a field of numbers, timestamps or booleans (else
  // kInvalidArgument). Of several values of a document the least one counts, descending the
  // greatest.
  std::string order_field = {};
  // Called with documents done and documents in all; may be empty.
  std::function<void(uint64_t, uint64_t)> progress = {};
};

struct CommitInfo {
  uint64_t generation = 0;
  uint64_t documents = 0;         // live documents in the index now
  uint64_t added = 0;             // documents added by this commit
  uint64_t deleted = 0;           // documents deleted or replaced by this commit
  uint64_t updated = 0;           // values set by this commit (Writer::SetValue)
  uint64_t truncated_tokens = 0;  // tokens cut or dropped because they were too long
  // The first error of a merge beside the writer (WriterOptions::merge_executor) that nobody was
  // told of yet, a full disk say. The commit stands all the same, and nothing is lost: what failed
  // is tried again after one more commit, then after two, up to 64.
  absl::Status merge_error = absl::OkStatus();
};

struct SegmentInfo {
  uint64_t id = 0;
  uint64_t documents = 0;  // with the deleted ones
  uint64_t deleted = 0;
  uint64_t bytes = 0;  // of all its files
};

class Snapshot;

// Changes an index. Dropping a writer forgets what was not committed, and gives up merges under
// way.
class SEGUE_EXPORT Writer {
 public:
  virtual ~Writer() = default;

  // Adds a document; with a key field it must have a key that the index does not hold yet
  // (kInvalidArgument otherwise; use Upsert to replace). A document that fails (value of the wrong
  // type, over a limit) leaves no trace, and the writer goes on.
  virtual absl::Status Add(const Document& document) = 0;
  // Adds a document, replacing the one with the same key.
  virtual absl::Status Upsert(const Document& document) = 0;
  // Adds documents in order, as one by one, their analysis shared among WriterOptions::threads;
  // `replace`: upserts them. A document that is refused is left out and told to
  // `refused(index, why)`; without `refused`, the first refusal ends the call. Any other error ends
  // it, too.
  virtual absl::Status AddBatch(
      std::span<const Document> documents, bool replace = false,
      const std::function<void(size_t index, const absl::Status& why)>& refused = {}) = 0;
  // Deletes the document with this key. True if there was one.
  virtual absl::StatusOr<bool> Delete(std::string_view key) = 0;
  // Deletes all documents that match, those not committed yet among them; returns how many. Nothing
  // is guessed at: a field that the schema does not have or a value of the wrong form is an error
  // (kInvalidArgument), and so is what passes WriterOptions::query_limits (kResourceExhausted): a
  // pattern near other words that stands for more than `expansions` terms, too. After an error
  // nothing is deleted. Cost: that of OpenSnapshot, and the query runs over all segments.
  virtual absl::StatusOr<uint64_t> DeleteByQuery(const Query& query) = 0;
  // Sets the value of an updatable field (FieldOptions::updatable) in the document with this key,
  // without indexing it again; nullopt takes it away. False if there is no such document. All else
  // of the document stays, and an Upsert later replaces this value as any other. Searches,
  // functions of the value and Snapshot::Stored see it as they see documents: from the commit on,
  // or in a snapshot of the writer. Errors (kInvalidArgument): no such field, not an updatable one,
  // a value of another type; kFailedPrecondition without a key field. Cost: a look-up of the key
  // and a note; the commit or snapshot after it writes the field's column of each segment that has
  // notes, some tens of nanoseconds for each of its documents.
  virtual absl::StatusOr<bool> SetValue(std::string_view key, std::string_view field,
                                        const std::optional<Value>& value) = 0;
  // Adds all live documents of another index, or of another generation, as the snapshot holds them;
  // returns how many. They come after those that are there, segment by segment, by copying files,
  // not by indexing anew: so shards that were built elsewhere are joined. The schema must be the
  // same, with the fields in the same order (kFailedPrecondition, which names the first
  // difference); only stored_compression may differ, and segments keep theirs. With a key field
  // they replace documents with the same keys, as upserts would; several indexes are told apart by
  // the order in which they are added. Visible with the commit; after an error nothing is added.
  // Every byte is compared with its checksum on the way, if the snapshot's VerifyPolicy is not
  // kNever. Cost: that of copying the files, and a walk through both key dictionaries.
  virtual absl::StatusOr<uint64_t> AddIndex(const Snapshot& other) = 0;
  // Adds a field to the schema; documents from now on may have it.
  virtual absl::Status AddField(std::string_view name, const FieldOptions& options) = 0;
  // Changes the schema: segments are written so from now on, those of documents that are buffered
  // and of merges among them. Those that are there stay as they are until merged, at last by
  // ForceMerge.
  virtual absl::Status SetStoredCompression(StoredCompression compression) = 0;

  // Makes all changes durable and visible to snapshots opened from now on. After an error the
  // index is as it was before; after a failed fsync the writer refuses all further work.
  virtual absl::StatusOr<CommitInfo> Commit(const CommitOptions& options = {}) = 0;
  // The first half of a commit, for a host program that commits elsewhere too: all work that can
  // fail for want of space or memory is done, and nothing is visible yet. What is left to Commit is
  // to rename one file and sync the directory. Until Commit (without options) or Rollback, every
  // other change is refused (kFailedPrecondition). A prepared commit does not outlive its writer:
  // after a crash in between, the payload of the newest snapshot tells which side has to be done
  // again.
  virtual absl::StatusOr<CommitInfo> Prepare(const CommitOptions& options = {}) = 0;
  // Forgets all changes since the last commit, and a prepared one.
  virtual absl::Status Rollback() = 0;
  // Merges until at most `max_segments` are left, and commits. Segments in another order than is
  // asked for, with stored values packed otherwise than the schema says, or with values that were
  // set, are rewritten, too.
  virtual absl::StatusOr<CommitInfo> ForceMerge(uint32_t max_segments,
                                                const ForceMergeOptions& options = {}) = 0;

  // With WriterOptions::merge_executor: waits until no merge is under way and none is due, and does
  // those that no thread has begun. The next commit publishes them: so a program that ends tidily
  // commits, waits, and commits. Other threads may go on using the writer. Returns the first error
  // of a merge that nobody was told of yet, at once; nothing is lost by it. Else OK at once.
  virtual absl::Status WaitForMerges() = 0;

  // What a commit would publish now, without publishing it: all that was added, replaced and
  // deleted so far, whether committed or not. For this process alone; nobody else sees it, and
  // Rollback or the end of the writer leaves it as valid as any snapshot. Its generation() and
  // payload() are the last commit's. Cost: what was added since the last call becomes a segment in
  // memory (some milliseconds for some hundred documents), written to a file only by the commit or
  // where memory_bytes ends; a commit or a flush that is under way is waited for.
  virtual absl::StatusOr<std::shared_ptr<const Snapshot>> OpenSnapshot() = 0;

  // Bytes of memory held for documents not yet in a segment file.
  virtual uint64_t MemoryBytes() const = 0;
};

// One generation of an index, frozen.
class SEGUE_EXPORT Snapshot {
 public:
  virtual ~Snapshot() = default;

  // A writer's snapshot: the generation that its changes come on top of.
  virtual uint64_t generation() const = 0;
  // What CommitOptions gave with this generation or the last one before it that gave any.
  virtual const std::string& payload() const = 0;
  virtual const Schema& schema() const = 0;
  // Document numbers are 0 .. doc_count() - 1, deleted ones included.
  virtual uint64_t doc_count() const = 0;
  virtual uint64_t live_doc_count() const = 0;
  virtual const std::vector<SegmentInfo>& segments() const = 0;

  virtual absl::StatusOr<SearchResult> Search(const Query& query,
                                              const SearchOptions& options = {}) const = 0;
  // Why `doc` has its score in this query, or why it is no hit.
  virtual absl::StatusOr<Explanation> Explain(const Query& query, uint64_t doc,
                                              const SearchOptions& options = {}) const = 0;
  // Where each matching term and phrase of the query stands in a document: clauses in the order of
  // the query, each one's places ascending. Empty if the document does not match. Fields that keep
  // no positions give none; prohibited clauses neither.
  virtual absl::StatusOr<std::vector<MatchSpan>> Matches(const Query& query,
                                                         uint64_t doc) const = 0;
  // A query for documents like this one: Query::Like of its text in `field`, or in the default
  // fields, of which the best counts. The text is what is stored of the field or, if that is filled
  // from others (FieldOptions::from), of those: at most its first 64 KiB, cut between characters.
  // With a key field the document itself is no hit. The query holds the text: it may be searched
  // for in other snapshots and shards, too. kNotFound: no such document, or deleted.
  // kFailedPrecondition: no text of it is stored.
  virtual absl::StatusOr<Query> LikeDocument(uint64_t doc, std::string_view field = {},
                                             const LikeOptions& options = {}) const = 0;
  // The words of the query's text that no document has, deleted ones included, in the fields where
  // they are looked for: at most 16, in the order of the query, each once, and none that only
  // prohibits. To each the terms nearest to it that some document has, up to `terms_per_word`
  // (at most 100): one edit away or, if there are none and the word is long enough, two, as a
  // fuzzy word allows (FuzzyOptions). Words that are searched for otherwise (by prefix, pattern,
  // number, LIKE) are left alone. Of the options deadline and cancel count.
  virtual absl::StatusOr<std::vector<Suggestion>> Suggest(
      const Query& query, size_t terms_per_word = 3, const SearchOptions& options = {}) const = 0;
  // The statistics that a search for `query` uses.
  virtual absl::StatusOr<Statistics> CollectStatistics(const Query& query) const = 0;

  // The stored fields of a document. kNotFound: no such document, or deleted.
  virtual absl::StatusOr<Document> Stored(uint64_t doc) const = 0;
  // The key of a document. kFailedPrecondition without a key field.
  virtual absl::StatusOr<std::string> Key(uint64_t doc) const = 0;
  // The live document with this key, if any.
  virtual absl::StatusOr<std::optional<uint64_t>> FindKey(std::string_view key) const = 0;
  // Documents that hold a term in a field, deleted ones included.
  virtual absl::StatusOr<uint64_t> DocFreq(std::string_view field, std::string_view term) const = 0;
  // Up to `limit` terms of a field that start with `prefix`, in byte order, with document
  // frequencies summed over segments.
  virtual absl::StatusOr<std::vector<std::pair<std::string, uint64_t>>> Terms(
      std::string_view field, std::string_view prefix, size_t limit) const = 0;
  virtual absl::StatusOr<FieldStatistics> FieldStats(std::string_view field) const = 0;
};

class SEGUE_EXPORT Index {
 public:
  // Makes a new, empty index in `path` (created if needed). kFailedPrecondition if there is one.
  static absl::StatusOr<Index> Create(std::string_view path, const Schema& schema,
                                      const IndexOptions& options = {});
  // Opens an index. kNotFound: no such directory or no index in it; kVersion: of another format;
  // kDataLoss: damaged.
  static absl::StatusOr<Index> Open(std::string_view path, const IndexOptions& options = {});

  Index(Index&&) noexcept;
  Index& operator=(Index&&) noexcept;
  ~Index();

  // The newest committed generation. Opens or maps all its files before it returns. While the
  // snapshot that was opened last is still held, what has not changed since is shared with it: then
  // only new segments and new deletions are read, and without a commit in between it is the same
  // snapshot. So to follow an index, hold the old snapshot until the new one is there.
  absl::StatusOr<std::shared_ptr<const Snapshot>> OpenSnapshot() const;
  absl::StatusOr<std::unique_ptr<Writer>> OpenWriter(const WriterOptions& options = {}) const;

  // Copies the newest generation to the directory `path`, which is created if needed and must hold
  // no index (kFailedPrecondition): a durable index of its own, of the same generation. Every byte
  // is compared with its checksum on the way; damage ends the call (kDataLoss). A writer may go on
  // meanwhile. After an error `path` holds no index; files of the unfinished copy are removed.
  // Returns the generation.
  absl::StatusOr<uint64_t> Backup(std::string_view path) const;

  const std::string& path() const;

 private:
  struct Impl;
  explicit Index(std::shared_ptr<Impl> impl);
  std::shared_ptr<Impl> impl_;
};

}  // namespace segue

#endif  // SEGUE_INDEX_H_

// SPDX-License-Identifier: Apache-2.0
//
// A commit: flush, drop segments without a live document, merge by the policy,
// write the live bitmaps that changed, stage the manifest; then publish it, and
// remove what the new generation does not need. Everything before the last step
// only makes files that no reader knows; an error there leaves generation N, and
// the writer with all it had, merges already done included. Prepare stops before
// it, so that little is left that can fail.
#include <algorithm>
#include <new>
#include <utility>

#include "engine/base/limits.h"
#include "engine/base/nearest_name.h"
#include "engine/base/status.h"
#include "engine/base/strings.h"
#include "engine/format/file_kind.h"
#include "engine/format/live_docs.h"
#include "engine/format/manifest_io.h"
#include "engine/segment/manifest_schema.h"
#include "engine/write/index_writer_impl.h"
#include "engine/write/merge_policy.h"

namespace segue {

IndexWriter::Impl::~Impl() {
  // After an unknown outcome the files may belong to a published generation.
  if (!poison.ok()) return;
  // Where there is no memory for that, they are orphans like those of a writer that was killed.
  try {
    if (pending_commit_) DropPrepared();
    for (const ListedSegment& segment : segments_.items()) {
      if (!segment.committed) RemoveFiles(segment);
    }
  } catch (const std::bad_alloc&) {
  }
}

void IndexWriter::Impl::RemoveFiles(const ListedSegment& segment) {
  if (segment.in_memory) return;
  for (const ManifestFile& file : segment.entry.files) {
    (void)env_->Remove(JoinPath(dir_, file.info.name));
  }
}

absl::Status IndexWriter::Impl::Load() {
  SEGUE_ASSIGN_OR_RETURN(const Manifest manifest, ReadNewestManifest(env_, dir_));
  if (IsReadOnly(manifest)) {
    return Error(ErrorCode::kVersion, Cat(dir_,
                                          ": the index uses features that this version can "
                                          "read but not write"));
  }
  SEGUE_RETURN_IF_ERROR(RemoveOrphans(env_, dir_, manifest).status());
  for (const ManifestSegment& entry : manifest.segments) {
    ListedSegment listed;
    listed.entry = entry;
    SEGUE_ASSIGN_OR_RETURN(listed.segment, OpenSegment(entry));
    listed.committed = true;
    committed_.Add(std::move(listed));
  }
  return StartFrom(manifest);
}

absl::Status IndexWriter::Impl::StartFrom(const Manifest& manifest) {
  SEGUE_ASSIGN_OR_RETURN(Schema schema, SchemaOf(manifest));
  SEGUE_ASSIGN_OR_RETURN(plan_, IndexingPlan::Make(schema, manifest.fields, options_.analyzers));
  streams_.clear();
  manifest_ = manifest;
  schema_ = std::move(schema);
  field_numbers_ = manifest.fields;
  next_field_id_ = manifest.next_field_id;
  next_segment_id_ = manifest.next_segment_id;
  segments_ = committed_;
  added_ = deleted_ = dropped_tokens_ = 0;
  NewMemoryIndex();
  return absl::OkStatus();
}

absl::Status IndexWriter::Impl::Rollback() {
  if (pending_commit_) DropPrepared();
  for (const ListedSegment& segment : segments_.items()) {
    if (!segment.committed) RemoveFiles(segment);
  }
  const uint64_t next_segment_id = next_segment_id_;
  SEGUE_RETURN_IF_ERROR(StartFrom(Manifest(manifest_)));
  // A name that could not be removed must not be met again.
  next_segment_id_ = next_segment_id;
  return absl::OkStatus();
}

bool IndexWriter::Impl::changed(const CommitOptions& options) const {
  if (options.payload && *options.payload != manifest_.payload) return true;
  if (syncs() && IsUnsynced(manifest_)) return true;
  if (field_numbers_ != manifest_.fields || segments_.items().size() != manifest_.segments.size()) {
    return true;
  }
  return std::any_of(
      segments_.items().begin(), segments_.items().end(),
      [](const ListedSegment& segment) { return !segment.committed || segment.live.has_value(); });
}

// ---- Merging ----

absl::Status IndexWriter::Impl::MergeRangeOf(MergeRange range, const MergeOptions& options,
                                             Home home) {
  std::vector<std::shared_ptr<const Segment>> inputs;
  uint64_t live = 0;
  for (size_t i = range.begin; i < range.end; ++i) {
    inputs.push_back(segments_.items()[i].Current());
    live += inputs.back()->live_count();
  }
  std::optional<ListedSegment> merged;
  if (live > 0) {
    absl::StatusOr<ManifestSegment> entry =
        MergeSegments(EnvOf(home), DirOf(home), NewSegmentId(home), inputs, options);
    if (!entry.ok()) return Checked(entry.status());
    SEGUE_ASSIGN_OR_RETURN(merged, OpenNew(*std::move(entry), home));
  }
  for (const ListedSegment& old : segments_.Replace(range, std::move(merged))) {
    if (!old.committed) RemoveFiles(old);
  }
  return absl::OkStatus();
}

absl::Status IndexWriter::Impl::DropEmptySegments(size_t first) {
  for (size_t i = segments_.items().size(); i-- > first;) {
    if (segments_.items()[i].live_count() != 0) continue;
    SEGUE_RETURN_IF_ERROR(MergeRangeOf({i, i + 1}, {}, Home::kFolder));
  }
  return absl::OkStatus();
}

MergeOptions IndexWriter::Impl::OrdinaryMerge() const {
  MergeOptions options;
  options.cancel = options_.cancel;
  options.pool = pool_.get();
  return options;
}

absl::Status IndexWriter::Impl::AutoMerge() {
  const MergePolicyOptions policy;
  while (const auto range = PickMerge(segments_.Sizes(), policy)) {
    SEGUE_RETURN_IF_ERROR(MergeRangeOf(*range, OrdinaryMerge(), Home::kFolder));
  }
  return absl::OkStatus();
}

// Puts the segments that are not in the order yet into it.
absl::Status IndexWriter::Impl::ReorderAll(const MergeOptions& options) {
  for (size_t i = 0; i < segments_.items().size(); ++i) {
    if (!IsInOrder(segments_.items()[i].entry, options.order, options.order_field)) {
      SEGUE_RETURN_IF_ERROR(MergeRangeOf({i, i + 1}, options, Home::kFolder));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<FieldId> IndexWriter::Impl::OrderField(const ForceMergeOptions& options) const {
  const std::string& name = options.order_field;
  const bool by_field =
      options.order == DocumentOrder::kAscending || options.order == DocumentOrder::kDescending;
  if (!by_field) {
    if (name.empty()) return FieldId{0};
    return Error(ErrorCode::kInvalidArgument,
                 Cat("the order by ", Quoted(name), " is kAscending or kDescending, and no other"));
  }
  std::vector<std::string_view> known;
  for (const PlannedField& field : plan_->fields()) {
    if (field.name == name && field.has_column) return field.id;
    if (field.has_column) known.push_back(field.name);
  }
  const std::string nearest = NearestName(name, known);
  return Error(ErrorCode::kInvalidArgument,
               Cat("documents cannot be ordered by ", Quoted(name),
                   schema_.Find(name) == nullptr
                       ? ": there is no such field"
                       : ": only fields of numbers, timestamps and booleans have an order",
                   nearest.empty() ? std::string() : Cat("; did you mean ", Quoted(nearest), "?")));
}

absl::StatusOr<CommitInfo> IndexWriter::Impl::ForceMerge(uint32_t max_segments,
                                                         const ForceMergeOptions& options) {
  if (max_segments == 0) {
    return Error(ErrorCode::kInvalidArgument,
                 "an index cannot be merged into 0 segments; ask for 1");
  }
  SEGUE_ASSIGN_OR_RETURN(const FieldId order_field, OrderField(options));
  SEGUE_RETURN_IF_ERROR(Flush());
  SEGUE_RETURN_IF_ERROR(DropEmptySegments());
  const MergeOptions merge{.progress = options.progress,
                           .cancel = options_.cancel,
                           .order = options.order,
                           .order_field = order_field,
                           .pool = pool_.get(),
                           .threads = options_.threads,
                           .memory_bytes = options_.memory_bytes};
  while (const auto range = PickForcedMerge(segments_.Sizes(), max_segments)) {
    SEGUE_RETURN_IF_ERROR(MergeRangeOf(*range, merge, Home::kFolder));
  }
  if (options.order != DocumentOrder::kAsAdded) SEGUE_RETURN_IF_ERROR(ReorderAll(merge));
  SEGUE_RETURN_IF_ERROR(Stage({}));
  return Publish();
}

// ---- Committing ----

// What an earlier writer left to the system, and this one keeps.
absl::Status IndexWriter::Impl::SyncCommitted() {
  for (const ListedSegment& segment : segments_.items()) {
    if (!segment.committed) continue;
    for (const ManifestFile& file : segment.entry.files) {
      SEGUE_RETURN_IF_ERROR(MarkSyncFailure(env_->SyncFile(JoinPath(dir_, file.info.name))));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<ManifestFile> IndexWriter::Impl::WriteLive(SegmentId id, uint64_t generation,
                                                          const Bitset& live) {
  const std::string path = JoinPath(dir_, LiveFileName(id, generation));
  absl::StatusOr<std::unique_ptr<FramedWriter>> file =
      FramedWriter::Create(env_, path, kLiveKind, kLiveVersion, id);
  if (CodeOf(file.status()) == ErrorCode::kFailedPrecondition) {
    // A failed commit's that could not be removed then.
    SEGUE_RETURN_IF_ERROR(env_->Remove(path));
    file = FramedWriter::Create(env_, path, kLiveKind, kLiveVersion, id);
  }
  SEGUE_RETURN_IF_ERROR(file.status());
  SEGUE_RETURN_IF_ERROR(WriteLiveDocs(file->get(), live));
  ManifestFile entry;
  entry.file_class = FileClass::kOverlay;
  entry.kind = kLiveKind;
  SEGUE_ASSIGN_OR_RETURN(entry.info, (*file)->Finish());
  return entry;
}

absl::StatusOr<Manifest> IndexWriter::Impl::NextManifest(const CommitOptions& options,
                                                         std::vector<std::string>* new_files) {
  Manifest manifest = manifest_;
  manifest.generation = manifest_.generation + 1;
  manifest.next_segment_id = next_segment_id_;
  manifest.next_field_id = next_field_id_;
  manifest.fields = field_numbers_;
  manifest.schema_json = schema_.ToJson();
  if (options.payload) manifest.payload = *options.payload;
  manifest.features.ignorable &= ~kUnsyncedFeature;
  if (!syncs()) manifest.features.ignorable |= kUnsyncedFeature;
  manifest.segments.clear();
  for (const ListedSegment& segment : segments_.items()) {
    ManifestSegment entry = segment.entry;
    if (segment.live) {
      SEGUE_ASSIGN_OR_RETURN(ManifestFile file,
                             WriteLive(entry.id, manifest.generation, *segment.live));
      new_files->push_back(file.info.name);
      std::erase_if(entry.files, [](const ManifestFile& old) { return old.kind == kLiveKind; });
      entry.files.push_back(std::move(file));
      entry.live_generation = manifest.generation;
      entry.deleted_count = entry.doc_count - segment.live_count();
    }
    manifest.segments.push_back(std::move(entry));
  }
  return manifest;
}

absl::Status IndexWriter::Impl::StageGeneration(const CommitOptions& options,
                                                PendingCommit* pending) {
  if (syncs() && IsUnsynced(manifest_)) SEGUE_RETURN_IF_ERROR(SyncCommitted());
  SEGUE_ASSIGN_OR_RETURN(Manifest manifest, NextManifest(options, &pending->new_files));
  SEGUE_RETURN_IF_ERROR(StageManifest(env_, dir_, manifest));
  pending->info.generation = manifest.generation;
  pending->manifest = std::move(manifest);
  return absl::OkStatus();
}

absl::Status IndexWriter::Impl::Stage(const CommitOptions& options) {
  PendingCommit pending;
  pending.info.added = added_;
  pending.info.deleted = deleted_;
  pending.info.truncated_tokens = dropped_tokens_;
  pending.info.documents = segments_.live_count();
  pending.info.generation = manifest_.generation;
  if (changed(options)) {
    absl::Status status = StageGeneration(options, &pending);
    if (!status.ok()) {
      RemoveNewFiles(pending);
      return Checked(std::move(status));
    }
  }
  pending_commit_ = std::move(pending);
  return absl::OkStatus();
}

void IndexWriter::Impl::RemoveNewFiles(const PendingCommit& pending) {
  for (const std::string& name : pending.new_files) (void)env_->Remove(JoinPath(dir_, name));
}

void IndexWriter::Impl::DropPrepared() {
  // What cannot be removed is an orphan like any other.
  if (pending_commit_->manifest) {
    (void)RemoveStagedManifest(env_, dir_, pending_commit_->manifest->generation);
  }
  RemoveNewFiles(*pending_commit_);
  pending_commit_.reset();
}

absl::StatusOr<CommitInfo> IndexWriter::Impl::Publish() {
  PendingCommit pending = *std::move(pending_commit_);
  pending_commit_.reset();
  if (pending.manifest) {
    absl::Status status = PublishManifest(env_, dir_, pending.manifest->generation);
    if (!status.ok()) {
      if (!IsOutcomeUnknown(status)) RemoveNewFiles(pending);
      return Checked(std::move(status));
    }
    Adopt(*std::move(pending.manifest));
  }
  added_ = deleted_ = dropped_tokens_ = 0;
  return pending.info;
}

// The writer goes on from the generation that it has published.
void IndexWriter::Impl::Adopt(Manifest manifest) {
  manifest_ = std::move(manifest);
  for (size_t i = 0; i < manifest_.segments.size(); ++i) {
    ListedSegment& segment = segments_.items()[i];
    segment.segment = segment.Current();
    segment.live.reset();
    segment.entry = manifest_.segments[i];
    segment.committed = true;
  }
  committed_ = segments_;
  // The commit stands; what cannot be removed now is removed by the next.
  (void)RemoveOrphans(env_, dir_, manifest_);
}

absl::StatusOr<CommitInfo> IndexWriter::Impl::Prepare(const CommitOptions& options) {
  if (options.payload && options.payload->size() > kMaxCommitPayloadBytes) {
    return Error(ErrorCode::kResourceExhausted,
                 Cat("the payload of a commit has ", options.payload->size(),
                     " bytes; the limit is ", kMaxCommitPayloadBytes));
  }
  SEGUE_RETURN_IF_ERROR(Flush());
  SEGUE_RETURN_IF_ERROR(DropEmptySegments());
  if (options_.auto_merge) SEGUE_RETURN_IF_ERROR(AutoMerge());
  SEGUE_RETURN_IF_ERROR(Stage(options));
  return pending_commit_->info;
}

absl::StatusOr<CommitInfo> IndexWriter::Impl::Commit(const CommitOptions& options) {
  if (!pending_commit_) {
    SEGUE_RETURN_IF_ERROR(Prepare(options).status());
  } else if (options.payload) {
    return Error(ErrorCode::kFailedPrecondition,
                 "the commit is prepared, with the payload that was given to Prepare");
  }
  return Publish();
}

}  // namespace segue

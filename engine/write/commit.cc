// SPDX-License-Identifier: Apache-2.0
//
// A commit: flush, drop segments without a live document, merge by the policy,
// write the columns in which values were set and the live bitmaps that changed, stage the manifest;
// then publish it, and remove what the new generation does not need. Everything before the last
// step only makes files that no reader knows; an error there leaves generation N, and the writer
// with all it had, merges already done included. Prepare stops before it, so that little is left
// that can fail.
#include <algorithm>
#include <new>
#include <utility>

#include "engine/base/limits.h"
#include "engine/base/status.h"
#include "engine/base/strings.h"
#include "engine/format/file_kind.h"
#include "engine/format/live_docs.h"
#include "engine/format/manifest_io.h"
#include "engine/segment/manifest_schema.h"
#include "engine/write/index_writer_impl.h"

namespace segue {

IndexWriter::Impl::~Impl() {
  merges_.reset();
  // After an unknown outcome the files may belong to a published generation.
  if (!poison.ok()) return;
  // Where there is no memory for that, they are orphans like those of a writer that was killed.
  try {
    if (pending_commit_) DropPrepared();
    for (const ListedSegment& segment : segments_.items()) RemoveUncommitted(folder_, segment);
  } catch (const std::bad_alloc&) {
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
    SEGUE_ASSIGN_OR_RETURN(listed.segment, Segment::Open(env_, dir_, entry, folder_.open));
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
  added_ = deleted_ = updated_ = dropped_tokens_ = 0;
  NewMemoryIndex();
  return absl::OkStatus();
}

absl::Status IndexWriter::Impl::Rollback() {
  if (pending_commit_) DropPrepared();
  for (const ListedSegment& segment : segments_.items()) RemoveUncommitted(folder_, segment);
  const uint64_t next_segment_id = next_segment_id_;
  SEGUE_RETURN_IF_ERROR(StartFrom(Manifest(manifest_)));
  // A name that could not be removed must not be met again.
  next_segment_id_ = next_segment_id;
  return absl::OkStatus();
}

bool IndexWriter::Impl::changed(const CommitOptions& options) const {
  if (options.payload && *options.payload != manifest_.payload) return true;
  if (syncs() && IsUnsynced(manifest_)) return true;
  // SetStoredCompression; all else that a schema gains are fields.
  if (RefuseFeaturesOf(schema_) != manifest_.features.refuse) return true;
  if (field_numbers_ != manifest_.fields || segments_.items().size() != manifest_.segments.size()) {
    return true;
  }
  return std::any_of(
      segments_.items().begin(), segments_.items().end(), [](const ListedSegment& segment) {
        return !segment.committed || segment.live.has_value() || segment.has_set_values();
      });
}

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
  SetSchema(schema_, &manifest);
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
  pending.info.updated = updated_;
  pending.info.truncated_tokens = dropped_tokens_;
  pending.info.documents = segments_.live_count();
  pending.info.generation = manifest_.generation;
  pending.info.merge_error = std::exchange(merge_failure_, absl::OkStatus());
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
  added_ = deleted_ = updated_ = dropped_tokens_ = 0;
  if (merges_ != nullptr) merges_->CountCommit();
  // The commit stands; an error of these is told by the next call.
  if (poison.ok()) (void)PollMerges();
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
    segment.new_values = false;
  }
  committed_ = segments_;
  // The commit stands; what cannot be removed now is removed by the next.
  (void)RemoveOrphans(env_, dir_, manifest_,
                      merges_ ? merges_->InTheMaking() : std::vector<SegmentId>());
}

absl::StatusOr<CommitInfo> IndexWriter::Impl::Prepare(const CommitOptions& options) {
  if (options.payload && options.payload->size() > kMaxCommitPayloadBytes) {
    return Error(ErrorCode::kResourceExhausted,
                 Cat("the payload of a commit has ", options.payload->size(),
                     " bytes; the limit is ", kMaxCommitPayloadBytes));
  }
  SEGUE_RETURN_IF_ERROR(Flush());
  DropEmptySegments();
  SEGUE_RETURN_IF_ERROR(AutoMerge());
  SEGUE_RETURN_IF_ERROR(SaveValues(Home::kFolder));
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

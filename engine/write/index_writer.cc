// SPDX-License-Identifier: Apache-2.0
//
// Documents go through PreparedDocument, which finds everything that can be
// wrong with them, into the memory index; when that is full it becomes a segment
// of its own, still unknown to readers. A document that is replaced is looked
// for before the new one is added, and deleted after that has succeeded.
#include "engine/write/index_writer.h"

#include <chrono>
#include <new>
#include <thread>
#include <utility>

#include "engine/base/check.h"
#include "engine/base/limits.h"
#include "engine/base/status.h"
#include "engine/base/strings.h"
#include "engine/format/manifest_io.h"
#include "engine/io/path.h"
#include "engine/segment/manifest_schema.h"
#include "engine/write/index_writer_impl.h"

namespace segue {
namespace {

constexpr std::chrono::milliseconds kLockRetry(10);

absl::StatusOr<std::unique_ptr<FileLock>> TakeLock(Env* env, const std::string& dir,
                                                   uint32_t wait_ms) {
  const std::string path = JoinPath(dir, kLockFileName);
  const auto give_up = std::chrono::steady_clock::now() + std::chrono::milliseconds(wait_ms);
  for (;;) {
    absl::StatusOr<std::unique_ptr<FileLock>> lock = env->Lock(path, "segue writer");
    if (CodeOf(lock.status()) != ErrorCode::kLocked ||
        std::chrono::steady_clock::now() >= give_up) {
      return lock;
    }
    std::this_thread::sleep_for(kLockRetry);
  }
}

}  // namespace

// ---- IndexWriter ----

absl::Status IndexWriter::Create(Env* env, const std::string& dir, const Schema& schema,
                                 const IndexWriterOptions& options) {
  SEGUE_RETURN_IF_ERROR(schema.Validate());
  Manifest manifest;
  manifest.generation = 1;
  for (const Field& field : schema.fields()) {
    manifest.fields.push_back({manifest.next_field_id++, field.name});
  }
  SEGUE_RETURN_IF_ERROR(IndexingPlan::Make(schema, manifest.fields, options.analyzers).status());
  SetSchema(schema, &manifest);

  SEGUE_RETURN_IF_ERROR(env->CreateDir(dir));
  SEGUE_RETURN_IF_ERROR(env->SyncDir(DirName(dir)));
  SEGUE_ASSIGN_OR_RETURN(const std::unique_ptr<FileLock> lock,
                         TakeLock(env, dir, options.lock_wait_ms));
  const absl::StatusOr<Manifest> existing = ReadNewestManifest(env, dir);
  if (CodeOf(existing.status()) != ErrorCode::kNotFound) {
    if (!existing.ok()) return existing.status();
    return Error(ErrorCode::kFailedPrecondition, Cat(dir, ": there is an index already"));
  }
  return WriteManifest(env, dir, manifest);
}

absl::StatusOr<std::unique_ptr<IndexWriter>> IndexWriter::Open(Env* env, const std::string& dir,
                                                               const IndexWriterOptions& options) {
  SEGUE_RETURN_IF_ERROR(options.limits.Validate());
  // Before the lock, which would leave its file in any directory.
  SEGUE_RETURN_IF_ERROR(ReadNewestManifest(env, dir).status());
  SEGUE_ASSIGN_OR_RETURN(std::unique_ptr<FileLock> lock, TakeLock(env, dir, options.lock_wait_ms));
  auto impl = std::make_unique<Impl>(env, dir, options, std::move(lock));
  SEGUE_RETURN_IF_ERROR(impl->Load());
  return std::unique_ptr<IndexWriter>(new IndexWriter(std::move(impl)));
}

IndexWriter::IndexWriter(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
IndexWriter::~IndexWriter() = default;

absl::Status IndexWriter::Add(const Document& document) {
  const std::lock_guard guard(impl_->mutex);
  SEGUE_RETURN_IF_ERROR(impl_->CheckChangeable());
  return impl_->Add(document, /*replace=*/false);
}

absl::Status IndexWriter::Upsert(const Document& document) {
  const std::lock_guard guard(impl_->mutex);
  SEGUE_RETURN_IF_ERROR(impl_->CheckChangeable());
  return impl_->Add(document, /*replace=*/true);
}

absl::Status IndexWriter::AddBatch(std::span<const Document> documents, bool replace,
                                   const RefusedFn& refused, size_t* taken) {
  const std::lock_guard guard(impl_->mutex);
  size_t ignored;
  if (taken == nullptr) taken = &ignored;
  *taken = 0;
  SEGUE_RETURN_IF_ERROR(impl_->CheckChangeable());
  return impl_->AddBatch(documents, replace, refused, taken);
}

absl::StatusOr<bool> IndexWriter::Delete(std::string_view key) {
  const std::lock_guard guard(impl_->mutex);
  SEGUE_RETURN_IF_ERROR(impl_->CheckChangeable());
  return impl_->Delete(key);
}

absl::StatusOr<uint64_t> IndexWriter::DeleteChosen(const ChooseFn& choose) {
  const std::lock_guard guard(impl_->mutex);
  SEGUE_RETURN_IF_ERROR(impl_->CheckChangeable());
  return impl_->DeleteChosen(choose);
}

absl::StatusOr<bool> IndexWriter::SetValue(std::string_view key, std::string_view field,
                                           const std::optional<Value>& value) {
  const std::lock_guard guard(impl_->mutex);
  SEGUE_RETURN_IF_ERROR(impl_->CheckChangeable());
  return impl_->SetValue(key, field, value);
}

absl::Status IndexWriter::AddField(std::string_view name, const FieldOptions& options) {
  const std::lock_guard guard(impl_->mutex);
  SEGUE_RETURN_IF_ERROR(impl_->CheckChangeable());
  return impl_->AddField(name, options);
}

absl::Status IndexWriter::SetStoredCompression(StoredCompression compression) {
  const std::lock_guard guard(impl_->mutex);
  SEGUE_RETURN_IF_ERROR(impl_->CheckChangeable());
  return impl_->SetStoredCompression(compression);
}

absl::StatusOr<IndexView> IndexWriter::View() {
  const std::lock_guard guard(impl_->mutex);
  SEGUE_RETURN_IF_ERROR(impl_->poison);
  return impl_->View();
}

absl::StatusOr<uint64_t> IndexWriter::AddIndex(const IndexView& other) {
  const std::lock_guard guard(impl_->mutex);
  SEGUE_RETURN_IF_ERROR(impl_->CheckChangeable());
  return impl_->AddIndex(other);
}

absl::Status IndexWriter::Flush() {
  const std::lock_guard guard(impl_->mutex);
  SEGUE_RETURN_IF_ERROR(impl_->CheckChangeable());
  return impl_->Flush();
}

absl::StatusOr<CommitInfo> IndexWriter::Prepare(const CommitOptions& options) {
  const std::lock_guard guard(impl_->mutex);
  SEGUE_RETURN_IF_ERROR(impl_->CheckChangeable());
  return impl_->Prepare(options);
}

absl::StatusOr<CommitInfo> IndexWriter::Commit(const CommitOptions& options) {
  const std::lock_guard guard(impl_->mutex);
  SEGUE_RETURN_IF_ERROR(impl_->poison);
  return impl_->Commit(options);
}

absl::Status IndexWriter::Rollback() {
  const std::lock_guard guard(impl_->mutex);
  SEGUE_RETURN_IF_ERROR(impl_->poison);
  return impl_->Rollback();
}

absl::StatusOr<CommitInfo> IndexWriter::ForceMerge(uint32_t max_segments,
                                                   const ForceMergeOptions& options) {
  const std::lock_guard guard(impl_->mutex);
  SEGUE_RETURN_IF_ERROR(impl_->CheckChangeable());
  return impl_->ForceMerge(max_segments, options);
}

absl::Status IndexWriter::WaitForMerges() {
  for (;;) {
    std::shared_ptr<BackgroundMerge> next;
    {
      const std::lock_guard guard(impl_->mutex);
      SEGUE_RETURN_IF_ERROR(impl_->CheckChangeable());
      SEGUE_ASSIGN_OR_RETURN(next, impl_->NextMerge());
    }
    if (next == nullptr) return absl::OkStatus();
    next->Finish();
  }
}

Schema IndexWriter::schema() const {
  const std::lock_guard guard(impl_->mutex);
  return impl_->schema();
}

uint64_t IndexWriter::generation() const {
  const std::lock_guard guard(impl_->mutex);
  return impl_->generation();
}

uint64_t IndexWriter::MemoryBytes() const {
  const std::lock_guard guard(impl_->mutex);
  return impl_->memory_bytes();
}

uint64_t IndexWriter::PeakMemoryBytes() const {
  const std::lock_guard guard(impl_->mutex);
  return impl_->peak_memory_bytes();
}

void IndexWriter::Poison(const absl::Status& why) {
  const std::lock_guard guard(impl_->mutex);
  if (impl_->poison.ok() && !why.ok()) {
    impl_->poison = why;
    // Where memory has run out there may be none for these words.
    try {
      impl_->poison = Annotate(why, "the writer gave up after an earlier error");
    } catch (const std::bad_alloc&) {
    }
  }
}

// ---- Adding and deleting ----

absl::Status IndexWriter::Impl::CheckChangeable() const {
  if (poison.ok() && pending_commit_) {
    return Error(ErrorCode::kFailedPrecondition,
                 "a commit is prepared; Commit it or Rollback first");
  }
  return poison;
}

absl::Status IndexWriter::Impl::Checked(absl::Status status) {
  if (IsSyncFailure(status) || IsOutcomeUnknown(status)) {
    poison = Annotate(status, "the writer gave up after an earlier error");
  }
  return status;
}

absl::StatusOr<IndexWriter::Impl::KeyPlace> IndexWriter::Impl::FindKey(std::string_view key) const {
  KeyPlace place;
  place.in_memory = memory_->HasKey(key);
  if (!place.in_memory) {
    SEGUE_ASSIGN_OR_RETURN(place.in_segment, segments_.Find(key_field(), key));
  }
  return place;
}

absl::Status IndexWriter::Impl::Add(const Document& document, bool replace) {
  SEGUE_RETURN_IF_ERROR(prepared_.Prepare(*plan_, document, options_.limits));
  bool refused = false;
  return AddPrepared(&prepared_, replace, &refused);
}

absl::Status IndexWriter::Impl::AddPrepared(PreparedDocument* document, bool replace,
                                            bool* refused) {
  const bool keyed = !key_field().empty();
  if (replace && !keyed) {
    return Error(ErrorCode::kFailedPrecondition,
                 "the schema has no key field, so no document can be replaced; "
                 "use Add");
  }
  for (;;) {
    KeyPlace old;
    if (keyed) {
      SEGUE_ASSIGN_OR_RETURN(old, FindKey(document->key()));
      if (old.found() && !replace) {
        *refused = true;
        return Error(ErrorCode::kInvalidArgument,
                     Cat("there is a document with key '", Quoted(document->key()),
                         "' already; use Upsert to replace it"));
      }
    }
    const absl::StatusOr<MemoryIndex::AddResult> result = memory_->Add(document);
    if (!result.ok()) {
      *refused = true;
      return result.status();
    }
    if (*result == MemoryIndex::AddResult::kFull) {
      // Once empty, the memory index either takes the document or refuses it.
      document->ForgetAnalysis();
      SEGUE_RETURN_IF_ERROR(Flush());
      continue;
    }
    if (old.in_segment) segments_.Delete(*old.in_segment);
    ++added_;
    if (old.found()) ++deleted_;
    return absl::OkStatus();
  }
}

absl::StatusOr<bool> IndexWriter::Impl::Delete(std::string_view key) {
  if (key_field().empty()) {
    return Error(ErrorCode::kFailedPrecondition,
                 "the schema has no key field, so no document can be deleted "
                 "by key");
  }
  SEGUE_ASSIGN_OR_RETURN(const KeyPlace place, FindKey(key));
  if (!place.found()) return false;
  if (place.in_memory) {
    memory_->DeleteKey(key);
  } else {
    segments_.Delete(*place.in_segment);
  }
  ++deleted_;
  return true;
}

absl::StatusOr<uint64_t> IndexWriter::Impl::DeleteChosen(const ChooseFn& choose) {
  SEGUE_ASSIGN_OR_RETURN(const IndexView view, View());
  SEGUE_ASSIGN_OR_RETURN(std::vector<Bitset> chosen, choose(view));
  SEGUE_DCHECK_EQ(chosen.size(), view.segments.size());
  uint64_t count = 0;
  for (size_t i = 0; i < view.segments.size(); ++i) {
    if (view.segments[i]->live() != nullptr) chosen[i].And(*view.segments[i]->live());
    count += segments_.Delete(i, chosen[i]);
  }
  deleted_ += count;
  return count;
}

absl::Status IndexWriter::Impl::AddField(std::string_view name, const FieldOptions& options) {
  if (schema_.fields().size() >= options_.limits.fields) {
    return Error(ErrorCode::kResourceExhausted, Cat("the field '", name, "' is not added: at most ",
                                                    options_.limits.fields, " are allowed"));
  }
  Schema schema = schema_;
  SEGUE_RETURN_IF_ERROR(schema.AddField(name, options));
  SEGUE_RETURN_IF_ERROR(schema.Validate());
  std::vector<ManifestField> numbers = field_numbers_;
  numbers.push_back({next_field_id_, std::string(name)});
  SEGUE_ASSIGN_OR_RETURN(std::shared_ptr<const IndexingPlan> plan,
                         IndexingPlan::Make(schema, numbers, options_.analyzers));
  // The buffered documents were laid out by the old plan.
  SEGUE_RETURN_IF_ERROR(Flush());
  schema_ = std::move(schema);
  field_numbers_ = std::move(numbers);
  ++next_field_id_;
  plan_ = std::move(plan);
  streams_.clear();
  NewMemoryIndex();
  return absl::OkStatus();
}

absl::Status IndexWriter::Impl::SetStoredCompression(StoredCompression compression) {
  Schema schema = schema_;
  schema.SetStoredCompression(compression);
  SEGUE_RETURN_IF_ERROR(schema.Validate());
  schema_ = std::move(schema);
  return absl::OkStatus();
}

}  // namespace segue

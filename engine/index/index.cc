// SPDX-License-Identifier: Apache-2.0
//
// Opening snapshots races with a writer that replaces files: the newest manifest may name files
// that are gone a moment later. Such a loss is told from real damage by looking whether a newer
// generation has appeared; if so, it is tried again.
#include "segue/index.h"

#include <mutex>
#include <utility>

#include "engine/base/guard.h"
#include "engine/base/status.h"
#include "engine/base/strings.h"
#include "engine/format/manifest_io.h"
#include "engine/index/backup.h"
#include "engine/index/snapshot.h"
#include "engine/index/writer.h"
#include "engine/write/index_writer.h"
#include "segue/status.h"

namespace segue {
namespace {

// A writer that commits faster than a reader can open files this often is not worth waiting for.
constexpr int kMaxOpenTries = 20;

IndexWriterOptions WriterOptionsOf(const WriterOptions& writer, const IndexOptions& index) {
  IndexWriterOptions options;
  options.memory_bytes = writer.memory_bytes;
  options.lock_wait_ms = writer.lock_wait_ms;
  options.auto_merge = writer.auto_merge;
  options.merge_executor = writer.merge_executor;
  options.threads = writer.threads;
  options.durability = writer.durability;
  options.limits = writer.limits;
  options.read_mode = index.read_mode;
  options.verify = index.verify;
  options.analyzers = index.analyzers;
  return options;
}

}  // namespace

struct Index::Impl {
  std::string path;
  IndexOptions options;
  Env* env = nullptr;

  std::mutex mutex;
  std::weak_ptr<const SnapshotImpl> newest;  // guarded by mutex
};

Index::Index(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
Index::Index(Index&&) noexcept = default;
Index& Index::operator=(Index&&) noexcept = default;
Index::~Index() = default;

const std::string& Index::path() const { return impl_->path; }

absl::StatusOr<Index> Index::Create(std::string_view path, const Schema& schema,
                                    const IndexOptions& options) {
  return Guarded([&]() -> absl::StatusOr<Index> {
    SEGUE_RETURN_IF_ERROR(schema.Validate());
    auto impl = std::make_shared<Impl>();
    impl->path = std::string(path);
    impl->options = options;
    impl->env = options.env != nullptr ? options.env : PosixEnv();
    SEGUE_RETURN_IF_ERROR(IndexWriter::Create(impl->env, impl->path, schema,
                                              WriterOptionsOf(WriterOptions(), options)));
    return Index(std::move(impl));
  });
}

absl::StatusOr<Index> Index::Open(std::string_view path, const IndexOptions& options) {
  return Guarded([&]() -> absl::StatusOr<Index> {
    auto impl = std::make_shared<Impl>();
    impl->path = std::string(path);
    impl->options = options;
    impl->env = options.env != nullptr ? options.env : PosixEnv();
    SEGUE_RETURN_IF_ERROR(ReadNewestManifest(impl->env, impl->path).status());
    return Index(std::move(impl));
  });
}

absl::StatusOr<std::shared_ptr<const Snapshot>> Index::OpenSnapshot() const {
  return Guarded([&]() -> absl::StatusOr<std::shared_ptr<const Snapshot>> {
    absl::Status failure;
    uint64_t failed_generation = 0;
    for (int i = 0; i < kMaxOpenTries; ++i) {
      SEGUE_ASSIGN_OR_RETURN(const Manifest manifest, ReadNewestManifest(impl_->env, impl_->path));
      if (!failure.ok() && manifest.generation == failed_generation) {
        return Error(ErrorCode::kDataLoss, Cat("a file of generation ", failed_generation,
                                               " is missing: ", MessageOf(failure)));
      }
      std::shared_ptr<const SnapshotImpl> before;
      {
        const std::lock_guard<std::mutex> lock(impl_->mutex);
        before = impl_->newest.lock();
      }
      if (before != nullptr && before->generation() == manifest.generation) return before;
      absl::StatusOr<std::shared_ptr<const SnapshotImpl>> snapshot =
          SnapshotImpl::Open(impl_->env, impl_->path, manifest, impl_->options, before.get());
      if (snapshot.ok()) {
        const std::lock_guard<std::mutex> lock(impl_->mutex);
        impl_->newest = *snapshot;
        return snapshot;
      }
      failure = snapshot.status();
      failed_generation = manifest.generation;
      if (CodeOf(failure) != ErrorCode::kNotFound) return failure;
    }
    return failure;
  });
}

absl::StatusOr<uint64_t> Index::Backup(std::string_view path) const {
  return Guarded([&]() -> absl::StatusOr<uint64_t> {
    for (int i = 0;; ++i) {
      SEGUE_ASSIGN_OR_RETURN(const Manifest manifest, ReadNewestManifest(impl_->env, impl_->path));
      const absl::Status status =
          CopyGeneration(impl_->env, impl_->path, manifest, std::string(path));
      if (status.ok()) return manifest.generation;
      // As with snapshots: a writer may have replaced it meanwhile.
      SEGUE_ASSIGN_OR_RETURN(const Manifest newest, ReadNewestManifest(impl_->env, impl_->path));
      if (newest.generation == manifest.generation || i == kMaxOpenTries) return status;
    }
  });
}

absl::StatusOr<std::unique_ptr<Writer>> Index::OpenWriter(const WriterOptions& options) const {
  return Guarded([&]() -> absl::StatusOr<std::unique_ptr<Writer>> {
    SEGUE_RETURN_IF_ERROR(options.query_limits.Validate());
    SEGUE_ASSIGN_OR_RETURN(
        std::unique_ptr<IndexWriter> writer,
        IndexWriter::Open(impl_->env, impl_->path, WriterOptionsOf(options, impl_->options)));
    return std::unique_ptr<Writer>(std::make_unique<WriterImpl>(
        std::move(writer), impl_->options.analyzers, options.query_limits));
  });
}

}  // namespace segue

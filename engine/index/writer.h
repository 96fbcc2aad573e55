// SPDX-License-Identifier: Apache-2.0
//
// WriterImpl: segue::Writer over the index writer; exceptions stop here.
#ifndef SEGUE_INDEX_WRITER_H_
#define SEGUE_INDEX_WRITER_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/bitset.h"
#include "engine/base/guard.h"
#include "engine/base/status.h"
#include "engine/index/snapshot.h"
#include "engine/write/index_writer.h"
#include "segue/index.h"

namespace segue {

class WriterImpl final : public Writer {
 public:
  // `analyzers`: beyond the built-in ones, nullptr: none; outlives the writer.
  WriterImpl(std::unique_ptr<IndexWriter> writer, const AnalyzerRegistry* analyzers,
             const QueryLimits& query_limits)
      : writer_(std::move(writer)), analyzers_(analyzers), query_limits_(query_limits) {}

  absl::Status Add(const Document& document) override {
    return Call([&] { return writer_->Add(document); });
  }
  absl::Status Upsert(const Document& document) override {
    return Call([&] { return writer_->Upsert(document); });
  }
  absl::Status AddBatch(std::span<const Document> documents, bool replace,
                        const std::function<void(size_t, const absl::Status&)>& refused) override {
    return Call([&] { return writer_->AddBatch(documents, replace, refused); });
  }
  absl::StatusOr<bool> Delete(std::string_view key) override {
    return Call([&] { return writer_->Delete(key); });
  }
  absl::StatusOr<uint64_t> DeleteByQuery(const Query& query) override {
    const auto choose = [&](const IndexView& view) -> absl::StatusOr<std::vector<Bitset>> {
      SEGUE_ASSIGN_OR_RETURN(const std::shared_ptr<const SnapshotImpl> snapshot,
                             SnapshotImpl::Over(view, analyzers_));
      return snapshot->MatchSets(query, query_limits_);
    };
    return Call([&] { return writer_->DeleteChosen(choose); });
  }
  absl::StatusOr<uint64_t> AddIndex(const Snapshot& other) override {
    const auto* const snapshot = dynamic_cast<const SnapshotImpl*>(&other);
    if (snapshot == nullptr) {
      return Error(ErrorCode::kInvalidArgument,
                   "only snapshots that segue has opened can be added");
    }
    return Call([&] { return writer_->AddIndex(snapshot->view()); });
  }
  absl::StatusOr<bool> SetValue(std::string_view key, std::string_view field,
                                const std::optional<Value>& value) override {
    return Call([&] { return writer_->SetValue(key, field, value); });
  }
  absl::Status AddField(std::string_view name, const FieldOptions& options) override {
    return Call([&] { return writer_->AddField(name, options); });
  }
  absl::Status SetStoredCompression(StoredCompression compression) override {
    return Call([&] { return writer_->SetStoredCompression(compression); });
  }
  absl::StatusOr<CommitInfo> Commit(const CommitOptions& options) override {
    return Call([&] { return writer_->Commit(options); });
  }
  absl::StatusOr<CommitInfo> Prepare(const CommitOptions& options) override {
    return Call([&] { return writer_->Prepare(options); });
  }
  absl::Status Rollback() override {
    return Call([&] { return writer_->Rollback(); });
  }
  absl::StatusOr<CommitInfo> ForceMerge(uint32_t max_segments,
                                        const ForceMergeOptions& options) override {
    return Call([&] { return writer_->ForceMerge(max_segments, options); });
  }
  absl::Status WaitForMerges() override {
    return Call([&] { return writer_->WaitForMerges(); });
  }
  absl::StatusOr<std::shared_ptr<const Snapshot>> OpenSnapshot() override {
    return Call([&]() -> absl::StatusOr<std::shared_ptr<const Snapshot>> {
      SEGUE_ASSIGN_OR_RETURN(IndexView view, writer_->View());
      return SnapshotImpl::Over(std::move(view), analyzers_);
    });
  }
  uint64_t MemoryBytes() const override { return writer_->MemoryBytes(); }

 private:
  // An exception half way leaves the writer in no known state, so it is poisoned (decision D13).
  template <typename Fn>
  auto Call(Fn&& fn) -> decltype(fn()) {
    bool returned = false;
    auto result = Guarded([&] {
      auto inner = fn();
      returned = true;
      return inner;
    });
    if (!returned) writer_->Poison(StatusOf(result));
    return result;
  }
  static absl::Status StatusOf(const absl::Status& status) { return status; }
  template <typename T>
  static absl::Status StatusOf(const absl::StatusOr<T>& result) {
    return result.status();
  }

  std::unique_ptr<IndexWriter> writer_;
  const AnalyzerRegistry* const analyzers_;
  const QueryLimits query_limits_;
};

}  // namespace segue

#endif  // SEGUE_INDEX_WRITER_H_

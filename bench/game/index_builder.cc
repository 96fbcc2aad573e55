// SPDX-License-Identifier: Apache-2.0
//
// One commit and a forced merge give one segment. For several, each run of documents is a commit of
// its own that fits into memory, so that it is flushed once, and nothing is merged.
#include "bench/game/index_builder.h"

#include <filesystem>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "bench/game/corpus_stream.h"
#include "bench/game/game_schema.h"
#include "engine/base/status.h"
#include "engine/base/strings.h"
#include "engine/write/worker_pool.h"
#include "segue/index.h"

namespace segue::game {
namespace {

// Enough to keep the threads busy, little enough to stay in a cache.
constexpr size_t kBatchDocuments = 512;
// A run of documents that shall become one segment may take this much memory.
constexpr uint64_t kRunMemoryBytes = uint64_t{16} << 30;

absl::Status CheckOptions(const IndexBuilderOptions& options) {
  const auto wrong = [](std::string message) {
    return Error(ErrorCode::kInvalidArgument, std::move(message));
  };
  if (std::filesystem::exists(options.folder)) {
    return wrong(Cat(options.folder, " exists; the index needs a folder of its own"));
  }
  if (options.segments == 0 || (options.segments > 1 && options.documents < options.segments)) {
    return wrong("--segments needs --documents COUNT, and at least one document a segment");
  }
  if (options.delete_percent != 0 && 100 % options.delete_percent != 0) {
    return wrong("--delete takes a divisor of 100");
  }
  return absl::OkStatus();
}

class Builder {
 public:
  explicit Builder(const IndexBuilderOptions& options) : options_(options) {}

  absl::StatusOr<uint64_t> Run() {
    SEGUE_RETURN_IF_ERROR(CheckOptions(options_));
    SEGUE_ASSIGN_OR_RETURN(const Schema schema,
                           GameSchema(options_.delete_percent != 0, options_.numbers));
    SEGUE_ASSIGN_OR_RETURN(const Index index, Index::Create(options_.folder, schema));
    const WriterOptions writing{
        .memory_bytes = options_.segments > 1 ? kRunMemoryBytes : options_.memory_mb << 20,
        .auto_merge = false,
        .threads = options_.threads};
    SEGUE_ASSIGN_OR_RETURN(writer_, index.OpenWriter(writing));
    SEGUE_RETURN_IF_ERROR(AddAll());
    if (options_.segments == 1 || options_.order != DocumentOrder::kAsAdded) {
      const auto segments = static_cast<uint32_t>(options_.segments);
      SEGUE_RETURN_IF_ERROR(writer_->ForceMerge(segments, {.order = options_.order}).status());
    }
    SEGUE_RETURN_IF_ERROR(DeleteSome());
    writer_.reset();
    SEGUE_RETURN_IF_ERROR(CheckSegments(index));
    return corpus_.documents();
  }

 private:
  absl::Status AddAll() {
    for (uint64_t run = 1; run <= options_.segments; ++run) {
      // The last run takes what is left, so that a wrong count is noticed.
      const uint64_t end =
          run == options_.segments ? UINT64_MAX : run * options_.documents / options_.segments;
      SEGUE_RETURN_IF_ERROR(AddUntil(end));
      SEGUE_RETURN_IF_ERROR(writer_->Commit().status());
    }
    if (options_.segments > 1 && corpus_.documents() != options_.documents) {
      return Error(ErrorCode::kInvalidArgument, Cat("--documents says ", options_.documents,
                                                    ", but the corpus has ", corpus_.documents()));
    }
    return absl::OkStatus();
  }

  // With several threads one reads a batch while the one before is added.
  absl::Status AddUntil(uint64_t end) {
    std::unique_ptr<WorkerPool> reader;
    if (options_.threads > 1) reader = std::make_unique<WorkerPool>(1);
    std::vector<Document> current(kBatchDocuments), next(kBatchDocuments);
    absl::StatusOr<size_t> filled = FillBatch(end, current);
    while (filled.ok()) {
      const std::span<const Document> batch = std::span(current).first(*filled);
      if (*filled < kBatchDocuments) return writer_->AddBatch(batch);
      const WaitAtEnd nobody_reads_afterwards(reader.get());
      const auto read = [&](size_t, size_t) { filled = FillBatch(end, next); };
      if (reader != nullptr) reader->Start(1, read);
      SEGUE_RETURN_IF_ERROR(writer_->AddBatch(batch));
      if (reader != nullptr) {
        reader->Wait();
      } else {
        read(0, 0);
      }
      std::swap(current, next);
    }
    return filled.status();
  }

  // Returns how many were left, at most a batch.
  absl::StatusOr<size_t> FillBatch(uint64_t end, std::span<Document> batch) {
    size_t filled = 0;
    for (; filled < batch.size() && corpus_.documents() < end; ++filled) {
      SEGUE_ASSIGN_OR_RETURN(const bool more, corpus_.Next(&document_));
      if (!more) break;
      if (IsToBeDeleted(corpus_.documents() - 1)) to_delete_.push_back(document_.id);
      Fill(document_, &batch[filled]);
      if (options_.numbers) SEGUE_RETURN_IF_ERROR(AddNumber(document_, &batch[filled]));
    }
    return filled;
  }

  bool IsToBeDeleted(uint64_t line) const {
    return options_.delete_percent != 0 && line % (100 / options_.delete_percent) == 0;
  }

  absl::Status DeleteSome() {
    if (to_delete_.empty()) return absl::OkStatus();
    for (const std::string& id : to_delete_) {
      SEGUE_ASSIGN_OR_RETURN(const bool found, writer_->Delete(id));
      if (!found) return Error(ErrorCode::kInternal, Cat("no document ", Quoted(id)));
    }
    return writer_->Commit().status();
  }

  absl::Status CheckSegments(const Index& index) const {
    SEGUE_ASSIGN_OR_RETURN(const auto snapshot, index.OpenSnapshot());
    const size_t segments = snapshot->segments().size();
    if (segments == options_.segments || corpus_.documents() == 0) return absl::OkStatus();
    return Error(ErrorCode::kInternal,
                 Cat("the index has ", segments, " segments instead of ", options_.segments));
  }

  const IndexBuilderOptions& options_;
  CorpusStream corpus_;
  CorpusDocument document_;
  std::vector<std::string> to_delete_;
  std::unique_ptr<Writer> writer_;
};

}  // namespace

absl::StatusOr<uint64_t> BuildIndex(const IndexBuilderOptions& options) {
  return Builder(options).Run();
}

}  // namespace segue::game

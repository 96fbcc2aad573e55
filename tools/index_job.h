// SPDX-License-Identifier: Apache-2.0
//
// From input files to a committed index.
#ifndef SEGUE_TOOLS_INDEX_JOB_H_
#define SEGUE_TOOLS_INDEX_JOB_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "corpus/document_maker.h"
#include "corpus/readers.h"
#include "corpus/schema_inference.h"
#include "segue/index.h"
#include "tools/fresh_folder.h"
#include "tools/order_flag.h"
#include "tools/progress.h"
#include "tools/record_feed.h"

namespace segue {

struct IndexJobOptions {
  std::string path;
  std::vector<std::string> inputs;
  ReaderOptions reading;
  std::optional<Schema> schema;  // empty: the index's own, the format's, or inferred
  std::string key;               // for inference
  std::optional<StoredCompression> compression;  // empty: the schema's, or the index's
  bool append = false;                           // add to an index that is there, replacing by key
  bool strict = false;                           // the first bad record ends it
  uint32_t threads = 1;
  uint64_t memory_bytes = WriterOptions().memory_bytes;
  DocumentLimits limits;
  uint32_t lock_wait_ms = 0;
  uint64_t segments = 0;  // so many at most at the end; 0: as the merge policy leaves them
  ChosenOrder order;      // of the documents in those
  const std::atomic<bool>* cancel = nullptr;
};

struct IndexReport {
  CommitInfo commit;
  uint64_t bad_records = 0;
  uint64_t text_bytes = 0;
  uint64_t index_bytes = 0;
  uint64_t segments = 0;
  double seconds = 0;
  Schema schema;
};

// Bad records are warned about (the first kMaxWarnings of them) and counted. On any error the
// index is as it was before; an index that the job made is gone again.
class IndexJob {
 public:
  static constexpr uint64_t kMaxWarnings = 20;

  explicit IndexJob(IndexJobOptions options);
  absl::StatusOr<IndexReport> Run();

 private:
  enum class Outcome { kDone, kAgain };

  absl::Status OpenInputs();
  absl::Status Sample();
  absl::Status ChooseSchema();
  absl::Status OpenIndex();
  absl::Status OpenWriter();
  absl::Status CheckOrderField() const;
  absl::Status AddMissingFields(const Schema& wanted);
  absl::StatusOr<Outcome> AddAll();
  absl::StatusOr<Outcome> AddOne(FedRecord* fed);
  absl::Status AddFieldsOf(const std::vector<FedRecord>& records);
  absl::Status AddToPending(FedRecord* fed);
  absl::Status WritePending();
  absl::Status CountBad(const absl::Status& why);
  absl::Status StartAgain(const FedRecord& cause);
  void WarnOfDropped() const;
  absl::StatusOr<IndexReport> Finish();
  bool CanReadAgain() const;
  bool Cancelled() const { return options_.cancel != nullptr && *options_.cancel; }

  const IndexJobOptions options_;
  Progress progress_;
  std::unique_ptr<FreshFolder> folder_;  // while the job makes the index
  std::unique_ptr<RecordReader> reader_;
  std::unique_ptr<SchemaInference> inference_;  // null with a given schema
  std::vector<FedRecord> sampled_;
  bool sampled_all_ = false;
  Schema schema_;  // of the writer, as far as documents are made by it
  std::unique_ptr<DocumentMaker> maker_;
  std::unique_ptr<Index> index_;
  std::unique_ptr<Writer> writer_;
  // Documents made but not yet given to the writer, and the records they come from, which live in
  // the current batch.
  std::vector<Document> pending_;
  std::vector<const Record*> pending_records_;  // its size counts the pending documents
  uint64_t bad_records_ = 0;
  uint64_t added_ = 0;
  uint64_t text_bytes_ = 0;
};

}  // namespace segue

#endif  // SEGUE_TOOLS_INDEX_JOB_H_

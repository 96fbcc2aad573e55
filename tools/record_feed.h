// SPDX-License-Identifier: Apache-2.0
//
// Records in batches, read ahead by a thread of their own if there is more than one.
#ifndef SEGUE_TOOLS_RECORD_FEED_H_
#define SEGUE_TOOLS_RECORD_FEED_H_

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "corpus/record.h"
#include "corpus/schema_inference.h"

namespace segue {

// A record, or why there is none.
struct FedRecord {
  Record record;
  absl::Status bad;  // not OK: this input was a bad record
  // With inference: fields that this record is the first to have, and fields that it makes wider.
  std::vector<std::pair<std::string, FieldOptions>> new_fields;
  std::vector<std::string> widened_fields;
};

struct RecordBatch {
  std::vector<FedRecord> records;
  absl::Status final;                        // not OK: the input cannot be read further
  bool last = false;                         // nothing follows
  uint64_t text_bytes = 0, input_bytes = 0;  // read so far
};

class RecordFeed {
 public:
  // `inference` may be null; while the feed runs, nobody else may touch it. With `ahead` a thread
  // reads up to kBatchesAhead batches ahead. `first` is delivered before what `reader` has left.
  RecordFeed(RecordReader* reader, SchemaInference* inference, std::vector<FedRecord> first,
             bool ahead);
  ~RecordFeed();

  RecordBatch Next();

 private:
  static constexpr size_t kBatchesAhead = 4;
  static constexpr size_t kRecordsInBatch = 256;
  static constexpr uint64_t kBatchBytes = uint64_t{1} << 20;

  RecordBatch Read();
  void ReadAhead();

  RecordReader* const reader_;
  SchemaInference* const inference_;
  std::vector<FedRecord> first_;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<RecordBatch> ready_;  // guarded by mutex_
  bool stop_ = false;              // guarded by mutex_
  std::thread thread_;
};

// Reads one record and lets the inference look at it. False at the end; an error is final.
absl::StatusOr<bool> FeedOne(RecordReader* reader, SchemaInference* inference, FedRecord* fed);

}  // namespace segue

#endif  // SEGUE_TOOLS_RECORD_FEED_H_

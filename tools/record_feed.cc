// SPDX-License-Identifier: Apache-2.0
#include "tools/record_feed.h"

namespace segue {

absl::StatusOr<bool> FeedOne(RecordReader* reader, SchemaInference* inference, FedRecord* fed) {
  *fed = FedRecord();
  absl::StatusOr<bool> more = reader->Next(&fed->record);
  if (!more.ok() && IsBadRecord(more.status())) {
    fed->bad = more.status();
    return true;
  }
  if (!more.ok() || !*more || inference == nullptr) return more;
  SchemaInference::Change change = inference->Observe(fed->record);
  for (const std::string& name : change.new_fields) {
    fed->new_fields.emplace_back(name, inference->OptionsOf(name));
  }
  fed->widened_fields = std::move(change.widened_fields);
  return true;
}

RecordFeed::RecordFeed(RecordReader* reader, SchemaInference* inference,
                       std::vector<FedRecord> first, bool ahead)
    : reader_(reader), inference_(inference), first_(std::move(first)) {
  if (ahead) thread_ = std::thread([this] { ReadAhead(); });
}

RecordFeed::~RecordFeed() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

RecordBatch RecordFeed::Read() {
  RecordBatch batch;
  if (!first_.empty()) {
    batch.records = std::move(first_);
    first_.clear();
  }
  const uint64_t begin_bytes = reader_->text_bytes();
  while (batch.records.size() < kRecordsInBatch &&
         reader_->text_bytes() - begin_bytes < kBatchBytes) {
    FedRecord fed;
    absl::StatusOr<bool> more = FeedOne(reader_, inference_, &fed);
    if (!more.ok()) batch.final = more.status();
    batch.last = !more.ok() || !*more;
    if (batch.last) break;
    batch.records.push_back(std::move(fed));
  }
  batch.text_bytes = reader_->text_bytes();
  batch.input_bytes = reader_->input_bytes();
  return batch;
}

void RecordFeed::ReadAhead() {
  bool last = false;
  while (!last) {
    RecordBatch batch = Read();
    last = batch.last;
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return stop_ || ready_.size() < kBatchesAhead; });
    if (stop_) return;
    ready_.push_back(std::move(batch));
    lock.unlock();
    changed_.notify_all();
  }
}

RecordBatch RecordFeed::Next() {
  if (!thread_.joinable()) return Read();
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return !ready_.empty(); });
  RecordBatch batch = std::move(ready_.front());
  ready_.pop_front();
  lock.unlock();
  changed_.notify_all();
  return batch;
}

}  // namespace segue

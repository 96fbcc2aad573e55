// SPDX-License-Identifier: Apache-2.0
//
// With a given schema this is a loop. Without one, the first records are looked at before the
// index is made. When a later record has a new field, the index gets the field; when a record
// needs a wider type, the rest of the input is only looked at, and then all is done again with the
// schema that fits everything. Input that can be read only once has a larger sample and reports
// such records instead.
#include "tools/index_job.h"

#include <sys/stat.h>

#include <span>
#include <utility>

#include "corpus/base_tools.h"
#include "tools/console.h"
#include "tools/index_size.h"

namespace segue {
namespace {

// Enough records to see all fields of well-behaved input.
constexpr size_t kSampleRecords = 2000;
constexpr uint64_t kSampleBytes = uint64_t{8} << 20;
// For input that cannot be read again.
constexpr size_t kOnceSampleRecords = 200'000;
constexpr uint64_t kOnceSampleBytes = uint64_t{64} << 20;

bool HasOrder(FieldType type) {
  return type == FieldType::kInt64 || type == FieldType::kFloat64 ||
         type == FieldType::kTimestamp || type == FieldType::kBool;
}

absl::Status Stopped() { return Error(ErrorCode::kCancelled, "stopped; nothing was committed"); }

}  // namespace

IndexJob::IndexJob(IndexJobOptions options) : options_(std::move(options)) {}

bool IndexJob::CanReadAgain() const {
  for (const std::string& input : options_.inputs) {
    struct stat info;
    if (input == "-") return false;
    if (::stat(input.c_str(), &info) == 0 && !S_ISREG(info.st_mode) && !S_ISDIR(info.st_mode)) {
      return false;
    }
  }
  return true;
}

absl::Status IndexJob::OpenInputs() {
  SEGUE_ASSIGN_OR_RETURN(reader_, OpenRecords(options_.inputs, options_.reading));
  return absl::OkStatus();
}

absl::Status IndexJob::CountBad(const absl::Status& why) {
  if (options_.strict) return why;
  ++bad_records_;
  progress_.Clear();
  if (bad_records_ <= kMaxWarnings) Warn(MessageOf(why));
  if (bad_records_ == kMaxWarnings) Warn("further bad records are only counted");
  return absl::OkStatus();
}

absl::Status IndexJob::Sample() {
  const bool again = CanReadAgain();
  const size_t most_records = again ? kSampleRecords : kOnceSampleRecords;
  const uint64_t most_bytes = again ? kSampleBytes : kOnceSampleBytes;
  while (sampled_.size() < most_records && reader_->text_bytes() < most_bytes && !Cancelled()) {
    FedRecord fed;
    SEGUE_ASSIGN_OR_RETURN(bool more, FeedOne(reader_.get(), inference_.get(), &fed));
    sampled_all_ = !more;
    if (sampled_all_) break;
    // What the sample shows is in the schema from the start.
    fed.new_fields.clear();
    fed.widened_fields.clear();
    sampled_.push_back(std::move(fed));
  }
  return absl::OkStatus();
}

// Sets schema_ for an index to be made.
absl::Status IndexJob::ChooseSchema() {
  if (options_.schema) {
    schema_ = *options_.schema;
    return absl::OkStatus();
  }
  // The first record shows the format, where that was not told.
  inference_ = std::make_unique<SchemaInference>(options_.key);
  SEGUE_RETURN_IF_ERROR(Sample());
  const std::optional<Format> format = reader_->format();
  std::optional<Schema> known = format ? SchemaOfFormat(*format) : std::nullopt;
  if (known && options_.key.empty()) {
    schema_ = *std::move(known);
    inference_.reset();
    return absl::OkStatus();
  }
  absl::StatusOr<Schema> inferred = inference_->ToSchema();
  if (!inferred.ok()) {
    for (const FedRecord& fed : sampled_) {
      if (!fed.bad.ok()) return fed.bad;  // says more than "no record"
    }
    return inferred.status();
  }
  schema_ = *std::move(inferred);
  return absl::OkStatus();
}

absl::Status IndexJob::AddMissingFields(const Schema& wanted) {
  for (const Field& field : wanted.fields()) {
    const Field* present = schema_.Find(field.name);
    if (present == nullptr) {
      SEGUE_RETURN_IF_ERROR(writer_->AddField(field.name, field.options));
      SEGUE_RETURN_IF_ERROR(schema_.AddField(field.name, field.options));
    } else if (!(present->options == field.options)) {
      return Error(ErrorCode::kInvalidArgument, Cat("the index has the field ", Quoted(field.name),
                                                    " with other options than the schema given"));
    }
  }
  return absl::OkStatus();
}

// What the merge at the end would refuse is refused at the start. A field that the schema does not
// have may still come where the schema is inferred.
absl::Status IndexJob::CheckOrderField() const {
  const std::string& name = options_.order.field;
  const Field* const field = name.empty() ? nullptr : schema_.Find(name);
  if (name.empty() || (field == nullptr && inference_ != nullptr)) return absl::OkStatus();
  if (field != nullptr && field->options.indexed && HasOrder(field->options.type)) {
    return absl::OkStatus();
  }
  return Error(ErrorCode::kInvalidArgument,
               Cat("--order wants a field of numbers, timestamps or booleans; ", Quoted(name),
                   field == nullptr ? " is no field of the schema" : " is none"));
}

absl::Status IndexJob::OpenWriter() {
  WriterOptions options;
  options.memory_bytes = options_.memory_bytes;
  options.lock_wait_ms = options_.lock_wait_ms;
  options.threads = options_.threads;
  options.limits = options_.limits;
  SEGUE_ASSIGN_OR_RETURN(writer_, index_->OpenWriter(options));
  return absl::OkStatus();
}

absl::Status IndexJob::OpenIndex() {
  absl::StatusOr<Index> index = Error(ErrorCode::kNotFound, "");
  if (options_.append) index = Index::Open(options_.path);
  const bool make = CodeOf(index.status()) == ErrorCode::kNotFound;
  if (make) {
    SEGUE_RETURN_IF_ERROR(ChooseSchema());
    if (options_.compression) schema_.SetStoredCompression(*options_.compression);
    folder_ = std::make_unique<FreshFolder>(options_.path);
    index = Index::Create(options_.path, schema_);
    if (CodeOf(index.status()) == ErrorCode::kFailedPrecondition) {
      return Error(ErrorCode::kInvalidArgument,
                   Cat(MessageOf(index.status()), "; --append adds to it"));
    }
  }
  if (!index.ok()) return index.status();
  index_ = std::make_unique<Index>(*std::move(index));
  SEGUE_RETURN_IF_ERROR(OpenWriter());
  if (!make) {
    SEGUE_ASSIGN_OR_RETURN(std::shared_ptr<const Snapshot> snapshot, index_->OpenSnapshot());
    schema_ = snapshot->schema();
    if (!options_.key.empty() && options_.key != schema_.key()) {
      return Error(ErrorCode::kInvalidArgument,
                   Cat("the key of this index is ",
                       schema_.key().empty() ? "nothing" : Quoted(schema_.key()), ", not ",
                       Quoted(options_.key)));
    }
    if (options_.schema) SEGUE_RETURN_IF_ERROR(AddMissingFields(*options_.schema));
    if (options_.compression) {
      SEGUE_RETURN_IF_ERROR(writer_->SetStoredCompression(*options_.compression));
      schema_.SetStoredCompression(*options_.compression);
    }
  }
  maker_ = std::make_unique<DocumentMaker>(schema_);
  return CheckOrderField();
}

// Of a whole batch at once: each time the documents in memory become a segment.
absl::Status IndexJob::AddFieldsOf(const std::vector<FedRecord>& records) {
  bool any = false;
  for (const FedRecord& fed : records) {
    for (const auto& [name, field_options] : fed.new_fields) {
      if (schema_.Find(name) != nullptr) continue;
      const absl::Status added = writer_->AddField(name, field_options);
      if (!added.ok()) return Annotate(added, fed.record.Where());
      SEGUE_RETURN_IF_ERROR(schema_.AddField(name, field_options));
      any = true;
    }
  }
  if (any) maker_ = std::make_unique<DocumentMaker>(schema_, maker_->dropped());
  return absl::OkStatus();
}

absl::Status IndexJob::AddToPending(FedRecord* fed) {
  const size_t count = pending_records_.size();
  if (count == pending_.size()) pending_.emplace_back();
  const absl::Status status = maker_->Make(&fed->record, &pending_[count]);
  if (!status.ok()) return CountBad(status);
  pending_records_.push_back(&fed->record);
  return status;
}

absl::Status IndexJob::WritePending() {
  const size_t count = pending_records_.size();
  if (count == 0) return absl::OkStatus();
  absl::Status strict;
  uint64_t refused = 0;
  const absl::Status status = writer_->AddBatch(
      std::span<const Document>(pending_.data(), count),
      /*replace=*/options_.append && !schema_.key().empty(),
      [&](size_t index, const absl::Status& why) {
        ++refused;
        const absl::Status counted = CountBad(Annotate(why, pending_records_[index]->Where()));
        if (strict.ok()) strict = counted;
      });
  pending_records_.clear();
  added_ += count - refused;
  if (!strict.ok()) return strict;
  return status;
}

absl::StatusOr<IndexJob::Outcome> IndexJob::AddOne(FedRecord* fed) {
  if (!fed->bad.ok()) {
    SEGUE_RETURN_IF_ERROR(CountBad(fed->bad));
    return Outcome::kDone;
  }
  if (!fed->widened_fields.empty() && folder_ != nullptr && CanReadAgain()) return Outcome::kAgain;
  SEGUE_RETURN_IF_ERROR(AddToPending(fed));
  return Outcome::kDone;
}

absl::StatusOr<IndexJob::Outcome> IndexJob::AddAll() {
  FedRecord cause;
  bool again = false;
  {
    RecordFeed feed(reader_.get(), inference_.get(), std::move(sampled_), options_.threads > 1);
    sampled_.clear();
    ProgressState state;
    state.input_bytes_total = reader_->input_bytes_total();
    for (bool last = false; !last;) {
      if (Cancelled()) return Stopped();
      RecordBatch batch = feed.Next();
      last = batch.last;
      if (!again) SEGUE_RETURN_IF_ERROR(AddFieldsOf(batch.records));
      for (FedRecord& fed : batch.records) {
        if (again) continue;  // the feed's inference still looks at the rest
        SEGUE_ASSIGN_OR_RETURN(Outcome outcome, AddOne(&fed));
        again = outcome == Outcome::kAgain;
        if (again) cause = std::move(fed);
      }
      if (again) {
        pending_records_.clear();
      } else {
        SEGUE_RETURN_IF_ERROR(WritePending());
      }
      SEGUE_RETURN_IF_ERROR(batch.final);
      text_bytes_ = batch.text_bytes;
      state.documents = added_;
      state.text_bytes = batch.text_bytes;
      state.input_bytes = batch.input_bytes;
      progress_.Update(state);
    }
  }
  if (!again) return Outcome::kDone;
  SEGUE_RETURN_IF_ERROR(StartAgain(cause));
  return Outcome::kAgain;
}

absl::Status IndexJob::StartAgain(const FedRecord& cause) {
  progress_.Clear();
  Warn(Cat(cause.record.Where(), ": the field ", Quoted(cause.widened_fields[0]),
           " needs a wider type than the records before showed; starting again"));
  writer_.reset();
  index_.reset();
  maker_.reset();
  folder_->Wipe();
  bad_records_ = 0;
  added_ = 0;
  SEGUE_RETURN_IF_ERROR(OpenInputs());
  SEGUE_ASSIGN_OR_RETURN(schema_, inference_->ToSchema());
  if (options_.compression) schema_.SetStoredCompression(*options_.compression);
  inference_.reset();  // it has seen everything
  absl::StatusOr<Index> index = Index::Create(options_.path, schema_);
  if (!index.ok()) return index.status();
  index_ = std::make_unique<Index>(*std::move(index));
  SEGUE_RETURN_IF_ERROR(OpenWriter());
  maker_ = std::make_unique<DocumentMaker>(schema_);
  return absl::OkStatus();
}

void IndexJob::WarnOfDropped() const {
  const auto left_out = [](uint64_t values) {
    return Cat(Grouped(values), values == 1 ? " value was left out" : " values were left out");
  };
  const DroppedValues& dropped = maker_->dropped();
  for (const auto& [name, values] : dropped.by_name) {
    Warn(Cat("the schema has no field ", Quoted(name), ": ", left_out(values)));
  }
  if (dropped.of_others > 0) {
    Warn(Cat("nor some other fields of the input: ", left_out(dropped.of_others)));
  }
}

absl::StatusOr<IndexReport> IndexJob::Finish() {
  if (added_ == 0 && bad_records_ > 0) {
    return Error(ErrorCode::kInvalidArgument,
                 Cat("none of the ", bad_records_, " records could be used"));
  }
  progress_.Phase("committing");
  IndexReport report;
  SEGUE_ASSIGN_OR_RETURN(report.commit, writer_->Commit());
  if (options_.segments > 0) {
    progress_.Phase("merging");
    const CommitInfo first = report.commit;
    const ForceMergeOptions merge{
        .order = options_.order.order,
        .order_field = options_.order.field,
        .progress = [this](uint64_t done, uint64_t all) { progress_.Part("merging", done, all); }};
    SEGUE_ASSIGN_OR_RETURN(report.commit,
                           writer_->ForceMerge(static_cast<uint32_t>(options_.segments), merge));
    report.commit.added = first.added;
    report.commit.deleted = first.deleted;
    report.commit.truncated_tokens = first.truncated_tokens;
  }
  if (folder_ != nullptr) folder_->Keep();
  progress_.Clear();
  report.seconds = progress_.Seconds();
  report.bad_records = bad_records_;
  report.text_bytes = text_bytes_;
  report.schema = schema_;
  SEGUE_ASSIGN_OR_RETURN(std::shared_ptr<const Snapshot> snapshot, index_->OpenSnapshot());
  const IndexSize size = SizeOf(*snapshot);
  report.index_bytes = size.bytes;
  report.segments = size.segments;
  WarnOfDropped();
  return report;
}

absl::StatusOr<IndexReport> IndexJob::Run() {
  SEGUE_RETURN_IF_ERROR(OpenInputs());
  SEGUE_RETURN_IF_ERROR(OpenIndex());
  while (true) {
    absl::StatusOr<Outcome> outcome = AddAll();
    if (outcome.ok() && *outcome == Outcome::kAgain) continue;
    progress_.Clear();
    if (!outcome.ok()) {
      writer_.reset();  // forgets everything
      index_.reset();
      return outcome.status();
    }
    return Finish();
  }
}

}  // namespace segue

// SPDX-License-Identifier: Apache-2.0
//
// PreparedDocument: a document sorted by the fields that it feeds, and found
// fit to be indexed. Everything that can be wrong with a document is found
// here, before anything of it is kept.
#ifndef SEGUE_WRITE_PREPARED_DOCUMENT_H_
#define SEGUE_WRITE_PREPARED_DOCUMENT_H_

#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "engine/format/stored_format.h"
#include "engine/write/indexing_plan.h"
#include "segue/analysis.h"
#include "segue/document.h"
#include "segue/limits.h"

namespace segue {

// A value of a field of numbers, timestamps or booleans in a column's ordered form.
// kInvalidArgument, naming the field: of another type, or NaN.
absl::StatusOr<int64_t> OrderedValue(const PlannedField& field, const Value& value);

// An analysis stream of its own for each field of a plan that has had a text; one thread at a time.
class AnalysisStreams {
 public:
  // `plan` must outlive the streams.
  explicit AnalysisStreams(const IndexingPlan& plan);
  // nullptr: the field has no analyzer.
  AnalysisStream* stream(size_t field);

 private:
  std::span<const PlannedField> fields_;
  std::vector<std::unique_ptr<AnalysisStream>> streams_;
};

// What a memory field asks of the tokens of a batch before it takes the first one.
struct BatchExtremes {
  explicit BatchExtremes(const TokenBatch& batch);

  uint32_t longest_term = 0;  // in bytes
  uint32_t greatest_increment = 0;
};

// Reused for document after document. Not thread-safe.
class PreparedDocument {
 public:
  // One value of a field, in the field's own type.
  struct FieldInput {
    std::string_view text;                          // text, keyword, bytes
    int64_t number = 0;                             // the others, in a column's ordered form
    const GeoPoint* point = nullptr;                // geo_point: as it was given
    const std::vector<PreToken>* tokens = nullptr;  // given with the document
    // Set by Analyse: batches [first_batch, first_batch + batch_count).
    bool analysed = false;
    size_t first_batch = 0;
    size_t batch_count = 0;
  };

  // Views point into `document` and into this object, and hold until the next
  // Prepare. Errors (kInvalidArgument; kResourceExhausted over a limit) name
  // the field.
  absl::Status Prepare(const IndexingPlan& plan, const Document& document,
                       const DocumentLimits& limits = {});

  // Analyses the texts ahead of time, so that MemoryField::Add need not; for a
  // document in another thread than the memory index. Long texts are left to
  // Add: their tokens would take too much memory. Prepare must have succeeded.
  absl::Status Analyse(AnalysisStreams* streams);
  // Leaves it to Add after all, as when Add has changed the batches and must do
  // its work a second time.
  void ForgetAnalysis();
  struct AnalysedBatch {
    TokenBatch tokens;
    BatchExtremes extremes{tokens};
  };
  // What Analyse made; a memory field may change it.
  std::span<AnalysedBatch> batches(const FieldInput& input) {
    return std::span(batches_).subspan(input.first_batch, input.batch_count);
  }

  // The fields with values, ascending: indexes into the plan's fields(). Of thousands of fields a
  // document has few.
  std::span<const uint32_t> fields() const { return fields_; }
  // The values of the plan's fields()[field], in order.
  std::span<const FieldInput> inputs(size_t field) const { return inputs_[field]; }
  // Empty without a key field.
  std::string_view key() const { return key_; }
  // As EncodeStoredDocument wrote it; empty if the plan stores nothing.
  const std::string& stored() const { return stored_; }
  // Bytes of text that will be analysed or kept.
  size_t text_bytes() const { return text_bytes_; }

 private:
  struct Gathered {
    uint32_t order;
    const FieldValue* value;
  };

  void Clear(size_t field_count);
  void Gather(const IndexingPlan& plan, const Document& document);
  absl::Status PrepareField(const PlannedField& field, std::span<const Gathered> values,
                            const DocumentLimits& limits, std::vector<FieldInput>* inputs);
  absl::Status Convert(const PlannedField& field, const FieldValue& value, FieldInput* input);
  absl::Status CheckInput(const PlannedField& field, const FieldInput& input);
  std::string_view AsText(const Value& value);
  std::string_view Keep(std::string text);
  absl::Status EncodeStored(const IndexingPlan& plan);

  std::vector<uint32_t> fields_;                 // whose gathered_ is not empty
  std::vector<std::vector<Gathered>> gathered_;  // by field
  std::vector<std::vector<FieldInput>> inputs_;  // by field
  std::deque<std::string> kept_;                 // texts made here; slots are reused
  size_t kept_count_ = 0;
  std::string_view key_;
  std::string stored_;
  std::vector<StoredField> stored_fields_;
  size_t text_bytes_ = 0;
  std::vector<AnalysedBatch> batches_;  // of Analyse; slots are reused
  size_t batch_count_ = 0;
};

}  // namespace segue

#endif  // SEGUE_WRITE_PREPARED_DOCUMENT_H_

// SPDX-License-Identifier: Apache-2.0
//
// Values are gathered by field first, in the order of the field's sources, then
// turned into the field's type: texts of several sources are joined, numbers in
// a text source become their decimal text.
#include "engine/write/prepared_document.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/base/limits.h"
#include "engine/base/status.h"
#include "engine/base/strings.h"
#include "engine/format/column_format.h"
#include "engine/format/geo_code.h"
#include "engine/schema/value.h"

namespace segue {
namespace {

std::string_view KindOf(const Value& value) {
  switch (value.index()) {
    case 0:
      return "text";
    case 1:
      return "an integer";
    case 2:
      return "a floating-point number";
    case 3:
      return "a boolean";
    default:
      return "a point";
  }
}

absl::Status WrongType(const PlannedField& field, const Value& value) {
  return Error(ErrorCode::kInvalidArgument,
               Cat("field '", field.name, "' is of type ", FieldTypeName(field.options.type),
                   " and was given ", KindOf(value)));
}

absl::Status TooLarge(const PlannedField& field, size_t bytes, size_t limit) {
  return Error(ErrorCode::kResourceExhausted, Cat("field '", field.name, "' has ", bytes,
                                                  " bytes in this document; the limit is ", limit));
}

// Longer texts are not analysed ahead: their tokens take 30 bytes each or so.
constexpr size_t kMaxBytesAhead = size_t{64} << 10;
// Batches (16 KB each or so) that are kept for the next document.
constexpr size_t kMaxKeptBatches = 4;

}  // namespace

AnalysisStreams::AnalysisStreams(const IndexingPlan& plan)
    : fields_(plan.fields()), streams_(plan.fields().size()) {}

AnalysisStream* AnalysisStreams::stream(size_t field) {
  std::unique_ptr<AnalysisStream>& stream = streams_[field];
  if (stream == nullptr && fields_[field].analyzer != nullptr) {
    stream = fields_[field].analyzer->NewStream();
  }
  return stream.get();
}

BatchExtremes::BatchExtremes(const TokenBatch& batch) {
  const std::span<const Token> tokens(batch.tokens(), batch.size());
  for (const Token& token : tokens) {
    longest_term = std::max(longest_term, token.term_bytes);
    greatest_increment = std::max(greatest_increment, token.position_increment);
  }
}

absl::Status PreparedDocument::Analyse(AnalysisStreams* streams) {
  batch_count_ = 0;
  if (batches_.size() > kMaxKeptBatches) {
    batches_.erase(batches_.begin() + kMaxKeptBatches, batches_.end());
  }
  for (const uint32_t field : fields_) {
    AnalysisStream* const stream = streams->stream(field);
    if (stream == nullptr) continue;
    for (FieldInput& input : inputs_[field]) {
      if (input.tokens != nullptr || input.text.size() > kMaxBytesAhead) {
        continue;
      }
      input.analysed = true;
      input.first_batch = batch_count_;
      SEGUE_RETURN_IF_ERROR(stream->Start(input.text));
      while (TokenBatch* const tokens = stream->Next()) {
        if (batch_count_ == batches_.size()) batches_.emplace_back();
        AnalysedBatch& batch = batches_[batch_count_++];
        batch.extremes = BatchExtremes(*tokens);
        std::swap(*tokens, batch.tokens);
      }
      input.batch_count = batch_count_ - input.first_batch;
    }
  }
  return absl::OkStatus();
}

void PreparedDocument::ForgetAnalysis() {
  for (const uint32_t field : fields_) {
    for (FieldInput& input : inputs_[field]) input.analysed = false;
  }
}

std::string_view PreparedDocument::Keep(std::string text) {
  if (kept_count_ == kept_.size()) kept_.emplace_back();
  std::string& slot = kept_[kept_count_++];
  slot = std::move(text);
  return slot;
}

absl::StatusOr<int64_t> OrderedValue(const PlannedField& field, const Value& value) {
  const int64_t* const integer = std::get_if<int64_t>(&value);
  if (field.options.type == FieldType::kBool) {
    const bool* const truth = std::get_if<bool>(&value);
    if (truth == nullptr) return WrongType(field, value);
    return *truth ? 1 : 0;
  }
  if (field.options.type != FieldType::kFloat64) {
    if (integer == nullptr) return WrongType(field, value);
    return *integer;
  }
  const double* const given = std::get_if<double>(&value);
  if (integer == nullptr && given == nullptr) return WrongType(field, value);
  const double number = integer != nullptr ? static_cast<double>(*integer) : *given;
  if (std::isnan(number)) {
    return Error(ErrorCode::kInvalidArgument, Cat("field '", field.name, "' was given NaN"));
  }
  return OrderedFromDouble(number);
}

std::string_view PreparedDocument::AsText(const Value& value) {
  switch (value.index()) {
    case 0:
      return std::get<std::string>(value);
    case 1:
      return Keep(Cat(std::get<int64_t>(value)));
    case 2:
      return Keep(Cat(std::get<double>(value)));
    case 3:
      return std::get<bool>(value) ? "true" : "false";
    default:
      return Keep(TextOfValue(value));
  }
}

absl::Status PreparedDocument::Convert(const PlannedField& field, const FieldValue& value,
                                       FieldInput* input) {
  const bool copied = !field.options.from.empty();
  switch (field.options.type) {
    case FieldType::kText:
      if (value.value.index() != 0 && !copied) {
        return WrongType(field, value.value);
      }
      input->text = AsText(value.value);
      if (!value.tokens.empty()) input->tokens = &value.tokens;
      return absl::OkStatus();
    case FieldType::kKeyword:
      // An integer is a common key; its decimal text is its only spelling.
      if (value.value.index() > 1 && !copied) {
        return WrongType(field, value.value);
      }
      input->text = AsText(value.value);
      return absl::OkStatus();
    case FieldType::kBytes:
      if (value.value.index() != 0) return WrongType(field, value.value);
      input->text = std::get<std::string>(value.value);
      return absl::OkStatus();
    case FieldType::kGeoPoint:
      input->point = std::get_if<GeoPoint>(&value.value);
      if (input->point == nullptr) return WrongType(field, value.value);
      if (!input->point->IsValid()) {
        return Error(ErrorCode::kInvalidArgument,
                     Cat("field '", field.name, "' was given ", TextOfValue(value.value),
                         ", which is no point: latitudes are from -90 to 90, longitudes from -180 "
                         "to 180"));
      }
      input->number = GeoCodeOf(*input->point);
      return absl::OkStatus();
    default: {
      SEGUE_ASSIGN_OR_RETURN(input->number, OrderedValue(field, value.value));
      return absl::OkStatus();
    }
  }
}

absl::Status PreparedDocument::CheckInput(const PlannedField& field, const FieldInput& input) {
  if (field.options.type == FieldType::kKeyword && field.has_terms &&
      input.text.size() > kMaxTermBytes) {
    return TooLarge(field, input.text.size(), kMaxTermBytes);
  }
  if (input.tokens == nullptr) return absl::OkStatus();
  for (const PreToken& token : *input.tokens) {
    if (token.term.size() > kMaxTermBytes) {
      return TooLarge(field, token.term.size(), kMaxTermBytes);
    }
    if (token.start_byte > token.end_byte || token.end_byte > input.text.size()) {
      return Error(
          ErrorCode::kInvalidArgument,
          Cat("field '", field.name, "': the token '", Quoted(token.term), "' covers bytes ",
              token.start_byte, " to ", token.end_byte, " of a value of ", input.text.size()));
    }
  }
  return absl::OkStatus();
}

absl::Status PreparedDocument::PrepareField(const PlannedField& field,
                                            std::span<const Gathered> values,
                                            const DocumentLimits& limits,
                                            std::vector<FieldInput>* inputs) {
  size_t bytes = 0;
  bool any_tokens = false;
  for (const Gathered& gathered : values) {
    FieldInput input;
    SEGUE_RETURN_IF_ERROR(Convert(field, *gathered.value, &input));
    SEGUE_RETURN_IF_ERROR(CheckInput(field, input));
    bytes += input.text.size();
    if (input.tokens != nullptr) {
      any_tokens = true;
      for (const PreToken& token : *input.tokens) bytes += token.term.size();
    }
    inputs->push_back(input);
  }
  if (!field.options.from.empty() && inputs->size() > 1 && !any_tokens &&
      IsStringType(field.options.type)) {
    std::string joined;
    joined.reserve(bytes + inputs->size() * field.options.join.size());
    for (const FieldInput& input : *inputs) {
      if (&input != inputs->data()) joined += field.options.join;
      joined += input.text;
    }
    bytes = joined.size();
    inputs->assign(1, FieldInput{});
    inputs->front().text = Keep(std::move(joined));
    SEGUE_RETURN_IF_ERROR(CheckInput(field, inputs->front()));
  }
  if (inputs->size() > 1 && !field.options.multi) {
    return Error(ErrorCode::kInvalidArgument,
                 Cat("field '", field.name, "' was given ", inputs->size(),
                     " values; only a field with \"multi\" may have several"));
  }
  if (field.has_column && inputs->size() > kMaxColumnValuesPerDoc) {
    return Error(ErrorCode::kResourceExhausted,
                 Cat("field '", field.name, "' was given ", inputs->size(),
                     " values; the limit is ", kMaxColumnValuesPerDoc));
  }
  if (bytes > limits.field_bytes) return TooLarge(field, bytes, limits.field_bytes);
  text_bytes_ += bytes;
  return absl::OkStatus();
}

absl::Status PreparedDocument::EncodeStored(const IndexingPlan& plan) {
  stored_fields_.clear();
  for (const uint32_t i : fields_) {
    const PlannedField& field = plan.fields()[i];
    // An updatable field is shown from its column.
    if (!field.options.stored || field.options.updatable) continue;
    for (const FieldInput& input : inputs_[i]) {
      Value value = std::string(input.text);
      if (input.point != nullptr) {
        value = *input.point;
      } else if (IsColumnType(field.options.type)) {
        value = ValueOfOrdered(field.options.type, input.number);
      }
      stored_fields_.push_back({field.id, field.options.type, std::move(value)});
    }
  }
  return EncodeStoredDocument(stored_fields_, &stored_);
}

// Forgets the document before, which may have been of another plan.
void PreparedDocument::Clear(size_t field_count) {
  for (const uint32_t field : fields_) {
    gathered_[field].clear();
    inputs_[field].clear();
  }
  fields_.clear();
  gathered_.resize(field_count);
  inputs_.resize(field_count);
  kept_count_ = 0;
  text_bytes_ = 0;
  key_ = {};
  stored_.clear();
}

void PreparedDocument::Gather(const IndexingPlan& plan, const Document& document) {
  for (const FieldValue& value : document.values()) {
    for (const FieldFeed& feed : plan.FeedsOf(value.field)) {
      std::vector<Gathered>& values = gathered_[feed.field];
      if (values.empty()) fields_.push_back(feed.field);
      values.push_back({feed.order, &value});
    }
  }
  std::sort(fields_.begin(), fields_.end());
}

absl::Status PreparedDocument::Prepare(const IndexingPlan& plan, const Document& document,
                                       const DocumentLimits& limits) {
  Clear(plan.fields().size());
  Gather(plan, document);
  for (const uint32_t i : fields_) {
    std::vector<Gathered>& values = gathered_[i];
    const PlannedField& field = plan.fields()[i];
    if (!field.options.from.empty()) {
      std::stable_sort(values.begin(), values.end(),
                       [](const Gathered& a, const Gathered& b) { return a.order < b.order; });
    }
    SEGUE_RETURN_IF_ERROR(PrepareField(field, values, limits, &inputs_[i]));
  }
  if (text_bytes_ > limits.document_bytes) {
    return Error(ErrorCode::kResourceExhausted,
                 Cat("the document has ", text_bytes_, " bytes of text; the limit is ",
                     limits.document_bytes));
  }
  if (plan.key_field() >= 0) {
    const auto& inputs = inputs_[static_cast<size_t>(plan.key_field())];
    if (inputs.empty() || inputs.front().text.empty()) {
      return Error(ErrorCode::kInvalidArgument,
                   Cat("the document has no '", plan.fields()[plan.key_field()].name,
                       "', which is the key field"));
    }
    key_ = inputs.front().text;
  }
  if (plan.stores_anything()) return EncodeStored(plan);
  return absl::OkStatus();
}

}  // namespace segue

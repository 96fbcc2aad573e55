// SPDX-License-Identifier: Apache-2.0
#include "engine/query/planned_field.h"

#include <algorithm>
#include <cmath>

#include "engine/base/status.h"
#include "engine/base/strings.h"

namespace segue {

FieldStatistics CollectFieldStatistics(Segments segments, std::string_view field) {
  FieldStatistics sum;
  for (const std::shared_ptr<const Segment>& segment : segments) {
    if (const SegmentField* in_segment = segment->field(field); in_segment != nullptr) {
      sum.doc_count += in_segment->statistics().doc_count;
      sum.sum_total_freq += in_segment->statistics().sum_total_freq;
    }
  }
  return sum;
}

void RaiseTo(const TermStatistics& term, TermStatistics* greatest) {
  greatest->doc_freq = std::max(greatest->doc_freq, term.doc_freq);
  greatest->total_freq = std::max(greatest->total_freq, term.total_freq);
}

void Blend(const TermStatistics& term, TermStatistics* blended) {
  blended->doc_freq = std::max(blended->doc_freq, term.doc_freq);
  blended->total_freq += term.total_freq;
}

bool HasParameters(const SearchOptions& options) {
  return options.similarity.has_value() || options.k1.has_value() || options.b.has_value() ||
         options.delta.has_value() || options.mu.has_value();
}

absl::Status CheckParameters(const SearchOptions& options) {
  if (options.similarity.has_value() && SimilarityName(*options.similarity).empty()) {
    return Error(ErrorCode::kInvalidArgument,
                 Cat("no similarity has the number ", static_cast<int>(*options.similarity)));
  }
  if (options.k1.has_value() && !(std::isfinite(*options.k1) && *options.k1 >= 0)) {
    return Error(ErrorCode::kInvalidArgument,
                 Cat("k1 is ", static_cast<double>(*options.k1), "; it must be 0 or more"));
  }
  if (options.b.has_value() && !(*options.b >= 0 && *options.b <= 1)) {
    return Error(ErrorCode::kInvalidArgument,
                 Cat("b is ", static_cast<double>(*options.b), "; it must be from 0 to 1"));
  }
  if (options.delta.has_value() && !(std::isfinite(*options.delta) && *options.delta >= 0)) {
    return Error(ErrorCode::kInvalidArgument,
                 Cat("delta is ", static_cast<double>(*options.delta), "; it must be 0 or more"));
  }
  if (options.mu.has_value() && !(std::isfinite(*options.mu) && *options.mu > 0)) {
    return Error(ErrorCode::kInvalidArgument,
                 Cat("mu is ", static_cast<double>(*options.mu), "; it must be above 0"));
  }
  return absl::OkStatus();
}

SimilarityParameters ParametersOf(const Schema& schema, std::string_view field,
                                  const SearchOptions& options) {
  static const FieldOptions usual;
  const Field* const known = schema.Find(field);
  const FieldOptions& of_field = known != nullptr ? known->options : usual;
  return {.similarity = options.similarity.value_or(of_field.similarity),
          .bm25 = {.k1 = options.k1.value_or(of_field.k1), .b = options.b.value_or(of_field.b)},
          .delta = options.delta.value_or(of_field.delta),
          .mu = options.mu.value_or(of_field.mu)};
}

QueriedField::QueriedField(Segments segments, std::string_view field_name,
                           const FieldStatistics& collection,
                           const SimilarityParameters& parameters)
    : name(field_name),
      statistics(collection),
      norms(parameters.bm25, AverageLength(collection)),
      similarity(NewFieldSimilarity(parameters, collection, &norms)) {
  in_segments.reserve(segments.size());
  for (const std::shared_ptr<const Segment>& segment : segments) {
    in_segments.push_back(segment->field(field_name));
  }
}

PlannedFields::PlannedFields(Segments segments, const Schema& schema) {
  for (const Field& field : schema.fields()) {
    fields_.push_back(std::make_unique<const QueriedField>(
        segments, field.name, CollectFieldStatistics(segments, field.name),
        ParametersOf(schema, field.name)));
  }
}

const QueriedField* PlannedFields::Find(std::string_view name) const {
  for (const std::unique_ptr<const QueriedField>& field : fields_) {
    if (field->name == name) return field.get();
  }
  return nullptr;
}

}  // namespace segue

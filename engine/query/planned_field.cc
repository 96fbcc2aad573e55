// SPDX-License-Identifier: Apache-2.0
#include "engine/query/planned_field.h"

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

Bm25Parameters ParametersOf(const Schema& schema, std::string_view field) {
  const Field* known = schema.Find(field);
  if (known == nullptr) return {};
  return {.k1 = known->options.k1, .b = known->options.b};
}

QueriedField::QueriedField(Segments segments, std::string_view field_name,
                           const FieldStatistics& collection, const Bm25Parameters& parameters)
    : name(field_name), statistics(collection), norms(parameters, AverageLength(collection)) {
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

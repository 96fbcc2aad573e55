// SPDX-License-Identifier: Apache-2.0
#include "engine/write/indexing_plan.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "engine/base/status.h"
#include "engine/base/strings.h"
#include "engine/format/value_type.h"

namespace segue {
namespace {

// A writer of thousands of fields makes a plan for each that is added.
using NumbersByName = std::unordered_map<std::string_view, FieldId>;

absl::StatusOr<FieldId> NumberOf(const NumbersByName& numbers, std::string_view name) {
  const auto found = numbers.find(name);
  if (found != numbers.end()) return found->second;
  return Error(ErrorCode::kDataLoss,
               Cat("manifest: the schema's field '", name, "' has no number"));
}

}  // namespace

SegmentFieldSpec PlannedField::Spec() const {
  SegmentFieldSpec spec;
  spec.id = id;
  spec.name = name;
  spec.type = options.type;
  spec.freqs = has_freqs;
  spec.positions = has_positions;
  spec.stored = options.stored;
  spec.multi = options.multi;
  spec.analyzer_fingerprint = analyzer == nullptr ? 0 : analyzer->Fingerprint();
  spec.k1 = options.k1;
  spec.b = options.b;
  return spec;
}

absl::StatusOr<std::shared_ptr<const IndexingPlan>> IndexingPlan::Make(
    const Schema& schema, std::span<const ManifestField> numbers,
    const AnalyzerRegistry* registry) {
  AnalyzerRegistry parts = registry == nullptr ? AnalyzerRegistry::BuiltIn() : *registry;
  for (const auto& [name, definition] : schema.analyzers()) {
    SEGUE_RETURN_IF_ERROR(parts.RegisterAnalyzer(name, definition));
  }
  NumbersByName by_name;
  for (const ManifestField& field : numbers) by_name.emplace(field.name, field.id);
  auto plan = std::make_shared<IndexingPlan>();
  for (const Field& field : schema.fields()) {
    PlannedField planned;
    SEGUE_ASSIGN_OR_RETURN(planned.id, NumberOf(by_name, field.name));
    planned.name = field.name;
    planned.options = field.options;
    planned.is_key = field.name == schema.key();
    const FieldType type = field.options.type;
    planned.has_terms =
        planned.is_key ||
        (field.options.indexed && (type == FieldType::kText || type == FieldType::kKeyword));
    planned.has_freqs = planned.has_terms && type == FieldType::kText;
    planned.has_positions = planned.has_freqs && field.options.positions;
    planned.has_column = field.options.indexed && IsColumnType(type);
    if (planned.has_freqs) {
      absl::StatusOr<std::shared_ptr<const Analyzer>> analyzer = parts.Get(field.options.analyzer);
      if (!analyzer.ok()) {
        return Annotate(analyzer.status(), Cat("field '", field.name, "'"));
      }
      planned.analyzer = *std::move(analyzer);
    }
    plan->stores_anything_ |= field.options.stored && !field.options.updatable;
    plan->fields_.push_back(std::move(planned));
  }
  std::sort(plan->fields_.begin(), plan->fields_.end(),
            [](const PlannedField& a, const PlannedField& b) { return a.id < b.id; });
  for (uint32_t i = 0; i < plan->fields_.size(); ++i) {
    const PlannedField& field = plan->fields_[i];
    if (field.is_key) plan->key_field_ = static_cast<int>(i);
    if (field.options.from.empty()) {
      plan->feeds_[field.name].push_back({i, 0});
    }
    for (uint32_t order = 0; order < field.options.from.size(); ++order) {
      plan->feeds_[field.options.from[order]].push_back({i, order});
    }
  }
  return std::shared_ptr<const IndexingPlan>(std::move(plan));
}

std::span<const FieldFeed> IndexingPlan::FeedsOf(std::string_view name) const {
  const auto found = feeds_.find(name);
  if (found == feeds_.end()) return {};
  return found->second;
}

}  // namespace segue

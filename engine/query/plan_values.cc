// SPDX-License-Identifier: Apache-2.0
//
// Numbers, points, and keywords that are equal to one of some.
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "engine/exec/geo_area.h"
#include "engine/exec/wanted_values.h"
#include "engine/format/column_format.h"
#include "engine/format/value_ranges.h"
#include "engine/query/plan_maker.h"

namespace segue {
namespace {

// What a value of an equality is in a column of the field's type.
std::optional<int64_t> OrderedValue(const Value& value) {
  if (const auto* number = std::get_if<int64_t>(&value)) return *number;
  if (const auto* number = std::get_if<double>(&value)) return OrderedFromDouble(*number);
  if (const auto* truth = std::get_if<bool>(&value)) return *truth ? 1 : 0;
  return std::nullopt;
}

}  // namespace

absl::Status PlanMaker::FillEquals(const Query& query, float boost, Node* node) {
  if (const auto* text = std::get_if<std::string>(&query.value())) {
    return FillTerm(query.field(), *text, boost, kNotLocated, node);
  }
  const std::optional<int64_t> value = OrderedValue(query.value());
  if (!value.has_value()) return FillNone("a value that no number equals", node);
  return FillValues(query, {.sure = ValueRanges(*value, *value)}, boost, node);
}

// A leaf whose matches score the same.
absl::Status PlanMaker::FillConstantLeaf(Node::Kind kind, const Query& query, float boost,
                                         Node* node) {
  node->kind = kind;
  node->field = FieldOf(query.field());
  if (plan_options_.explains) node->name = query.ToString();
  node->score = boost;
  return absl::OkStatus();
}

absl::Status PlanMaker::FillValues(const Query& query, exec::WantedValues wanted, float boost,
                                   Node* node) {
  node->wanted = std::make_shared<const exec::WantedValues>(std::move(wanted));
  return FillConstantLeaf(Node::Kind::kValues, query, boost, node);
}

absl::Status PlanMaker::FillRange(const Query& query, float boost, Node* node) {
  const ValueBounds& bounds = query.value_bounds();
  int64_t low = INT64_MIN, high = INT64_MAX;
  bool is_empty = false;
  if (bounds.from.has_value()) {
    low = OrderedValue(*bounds.from).value_or(INT64_MAX);
    is_empty |= !bounds.include_from && low == INT64_MAX;
    low += !bounds.include_from && !is_empty ? 1 : 0;
  }
  if (bounds.to.has_value()) {
    high = OrderedValue(*bounds.to).value_or(INT64_MIN);
    is_empty |= !bounds.include_to && high == INT64_MIN;
    high -= !bounds.include_to && !is_empty ? 1 : 0;
  }
  if (is_empty) return FillNone("a range without a value", node);
  return FillValues(query, {.sure = ValueRanges(low, high)}, boost, node);
}

absl::Status PlanMaker::FillArea(const Query& query, float boost, Node* node) {
  const exec::GeoArea area = query.kind() == QueryKind::kGeoBox ? exec::GeoArea(query.geo_bounds())
                                                                : exec::GeoArea(query.geo_circle());
  return FillValues(query, exec::WantedValues::In(area), boost, node);
}

absl::Status PlanMaker::FillIn(const Query& query, float boost, Node* node) {
  std::vector<int64_t> numbers;
  numbers.reserve(query.values().size());
  for (const Value& value : query.values()) {
    if (std::holds_alternative<std::string>(value)) continue;
    numbers.push_back(*OrderedValue(value));
  }
  if (!numbers.empty()) {
    return FillValues(query, {.sure = ValueRanges::Of(std::move(numbers))}, boost, node);
  }
  node->keywords = &query.values();
  return FillConstantLeaf(Node::Kind::kSet, query, boost, node);
}

}  // namespace segue

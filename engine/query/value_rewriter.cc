// SPDX-License-Identifier: Apache-2.0
//
// Between 1959.5 and 1961.5 lie the integers from 1960 to 1961; from 2^53 + 1 up lie the doubles
// above 2^53. So a bound that its field cannot hold moves to the next value that it can hold on the
// inner side, and nothing is rounded away.
#include "engine/query/value_rewriter.h"

#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "engine/base/status.h"
#include "engine/schema/value.h"

namespace segue {
namespace {

struct Bound {
  std::optional<Value> value = std::nullopt;  // none: all values of the type
  bool include = true;
  bool is_beyond = false;  // no value of the type
};

// The integers on one side of a number. `is_lower`: from it up.
Bound IntegerBound(double number, bool include, bool is_lower) {
  const double inner = is_lower ? std::ceil(number) : std::floor(number);
  // 2^63 itself does not fit, the double just below does.
  if (inner < -0x1p63) return {.is_beyond = !is_lower};
  if (inner >= 0x1p63) return {.is_beyond = is_lower};
  return {.value = Value(static_cast<int64_t>(inner)), .include = include || inner != number};
}

// The doubles on one side of an integer.
Bound DoubleBound(int64_t number, bool include, bool is_lower) {
  const auto nearest = static_cast<double>(number);
  const bool is_above = nearest >= 0x1p63 || static_cast<int64_t>(nearest) > number;
  const bool is_below = !is_above && static_cast<int64_t>(nearest) < number;
  if (is_above || is_below) include = is_lower == is_above;
  return {.value = Value(nearest), .include = include};
}

// A number in a text that is too large for an int64, or has a fraction.
std::optional<double> NumberIn(const Value& value) {
  if (const auto* number = std::get_if<double>(&value)) return *number;
  const auto* text = std::get_if<std::string>(&value);
  if (text == nullptr) return std::nullopt;
  const absl::StatusOr<Value> number = ValueOfText(*text, FieldType::kFloat64);
  return number.ok() ? std::optional(std::get<double>(*number)) : std::nullopt;
}

absl::StatusOr<Bound> BoundOfType(const Value& value, bool include, bool is_lower, FieldType type) {
  const bool is_integer = type == FieldType::kInt64 || type == FieldType::kTimestamp;
  if (const auto* number = std::get_if<int64_t>(&value);
      number != nullptr && type == FieldType::kFloat64) {
    return DoubleBound(*number, include, is_lower);
  }
  absl::StatusOr<Value> held = ValueAsAsked(value, type);
  if (held.ok()) return Bound{.value = *std::move(held), .include = include};
  const std::optional<double> number = is_integer ? NumberIn(value) : std::nullopt;
  if (number.has_value()) return IntegerBound(*number, include, is_lower);
  return held.status();
}

}  // namespace

absl::StatusOr<Value> ValueAsAsked(const Value& value, FieldType type) {
  const auto* text = std::get_if<std::string>(&value);
  return text != nullptr ? ValueOfText(*text, type) : ConvertValue(value, type);
}

absl::StatusOr<ValueBounds> BoundsOfType(const ValueBounds& bounds, FieldType type) {
  Bound from, to;
  if (bounds.from.has_value()) {
    SEGUE_ASSIGN_OR_RETURN(from, BoundOfType(*bounds.from, bounds.include_from, true, type));
  }
  if (bounds.to.has_value()) {
    SEGUE_ASSIGN_OR_RETURN(to, BoundOfType(*bounds.to, bounds.include_to, false, type));
  }
  if (from.is_beyond || to.is_beyond) {
    const std::optional<Value> any = from.value.has_value() ? from.value : to.value;
    const Value nothing = any.value_or(Value(int64_t{0}));
    return ValueBounds{.from = nothing, .to = nothing, .include_from = false, .include_to = false};
  }
  return ValueBounds{.from = std::move(from.value),
                     .to = std::move(to.value),
                     .include_from = from.include,
                     .include_to = to.include};
}

}  // namespace segue

// SPDX-License-Identifier: Apache-2.0
//
// Values of a field's type, from JSON and from text; shared by documents (JSON,
// CSV) and queries (`year:1959`).
//
// What a type takes, beyond its own values:
//   text, keyword   numbers and truth values, as their shortest text
//   int64           doubles without a fraction that fit
//   float64         integers
//   timestamp       RFC 3339 text, integers (microseconds)
//   bytes           base64 text
//   geo_point       "48.1,11.6", latitude and longitude; in JSON {"lat":48.1,"lon":11.6}, too
#ifndef SEGUE_SCHEMA_VALUE_H_
#define SEGUE_SCHEMA_VALUE_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "engine/base/json.h"
#include "segue/document.h"
#include "segue/schema.h"

namespace segue {

// A JSON string, number, truth value or, for a point, object as a value of this type. Errors
// (kInvalidArgument) say what was found and what the type takes.
absl::StatusOr<Value> ValueOfJson(const JsonValue& json, FieldType type);

// A JSON scalar as the value that it is; arrays and objects as their JSON text.
// REQUIRES: not null.
Value NaturalValue(const JsonValue& json);

// Text as a user writes a value of this type: 42, 2.5, true, 2024-02-29,
// microseconds; base64 for bytes. Numbers must be the whole text.
absl::StatusOr<Value> ValueOfText(std::string_view text, FieldType type);

// A value given in code, or to another field, as a value of this type. Strings
// are not read as numbers or base64 (only as RFC 3339 for times and as points), bytes are kept.
absl::StatusOr<Value> ConvertValue(const Value& value, FieldType type);

// The shortest text that reads back as the value.
std::string TextOfValue(const Value& value);

// Writes a value in the form that ValueOfJson reads.
void WriteValue(const Value& value, FieldType type, JsonWriter* json);
void WriteNaturalValue(const Value& value, JsonWriter* json);

}  // namespace segue

#endif  // SEGUE_SCHEMA_VALUE_H_

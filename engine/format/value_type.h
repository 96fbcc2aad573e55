// SPDX-License-Identifier: Apache-2.0
//
// The type of a stored value or of a column: the field types of the schema. Their numbers are
// written to files, so they never change.
#ifndef SEGUE_FORMAT_VALUE_TYPE_H_
#define SEGUE_FORMAT_VALUE_TYPE_H_

#include "segue/document.h"
#include "segue/schema.h"

namespace segue {

using ValueType = FieldType;

// Whether a number read from a file is a type at all.
inline bool IsValueType(uint8_t number) { return number >= 1 && number <= 8; }

// Whether values of the type are kept as std::string (text, keyword, bytes).
inline bool IsStringType(ValueType type) {
  return type == ValueType::kText || type == ValueType::kKeyword || type == ValueType::kBytes;
}

// Whether the type can have a column (int64, float64, bool, timestamp, geo_point).
inline bool IsColumnType(ValueType type) {
  return type == ValueType::kInt64 || type == ValueType::kFloat64 || type == ValueType::kBool ||
         type == ValueType::kTimestamp || type == ValueType::kGeoPoint;
}

}  // namespace segue

#endif  // SEGUE_FORMAT_VALUE_TYPE_H_

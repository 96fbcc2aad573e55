// SPDX-License-Identifier: Apache-2.0
//
// Rewriting of values that are asked for to those that a field of numbers, times or truth values
// holds.
#ifndef SEGUE_QUERY_VALUE_REWRITER_H_
#define SEGUE_QUERY_VALUE_REWRITER_H_

#include "absl/status/statusor.h"
#include "segue/document.h"
#include "segue/query.h"
#include "segue/schema.h"

namespace segue {

// A value, or the text of one, as one of the field's type. Errors: kInvalidArgument that says what
// the type takes.
absl::StatusOr<Value> ValueAsAsked(const Value& value, FieldType type);

// The same values of the field's type that the bounds mean, with bounds of that type: a number that
// the type does not have gives way to its neighbour, or to none if all of the type lie on one side.
// Without any value of the type between them, both are the same and left out.
// REQUIRES: a type that has a column. Errors: as above.
absl::StatusOr<ValueBounds> BoundsOfType(const ValueBounds& bounds, FieldType type);

}  // namespace segue

#endif  // SEGUE_QUERY_VALUE_REWRITER_H_

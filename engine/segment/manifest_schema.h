// SPDX-License-Identifier: Apache-2.0
//
// The schema of an index, as its manifest has it.
#ifndef SEGUE_SEGMENT_MANIFEST_SCHEMA_H_
#define SEGUE_SEGMENT_MANIFEST_SCHEMA_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "engine/format/manifest.h"
#include "segue/schema.h"

namespace segue {

// What a writer has put there can be read: anything else is kDataLoss, where a
// user's own schema would be kInvalidArgument.
absl::StatusOr<Schema> SchemaOf(const Manifest& manifest);

// The bits of the `refuse` word that readers have to know for the schema's sake.
uint64_t RefuseFeaturesOf(const Schema& schema);

// Sets the schema and those bits.
void SetSchema(const Schema& schema, Manifest* manifest);

}  // namespace segue

#endif  // SEGUE_SEGMENT_MANIFEST_SCHEMA_H_

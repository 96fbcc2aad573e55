// SPDX-License-Identifier: Apache-2.0
//
// The schema of an index, as its manifest has it.
#ifndef SEGUE_SEGMENT_MANIFEST_SCHEMA_H_
#define SEGUE_SEGMENT_MANIFEST_SCHEMA_H_

#include "absl/status/statusor.h"
#include "engine/format/manifest.h"
#include "segue/schema.h"

namespace segue {

// What a writer has put there can be read: anything else is kDataLoss, where a
// user's own schema would be kInvalidArgument.
absl::StatusOr<Schema> SchemaOf(const Manifest& manifest);

}  // namespace segue

#endif  // SEGUE_SEGMENT_MANIFEST_SCHEMA_H_

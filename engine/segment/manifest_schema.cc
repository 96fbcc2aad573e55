// SPDX-License-Identifier: Apache-2.0
#include "engine/segment/manifest_schema.h"

#include <algorithm>

#include "engine/base/status.h"
#include "engine/base/strings.h"
#include "engine/format/file_name.h"

namespace segue {

absl::StatusOr<Schema> SchemaOf(const Manifest& manifest) {
  absl::StatusOr<Schema> schema = Schema::FromJson(manifest.schema_json);
  if (CodeOf(schema.status()) != ErrorCode::kInvalidArgument) return schema;
  return Error(ErrorCode::kDataLoss,
               Cat(ManifestFileName(manifest.generation), ": ", MessageOf(schema.status())));
}

uint64_t RefuseFeaturesOf(const Schema& schema) {
  const bool updatable = std::any_of(schema.fields().begin(), schema.fields().end(),
                                     [](const Field& field) { return field.options.updatable; });
  return (schema.stored_compression() == StoredCompression::kZstd ? kZstdFeature : 0) |
         (updatable ? kUpdatableFeature : 0);
}

void SetSchema(const Schema& schema, Manifest* manifest) {
  manifest->schema_json = schema.ToJson();
  manifest->features.refuse = RefuseFeaturesOf(schema);
}

}  // namespace segue

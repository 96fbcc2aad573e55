// SPDX-License-Identifier: Apache-2.0
//
// IndexingPlan: a schema made ready for indexing: numbered fields, analyzers
// found, and for each name that a document may use, the fields that it feeds.
//
// Immutable once made; any number of threads.
#ifndef SEGUE_WRITE_INDEXING_PLAN_H_
#define SEGUE_WRITE_INDEXING_PLAN_H_

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "engine/base/types.h"
#include "engine/format/manifest.h"
#include "engine/segment/segment_builder.h"
#include "segue/analysis.h"
#include "segue/schema.h"

namespace segue {

struct PlannedField {
  FieldId id = 0;
  std::string name;
  FieldOptions options;
  std::shared_ptr<const Analyzer> analyzer;  // text fields only
  bool is_key = false;

  // The field has terms: indexed text and keywords, and the key in any case.
  bool has_terms = false;
  bool has_freqs = false;
  bool has_positions = false;
  bool has_column = false;

  SegmentFieldSpec Spec() const;
};

// "The values of this name are number `order` of the sources of that field."
struct FieldFeed {
  uint32_t field = 0;  // index into fields()
  uint32_t order = 0;
};

class IndexingPlan {
 public:
  // `numbers`: the manifest's field numbers; every field of the schema has one.
  // `registry` may be nullptr: the built-in parts. Errors: kInvalidArgument for
  // an analyzer that cannot be made.
  static absl::StatusOr<std::shared_ptr<const IndexingPlan>> Make(
      const Schema& schema, std::span<const ManifestField> numbers,
      const AnalyzerRegistry* registry);

  // By ascending id.
  std::span<const PlannedField> fields() const { return fields_; }
  // Index into fields(), or -1.
  int key_field() const { return key_field_; }
  bool stores_anything() const { return stores_anything_; }
  // What a document's values of that name feed; empty if nothing.
  std::span<const FieldFeed> FeedsOf(std::string_view name) const;

 private:
  struct NameHash {
    using is_transparent = void;
    size_t operator()(std::string_view name) const { return std::hash<std::string_view>()(name); }
  };

  std::vector<PlannedField> fields_;
  int key_field_ = -1;
  bool stores_anything_ = false;
  std::unordered_map<std::string, std::vector<FieldFeed>, NameHash, std::equal_to<>> feeds_;
};

}  // namespace segue

#endif  // SEGUE_WRITE_INDEXING_PLAN_H_

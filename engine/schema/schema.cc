// SPDX-License-Identifier: Apache-2.0
//
// A schema grows field by field, and each step checks what it can see: the
// options of one field when it is added, names that must exist when they are
// named. Validate() looks at the whole once more, for schemas that were read
// from a file or put together in another order.
#include "segue/schema.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "engine/base/json.h"
#include "engine/base/limits.h"
#include "engine/base/nearest_name.h"
#include "engine/base/status.h"
#include "engine/base/strings.h"
#include "engine/base/utf8.h"
#include "engine/schema/json_object.h"

namespace segue {

namespace {

absl::Status Invalid(std::string message) {
  return Error(ErrorCode::kInvalidArgument, std::move(message));
}

absl::Status CheckName(std::string_view name) {
  if (name.empty()) return Invalid("a field needs a name");
  if (name.size() > kMaxFieldNameBytes) {
    return Invalid(
        Cat("the field name ", Quoted(name, 32), " is longer than ", kMaxFieldNameBytes, " bytes"));
  }
  if (!IsValidUtf8(name)) {
    return Invalid(Cat("the field name ", Quoted(name), " is not UTF-8"));
  }
  for (char c : name) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      return Invalid(Cat("the field name ", Quoted(name), " has a control character"));
    }
  }
  return absl::OkStatus();
}

bool HasTerms(FieldType type) { return type == FieldType::kText || type == FieldType::kKeyword; }

absl::Status CheckScoring(std::string_view where, const FieldOptions& options) {
  if (!std::isfinite(options.k1) || options.k1 < 0) {
    return Invalid(Cat(where, ": k1 must be 0 or more, not ", options.k1));
  }
  if (!(options.b >= 0 && options.b <= 1)) {
    return Invalid(Cat(where, ": b must be in 0..1, not ", options.b));
  }
  if (!std::isfinite(options.boost) || options.boost <= 0) {
    return Invalid(Cat(where, ": boost must be above 0, not ", options.boost));
  }
  return absl::OkStatus();
}

absl::Status CheckSimilarity(std::string_view where, const FieldOptions& options) {
  const FieldOptions defaults;
  const std::string_view name = SimilarityName(options.similarity);
  if (name.empty()) {
    return Invalid(
        Cat(where, ": unknown similarity number ", static_cast<int>(options.similarity)));
  }
  if (!HasTerms(options.type) && options.similarity != defaults.similarity) {
    return Invalid(Cat(where, ": only text and keyword fields have a similarity; this is a ",
                       FieldTypeName(options.type), " field"));
  }
  if (!std::isfinite(options.delta) || options.delta < 0) {
    return Invalid(Cat(where, ": delta must be 0 or more, not ", options.delta));
  }
  if (!std::isfinite(options.mu) || options.mu <= 0) {
    return Invalid(Cat(where, ": mu must be above 0, not ", options.mu));
  }
  if (options.delta != defaults.delta && options.similarity != Similarity::kBm25Plus) {
    return Invalid(Cat(where, ": delta is of bm25plus; the similarity is ", name));
  }
  if (options.mu != defaults.mu && options.similarity != Similarity::kLmDirichlet) {
    return Invalid(Cat(where, ": mu is of lm_dirichlet; the similarity is ", name));
  }
  return absl::OkStatus();
}

absl::Status CheckSources(std::string_view where, const FieldOptions& options) {
  std::set<std::string_view> seen;
  for (const std::string& source : options.from) {
    if (source.empty()) {
      return Invalid(Cat(where, ": \"from\" has an empty name"));
    }
    if (!seen.insert(source).second) {
      return Invalid(Cat(where, ": \"from\" names ", Quoted(source), " twice"));
    }
  }
  if (options.from.size() > 1 && !HasTerms(options.type)) {
    return Invalid(Cat(where, ": a ", FieldTypeName(options.type),
                       " field can be filled from one field only"));
  }
  return absl::OkStatus();
}

bool IsScalar(FieldType type) {
  return type == FieldType::kInt64 || type == FieldType::kFloat64 || type == FieldType::kBool ||
         type == FieldType::kTimestamp;
}

absl::Status CheckUpdatable(std::string_view where, const FieldOptions& options) {
  if (!options.updatable) return absl::OkStatus();
  if (!IsScalar(options.type)) {
    return Invalid(Cat(where, ": only numbers, timestamps and booleans are updatable; this is a ",
                       FieldTypeName(options.type), " field"));
  }
  if (options.multi)
    return Invalid(Cat(where, ": an updatable field has one value; drop \"multi\""));
  if (!options.indexed) return Invalid(Cat(where, ": an updatable field must be indexed"));
  return absl::OkStatus();
}

absl::Status CheckOptions(std::string_view name, const FieldOptions& options) {
  std::string where = Cat("field ", Quoted(name));
  if (FieldTypeName(options.type).empty()) {
    return Invalid(Cat(where, ": unknown type number ", static_cast<int>(options.type)));
  }
  if (options.type == FieldType::kText) {
    if (options.analyzer.empty()) {
      return Invalid(Cat(where, ": the analyzer has no name"));
    }
  } else if (options.analyzer != FieldOptions().analyzer || !options.search_analyzer.empty()) {
    return Invalid(Cat(where, ": only text fields have an analyzer; this is a ",
                       FieldTypeName(options.type), " field"));
  }
  SEGUE_RETURN_IF_ERROR(CheckScoring(where, options));
  SEGUE_RETURN_IF_ERROR(CheckSimilarity(where, options));
  SEGUE_RETURN_IF_ERROR(CheckUpdatable(where, options));
  return CheckSources(where, options);
}

std::vector<std::string_view> NamesOf(const std::vector<Field>& fields) {
  std::vector<std::string_view> names;
  for (const Field& field : fields) names.push_back(field.name);
  return names;
}

absl::Status UnknownField(std::string_view use, std::string_view name,
                          const std::vector<Field>& fields) {
  std::string nearest = NearestName(name, NamesOf(fields));
  return Invalid(
      Cat(use, " names the unknown field ", Quoted(name),
          nearest.empty() ? std::string() : Cat("; did you mean ", Quoted(nearest), "?")));
}

absl::Status CheckKey(const Field& field) {
  const FieldOptions& options = field.options;
  if (options.type != FieldType::kKeyword || options.multi) {
    return Invalid(
        Cat("the key field ", Quoted(field.name), " must be a keyword field with one value"));
  }
  if (!options.indexed) {
    return Invalid(Cat("the key field ", Quoted(field.name), " must be indexed"));
  }
  return absl::OkStatus();
}

absl::Status CheckDefault(const Field& field) {
  if (HasTerms(field.options.type) && field.options.indexed) {
    return absl::OkStatus();
  }
  return Invalid(
      Cat("the default field ", Quoted(field.name), " must be an indexed text or keyword field"));
}

}  // namespace

std::string_view FieldTypeName(FieldType type) {
  switch (type) {
    case FieldType::kText:
      return "text";
    case FieldType::kKeyword:
      return "keyword";
    case FieldType::kInt64:
      return "int64";
    case FieldType::kFloat64:
      return "float64";
    case FieldType::kBool:
      return "bool";
    case FieldType::kTimestamp:
      return "timestamp";
    case FieldType::kBytes:
      return "bytes";
    case FieldType::kGeoPoint:
      return "geo_point";
  }
  return {};
}

std::string_view StoredCompressionName(StoredCompression compression) {
  switch (compression) {
    case StoredCompression::kSnappy:
      return "snappy";
    case StoredCompression::kZstd:
      return "zstd";
  }
  return {};
}

absl::StatusOr<StoredCompression> ParseStoredCompression(std::string_view name) {
  std::vector<std::string_view> names;
  for (const auto compression : {StoredCompression::kSnappy, StoredCompression::kZstd}) {
    names.push_back(StoredCompressionName(compression));
    if (names.back() == name) return compression;
  }
  return Invalid(Cat("unknown compression ", Quoted(name), "; did you mean \"",
                     NearestName(name, names), "\"?"));
}

std::string_view SimilarityName(Similarity similarity) {
  switch (similarity) {
    case Similarity::kBm25:
      return "bm25";
    case Similarity::kBm25Plus:
      return "bm25plus";
    case Similarity::kTfIdf:
      return "tfidf";
    case Similarity::kLmDirichlet:
      return "lm_dirichlet";
    case Similarity::kDph:
      return "dph";
    case Similarity::kBoolean:
      return "boolean";
  }
  return {};
}

absl::Status Schema::AddField(std::string_view name, FieldOptions options) {
  SEGUE_RETURN_IF_ERROR(CheckName(name));
  SEGUE_RETURN_IF_ERROR(CheckOptions(name, options));
  if (Find(name) != nullptr) {
    return Invalid(Cat("the field ", Quoted(name), " exists already"));
  }
  if (fields_.size() >= kMaxFields) {
    return Error(ErrorCode::kResourceExhausted,
                 Cat("a schema has at most ", kMaxFields, " fields"));
  }
  fields_.push_back({std::string(name), std::move(options)});
  return absl::OkStatus();
}

absl::Status Schema::SetKey(std::string_view field) {
  const Field* found = Find(field);
  if (found == nullptr) return UnknownField("the key", field, fields_);
  SEGUE_RETURN_IF_ERROR(CheckKey(*found));
  key_ = found->name;
  return absl::OkStatus();
}

absl::Status Schema::SetDefaultFields(std::vector<std::string> fields) {
  std::set<std::string_view> seen;
  for (const std::string& name : fields) {
    const Field* found = Find(name);
    if (found == nullptr) return UnknownField("\"default\"", name, fields_);
    SEGUE_RETURN_IF_ERROR(CheckDefault(*found));
    if (!seen.insert(name).second) {
      return Invalid(Cat("\"default\" names ", Quoted(name), " twice"));
    }
  }
  default_fields_ = std::move(fields);
  return absl::OkStatus();
}

absl::Status Schema::AddAnalyzer(std::string_view name, std::string_view definition_json) {
  if (name.empty()) return Invalid("an analyzer needs a name");
  std::string where = Cat("analyzer ", Quoted(name));
  for (const auto& [other, definition] : analyzers_) {
    if (other == name) return Invalid(Cat(where, " is declared twice"));
  }
  if (!IsValidUtf8(name)) return Invalid(Cat(where, ": the name is not UTF-8"));
  absl::StatusOr<JsonValue> definition = ParseJson(definition_json);
  if (!definition.ok()) return Annotate(definition.status(), where);
  SEGUE_RETURN_IF_ERROR(CheckObject(*definition, where, {"char_filters", "tokenizer", "filters"}));
  if (definition->Find("tokenizer") == nullptr) {
    return Invalid(Cat(where, ": needs a \"tokenizer\""));
  }
  analyzers_.emplace_back(std::string(name), segue::ToJson(*definition));
  return absl::OkStatus();
}

const Field* Schema::Find(std::string_view name) const {
  for (const Field& field : fields_) {
    if (field.name == name) return &field;
  }
  return nullptr;
}

std::vector<std::string> Schema::EffectiveDefaultFields() const {
  if (!default_fields_.empty()) return default_fields_;
  std::vector<std::string> names;
  for (const Field& field : fields_) {
    if (field.options.type == FieldType::kText && field.options.indexed) {
      names.push_back(field.name);
    }
  }
  return names;
}

absl::Status Schema::Validate() const {
  if (StoredCompressionName(stored_compression_).empty()) {
    return Invalid(Cat("unknown compression number ", static_cast<int>(stored_compression_)));
  }
  for (const Field& field : fields_) {
    SEGUE_RETURN_IF_ERROR(CheckName(field.name));
    SEGUE_RETURN_IF_ERROR(CheckOptions(field.name, field.options));
  }
  for (const Field& field : fields_) {
    if (field.options.updatable && key_.empty()) {
      return Invalid(Cat("the field ", Quoted(field.name),
                         " is updatable, which needs a \"key\" to tell documents by"));
    }
  }
  if (!key_.empty()) {
    const Field* key = Find(key_);
    if (key == nullptr) return UnknownField("the key", key_, fields_);
    SEGUE_RETURN_IF_ERROR(CheckKey(*key));
  }
  for (const std::string& name : default_fields_) {
    const Field* found = Find(name);
    if (found == nullptr) return UnknownField("\"default\"", name, fields_);
    SEGUE_RETURN_IF_ERROR(CheckDefault(*found));
  }
  return absl::OkStatus();
}

}  // namespace segue

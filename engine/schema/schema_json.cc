// SPDX-License-Identifier: Apache-2.0
//
// The schema's JSON form (decision D26). Reading goes through the same calls as
// building a schema in code, so both meet the same checks; here is only what
// JSON adds: types of members, unknown and repeated ones.
#include <set>
#include <span>

#include "engine/base/json.h"
#include "engine/base/limits.h"
#include "engine/base/nearest_name.h"
#include "engine/base/status.h"
#include "engine/base/strings.h"
#include "engine/schema/json_object.h"
#include "segue/schema.h"

namespace segue {

namespace {

constexpr FieldType kFieldTypes[] = {
    FieldType::kText, FieldType::kKeyword,   FieldType::kInt64, FieldType::kFloat64,
    FieldType::kBool, FieldType::kTimestamp, FieldType::kBytes, FieldType::kGeoPoint};

constexpr Similarity kSimilarities[] = {Similarity::kBm25,  Similarity::kBm25Plus,
                                        Similarity::kTfIdf, Similarity::kLmDirichlet,
                                        Similarity::kDph,   Similarity::kBoolean};

// Reads one of `values` by its name, or leaves *value if there is none.
template <typename T>
absl::Status ReadNamed(const JsonValue& json, const std::string& where, const char* member,
                       std::span<const T> values, std::string_view (*name_of)(T), T* value) {
  std::string name;
  SEGUE_RETURN_IF_ERROR(ReadString(json, where, member, &name));
  if (json.Find(member) == nullptr) return absl::OkStatus();
  std::vector<std::string_view> names;
  for (const T candidate : values) {
    names.push_back(name_of(candidate));
    if (names.back() == name) {
      *value = candidate;
      return absl::OkStatus();
    }
  }
  return Error(ErrorCode::kInvalidArgument,
               Cat(where, ": unknown ", member, " ", Quoted(name), "; did you mean \"",
                   NearestName(name, names), "\"?"));
}

absl::Status ReadType(const JsonValue& json, const std::string& where, FieldType* type) {
  SEGUE_RETURN_IF_ERROR(
      ReadNamed<FieldType>(json, where, "type", kFieldTypes, FieldTypeName, type));
  if (json.Find("type") != nullptr) return absl::OkStatus();
  return Error(ErrorCode::kInvalidArgument, Cat(where, ": needs a \"type\", such as \"text\""));
}

absl::Status ReadOptions(const JsonValue& json, const std::string& where, FieldOptions* options) {
  SEGUE_RETURN_IF_ERROR(
      CheckObject(json, where,
                  {"type", "analyzer", "search_analyzer", "positions", "stored", "indexed", "multi",
                   "updatable", "from", "join", "similarity", "k1", "b", "delta", "mu", "boost"}));
  SEGUE_RETURN_IF_ERROR(ReadType(json, where, &options->type));
  SEGUE_RETURN_IF_ERROR(ReadNamed<Similarity>(json, where, "similarity", kSimilarities,
                                              SimilarityName, &options->similarity));
  for (auto [name, value] : {std::pair{"analyzer", &options->analyzer},
                             std::pair{"search_analyzer", &options->search_analyzer},
                             std::pair{"join", &options->join}}) {
    SEGUE_RETURN_IF_ERROR(ReadString(json, where, name, value));
  }
  for (auto [name, value] :
       {std::pair{"positions", &options->positions}, std::pair{"stored", &options->stored},
        std::pair{"indexed", &options->indexed}, std::pair{"multi", &options->multi},
        std::pair{"updatable", &options->updatable}}) {
    SEGUE_RETURN_IF_ERROR(ReadBool(json, where, name, value));
  }
  for (auto [name, value] : {std::pair{"k1", &options->k1}, std::pair{"b", &options->b},
                             std::pair{"delta", &options->delta}, std::pair{"mu", &options->mu},
                             std::pair{"boost", &options->boost}}) {
    SEGUE_RETURN_IF_ERROR(ReadFloat(json, where, name, value));
  }
  return ReadStrings(json, where, "from", &options->from);
}

absl::Status ReadFields(const JsonValue& fields, Schema* schema) {
  SEGUE_RETURN_IF_ERROR(CheckUniqueMembers(fields, "\"fields\""));
  for (const JsonMember& member : fields.members()) {
    FieldOptions options;
    SEGUE_RETURN_IF_ERROR(ReadOptions(member.value, Cat("field ", Quoted(member.name)), &options));
    SEGUE_RETURN_IF_ERROR(schema->AddField(member.name, std::move(options)));
  }
  return absl::OkStatus();
}

absl::Status ReadAnalyzers(const JsonValue& analyzers, Schema* schema) {
  SEGUE_RETURN_IF_ERROR(CheckUniqueMembers(analyzers, "\"analyzers\""));
  for (const JsonMember& member : analyzers.members()) {
    SEGUE_RETURN_IF_ERROR(schema->AddAnalyzer(member.name, ToJson(member.value)));
  }
  return absl::OkStatus();
}

absl::Status ReadCompression(const JsonValue& json, const std::string& where, Schema* schema) {
  if (json.Find("stored_compression") == nullptr) return absl::OkStatus();
  std::string name;
  SEGUE_RETURN_IF_ERROR(ReadString(json, where, "stored_compression", &name));
  const absl::StatusOr<StoredCompression> compression = ParseStoredCompression(name);
  if (!compression.ok()) {
    return Annotate(compression.status(), Cat(where, ": \"stored_compression\""));
  }
  schema->SetStoredCompression(*compression);
  return absl::OkStatus();
}

void WriteStrings(const std::vector<std::string>& strings, JsonWriter* json) {
  json->BeginArray();
  for (const std::string& string : strings) json->String(string);
  json->EndArray();
}

void WriteField(const FieldOptions& options, JsonWriter* json) {
  const FieldOptions defaults;
  json->BeginObject();
  json->Key("type").String(FieldTypeName(options.type));
  if (options.analyzer != defaults.analyzer) {
    json->Key("analyzer").String(options.analyzer);
  }
  if (options.search_analyzer != defaults.search_analyzer) {
    json->Key("search_analyzer").String(options.search_analyzer);
  }
  if (options.positions != defaults.positions) {
    json->Key("positions").Bool(options.positions);
  }
  if (options.stored != defaults.stored) {
    json->Key("stored").Bool(options.stored);
  }
  if (options.indexed != defaults.indexed) {
    json->Key("indexed").Bool(options.indexed);
  }
  if (options.multi != defaults.multi) json->Key("multi").Bool(options.multi);
  if (options.updatable != defaults.updatable) json->Key("updatable").Bool(options.updatable);
  if (options.from != defaults.from) {
    json->Key("from");
    WriteStrings(options.from, json);
  }
  if (options.join != defaults.join) json->Key("join").String(options.join);
  if (options.similarity != defaults.similarity) {
    json->Key("similarity").String(SimilarityName(options.similarity));
  }
  if (options.k1 != defaults.k1) json->Key("k1").Float(options.k1);
  if (options.b != defaults.b) json->Key("b").Float(options.b);
  if (options.delta != defaults.delta) json->Key("delta").Float(options.delta);
  if (options.mu != defaults.mu) json->Key("mu").Float(options.mu);
  if (options.boost != defaults.boost) json->Key("boost").Float(options.boost);
  json->EndObject();
}

}  // namespace

absl::StatusOr<Schema> Schema::FromJson(std::string_view json) {
  if (json.size() > kMaxSchemaBytes) {
    return Error(ErrorCode::kResourceExhausted,
                 Cat("the schema is longer than ", kMaxSchemaBytes, " bytes"));
  }
  absl::StatusOr<JsonValue> parsed = ParseJson(json);
  if (!parsed.ok()) return Annotate(parsed.status(), "the schema");
  const std::string where = "the schema";
  SEGUE_RETURN_IF_ERROR(
      CheckObject(*parsed, where, {"key", "default", "stored_compression", "analyzers", "fields"}));

  Schema schema;
  const JsonValue* fields = parsed->Find("fields");
  if (fields == nullptr) {
    return Error(ErrorCode::kInvalidArgument,
                 "the schema needs \"fields\": {NAME: {\"type\": ...}, ...}");
  }
  SEGUE_RETURN_IF_ERROR(ReadFields(*fields, &schema));
  if (const JsonValue* analyzers = parsed->Find("analyzers")) {
    SEGUE_RETURN_IF_ERROR(ReadAnalyzers(*analyzers, &schema));
  }
  if (parsed->Find("key") != nullptr) {
    std::string key;
    SEGUE_RETURN_IF_ERROR(ReadString(*parsed, where, "key", &key));
    SEGUE_RETURN_IF_ERROR(schema.SetKey(key));
  }
  SEGUE_RETURN_IF_ERROR(ReadCompression(*parsed, where, &schema));
  std::vector<std::string> defaults;
  SEGUE_RETURN_IF_ERROR(ReadStrings(*parsed, where, "default", &defaults));
  SEGUE_RETURN_IF_ERROR(schema.SetDefaultFields(std::move(defaults)));
  SEGUE_RETURN_IF_ERROR(schema.Validate());
  return schema;
}

std::string Schema::ToJson() const {
  JsonWriter json;
  json.BeginObject();
  if (!key_.empty()) json.Key("key").String(key_);
  if (!default_fields_.empty()) {
    json.Key("default");
    WriteStrings(default_fields_, &json);
  }
  if (stored_compression_ != StoredCompression::kSnappy) {
    json.Key("stored_compression").String(StoredCompressionName(stored_compression_));
  }
  if (!analyzers_.empty()) {
    json.Key("analyzers").BeginObject();
    for (const auto& [name, definition] : analyzers_) {
      json.Key(name).Raw(definition);
    }
    json.EndObject();
  }
  json.Key("fields").BeginObject();
  for (const Field& field : fields_) {
    json.Key(field.name);
    WriteField(field.options, &json);
  }
  json.EndObject();
  json.EndObject();
  return json.Take();
}

}  // namespace segue

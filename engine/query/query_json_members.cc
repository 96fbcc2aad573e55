// SPDX-License-Identifier: Apache-2.0
//
// Which members a kind may have is said in one place, so that a misspelt one is an error that names
// the nearest.
#include "engine/query/query_json_members.h"

#include <utility>

#include "engine/base/status.h"
#include "engine/base/strings.h"
#include "engine/query/like_options.h"
#include "engine/schema/base64.h"
#include "engine/schema/json_object.h"

namespace segue {
namespace {

std::vector<std::string_view> MembersOf(QueryKind kind) {
  switch (kind) {
    case QueryKind::kMatchAll:
    case QueryKind::kMatchNone:
      return {};
    case QueryKind::kTerm:
      return {"field", "field_base64", "term", "term_base64"};
    case QueryKind::kMatch:
      return {"field", "field_base64", "text", "text_base64"};
    case QueryKind::kMatchPhrase:
      return {"field", "field_base64", "text", "text_base64", "slop"};
    case QueryKind::kNear:
      return {"field", "field_base64", "parts", "order", "slop", "at_least", "positions"};
    case QueryKind::kNearRelated:
      return {"field", "field_base64", "relation", "near", "other"};
    case QueryKind::kPhrase:
      return {"field", "field_base64", "terms", "terms_base64", "positions"};
    case QueryKind::kEquals:
      return {"field", "field_base64", "value", "value_base64"};
    case QueryKind::kPrefix:
      return {"field", "field_base64", "prefix", "prefix_base64"};
    case QueryKind::kWildcard:
    case QueryKind::kRegexp:
      return {"field", "field_base64", "pattern", "pattern_base64"};
    case QueryKind::kFuzzy:
      return {"field", "field_base64", "term", "term_base64", "edits", "prefix_length"};
    case QueryKind::kTermRange:
    case QueryKind::kRange:
      return {"field", "field_base64", "from",         "from_base64",
              "to",    "to_base64",    "include_from", "include_to"};
    case QueryKind::kIn:
      return {"field", "field_base64", "values"};
    case QueryKind::kExists:
      return {"field", "field_base64"};
    case QueryKind::kIds:
      return {"ids"};
    case QueryKind::kGeoBox:
      return {"field", "field_base64", "south", "west", "north", "east"};
    case QueryKind::kGeoDistance:
      return {"field", "field_base64", "lat", "lon", "meters"};
    case QueryKind::kBoolean:
      return {"clauses", "min_should_match"};
    case QueryKind::kBoost:
      return {"boost", "query"};
    case QueryKind::kConstantScore:
      return {"score", "query"};
    case QueryKind::kDisjunctionMax:
      return {"queries", "tie"};
    case QueryKind::kCombined:
      return {"fields", "text", "text_base64"};
    case QueryKind::kCombinedTerms:
      return {"terms"};
    case QueryKind::kFunctionScore:
      return {"function",      "field",          "field_base64", "factor", "pivot",  "origin",
              "origin_base64", "offset",         "scale",        "decay",  "weight", "bias",
              "missing",       "missing_base64", "combine",      "query"};
    case QueryKind::kDemote:
      return {"factor", "query", "negative"};
    case QueryKind::kLike:
    case QueryKind::kLikeTerms: {
      std::vector<std::string_view> known = {"terms"};
      if (kind == QueryKind::kLike) known = {"field", "field_base64", "text", "text_base64"};
      for (const auto& [name, option] : kLikeNumbers) known.push_back(name);
      return known;
    }
  }
  return {};
}

}  // namespace

absl::Status InvalidQuery(std::string message) {
  return Error(ErrorCode::kInvalidArgument, std::move(message));
}

absl::Status CheckQueryMembers(const JsonValue& json, std::string_view where, QueryKind kind,
                               bool is_clause) {
  std::vector<std::string_view> known = MembersOf(kind);
  known.push_back("kind");
  if (is_clause) known.push_back("occur");
  return CheckKnown(json, where, known);
}

absl::Status ReadBytes(const JsonValue& object, std::string_view where, std::string_view name,
                       bool required, std::string* bytes) {
  std::string encoded_name = Cat(name, "_base64");
  bool is_encoded = object.Find(encoded_name) != nullptr;
  if (object.Find(name) == nullptr) {
    if (required && !is_encoded) {
      return InvalidQuery(Cat(where, ": needs a \"", name, "\""));
    }
    if (!is_encoded) return absl::OkStatus();
  } else if (is_encoded) {
    return InvalidQuery(Cat(where, ": has both \"", name, "\" and \"", encoded_name, "\""));
  }
  SEGUE_RETURN_IF_ERROR(ReadString(object, where, is_encoded ? encoded_name : name, bytes));
  if (!is_encoded) return absl::OkStatus();
  absl::StatusOr<std::string> decoded = DecodeBase64(*bytes);
  if (!decoded.ok()) return Annotate(decoded.status(), where);
  *bytes = *std::move(decoded);
  return absl::OkStatus();
}

bool HasBytes(const JsonValue& object, std::string_view name) {
  return object.Find(name) != nullptr || object.Find(Cat(name, "_base64")) != nullptr;
}

absl::Status ReadCount(const JsonValue& json, std::string_view where, std::string_view name,
                       uint32_t* value) {
  if (!json.is_int64() || json.int64_value() < 0 || json.int64_value() > UINT32_MAX) {
    return WrongType(where, name, "a whole number from 0 up", json);
  }
  *value = static_cast<uint32_t>(json.int64_value());
  return absl::OkStatus();
}

absl::Status ReadPhraseTerms(const JsonValue& object, std::string_view where,
                             std::vector<PhraseTerm>* phrase) {
  bool is_encoded = object.Find("terms_base64") != nullptr;
  if (is_encoded == (object.Find("terms") != nullptr)) {
    return InvalidQuery(Cat(where, ": needs \"terms\""));
  }
  std::vector<std::string> terms;
  SEGUE_RETURN_IF_ERROR(ReadStrings(object, where, is_encoded ? "terms_base64" : "terms", &terms));
  for (std::string& term : terms) {
    if (is_encoded) {
      SEGUE_ASSIGN_OR_RETURN(term, DecodeBase64(term));
    }
    phrase->push_back({std::move(term), static_cast<uint32_t>(phrase->size())});
  }
  const JsonValue* positions = object.Find("positions");
  if (positions == nullptr) return absl::OkStatus();
  if (!positions->is_array() || positions->elements().size() != phrase->size()) {
    return InvalidQuery(Cat(where, ": needs one of \"positions\" for each term"));
  }
  for (size_t i = 0; i < phrase->size(); ++i) {
    SEGUE_RETURN_IF_ERROR(
        ReadCount(positions->elements()[i], where, "positions", &(*phrase)[i].position));
  }
  return absl::OkStatus();
}

absl::Status ReadAnyValue(const JsonValue& json, std::string_view where, std::string_view name,
                          Value* value) {
  const JsonValue* found = json.Find(name);
  if (found == nullptr || found->is_string()) {
    return ReadBytes(json, where, name, true, &value->emplace<std::string>());
  }
  if (json.Find(Cat(name, "_base64")) != nullptr) {
    return InvalidQuery(Cat(where, ": has both \"", name, "\" and \"", name, "_base64\""));
  }
  if (found->is_bool() || found->is_int64() || found->is_double()) {
    *value = NaturalValue(*found);
    return absl::OkStatus();
  }
  return WrongType(where, name, "a string, a number or a truth value", *found);
}

absl::Status ReadValues(const JsonValue& json, std::string_view where, std::string_view name,
                        std::vector<Value>* values) {
  const JsonValue* list = json.Find(name);
  if (list == nullptr || !list->is_array()) {
    return InvalidQuery(Cat(where, ": needs a list of \"", name, "\""));
  }
  values->reserve(list->elements().size());
  for (const JsonValue& element : list->elements()) {
    if (element.is_object()) {
      SEGUE_RETURN_IF_ERROR(CheckUniqueMembers(element, "a value"));
      SEGUE_RETURN_IF_ERROR(CheckKnown(element, "a value", {"base64"}));
      std::string encoded;
      SEGUE_RETURN_IF_ERROR(ReadString(element, "a value", "base64", &encoded));
      SEGUE_ASSIGN_OR_RETURN(std::string bytes, DecodeBase64(encoded));
      values->emplace_back(std::move(bytes));
    } else if (element.is_string() || element.is_bool() || element.is_int64() ||
               element.is_double()) {
      values->push_back(NaturalValue(element));
    } else {
      return WrongType(where, name, "strings, numbers and truth values", element);
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::span<const JsonValue>> ReadList(const JsonValue& json, std::string_view where,
                                                    std::string_view name) {
  const JsonValue* list = json.Find(name);
  if (list == nullptr || !list->is_array()) {
    return InvalidQuery(Cat(where, ": needs a list of \"", name, "\""));
  }
  return std::span<const JsonValue>(list->elements());
}

absl::StatusOr<std::vector<CombinedTerm>> ReadCombinedTerms(const JsonValue& json,
                                                            std::string_view where) {
  SEGUE_ASSIGN_OR_RETURN(const auto list, ReadList(json, where, "terms"));
  std::vector<CombinedTerm> terms(list.size());
  for (size_t i = 0; i < list.size(); ++i) {
    SEGUE_RETURN_IF_ERROR(CheckUniqueMembers(list[i], "a term"));
    SEGUE_RETURN_IF_ERROR(
        CheckKnown(list[i], "a term", {"field", "field_base64", "term", "term_base64", "weight"}));
    SEGUE_RETURN_IF_ERROR(ReadBytes(list[i], "a term", "field", true, &terms[i].field));
    SEGUE_RETURN_IF_ERROR(ReadBytes(list[i], "a term", "term", true, &terms[i].term));
    SEGUE_RETURN_IF_ERROR(ReadFloat(list[i], "a term", "weight", &terms[i].weight));
  }
  return terms;
}

}  // namespace segue

// SPDX-License-Identifier: Apache-2.0
//
// Query::FromJson: reads what query_json_writer.cc writes. Which members a kind may have is said in
// one place, so that a misspelt one is an error that names the nearest.
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "engine/base/json.h"
#include "engine/base/limits.h"
#include "engine/base/nearest_name.h"
#include "engine/base/status.h"
#include "engine/base/strings.h"
#include "engine/query/function_options.h"
#include "engine/query/like_options.h"
#include "engine/schema/base64.h"
#include "engine/schema/json_object.h"
#include "engine/schema/value.h"
#include "segue/query.h"

namespace segue {

namespace {

constexpr QueryKind kKinds[] = {QueryKind::kMatchAll,       QueryKind::kMatchNone,
                                QueryKind::kTerm,           QueryKind::kMatch,
                                QueryKind::kPhrase,         QueryKind::kMatchPhrase,
                                QueryKind::kEquals,         QueryKind::kBoolean,
                                QueryKind::kBoost,          QueryKind::kConstantScore,
                                QueryKind::kDisjunctionMax, QueryKind::kPrefix,
                                QueryKind::kWildcard,       QueryKind::kRegexp,
                                QueryKind::kFuzzy,          QueryKind::kTermRange,
                                QueryKind::kRange,          QueryKind::kIn,
                                QueryKind::kExists,         QueryKind::kIds,
                                QueryKind::kNear,           QueryKind::kFunctionScore,
                                QueryKind::kDemote,         QueryKind::kCombined,
                                QueryKind::kCombinedTerms,  QueryKind::kLike,
                                QueryKind::kLikeTerms,      QueryKind::kNearRelated};
constexpr NearOrder kOrders[] = {NearOrder::kAny, NearOrder::kOrdered, NearOrder::kPhrase};
constexpr NearRelation kRelations[] = {NearRelation::kContaining, NearRelation::kNotContaining,
                                       NearRelation::kWithin, NearRelation::kNotWithin};
constexpr Occur kOccurs[] = {Occur::kMust, Occur::kShould, Occur::kMustNot, Occur::kFilter};

absl::Status Invalid(std::string message) {
  return Error(ErrorCode::kInvalidArgument, std::move(message));
}

// The constant of `values` that has the name which the member `name` holds.
template <typename Enum, size_t N>
absl::Status ReadEnum(const JsonValue& object, std::string_view where, std::string_view name,
                      const Enum (&values)[N], std::string_view (*name_of)(Enum), Enum* value) {
  if (object.Find(name) == nullptr) {
    return Invalid(Cat(where, ": needs a \"", name, "\""));
  }
  std::string text;
  SEGUE_RETURN_IF_ERROR(ReadString(object, where, name, &text));
  std::vector<std::string_view> names;
  for (Enum candidate : values) {
    names.push_back(name_of(candidate));
    if (names.back() == text) {
      *value = candidate;
      return absl::OkStatus();
    }
  }
  return Invalid(Cat(where, ": unknown ", name, " ", Quoted(text), "; did you mean \"",
                     NearestName(text, names), "\"?"));
}

// Reads NAME or NAME_base64.
absl::Status ReadBytes(const JsonValue& object, std::string_view where, std::string_view name,
                       bool required, std::string* bytes) {
  std::string encoded_name = Cat(name, "_base64");
  bool is_encoded = object.Find(encoded_name) != nullptr;
  if (object.Find(name) == nullptr) {
    if (required && !is_encoded) {
      return Invalid(Cat(where, ": needs a \"", name, "\""));
    }
    if (!is_encoded) return absl::OkStatus();
  } else if (is_encoded) {
    return Invalid(Cat(where, ": has both \"", name, "\" and \"", encoded_name, "\""));
  }
  SEGUE_RETURN_IF_ERROR(ReadString(object, where, is_encoded ? encoded_name : name, bytes));
  if (!is_encoded) return absl::OkStatus();
  absl::StatusOr<std::string> decoded = DecodeBase64(*bytes);
  if (!decoded.ok()) return Annotate(decoded.status(), where);
  *bytes = *std::move(decoded);
  return absl::OkStatus();
}

// Whether there is a member NAME or NAME_base64.
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

absl::Status ReadPhrase(const JsonValue& object, std::string_view where,
                        std::vector<PhraseTerm>* phrase) {
  bool is_encoded = object.Find("terms_base64") != nullptr;
  if (is_encoded == (object.Find("terms") != nullptr)) {
    return Invalid(Cat(where, ": needs \"terms\""));
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
    return Invalid(Cat(where, ": needs one of \"positions\" for each term"));
  }
  for (size_t i = 0; i < phrase->size(); ++i) {
    SEGUE_RETURN_IF_ERROR(
        ReadCount(positions->elements()[i], where, "positions", &(*phrase)[i].position));
  }
  return absl::OkStatus();
}

class QueryReader {
 public:
  // `json` is an object; `is_clause`: it may have an "occur" that somebody else
  // reads. Recursion is bounded by the depth of JSON.
  absl::StatusOr<Query> Read(const JsonValue& json, bool is_clause) {
    SEGUE_RETURN_IF_ERROR(CheckUniqueMembers(json, "a query"));
    QueryKind kind = QueryKind::kMatchNone;
    SEGUE_RETURN_IF_ERROR(ReadEnum(json, "a query", "kind", kKinds, QueryKindName, &kind));
    std::string where = Cat("a ", QueryKindName(kind), " query");
    SEGUE_RETURN_IF_ERROR(CheckMembers(json, where, kind, is_clause));
    switch (kind) {
      case QueryKind::kMatchAll:
        return Query::All();
      case QueryKind::kMatchNone:
        return Query::None();
      case QueryKind::kBoolean:
        return ReadBoolean(json, where);
      case QueryKind::kBoost:
      case QueryKind::kConstantScore:
        return ReadWrapper(json, where, kind);
      case QueryKind::kDisjunctionMax:
        return ReadDisjunction(json, where);
      case QueryKind::kCombined:
        return ReadCombined(json, where);
      case QueryKind::kCombinedTerms: {
        SEGUE_ASSIGN_OR_RETURN(std::vector<CombinedTerm> terms, ReadTerms(json, where));
        return Query::CombinedTerms(std::move(terms));
      }
      case QueryKind::kFunctionScore:
        return ReadFunctionScore(json, where);
      case QueryKind::kDemote:
        return ReadDemote(json, where);
      case QueryKind::kLike:
      case QueryKind::kLikeTerms:
        return ReadLike(json, where, kind);
      case QueryKind::kIds:
        return ReadIds(json, where);
      default:
        return ReadLeaf(json, where, kind);
    }
  }

 private:
  static std::vector<std::string_view> MembersOf(QueryKind kind) {
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

  static absl::Status CheckMembers(const JsonValue& json, std::string_view where, QueryKind kind,
                                   bool is_clause) {
    std::vector<std::string_view> known = MembersOf(kind);
    known.push_back("kind");
    if (is_clause) known.push_back("occur");
    return CheckKnown(json, where, known);
  }

  absl::StatusOr<Query> ReadLeaf(const JsonValue& json, std::string_view where, QueryKind kind) {
    std::string field;
    SEGUE_RETURN_IF_ERROR(ReadBytes(json, where, "field", false, &field));
    if (kind == QueryKind::kPhrase) {
      std::vector<PhraseTerm> phrase;
      SEGUE_RETURN_IF_ERROR(ReadPhrase(json, where, &phrase));
      return Query::Phrase(field, std::move(phrase));
    }
    if (kind == QueryKind::kEquals) return ReadEquals(json, where, field);
    if (kind == QueryKind::kNear) return ReadNear(json, where, field);
    if (kind == QueryKind::kNearRelated) return ReadRelated(json, where, field);
    if (kind == QueryKind::kTermRange) return ReadBounds(json, where, field);
    if (kind == QueryKind::kRange) return ReadValueBounds(json, where, field);
    if (kind == QueryKind::kExists) return Query::Exists(field);
    if (kind == QueryKind::kIn) {
      std::vector<Value> values;
      SEGUE_RETURN_IF_ERROR(ReadValues(json, where, "values", &values));
      return Query::In(field, std::move(values));
    }
    std::string text;
    SEGUE_RETURN_IF_ERROR(ReadBytes(json, where, NameOfText(kind), true, &text));
    switch (kind) {
      case QueryKind::kTerm:
        return Query::Term(field, text);
      case QueryKind::kMatch:
        return Query::Match(field, text);
      case QueryKind::kPrefix:
        return Query::Prefix(field, text);
      case QueryKind::kWildcard:
        return Query::Wildcard(field, text);
      case QueryKind::kRegexp:
        return Query::Regexp(field, text);
      case QueryKind::kFuzzy:
        return ReadFuzzy(json, where, field, text);
      default: {
        uint32_t slop = 0;
        if (const JsonValue* number = json.Find("slop")) {
          SEGUE_RETURN_IF_ERROR(ReadCount(*number, where, "slop", &slop));
        }
        return Query::MatchPhrase(field, text, slop);
      }
    }
  }

  // The member that holds the text of a leaf.
  static std::string_view NameOfText(QueryKind kind) {
    switch (kind) {
      case QueryKind::kTerm:
      case QueryKind::kFuzzy:
        return "term";
      case QueryKind::kPrefix:
        return "prefix";
      case QueryKind::kWildcard:
      case QueryKind::kRegexp:
        return "pattern";
      default:
        return "text";
    }
  }

  absl::StatusOr<Query> ReadFuzzy(const JsonValue& json, std::string_view where,
                                  const std::string& field, const std::string& word) {
    FuzzyOptions fuzzy;
    if (const JsonValue* edits = json.Find("edits")) {
      SEGUE_RETURN_IF_ERROR(ReadCount(*edits, where, "edits", &fuzzy.edits.emplace()));
    }
    if (const JsonValue* prefix = json.Find("prefix_length")) {
      SEGUE_RETURN_IF_ERROR(ReadCount(*prefix, where, "prefix_length", &fuzzy.prefix_length));
    }
    return Query::Fuzzy(field, word, fuzzy);
  }

  absl::StatusOr<Query> ReadNear(const JsonValue& json, std::string_view where,
                                 const std::string& field) {
    const JsonValue* list = json.Find("parts");
    if (list == nullptr || !list->is_array()) {
      return Invalid(Cat(where, ": needs a list of \"parts\""));
    }
    std::vector<Query> parts;
    parts.reserve(list->elements().size());
    for (const JsonValue& element : list->elements()) {
      SEGUE_ASSIGN_OR_RETURN(Query part, Read(element, false));
      parts.push_back(std::move(part));
    }
    NearOptions near;
    if (json.Find("order") != nullptr) {
      SEGUE_RETURN_IF_ERROR(ReadEnum(json, where, "order", kOrders, NearOrderName, &near.order));
    }
    if (const JsonValue* slop = json.Find("slop")) {
      SEGUE_RETURN_IF_ERROR(ReadCount(*slop, where, "slop", &near.slop));
    }
    if (const JsonValue* at_least = json.Find("at_least")) {
      SEGUE_RETURN_IF_ERROR(ReadCount(*at_least, where, "at_least", &near.at_least));
    }
    if (const JsonValue* positions = json.Find("positions")) {
      if (!positions->is_array()) return WrongType(where, "positions", "a list", *positions);
      for (const JsonValue& position : positions->elements()) {
        SEGUE_RETURN_IF_ERROR(
            ReadCount(position, where, "positions", &near.positions.emplace_back()));
      }
    }
    return Query::Near(field, std::move(parts), std::move(near));
  }

  absl::StatusOr<Query> ReadRelated(const JsonValue& json, std::string_view where,
                                    const std::string& field) {
    NearRelation relation = NearRelation::kContaining;
    SEGUE_RETURN_IF_ERROR(
        ReadEnum(json, where, "relation", kRelations, NearRelationName, &relation));
    SEGUE_ASSIGN_OR_RETURN(Query near, ReadInner(json, where, "near"));
    SEGUE_ASSIGN_OR_RETURN(Query other, ReadInner(json, where, "other"));
    return Query::NearRelated(field, std::move(near), relation, std::move(other));
  }

  absl::StatusOr<Query> ReadBounds(const JsonValue& json, std::string_view where,
                                   const std::string& field) {
    TermBounds bounds;
    const auto read = [&](std::string_view name, std::optional<std::string>* bound) {
      if (!HasBytes(json, name)) return absl::OkStatus();
      return ReadBytes(json, where, name, true, &bound->emplace());
    };
    SEGUE_RETURN_IF_ERROR(read("from", &bounds.from));
    SEGUE_RETURN_IF_ERROR(read("to", &bounds.to));
    SEGUE_RETURN_IF_ERROR(ReadBool(json, where, "include_from", &bounds.include_from));
    SEGUE_RETURN_IF_ERROR(ReadBool(json, where, "include_to", &bounds.include_to));
    return Query::TermRange(field, std::move(bounds));
  }

  // The value under NAME or NAME_base64.
  static absl::Status ReadAnyValue(const JsonValue& json, std::string_view where,
                                   std::string_view name, Value* value) {
    const JsonValue* found = json.Find(name);
    if (found == nullptr || found->is_string()) {
      return ReadBytes(json, where, name, true, &value->emplace<std::string>());
    }
    if (json.Find(Cat(name, "_base64")) != nullptr) {
      return Invalid(Cat(where, ": has both \"", name, "\" and \"", name, "_base64\""));
    }
    if (found->is_bool() || found->is_int64() || found->is_double()) {
      *value = NaturalValue(*found);
      return absl::OkStatus();
    }
    return WrongType(where, name, "a string, a number or a truth value", *found);
  }

  absl::StatusOr<Query> ReadEquals(const JsonValue& json, std::string_view where,
                                   const std::string& field) {
    Value value;
    SEGUE_RETURN_IF_ERROR(ReadAnyValue(json, where, "value", &value));
    return Query::Equals(field, std::move(value));
  }

  absl::StatusOr<Query> ReadValueBounds(const JsonValue& json, std::string_view where,
                                        const std::string& field) {
    ValueBounds bounds;
    const auto read = [&](std::string_view name, std::optional<Value>* bound) {
      if (!HasBytes(json, name)) return absl::OkStatus();
      return ReadAnyValue(json, where, name, &bound->emplace());
    };
    SEGUE_RETURN_IF_ERROR(read("from", &bounds.from));
    SEGUE_RETURN_IF_ERROR(read("to", &bounds.to));
    SEGUE_RETURN_IF_ERROR(ReadBool(json, where, "include_from", &bounds.include_from));
    SEGUE_RETURN_IF_ERROR(ReadBool(json, where, "include_to", &bounds.include_to));
    return Query::Range(field, std::move(bounds));
  }

  static absl::Status ReadValues(const JsonValue& json, std::string_view where,
                                 std::string_view name, std::vector<Value>* values) {
    const JsonValue* list = json.Find(name);
    if (list == nullptr || !list->is_array()) {
      return Invalid(Cat(where, ": needs a list of \"", name, "\""));
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

  absl::StatusOr<Query> ReadIds(const JsonValue& json, std::string_view where) {
    std::vector<Value> values;
    SEGUE_RETURN_IF_ERROR(ReadValues(json, where, "ids", &values));
    std::vector<std::string> keys;
    keys.reserve(values.size());
    for (Value& value : values) {
      auto* text = std::get_if<std::string>(&value);
      if (text == nullptr) return Invalid(Cat(where, ": \"ids\" takes strings"));
      keys.push_back(std::move(*text));
    }
    return Query::Ids(std::move(keys));
  }

  absl::StatusOr<Query> ReadBoolean(const JsonValue& json, std::string_view where) {
    const JsonValue* list = json.Find("clauses");
    if (list == nullptr || !list->is_array()) {
      return Invalid(Cat(where, ": needs a list of \"clauses\""));
    }
    std::vector<QueryClause> clauses;
    clauses.reserve(list->elements().size());
    for (const JsonValue& element : list->elements()) {
      SEGUE_RETURN_IF_ERROR(CheckUniqueMembers(element, "a clause"));
      QueryClause clause;
      SEGUE_RETURN_IF_ERROR(
          ReadEnum(element, "a clause", "occur", kOccurs, OccurName, &clause.occur));
      SEGUE_ASSIGN_OR_RETURN(clause.query, Read(element, true));
      clauses.push_back(std::move(clause));
    }
    uint32_t min_should_match = 0;
    if (const JsonValue* count = json.Find("min_should_match")) {
      SEGUE_RETURN_IF_ERROR(ReadCount(*count, where, "min_should_match", &min_should_match));
    }
    return Query::Boolean(std::move(clauses), min_should_match);
  }

  absl::StatusOr<Query> ReadWrapper(const JsonValue& json, std::string_view where, QueryKind kind) {
    bool is_boost = kind == QueryKind::kBoost;
    std::string_view name = is_boost ? "boost" : "score";
    const JsonValue* inner = json.Find("query");
    if (inner == nullptr || json.Find(name) == nullptr) {
      return Invalid(Cat(where, ": needs a \"", name, "\" and a \"query\""));
    }
    float number = 0;
    SEGUE_RETURN_IF_ERROR(ReadFloat(json, where, name, &number));
    SEGUE_ASSIGN_OR_RETURN(Query query, Read(*inner, false));
    return is_boost ? Query::Boost(std::move(query), number)
                    : Query::ConstantScore(std::move(query), number);
  }

  // The member `name`: a list of objects, each with a "field" and perhaps a "weight".
  static absl::StatusOr<std::span<const JsonValue>> ReadList(const JsonValue& json,
                                                             std::string_view where,
                                                             std::string_view name) {
    const JsonValue* list = json.Find(name);
    if (list == nullptr || !list->is_array()) {
      return Invalid(Cat(where, ": needs a list of \"", name, "\""));
    }
    return std::span<const JsonValue>(list->elements());
  }

  absl::StatusOr<Query> ReadCombined(const JsonValue& json, std::string_view where) {
    SEGUE_ASSIGN_OR_RETURN(const auto list, ReadList(json, where, "fields"));
    std::vector<WeightedField> fields(list.size());
    for (size_t i = 0; i < list.size(); ++i) {
      SEGUE_RETURN_IF_ERROR(CheckUniqueMembers(list[i], "a field"));
      SEGUE_RETURN_IF_ERROR(CheckKnown(list[i], "a field", {"field", "field_base64", "weight"}));
      SEGUE_RETURN_IF_ERROR(ReadBytes(list[i], "a field", "field", true, &fields[i].field));
      SEGUE_RETURN_IF_ERROR(ReadFloat(list[i], "a field", "weight", &fields[i].weight));
    }
    std::string text;
    SEGUE_RETURN_IF_ERROR(ReadBytes(json, where, "text", true, &text));
    return Query::Combined(std::move(fields), text);
  }

  static absl::StatusOr<std::vector<CombinedTerm>> ReadTerms(const JsonValue& json,
                                                             std::string_view where) {
    SEGUE_ASSIGN_OR_RETURN(const auto list, ReadList(json, where, "terms"));
    std::vector<CombinedTerm> terms(list.size());
    for (size_t i = 0; i < list.size(); ++i) {
      SEGUE_RETURN_IF_ERROR(CheckUniqueMembers(list[i], "a term"));
      SEGUE_RETURN_IF_ERROR(CheckKnown(list[i], "a term",
                                       {"field", "field_base64", "term", "term_base64", "weight"}));
      SEGUE_RETURN_IF_ERROR(ReadBytes(list[i], "a term", "field", true, &terms[i].field));
      SEGUE_RETURN_IF_ERROR(ReadBytes(list[i], "a term", "term", true, &terms[i].term));
      SEGUE_RETURN_IF_ERROR(ReadFloat(list[i], "a term", "weight", &terms[i].weight));
    }
    return terms;
  }

  absl::StatusOr<Query> ReadLike(const JsonValue& json, std::string_view where, QueryKind kind) {
    LikeOptions options;
    for (const auto& [name, option] : kLikeNumbers) {
      const JsonValue* number = json.Find(name);
      if (number == nullptr) continue;
      if (!number->is_int64() || number->int64_value() < 0) {
        return WrongType(where, name, "a whole number from 0 up", *number);
      }
      options.*option = static_cast<uint64_t>(number->int64_value());
    }
    if (kind == QueryKind::kLikeTerms) {
      SEGUE_ASSIGN_OR_RETURN(std::vector<CombinedTerm> terms, ReadTerms(json, where));
      return Query::LikeTerms(std::move(terms), options);
    }
    std::string field, text;
    SEGUE_RETURN_IF_ERROR(ReadBytes(json, where, "field", false, &field));
    SEGUE_RETURN_IF_ERROR(ReadBytes(json, where, "text", true, &text));
    return Query::Like(field, text, options);
  }

  absl::StatusOr<Query> ReadInner(const JsonValue& json, std::string_view where,
                                  std::string_view name) {
    const JsonValue* inner = json.Find(name);
    if (inner == nullptr) return Invalid(Cat(where, ": needs a \"", name, "\""));
    return Read(*inner, false);
  }

  absl::StatusOr<Query> ReadFunctionScore(const JsonValue& json, std::string_view where) {
    ScoreFunction function;
    SEGUE_RETURN_IF_ERROR(ReadEnum(json, where, "function", kScoreFunctionKinds,
                                   ScoreFunctionKindName, &function.kind));
    SEGUE_RETURN_IF_ERROR(ReadBytes(json, where, "field", true, &function.field));
    for (const auto& [name, option] : kScoreFunctionNumbers) {
      SEGUE_RETURN_IF_ERROR(ReadDouble(json, where, name, &(function.*option)));
    }
    const std::pair<std::string_view, std::optional<Value>*> values[] = {
        {"origin", &function.origin}, {"missing", &function.missing}};
    for (const auto& [name, value] : values) {
      if (!HasBytes(json, name)) continue;
      SEGUE_RETURN_IF_ERROR(ReadAnyValue(json, where, name, &value->emplace()));
    }
    if (json.Find("combine") != nullptr) {
      SEGUE_RETURN_IF_ERROR(ReadEnum(json, where, "combine", kScoreCombinations,
                                     ScoreCombinationName, &function.combination));
    }
    SEGUE_ASSIGN_OR_RETURN(Query query, ReadInner(json, where, "query"));
    return Query::FunctionScore(std::move(query), std::move(function));
  }

  absl::StatusOr<Query> ReadDemote(const JsonValue& json, std::string_view where) {
    if (json.Find("factor") == nullptr) return Invalid(Cat(where, ": needs a \"factor\""));
    float factor = 0;
    SEGUE_RETURN_IF_ERROR(ReadFloat(json, where, "factor", &factor));
    SEGUE_ASSIGN_OR_RETURN(Query query, ReadInner(json, where, "query"));
    SEGUE_ASSIGN_OR_RETURN(Query negative, ReadInner(json, where, "negative"));
    return Query::Demote(std::move(query), std::move(negative), factor);
  }

  absl::StatusOr<Query> ReadDisjunction(const JsonValue& json, std::string_view where) {
    const JsonValue* list = json.Find("queries");
    if (list == nullptr || !list->is_array()) {
      return Invalid(Cat(where, ": needs a list of \"queries\""));
    }
    std::vector<Query> queries;
    queries.reserve(list->elements().size());
    for (const JsonValue& element : list->elements()) {
      SEGUE_ASSIGN_OR_RETURN(Query query, Read(element, false));
      queries.push_back(std::move(query));
    }
    float tie = 0;
    SEGUE_RETURN_IF_ERROR(ReadFloat(json, where, "tie", &tie));
    return Query::DisjunctionMax(std::move(queries), tie);
  }
};

}  // namespace

absl::StatusOr<Query> Query::FromJson(std::string_view json) {
  if (json.size() > kMaxQueryJsonBytes) {
    return Error(ErrorCode::kResourceExhausted,
                 Cat("a query of ", json.size(), " bytes of JSON; the limit is ",
                     kMaxQueryJsonBytes, ", write fewer or shorter clauses"));
  }
  SEGUE_ASSIGN_OR_RETURN(JsonValue parsed, ParseJson(json));
  SEGUE_ASSIGN_OR_RETURN(Query query, QueryReader().Read(parsed, false));
  SEGUE_RETURN_IF_ERROR(query.Validate());
  return query;
}

}  // namespace segue

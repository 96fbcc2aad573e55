// SPDX-License-Identifier: Apache-2.0
//
// The JSON form of queries: an object a node, flat, with "kind" first. A clause
// of a boolean is its query's object with an "occur" in front, so that a level of
// nesting costs two levels of JSON only. Byte strings that are no UTF-8 go under
// NAME_base64.
#include <initializer_list>
#include <optional>
#include <string>
#include <utility>

#include "engine/base/json.h"
#include "engine/base/limits.h"
#include "engine/base/nearest_name.h"
#include "engine/base/status.h"
#include "engine/base/strings.h"
#include "engine/base/utf8.h"
#include "engine/schema/base64.h"
#include "engine/schema/json_object.h"
#include "engine/schema/value.h"
#include "segue/query.h"

namespace segue {

namespace {

constexpr QueryKind kKinds[] = {
    QueryKind::kMatchAll,      QueryKind::kMatchNone,      QueryKind::kTerm,
    QueryKind::kMatch,         QueryKind::kPhrase,         QueryKind::kMatchPhrase,
    QueryKind::kEquals,        QueryKind::kBoolean,        QueryKind::kBoost,
    QueryKind::kConstantScore, QueryKind::kDisjunctionMax, QueryKind::kPrefix,
    QueryKind::kWildcard,      QueryKind::kRegexp,         QueryKind::kFuzzy,
    QueryKind::kTermRange};
constexpr Occur kOccurs[] = {Occur::kMust, Occur::kShould, Occur::kMustNot, Occur::kFilter};

// ---- Writing ----

void WriteBytes(std::string_view name, std::string_view bytes, JsonWriter* json) {
  if (IsValidUtf8(bytes)) {
    json->Key(name).String(bytes);
  } else {
    json->Key(Cat(name, "_base64")).String(EncodeBase64(bytes));
  }
}

void WritePhrase(const std::vector<PhraseTerm>& phrase, JsonWriter* json) {
  bool is_utf8 = true;
  bool has_gaps = false;
  for (size_t i = 0; i < phrase.size(); ++i) {
    is_utf8 &= IsValidUtf8(phrase[i].term);
    has_gaps |= phrase[i].position != i;
  }
  json->Key(is_utf8 ? "terms" : "terms_base64").BeginArray();
  for (const PhraseTerm& term : phrase) {
    json->String(is_utf8 ? term.term : EncodeBase64(term.term));
  }
  json->EndArray();
  if (!has_gaps) return;
  json->Key("positions").BeginArray();
  for (const PhraseTerm& term : phrase) json->Uint(term.position);
  json->EndArray();
}

void WriteFuzzy(const Query& query, JsonWriter* json) {
  WriteBytes("term", query.text(), json);
  const FuzzyOptions& fuzzy = query.fuzzy();
  if (fuzzy.edits.has_value()) json->Key("edits").Uint(*fuzzy.edits);
  if (fuzzy.prefix_length != 0) json->Key("prefix_length").Uint(fuzzy.prefix_length);
}

void WriteBounds(const TermBounds& bounds, JsonWriter* json) {
  if (bounds.from.has_value()) WriteBytes("from", *bounds.from, json);
  if (bounds.to.has_value()) WriteBytes("to", *bounds.to, json);
  if (!bounds.include_from) json->Key("include_from").Bool(false);
  if (!bounds.include_to) json->Key("include_to").Bool(false);
}

void WriteQuery(const Query& query, JsonWriter* json);

void WriteObject(const Query& query, JsonWriter* json) {
  json->BeginObject();
  WriteQuery(query, json);
  json->EndObject();
}

void WriteBoolean(const Query& query, JsonWriter* json) {
  json->Key("clauses").BeginArray();
  for (const QueryClause& clause : query.clauses()) {
    json->BeginObject();
    json->Key("occur").String(OccurName(clause.occur));
    WriteQuery(clause.query, json);
    json->EndObject();
  }
  json->EndArray();
  if (query.min_should_match() != 0) {
    json->Key("min_should_match").Uint(query.min_should_match());
  }
}

// The members of a query, without the braces.
void WriteQuery(const Query& query, JsonWriter* json) {
  json->Key("kind").String(QueryKindName(query.kind()));
  if (!query.field().empty()) WriteBytes("field", query.field(), json);
  switch (query.kind()) {
    case QueryKind::kMatchAll:
    case QueryKind::kMatchNone:
      break;
    case QueryKind::kTerm:
      WriteBytes("term", query.text(), json);
      break;
    case QueryKind::kMatch:
    case QueryKind::kMatchPhrase:
      WriteBytes("text", query.text(), json);
      break;
    case QueryKind::kPhrase:
      WritePhrase(query.phrase(), json);
      break;
    case QueryKind::kEquals:
      if (const auto* text = std::get_if<std::string>(&query.value())) {
        WriteBytes("value", *text, json);
      } else {
        json->Key("value");
        WriteNaturalValue(query.value(), json);
      }
      break;
    case QueryKind::kPrefix:
      WriteBytes("prefix", query.text(), json);
      break;
    case QueryKind::kWildcard:
    case QueryKind::kRegexp:
      WriteBytes("pattern", query.text(), json);
      break;
    case QueryKind::kFuzzy:
      WriteFuzzy(query, json);
      break;
    case QueryKind::kTermRange:
      WriteBounds(query.bounds(), json);
      break;
    case QueryKind::kBoolean:
      WriteBoolean(query, json);
      break;
    case QueryKind::kBoost:
    case QueryKind::kConstantScore:
      json->Key(query.kind() == QueryKind::kBoost ? "boost" : "score").Float(query.number());
      json->Key("query");
      WriteObject(query.children()[0], json);
      break;
    case QueryKind::kDisjunctionMax:
      json->Key("queries").BeginArray();
      for (const Query& child : query.children()) WriteObject(child, json);
      json->EndArray();
      if (query.number() != 0) json->Key("tie").Float(query.number());
      break;
  }
}

// ---- Reading ----

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
      default:
        return ReadLeaf(json, where, kind);
    }
  }

 private:
  static absl::Status CheckMembers(const JsonValue& json, std::string_view where, QueryKind kind,
                                   bool is_clause) {
    std::vector<std::string_view> known = {"kind"};
    if (is_clause) known.push_back("occur");
    auto allow = [&](std::initializer_list<std::string_view> names) {
      known.insert(known.end(), names);
    };
    switch (kind) {
      case QueryKind::kMatchAll:
      case QueryKind::kMatchNone:
        break;
      case QueryKind::kTerm:
        allow({"field", "field_base64", "term", "term_base64"});
        break;
      case QueryKind::kMatch:
      case QueryKind::kMatchPhrase:
        allow({"field", "field_base64", "text", "text_base64"});
        break;
      case QueryKind::kPhrase:
        allow({"field", "field_base64", "terms", "terms_base64", "positions"});
        break;
      case QueryKind::kEquals:
        allow({"field", "field_base64", "value", "value_base64"});
        break;
      case QueryKind::kPrefix:
        allow({"field", "field_base64", "prefix", "prefix_base64"});
        break;
      case QueryKind::kWildcard:
      case QueryKind::kRegexp:
        allow({"field", "field_base64", "pattern", "pattern_base64"});
        break;
      case QueryKind::kFuzzy:
        allow({"field", "field_base64", "term", "term_base64", "edits", "prefix_length"});
        break;
      case QueryKind::kTermRange:
        allow({"field", "field_base64", "from", "from_base64", "to", "to_base64", "include_from",
               "include_to"});
        break;
      case QueryKind::kBoolean:
        allow({"clauses", "min_should_match"});
        break;
      case QueryKind::kBoost:
        allow({"boost", "query"});
        break;
      case QueryKind::kConstantScore:
        allow({"score", "query"});
        break;
      case QueryKind::kDisjunctionMax:
        allow({"queries", "tie"});
        break;
    }
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
    if (kind == QueryKind::kTermRange) return ReadBounds(json, where, field);
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
      default:
        return Query::MatchPhrase(field, text);
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

  absl::StatusOr<Query> ReadBounds(const JsonValue& json, std::string_view where,
                                   const std::string& field) {
    TermBounds bounds;
    const auto read = [&](std::string_view name, std::optional<std::string>* bound) {
      const bool is_there =
          json.Find(name) != nullptr || json.Find(Cat(name, "_base64")) != nullptr;
      if (!is_there) return absl::OkStatus();
      return ReadBytes(json, where, name, true, &bound->emplace());
    };
    SEGUE_RETURN_IF_ERROR(read("from", &bounds.from));
    SEGUE_RETURN_IF_ERROR(read("to", &bounds.to));
    SEGUE_RETURN_IF_ERROR(ReadBool(json, where, "include_from", &bounds.include_from));
    SEGUE_RETURN_IF_ERROR(ReadBool(json, where, "include_to", &bounds.include_to));
    return Query::TermRange(field, std::move(bounds));
  }

  absl::StatusOr<Query> ReadEquals(const JsonValue& json, std::string_view where,
                                   const std::string& field) {
    const JsonValue* value = json.Find("value");
    if (value == nullptr || value->is_string()) {
      std::string text;
      SEGUE_RETURN_IF_ERROR(ReadBytes(json, where, "value", true, &text));
      return Query::Equals(field, Value(std::move(text)));
    }
    if (json.Find("value_base64") != nullptr) {
      return Invalid(Cat(where, ": has both \"value\" and \"value_base64\""));
    }
    if (value->is_bool() || value->is_int64() || value->is_double()) {
      return Query::Equals(field, NaturalValue(*value));
    }
    return WrongType(where, "value", "a string, a number or a truth value", *value);
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

std::string Query::ToJson() const {
  JsonWriter json;
  WriteObject(*this, &json);
  return json.Take();
}

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

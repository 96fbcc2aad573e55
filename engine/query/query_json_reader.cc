// SPDX-License-Identifier: Apache-2.0
//
// Query::FromJson: reads what query_json_writer.cc writes.
#include <optional>
#include <string>
#include <utility>

#include "engine/base/json.h"
#include "engine/base/limits.h"
#include "engine/base/status.h"
#include "engine/base/strings.h"
#include "engine/query/function_options.h"
#include "engine/query/like_options.h"
#include "engine/query/query_json_members.h"
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
                                QueryKind::kLikeTerms,      QueryKind::kNearRelated,
                                QueryKind::kGeoBox,         QueryKind::kGeoDistance};
constexpr NearOrder kOrders[] = {NearOrder::kAny, NearOrder::kOrdered, NearOrder::kPhrase};
constexpr NearRelation kRelations[] = {NearRelation::kContaining, NearRelation::kNotContaining,
                                       NearRelation::kWithin, NearRelation::kNotWithin};
constexpr Occur kOccurs[] = {Occur::kMust, Occur::kShould, Occur::kMustNot, Occur::kFilter};

class QueryReader {
 public:
  // `json` is an object; `is_clause`: it may have an "occur" that somebody else
  // reads. Recursion is bounded by the depth of JSON.
  absl::StatusOr<Query> Read(const JsonValue& json, bool is_clause) {
    SEGUE_RETURN_IF_ERROR(CheckUniqueMembers(json, "a query"));
    QueryKind kind = QueryKind::kMatchNone;
    SEGUE_RETURN_IF_ERROR(ReadEnum(json, "a query", "kind", kKinds, QueryKindName, &kind));
    std::string where = Cat("a ", QueryKindName(kind), " query");
    SEGUE_RETURN_IF_ERROR(CheckQueryMembers(json, where, kind, is_clause));
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
        SEGUE_ASSIGN_OR_RETURN(std::vector<CombinedTerm> terms, ReadCombinedTerms(json, where));
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
  absl::StatusOr<Query> ReadLeaf(const JsonValue& json, std::string_view where, QueryKind kind) {
    std::string field;
    SEGUE_RETURN_IF_ERROR(ReadBytes(json, where, "field", false, &field));
    if (kind == QueryKind::kPhrase) {
      std::vector<PhraseTerm> phrase;
      SEGUE_RETURN_IF_ERROR(ReadPhraseTerms(json, where, &phrase));
      return Query::Phrase(field, std::move(phrase));
    }
    if (kind == QueryKind::kEquals) return ReadEquals(json, where, field);
    if (kind == QueryKind::kNear) return ReadNear(json, where, field);
    if (kind == QueryKind::kNearRelated) return ReadRelated(json, where, field);
    if (kind == QueryKind::kTermRange) return ReadBounds(json, where, field);
    if (kind == QueryKind::kRange) return ReadValueBounds(json, where, field);
    if (kind == QueryKind::kExists) return Query::Exists(field);
    if (kind == QueryKind::kGeoBox || kind == QueryKind::kGeoDistance) {
      return ReadArea(json, where, field, kind);
    }
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
      return InvalidQuery(Cat(where, ": needs a list of \"parts\""));
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

  absl::StatusOr<Query> ReadArea(const JsonValue& json, std::string_view where,
                                 std::string_view field, QueryKind kind) {
    GeoBounds box;
    GeoCircle circle;
    const auto read = [&](std::initializer_list<std::pair<std::string_view, double*>> numbers) {
      for (const auto& [name, number] : numbers) {
        if (json.Find(name) == nullptr) return InvalidQuery(Cat(where, ": needs a \"", name, "\""));
        SEGUE_RETURN_IF_ERROR(ReadDouble(json, where, name, number));
      }
      return absl::OkStatus();
    };
    if (kind == QueryKind::kGeoBox) {
      SEGUE_RETURN_IF_ERROR(read({{"south", &box.south},
                                  {"west", &box.west},
                                  {"north", &box.north},
                                  {"east", &box.east}}));
      return Query::GeoBox(field, box);
    }
    SEGUE_RETURN_IF_ERROR(read({{"lat", &circle.center.latitude},
                                {"lon", &circle.center.longitude},
                                {"meters", &circle.meters}}));
    return Query::GeoDistance(field, circle);
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

  absl::StatusOr<Query> ReadIds(const JsonValue& json, std::string_view where) {
    std::vector<Value> values;
    SEGUE_RETURN_IF_ERROR(ReadValues(json, where, "ids", &values));
    std::vector<std::string> keys;
    keys.reserve(values.size());
    for (Value& value : values) {
      auto* text = std::get_if<std::string>(&value);
      if (text == nullptr) return InvalidQuery(Cat(where, ": \"ids\" takes strings"));
      keys.push_back(std::move(*text));
    }
    return Query::Ids(std::move(keys));
  }

  absl::StatusOr<Query> ReadBoolean(const JsonValue& json, std::string_view where) {
    const JsonValue* list = json.Find("clauses");
    if (list == nullptr || !list->is_array()) {
      return InvalidQuery(Cat(where, ": needs a list of \"clauses\""));
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
      return InvalidQuery(Cat(where, ": needs a \"", name, "\" and a \"query\""));
    }
    float number = 0;
    SEGUE_RETURN_IF_ERROR(ReadFloat(json, where, name, &number));
    SEGUE_ASSIGN_OR_RETURN(Query query, Read(*inner, false));
    return is_boost ? Query::Boost(std::move(query), number)
                    : Query::ConstantScore(std::move(query), number);
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
      SEGUE_ASSIGN_OR_RETURN(std::vector<CombinedTerm> terms, ReadCombinedTerms(json, where));
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
    if (inner == nullptr) return InvalidQuery(Cat(where, ": needs a \"", name, "\""));
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
    if (json.Find("factor") == nullptr) return InvalidQuery(Cat(where, ": needs a \"factor\""));
    float factor = 0;
    SEGUE_RETURN_IF_ERROR(ReadFloat(json, where, "factor", &factor));
    SEGUE_ASSIGN_OR_RETURN(Query query, ReadInner(json, where, "query"));
    SEGUE_ASSIGN_OR_RETURN(Query negative, ReadInner(json, where, "negative"));
    return Query::Demote(std::move(query), std::move(negative), factor);
  }

  absl::StatusOr<Query> ReadDisjunction(const JsonValue& json, std::string_view where) {
    const JsonValue* list = json.Find("queries");
    if (list == nullptr || !list->is_array()) {
      return InvalidQuery(Cat(where, ": needs a list of \"queries\""));
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

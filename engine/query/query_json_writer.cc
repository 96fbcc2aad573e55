// SPDX-License-Identifier: Apache-2.0
//
// Query::ToJson: an object a node, flat, with "kind" first. A clause of a boolean is its query's
// object with an "occur" in front, so that a level of nesting costs two levels of JSON only. Byte
// strings that are no UTF-8 go under NAME_base64.
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/base/json.h"
#include "engine/base/strings.h"
#include "engine/base/utf8.h"
#include "engine/query/function_options.h"
#include "engine/query/like_options.h"
#include "engine/schema/base64.h"
#include "engine/schema/value.h"
#include "segue/query.h"

namespace segue {

namespace {

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

// A member that is a value of any type.
void WriteAnyValue(std::string_view name, const Value& value, JsonWriter* json) {
  if (const auto* text = std::get_if<std::string>(&value)) {
    WriteBytes(name, *text, json);
  } else {
    json->Key(name);
    WriteNaturalValue(value, json);
  }
}

void WriteValueBounds(const ValueBounds& bounds, JsonWriter* json) {
  if (bounds.from.has_value()) WriteAnyValue("from", *bounds.from, json);
  if (bounds.to.has_value()) WriteAnyValue("to", *bounds.to, json);
  if (!bounds.include_from) json->Key("include_from").Bool(false);
  if (!bounds.include_to) json->Key("include_to").Bool(false);
}

// Strings that are no UTF-8 are objects with a "base64".
void WriteValues(std::string_view name, const std::vector<Value>& values, JsonWriter* json) {
  json->Key(name).BeginArray();
  for (const Value& value : values) {
    const auto* text = std::get_if<std::string>(&value);
    if (text != nullptr && !IsValidUtf8(*text)) {
      json->BeginObject();
      json->Key("base64").String(EncodeBase64(*text));
      json->EndObject();
    } else {
      WriteNaturalValue(value, json);
    }
  }
  json->EndArray();
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

void WriteNear(const Query& query, JsonWriter* json) {
  json->Key("parts").BeginArray();
  for (const Query& part : query.children()) WriteObject(part, json);
  json->EndArray();
  const NearOptions& near = query.near();
  if (near.order != NearOrder::kAny) json->Key("order").String(NearOrderName(near.order));
  if (near.slop != 0) json->Key("slop").Uint(near.slop);
  if (near.at_least != 0) json->Key("at_least").Uint(near.at_least);
  if (near.positions.empty()) return;
  json->Key("positions").BeginArray();
  for (const uint32_t position : near.positions) json->Uint(position);
  json->EndArray();
}

void WriteRelated(const Query& query, JsonWriter* json) {
  json->Key("relation").String(NearRelationName(query.relation()));
  json->Key("near");
  WriteObject(query.children()[0], json);
  json->Key("other");
  WriteObject(query.children()[1], json);
}

void WriteWeight(float weight, JsonWriter* json) {
  if (weight != 1) json->Key("weight").Float(weight);
}

void WriteFields(const Query& query, JsonWriter* json) {
  json->Key("fields").BeginArray();
  for (const WeightedField& field : query.weighted_fields()) {
    json->BeginObject();
    WriteBytes("field", field.field, json);
    WriteWeight(field.weight, json);
    json->EndObject();
  }
  json->EndArray();
  WriteBytes("text", query.text(), json);
}

void WriteTerms(const Query& query, JsonWriter* json) {
  json->Key("terms").BeginArray();
  for (const CombinedTerm& term : query.combined_terms()) {
    json->BeginObject();
    WriteBytes("field", term.field, json);
    WriteBytes("term", term.term, json);
    WriteWeight(term.weight, json);
    json->EndObject();
  }
  json->EndArray();
}

void WriteLikeOptions(const LikeOptions& options, JsonWriter* json) {
  VisitLikeOptions(options,
                   [json](std::string_view name, uint64_t value) { json->Key(name).Uint(value); });
}

void WriteFunction(const ScoreFunction& function, JsonWriter* json) {
  json->Key("function").String(ScoreFunctionKindName(function.kind));
  WriteBytes("field", function.field, json);
  VisitFunctionOptions(
      function, [json](std::string_view name, double value) { json->Key(name).Double(value); },
      [json](std::string_view name, const Value& value) { WriteAnyValue(name, value, json); });
  if (function.combination != ScoreCombination::kMultiply) {
    json->Key("combine").String(ScoreCombinationName(function.combination));
  }
}

void WriteArea(const Query& query, JsonWriter* json) {
  if (query.kind() == QueryKind::kGeoBox) {
    const GeoBounds& box = query.geo_bounds();
    json->Key("south").Double(box.south).Key("west").Double(box.west);
    json->Key("north").Double(box.north).Key("east").Double(box.east);
  } else {
    const GeoCircle& circle = query.geo_circle();
    json->Key("lat").Double(circle.center.latitude).Key("lon").Double(circle.center.longitude);
    json->Key("meters").Double(circle.meters);
  }
}

// Of what has no queries inside, beyond the field.
void WriteLeaf(const Query& query, JsonWriter* json) {
  switch (query.kind()) {
    case QueryKind::kTerm:
      WriteBytes("term", query.text(), json);
      break;
    case QueryKind::kMatch:
      WriteBytes("text", query.text(), json);
      break;
    case QueryKind::kMatchPhrase:
      WriteBytes("text", query.text(), json);
      if (query.near().slop != 0) json->Key("slop").Uint(query.near().slop);
      break;
    case QueryKind::kNear:
      WriteNear(query, json);
      break;
    case QueryKind::kNearRelated:
      WriteRelated(query, json);
      break;
    case QueryKind::kPhrase:
      WritePhrase(query.phrase(), json);
      break;
    case QueryKind::kEquals:
      WriteAnyValue("value", query.value(), json);
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
    case QueryKind::kRange:
      WriteValueBounds(query.value_bounds(), json);
      break;
    case QueryKind::kIn:
      WriteValues("values", query.values(), json);
      break;
    case QueryKind::kIds:
      WriteValues("ids", query.values(), json);
      break;
    case QueryKind::kGeoBox:
    case QueryKind::kGeoDistance:
      WriteArea(query, json);
      break;
    case QueryKind::kCombined:
      WriteFields(query, json);
      break;
    case QueryKind::kCombinedTerms:
      WriteTerms(query, json);
      break;
    case QueryKind::kLike:
      WriteBytes("text", query.text(), json);
      WriteLikeOptions(query.like(), json);
      break;
    case QueryKind::kLikeTerms:
      WriteTerms(query, json);
      WriteLikeOptions(query.like(), json);
      break;
    default:
      break;
  }
}

// The members of a query, without the braces.
void WriteQuery(const Query& query, JsonWriter* json) {
  json->Key("kind").String(QueryKindName(query.kind()));
  if (!query.field().empty()) WriteBytes("field", query.field(), json);
  switch (query.kind()) {
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
    case QueryKind::kFunctionScore:
      WriteFunction(query.function(), json);
      json->Key("query");
      WriteObject(query.children()[0], json);
      break;
    case QueryKind::kDemote:
      json->Key("factor").Float(query.number());
      json->Key("query");
      WriteObject(query.children()[0], json);
      json->Key("negative");
      WriteObject(query.children()[1], json);
      break;
    default:
      WriteLeaf(query, json);
      break;
  }
}

}  // namespace

std::string Query::ToJson() const {
  JsonWriter json;
  WriteObject(*this, &json);
  return json.Take();
}

}  // namespace segue

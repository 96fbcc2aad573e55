// SPDX-License-Identifier: Apache-2.0
//
// What a sound query is. A node's own rules are checked once, when it is built, and only remembered
// as a flaw: Validate() says which.
#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/settable_limits.h"
#include "engine/base/status.h"
#include "engine/base/strings.h"
#include "engine/pattern/regexp.h"
#include "engine/query/like_options.h"
#include "engine/query/query_node.h"
#include "segue/query.h"

namespace segue {
namespace {

absl::Status TooMuch(std::string message) {
  return Error(ErrorCode::kResourceExhausted, std::move(message));
}

absl::Status CheckFactor(std::string_view name, float factor) {
  if (std::isfinite(factor) && factor >= 0) return absl::OkStatus();
  return Error(ErrorCode::kInvalidArgument,
               Cat("a query's ", name, " must be 0 or more and finite, not ", factor));
}

absl::Status CheckPhrase(const std::vector<PhraseTerm>& phrase, uint64_t most) {
  if (phrase.size() > most) {
    return TooMuch(Cat("a phrase of ", phrase.size(), " terms; at most ", most, " are allowed"));
  }
  for (const PhraseTerm& term : phrase) {
    if (term.term.size() > kMaxTermBytes) {
      return TooMuch(Cat("a phrase's term of ", term.term.size(), " bytes; at most ", kMaxTermBytes,
                         " are allowed"));
    }
    if (term.position > kMaxPosition) {
      return TooMuch(Cat("a position of ", term.position, " in a phrase; at most ", kMaxPosition,
                         " is allowed"));
    }
  }
  return absl::OkStatus();
}

absl::Status CheckText(QueryKind kind, std::string_view text, uint64_t max_bytes) {
  if (text.size() <= max_bytes) return absl::OkStatus();
  return TooMuch(Cat("the text of a ", QueryKindName(kind), " query has ", text.size(),
                     " bytes; at most ", max_bytes, " are allowed"));
}

absl::Status CheckValue(const Value& value) {
  if (const auto* text = std::get_if<std::string>(&value)) {
    if (text->size() > kMaxTermBytes) {
      return TooMuch(
          Cat("a value of ", text->size(), " bytes; at most ", kMaxTermBytes, " are allowed"));
    }
  }
  if (const auto* number = std::get_if<double>(&value)) {
    if (!std::isfinite(*number)) {
      return Error(ErrorCode::kInvalidArgument, Cat("no field holds the value ", *number));
    }
  }
  if (std::holds_alternative<GeoPoint>(value)) {
    return Error(ErrorCode::kInvalidArgument,
                 "a point is no value to compare with; ask for a box or a distance (geo_box, "
                 "geo_distance)");
  }
  return absl::OkStatus();
}

absl::Status CheckPoint(const GeoPoint& point) {
  if (point.IsValid()) return absl::OkStatus();
  return Error(ErrorCode::kInvalidArgument,
               Cat("latitudes are from -90 to 90 and longitudes from -180 to 180, not ",
                   point.latitude, " and ", point.longitude));
}

absl::Status CheckGeoBounds(const GeoBounds& bounds) {
  SEGUE_RETURN_IF_ERROR(CheckPoint({.latitude = bounds.south, .longitude = bounds.west}));
  SEGUE_RETURN_IF_ERROR(CheckPoint({.latitude = bounds.north, .longitude = bounds.east}));
  if (bounds.south <= bounds.north) return absl::OkStatus();
  return Error(ErrorCode::kInvalidArgument, Cat("a box from latitude ", bounds.south, " to ",
                                                bounds.north, "; the southern one comes first"));
}

absl::Status CheckGeoCircle(const GeoCircle& circle) {
  SEGUE_RETURN_IF_ERROR(CheckPoint(circle.center));
  if (std::isfinite(circle.meters) && circle.meters >= 0) return absl::OkStatus();
  return Error(ErrorCode::kInvalidArgument,
               Cat("a distance must be 0 or more and finite, not ", circle.meters));
}

absl::Status CheckFuzzy(std::string_view word, const FuzzyOptions& fuzzy) {
  SEGUE_RETURN_IF_ERROR(CheckText(QueryKind::kFuzzy, word, kMaxTermBytes));
  if (fuzzy.edits.value_or(0) <= kMaxFuzzyEdits) return absl::OkStatus();
  return Error(
      ErrorCode::kInvalidArgument,
      Cat("a fuzzy word with ", *fuzzy.edits, " edits; at most ", kMaxFuzzyEdits, " are possible"));
}

absl::Status CheckBounds(const TermBounds& bounds) {
  for (const std::optional<std::string>& bound : {bounds.from, bounds.to}) {
    if (!bound.has_value()) continue;
    SEGUE_RETURN_IF_ERROR(CheckText(QueryKind::kTermRange, *bound, kMaxTermBytes));
  }
  return absl::OkStatus();
}

absl::Status CheckValueBounds(const ValueBounds& bounds) {
  for (const std::optional<Value>* bound : {&bounds.from, &bounds.to}) {
    if (bound->has_value()) SEGUE_RETURN_IF_ERROR(CheckValue(**bound));
  }
  return absl::OkStatus();
}

absl::Status CheckValues(const std::vector<Value>& values, uint64_t most) {
  if (values.size() > most) {
    return TooMuch(Cat("a set of ", values.size(), " values; at most ", most, " are allowed"));
  }
  for (const Value& value : values) SEGUE_RETURN_IF_ERROR(CheckValue(value));
  return absl::OkStatus();
}

absl::Status CheckWeight(float weight) {
  if (std::isfinite(weight) && weight > 0) return absl::OkStatus();
  return Error(ErrorCode::kInvalidArgument,
               Cat("the weight of a field must be above 0 and finite, not ", weight));
}

absl::Status CheckCombined(size_t count, std::string_view what, uint64_t most) {
  if (count <= most) return absl::OkStatus();
  return TooMuch(Cat("a combined query of ", count, " ", what, "; at most ", most, " are allowed"));
}

absl::Status CheckFields(const std::vector<WeightedField>& fields, uint64_t most) {
  SEGUE_RETURN_IF_ERROR(CheckCombined(fields.size(), "fields", most));
  for (const WeightedField& field : fields) SEGUE_RETURN_IF_ERROR(CheckWeight(field.weight));
  return absl::OkStatus();
}

absl::Status CheckTerms(QueryKind kind, const std::vector<CombinedTerm>& terms) {
  for (const CombinedTerm& term : terms) {
    SEGUE_RETURN_IF_ERROR(CheckWeight(term.weight));
    SEGUE_RETURN_IF_ERROR(CheckText(kind, term.term, kMaxTermBytes));
  }
  return absl::OkStatus();
}

absl::Status CheckLike(const LikeOptions& options) {
  if (options.max_terms == 0) {
    return Error(ErrorCode::kInvalidArgument, "a like query needs max_terms of 1 or more");
  }
  for (const auto& [name, option] : kLikeNumbers) {
    const bool fits = options.*option <= INT64_MAX || options.*option == LikeOptions().*option;
    if (fits) continue;
    return Error(ErrorCode::kInvalidArgument,
                 Cat(name, " of a like query must be below 2^63, not ", options.*option));
  }
  if (options.min_match_percent > 100) {
    return Error(ErrorCode::kInvalidArgument,
                 Cat("min_match_percent of a like query must be in 0..100, not ",
                     options.min_match_percent));
  }
  return absl::OkStatus();
}

absl::Status CheckLikeTerms(const std::vector<CombinedTerm>& terms) {
  if (terms.size() > kMaxLikeTokens) {
    return TooMuch(
        Cat("a like query of ", terms.size(), " terms; at most ", kMaxLikeTokens, " are allowed"));
  }
  return CheckTerms(QueryKind::kLikeTerms, terms);
}

absl::Status CheckFunction(const ScoreFunction& function) {
  const auto check = [](std::string_view name, double number, bool is_sound,
                        std::string_view wanted) {
    if (std::isfinite(number) && is_sound) return absl::OkStatus();
    return Error(ErrorCode::kInvalidArgument, Cat("the ", name, " of a score function must be ",
                                                  wanted, " and finite, not ", number));
  };
  SEGUE_RETURN_IF_ERROR(check("factor", function.factor, function.factor > 0, "above 0"));
  SEGUE_RETURN_IF_ERROR(check("pivot", function.pivot, function.pivot > 0, "above 0"));
  SEGUE_RETURN_IF_ERROR(check("scale", function.scale, function.scale > 0, "above 0"));
  SEGUE_RETURN_IF_ERROR(check("offset", function.offset, function.offset >= 0, "0 or more"));
  SEGUE_RETURN_IF_ERROR(check("weight", function.weight, function.weight >= 0, "0 or more"));
  SEGUE_RETURN_IF_ERROR(check("bias", function.bias, function.bias >= 0, "0 or more"));
  SEGUE_RETURN_IF_ERROR(
      check("decay", function.decay, function.decay > 0 && function.decay < 1, "between 0 and 1"));
  if (IsDecay(function.kind) && !function.origin.has_value()) {
    return Error(ErrorCode::kInvalidArgument,
                 Cat("the score function ", ScoreFunctionKindName(function.kind),
                     " needs an origin, the best value"));
  }
  for (const std::optional<Value>* value : {&function.origin, &function.missing}) {
    if (value->has_value()) SEGUE_RETURN_IF_ERROR(CheckValue(**value));
  }
  return CheckText(QueryKind::kFunctionScore, function.field, kMaxFieldNameBytes);
}

bool IsNearPart(const Query& query) {
  switch (query.kind()) {
    case QueryKind::kTerm:
    case QueryKind::kMatch:
    case QueryKind::kPrefix:
    case QueryKind::kWildcard:
    case QueryKind::kRegexp:
    case QueryKind::kFuzzy:
      return true;
    case QueryKind::kBoolean:
      return query.min_should_match() <= 1 && !query.clauses().empty() &&
             std::all_of(query.clauses().begin(), query.clauses().end(), [](const QueryClause& c) {
               return c.occur == Occur::kShould && c.query.kind() != QueryKind::kBoolean &&
                      IsNearPart(c.query);
             });
    default:
      return false;
  }
}

absl::Status CheckNear(const NearOptions& near, const std::vector<Query>& parts, uint64_t most) {
  if (parts.size() > most) {
    return TooMuch(Cat("a near query of ", parts.size(), " parts; at most ", most, " are allowed"));
  }
  if (!std::all_of(parts.begin(), parts.end(), IsNearPart)) {
    return Error(ErrorCode::kInvalidArgument,
                 "a part of a near query must be a term, text, a pattern, or any of such");
  }
  if (!near.positions.empty() &&
      (near.order != NearOrder::kPhrase || near.positions.size() != parts.size())) {
    return Error(ErrorCode::kInvalidArgument,
                 Cat("a near query of ", parts.size(), " parts with ", near.positions.size(),
                     " positions; a phrase has one for each part, others have none"));
  }
  if (near.at_least != 0 && near.order != NearOrder::kAny) {
    return Error(ErrorCode::kInvalidArgument,
                 "a near query of some of its parts (at_least) takes them in any order");
  }
  for (const uint32_t position : near.positions) {
    if (position <= kMaxPosition) continue;
    return TooMuch(
        Cat("a position of ", position, " in a near query; at most ", kMaxPosition, " is allowed"));
  }
  return absl::OkStatus();
}

absl::Status CheckRelated(const std::vector<Query>& children) {
  for (const Query& child : children) {
    if (child.kind() == QueryKind::kNear || IsNearPart(child)) continue;
    return Error(ErrorCode::kInvalidArgument,
                 "what a near_related query relates must be near queries, or parts of such");
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status Query::Node::Check(const QueryLimits& limits) const {
  switch (kind) {
    case QueryKind::kTerm:
    case QueryKind::kPrefix:
      return CheckText(kind, text, kMaxTermBytes);
    case QueryKind::kWildcard:
      return CheckText(kind, text, limits.pattern_bytes);
    case QueryKind::kRegexp:
      SEGUE_RETURN_IF_ERROR(CheckText(kind, text, limits.pattern_bytes));
      return CompileRegexp(text).status();
    case QueryKind::kFuzzy:
      return CheckFuzzy(text, fuzzy);
    case QueryKind::kTermRange:
      return CheckBounds(*bounds);
    case QueryKind::kRange:
      return CheckValueBounds(*value_bounds);
    case QueryKind::kIn:
    case QueryKind::kIds:
      return CheckValues(*values, limits.set_values);
    case QueryKind::kGeoBox:
      return CheckGeoBounds(*geo_bounds);
    case QueryKind::kGeoDistance:
      return CheckGeoCircle(*geo_circle);
    case QueryKind::kMatch:
    case QueryKind::kMatchPhrase:
      return CheckText(kind, text, limits.query_bytes);
    case QueryKind::kPhrase:
      return CheckPhrase(phrase, limits.phrase_terms);
    case QueryKind::kNear:
      return CheckNear(*near, children, limits.phrase_terms);
    case QueryKind::kNearRelated:
      return CheckRelated(children);
    case QueryKind::kEquals:
      return CheckValue(value);
    case QueryKind::kBoost:
      return CheckFactor("boost", number);
    case QueryKind::kConstantScore:
      return CheckFactor("score", number);
    case QueryKind::kDisjunctionMax:
    case QueryKind::kDemote: {
      const std::string_view name = kind == QueryKind::kDemote ? "factor" : "tie";
      if (number <= 1) return CheckFactor(name, number);
      return Error(ErrorCode::kInvalidArgument,
                   Cat("a query's ", name, " must be in 0..1, not ", number));
    }
    case QueryKind::kCombined:
      SEGUE_RETURN_IF_ERROR(CheckFields(*weighted_fields, limits.phrase_terms));
      return CheckText(kind, text, limits.query_bytes);
    case QueryKind::kCombinedTerms:
      SEGUE_RETURN_IF_ERROR(CheckCombined(combined_terms->size(), "terms", limits.phrase_terms));
      return CheckTerms(kind, *combined_terms);
    case QueryKind::kLike:
      SEGUE_RETURN_IF_ERROR(CheckLike(*like));
      return CheckText(kind, text, limits.query_bytes);
    case QueryKind::kLikeTerms:
      SEGUE_RETURN_IF_ERROR(CheckLike(*like));
      return CheckLikeTerms(*combined_terms);
    case QueryKind::kFunctionScore:
      return CheckFunction(*function);
    case QueryKind::kMatchAll:
    case QueryKind::kMatchNone:
    case QueryKind::kExists:
    case QueryKind::kBoolean:
      return absl::OkStatus();
  }
  return absl::OkStatus();
}

absl::Status Query::Node::CheckTree(const QueryLimits& limits) const {
  SEGUE_RETURN_IF_ERROR(Check(limits));
  for (const Query& child : children) {
    SEGUE_RETURN_IF_ERROR(child.node().CheckTree(limits));
  }
  for (const QueryClause& clause : clauses) {
    SEGUE_RETURN_IF_ERROR(clause.query.node().CheckTree(limits));
  }
  return absl::OkStatus();
}

absl::Status Query::Node::Problem(const QueryLimits& limits) const {
  if (oversized || depth > limits.depth) {
    return TooMuch(Cat("the query nests too deep or is too large; at most ", limits.depth,
                       " levels and ", limits.clauses, " clauses are allowed"));
  }
  if (leaf_count > limits.clauses) {
    return TooMuch(
        Cat("the query has ", leaf_count, " clauses; at most ", limits.clauses, " are allowed"));
  }
  if (pattern_count > limits.patterns) {
    return TooMuch(Cat("the query has ", pattern_count,
                       " prefixes, patterns, fuzzy words and sets; at most ", limits.patterns,
                       " are allowed"));
  }
  return CheckTree(limits);
}

// Nearly all queries are sound, and each is asked several times on its way.
absl::Status Query::Validate() const {
  const Node& root = node();
  const bool fits = !root.oversized && root.depth <= kMaxQueryDepth &&
                    root.leaf_count <= kMaxQueryClauses && root.pattern_count <= kMaxQueryPatterns;
  return fits && !root.flawed ? absl::OkStatus() : root.Problem(kGreatestQueryLimits);
}

absl::Status Query::Validate(const QueryLimits& limits) const {
  if (limits == kGreatestQueryLimits) return Validate();
  SEGUE_RETURN_IF_ERROR(limits.Validate());
  return node().Problem(limits);
}

}  // namespace segue

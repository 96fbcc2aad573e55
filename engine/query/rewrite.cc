// SPDX-License-Identifier: Apache-2.0
//
// From the leaves upwards: each node is made canonical from canonical parts.
// Depth is bounded by Query::Validate, so the recursion is.
#include "engine/query/rewrite.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "engine/base/status.h"
#include "engine/query/boolean_rewriter.h"
#include "engine/query/leaf_rewriter.h"

namespace segue {

namespace {

class Rewriter {
 public:
  Rewriter(const RewriteContext& context, const QueryLimits& limits,
           std::vector<Diagnostic>* diagnostics)
      : leaves_(context, limits, diagnostics) {}

  Rewritten Rewrite(const Query& query) {
    switch (query.kind()) {
      case QueryKind::kMatchAll:
      case QueryKind::kMatchNone:
        return query;
      case QueryKind::kTerm:
      case QueryKind::kMatch:
      case QueryKind::kPhrase:
      case QueryKind::kMatchPhrase:
      case QueryKind::kNear:
      case QueryKind::kNearRelated:
      case QueryKind::kEquals:
      case QueryKind::kPrefix:
      case QueryKind::kWildcard:
      case QueryKind::kRegexp:
      case QueryKind::kFuzzy:
      case QueryKind::kTermRange:
      case QueryKind::kRange:
      case QueryKind::kIn:
      case QueryKind::kExists:
      case QueryKind::kIds:
      case QueryKind::kGeoBox:
      case QueryKind::kGeoDistance:
      case QueryKind::kCombined:
      case QueryKind::kCombinedTerms:
      case QueryKind::kLike:
      case QueryKind::kLikeTerms:
        return RewriteLeaf(query);
      case QueryKind::kBoolean:
        return RewriteBoolean(query);
      case QueryKind::kBoost:
        return RewriteBoost(query);
      case QueryKind::kConstantScore:
        return RewriteConstant(query);
      case QueryKind::kDisjunctionMax:
        return RewriteMax(query);
      case QueryKind::kFunctionScore:
        return RewriteFunction(query);
      case QueryKind::kDemote:
        return RewriteDemote(query);
    }
    return Error(ErrorCode::kInternal, "a query of an unknown kind");
  }

 private:
  Rewritten RewriteLeaf(const Query& query) {
    Rewritten leaf = leaves_.Rewrite(query);
    if (!leaf.ok() || !leaf->has_value() || (*leaf)->kind() == QueryKind::kTerm) return leaf;
    return Canonical(**std::move(leaf));
  }

  // A leaf may have become a small tree: alternatives of words of tokens.
  static Query Canonical(Query query) {
    if (query.kind() == QueryKind::kDisjunctionMax) {
      std::vector<Query> queries;
      for (const Query& child : query.children()) {
        queries.push_back(Canonical(child));
      }
      return CanonicalMax(std::move(queries), query.number());
    }
    if (query.kind() != QueryKind::kBoolean) return query;
    std::vector<QueryClause> clauses;
    clauses.reserve(query.clauses().size());
    for (const QueryClause& clause : query.clauses()) {
      clauses.push_back({clause.occur, Canonical(clause.query)});
    }
    return CanonicalBoolean(std::move(clauses), query.min_should_match());
  }

  static Query CanonicalMax(std::vector<Query> queries, float tie) {
    std::erase_if(queries,
                  [](const Query& query) { return query.kind() == QueryKind::kMatchNone; });
    if (queries.empty()) return Query::None();
    if (queries.size() == 1) return std::move(queries[0]);
    return Query::DisjunctionMax(std::move(queries), tie);
  }

  Rewritten RewriteBoolean(const Query& query) {
    std::vector<QueryClause> clauses;
    clauses.reserve(query.clauses().size());
    size_t left_out = 0;
    uint32_t optional = 0;
    bool only_prohibits = true;
    for (const QueryClause& clause : query.clauses()) {
      SEGUE_ASSIGN_OR_RETURN(std::optional<Query> inner, Rewrite(clause.query));
      if (!inner.has_value()) {
        ++left_out;
        continue;
      }
      if (clause.occur == Occur::kShould) ++optional;
      only_prohibits &= clause.occur == Occur::kMustNot;
      clauses.push_back({clause.occur, *std::move(inner)});
    }
    if (clauses.empty()) {
      // Of nothing but stop words nothing is left; an empty boolean matches
      // nothing.
      if (left_out > 0) return std::optional<Query>();
      return Query::None();
    }
    // The parser has said so already, unless it could not know.
    if (only_prohibits && (left_out > 0 || query.source_end() == 0)) {
      leaves_.Warn(query, "all clauses prohibit, so nothing matches");
    }
    // Words that were left out cannot be asked for.
    uint32_t wanted = query.min_should_match();
    if (left_out > 0) wanted = std::min(wanted, optional);
    return CanonicalBoolean(std::move(clauses), wanted);
  }

  Rewritten RewriteBoost(const Query& query) {
    SEGUE_ASSIGN_OR_RETURN(std::optional<Query> inner, Rewrite(query.children()[0]));
    if (!inner.has_value()) return inner;
    return CanonicalBoost(*std::move(inner), query.number());
  }

  Rewritten RewriteConstant(const Query& query) {
    SEGUE_ASSIGN_OR_RETURN(std::optional<Query> inner, Rewrite(query.children()[0]));
    if (!inner.has_value()) return inner;
    while (OnlyScores(*inner)) inner = Query(inner->children()[0]);
    if (inner->kind() == QueryKind::kMatchNone) return inner;
    return Query::ConstantScore(*std::move(inner), query.number());
  }

  // A function that cannot be is left out.
  Rewritten RewriteFunction(const Query& query) {
    SEGUE_ASSIGN_OR_RETURN(std::optional<Query> inner, Rewrite(query.children()[0]));
    if (!inner.has_value() || inner->kind() == QueryKind::kMatchNone) return inner;
    std::optional<ScoreFunction> function = leaves_.FunctionOfField(query);
    if (!function.has_value()) return inner;
    return Query::FunctionScore(*std::move(inner), *std::move(function));
  }

  Rewritten RewriteDemote(const Query& query) {
    SEGUE_ASSIGN_OR_RETURN(std::optional<Query> inner, Rewrite(query.children()[0]));
    if (!inner.has_value() || inner->kind() == QueryKind::kMatchNone) return inner;
    SEGUE_ASSIGN_OR_RETURN(std::optional<Query> negative, Rewrite(query.children()[1]));
    const bool does_nothing =
        !negative.has_value() || negative->kind() == QueryKind::kMatchNone || query.number() == 1;
    if (does_nothing) return inner;
    return Query::Demote(*std::move(inner), *std::move(negative), query.number());
  }

  Rewritten RewriteMax(const Query& query) {
    std::vector<Query> queries;
    for (const Query& child : query.children()) {
      SEGUE_ASSIGN_OR_RETURN(std::optional<Query> inner, Rewrite(child));
      if (inner.has_value()) queries.push_back(*std::move(inner));
    }
    if (queries.empty() && !query.children().empty()) {
      return std::optional<Query>();
    }
    return CanonicalMax(std::move(queries), query.number());
  }

  LeafRewriter leaves_;
};

}  // namespace

std::vector<const Field*> DefaultFields(const Schema& schema) {
  std::vector<const Field*> fields;
  for (const std::string& name : schema.EffectiveDefaultFields()) {
    if (const Field* field = schema.Find(name); field != nullptr) fields.push_back(field);
  }
  return fields;
}

absl::StatusOr<Query> Rewrite(const Query& query, const RewriteContext& context,
                              std::vector<Diagnostic>* diagnostics, const QueryLimits& limits) {
  SEGUE_RETURN_IF_ERROR(query.Validate(limits));
  SEGUE_ASSIGN_OR_RETURN(std::optional<Query> rewritten,
                         Rewriter(context, limits, diagnostics).Rewrite(query));
  if (!rewritten.has_value()) return Query::None();
  SEGUE_RETURN_IF_ERROR(rewritten->Validate(limits));
  return *std::move(rewritten);
}

}  // namespace segue

// SPDX-License-Identifier: Apache-2.0
//
// What a Query points to. Members that a kind does not use stay empty.
#ifndef SEGUE_QUERY_QUERY_NODE_H_
#define SEGUE_QUERY_QUERY_NODE_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "segue/query.h"

namespace segue {

struct Query::Node {
  Node() = default;
  Node(QueryKind node_kind, std::string_view node_field, std::string_view node_text)
      : kind(node_kind), field(node_field), text(node_text) {}

  // The rules of Validate() for this node without what is below it, and for all of the tree.
  absl::Status Check(const QueryLimits& limits) const;
  absl::Status CheckTree(const QueryLimits& limits) const;
  // Whether it stands for many terms or values.
  bool IsPattern() const {
    return kind == QueryKind::kPrefix || kind == QueryKind::kWildcard ||
           kind == QueryKind::kRegexp || kind == QueryKind::kFuzzy ||
           kind == QueryKind::kTermRange || kind == QueryKind::kIn || kind == QueryKind::kIds ||
           IsLike();
  }
  bool IsLike() const { return kind == QueryKind::kLike || kind == QueryKind::kLikeTerms; }
  // What Validate() says of a query that is too large or has a flaw.
  [[gnu::cold]] absl::Status Problem(const QueryLimits& limits) const;

  QueryKind kind = QueryKind::kMatchNone;
  bool oversized = false;  // stands for a query that was too large to build
  bool flawed = false;     // something here or below breaks a rule of Validate()
  NearRelation relation = NearRelation::kContaining;
  float number = 0;
  uint32_t min_should_match = 0;
  uint32_t depth = 1;
  uint64_t node_count = 1;
  uint64_t leaf_count = 1;
  uint64_t pattern_count = 0;  // leaves that stand for many terms or values
  size_t source_begin = 0;
  size_t source_end = 0;
  std::string field;
  std::string text;
  std::vector<PhraseTerm> phrase;
  Value value;
  FuzzyOptions fuzzy;
  // Of few nodes.
  std::shared_ptr<const NearOptions> near;
  std::shared_ptr<const TermBounds> bounds;
  std::shared_ptr<const ValueBounds> value_bounds;
  std::shared_ptr<const std::vector<Value>> values;
  std::shared_ptr<const GeoBounds> geo_bounds;
  std::shared_ptr<const GeoCircle> geo_circle;
  std::shared_ptr<const ScoreFunction> function;
  std::shared_ptr<const LikeOptions> like;
  std::shared_ptr<const std::vector<WeightedField>> weighted_fields;
  std::shared_ptr<const std::vector<CombinedTerm>> combined_terms;
  std::vector<QueryClause> clauses;
  std::vector<Query> children;
};

inline const Query::Node& Query::node() const {
  if (node_ != nullptr) [[likely]]
    return *node_;
  return NoneNode();
}

// Whether only documents in which the other part of a kNearRelated matches can match it.
inline bool NeedsOther(NearRelation relation) {
  return relation == NearRelation::kContaining || relation == NearRelation::kWithin;
}

// Of a boost and another boost, a score or an idf, all finite. The largest float stands for what
// is larger, since a weight without end has no products with 0.
inline float BoostProduct(float a, float b) {
  return std::min(a * b, std::numeric_limits<float>::max());
}

}  // namespace segue

#endif  // SEGUE_QUERY_QUERY_NODE_H_

// SPDX-License-Identifier: Apache-2.0
//
// A query is a tree of immutable nodes behind shared pointers. Each node knows
// the depth and the size of its tree from the moment it is built, so that a tree
// beyond all reason can be refused right there, in constant time: what is built
// in its place matches nothing and remembers that it is oversized. That is why
// everything else here, the destructor included, may recurse.
#include "segue/query.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "engine/base/settable_limits.h"
#include "engine/query/query_node.h"

namespace segue {

namespace {

// Recursion is bounded by these; both are far beyond what Validate() accepts, so
// that rewriting a valid query, which adds a few levels, cannot meet them.
constexpr uint32_t kMaxBuiltDepth = 2 * kMaxQueryDepth;
constexpr uint64_t kMaxBuiltNodes = uint64_t{1} << 20;

std::vector<QueryClause> ClausesOf(Occur occur, std::vector<Query> queries) {
  std::vector<QueryClause> clauses;
  clauses.reserve(queries.size());
  for (Query& query : queries) clauses.push_back({occur, std::move(query)});
  return clauses;
}

}  // namespace

std::string_view QueryKindName(QueryKind kind) {
  switch (kind) {
    case QueryKind::kMatchAll:
      return "match_all";
    case QueryKind::kMatchNone:
      return "match_none";
    case QueryKind::kTerm:
      return "term";
    case QueryKind::kMatch:
      return "match";
    case QueryKind::kPhrase:
      return "phrase";
    case QueryKind::kMatchPhrase:
      return "match_phrase";
    case QueryKind::kNear:
      return "near";
    case QueryKind::kNearRelated:
      return "near_related";
    case QueryKind::kEquals:
      return "equals";
    case QueryKind::kPrefix:
      return "prefix";
    case QueryKind::kWildcard:
      return "wildcard";
    case QueryKind::kRegexp:
      return "regexp";
    case QueryKind::kFuzzy:
      return "fuzzy";
    case QueryKind::kTermRange:
      return "term_range";
    case QueryKind::kRange:
      return "range";
    case QueryKind::kIn:
      return "in";
    case QueryKind::kExists:
      return "exists";
    case QueryKind::kIds:
      return "ids";
    case QueryKind::kGeoBox:
      return "geo_box";
    case QueryKind::kGeoDistance:
      return "geo_distance";
    case QueryKind::kBoolean:
      return "boolean";
    case QueryKind::kBoost:
      return "boost";
    case QueryKind::kConstantScore:
      return "constant_score";
    case QueryKind::kDisjunctionMax:
      return "disjunction_max";
    case QueryKind::kCombined:
      return "combined";
    case QueryKind::kCombinedTerms:
      return "combined_terms";
    case QueryKind::kFunctionScore:
      return "function_score";
    case QueryKind::kDemote:
      return "demote";
    case QueryKind::kLike:
      return "like";
    case QueryKind::kLikeTerms:
      return "like_terms";
  }
  return {};
}

std::string_view OccurName(Occur occur) {
  switch (occur) {
    case Occur::kMust:
      return "must";
    case Occur::kShould:
      return "should";
    case Occur::kMustNot:
      return "must_not";
    case Occur::kFilter:
      return "filter";
  }
  return {};
}

std::string_view NearOrderName(NearOrder order) {
  switch (order) {
    case NearOrder::kAny:
      return "any";
    case NearOrder::kOrdered:
      return "ordered";
    case NearOrder::kPhrase:
      return "phrase";
  }
  return {};
}

std::string_view NearRelationName(NearRelation relation) {
  switch (relation) {
    case NearRelation::kContaining:
      return "containing";
    case NearRelation::kNotContaining:
      return "not_containing";
    case NearRelation::kWithin:
      return "within";
    case NearRelation::kNotWithin:
      return "not_within";
  }
  return {};
}

// ---- Building ----

// What a query without a node stands for: one that was moved from, or never assigned.
const Query::Node& Query::NoneNode() {
  static const Node none;
  return none;
}

std::shared_ptr<Query::Node> Query::NewNode(QueryKind kind, std::string_view field,
                                            std::string_view text) {
  return std::make_shared<Node>(kind, field, text);
}

// Nodes are filled where they stay: they are too large to be moved about for every word.
Query Query::Make(std::shared_ptr<Node> node) {
  uint32_t depth = 0;
  uint64_t nodes = 1;
  // Each word of a phrase is a list, too, and each of combined terms; that there are too many of
  // them is told elsewhere.
  uint64_t leaves = std::min<uint64_t>(node->phrase.size(), kMaxPhraseTerms);
  if (node->combined_terms != nullptr) {
    leaves = std::min<uint64_t>(node->combined_terms->size(), kMaxPhraseTerms);
  }
  // As many lists as may be chosen.
  if (node->IsLike()) leaves = std::min<uint64_t>(node->like->max_terms, kMaxBuiltNodes);
  uint64_t patterns = node->IsPattern() ? 1 : 0;
  auto add = [&](const Query& child) {
    const Node& below = child.node();
    depth = std::max(depth, below.depth);
    // Each is at most kMaxBuiltNodes: a sum of vector elements cannot overflow.
    nodes += below.node_count;
    leaves += below.leaf_count;
    patterns += below.pattern_count;
    node->oversized |= below.oversized;
    node->flawed |= below.flawed;
  };
  for (const Query& child : node->children) add(child);
  for (const QueryClause& clause : node->clauses) add(clause.query);
  node->depth = depth + 1;
  node->node_count = nodes;
  node->leaf_count = std::max<uint64_t>(leaves, 1);
  node->pattern_count = patterns;
  if (node->oversized || node->depth > kMaxBuiltDepth || node->node_count > kMaxBuiltNodes) {
    node = std::make_shared<Node>();
    node->oversized = true;
  }
  node->flawed = node->flawed || !node->Check(kGreatestQueryLimits).ok();
  return Query(std::move(node));
}

Query Query::All() {
  static const Query all = Make(NewNode(QueryKind::kMatchAll));
  return all;
}

Query Query::None() { return Query(); }

// A leaf of text has no more to it than what a new node says, but for its length.
Query Query::Term(std::string_view field, std::string_view term) {
  std::shared_ptr<Node> node = NewNode(QueryKind::kTerm, field, term);
  node->flawed = term.size() > kMaxTermBytes;
  return Query(std::move(node));
}

Query Query::Match(std::string_view field, std::string_view text) {
  std::shared_ptr<Node> node = NewNode(QueryKind::kMatch, field, text);
  node->flawed = text.size() > kMaxQueryBytes;
  return Query(std::move(node));
}

Query Query::MatchPhrase(std::string_view field, std::string_view text, uint32_t slop) {
  std::shared_ptr<Node> node = NewNode(QueryKind::kMatchPhrase, field, text);
  node->flawed = text.size() > kMaxQueryBytes;
  if (slop != 0) {
    node->near =
        std::make_shared<const NearOptions>(NearOptions{.order = NearOrder::kPhrase, .slop = slop});
  }
  return Query(std::move(node));
}

Query Query::Near(std::string_view field, std::vector<Query> parts, NearOptions options) {
  std::shared_ptr<Node> node = NewNode(QueryKind::kNear, field);
  node->children = std::move(parts);
  node->near = std::make_shared<const NearOptions>(std::move(options));
  return Make(std::move(node));
}

Query Query::NearRelated(std::string_view field, Query near, NearRelation relation, Query other) {
  std::shared_ptr<Node> node = NewNode(QueryKind::kNearRelated, field);
  node->children.push_back(std::move(near));
  node->children.push_back(std::move(other));
  node->relation = relation;
  return Make(std::move(node));
}

Query Query::Phrase(std::string_view field, std::vector<PhraseTerm> terms) {
  std::shared_ptr<Node> node = NewNode(QueryKind::kPhrase, field);
  node->phrase = std::move(terms);
  return Make(std::move(node));
}

Query Query::Phrase(std::string_view field, std::vector<std::string> terms) {
  std::vector<PhraseTerm> phrase;
  for (std::string& term : terms) {
    phrase.push_back({std::move(term), static_cast<uint32_t>(phrase.size())});
  }
  return Phrase(field, std::move(phrase));
}

Query Query::Phrase(std::string_view field, std::initializer_list<std::string_view> terms) {
  return Phrase(field, std::vector<std::string>(terms.begin(), terms.end()));
}

Query Query::Phrase(std::string_view field, std::initializer_list<PhraseTerm> terms) {
  return Phrase(field, std::vector<PhraseTerm>(terms));
}

Query Query::Equals(std::string_view field, Value value) {
  std::shared_ptr<Node> node = NewNode(QueryKind::kEquals, field);
  node->value = std::move(value);
  return Make(std::move(node));
}

Query Query::Prefix(std::string_view field, std::string_view prefix) {
  return Make(NewNode(QueryKind::kPrefix, field, prefix));
}

Query Query::Wildcard(std::string_view field, std::string_view pattern) {
  return Make(NewNode(QueryKind::kWildcard, field, pattern));
}

Query Query::Regexp(std::string_view field, std::string_view pattern) {
  return Make(NewNode(QueryKind::kRegexp, field, pattern));
}

Query Query::Fuzzy(std::string_view field, std::string_view word, FuzzyOptions options) {
  std::shared_ptr<Node> node = NewNode(QueryKind::kFuzzy, field, word);
  node->fuzzy = options;
  return Make(std::move(node));
}

Query Query::TermRange(std::string_view field, TermBounds bounds) {
  std::shared_ptr<Node> node = NewNode(QueryKind::kTermRange, field);
  node->bounds = std::make_shared<const TermBounds>(std::move(bounds));
  return Make(std::move(node));
}

Query Query::Range(std::string_view field, ValueBounds bounds) {
  std::shared_ptr<Node> node = NewNode(QueryKind::kRange, field);
  node->value_bounds = std::make_shared<const ValueBounds>(std::move(bounds));
  return Make(std::move(node));
}

Query Query::In(std::string_view field, std::vector<Value> values) {
  std::shared_ptr<Node> node = NewNode(QueryKind::kIn, field);
  node->values = std::make_shared<const std::vector<Value>>(std::move(values));
  return Make(std::move(node));
}

Query Query::Exists(std::string_view field) { return Make(NewNode(QueryKind::kExists, field)); }

Query Query::Ids(std::vector<std::string> keys) {
  std::shared_ptr<Node> node = NewNode(QueryKind::kIds);
  node->values = std::make_shared<const std::vector<Value>>(std::make_move_iterator(keys.begin()),
                                                            std::make_move_iterator(keys.end()));
  return Make(std::move(node));
}

Query Query::GeoBox(std::string_view field, GeoBounds bounds) {
  std::shared_ptr<Node> node = NewNode(QueryKind::kGeoBox, field);
  node->geo_bounds = std::make_shared<const GeoBounds>(bounds);
  return Make(std::move(node));
}

Query Query::GeoDistance(std::string_view field, GeoCircle circle) {
  std::shared_ptr<Node> node = NewNode(QueryKind::kGeoDistance, field);
  node->geo_circle = std::make_shared<const GeoCircle>(circle);
  return Make(std::move(node));
}

Query Query::Boolean(std::vector<QueryClause> clauses, uint32_t min_should_match) {
  std::shared_ptr<Node> node = NewNode(QueryKind::kBoolean);
  node->clauses = std::move(clauses);
  node->min_should_match = min_should_match;
  return Make(std::move(node));
}

Query Query::And(std::vector<Query> queries) {
  return Boolean(ClausesOf(Occur::kMust, std::move(queries)));
}

Query Query::Or(std::vector<Query> queries) {
  return Boolean(ClausesOf(Occur::kShould, std::move(queries)));
}

Query Query::Boost(Query query, float boost) {
  std::shared_ptr<Node> node = NewNode(QueryKind::kBoost);
  node->children.push_back(std::move(query));
  node->number = boost;
  return Make(std::move(node));
}

Query Query::ConstantScore(Query query, float score) {
  std::shared_ptr<Node> node = NewNode(QueryKind::kConstantScore);
  node->children.push_back(std::move(query));
  node->number = score;
  return Make(std::move(node));
}

Query Query::DisjunctionMax(std::vector<Query> queries, float tie) {
  std::shared_ptr<Node> node = NewNode(QueryKind::kDisjunctionMax);
  node->children = std::move(queries);
  node->number = tie;
  return Make(std::move(node));
}

Query Query::Combined(std::vector<WeightedField> fields, std::string_view text) {
  std::shared_ptr<Node> node = NewNode(QueryKind::kCombined, {}, text);
  node->weighted_fields = std::make_shared<const std::vector<WeightedField>>(std::move(fields));
  return Make(std::move(node));
}

Query Query::CombinedTerms(std::vector<CombinedTerm> terms) {
  std::shared_ptr<Node> node = NewNode(QueryKind::kCombinedTerms);
  node->combined_terms = std::make_shared<const std::vector<CombinedTerm>>(std::move(terms));
  return Make(std::move(node));
}

Query Query::Like(std::string_view field, std::string_view text, LikeOptions options) {
  std::shared_ptr<Node> node = NewNode(QueryKind::kLike, field, text);
  node->like = std::make_shared<const LikeOptions>(options);
  return Make(std::move(node));
}

Query Query::LikeTerms(std::vector<CombinedTerm> terms, LikeOptions options) {
  std::shared_ptr<Node> node = NewNode(QueryKind::kLikeTerms);
  node->combined_terms = std::make_shared<const std::vector<CombinedTerm>>(std::move(terms));
  node->like = std::make_shared<const LikeOptions>(options);
  return Make(std::move(node));
}

Query Query::FunctionScore(Query query, ScoreFunction function) {
  std::shared_ptr<Node> node = NewNode(QueryKind::kFunctionScore);
  node->children.push_back(std::move(query));
  node->function = std::make_shared<const ScoreFunction>(std::move(function));
  return Make(std::move(node));
}

Query Query::Demote(Query query, Query negative, float factor) {
  std::shared_ptr<Node> node = NewNode(QueryKind::kDemote);
  node->children.push_back(std::move(query));
  node->children.push_back(std::move(negative));
  node->number = factor;
  return Make(std::move(node));
}

Query Query::WithSource(size_t begin_byte, size_t end_byte) const& {
  auto copy = std::make_shared<Node>(node());
  copy->source_begin = begin_byte;
  copy->source_end = end_byte;
  return Query(std::move(copy));
}

Query Query::WithSource(size_t begin_byte, size_t end_byte) && {
  // A node of which nobody else knows may still be changed: no node is born
  // const (Make).
  if (node_.use_count() != 1) return std::as_const(*this).WithSource(begin_byte, end_byte);
  Node* sole = const_cast<Node*>(node_.get());
  sole->source_begin = begin_byte;
  sole->source_end = end_byte;
  return std::move(*this);
}

// ---- Looking inside ----

QueryKind Query::kind() const { return node().kind; }
const std::string& Query::field() const { return node().field; }
const std::string& Query::text() const { return node().text; }
const std::vector<PhraseTerm>& Query::phrase() const { return node().phrase; }
const Value& Query::value() const { return node().value; }
const FuzzyOptions& Query::fuzzy() const { return node().fuzzy; }
const NearOptions& Query::near() const {
  static const NearOptions none;
  static const NearOptions phrase{.order = NearOrder::kPhrase};
  if (node().near != nullptr) return *node().near;
  return kind() == QueryKind::kMatchPhrase ? phrase : none;
}
NearRelation Query::relation() const { return node().relation; }
const TermBounds& Query::bounds() const {
  static const TermBounds none;
  return node().bounds != nullptr ? *node().bounds : none;
}
const ValueBounds& Query::value_bounds() const {
  static const ValueBounds none;
  return node().value_bounds != nullptr ? *node().value_bounds : none;
}
const std::vector<Value>& Query::values() const {
  static const std::vector<Value> none;
  return node().values != nullptr ? *node().values : none;
}
const GeoBounds& Query::geo_bounds() const {
  static const GeoBounds none;
  return node().geo_bounds != nullptr ? *node().geo_bounds : none;
}
const GeoCircle& Query::geo_circle() const {
  static const GeoCircle none;
  return node().geo_circle != nullptr ? *node().geo_circle : none;
}
const std::vector<WeightedField>& Query::weighted_fields() const {
  static const std::vector<WeightedField> none;
  return node().weighted_fields != nullptr ? *node().weighted_fields : none;
}
const std::vector<CombinedTerm>& Query::combined_terms() const {
  static const std::vector<CombinedTerm> none;
  return node().combined_terms != nullptr ? *node().combined_terms : none;
}
const ScoreFunction& Query::function() const {
  static const ScoreFunction none;
  return node().function != nullptr ? *node().function : none;
}
const LikeOptions& Query::like() const {
  static const LikeOptions usual;
  return node().like != nullptr ? *node().like : usual;
}
const std::vector<QueryClause>& Query::clauses() const { return node().clauses; }
uint32_t Query::min_should_match() const { return node().min_should_match; }
const std::vector<Query>& Query::children() const { return node().children; }
float Query::number() const { return node().number; }
size_t Query::source_begin() const { return node().source_begin; }
size_t Query::source_end() const { return node().source_end; }
uint32_t Query::depth() const { return node().depth; }
uint64_t Query::leaf_count() const { return node().leaf_count; }
uint64_t Query::pattern_count() const { return node().pattern_count; }

void Query::VisitTerms(const std::function<void(std::string_view, std::string_view)>& fn) const {
  if (kind() == QueryKind::kTerm) fn(field(), text());
  for (const PhraseTerm& term : phrase()) fn(field(), term.term);
  for (const CombinedTerm& term : combined_terms()) fn(term.field, term.term);
  for (const Query& child : children()) {
    // A document matches without what demotes it, or must not be there.
    const bool may_be_absent = kind() == QueryKind::kDemote ||
                               (kind() == QueryKind::kNearRelated && !NeedsOther(relation()));
    if (may_be_absent && &child == &children().back()) continue;
    child.VisitTerms(fn);
  }
  for (const QueryClause& clause : clauses()) {
    if (clause.occur != Occur::kMustNot) clause.query.VisitTerms(fn);
  }
}

bool Query::EqualTo(const Query& other) const {
  if (node_ == other.node_) return true;
  const Node& a = node();
  const Node& b = other.node();
  return a.kind == b.kind && a.oversized == b.oversized && a.leaf_count == b.leaf_count &&
         a.depth == b.depth && a.text == b.text && a.field == b.field && a.phrase == b.phrase &&
         a.value == b.value && a.fuzzy == b.fuzzy && near() == other.near() &&
         a.relation == b.relation && bounds() == other.bounds() &&
         value_bounds() == other.value_bounds() && values() == other.values() &&
         geo_bounds() == other.geo_bounds() && geo_circle() == other.geo_circle() &&
         function() == other.function() && like() == other.like() &&
         weighted_fields() == other.weighted_fields() &&
         combined_terms() == other.combined_terms() && a.number == b.number &&
         a.min_should_match == b.min_should_match && a.children == b.children &&
         a.clauses == b.clauses;
}

}  // namespace segue

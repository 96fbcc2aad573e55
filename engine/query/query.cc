// SPDX-License-Identifier: Apache-2.0
//
// A query is a tree of immutable nodes behind shared pointers. Each node knows
// the depth and the size of its tree from the moment it is built, so that a tree
// beyond all reason can be refused right there, in constant time: what is built
// in its place matches nothing and remembers that it is oversized. That is why
// everything else here, the destructor included, may recurse.
#include "segue/query.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <utility>

#include "engine/automata/regexp.h"
#include "engine/base/limits.h"
#include "engine/base/status.h"
#include "engine/base/strings.h"
#include "engine/query/query_node.h"

namespace segue {

namespace {

// Recursion is bounded by these; both are far beyond what Validate() accepts, so
// that rewriting a valid query, which adds a few levels, cannot meet them.
constexpr uint32_t kMaxBuiltDepth = 2 * kMaxQueryDepth;
constexpr uint64_t kMaxBuiltNodes = uint64_t{1} << 20;

absl::Status TooMuch(std::string message) {
  return Error(ErrorCode::kResourceExhausted, std::move(message));
}

absl::Status CheckFactor(std::string_view name, float factor) {
  if (std::isfinite(factor) && factor >= 0) return absl::OkStatus();
  return Error(ErrorCode::kInvalidArgument,
               Cat("a query's ", name, " must be 0 or more and finite, not ", factor));
}

absl::Status CheckPhrase(const std::vector<PhraseTerm>& phrase) {
  if (phrase.size() > kMaxPhraseTerms) {
    return TooMuch(
        Cat("a phrase of ", phrase.size(), " terms; at most ", kMaxPhraseTerms, " are allowed"));
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

absl::Status CheckText(QueryKind kind, std::string_view text, size_t max_bytes) {
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
  return absl::OkStatus();
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

absl::Status CheckValues(const std::vector<Value>& values) {
  if (values.size() > kMaxSetValues) {
    return TooMuch(
        Cat("a set of ", values.size(), " values; at most ", kMaxSetValues, " are allowed"));
  }
  for (const Value& value : values) SEGUE_RETURN_IF_ERROR(CheckValue(value));
  return absl::OkStatus();
}

absl::Status CheckWeight(float weight) {
  if (std::isfinite(weight) && weight > 0) return absl::OkStatus();
  return Error(ErrorCode::kInvalidArgument,
               Cat("the weight of a field must be above 0 and finite, not ", weight));
}

absl::Status CheckCombined(size_t count, std::string_view what) {
  if (count <= kMaxPhraseTerms) return absl::OkStatus();
  return TooMuch(
      Cat("a combined query of ", count, " ", what, "; at most ", kMaxPhraseTerms, " are allowed"));
}

absl::Status CheckFields(const std::vector<WeightedField>& fields) {
  SEGUE_RETURN_IF_ERROR(CheckCombined(fields.size(), "fields"));
  for (const WeightedField& field : fields) SEGUE_RETURN_IF_ERROR(CheckWeight(field.weight));
  return absl::OkStatus();
}

absl::Status CheckTerms(const std::vector<CombinedTerm>& terms) {
  SEGUE_RETURN_IF_ERROR(CheckCombined(terms.size(), "terms"));
  for (const CombinedTerm& term : terms) {
    SEGUE_RETURN_IF_ERROR(CheckWeight(term.weight));
    SEGUE_RETURN_IF_ERROR(CheckText(QueryKind::kCombinedTerms, term.term, kMaxTermBytes));
  }
  return absl::OkStatus();
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

absl::Status CheckNear(const NearOptions& near, const std::vector<Query>& parts) {
  if (parts.size() > kMaxPhraseTerms) {
    return TooMuch(
        Cat("a near query of ", parts.size(), " parts; at most ", kMaxPhraseTerms, " are allowed"));
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
  for (const uint32_t position : near.positions) {
    if (position <= kMaxPosition) continue;
    return TooMuch(
        Cat("a position of ", position, " in a near query; at most ", kMaxPosition, " is allowed"));
  }
  return absl::OkStatus();
}

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

// ---- Rules ----

absl::Status Query::Node::Check() const {
  switch (kind) {
    case QueryKind::kTerm:
    case QueryKind::kPrefix:
      return CheckText(kind, text, kMaxTermBytes);
    case QueryKind::kWildcard:
      return CheckText(kind, text, kMaxPatternBytes);
    case QueryKind::kRegexp:
      SEGUE_RETURN_IF_ERROR(CheckText(kind, text, kMaxPatternBytes));
      return CompileRegexp(text).status();
    case QueryKind::kFuzzy:
      return CheckFuzzy(text, fuzzy);
    case QueryKind::kTermRange:
      return CheckBounds(*bounds);
    case QueryKind::kRange:
      return CheckValueBounds(*value_bounds);
    case QueryKind::kIn:
    case QueryKind::kIds:
      return CheckValues(*values);
    case QueryKind::kMatch:
    case QueryKind::kMatchPhrase:
      return CheckText(kind, text, kMaxQueryBytes);
    case QueryKind::kPhrase:
      return CheckPhrase(phrase);
    case QueryKind::kNear:
      return CheckNear(*near, children);
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
      SEGUE_RETURN_IF_ERROR(CheckFields(*weighted_fields));
      return CheckText(kind, text, kMaxQueryBytes);
    case QueryKind::kCombinedTerms:
      return CheckTerms(*combined_terms);
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

absl::Status Query::Node::CheckTree() const {
  SEGUE_RETURN_IF_ERROR(Check());
  for (const Query& child : children) {
    SEGUE_RETURN_IF_ERROR(child.node().CheckTree());
  }
  for (const QueryClause& clause : clauses) {
    SEGUE_RETURN_IF_ERROR(clause.query.node().CheckTree());
  }
  return absl::OkStatus();
}

absl::Status Query::Node::Problem() const {
  if (oversized || depth > kMaxQueryDepth) {
    return TooMuch(Cat("the query nests too deep or is too large; at most ", kMaxQueryDepth,
                       " levels and ", kMaxQueryClauses, " clauses are allowed"));
  }
  if (leaf_count > kMaxQueryClauses) {
    return TooMuch(
        Cat("the query has ", leaf_count, " clauses; at most ", kMaxQueryClauses, " are allowed"));
  }
  if (pattern_count > kMaxQueryPatterns) {
    return TooMuch(Cat("the query has ", pattern_count,
                       " prefixes, patterns, fuzzy words and sets; at most ", kMaxQueryPatterns,
                       " are allowed"));
  }
  return CheckTree();
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
  node->flawed = node->flawed || !node->Check().ok();
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
    // A document matches without what demotes it.
    if (kind() == QueryKind::kDemote && &child == &children().back()) continue;
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
         bounds() == other.bounds() && value_bounds() == other.value_bounds() &&
         values() == other.values() && function() == other.function() &&
         weighted_fields() == other.weighted_fields() &&
         combined_terms() == other.combined_terms() && a.number == b.number &&
         a.min_should_match == b.min_should_match && a.children == b.children &&
         a.clauses == b.clauses;
}

// Nearly all queries are sound, and each is asked several times on its way.
absl::Status Query::Validate() const {
  const Node& root = node();
  const bool fits = !root.oversized && root.depth <= kMaxQueryDepth &&
                    root.leaf_count <= kMaxQueryClauses && root.pattern_count <= kMaxQueryPatterns;
  return fits && !root.flawed ? absl::OkStatus() : root.Problem();
}

}  // namespace segue

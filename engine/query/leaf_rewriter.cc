// SPDX-License-Identifier: Apache-2.0
//
// A leaf without a field is tried in each default field, and the best of them
// counts (decision D5). In a field, its type decides: text is analysed, a
// keyword is the text itself, numbers and the like are read from the text. What
// cannot be searched gives a query that matches nothing and a diagnostic; text
// in which the analyzer finds no word gives no query at all.
#include "engine/query/leaf_rewriter.h"

#include <algorithm>
#include <set>
#include <utility>

#include "engine/base/limits.h"
#include "engine/base/nearest_name.h"
#include "engine/base/status.h"
#include "engine/base/strings.h"
#include "engine/query/field_pattern.h"
#include "engine/query/pattern_rewriter.h"
#include "engine/query/query_scanner.h"
#include "engine/query/query_text.h"
#include "engine/query/value_rewriter.h"
#include "engine/schema/value.h"

namespace segue {

namespace {

constexpr size_t kMaxDiagnostics = 64;

bool AsksForPoints(const Query& leaf) {
  return leaf.kind() == QueryKind::kGeoBox || leaf.kind() == QueryKind::kGeoDistance;
}

bool HasPoints(const Field& field) { return field.options.type == FieldType::kGeoPoint; }

}  // namespace

bool HasTerms(const Field& field) {
  return field.options.type == FieldType::kText || field.options.type == FieldType::kKeyword;
}

Query WithFieldBoost(const Field& field, Query query) {
  if (field.options.boost == 1.0f) return query;
  return Query::Boost(std::move(query), field.options.boost);
}

LeafRewriter::LeafRewriter(const RewriteContext& context, const QueryLimits& limits,
                           std::vector<Diagnostic>* diagnostics)
    : context_(context), limits_(limits), diagnostics_(diagnostics) {
  if (!context.default_fields.has_value()) own_default_fields_ = DefaultFields(*context.schema);
  default_fields_ = context.default_fields.value_or(own_default_fields_);
}

LeafRewriter::~LeafRewriter() {
  for (FieldStream& open : streams_) {
    if (open.pool != nullptr) open.pool->Return(std::move(open.stream));
  }
}

void LeafRewriter::Warn(const Query& query, std::string message) {
  if (diagnostics_->size() >= kMaxDiagnostics) return;
  for (const Diagnostic& other : *diagnostics_) {
    if (other.message == message) return;
  }
  diagnostics_->push_back({query.source_begin(), query.source_end(), std::move(message)});
}

void LeafRewriter::WarnOfType(const Query& query, const Field& field, std::string_view what) {
  Warn(query, Cat("the field ", ShownText(field.name), " is of type ",
                  FieldTypeName(field.options.type), " and ", what));
}

Rewritten LeafRewriter::Rewrite(const Query& leaf) {
  switch (leaf.kind()) {
    case QueryKind::kTerm:
      return OverFields(leaf, &LeafRewriter::TermIn);
    case QueryKind::kMatch:
      if (leaf.field().empty() ? default_fields_.size() > 1 : IsFieldPattern(leaf.field())) {
        return Words(leaf);
      }
      return OverFields(leaf, &LeafRewriter::TextIn);
    case QueryKind::kPhrase:
      return OverFields(leaf, &LeafRewriter::PhraseIn);
    case QueryKind::kMatchPhrase:
      return OverFields(leaf, &LeafRewriter::PhraseTextIn);
    case QueryKind::kNear:
      return OverFields(leaf, &LeafRewriter::NearIn);
    case QueryKind::kNearRelated:
      return OverFields(leaf, &LeafRewriter::RelatedIn);
    case QueryKind::kEquals:
      return OverFields(leaf, &LeafRewriter::ValueIn);
    case QueryKind::kPrefix:
    case QueryKind::kWildcard:
    case QueryKind::kRegexp:
    case QueryKind::kFuzzy:
    case QueryKind::kTermRange:
      return OverFields(leaf, &LeafRewriter::PatternIn);
    case QueryKind::kRange:
      return OverFields(leaf, &LeafRewriter::RangeIn);
    case QueryKind::kIn:
      return OverFields(leaf, &LeafRewriter::SetIn);
    case QueryKind::kExists:
      return OverFields(leaf, &LeafRewriter::ExistsIn);
    case QueryKind::kGeoBox:
    case QueryKind::kGeoDistance:
      return OverFields(leaf, &LeafRewriter::AreaIn);
    case QueryKind::kIds:
      return Keys(leaf);
    case QueryKind::kCombined:
      return FieldsTogether(leaf);
    case QueryKind::kCombinedTerms:
      return TermsTogether(leaf);
    case QueryKind::kLike:
      return OverFields(leaf, &LeafRewriter::LikeIn);
    case QueryKind::kLikeTerms:
      return TermsLike(leaf);
    default:
      return Error(ErrorCode::kInternal, "a query without a field as a leaf");
  }
}

// ---- Fields ----

const Field* LeafRewriter::SearchableField(const Query& leaf, std::string_view name) {
  const Field* field = context_.schema->Find(name);
  if (field == nullptr) {
    std::vector<std::string_view> names;
    for (const Field& known : context_.schema->fields()) {
      names.push_back(known.name);
    }
    std::string nearest = NearestName(name, names);
    Warn(leaf,
         Cat("there is no field ", ShownText(name),
             nearest.empty() ? std::string() : Cat("; did you mean ", ShownText(nearest), "?")));
    return nullptr;
  }
  if (!field->options.indexed || field->options.type == FieldType::kBytes) {
    Warn(leaf, Cat("the field ", ShownText(field->name), " is not indexed and cannot be searched"));
    return nullptr;
  }
  return field;
}

// What a name like title_* stands for, if no field has that very name.
bool LeafRewriter::IsFieldPattern(std::string_view name) const {
  return name.find('*') != name.npos && context_.schema->Find(name) == nullptr;
}

// Existence is asked of all fields, points of those that have points, words of those that have
// terms.
std::vector<const Field*> LeafRewriter::FieldsLike(const Query& leaf) {
  std::vector<const Field*> fields;
  for (const Field& field : context_.schema->fields()) {
    const bool suits = leaf.kind() == QueryKind::kExists ||
                       (AsksForPoints(leaf) ? HasPoints(field) : HasTerms(field));
    const bool is_searchable =
        field.options.indexed && field.options.type != FieldType::kBytes && suits;
    if (!is_searchable || !FieldNameMatches(leaf.field(), field.name)) continue;
    if (fields.size() == kMaxQueryPatterns) {
      Warn(leaf, Cat(ShownText(leaf.field()), " stands for more than ", kMaxQueryPatterns,
                     " fields; the first ones are searched"));
      break;
    }
    fields.push_back(&field);
  }
  if (fields.empty()) Warn(leaf, Cat("there is no field like ", ShownText(leaf.field())));
  return fields;
}

Rewritten LeafRewriter::OverFields(const Query& leaf, PerField rewrite) {
  if (IsFieldPattern(leaf.field())) {
    const std::vector<const Field*> fields = FieldsLike(leaf);
    if (fields.empty()) return Query::None();
    return OverEachField(fields, leaf, rewrite);
  }
  if (!leaf.field().empty()) {
    const Field* field = SearchableField(leaf, leaf.field());
    if (field == nullptr) return Query::None();
    Rewritten query = InField(*field, leaf, rewrite);
    if (query.ok() && !query->has_value()) {
      Warn(leaf, Cat(ShownText(leaf.text()), " has no searchable words in the field ",
                     ShownText(field->name), "; left out"));
    }
    return query;
  }
  if (default_fields_.empty()) {
    Warn(leaf, "the schema has no default fields; name the field to search");
    return Query::None();
  }
  Rewritten query = OverEachField(default_fields_, leaf, rewrite);
  if (query.ok() && !query->has_value()) {
    Warn(leaf, Cat(ShownText(leaf.text()), " has no searchable words; left out"));
  }
  return query;
}

Rewritten LeafRewriter::InField(const Field& field, const Query& leaf, PerField rewrite) {
  if (HasPoints(field) && !AsksForPoints(leaf) && leaf.kind() != QueryKind::kExists) {
    WarnOfType(leaf, field, "has points; ask for BOX(...) or AROUND(...)");
    return Query::None();
  }
  return (this->*rewrite)(field, leaf);
}

Rewritten LeafRewriter::OverEachField(std::span<const Field* const> fields, const Query& leaf,
                                      PerField rewrite) {
  if (fields.size() == 1) return InField(*fields[0], leaf, rewrite);
  std::vector<Query> queries;
  queries.reserve(fields.size());
  for (const Field* field : fields) {
    SEGUE_ASSIGN_OR_RETURN(std::optional<Query> query, InField(*field, leaf, rewrite));
    if (query.has_value()) queries.push_back(*std::move(query));
  }
  if (queries.empty()) return std::optional<Query>();
  if (queries.size() == 1) return std::move(queries[0]);
  return Query::DisjunctionMax(std::move(queries));
}

// Literal text over several fields: any of its words, each where it is
// best.
Rewritten LeafRewriter::Words(const Query& leaf) {
  std::vector<QueryClause> clauses;
  for (std::string_view word : SplitWords(leaf.text())) {
    Query one = Query::Match(leaf.field(), word).WithSource(leaf.source_begin(), leaf.source_end());
    SEGUE_ASSIGN_OR_RETURN(std::optional<Query> query, OverFields(one, &LeafRewriter::TextIn));
    if (query.has_value()) {
      clauses.push_back({Occur::kShould, *std::move(query)});
    }
  }
  if (clauses.empty()) return std::optional<Query>();
  if (clauses.size() == 1) return std::move(clauses[0].query);
  return Query::Boolean(std::move(clauses));
}

// ---- Terms ----

Query LeafRewriter::TermOf(const Field& field, std::string_view term, const Query& leaf) {
  if (term.size() > kMaxTermBytes) {
    Warn(leaf, Cat("a word of ", term.size(), " bytes is in no index; at most ", kMaxTermBytes,
                   " are kept"));
    return Query::None();
  }
  return WithFieldBoost(field, Query::Term(field.name, term));
}

Rewritten LeafRewriter::TermIn(const Field& field, const Query& leaf) {
  if (!HasTerms(field)) return ValueOfWordsIn(field, leaf);
  return TermOf(field, leaf.text(), leaf);
}

absl::StatusOr<const Analyzer*> LeafRewriter::AnalyzerOf(const Field& field) {
  const Analyzer* analyzer = context_.analyzer(field.name);
  if (analyzer != nullptr) return analyzer;
  return Error(ErrorCode::kInternal, Cat("the field ", ShownText(field.name), " has no analyzer"));
}

absl::StatusOr<AnalysisStream*> LeafRewriter::StreamOf(const Field& field) {
  for (const FieldStream& open : streams_) {
    if (open.field == &field) return open.stream.get();
  }
  FieldStream opened{.field = &field, .pool = nullptr, .stream = nullptr};
  if (!context_.streams.empty()) {
    opened.pool = context_.streams[static_cast<size_t>(&field - context_.schema->fields().data())];
  }
  if (opened.pool != nullptr) {
    opened.stream = opened.pool->Take();
  } else {
    SEGUE_ASSIGN_OR_RETURN(const Analyzer* const analyzer, AnalyzerOf(field));
    opened.stream = analyzer->NewStream();
  }
  return streams_.emplace_back(std::move(opened)).stream.get();
}

absl::Status LeafRewriter::CheckTokens(size_t tokens) const {
  if (tokens <= limits_.text_tokens) return absl::OkStatus();
  return Error(ErrorCode::kResourceExhausted, Cat("a text of more than ", limits_.text_tokens,
                                                  " tokens; search for a shorter one"));
}

absl::StatusOr<std::span<const LeafRewriter::Word>> LeafRewriter::Analyze(const Field& field,
                                                                          std::string_view text) {
  SEGUE_ASSIGN_OR_RETURN(AnalysisStream* const stream, StreamOf(field));
  SEGUE_RETURN_IF_ERROR(stream->Start(text));
  words_.clear();
  uint32_t end = 0;  // one more than the position of the token before
  while (const TokenBatch* batch = stream->Next()) {
    for (size_t i = 0; i < batch->size(); ++i) {
      const Token& token = (*batch)[i];
      end += token.position_increment;
      words_.push_back(
          {std::string(batch->term(i)), std::max(end, 1u) - 1, token.position_length, token.type});
    }
    SEGUE_RETURN_IF_ERROR(CheckTokens(words_.size()));
  }
  return std::span<const Word>(words_);
}

Rewritten LeafRewriter::TextIn(const Field& field, const Query& leaf) {
  if (field.options.type != FieldType::kText) {
    return HasTerms(field) ? TermOf(field, leaf.text(), leaf) : ValueOfWordsIn(field, leaf);
  }
  SEGUE_ASSIGN_OR_RETURN(const std::span<const Word> tokens, Analyze(field, leaf.text()));
  if (tokens.empty()) return std::optional<Query>();
  if (tokens.size() == 1) return TermOf(field, tokens[0].term, leaf);
  std::vector<QueryClause> clauses;
  clauses.reserve(tokens.size());
  for (std::span<const Word> rest = tokens; !rest.empty();) {
    const size_t size = SizeOfKnot(rest);
    AddClauses(field, rest.first(size), leaf, &clauses);
    rest = rest.subspan(size);
  }
  if (clauses.size() == 1) return std::move(clauses[0].query);
  return Query::Boolean(std::move(clauses));
}

// ---- Patterns ----

Rewritten LeafRewriter::PatternIn(const Field& field, const Query& leaf) {
  if (!HasTerms(field)) {
    if (leaf.kind() == QueryKind::kTermRange) return RangeIn(field, leaf);
    WarnOfType(
        leaf, field,
        Cat("has no terms; a ", QueryKindName(leaf.kind()), " query needs text or keywords"));
    return Query::None();
  }
  const Analyzer* analyzer = nullptr;
  if (field.options.type == FieldType::kText) {
    SEGUE_ASSIGN_OR_RETURN(analyzer, AnalyzerOf(field));
  }
  const Query query = PatternOfField(leaf, field.name, analyzer);
  if (query.kind() == QueryKind::kTerm) return TermOf(field, query.text(), leaf);
  return WithFieldBoost(field, query.WithSource(leaf.source_begin(), leaf.source_end()));
}

// ---- Values ----

Rewritten LeafRewriter::ValueOfWordsIn(const Field& field, const Query& leaf) {
  absl::StatusOr<Value> value = ValueOfText(leaf.text(), field.options.type);
  if (!value.ok()) {
    Warn(leaf, Cat(ShownText(leaf.text()), " is no value of the field ", ShownText(field.name),
                   " (", FieldTypeName(field.options.type), ")"));
    return Query::None();
  }
  return WithFieldBoost(field, Query::Equals(field.name, *std::move(value)));
}

Rewritten LeafRewriter::ValueIn(const Field& field, const Query& leaf) {
  if (field.options.type == FieldType::kText) {
    Warn(leaf, Cat("the field ", ShownText(field.name),
                   " is text, which has words but no value to be equal to"));
    return Query::None();
  }
  absl::StatusOr<Value> value = ConvertValue(leaf.value(), field.options.type);
  if (!value.ok()) {
    Warn(leaf, Cat(ShownText(TextOfValue(leaf.value())), " is no value of the field ",
                   ShownText(field.name), " (", FieldTypeName(field.options.type), ")"));
    return Query::None();
  }
  if (field.options.type == FieldType::kKeyword) {
    return TermOf(field, std::get<std::string>(*value), leaf);
  }
  return WithFieldBoost(field, Query::Equals(field.name, *std::move(value)));
}

// ---- Ranges and sets of values ----

// Of values or, from the query language, of texts.
Rewritten LeafRewriter::RangeIn(const Field& field, const Query& leaf) {
  ValueBounds bounds = leaf.value_bounds();
  if (leaf.kind() == QueryKind::kTermRange) {
    const TermBounds& texts = leaf.bounds();
    bounds = {.from = texts.from,
              .to = texts.to,
              .include_from = texts.include_from,
              .include_to = texts.include_to};
  }
  if (HasTerms(field)) {
    TermBounds texts{.include_from = bounds.include_from, .include_to = bounds.include_to};
    if (bounds.from.has_value()) texts.from = TextOfValue(*bounds.from);
    if (bounds.to.has_value()) texts.to = TextOfValue(*bounds.to);
    return PatternIn(field, Query::TermRange(field.name, std::move(texts))
                                .WithSource(leaf.source_begin(), leaf.source_end()));
  }
  absl::StatusOr<ValueBounds> of_type = BoundsOfType(bounds, field.options.type);
  if (!of_type.ok()) {
    Warn(leaf, Cat("no range of the field ", ShownText(field.name), ": ",
                   std::string(of_type.status().message())));
    return Query::None();
  }
  if (!of_type->from.has_value() && !of_type->to.has_value()) return ExistsIn(field, leaf);
  return WithFieldBoost(field, Query::Range(field.name, *std::move(of_type)));
}

// The set in ascending order, each once.
Rewritten LeafRewriter::SetIn(const Field& field, const Query& leaf) {
  if (field.options.type == FieldType::kText) return SetOfWordsIn(field, leaf);
  std::vector<Value> values;
  values.reserve(leaf.values().size());
  for (const Value& value : leaf.values()) {
    absl::StatusOr<Value> held = ValueAsAsked(value, field.options.type);
    if (held.ok()) {
      values.push_back(*std::move(held));
    } else {
      Warn(leaf, Cat(ShownText(TextOfValue(value)), " is no value of the field ",
                     ShownText(field.name), " (", FieldTypeName(field.options.type), ")"));
    }
  }
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
  if (values.empty()) return Query::None();
  return WithFieldBoost(field, Query::In(field.name, std::move(values)));
}

// Any of the words, each as in TextIn, with the score of a set.
Rewritten LeafRewriter::SetOfWordsIn(const Field& field, const Query& leaf) {
  std::set<std::string> terms;
  for (const Value& value : leaf.values()) {
    SEGUE_ASSIGN_OR_RETURN(const std::span<const Word> tokens, Analyze(field, TextOfValue(value)));
    for (const Word& token : tokens) {
      if (token.term.size() <= kMaxTermBytes) terms.insert(token.term);
    }
  }
  std::vector<Query> words;
  words.reserve(terms.size());
  for (const std::string& term : terms) words.push_back(Query::Term(field.name, term));
  if (words.empty()) return Query::None();
  Query any = words.size() == 1 ? std::move(words[0]) : Query::Or(std::move(words));
  return WithFieldBoost(field, Query::ConstantScore(std::move(any), 1));
}

Rewritten LeafRewriter::ExistsIn(const Field& field, const Query& /*leaf*/) {
  return WithFieldBoost(field, Query::Exists(field.name));
}

Rewritten LeafRewriter::AreaIn(const Field& field, const Query& leaf) {
  if (!HasPoints(field)) {
    WarnOfType(leaf, field, "has no points; BOX(...) and AROUND(...) need a geo_point field");
    return Query::None();
  }
  return WithFieldBoost(field, leaf.kind() == QueryKind::kGeoBox
                                   ? Query::GeoBox(field.name, leaf.geo_bounds())
                                   : Query::GeoDistance(field.name, leaf.geo_circle()));
}

std::optional<ScoreFunction> LeafRewriter::FunctionOfField(const Query& query) {
  ScoreFunction function = query.function();
  const Field* field = SearchableField(query, function.field);
  if (field == nullptr) return std::nullopt;
  if (HasTerms(*field) || HasPoints(*field)) {
    WarnOfType(query, *field, "has no numbers for a score function; it is left out");
    return std::nullopt;
  }
  if (!IsDecay(function.kind)) function.origin.reset();
  for (std::optional<Value>* value : {&function.origin, &function.missing}) {
    if (!value->has_value()) continue;
    absl::StatusOr<Value> held = ValueAsAsked(**value, field->options.type);
    if (!held.ok()) {
      Warn(query, Cat(ShownText(TextOfValue(**value)), " is no value of the field ",
                      ShownText(field->name), " (", FieldTypeName(field->options.type),
                      "); its score function is left out"));
      return std::nullopt;
    }
    *value = *std::move(held);
  }
  return function;
}

Rewritten LeafRewriter::Keys(const Query& leaf) {
  const std::string& key = context_.schema->key();
  if (key.empty()) {
    Warn(leaf, "the schema names no key field, so no document has a key");
    return Query::None();
  }
  return Rewrite(Query::In(key, leaf.values()).WithSource(leaf.source_begin(), leaf.source_end()));
}

}  // namespace segue

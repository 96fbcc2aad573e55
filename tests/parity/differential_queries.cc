// SPDX-License-Identifier: Apache-2.0
//
// A function a kind. What the two engines read differently is not generated; README.md says what
// that is.
#include "tests/parity/differential_queries.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "tests/parity/near_queries.h"

namespace segue {
namespace {

float Boost(WordSource& words) { return static_cast<float>(words.Between(0, 40)) / 8; }

// ---- Words ----

Query Term(WordSource& words) {
  const std::string field = words.Field();
  return Query::Term(field, words.Word(field));
}

Query Keyword(WordSource& words) {
  if (words.OneIn(2)) return Query::Term("tag", words.Tag());
  return Query::Equals("tag", words.Tag());
}

Query AnyWords(WordSource& words) {
  const std::string field = words.Field();
  return Query::Match(field, Joined(words.Words(field, words.Between(2, 8))));
}

Query DefaultFields(WordSource& words) {
  const std::string field = words.PlainField();
  if (words.OneIn(4)) return Query::MatchPhrase("", Joined(words.NearWords(field, 2, 2)));
  return Query::Text(Joined(words.Words(field, words.Between(1, 5))));
}

// ---- Booleans ----

Query AllWords(WordSource& words) {
  const std::string field = words.Field();
  return Query::And(Terms(field, words.NearWords(field, words.Between(2, 4), 12)));
}

Query Leaf(WordSource& words);

Query FilterAndNot(WordSource& words) {
  const std::string field = words.Field();
  const Occur scored = words.OneIn(2) ? Occur::kMust : Occur::kShould;
  std::vector<QueryClause> clauses;
  for (Query& term : Terms(field, words.Words(field, words.Between(1, 3)))) {
    clauses.push_back({scored, std::move(term)});
  }
  // Beside a filter no optional clause has to match.
  if (words.OneIn(2)) clauses.push_back({Occur::kFilter, Leaf(words)});
  for (uint64_t i = words.Between(0, 2); i > 0; --i) {
    clauses.push_back({Occur::kMustNot, Leaf(words)});
  }
  return Query::Boolean(std::move(clauses));
}

Query MustAndShould(WordSource& words) {
  const std::string field = words.Field();
  std::vector<QueryClause> clauses;
  for (uint64_t i = words.Between(1, 2); i > 0; --i) clauses.push_back({Occur::kMust, Leaf(words)});
  for (uint64_t i = words.Between(1, 4); i > 0; --i) {
    clauses.push_back({Occur::kShould, Leaf(words)});
  }
  if (words.OneIn(4)) clauses.push_back({Occur::kMustNot, Leaf(words)});
  return Query::Boolean(std::move(clauses));
}

Query MinimumShouldMatch(WordSource& words) {
  const std::string field = words.Field();
  std::vector<QueryClause> clauses;
  for (Query& term : Terms(field, words.Words(field, words.Between(2, 7)))) {
    clauses.push_back({Occur::kShould, std::move(term)});
  }
  const auto least = static_cast<uint32_t>(words.Between(1, clauses.size()));
  if (words.OneIn(5)) clauses.push_back({Occur::kMustNot, Leaf(words)});
  if (words.OneIn(5)) {
    QueryClause filter{Occur::kFilter, Leaf(words)};
    const auto is_same = [&](const QueryClause& clause) { return clause.query == filter.query; };
    if (std::none_of(clauses.begin(), clauses.end(), is_same)) clauses.push_back(std::move(filter));
  }
  return Query::Boolean(std::move(clauses), least);
}

// ---- Phrases ----

Query Phrase(WordSource& words) {
  const std::string field = words.Field();
  const std::vector<std::string> run = words.NearWords(field, words.Between(2, 4), 4);
  if (words.OneIn(2)) return Query::MatchPhrase(field, Joined(run));
  std::vector<PhraseTerm> terms;
  uint32_t place = 0;
  for (const std::string& word : run) {
    terms.push_back({word, place});
    place += words.OneIn(9) ? 0 : words.OneIn(3) ? 2 : 1;
  }
  return Query::Phrase(field, std::move(terms));
}

// ---- Many terms ----

Query Prefix(WordSource& words) {
  const std::string field = words.PlainField();
  const std::string word = words.Word(field);
  return Query::Prefix(field, word.substr(0, words.Between(1, word.size())));
}

Query Wildcard(WordSource& words) {
  const std::string field = words.PlainField();
  std::string pattern = words.Word(field);
  for (uint64_t i = words.Between(1, 2); i > 0; --i) {
    pattern[words.random().Below(pattern.size())] = words.OneIn(2) ? '*' : '?';
  }
  return Query::Wildcard(field, pattern);
}

Query Regexp(WordSource& words) {
  static constexpr const char* kParts[] = {".",   ".*",     "[a-m]",  "[^a-m0-5]",  ".?",   "\\d*",
                                           "\\w", "(e|a)+", "(o|on)", "[0-9]{1,3}", "a{2}", "s?"};
  const std::string field = words.PlainField();
  std::string pattern = words.Word(field);
  const size_t at = words.random().Below(pattern.size());
  pattern.replace(at, words.Between(0, pattern.size() - at),
                  kParts[words.random().Below(std::size(kParts))]);
  return Query::Regexp(field, pattern);
}

Query Fuzzy(WordSource& words) {
  const std::string field = words.PlainField();
  std::string word = words.Word(field);
  if (words.OneIn(2)) {
    const size_t at = words.random().Below(word.size());
    const auto letter = static_cast<char>('a' + words.random().Below(26));
    if (words.OneIn(3)) {
      word[at] = letter;
    } else if (words.OneIn(2)) {
      word.insert(at, 1, letter);
    } else if (at + 1 < word.size()) {
      std::swap(word[at], word[at + 1]);
    }
  }
  FuzzyOptions options;
  if (!words.OneIn(3)) options.edits = static_cast<uint32_t>(words.random().Below(3));
  options.prefix_length = static_cast<uint32_t>(words.OneIn(2) ? 0 : words.Between(1, 3));
  return Query::Fuzzy(field, word, options);
}

Query TermRange(WordSource& words) {
  const std::string field = words.OneIn(3) ? "tag" : words.PlainField();
  const auto end = [&] { return field == "tag" ? words.Tag() : words.Word(field); };
  TermBounds bounds;
  if (!words.OneIn(4)) bounds.from = end();
  if (!words.OneIn(4)) bounds.to = end();
  if (bounds.from.has_value()) bounds.include_from = words.OneIn(2);
  if (bounds.to.has_value()) bounds.include_to = words.OneIn(2);
  return Query::TermRange(field, std::move(bounds));
}

// ---- Values ----

Value AnyNumber(WordSource& words, bool of_decimals) {
  for (int tries = 0; tries < 1000; ++tries) {
    const DifferentialDocument& document = words.AnyDocument();
    if (of_decimals && !document.decimals.empty()) return document.decimals[0];
    if (!of_decimals && document.integer.has_value()) return *document.integer;
  }
  return of_decimals ? Value(0.0) : Value(int64_t{0});
}

Query Range(WordSource& words) {
  const bool of_decimals = words.OneIn(2);
  ValueBounds bounds;
  if (!words.OneIn(4)) bounds.from = AnyNumber(words, of_decimals);
  if (!words.OneIn(4)) bounds.to = AnyNumber(words, of_decimals);
  if (bounds.from.has_value()) bounds.include_from = words.OneIn(2);
  if (bounds.to.has_value()) bounds.include_to = words.OneIn(2);
  return Query::Range(of_decimals ? "d" : "n", std::move(bounds));
}

Query Equal(WordSource& words) {
  const bool of_decimals = words.OneIn(2);
  return Query::Equals(of_decimals ? "d" : "n", AnyNumber(words, of_decimals));
}

Query In(WordSource& words) {
  std::vector<Value> values;
  const uint64_t count = words.Between(1, 30);
  switch (words.random().Below(4)) {
    case 0:
      for (uint64_t i = 0; i < count; ++i) values.emplace_back(words.Tag());
      return Query::In("tag", std::move(values));
    case 1: {
      const std::string field = words.PlainField();
      for (uint64_t i = 0; i < count; ++i) values.emplace_back(words.Word(field));
      return Query::In(field, std::move(values));
    }
    default: {
      const bool of_decimals = words.OneIn(2);
      for (uint64_t i = 0; i < count; ++i) values.push_back(AnyNumber(words, of_decimals));
      return Query::In(of_decimals ? "d" : "n", std::move(values));
    }
  }
}

Query Exists(WordSource& words) {
  static constexpr const char* kFields[] = {"title", "body", "n", "d", "tag", "id"};
  const Query exists = Query::Exists(kFields[words.random().Below(std::size(kFields))]);
  if (words.OneIn(2)) return exists;
  return Query::Boolean(
      {{Occur::kMust, Leaf(words)}, {words.OneIn(2) ? Occur::kMustNot : Occur::kFilter, exists}});
}

Query Ids(WordSource& words) {
  std::vector<std::string> keys;
  for (uint64_t i = words.Between(1, 60); i > 0; --i) keys.push_back(words.AnyKey());
  return Query::Ids(std::move(keys));
}

// ---- Around others ----

// Anything whose scores have the same bits in both.
Query Leaf(WordSource& words) {
  switch (words.random().Below(9)) {
    case 0:
      return Phrase(words);
    case 1:
      return Range(words);
    case 2:
      return Keyword(words);
    case 3:
      return In(words);
    case 4: {
      const std::string word = words.Word("body");
      return Query::Prefix("body", word.substr(0, std::max<size_t>(word.size() - 1, 3)));
    }
    default:
      return Term(words);
  }
}

Query BestOf(WordSource& words) {
  std::vector<Query> queries;
  for (uint64_t i = words.Between(2, 4); i > 0; --i) queries.push_back(Leaf(words));
  if (words.OneIn(4)) queries.emplace_back(queries.front());
  return Query::DisjunctionMax(std::move(queries),
                               words.OneIn(2) ? 0 : static_cast<float>(words.Between(0, 10)) / 10);
}

// The same clauses from the last to the first.
Query Reversed(const Query& query) {
  if (query.kind() != QueryKind::kBoolean) return query;
  const std::vector<QueryClause>& clauses = query.clauses();
  return Query::Boolean({clauses.rbegin(), clauses.rend()}, query.min_should_match());
}

Query Nested(WordSource& words, int depth) {
  if (depth == 0) return Leaf(words);
  std::vector<Query> queries;
  for (uint64_t i = words.Between(2, 3); i > 0; --i) queries.push_back(Nested(words, depth - 1));
  if (words.OneIn(4)) queries.push_back(Reversed(queries.front()));
  switch (words.random().Below(7)) {
    case 0:
      return Query::And({Query::Or(std::move(queries)), Leaf(words)});
    case 1:
      return Query::Boost(Query::Or(std::move(queries)), Boost(words));
    case 2:
      return Query::DisjunctionMax(std::move(queries), 0.25f);
    case 3:
      return Query::Or(
          {Query::ConstantScore(std::move(queries[0]), Boost(words)), std::move(queries[1])});
    case 4:
      return Query::Boolean({{Occur::kMust, std::move(queries[0])},
                             {Occur::kMust, std::move(queries[1])},
                             {words.OneIn(2) ? Occur::kFilter : Occur::kMustNot, Leaf(words)}});
    case 5:
      return Query::Boolean({{Occur::kShould, std::move(queries[0])},
                             {Occur::kShould, std::move(queries[1])},
                             {Occur::kShould, Leaf(words)}},
                            2);
    default:
      return Query::Or(std::move(queries));
  }
}

Query Trees(WordSource& words) { return Nested(words, 2); }

Query Boosted(WordSource& words) {
  Query inner = words.OneIn(2) ? AnyWords(words) : Leaf(words);
  if (words.OneIn(4)) return Query::ConstantScore(std::move(inner), Boost(words));
  return Query::Boost(Query::Boost(std::move(inner), Boost(words)), Boost(words));
}

Query AllDocuments(WordSource& words) {
  if (words.OneIn(6)) return Query::None();
  return Query::Boolean({{Occur::kMust, Query::All()}, {Occur::kMustNot, Leaf(words)}});
}

Query Demoted(WordSource& words) {
  const std::string field = words.PlainField();
  return Query::Demote(AnyWords(words), Query::Match(field, Joined(words.Words(field, 2))),
                       static_cast<float>(words.Between(0, 8)) / 8);
}

Query Function(WordSource& words, std::initializer_list<ScoreFunctionKind> kinds) {
  ScoreFunction function{.kind = kinds.begin()[words.random().Below(kinds.size())], .field = {}};
  const bool of_decimals = words.OneIn(3);
  function.field = of_decimals ? "d" : "n";
  function.combination = static_cast<ScoreCombination>(words.random().Below(5));
  function.weight = words.OneIn(2) ? 1 : 0.25;
  function.bias = words.OneIn(2) ? 0 : 0.5;
  if (words.OneIn(3)) function.missing = AnyNumber(words, of_decimals);
  if (IsDecay(function.kind)) {
    function.origin = AnyNumber(words, of_decimals);
    function.scale = words.OneIn(2) ? 10 : 500;
    function.offset = words.OneIn(2) ? 0 : 3;
    function.decay = words.OneIn(2) ? 0.5 : 0.75;
  } else {
    function.factor = words.OneIn(2) ? 1 : 0.125;
    function.pivot = words.OneIn(2) ? 1 : 100;
  }
  return Query::FunctionScore(words.OneIn(4) ? Query::All() : AnyWords(words), std::move(function));
}

Query PlainFunction(WordSource& words) {
  return Function(words, {ScoreFunctionKind::kValue, ScoreFunctionKind::kSqrt,
                          ScoreFunctionKind::kReciprocal, ScoreFunctionKind::kLinear});
}

Query SmoothFunction(WordSource& words) {
  return Function(words, {ScoreFunctionKind::kLog1p, ScoreFunctionKind::kSaturation,
                          ScoreFunctionKind::kGauss, ScoreFunctionKind::kExponential});
}

// ---- Several fields, synonyms, like a text ----

Query FlatFields(WordSource& words) {
  const auto weight = [&] { return static_cast<float>(words.Between(4, 16)) / 4; };
  return Query::Combined({{"flat_title", weight()}, {"flat_body", weight()}},
                         Joined(words.Words("flat_body", words.Between(1, 3))));
}

Query FieldsAsOne(WordSource& words) {
  return Query::Combined({{"title", static_cast<float>(words.Between(1, 5))}, {"body"}},
                         Joined(words.Words(words.PlainField(), words.Between(1, 3))));
}

Query Synonyms(WordSource& words) {
  const std::string field = words.Field();
  std::vector<CombinedTerm> terms;
  for (const std::string& word : words.DistinctWords(field, words.Between(2, 5))) {
    terms.push_back(
        {field, word, static_cast<float>(words.OneIn(2) ? 8 : words.Between(1, 8)) / 8});
  }
  if (terms.size() < 2) terms.push_back({field, "absentword"});
  return Query::CombinedTerms(std::move(terms));
}

Query Like(WordSource& words) {
  LikeOptions options{.max_terms = 400};
  options.min_term_freq = words.Between(1, 2);
  options.min_doc_freq = words.OneIn(2) ? words.Between(1, 50) : 2;
  if (words.OneIn(3)) options.max_doc_freq = words.Between(50, 2000);
  options.min_match_percent = words.OneIn(3) ? words.Between(0, 100) : 30;
  const std::string field = words.Field();
  std::vector<std::string> text = words.Words(field, words.Between(1, 12));
  if (words.OneIn(3)) {
    std::vector<CombinedTerm> terms;
    options.min_term_freq = 1;
    std::sort(text.begin(), text.end());
    text.erase(std::unique(text.begin(), text.end()), text.end());
    for (const std::string& word : text) {
      terms.push_back({field, word, static_cast<float>(words.Between(1, 40)) / 8});
    }
    return Query::LikeTerms(std::move(terms), options);
  }
  return Query::Like(words.OneIn(4) ? "" : field, Joined(text), options);
}

// ---- Points ----

// A point of a document in most cases, so that there are others around.
GeoPoint AnyPoint(WordSource& words) {
  for (int tries = 0; tries < 20; ++tries) {
    const std::vector<GeoPoint>& points = words.AnyDocument().points;
    if (!points.empty()) return points[0];
  }
  return {.latitude = 48, .longitude = 11};
}

// 2^0 to 2^-12.
double AnySize(WordSource& words) {
  return std::ldexp(1.0, -static_cast<int>(words.Between(0, 12)));
}

Query Box(WordSource& words) {
  const GeoPoint a = AnyPoint(words), b = AnyPoint(words);
  const double size = 4 * AnySize(words);
  const auto degrees = [](double number, double most) { return std::clamp(number, -most, most); };
  if (words.OneIn(3)) {
    return Query::GeoBox("g", {.south = std::min(a.latitude, b.latitude),
                               .west = a.longitude,
                               .north = std::max(a.latitude, b.latitude),
                               .east = b.longitude});
  }
  return Query::GeoBox("g", {.south = degrees(a.latitude - size, 90),
                             .west = degrees(a.longitude - size, 180),
                             .north = degrees(a.latitude + size, 90),
                             .east = degrees(a.longitude + size, 180)});
}

double MetersBetween(const GeoPoint& a, const GeoPoint& b) {
  constexpr double kRadians = 3.14159265358979323846 / 180;
  const double by_latitude = std::sin((a.latitude - b.latitude) / 2 * kRadians);
  const double by_longitude = std::sin((a.longitude - b.longitude) / 2 * kRadians);
  const double square = by_latitude * by_latitude + std::cos(a.latitude * kRadians) *
                                                        std::cos(b.latitude * kRadians) *
                                                        by_longitude * by_longitude;
  return 2 * 6371008.7714 * std::asin(std::min(std::sqrt(square), 1.0));
}

// No point lies within some centimetres of the edge: Lucene's cosines are less exact, and points
// are kept to a centimetre.
Query Distance(WordSource& words) {
  const GeoPoint center = AnyPoint(words);
  while (true) {
    const double meters = std::min(5e6, 5e7 * AnySize(words) * AnySize(words)) *
                          (1 + static_cast<double>(words.Between(0, 1000)) / 1000);
    const bool is_clear = std::all_of(
        words.world().documents().begin(), words.world().documents().end(),
        [&](const DifferentialDocument& document) {
          return std::all_of(document.points.begin(), document.points.end(),
                             [&](const GeoPoint& point) {
                               return std::abs(MetersBetween(center, point) - meters) > 0.05;
                             });
        });
    if (is_clear) return Query::GeoDistance("g", {.center = center, .meters = meters});
  }
}

// ---- Other similarities ----

std::vector<CombinedTerm> SynonymsOf(WordSource& words, const std::string& field) {
  std::vector<CombinedTerm> terms;
  for (const std::string& word : words.DistinctWords(field, words.Between(2, 4))) {
    terms.push_back({field, word});
  }
  if (terms.size() < 2) terms.push_back({field, "absentword"});
  return terms;
}

Query OfField(WordSource& words, const std::string& field) {
  switch (words.random().Below(7)) {
    case 0:
      return Query::Term(field, words.Word(field));
    case 1:
      return Query::MatchPhrase(field, Joined(words.NearWords(field, words.Between(2, 3), 3)));
    case 2:
      return Query::And(Terms(field, words.NearWords(field, 2, 12)));
    case 3: {
      const std::string word = words.Word(field);
      return Query::Prefix(field, word.substr(0, std::max<size_t>(word.size() - 1, 2)));
    }
    case 4:
      return Query::CombinedTerms(SynonymsOf(words, field));
    case 5:
      return Query::Or({Query::Boost(Query::Term(field, words.Word(field)), Boost(words)),
                        Query::Term("body", words.Word("body"))});
    default:
      return Query::Match(field, Joined(words.Words(field, words.Between(2, 5))));
  }
}

Query TfIdf(WordSource& words) { return OfField(words, "tfidf_body"); }
Query LmDirichlet(WordSource& words) { return OfField(words, "lm_body"); }
Query OnlyBoosts(WordSource& words) { return OfField(words, "boolean_body"); }

using enum SameScores;

constexpr DifferentialKind kKinds[] = {
    {"term", kBits, Term},
    {"keyword", kBits, Keyword},
    {"any_words", kBits, AnyWords},
    {"default_fields", kBits, DefaultFields},
    {"all_words", kBits, AllWords},
    {"filter_and_not", kBits, FilterAndNot},
    {"must_and_should", kOneUlp, MustAndShould},
    {"min_should_match", kBits, MinimumShouldMatch},
    {"trees", kBits, Trees},
    {"phrase", kBits, Phrase},
    {"sloppy_pair", kNotAbove, SloppyPair},
    {"sloppy_phrase", kNotAbove, SloppyPhrase},
    {"near_any_order", kNothing, NearAnyOrder},
    {"near_in_order", kNothing, NearInOrder},
    {"at_least", kNothing, AtLeast},
    {"near_parts", kNothing, NearParts},
    {"near_alternatives", kNothing, NearAlternatives},
    {"phrase_parts", kNothing, PhraseParts},
    {"related", kNothing, Related},
    {"prefix", kBits, Prefix},
    {"wildcard", kBits, Wildcard},
    {"regexp", kBits, Regexp},
    {"fuzzy", kBits, Fuzzy},
    {"term_range", kBits, TermRange},
    {"range", kBits, Range},
    {"equal", kBits, Equal},
    {"in", kBits, In},
    {"exists", kBits, Exists},
    {"ids", kBits, Ids},
    {"best_of", kBits, BestOf},
    {"boosted", kBits, Boosted},
    {"all_documents", kBits, AllDocuments},
    {"demoted", kBits, Demoted},
    {"plain_function", kBits, PlainFunction},
    {"smooth_function", kOneUlp, SmoothFunction},
    {"flat_fields", kOneUlp, FlatFields},
    {"fields_as_one", kNothing, FieldsAsOne},
    {"synonyms", kBits, Synonyms},
    {"like", kBits, Like},
    {"tfidf", kBits, TfIdf},
    {"lm_dirichlet", kOneUlp, LmDirichlet},
    {"only_boosts", kBits, OnlyBoosts},
    {"box", kBits, Box},
    {"distance", kBits, Distance},
};

}  // namespace

std::string_view SameScoresName(SameScores same) {
  switch (same) {
    case kBits:
      return "bits";
    case kOneUlp:
      return "1 ulp";
    case kNotAbove:
      return "not above";
    case kNothing:
      return "documents only";
  }
  return {};
}

std::span<const DifferentialKind> DifferentialKinds() { return kKinds; }

}  // namespace segue

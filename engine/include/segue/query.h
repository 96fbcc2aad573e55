// SPDX-License-Identifier: Apache-2.0
//
// Queries as values: built in code, by the parser (segue/query_parser.h) or
// from JSON; searched, explained, compared and printed.
//
//   using segue::Occur;
//   using segue::Query;
//   Query query = Query::Boolean({
//       {Occur::kMust, Query::Match("title", "kind of blue")},
//       {Occur::kFilter, Query::Equals("year", int64_t{1959})},
//       {Occur::kMustNot, Query::Term("format", "cassette")},
//   });
//
// A Query is immutable and cheap to copy; any number of threads may use one.
// Leaves hold text, not closures, so a query can be stored, sent to another
// machine and read back (ToJson, FromJson).
#ifndef SEGUE_QUERY_H_
#define SEGUE_QUERY_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "segue/document.h"
#include "segue/export.h"
#include "segue/limits.h"
#include "segue/score_function.h"

namespace segue {

enum class QueryKind : uint8_t {
  kMatchAll,        // every document, score 1
  kMatchNone,       // no document
  kTerm,            // documents with exactly this term
  kMatch,           // text, analysed when searched; any of its tokens
  kPhrase,          // exactly these terms at these distances
  kMatchPhrase,     // text, analysed when searched; its tokens as a phrase
  kNear,            // words, or patterns of words, near each other
  kNearRelated,     // the same, where others stand within them or around them
  kEquals,          // a number, truth value, time or keyword; score 1 (keywords
                    // as kTerm)
  kPrefix,          // documents with a term that begins so
  kWildcard,        // with a term that a pattern of * and ? matches
  kRegexp,          // with a term that a regular expression matches
  kFuzzy,           // with a term that is a few edits away
  kTermRange,       // with a term between two others; score 1
  kRange,           // with a value between two others; score 1
  kIn,              // with a value that is one of some; score 1
  kExists,          // with any value or term; score 1
  kIds,             // with one of these keys; score 1
  kGeoBox,          // with a point between two latitudes and two longitudes; score 1
  kGeoDistance,     // with a point so near to another one; score 1
  kBoolean,         // clauses that must, should, must not match, or filter
  kBoost,           // a query whose scores are multiplied
  kConstantScore,   // a query's matches, all with the same score
  kDisjunctionMax,  // any of the queries; the best one's score counts
  kCombined,        // text, analysed when searched, in several fields as if they were one
  kCombinedTerms,   // exactly these terms, as if they were one term of one field
  kFunctionScore,   // a query whose scores are combined with a number of the document
  kDemote,          // a query; what another one matches, too, scores less
  kLike,            // text; some of the words that stand for it best
  kLikeTerms,       // the same of these terms
};

// "match_all", "term", "boolean", ... as in the JSON form.
SEGUE_EXPORT std::string_view QueryKindName(QueryKind kind);

// What a clause of a boolean query asks.
enum class Occur : uint8_t {
  kMust,     // must match; adds to the score
  kShould,   // adds to the score where it matches
  kMustNot,  // must not match
  kFilter,   // must match; adds nothing to the score
};

// "must", "should", "must_not", "filter".
SEGUE_EXPORT std::string_view OccurName(Occur occur);

// One word of a phrase. Positions count from anywhere, only their differences
// matter; several terms may share a position (all of them must be there).
struct PhraseTerm {
  std::string term;
  uint32_t position = 0;

  friend bool operator==(const PhraseTerm&, const PhraseTerm&) = default;
};

// How far a term may be from a fuzzy word.
struct FuzzyOptions {
  // Inserted, deleted, replaced characters and swapped neighbours: at most 2. Without a value: none
  // for words of 1 or 2 characters, 1 for those of 3 to 5, 2 for longer ones.
  std::optional<uint32_t> edits = std::nullopt;
  // So many characters at the start must be the same.
  uint32_t prefix_length = 0;

  friend bool operator==(const FuzzyOptions&, const FuzzyOptions&) = default;
};

// How the parts of Query::Near have to stand.
enum class NearOrder : uint8_t {
  kAny,      // wherever
  kOrdered,  // one behind the other
  kPhrase,   // where the phrase has them
};

// "any", "ordered", "phrase".
SEGUE_EXPORT std::string_view NearOrderName(NearOrder order);

struct NearOptions {
  NearOrder order = NearOrder::kAny;
  // kAny, kOrdered: so many words may stand between the first and the last of them that are none of
  // theirs. kPhrase: by so many places the parts may be shifted against each other.
  uint32_t slop = 0;
  // kAny: so many of the parts have to be there; 0: all of them.
  uint32_t at_least = 0;
  // kPhrase: where in the phrase each part stands; of parts at the same place any will do. Empty:
  // one behind the other.
  std::vector<uint32_t> positions = {};

  friend bool operator==(const NearOptions&, const NearOptions&) = default;
};

// How what Query::NearRelated finds has to stand to matches of the other part.
enum class NearRelation : uint8_t {
  kContaining,     // some match of the other part begins and ends within it
  kNotContaining,  // none does
  kWithin,         // it begins and ends within some match of the other part
  kNotWithin,      // within none
};

// "containing", "not_containing", "within", "not_within".
SEGUE_EXPORT std::string_view NearRelationName(NearRelation relation);

// Terms between two others, in the order of their bytes (that of code points).
struct TermBounds {
  std::optional<std::string> from = std::nullopt;  // without a value: from the first term
  std::optional<std::string> to = std::nullopt;    // without a value: to the last term
  bool include_from = true;
  bool include_to = true;

  friend bool operator==(const TermBounds&, const TermBounds&) = default;
};

// Values between two others, of the type of a field. Numbers, times, false before true; keywords
// and words as TermBounds.
struct ValueBounds {
  std::optional<Value> from = std::nullopt;  // without a value: no lower end
  std::optional<Value> to = std::nullopt;    // without a value: no upper end
  bool include_from = true;
  bool include_to = true;

  friend bool operator==(const ValueBounds&, const ValueBounds&) = default;
};

// Points between two latitudes and two longitudes, in degrees; all edges are within. `west` may be
// the greater one: then it is from there over 180 to `east`.
struct GeoBounds {
  double south = 0;
  double west = 0;
  double north = 0;
  double east = 0;

  friend bool operator==(const GeoBounds&, const GeoBounds&) = default;
};

// Points at most so far from another one, on a sphere with the earth's mean radius, 6371008.7714 m.
struct GeoCircle {
  GeoPoint center;
  double meters = 0;

  friend bool operator==(const GeoCircle&, const GeoCircle&) = default;
};

// A field of Query::Combined, and how much a word in it counts: as often as it stands there, times
// the weight. Finite, > 0.
struct WeightedField {
  std::string field;
  float weight = 1;

  friend bool operator==(const WeightedField&, const WeightedField&) = default;
};

struct CombinedTerm {
  std::string field;
  std::string term;
  float weight = 1;

  friend bool operator==(const CombinedTerm&, const CombinedTerm&) = default;
};

// Which words of a text Query::Like looks for.
struct LikeOptions {
  // At most so many: those whose frequency in the text times their idf is greatest, of equal ones
  // the first in the order of their bytes. 1 to 1,024.
  uint64_t max_terms = 25;
  // Not those that the text has less often.
  uint64_t min_term_freq = 1;
  // Not those that fewer or more documents have: what one document alone has is like nothing.
  uint64_t min_doc_freq = 2;
  uint64_t max_doc_freq = UINT64_MAX;
  // So many of a hundred of the words must be in a document, rounded down, but at least one.
  uint64_t min_match_percent = 30;

  friend bool operator==(const LikeOptions&, const LikeOptions&) = default;
};

struct QueryClause;

class SEGUE_EXPORT Query {
 public:
  // As None().
  Query() = default;
  Query(const Query&) = default;
  Query(Query&&) noexcept = default;
  Query& operator=(const Query&) = default;
  Query& operator=(Query&&) noexcept = default;
  ~Query() = default;

  // ---- Building ----
  // An empty `field` stands for the default fields of the schema.

  static Query All();
  static Query None();
  // Exactly this term of the dictionary: no analysis.
  static Query Term(std::string_view field, std::string_view term);
  // Text in which every character is text: analysed by the field's search
  // analyzer; matches documents with any of the tokens.
  static Query Match(std::string_view field, std::string_view text);
  // Match over the default fields.
  static Query Text(std::string_view text) { return Match({}, text); }
  // Consecutive terms of the dictionary.
  static Query Phrase(std::string_view field, std::vector<std::string> terms);
  static Query Phrase(std::string_view field, std::vector<PhraseTerm> terms);
  static Query Phrase(std::string_view field, std::initializer_list<std::string_view> terms);
  // Only so that {{"a", 0}, {"b", 2}} is ambiguous, not two views of 0 and 2 characters: write
  // PhraseTerm{"a", 0}.
  static Query Phrase(std::string_view field, std::initializer_list<PhraseTerm> terms);
  // The tokens of an analysed text at their distances, or shifted against each other by at most
  // `slop` places.
  static Query MatchPhrase(std::string_view field, std::string_view text, uint32_t slop = 0);
  // Words near each other. A part is a kTerm, kMatch, kPrefix, kWildcard, kRegexp, kFuzzy or a
  // boolean of such ones that should match: any of them will do. Text of several tokens is as many
  // parts. The fields of parts are left alone. A pattern stands for the 1,024 terms nearest to it.
  // Scored as one term: its frequency is the sum over all places of 1 / (1 + how much they are
  // apart more than they need be), its idf the sum of the parts'. docs/query-language.md says it
  // exactly.
  static Query Near(std::string_view field, std::vector<Query> parts, NearOptions options = {});
  // Of the places where `near` matches those that stand so to places where `other` does. Both are a
  // kNear, or a part of one: text is then a phrase. Their fields are left alone. Scored as `near`
  // by the places that are left; with kContaining and kWithin the idf of `other` counts, too.
  static Query NearRelated(std::string_view field, Query near, NearRelation relation, Query other);
  static Query Equals(std::string_view field, Value value);
  static Query Equals(std::string_view field, const char* value) {
    return Equals(field, Value(std::string(value)));
  }
  // So that a plain 0 is a number and no null pointer.
  template <FieldInteger T>
  static Query Equals(std::string_view field, T value) {
    return Equals(field, ValueOfInteger(value));
  }
  // ---- Many terms at once ----
  // In text and keyword fields. Of the first four, the best of the terms counts: a term scores as
  // in Term(), with the greatest document frequency among all of them, times how near it is to what
  // was asked for (1 for that very term). At most 1,024 terms are scored, the nearest, then the
  // shortest ones; documents that hold only others match all the same, with score 0
  // (SearchResult::expansions_cut). A character is a code point.

  // Terms that begin with `prefix`.
  static Query Prefix(std::string_view field, std::string_view prefix);
  // `*` stands for any characters, also none, `?` for one, a backslash makes the next one literal.
  static Query Wildcard(std::string_view field, std::string_view pattern);
  // A regular expression for whole terms; docs/query-language.md has the syntax.
  static Query Regexp(std::string_view field, std::string_view pattern);
  static Query Fuzzy(std::string_view field, std::string_view word, FuzzyOptions options = {});
  // In a field of numbers, times or truth values: Range() over the values that the texts stand for.
  static Query TermRange(std::string_view field, TermBounds bounds);

  // ---- Values ----
  // All matching documents score 1. A document with several values matches if one of them does.

  // An end that a field cannot hold, such as 1959.5 among integers, is what it is among numbers.
  static Query Range(std::string_view field, ValueBounds bounds);
  // Text stands for the value that it is written as, where Equals takes text as text: "1959" is
  // 1959 in a field of integers. In a text field: any of the words of these texts.
  static Query In(std::string_view field, std::vector<Value> values);
  // Documents with a value of the field; in a text field, with a term: not with stop words alone.
  static Query Exists(std::string_view field);
  // Documents with these keys (the key field of the schema).
  static Query Ids(std::vector<std::string> keys);
  // In fields of points, whose columns keep latitudes to 180 / 2^32 and longitudes to 360 / 2^32
  // degrees, rounded down: less than a centimetre. What is kept is what matches or does not.
  static Query GeoBox(std::string_view field, GeoBounds bounds);
  static Query GeoDistance(std::string_view field, GeoCircle circle);

  // A document matches if it matches all kMust and kFilter clauses, no kMustNot
  // clause, and at least `min_should_match` kShould clauses (at least one of
  // them if there are neither kMust nor kFilter clauses). Clauses that only
  // prohibit match nothing: add All() as a filter to turn them around.
  static Query Boolean(std::vector<QueryClause> clauses, uint32_t min_should_match = 0);
  // Boolean queries of one kind of clause.
  static Query And(std::vector<Query> queries);  // kMust
  static Query Or(std::vector<Query> queries);   // kShould
  // Scores times `boost`, a finite number >= 0.
  static Query Boost(Query query, float boost);
  // The same score for all matches, a finite number >= 0.
  static Query ConstantScore(Query query, float score);
  // The best score among the matching queries plus `tie` (0..1) times the
  // scores of the other matching ones.
  static Query DisjunctionMax(std::vector<Query> queries, float tie = 0);

  // Text as in Match(), in several fields as if they were one (BM25F): the frequencies of a word
  // are added up, each times the weight of its field and by the length of that, before they
  // saturate. So a word in two fields is not worth two words. Fields with different analyzers may
  // have different terms for a word; k1 and b are those of each field, a boost of the schema is
  // part of its weight. No fields: the default fields. Where one of several fields has another
  // similarity than BM25, a search is refused (kInvalidArgument).
  static Query Combined(std::vector<WeightedField> fields, std::string_view text);
  // The same for terms of the dictionary, of several fields or of one: synonyms, too. Their idf is
  // that of the greatest document frequency and the greatest number of documents among them.
  static Query CombinedTerms(std::vector<CombinedTerm> terms);

  // Documents like a text: with words of it that are chosen from the whole collection (from
  // SearchOptions::statistics, if given), each weighing as often as it is in the text. The first
  // 8,192 tokens of the text are looked at. Over default fields the best field counts.
  // Snapshot::LikeDocument makes one of a document.
  static Query Like(std::string_view field, std::string_view text, LikeOptions options = {});
  // The same of terms of the dictionary, of which CombinedTerm::weight says how often the text has
  // them.
  static Query LikeTerms(std::vector<CombinedTerm> terms, LikeOptions options = {});

  // The query's matches, their scores combined with what `function` makes of a number that they
  // have (segue/score_function.h). Several: one around the other. Scores stay from 0 to the
  // greatest float. A field that has no numbers is left out of the query, with a diagnostic.
  static Query FunctionScore(Query query, ScoreFunction function);
  // The query's matches; the scores of those that `negative` matches, too, times `factor` (0..1).
  static Query Demote(Query query, Query negative, float factor);

  // ---- Looking inside ----
  // Each accessor answers for the kinds it names; for others it gives an empty
  // value. References hold as long as some copy of the query lives.

  QueryKind kind() const;
  // All kinds from kTerm to kExists, kGeoBox, kGeoDistance.
  const std::string& field() const;
  // kTerm: the term. kMatch, kMatchPhrase, kCombined, kLike: the text. kPrefix, kFuzzy: the prefix
  // or word. kWildcard, kRegexp: the pattern.
  const std::string& text() const;
  // kCombined; kCombinedTerms, kLikeTerms.
  const std::vector<WeightedField>& weighted_fields() const;
  const std::vector<CombinedTerm>& combined_terms() const;
  // kPhrase, in the order given.
  const std::vector<PhraseTerm>& phrase() const;
  // kEquals.
  const Value& value() const;
  // kNear; kMatchPhrase: its slop.
  const NearOptions& near() const;
  // kNearRelated.
  NearRelation relation() const;
  // kLike, kLikeTerms.
  const LikeOptions& like() const;
  // kFuzzy.
  const FuzzyOptions& fuzzy() const;
  // kTermRange.
  const TermBounds& bounds() const;
  // kRange.
  const ValueBounds& value_bounds() const;
  // kIn; kIds, the keys.
  const std::vector<Value>& values() const;
  // kGeoBox.
  const GeoBounds& geo_bounds() const;
  // kGeoDistance.
  const GeoCircle& geo_circle() const;
  // kBoolean.
  const std::vector<QueryClause>& clauses() const;
  uint32_t min_should_match() const;
  // kDisjunctionMax: its queries. kNear: its parts. kNearRelated: the near query and the other one.
  // kDemote: the query and the negative one.
  // kBoost, kConstantScore, kFunctionScore: the one inside.
  const std::vector<Query>& children() const;
  // kBoost, kDemote: the factor. kConstantScore: the score. kDisjunctionMax: the tie.
  float number() const;
  // kFunctionScore.
  const ScoreFunction& function() const;

  // Calls `fn` for each term of kTerm, kPhrase, kCombinedTerms and kLikeTerms nodes, in source
  // order, that can take part in a match (not those under kMustNot). Text that has not been
  // analysed yet has no terms, nor do patterns: only an index knows theirs. An empty field means
  // the default fields.
  void VisitTerms(
      const std::function<void(std::string_view field, std::string_view term)>& fn) const;

  // Where a parsed query stood in its text, in bytes; 0, 0 for others. Not part
  // of the value: ignored by == and JSON.
  size_t source_begin() const;
  size_t source_end() const;
  Query WithSource(size_t begin_byte, size_t end_byte) const&;
  Query WithSource(size_t begin_byte, size_t end_byte) &&;

  // ---- Limits ----

  // kResourceExhausted: nested deeper than 64, more than 1,024 leaves, more than
  // 64 of them for many terms or values at once, a phrase of more than 256
  // terms or parts, more than 256 fields or terms that are combined, more than 8,192 that a text is
  // like, a set of more than 65,536
  // values, text over 64 KiB, a term over 32 KiB - 1, a pattern over 1,000 bytes. kInvalidArgument:
  // a boost, score, weight, tie, factor, degree, distance or a number of a score function out of
  // range, more than 2 edits, what is no regular expression, what is no part of a kNear, a point as
  // a value to compare with. A search does this first.
  // Queries nested far beyond the limit (128 levels, 2^20 nodes) lose their content when built and
  // stay refused, so that no walk over a query can exhaust the stack.
  absl::Status Validate() const;
  // The same within lower limits (kInvalidArgument: they are not), but for those that only an index
  // can tell: tokens, states, expansions.
  absl::Status Validate(const QueryLimits& limits) const;

  // Queries on the longest path from here to a leaf, this one included.
  uint32_t depth() const;
  // Leaves (terms, texts, words of phrases, values, all, none), shared ones counted
  // each time.
  uint64_t leaf_count() const;
  // Those of them that stand for many terms (kPrefix to kTermRange).
  uint64_t pattern_count() const;

  // ---- Forms ----

  // {"kind":"boolean","clauses":[{"occur":"must","kind":"term","field":"title",
  //  "term":"jazz"}],"min_should_match":1}; docs/query-language.md has it
  //  whole.
  // Strings that are not UTF-8 are written as base64 under NAME_base64.
  std::string ToJson() const;
  // Unknown members are errors that name the nearest known one. The result is
  // within the limits that Validate() checks.
  static absl::StatusOr<Query> FromJson(std::string_view json);

  // For people: (+title:jazz -format:cd)^2. ParseQuery reads back what it made, other than none().
  std::string ToString() const;

  // The same structure and content.
  friend bool operator==(const Query& a, const Query& b) { return a.EqualTo(b); }

 private:
  struct Node;
  explicit Query(std::shared_ptr<const Node> node) : node_(std::move(node)) {}
  const Node& node() const;
  bool EqualTo(const Query& other) const;
  static const Node& NoneNode();
  static std::shared_ptr<Node> NewNode(QueryKind kind, std::string_view field = {},
                                       std::string_view text = {});
  static Query Make(std::shared_ptr<Node> node);

  std::shared_ptr<const Node> node_;
};

struct QueryClause {
  Occur occur = Occur::kMust;
  Query query;

  friend bool operator==(const QueryClause&, const QueryClause&) = default;
};

}  // namespace segue

#endif  // SEGUE_QUERY_H_

// SPDX-License-Identifier: Apache-2.0
//
// Each rule of Query::Validate at its edge: what is just within is sound, what is just beyond is
// refused and told by name; and limits that a program has lowered count in the same way.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "engine/base/limits.h"
#include "engine/base/strings.h"
#include "segue/query.h"
#include "segue/status.h"

namespace segue {
namespace {

struct Rule {
  const char* name;
  Query sound;
  Query broken;
  ErrorCode code;
  std::string message;
};

constexpr ErrorCode kTooMuch = ErrorCode::kResourceExhausted;
constexpr ErrorCode kInvalid = ErrorCode::kInvalidArgument;

std::string Long(size_t bytes) { return std::string(bytes, 'a'); }

Query A() { return Query::Term("f", "a"); }

ScoreFunction FunctionWith(double ScoreFunction::*number, double value) {
  ScoreFunction function = {.kind = ScoreFunctionKind::kGauss, .field = "n"};
  function.origin = Value(int64_t{1});
  function.*number = value;
  return function;
}

Rule OfFunction(const char* name, double ScoreFunction::*number, double sound, double broken,
                const char* wanted) {
  return {name, Query::FunctionScore(A(), FunctionWith(number, sound)),
          Query::FunctionScore(A(), FunctionWith(number, broken)), kInvalid,
          Cat("the ", name, " of a score function must be ", wanted, " and finite, not ", broken)};
}

Rule OfLike(const char* name, const LikeOptions& sound, const LikeOptions& broken,
            const char* message) {
  return {name, Query::Like("f", "a", sound), Query::Like("f", "a", broken), kInvalid, message};
}

std::vector<Rule> RulesOfText() {
  return {
      {"term", Query::Term("f", Long(kMaxTermBytes)), Query::Term("f", Long(kMaxTermBytes + 1)),
       kTooMuch, "the text of a term query has 32768 bytes; at most 32767 are allowed"},
      {"prefix", Query::Prefix("f", Long(kMaxTermBytes)),
       Query::Prefix("f", Long(kMaxTermBytes + 1)), kTooMuch, "the text of a prefix query has"},
      {"fuzzy", Query::Fuzzy("f", Long(kMaxTermBytes)), Query::Fuzzy("f", Long(kMaxTermBytes + 1)),
       kTooMuch, "the text of a fuzzy query has"},
      {"match", Query::Match("f", Long(kMaxQueryBytes)),
       Query::Match("f", Long(kMaxQueryBytes + 1)), kTooMuch,
       "the text of a match query has 65537 bytes; at most 65536 are allowed"},
      {"match_phrase", Query::MatchPhrase("f", Long(kMaxQueryBytes)),
       Query::MatchPhrase("f", Long(kMaxQueryBytes + 1)), kTooMuch,
       "the text of a match_phrase query has"},
      {"like", Query::Like("f", Long(kMaxQueryBytes)), Query::Like("f", Long(kMaxQueryBytes + 1)),
       kTooMuch, "the text of a like query has"},
      {"combined", Query::Combined({}, Long(kMaxQueryBytes)),
       Query::Combined({}, Long(kMaxQueryBytes + 1)), kTooMuch, "the text of a combined query has"},
      {"wildcard", Query::Wildcard("f", Long(kMaxPatternBytes)),
       Query::Wildcard("f", Long(kMaxPatternBytes + 1)), kTooMuch,
       "the text of a wildcard query has 1001 bytes; at most 1000 are allowed"},
      {"regexp", Query::Regexp("f", Long(kMaxPatternBytes)),
       Query::Regexp("f", Long(kMaxPatternBytes + 1)), kTooMuch,
       "the text of a regexp query has 1001 bytes"},
      {"regexp syntax", Query::Regexp("f", "(a)"), Query::Regexp("f", "(a"), kInvalid,
       "regular expression, byte 0: no ')' closes this '('"},
      {"regexp states", Query::Regexp("f", "(.{40}){40}"), Query::Regexp("f", "(.{99}){999}"),
       kTooMuch, "has more than 10000 states"},
      {"term_range from", Query::TermRange("f", {.from = Long(kMaxTermBytes)}),
       Query::TermRange("f", {.from = Long(kMaxTermBytes + 1)}), kTooMuch,
       "the text of a term_range query has"},
      {"term_range to", Query::TermRange("f", {.to = Long(kMaxTermBytes)}),
       Query::TermRange("f", {.to = Long(kMaxTermBytes + 1)}), kTooMuch,
       "the text of a term_range query has"},
      {"edits", Query::Fuzzy("f", "word", {.edits = 2}), Query::Fuzzy("f", "word", {.edits = 3}),
       kInvalid, "a fuzzy word with 3 edits; at most 2 are possible"},
      {"phrase", Query::Phrase("f", std::vector<std::string>(256, "a")),
       Query::Phrase("f", std::vector<std::string>(257, "a")), kTooMuch,
       "a phrase of 257 terms; at most 256 are allowed"},
      {"phrase term", Query::Phrase("f", {PhraseTerm{Long(kMaxTermBytes), 0}}),
       Query::Phrase("f", {PhraseTerm{Long(kMaxTermBytes + 1), 0}}), kTooMuch,
       "a phrase's term of 32768 bytes"},
      {"phrase position", Query::Phrase("f", {PhraseTerm{"a", kMaxPosition}}),
       Query::Phrase("f", {PhraseTerm{"a", kMaxPosition + 1}}), kTooMuch,
       "a position of 2147483647 in a phrase; at most 2147483646 is allowed"},
  };
}

std::vector<Rule> RulesOfValues() {
  const double nan = std::nan(""), infinity = std::numeric_limits<double>::infinity();
  const std::vector<Value> most(kMaxSetValues, Value(int64_t{1}));
  const std::vector<Value> more(kMaxSetValues + 1, Value(int64_t{1}));
  return {
      {"value", Query::Equals("f", Long(kMaxTermBytes)),
       Query::Equals("f", Long(kMaxTermBytes + 1)), kTooMuch,
       "a value of 32768 bytes; at most 32767 are allowed"},
      {"no value", Query::Equals("f", 1.5), Query::Equals("f", nan), kInvalid,
       "no field holds the value nan"},
      {"range from", Query::Range("f", {.from = Value(1e308)}),
       Query::Range("f", {.from = Value(infinity)}), kInvalid, "no field holds the value inf"},
      {"range to", Query::Range("f", {.to = Value(-1e308)}),
       Query::Range("f", {.to = Value(-infinity)}), kInvalid, "no field holds the value -inf"},
      {"set", Query::In("f", most), Query::In("f", more), kTooMuch,
       "a set of 65537 values; at most 65536 are allowed"},
      {"value of a set", Query::In("f", {Value(1.0)}), Query::In("f", {Value(1.0), Value(nan)}),
       kInvalid, "no field holds the value nan"},
      {"ids", Query::Ids({Long(kMaxTermBytes)}), Query::Ids({Long(kMaxTermBytes + 1)}), kTooMuch,
       "a value of 32768 bytes"},
  };
}

std::vector<Rule> RulesOfScores() {
  const float infinity = std::numeric_limits<float>::infinity();
  const float greatest = std::numeric_limits<float>::max();
  std::vector<Rule> rules = {
      {"boost", Query::Boost(A(), greatest), Query::Boost(A(), infinity), kInvalid,
       "a query's boost must be 0 or more and finite, not inf"},
      {"boost below 0", Query::Boost(A(), 0), Query::Boost(A(), -0.5f), kInvalid,
       "a query's boost must be 0 or more and finite, not -0.5"},
      {"score", Query::ConstantScore(A(), 0), Query::ConstantScore(A(), -1), kInvalid,
       "a query's score must be 0 or more and finite, not -1"},
      {"tie", Query::DisjunctionMax({A()}, 1), Query::DisjunctionMax({A()}, 1.5f), kInvalid,
       "a query's tie must be in 0..1, not 1.5"},
      {"tie below 0", Query::DisjunctionMax({A()}, 0), Query::DisjunctionMax({A()}, -1), kInvalid,
       "a query's tie must be 0 or more"},
      {"factor", Query::Demote(A(), A(), 1), Query::Demote(A(), A(), 2), kInvalid,
       "a query's factor must be in 0..1, not 2"},
      {"weight", Query::Combined({{"f", 1e-30f}}, "a"), Query::Combined({{"f", 0}}, "a"), kInvalid,
       "the weight of a field must be above 0 and finite, not 0"},
      {"term weight", Query::CombinedTerms({{"f", "a", greatest}}),
       Query::CombinedTerms({{"f", "a", infinity}}), kInvalid, "the weight of a field must be"},
      {"like_terms weight", Query::LikeTerms({{"f", "a", 2}}), Query::LikeTerms({{"f", "a", -2}}),
       kInvalid, "the weight of a field must be"},
      {"fields", Query::Combined(std::vector<WeightedField>(256), "a"),
       Query::Combined(std::vector<WeightedField>(257), "a"), kTooMuch,
       "a combined query of 257 fields; at most 256 are allowed"},
      {"combined terms", Query::CombinedTerms(std::vector<CombinedTerm>(256)),
       Query::CombinedTerms(std::vector<CombinedTerm>(257)), kTooMuch,
       "a combined query of 257 terms; at most 256 are allowed"},
      {"like terms", Query::LikeTerms(std::vector<CombinedTerm>(kMaxLikeTokens)),
       Query::LikeTerms(std::vector<CombinedTerm>(kMaxLikeTokens + 1)), kTooMuch,
       "a like query of 8193 terms; at most 8192 are allowed"},
      OfLike("max_terms", {.max_terms = 1}, {.max_terms = 0},
             "a like query needs max_terms of 1 or more"),
      OfLike("min_match_percent", {.min_match_percent = 100}, {.min_match_percent = 101},
             "min_match_percent of a like query must be in 0..100, not 101"),
      OfLike("min_doc_freq", {.min_doc_freq = INT64_MAX}, {.min_doc_freq = uint64_t{1} << 63},
             "min_doc_freq of a like query must be below 2^63, not 9223372036854775808"),
      OfFunction("factor", &ScoreFunction::factor, 1e-300, 0, "above 0"),
      OfFunction("pivot", &ScoreFunction::pivot, 1e-300, -1, "above 0"),
      OfFunction("scale", &ScoreFunction::scale, 1e300, 0, "above 0"),
      OfFunction("offset", &ScoreFunction::offset, 0, -0.5, "0 or more"),
      OfFunction("weight", &ScoreFunction::weight, 0, -1, "0 or more"),
      OfFunction("bias", &ScoreFunction::bias, 1e300, -1, "0 or more"),
      OfFunction("decay", &ScoreFunction::decay, 0.999, 1, "between 0 and 1"),
      OfFunction("decay", &ScoreFunction::decay, 0.001, 0, "between 0 and 1"),
  };
  for (const auto kind :
       {ScoreFunctionKind::kGauss, ScoreFunctionKind::kExponential, ScoreFunctionKind::kLinear}) {
    rules.push_back(
        {"origin",
         Query::FunctionScore(A(), {.kind = kind, .field = "n", .origin = Value(std::string("x"))}),
         Query::FunctionScore(A(), {.kind = kind, .field = "n"}), kInvalid,
         Cat("the score function ", ScoreFunctionKindName(kind),
             " needs an origin, the best value")});
  }
  return rules;
}

Query NearOf(size_t parts, NearOptions options) {
  return Query::Near("f", std::vector<Query>(parts, A()), std::move(options));
}

std::vector<Rule> RulesOfNearness() {
  const std::string no_part =
      "a part of a near query must be a term, text, a pattern, or any of such";
  const std::string unrelated =
      "what a near_related query relates must be near queries, or parts of such";
  const auto related = [](const Query& near, const Query& other) {
    return Query::NearRelated("f", near, NearRelation::kWithin, other);
  };
  return {
      {"near", NearOf(256, {}), NearOf(257, {}), kTooMuch,
       "a near query of 257 parts; at most 256 are allowed"},
      {"part", Query::Near("f", {Query::Or({A(), Query::Match("", "b")})}),
       Query::Near("f", {Query::And({A(), A()})}), kInvalid, no_part},
      {"part of phrases", NearOf(1, {}), Query::Near("f", {Query::MatchPhrase("", "a b")}),
       kInvalid, no_part},
      {"part of groups", Query::Near("f", {Query::Or({A()})}),
       Query::Near("f", {Query::Or({Query::Or({A()})})}), kInvalid, no_part},
      {"part of nothing", NearOf(0, {}), Query::Near("f", {Query::Or({})}), kInvalid, no_part},
      {"part of some", NearOf(2, {}),
       Query::Near("f", {Query::Boolean(Query::Or({A(), A()}).clauses(), 2)}), kInvalid, no_part},
      {"positions", NearOf(2, {.order = NearOrder::kPhrase, .positions = {0, 3}}),
       NearOf(2, {.order = NearOrder::kPhrase, .positions = {0}}), kInvalid,
       "a near query of 2 parts with 1 positions; a phrase has one for each part"},
      {"positions of no phrase", NearOf(1, {.order = NearOrder::kOrdered}),
       NearOf(1, {.order = NearOrder::kOrdered, .positions = {0}}), kInvalid,
       "a phrase has one for each part, others have none"},
      {"position", NearOf(1, {.order = NearOrder::kPhrase, .positions = {kMaxPosition}}),
       NearOf(1, {.order = NearOrder::kPhrase, .positions = {kMaxPosition + 1}}), kTooMuch,
       "a position of 2147483647 in a near query"},
      {"at_least", NearOf(3, {.at_least = 2}),
       NearOf(3, {.order = NearOrder::kOrdered, .at_least = 2}), kInvalid,
       "a near query of some of its parts (at_least) takes them in any order"},
      {"related", related(NearOf(2, {}), A()), related(Query::All(), A()), kInvalid, unrelated},
      {"other", related(A(), Query::Prefix("", "a")), related(A(), Query::Exists("f")), kInvalid,
       unrelated},
  };
}

void ExpectRules(const std::vector<Rule>& rules) {
  for (const Rule& rule : rules) {
    EXPECT_TRUE(rule.sound.Validate().ok()) << rule.name << ": " << rule.sound.Validate();
    // By itself, and wherever it stands in another query: no tree hides it.
    for (const Query& query :
         {rule.broken, Query::Boost(rule.broken, 2), Query::Or({A(), rule.broken}),
          Query::Boolean({{Occur::kMustNot, rule.broken}, {Occur::kMust, A()}}),
          Query::DisjunctionMax({A(), rule.broken}), Query::Demote(A(), rule.broken, 0.5f),
          Query::FunctionScore(Query::ConstantScore(rule.broken, 1), {.field = "n"})}) {
      const absl::Status status = query.Validate();
      EXPECT_EQ(CodeOf(status), rule.code) << rule.name;
      EXPECT_NE(status.message().find(rule.message), std::string::npos)
          << rule.name << ": " << status;
      // Also where the limits are the program's own.
      EXPECT_EQ(CodeOf(query.Validate({.hits = 5})), rule.code) << rule.name;
    }
  }
}

TEST(QueryLimitsTest, Texts) { ExpectRules(RulesOfText()); }
TEST(QueryLimitsTest, Values) { ExpectRules(RulesOfValues()); }
TEST(QueryLimitsTest, NumbersOfScores) { ExpectRules(RulesOfScores()); }
TEST(QueryLimitsTest, WordsNearEachOther) { ExpectRules(RulesOfNearness()); }

// --- Limits that were lowered ---

TEST(QueryLimitsTest, LoweredLimitsCountAtTheirEdges) {
  const struct {
    uint64_t QueryLimits::*limit;
    uint64_t value;
    Query within, beyond;
    const char* message;
  } cases[] = {
      {&QueryLimits::query_bytes, 3, Query::Match("f", "abc"), Query::Match("f", "abcd"),
       "the text of a match query has 4 bytes; at most 3 are allowed"},
      {&QueryLimits::depth, 2, Query::Boost(A(), 2), Query::Boost(Query::Or({A()}), 2),
       "at most 2 levels"},
      {&QueryLimits::clauses, 2, Query::Or({A(), A()}), Query::Or({A(), A(), A()}),
       "the query has 3 clauses; at most 2 are allowed"},
      {&QueryLimits::clauses, 2, Query::Phrase("f", {"a", "b"}),
       Query::Phrase("f", {"a", "b", "c"}), "the query has 3 clauses"},
      {&QueryLimits::patterns, 1, Query::Prefix("f", "a"),
       Query::Or({Query::Prefix("f", "a"), Query::Wildcard("f", "b*")}),
       "the query has 2 prefixes, patterns, fuzzy words and sets; at most 1 are allowed"},
      {&QueryLimits::phrase_terms, 2, Query::Phrase("f", {"a", "b"}),
       Query::Phrase("f", {"a", "b", "c"}), "a phrase of 3 terms; at most 2 are allowed"},
      {&QueryLimits::phrase_terms, 2, NearOf(2, {}), NearOf(3, {}), "a near query of 3 parts"},
      {&QueryLimits::set_values, 1, Query::Ids({"a"}), Query::Ids({"a", "b"}),
       "a set of 2 values; at most 1 are allowed"},
      {&QueryLimits::pattern_bytes, 2, Query::Wildcard("f", "a*"), Query::Wildcard("f", "ab*"),
       "the text of a wildcard query has 3 bytes; at most 2 are allowed"},
  };
  for (const auto& [limit, value, within, beyond, message] : cases) {
    QueryLimits limits;
    limits.*limit = value;
    EXPECT_TRUE(within.Validate(limits).ok()) << within.ToString() << within.Validate(limits);
    const absl::Status status = beyond.Validate(limits);
    EXPECT_EQ(CodeOf(status), kTooMuch) << beyond.ToString();
    EXPECT_NE(status.message().find(message), std::string::npos) << status;
    EXPECT_TRUE(beyond.Validate().ok()) << "for others it is sound";
  }
}

TEST(QueryLimitsTest, LimitsThemselvesAreChecked) {
  const struct {
    const char* name;
    uint64_t QueryLimits::*limit;
  } limits[] = {{"query_bytes", &QueryLimits::query_bytes},
                {"depth", &QueryLimits::depth},
                {"clauses", &QueryLimits::clauses},
                {"patterns", &QueryLimits::patterns},
                {"phrase_terms", &QueryLimits::phrase_terms},
                {"text_tokens", &QueryLimits::text_tokens},
                {"set_values", &QueryLimits::set_values},
                {"pattern_bytes", &QueryLimits::pattern_bytes},
                {"pattern_states", &QueryLimits::pattern_states},
                {"pattern_work", &QueryLimits::pattern_work},
                {"expansions", &QueryLimits::expansions},
                {"hits", &QueryLimits::hits}};
  EXPECT_TRUE(QueryLimits().Validate().ok());
  for (const auto& [name, limit] : limits) {
    QueryLimits one;
    one.*limit = 1;
    EXPECT_TRUE(one.Validate().ok()) << name;
    for (const uint64_t wrong : {uint64_t{0}, QueryLimits().*limit + 1, UINT64_MAX}) {
      QueryLimits bad;
      bad.*limit = wrong;
      const absl::Status status = bad.Validate();
      EXPECT_EQ(CodeOf(status), kInvalid) << name;
      EXPECT_NE(status.message().find(name), std::string::npos) << status;
      EXPECT_EQ(CodeOf(A().Validate(bad)), kInvalid) << "no query is measured by it";
    }
  }
}

}  // namespace
}  // namespace segue

// SPDX-License-Identifier: Apache-2.0
//
// Rewriting: by examples, and against a brute-force evaluator of both forms.
#include "engine/query/rewrite.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "segue/query_parser.h"
#include "segue/status.h"

namespace segue {
namespace {

// A schema with its analyzers.
class World {
 public:
  explicit World(std::string_view schema_json) {
    absl::StatusOr<Schema> schema = Schema::FromJson(schema_json);
    EXPECT_TRUE(schema.ok()) << schema.status();
    schema_ = *std::move(schema);
    for (const Field& field : schema_.fields()) {
      if (field.options.type != FieldType::kText) continue;
      const std::string& name = field.options.search_analyzer.empty()
                                    ? field.options.analyzer
                                    : field.options.search_analyzer;
      absl::StatusOr<std::shared_ptr<const Analyzer>> analyzer =
          AnalyzerRegistry::BuiltIn().Get(name);
      EXPECT_TRUE(analyzer.ok()) << analyzer.status();
      analyzers_[field.name] = *std::move(analyzer);
    }
    context_.schema = &schema_;
    context_.analyzer = [this](std::string_view field) -> const Analyzer* {
      auto found = analyzers_.find(field);
      return found == analyzers_.end() ? nullptr : found->second.get();
    };
  }

  absl::StatusOr<Query> TryRewrite(const Query& query) {
    diagnostics_.clear();
    return Rewrite(query, context_, &diagnostics_);
  }
  Query Rewritten(const Query& query) {
    absl::StatusOr<Query> rewritten = TryRewrite(query);
    EXPECT_TRUE(rewritten.ok()) << rewritten.status();
    return rewritten.value_or(Query::None());
  }
  std::string Parsed(std::string_view text) { return Rewritten(ParseQuery(text).query).ToString(); }
  // Messages, joined by newlines.
  std::string Messages() const {
    std::string all;
    for (const Diagnostic& diagnostic : diagnostics_) {
      all += all.empty() ? "" : "\n";
      all += diagnostic.message;
    }
    return all;
  }
  const std::vector<Diagnostic>& diagnostics() const { return diagnostics_; }
  const RewriteContext& context() const { return context_; }

 private:
  Schema schema_;
  std::map<std::string, std::shared_ptr<const Analyzer>, std::less<>> analyzers_;
  RewriteContext context_;
  std::vector<Diagnostic> diagnostics_;
};

constexpr char kOneField[] = R"({"fields":{"t":{"type":"text"}}})";

constexpr char kCatalogue[] = R"({"default":["title","body"],"fields":{
    "title":{"type":"text","boost":2},
    "body":{"type":"text","analyzer":"english"},
    "plain":{"type":"text","positions":false},
    "hidden":{"type":"text","indexed":false},
    "tag":{"type":"keyword"},
    "year":{"type":"int64"},
    "price":{"type":"float64"},
    "live":{"type":"bool"},
    "added":{"type":"timestamp"},
    "cover":{"type":"bytes"}}})";

TEST(RewriteTest, WordsOfOneDefaultField) {
  World world(kOneField);
  EXPECT_EQ(world.Rewritten(ParseQuery("Jazz").query), Query::Term("t", "jazz"));
  EXPECT_EQ(world.Parsed("kind of Blue"), "t:kind t:of t:blue");
  EXPECT_EQ(world.Parsed("+kind +of"), "+t:kind +t:of");
  EXPECT_EQ(world.Parsed("+a b -c"), "+t:a t:b -t:c");
  EXPECT_EQ(world.Parsed("\"Kind of Blue\""), "t:\"kind of blue\"");
  EXPECT_EQ(world.Parsed("+\"the who\" +uk"), "+t:\"the who\" +t:uk");
  EXPECT_EQ(world.Parsed("\"Blue\""), "t:blue");
  EXPECT_EQ(world.Rewritten(Query::Text("(kind) \"OF\" blue")).ToString(), "t:kind t:of t:blue");
  EXPECT_TRUE(world.diagnostics().empty());
}

TEST(RewriteTest, TextOfSeveralTokensIsTheirOr) {
  World world(kOneField);
  EXPECT_EQ(world.Parsed("wi-fi"), "t:wi t:fi");
  EXPECT_EQ(world.Parsed("x wi-fi"), "t:x t:wi t:fi");
  EXPECT_EQ(world.Parsed("+x +wi-fi"), "+t:x +(t:wi t:fi)");
  EXPECT_EQ(world.Parsed("x -wi-fi"), "+t:x -t:wi -t:fi");
}

TEST(RewriteTest, SeveralDefaultFieldsAreADisjunctionMax) {
  World world(kCatalogue);
  EXPECT_EQ(world.Parsed("Foxes"), "(title:foxes^2 | body:fox)");
  EXPECT_EQ(world.Parsed("+foxes jazz"), "+(title:foxes^2 | body:fox) (title:jazz^2 | body:jazz)");
  EXPECT_EQ(world.Parsed("\"blue foxes\""), "(title:\"blue foxes\"^2 | body:\"blue fox\")");
  EXPECT_EQ(world.Parsed("wi-fi"), "((title:wi^2 title:fi^2) | (body:wi body:fi))");
  // Literal text means its words.
  EXPECT_EQ(world.Rewritten(Query::Text("foxes jazz")),
            world.Rewritten(ParseQuery("foxes jazz").query));
  EXPECT_EQ(world.Rewritten(Query::Term("", "X")).ToString(), "(title:X^2 | body:X)");
  EXPECT_EQ(world.Rewritten(Query::Phrase("", {"X", "Y"})).ToString(),
            "(title:\"X Y\"^2 | body:\"X Y\")");
}

TEST(RewriteTest, StopWordsTakeTheirClauseAlong) {
  World world(kCatalogue);
  // "the" is a stop word of body only.
  EXPECT_EQ(world.Parsed("the"), "title:the^2");
  EXPECT_EQ(world.Parsed("body:the body:fox"), "body:fox");
  EXPECT_EQ(world.Messages(), "'the' has no searchable words in the field 'body'; left out");
  EXPECT_EQ(world.diagnostics()[0].begin_byte, 5u);
  EXPECT_EQ(world.diagnostics()[0].end_byte, 8u);
  EXPECT_EQ(world.Parsed("+body:the +body:fox"), "body:fox");
  EXPECT_EQ(world.Parsed("body:the"), "none()");
  EXPECT_EQ(world.Parsed("body:(the (of and)) body:fox"), "body:fox");
  EXPECT_EQ(world.Parsed("&"), "none()");
  EXPECT_EQ(world.Messages(), "'&' has no searchable words; left out");
  EXPECT_EQ(world.Parsed("+body:the -body:fox"), "none()");
  EXPECT_NE(world.Messages().find("all clauses prohibit"), std::string::npos);
  // What must match can be no more than what is there.
  EXPECT_EQ(world.Parsed("body:(the fox hen owl)@4"), "+body:fox +body:hen +body:owl");
}

TEST(RewriteTest, PhrasesKeepTheGapsOfStopWords) {
  World world(kCatalogue);
  EXPECT_EQ(world.Rewritten(Query::MatchPhrase("body", "the quick and the fox")),
            Query::Phrase("body", std::vector<PhraseTerm>{{"quick", 0}, {"fox", 3}}));
  EXPECT_EQ(world.Rewritten(Query::MatchPhrase("body", "the fox of the")),
            Query::Term("body", "fox"));
  EXPECT_EQ(world.Rewritten(Query::MatchPhrase("body", "of the")), Query::None());
  EXPECT_EQ(world.Rewritten(Query::Phrase("body", std::vector<PhraseTerm>{{"a", 7}, {"b", 5}})),
            Query::Phrase("body", std::vector<PhraseTerm>{{"a", 2}, {"b", 0}}));
  EXPECT_EQ(world.Rewritten(Query::Phrase("body", {"Exact"})), Query::Term("body", "Exact"));
}

TEST(RewriteTest, PhraseWithoutPositionsFallsBackToItsWords) {
  World world(kCatalogue);
  EXPECT_EQ(world.Parsed("plain:\"kind of blue\""), "+plain:kind +plain:of +plain:blue");
  EXPECT_NE(world.Messages().find("keeps no positions"), std::string::npos);
  EXPECT_EQ(world.Parsed("plain:\"blue\""), "plain:blue");
  EXPECT_EQ(world.Messages(), "");
}

TEST(RewriteTest, Values) {
  World world(kCatalogue);
  auto parsed = [&](std::string_view text) { return world.Rewritten(ParseQuery(text).query); };
  EXPECT_EQ(parsed("year:1959"), Query::Equals("year", int64_t{1959}));
  EXPECT_EQ(parsed("year:-5"), Query::Equals("year", int64_t{-5}));
  EXPECT_EQ(parsed("price:10"), Query::Equals("price", 10.0));
  EXPECT_EQ(parsed("live:true"), Query::Equals("live", true));
  EXPECT_EQ(parsed("added:1970-01-02"), Query::Equals("added", int64_t{86'400'000'000}));
  EXPECT_EQ(parsed("added:\"1970-01-01T00:00:01Z\""), Query::Equals("added", int64_t{1'000'000}));
  EXPECT_EQ(parsed("tag:So-What"), Query::Term("tag", "So-What"));
  EXPECT_EQ(parsed("tag:\"so what\""), Query::Term("tag", "so what"));
  EXPECT_EQ(world.Rewritten(Query::Equals("price", int64_t{3})), Query::Equals("price", 3.0));
  EXPECT_EQ(world.Rewritten(Query::Equals("tag", int64_t{3})), Query::Term("tag", "3"));
  EXPECT_EQ(world.Rewritten(Query::Equals("added", "1970-01-01")),
            Query::Equals("added", int64_t{0}));
  EXPECT_EQ(world.Rewritten(Query::Term("year", "7")), Query::Equals("year", int64_t{7}));
  EXPECT_TRUE(world.diagnostics().empty());
}

TEST(RewriteTest, WhatCannotBeSearchedMatchesNothingAndSaysSo) {
  World world(kCatalogue);
  const std::pair<const char*, const char*> bad[] = {
      {"titel:jazz", "there is no field 'titel'; did you mean 'title'?"},
      {"year:next", "'next' is no value of the field 'year' (int64)"},
      {"year:19.5", "'19.5' is no value of the field 'year' (int64)"},
      {"live:yes", "'yes' is no value of the field 'live' (bool)"},
      {"added:now", "'now' is no value of the field 'added' (timestamp)"},
      {"cover:x", "the field 'cover' is not indexed and cannot be searched"},
      {"hidden:x", "the field 'hidden' is not indexed and cannot be searched"},
  };
  for (const auto& [text, message] : bad) {
    EXPECT_EQ(world.Parsed(text), "none()") << text;
    EXPECT_EQ(world.Messages(), message);
    // As one clause of several.
    EXPECT_EQ(world.Parsed(std::string("plain:a ") + text), "plain:a");
    EXPECT_EQ(world.Parsed(std::string("plain:a +") + text), "none()");
    EXPECT_EQ(world.Parsed(std::string("plain:a -") + text), "plain:a");
  }
  EXPECT_EQ(world.Rewritten(Query::Equals("title", "x")), Query::None());
  EXPECT_NE(world.Messages().find("is text"), std::string::npos);
  EXPECT_EQ(world.Rewritten(Query::Equals("year", 2.5)), Query::None());
  EXPECT_EQ(world.Messages(), "'2.5' is no value of the field 'year' (int64)");
  EXPECT_EQ(world.Rewritten(Query::Phrase("tag", {"a", "b"})), Query::None());
  EXPECT_NE(world.Messages().find("holds no phrases"), std::string::npos);
  EXPECT_EQ(world.Rewritten(Query::Term("tag", std::string(32767, 'x'))).kind(), QueryKind::kTerm);
  EXPECT_EQ(world.Rewritten(Query::Match("tag", std::string(32768, 'x'))), Query::None());
  EXPECT_NE(world.Messages().find("32768 bytes"), std::string::npos);
}

TEST(RewriteTest, EachMessageOnce) {
  World world(kCatalogue);
  world.Parsed("titel:(a b c)");
  EXPECT_EQ(world.diagnostics().size(), 1u);
}

TEST(RewriteTest, NoDefaultFields) {
  World world(R"({"fields":{"tag":{"type":"keyword"}}})");
  EXPECT_EQ(world.Parsed("a"), "none()");
  EXPECT_NE(world.Messages().find("no default fields"), std::string::npos);
  EXPECT_EQ(world.Parsed("tag:a"), "tag:a");
}

TEST(RewriteTest, NestedOrAndAndAreFlattened) {
  World world(kOneField);
  EXPECT_EQ(world.Parsed("a (b (c d))"), "t:a t:b t:c t:d");
  EXPECT_EQ(world.Parsed("a AND (b AND (c AND d))"), "+t:a +t:b +t:c +t:d");
  EXPECT_EQ(world.Parsed("+a +(+b -c)"), "+t:a +t:b -t:c");
  EXPECT_EQ(world.Parsed("a OR b AND c"), "t:a (+t:b +t:c)");
  EXPECT_EQ(world.Parsed("+a +(b c)"), "+t:a +(t:b t:c)");
  EXPECT_EQ(world.Parsed("+a (b c)"), "+t:a t:b t:c");
  EXPECT_EQ(world.Parsed("a -(b c)"), "+t:a -t:b -t:c");
  // A boost between saves a rounding; it stays.
  EXPECT_EQ(world.Parsed("a (b c)^2"), "t:a (t:b t:c)^2");
  // One of these and one of those is not one of all.
  EXPECT_EQ(world.Parsed("(a (b c) d)@2"), "(t:a (t:b t:c) t:d)@2");
  EXPECT_EQ(world.Parsed("a (b c d)@2"), "t:a (t:b t:c t:d)@2");
}

TEST(RewriteTest, EqualClausesAreMerged) {
  World world(kOneField);
  EXPECT_EQ(world.Parsed("to be or not to be"), "t:to^2 t:be^2 t:or t:not");
  EXPECT_EQ(world.Parsed("+a +a"), "t:a^2");
  EXPECT_EQ(world.Parsed("a^2 b a^0.5"), "t:a^2.5 t:b");
  EXPECT_EQ(world.Parsed("a (b a)"), "t:a^2 t:b");
  EXPECT_EQ(world.Parsed("a -b -b"), "+t:a -t:b");
  EXPECT_EQ(world.Parsed("+a a"), "+t:a t:a");
  EXPECT_EQ(world.Parsed("(a a b)@2"), "(t:a t:a t:b)@2");
  EXPECT_EQ(world.Parsed("(a a)@2"), "t:a^2");
  EXPECT_EQ(world.Parsed("\"a b\" \"A B\""), "t:\"a b\"^2");
  // Many, so that they are found by hash.
  std::string many;
  std::string wanted;
  for (int i = 0; i < 100; ++i) {
    many += "w" + std::to_string(i) + " ";
    wanted += (i == 0 ? "t:w" : " t:w") + std::to_string(i) + "^3";
  }
  EXPECT_EQ(world.Parsed(many + many + many), wanted);
}

// Before they are flattened, as in Lucene: what has a boost then stays, and its sum is rounded.
TEST(RewriteTest, EqualTreesAreMergedFirst) {
  World world(kOneField);
  EXPECT_EQ(world.Parsed("(a b) (a b)"), "(t:a t:b)^2");
  EXPECT_EQ(world.Parsed("c (a b) (a b)"), "t:c (t:a t:b)^2");
  EXPECT_EQ(world.Parsed("a (a b) (a b)"), "t:a (t:a t:b)^2");
  EXPECT_EQ(world.Parsed("+(+a +b) +(+a +b) +c"), "+(+t:a +t:b)^2 +t:c");
  EXPECT_EQ(world.Parsed("x wi-fi Wi-Fi"), "t:x (t:wi t:fi)^2");
  EXPECT_EQ(world.Parsed("x ((a b) (a b))^3"), "t:x (t:a t:b)^6");
  EXPECT_EQ(world.Parsed("((a b) (a b))@2"), "(t:a t:b)^2");
  // The order of clauses does not count, nor does that of maxima.
  EXPECT_EQ(world.Parsed("c (a b^3) (b^3 a)"), "t:c (t:a t:b^3)^2");
  EXPECT_EQ(world.Parsed("c (a (b d)) (d (a b))"), "t:c (t:a t:b t:d)^2");
  EXPECT_EQ(world.Parsed("c (+a +(b d)) (+(d b) +a)"), "t:c (+t:a +(t:b t:d))^2");
  const Query a = Query::Term("t", "a"), b = Query::Term("t", "b");
  EXPECT_EQ(world.Rewritten(Query::Or(
                {Query::DisjunctionMax({a, b}), b, Query::ConstantScore(Query::Or({a, b}), 3),
                 Query::DisjunctionMax({b, a}), Query::ConstantScore(Query::Or({b, a}), 3)})),
            Query::Or({Query::Boost(Query::DisjunctionMax({a, b}), 2), b,
                       Query::Boost(Query::ConstantScore(Query::Or({a, b}), 3), 2)}));
  // Not the same: other weights, another number of copies, another tie, more of them wanted.
  EXPECT_EQ(world.Parsed("(a b) (a b^2)"), "t:a^2 t:b^3");
  EXPECT_EQ(world.Parsed("(a b) (b c)"), "t:a t:b^2 t:c");
  EXPECT_EQ(world.Parsed("(a b c) (a b c)@2"), "t:a t:b t:c (t:a t:b t:c)@2");
  EXPECT_EQ(world
                .Rewritten(Query::Or(
                    {Query::DisjunctionMax({a, b}, 0.25f), Query::DisjunctionMax({a, b}, 0.5f)}))
                .clauses()
                .size(),
            2u);
  // Weights that add up to 1 are no boost.
  EXPECT_EQ(world.Parsed("(a b)^0.5 (b a)^0.5 c"), "t:a t:b t:c");
  // Among many words.
  std::string words;
  for (int i = 0; i < 100; ++i) words += "w" + std::to_string(i) + " ";
  const std::string many = world.Parsed(words + "(+a +b)");
  EXPECT_EQ(world.Parsed(words + "(+a +b) (+b +a)"), many + "^2");
}

TEST(RewriteTest, BoostsMultiplyFromOutsideInwards) {
  World world(kCatalogue);
  EXPECT_EQ(world.Parsed("plain:a^1"), "plain:a");
  EXPECT_EQ(world.Rewritten(Query::Boost(Query::Boost(Query::Match("title", "a"), 3), 0.1f)),
            Query::Boost(Query::Term("title", "a"), 0.1f * (3.0f * 2.0f)));
  EXPECT_EQ(world.Rewritten(Query::Boost(Query::None(), 3)), Query::None());
  EXPECT_EQ(world.Rewritten(Query::ConstantScore(Query::Boost(Query::Match("title", "a"), 3), 5)),
            Query::ConstantScore(Query::Term("title", "a"), 5));
  EXPECT_EQ(
      world.Rewritten(Query::ConstantScore(Query::ConstantScore(Query::Match("plain", "a"), 1), 5)),
      Query::ConstantScore(Query::Term("plain", "a"), 5));
}

TEST(RewriteTest, AllAndNone) {
  World world(kOneField);
  EXPECT_EQ(world.Parsed("*:*"), "*:*");
  EXPECT_EQ(world.Parsed("+*:* -a"), "+*:* -t:a");
  EXPECT_EQ(world.Parsed("*:* -a"), "+*:* -t:a");
  EXPECT_EQ(world.Parsed("a -*:*"), "none()");
  EXPECT_EQ(world.Parsed("-a"), "none()");
  EXPECT_EQ(world.Messages(), "");  // the parser has said it
  EXPECT_EQ(world.Rewritten(Query::Boolean({{Occur::kMustNot, Query::Match("t", "a")}})),
            Query::None());
  EXPECT_EQ(world.Messages(), "all clauses prohibit, so nothing matches");
  EXPECT_EQ(world.Rewritten(Query::Boolean({})), Query::None());
  EXPECT_EQ(world.Rewritten(Query::DisjunctionMax({})), Query::None());
  // A filter on all documents turns prohibitions around.
  Query all_but =
      Query::Boolean({{Occur::kFilter, Query::All()}, {Occur::kMustNot, Query::Match("t", "a")}});
  EXPECT_EQ(world.Rewritten(all_but).ToString(), "#*:* -t:a");
  EXPECT_EQ(world
                .Rewritten(Query::Boolean(
                    {{Occur::kFilter, Query::All()}, {Occur::kShould, Query::Match("t", "a")}}))
                .ToString(),
            "#*:* t:a");
  EXPECT_EQ(world.Rewritten(Query::Boolean(
                {{Occur::kFilter, Query::All()}, {Occur::kMust, Query::Match("t", "a")}})),
            Query::Term("t", "a"));
  // Nor beside what must match only because as many are wanted as there are.
  EXPECT_EQ(world
                .Rewritten(Query::Boolean({{Occur::kFilter, Query::All()},
                                           {Occur::kShould, Query::Match("t", "a b")},
                                           {Occur::kShould, Query::Match("t", "c")}},
                                          2))
                .ToString(),
            "+(t:a t:b) +t:c");
}

TEST(RewriteTest, FiltersKeepNoScores) {
  World world(kOneField);
  Query query = Query::Boolean(
      {{Occur::kMust, Query::Match("t", "a")},
       {Occur::kFilter, Query::Boost(Query::Match("t", "b"), 3)},
       {Occur::kFilter, Query::And({Query::Match("t", "c"), Query::Match("t", "b")})}});
  EXPECT_EQ(world.Rewritten(query).ToString(), "+t:a #t:b #t:c");
}

TEST(RewriteTest, Limits) {
  World world(kOneField);
  std::string many;
  for (int i = 0; i < 1024; ++i) many += "w" + std::to_string(i) + " ";
  EXPECT_TRUE(world.TryRewrite(Query::Text(many)).ok());
  EXPECT_EQ(CodeOf(world.TryRewrite(Query::Text(many + "x")).status()),
            ErrorCode::kResourceExhausted);
  // Repetitions are free.
  EXPECT_TRUE(world.TryRewrite(Query::Text(many + many)).ok());
  std::string words;
  for (int i = 0; i < 257; ++i) words += "w ";
  EXPECT_EQ(CodeOf(world.TryRewrite(Query::MatchPhrase("t", words)).status()),
            ErrorCode::kResourceExhausted);
  EXPECT_EQ(CodeOf(world.TryRewrite(Query::Boost(Query::All(), -1)).status()),
            ErrorCode::kInvalidArgument);
}

// ---- Against brute force ----

// A document is the set of the words it holds. Scores are small multiples of
// 1/8, so that no sum or product of them is rounded and the two forms must agree
// exactly.
using Document = std::vector<std::string>;

class Evaluator {
 public:
  explicit Evaluator(const Document& document) : document_(document) {}

  // The score, or nothing if the document does not match.
  std::optional<double> Score(const Query& query) const {
    switch (query.kind()) {
      case QueryKind::kMatchAll:
        return 1;
      case QueryKind::kMatchNone:
        return std::nullopt;
      case QueryKind::kTerm:
        return Word(query.text());
      case QueryKind::kMatch:
        return Words(query.text());
      case QueryKind::kBoost:
        return Times(Score(query.children()[0]), query.number());
      case QueryKind::kConstantScore:
        return Score(query.children()[0]).has_value() ? std::optional<double>(query.number())
                                                      : std::nullopt;
      case QueryKind::kDisjunctionMax:
        return Max(query);
      case QueryKind::kBoolean:
        return Boolean(query);
      default:
        ADD_FAILURE() << "unexpected " << query.ToString();
        return std::nullopt;
    }
  }

 private:
  static std::optional<double> Times(std::optional<double> score, float by) {
    if (score.has_value()) *score *= by;
    return score;
  }

  std::optional<double> Word(const std::string& word) const {
    for (const std::string& held : document_) {
      if (held == word) return (word[0] - 'a' + 1) / 8.0;
    }
    return std::nullopt;
  }

  std::optional<double> Words(const std::string& text) const {
    std::optional<double> sum;
    for (char c : text) {
      if (c == ' ') continue;
      std::optional<double> score = Word(std::string(1, c));
      if (score.has_value()) sum = sum.value_or(0) + *score;
    }
    return sum;
  }

  std::optional<double> Max(const Query& query) const {
    std::optional<double> best;
    for (const Query& child : query.children()) {
      std::optional<double> score = Score(child);
      if (score.has_value()) best = std::max(best.value_or(0), *score);
    }
    return best;
  }

  std::optional<double> Boolean(const Query& query) const {
    double sum = 0;
    uint32_t optional_matches = 0;
    bool has_required = false;
    for (const QueryClause& clause : query.clauses()) {
      std::optional<double> score = Score(clause.query);
      bool is_required = clause.occur == Occur::kMust || clause.occur == Occur::kFilter;
      has_required |= is_required;
      if (is_required && !score.has_value()) return std::nullopt;
      if (!score.has_value()) continue;
      if (clause.occur == Occur::kMustNot) return std::nullopt;
      if (clause.occur == Occur::kShould) ++optional_matches;
      if (clause.occur != Occur::kFilter) sum += *score;
    }
    uint32_t wanted = std::max(query.min_should_match(), has_required ? 0u : 1u);
    if (optional_matches < wanted) return std::nullopt;
    return sum;
  }

  const Document& document_;
};

Query RandomQuery(std::mt19937_64* random, int depth) {
  auto pick = [&](uint64_t n) { return (*random)() % n; };
  auto word = [&] { return std::string(1, static_cast<char>('a' + pick(4))); };
  switch (depth == 0 ? pick(4) : pick(12)) {
    case 0:
      return pick(6) == 0 ? Query::All() : Query::Match("t", word());
    case 1:
      return pick(6) == 0 ? Query::None() : Query::Term("t", word());
    case 2:
      return Query::Match("t", word() + " " + word());
    case 3:
      return Query::Match("t", word());
    case 4:
      return Query::Boost(RandomQuery(random, depth - 1), static_cast<float>(pick(4)) / 2);
    case 5:
      return Query::ConstantScore(RandomQuery(random, depth - 1), static_cast<float>(pick(4)) / 2);
    case 6:
      return Query::DisjunctionMax(
          {RandomQuery(random, depth - 1), RandomQuery(random, depth - 1)});
    default: {
      std::vector<QueryClause> clauses;
      bool is_pure = pick(2) == 0;
      Occur all = pick(2) == 0 ? Occur::kMust : Occur::kShould;
      size_t size = pick(5);
      for (size_t i = 0; i < size; ++i) {
        Occur occur = is_pure ? all : static_cast<Occur>(pick(4));
        clauses.push_back({occur, RandomQuery(random, depth - 1)});
      }
      uint32_t wanted = pick(3) == 0 ? static_cast<uint32_t>(pick(4)) : 0;
      return Query::Boolean(std::move(clauses), wanted);
    }
  }
}

// Two halves of a clause make one without a boost, which the union around it then takes in.
TEST(RewritePropertyTest, HalvesThatAddUpToOneAreFlattened) {
  World world(kOneField);
  const Query half =
      Query::Boost(Query::Or({Query::Match("t", "a"), Query::Match("t", "b")}), 0.5f);
  const Query rewritten = world.Rewritten(Query::Or({half, half, Query::Match("t", "c")}));
  EXPECT_EQ(world.Rewritten(rewritten), rewritten) << rewritten.ToJson();
  EXPECT_EQ(rewritten.clauses().size(), 3u) << rewritten.ToJson();
}

TEST(RewritePropertyTest, SameMatchesAndScoresAsBruteForce) {
  const char* given = std::getenv("SEGUE_SEED");
  uint64_t seed = given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device()();
  std::printf("SEGUE_SEED=%llu\n", static_cast<unsigned long long>(seed));
  std::mt19937_64 random(seed);
  World world(kOneField);
  int matches = 0;
  for (int i = 0; i < 20'000; ++i) {
    Query query = RandomQuery(&random, 1 + static_cast<int>(random() % 4));
    Query rewritten = world.Rewritten(query);
    EXPECT_EQ(world.Rewritten(rewritten), rewritten) << query.ToJson();
    for (int words = 0; words < 16; ++words) {
      Document document;
      for (int word = 0; word < 4; ++word) {
        if ((words >> word & 1) != 0) {
          document.emplace_back(1, static_cast<char>('a' + word));
        }
      }
      std::optional<double> wanted = Evaluator(document).Score(query);
      std::optional<double> got = Evaluator(document).Score(rewritten);
      ASSERT_EQ(got, wanted) << query.ToString() << "\n became " << rewritten.ToString()
                             << "\n for document " << words;
      matches += wanted.has_value() ? 1 : 0;
    }
  }
  EXPECT_GT(matches, 50'000);
}

}  // namespace
}  // namespace segue

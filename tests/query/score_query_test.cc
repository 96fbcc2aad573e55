// SPDX-License-Identifier: Apache-2.0
//
// Score functions and demotions: how they are read, printed and rewritten. What they find is in
// tests/oracle and tests/rank.
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "engine/base/strings.h"
#include "segue/query.h"
#include "segue/query_parser.h"
#include "segue/status.h"
#include "tests/query/query_testing.h"

namespace segue {
namespace {

using Kind = ScoreFunctionKind;

Query Word(std::string_view text) { return Query::Match("", text); }

TEST(ScoreParserTest, Functions) {
  ExpectRead("a^log1p(plays)",
             Query::FunctionScore(Word("a"), {.kind = Kind::kLog1p, .field = "plays"}));
  ExpectRead(
      "(a b)^saturation(plays, pivot=100, weight=2, bias=1)",
      Query::FunctionScore(
          Query::Or({Word("a"), Word("b")}),
          {.kind = Kind::kSaturation, .field = "plays", .pivot = 100, .weight = 2, .bias = 1}));
  ExpectRead(
      "*:*^gauss(added, origin=2024-02-29T13:45:00Z, scale=30d, offset=1.5h, decay=0.25)",
      Query::FunctionScore(Query::All(), {.kind = Kind::kGauss,
                                          .field = "added",
                                          .origin = Value(std::string("2024-02-29T13:45:00Z")),
                                          .offset = 5400e6,
                                          .scale = 30 * 86400e6,
                                          .decay = 0.25}));
  ExpectRead(
      "\"a b\"~2^reciprocal( \"my field\" , missing=\"7\" , combine=max)",
      Query::FunctionScore(Query::MatchPhrase("", "a b", 2), {.kind = Kind::kReciprocal,
                                                              .field = "my field",
                                                              .combination = ScoreCombination::kMax,
                                                              .missing = Value(std::string("7"))}));
  ExpectRead(
      "a*^value(n, factor=1e-3, combine=add)",
      Query::FunctionScore(Query::Prefix("", "a"),
                           {.field = "n", .factor = 1e-3, .combination = ScoreCombination::kAdd}));
}

TEST(ScoreParserTest, BoostsAndFunctionsKeepTheirOrder) {
  const ScoreFunction plays{.kind = Kind::kSqrt, .field = "n"};
  ExpectRead("a^2^sqrt(n)", Query::FunctionScore(Query::Boost(Word("a"), 2), plays));
  ExpectRead("a^sqrt(n)^2", Query::Boost(Query::FunctionScore(Word("a"), plays), 2));
  ExpectRead("a^sqrt(n)^sqrt(n)",
             Query::FunctionScore(Query::FunctionScore(Word("a"), plays), plays));
  EXPECT_EQ(ParseQuery("a^2^3^sqrt(n)").query,
            Query::FunctionScore(Query::Boost(Word("a"), 6), plays));
  for (const char* text : {"(a b)@2^sqrt(n)", "(a b)^sqrt(n)@2"}) {
    EXPECT_EQ(
        ParseQuery(text).query,
        Query::FunctionScore(
            Query::Boolean({{Occur::kShould, Word("a")}, {Occur::kShould, Word("b")}}, 2), plays));
  }
}

// What is no function is text, and a diagnostic says why; no text is lost.
// What may be meant as a function is told; what looks like arithmetic is left alone.
TEST(ScoreParserTest, FunctionsThatThereAreNot) {
  const Schema schema = *Schema::FromJson(
      R"({"default":["t"],"fields":{"t":{"type":"text"},"plays":{"type":"int64"}}})");
  const std::pair<const char*, const char*> kTexts[] = {
      {"a^log2(plays)", "no score function 'log2'; did you mean log1p? There are value, sqrt"},
      {"\"a b\"^exp(x)", "did you mean exponential?"},
      {"(a b)^sigmoid(plays, factor=2)", "no score function 'sigmoid'. There are value"},
      {"a^My_Rank(plays)", "no score function 'My_Rank'. There are value"},
      {"a^2^satturation(x)", "did you mean saturation?"}};
  for (const auto& [text, message] : kTexts) {
    const ParsedQuery parsed = ParseQuery(text, {.schema = &schema});
    ASSERT_EQ(parsed.diagnostics.size(), 1u) << text;
    EXPECT_NE(parsed.diagnostics[0].message.find(message), std::string::npos)
        << parsed.diagnostics[0].message;
    EXPECT_EQ(text[parsed.diagnostics[0].begin_byte], '^');
    EXPECT_EQ(text[parsed.diagnostics[0].end_byte], '(');
  }
  for (const char* text : {"a^n(x)", "a^sigmoid(x)", "e^2(x)", "a^log2 (plays)", "a^b", "a^(b)"}) {
    EXPECT_TRUE(ParseQuery(text, {.schema = &schema}).diagnostics.empty()) << text;
  }
}

TEST(ScoreParserTest, WhatIsNoFunction) {
  const std::pair<const char*, const char*> bad[] = {
      {"a^log1p(", "needs a field"},
      {"a^log1p()", "needs a field"},
      {"a^log1p(n", "no ')' closes"},
      {"a^log1p(n)b", "a space must follow"},
      {"a^log1p(n, 2)", "options like"},
      {"a^log1p(n, weighting=2)", "options like"},
      {"a^log1p(n, factor=)", "no value for factor"},
      {"a^log1p(n, factor=x)", "'x' is no number"},
      {"a^log1p(n, factor=2q)", "'2q' is no number"},
      {"a^log1p(n, factor=0)", "must be above 0"},
      {"a^log1p(n, colour=2)", "no option 'colour'"},
      {"a^log1p(n, combine=mul)", "combine must be"},
      {"a^gauss(n)", "needs an origin"},
      {"a^gauss(n, origin=1, decay=1)", "between 0 and 1"},
  };
  for (const auto& [text, message] : bad) {
    const ParsedQuery parsed = ParseQuery(text);
    ASSERT_FALSE(parsed.diagnostics.empty()) << text;
    EXPECT_NE(parsed.diagnostics[0].message.find(message), std::string::npos)
        << text << ": " << parsed.diagnostics[0].message;
    EXPECT_NE(parsed.query.ToString().find("log1p"), parsed.query.ToString().find("gauss")) << text;
  }
  for (const char* text : {"^log1p", "^log1p^2", "^log1p factor", "^cube(n)"}) {
    const ParsedQuery parsed = ParseQuery(Cat("a", text));
    EXPECT_EQ(parsed.query, ParseQuery(Cat("a\\", text)).query) << text;
    EXPECT_TRUE(parsed.diagnostics.empty()) << text;
  }
  EXPECT_TRUE(ParseQuery("\\a\\^log1p\\(n\\)").diagnostics.empty());
}

TEST(ScoreParserTest, Demotions) {
  ExpectRead("a NOT^0.25 b", Query::Demote(Word("a"), Word("b"), 0.25f));
  ExpectRead("a b NOT^0.25 (c d)", Query::Demote(Query::Or({Word("a"), Word("b")}),
                                                 Query::Or({Word("c"), Word("d")}), 0.25f));
  ExpectRead("a NOT^0.25 b NOT^0 c",
             Query::Demote(Query::Demote(Word("a"), Word("b"), 0.25f), Word("c"), 0));
  ExpectRead("(a NOT^0.5 f:b)^2 c",
             Query::Or({Query::Boost(Query::Demote(Word("a"), Query::Match("f", "b"), 0.5f), 2),
                        Word("c")}));
  EXPECT_EQ(ParseQuery("NOT^0.5 b a").query, Query::Demote(Word("a"), Word("b"), 0.5f));
  EXPECT_EQ(ParseQuery("a AND NOT^0.5 b AND c").query,
            Query::Demote(Query::And({Word("a"), Word("c")}), Word("b"), 0.5f));
  EXPECT_EQ(ParseQuery("a NOT^1.5 b").query.clauses().size(), 3u);  // a word with a boost
  const ParsedQuery alone = ParseQuery("NOT^0.5 a");
  EXPECT_EQ(alone.query, Query::None());
  ASSERT_EQ(alone.diagnostics.size(), 1u);
  EXPECT_NE(alone.diagnostics[0].message.find("nothing here that NOT^"), std::string::npos);
}

// A level for each: the text must still be searched.
TEST(ScoreParserTest, ManyOfThem) {
  std::string text = "a";
  for (int i = 0; i < 40; ++i) text = Cat("(", text, "^2^sqrt(n) b) NOT^0.5 c");
  const ParsedQuery parsed = ParseQuery(text);
  EXPECT_TRUE(parsed.query.Validate().ok()) << parsed.query.Validate();
  EXPECT_FALSE(parsed.diagnostics.empty());
}

class ScoreRewriteTest : public QueryRewriteTest {
 protected:
  ScoreRewriteTest()
      : QueryRewriteTest(
            R"({"default":["t"],"fields":{"t":{"type":"text"},"n":{"type":"int64"},
                "x":{"type":"float64"},"at":{"type":"timestamp"},"f":{"type":"bool"},
                "hidden":{"type":"int64","indexed":false,"stored":true}}})") {}
};

TEST_F(ScoreRewriteTest, ValuesBecomeThoseOfTheField) {
  EXPECT_EQ(Parsed("a^gauss(n, origin=3, missing=4)"), "t:a^gauss(n, origin=3, missing=4)");
  EXPECT_EQ(Parsed("a^gauss(at, origin=1970-01-02, scale=1d)"),
            "t:a^gauss(at, origin=86400000000, scale=8.64e+10)");
  EXPECT_EQ(Parsed("a^value(f, missing=true)"), "t:a^value(f, missing=true)");
  EXPECT_EQ(Rewritten(Query::FunctionScore(
                Word("a"), {.kind = Kind::kLinear, .field = "x", .origin = Value(int64_t{3})})),
            "t:a^linear(x, origin=3)");
  // An origin that nothing asks for has no type either.
  EXPECT_EQ(
      Rewritten(Query::FunctionScore(Word("a"), {.field = "n", .origin = Value(std::string("x"))})),
      "t:a^value(n)");
  EXPECT_TRUE(diagnostics_.empty());
}

TEST_F(ScoreRewriteTest, WhatCannotBeIsLeftOut) {
  for (const char* text : {"a^value(t)", "a^value(none)", "a^value(hidden)", "a^gauss(n, origin=x)",
                           "a^value(at, missing=yesterday)"}) {
    EXPECT_EQ(Parsed(text), "t:a") << text;
    EXPECT_EQ(diagnostics_.size(), 1u) << text;
  }
}

TEST_F(ScoreRewriteTest, NothingIsScoredInVain) {
  EXPECT_EQ(Parsed("-a^value(n) b"), "-t:a +t:b");
  EXPECT_EQ(Parsed("-(a NOT^0.5 c) b"), "-t:a +t:b");
  EXPECT_EQ(Rewritten(Query::ConstantScore(ParseQuery("a^value(n) NOT^0.5 b").query, 2)),
            "constant(t:a)^2");
  EXPECT_EQ(Parsed("a NOT^1 b"), "t:a");
  EXPECT_EQ(Rewritten(Query::Demote(Word("a"), Query::None(), 0.5f)), "t:a");
  EXPECT_EQ(Rewritten(Query::Demote(Query::None(), Word("a"), 0.5f)), "none()");
  EXPECT_EQ(Rewritten(Query::FunctionScore(Query::None(), {.field = "n"})), "none()");
}

}  // namespace
}  // namespace segue

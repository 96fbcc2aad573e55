// SPDX-License-Identifier: Apache-2.0
//
// Several fields as one, and names of fields with stars: how they are read, printed and rewritten.
// What combined words find is in tests/oracle.
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "engine/base/strings.h"
#include "engine/query/field_pattern.h"
#include "segue/query.h"
#include "segue/query_parser.h"
#include "segue/status.h"
#include "tests/query/query_testing.h"

namespace segue {
namespace {

const std::vector<WeightedField> kFields = {{"title", 2.5f}, {"body", 1}};

Query Combined(std::string_view text) { return Query::Combined(kFields, text); }

TEST(CombinedParserTest, ListsOfFields) {
  ExpectRead("{title^2.5 body}:blue", Combined("blue"));
  ExpectRead("{}:blue", Query::Combined({}, "blue"));
  ExpectRead("+{ title^2.5  body }:(blue red)^3 -x",
             Query::Boolean(
                 {{Occur::kMust, Query::Boost(Query::Or({Combined("blue"), Combined("red")}), 3)},
                  {Occur::kMustNot, Query::Match("", "x")}}));
  ExpectRead("{title^2.5 body}:(blue f:red)",
             Query::Or({Combined("blue"), Query::Match("f", "red")}));
  ExpectRead("{\"my field\" b}:a", Query::Combined({{"my field", 1}, {"b", 1}}, "a"));
}

// Of what is no word the best field counts.
TEST(CombinedParserTest, PhrasesAndPatternsInThem) {
  EXPECT_EQ(ParseQuery("{title^2.5 body}:\"a b\"").query,
            Query::DisjunctionMax({Query::Boost(Query::MatchPhrase("title", "a b"), 2.5f),
                                   Query::MatchPhrase("body", "a b")}));
  EXPECT_EQ(ParseQuery("{title}:a*").query, Query::Prefix("title", "a"));
  EXPECT_EQ(ParseQuery("{}:a*").query, Query::Prefix("", "a"));
  EXPECT_EQ(ParseQuery("{t u}:*").query,
            Query::DisjunctionMax({Query::Exists("t"), Query::Exists("u")}));
  // All documents are those of no field.
  EXPECT_EQ(ParseQuery("{t u}:(*:* -x)").query,
            Query::Boolean({{Occur::kShould, Query::All()},
                            {Occur::kMustNot, Query::Combined({{"t", 1}, {"u", 1}}, "x")}}));
}

TEST(CombinedParserTest, WhatIsNoList) {
  for (const char* text : {"{", "{a", "{a}", "{a}b", "{a b} c", "{a^}:b", "{a^0}:b", "{a^x}:b",
                           "{a}: b", "{a}::b", "{a,}"}) {
    EXPECT_EQ(ParseQuery(text).query.ToJson().find("combined"), std::string::npos) << text;
  }
  std::string many = "{";
  for (int i = 0; i < 33; ++i) many += "f ";
  EXPECT_EQ(ParseQuery(many + "}:a").query.ToJson().find("combined"), std::string::npos);
  // No text is run through twice.
  const std::string hostile(60000, '{');
  EXPECT_TRUE(ParseQuery(hostile).query.Validate().ok());
}

TEST(FieldPatternTest, ReadAndPrinted) {
  ExpectRead("title*:blue", Query::Match("title*", "blue"));
  ExpectRead("*_en:blu*", Query::Prefix("*_en", "blu"));
}

TEST(FieldPatternTest, Stars) {
  EXPECT_TRUE(FieldNameMatches("*", ""));
  EXPECT_TRUE(FieldNameMatches("title*", "title"));
  EXPECT_TRUE(FieldNameMatches("t*e", "title"));
  EXPECT_TRUE(FieldNameMatches("*a*b*", "xaxaxb"));
  EXPECT_TRUE(FieldNameMatches("a**b", "ab"));
  EXPECT_FALSE(FieldNameMatches("t*l", "title"));
  EXPECT_FALSE(FieldNameMatches("", "a"));
  EXPECT_FALSE(FieldNameMatches("*ab", "abc"));
  EXPECT_FALSE(FieldNameMatches("a*a", "a"));
}

class CombinedRewriteTest : public QueryRewriteTest {
 protected:
  CombinedRewriteTest()
      : QueryRewriteTest(
            R"({"default":["title","body"],"fields":{
                "title":{"type":"text"},"body":{"type":"text","analyzer":"english"},
                "title_sub":{"type":"text"},"tag":{"type":"keyword"},
                "heavy":{"type":"text","boost":2},"n":{"type":"int64"}}})") {}
};

TEST_F(CombinedRewriteTest, EachWordInEachField) {
  EXPECT_EQ(Rewritten(Query::Combined({{"title", 2}, {"body", 1}}, "Running dogs")),
            "combined(title:running^2 body:run) combined(title:dogs^2 body:dog)");
  EXPECT_EQ(Rewritten(Query::Combined({}, "blue")), "combined(title:blue body:blue)");
  EXPECT_EQ(Rewritten(Query::Combined({{"title", 1}, {"body", 1}}, "wi-fi")),
            "combined(title:wi body:wi) combined(title:fi body:fi)");
  // A stop word of one field.
  EXPECT_EQ(Rewritten(Query::Combined({{"title", 1}, {"body", 1}}, "the")), "title:the");
  EXPECT_EQ(Rewritten(Query::Combined({{"tag", 3}, {"title", 1}}, "Blue")),
            "combined(tag:Blue^3 title:blue)");
  EXPECT_TRUE(diagnostics_.empty());
}

TEST_F(CombinedRewriteTest, WeightsAndBoosts) {
  const QueryClause heavy{Occur::kMust, Query::Combined({{"heavy", 3}, {"title", 1}}, "a")};
  std::vector<Diagnostic> diagnostics;
  EXPECT_EQ(Rewrite(heavy.query, context_, &diagnostics)->ToString(),
            "combined(heavy:a^6 title:a)");
  EXPECT_EQ(Rewritten(Query::CombinedTerms({{"title", "a", 1}, {"title", "a", 2}})),
            "combined(title:a^3)");
  EXPECT_EQ(Rewritten(Query::CombinedTerms({{"title", "a", 1}})), "title:a");
}

TEST_F(CombinedRewriteTest, WhatCannotBe) {
  EXPECT_EQ(Rewritten(Query::Combined({{"n", 1}, {"title", 1}}, "7")), "title:7");
  EXPECT_EQ(diagnostics_.size(), 1u);
  EXPECT_EQ(Rewritten(Query::Combined({{"none", 1}}, "a")), "none()");
  EXPECT_EQ(diagnostics_.size(), 2u);
  EXPECT_EQ(Rewritten(Query::CombinedTerms({{"n", "7"}, {"none", "a"}})), "none()");
  EXPECT_EQ(diagnostics_.size(), 2u);
  EXPECT_EQ(Rewritten(Query::Combined({{"body", 1}}, "the of")), "none()");
  EXPECT_EQ(diagnostics_.size(), 1u);
}

TEST_F(CombinedRewriteTest, NamesWithStars) {
  EXPECT_EQ(Parsed("title*:blue"), "(title:blue | title_sub:blue)");
  EXPECT_EQ(Parsed("*_sub:\"a b\""), "title_sub:\"a b\"");
  EXPECT_EQ(Parsed("t*e:blu*"), "title:blu*");
  EXPECT_EQ(Rewritten(Query::Match("title*", "a b")),
            "(title:a | title_sub:a) (title:b | title_sub:b)");
  EXPECT_EQ(Parsed("n*:*"), "n:*");
  EXPECT_TRUE(diagnostics_.empty());
  EXPECT_EQ(Parsed("z*:blue"), "none()");
  EXPECT_EQ(diagnostics_.size(), 1u);
  // With a schema, a name that no field has is text.
  ParseOptions options{.schema = &schema_};
  EXPECT_EQ(ParseQuery("t*e:blue", options).query, Query::Match("t*e", "blue"));
  EXPECT_EQ(ParseQuery("z*:blue", options).query, Query::Wildcard("", "z*:blue"));
}

}  // namespace
}  // namespace segue

// SPDX-License-Identifier: Apache-2.0
//
// Words near each other: how they are read, printed, checked and rewritten. What they find is in
// tests/oracle and tests/exec.
#include <gtest/gtest.h>

#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/strings.h"
#include "engine/query/rewrite.h"
#include "segue/query.h"
#include "segue/query_parser.h"
#include "segue/status.h"
#include "tests/query/query_testing.h"

namespace segue {
namespace {

Query Words(std::string_view text) { return Query::Match("", text); }

NearOptions Options(NearOrder order, uint32_t slop) { return {.order = order, .slop = slop}; }

NearOptions AtLeast(uint32_t at_least, uint32_t slop) {
  return {.slop = slop, .at_least = at_least};
}

constexpr NearOrder kAny = NearOrder::kAny;
constexpr NearOrder kOrdered = NearOrder::kOrdered;
constexpr NearOrder kPhrase = NearOrder::kPhrase;

TEST(NearParserTest, PhrasesWithASlop) {
  ExpectRead("\"a b\"~2", Query::MatchPhrase("", "a b", 2));
  ExpectRead("f:\"a b\"~2^3", Query::Boost(Query::MatchPhrase("f", "a b", 2), 3));
  EXPECT_EQ(ParseQuery("\"a b\"~0").query, Query::MatchPhrase("", "a b"));
  EXPECT_EQ(ParseQuery("\"a b\"~9999999999").query, Query::MatchPhrase("", "a b", 1000000000));
  EXPECT_EQ(ParseQuery("\"a b\"~x").query.clauses().size(), 2u);
}

TEST(NearParserTest, PhrasesThatEndInAPrefix) {
  ExpectRead("\"a b c\"*",
             Query::Near("", {Words("a b"), Query::Prefix("", "c")}, Options(kPhrase, 0)));
  ExpectRead("\"b\"*", Query::Near("", {Query::Prefix("", "b")}, Options(kPhrase, 0)));
  EXPECT_EQ(
      ParseQuery("\"a  b \"*~2^3").query,
      Query::Boost(Query::Near("", {Words("a"), Query::Prefix("", "b")}, Options(kPhrase, 2)), 3));
  EXPECT_EQ(ParseQuery("\"\"* x").query, Words("x"));
}

TEST(NearParserTest, Functions) {
  ExpectRead("NEAR(a b, 5)", Query::Near("", {Words("a"), Words("b")}, Options(kAny, 5)));
  ExpectRead("ORDERED(a b)", Query::Near("", {Words("a"), Words("b")}, Options(kOrdered, 10)));
  ExpectRead("f:PHRASE( a  b , 1 )^2",
             Query::Boost(Query::Near("f", {Words("a"), Words("b")}, Options(kPhrase, 1)), 2));
  ExpectRead(
      "NEAR(a* b?c (d e~1 f~) \"g h\", 3)",
      Query::Near(
          "",
          {Query::Prefix("", "a"), Query::Wildcard("", "b?c"),
           Query::Or({Words("d"), Query::Fuzzy("", "e", {.edits = 1}), Query::Fuzzy("", "f")}),
           Words("g h")},
          Options(kAny, 3)));
  ExpectRead("NEAR(a-b \"c,\" d\\,)",
             Query::Near("", {Words("a-b"), Words("c,"), Words("d,")}, Options(kAny, 10)));
  EXPECT_EQ(ParseQuery("NEAR((a) b)").query,
            Query::Near("", {Words("a"), Words("b")}, Options(kAny, 10)));
  EXPECT_EQ(ParseQuery("x -NEAR(a b)").query.clauses()[1].occur, Occur::kMustNot);
}

// As outside of NEAR, with the same messages.
TEST(NearParserTest, FuzzyWords) {
  const std::pair<const char*, const char*> kWords[] = {
      {"jazz~", ""},
      {"jazz~0", ""},
      {"jazz~2", ""},
      {"jazz~0.7", ""},
      {"jazz~3", "at most 2 edits are possible; ~2 is searched"},
      {"jazz~12345678901234567890", "at most 2 edits are possible; ~2 is searched"},
      {"ja*~1", "a pattern cannot be fuzzy, too; the ~ is left out"},
      {"j?zz~", "a pattern cannot be fuzzy, too; the ~ is left out"},
      {"jazz~x", ""},
      {"jazz~1x", ""},
      {"ja~1zz~1", ""}};
  for (const auto& [word, message] : kWords) {
    const ParsedQuery near = ParseQuery(Cat("NEAR(", word, " b)"));
    EXPECT_EQ(near.query, Query::Near("", {ParseQuery(word).query, Words("b")}, Options(kAny, 10)))
        << word << " is read as " << near.query.ToString();
    ASSERT_EQ(near.diagnostics.size(), *message == '\0' ? 0u : 1u) << word;
    for (const Diagnostic& diagnostic : near.diagnostics) {
      EXPECT_EQ(diagnostic.message, message) << word;
      EXPECT_EQ(diagnostic.begin_byte, 5 + std::string_view(word).find('~')) << word;
      EXPECT_EQ(diagnostic.end_byte, 5 + std::string_view(word).size()) << word;
    }
  }
}

TEST(NearParserTest, SomeOfThem) {
  ExpectRead("ATLEAST(2, a b c, 5)",
             Query::Near("", {Words("a"), Words("b"), Words("c")}, AtLeast(2, 5)));
  ExpectRead(
      "f:ATLEAST( 2 ,a* (b c) )^2",
      Query::Boost(Query::Near("f", {Query::Prefix("", "a"), Query::Or({Words("b"), Words("c")})},
                               AtLeast(2, 10)),
                   2));
}

TEST(NearParserTest, Relations) {
  const Query near = Query::Near("", {Words("a"), Words("b")}, Options(kAny, 5));
  const Query ordered = Query::Near("", {Words("c"), Words("d")}, Options(kOrdered, 10));
  ExpectRead("CONTAINING(NEAR(a b, 5), c)",
             Query::NearRelated("", near, NearRelation::kContaining, Words("c")));
  ExpectRead(
      "+f:NOT_CONTAINING( \"so what\" , ORDERED(c d) )^2 -x",
      Query::Boolean(
          {{Occur::kMust, Query::Boost(Query::NearRelated("f", Words("so what"),
                                                          NearRelation::kNotContaining, ordered),
                                       2)},
           {Occur::kMustNot, Words("x")}}));
  ExpectRead(
      "WITHIN((a b*), ATLEAST(2, a b, 5))",
      Query::NearRelated("", Query::Or({Words("a"), Query::Prefix("", "b")}), NearRelation::kWithin,
                         Query::Near("", {Words("a"), Words("b")}, AtLeast(2, 5))));
  ExpectRead(
      "NOT_WITHIN(a~1, NEAR(a b, 5))",
      Query::NearRelated("", Query::Fuzzy("", "a", {.edits = 1}), NearRelation::kNotWithin, near));
  EXPECT_EQ(
      ParseQuery("{t u}:WITHIN(a, NEAR(a b, 5))").query,
      Query::DisjunctionMax({Query::NearRelated("t", Words("a"), NearRelation::kWithin, near),
                             Query::NearRelated("u", Words("a"), NearRelation::kWithin, near)}));
}

TEST(NearParserTest, WhatIsNoFunction) {
  for (const char* text : {"NEAR()",
                           "NEAR(a b, )",
                           "NEAR(a b, x)",
                           "NEAR(a b, 3 4)",
                           "NEAR(a b",
                           "NEAR(\"a b)",
                           "NEAR(a b\\",
                           "NEAR(a ((b)))",
                           "NEAR(())",
                           "NEAR(a b)c",
                           "NEAR(, 3)",
                           "NEAR(a b, 99999999999)",
                           "near(a b)",
                           "NEAR (a b)",
                           "ATLEAST(a b, 5)",
                           "ATLEAST(2 a b)",
                           "ATLEAST(0, a b)",
                           "ATLEAST(2, )",
                           "ATLEAST(2)",
                           "ATLEAST(-1, a b)",
                           "CONTAINING(a)",
                           "CONTAINING(a b, c)",
                           "CONTAINING(a, b c)",
                           "CONTAINING(a, b",
                           "CONTAINING((a",
                           "CONTAINING(a, b)c",
                           "CONTAINING(, b)",
                           "WITHIN(a, CONTAINING(b, c))",
                           "WITHIN(a, NEAR(b)",
                           "WITHIN(a, ())",
                           "Within(a, b)"}) {
    const std::string json = ParseQuery(text).query.ToJson();
    EXPECT_EQ(json.find("\"kind\":\"near"), std::string::npos) << text << ": " << json;
  }
}

TEST(NearParserTest, WhatMayBeMeantIsTold) {
  const std::pair<const char*, const char*> kTexts[] = {
      {"NEAR(a b, x)", "written like NEAR(a b, 5)"},
      {"x ATLEAST(a b)", "written like ATLEAST(2, a b c, 5)"},
      {"NOT_WITHIN(a)", "written like NOT_WITHIN(a, NEAR(b c, 5))"},
      {"PHRAS(a b)", "did you mean PHRASE("},
      {"NOT_WITHN(a, b)", "did you mean NOT_WITHIN("},
      {"+CONTAINNG(a)", "did you mean CONTAINING("}};
  for (const auto& [text, message] : kTexts) {
    const ParsedQuery parsed = ParseQuery(text);
    ASSERT_EQ(parsed.diagnostics.size(), 1u) << text;
    EXPECT_NE(parsed.diagnostics[0].message.find(message), std::string::npos)
        << parsed.diagnostics[0].message;
  }
  for (const char* text : {"YEAR(a)", "LIVE(a)", "PARIS(a)", "phrase(a)", "PHRASE", "+ORDERED",
                           "PRAISE(a)", "BORDER(a)", "CONTAININGCONTAINING(a)"}) {
    EXPECT_TRUE(ParseQuery(text).diagnostics.empty()) << text;
  }
}

TEST(NearParserTest, FunctionsWithoutAnEndTakeLinearTime) {
  for (const char* piece : {"NEAR(a ", "WITHIN(a, NEAR(", "ATLEAST(2, ", "WITHIN("}) {
    std::string text;
    while (text.size() < 65000) text += piece;
    EXPECT_GT(ParseQuery(text).query.leaf_count(), 30u);
  }
}

TEST(NearQueryTest, FormsComeBack) {
  const std::vector<Query> queries = {
      Query::MatchPhrase("f", "a b"),
      Query::MatchPhrase("f", "a b", 2),
      Query::Near("f", {Words("a"), Query::Prefix("", "b")}),
      Query::Near("f", {Words("a"), Query::Prefix("", "b")}, Options(kAny, 3)),
      Query::Near("f", {Words("a"), Query::Prefix("", "b")}, Options(kOrdered, 3)),
      Query::Near("f", {Words("a"), Query::Or({Words("b"), Query::Term("", "\xff")})},
                  {.order = kPhrase, .slop = 3, .positions = {0, 4}}),
      Query::Near("f", {Words("a"), Words("b")}, AtLeast(1, 3)),
      Query::NearRelated("f", Words("a"), NearRelation::kContaining, Words("b")),
      Query::NearRelated("f", Words("a"), NearRelation::kNotContaining, Words("b")),
      Query::NearRelated("f", Query::Near("", {Words("a")}), NearRelation::kWithin, Words("b")),
      Query::NearRelated("f", Words("\xff"), NearRelation::kNotWithin,
                         Query::Near("g", {Words("a"), Words("b")}, AtLeast(1, 3))),
  };
  for (const Query& query : queries) {
    const absl::StatusOr<Query> back = Query::FromJson(query.ToJson());
    ASSERT_TRUE(back.ok()) << query.ToJson() << back.status();
    EXPECT_EQ(*back, query) << query.ToJson();
    for (const Query& other : queries) EXPECT_EQ(query == other, &query == &other);
  }
  EXPECT_EQ(Query::Near("f", {Words("a"), Words("b")}, {.order = kPhrase, .positions = {1, 4}})
                .ToString(),
            "f:PHRASE(? a ? ? b, 0)");
  EXPECT_EQ(
      Query::Near("f", {Words("a"), Words("b")},
                  {.order = kPhrase, .positions = {0, std::numeric_limits<int32_t>::max() - 1}})
          .ToString(),
      "f:PHRASE(a ? ? ? ? ? ? ? ? b, 0)");
}

TEST(NearQueryTest, Rules) {
  const auto code = [](const Query& query) { return CodeOf(Query::Or({query}).Validate()); };
  EXPECT_EQ(code(Query::Near("f", std::vector<Query>(256, Words("a")))), ErrorCode::kOk);
  EXPECT_EQ(code(Query::Near("f", std::vector<Query>(257, Words("a")))),
            ErrorCode::kResourceExhausted);
  EXPECT_EQ(code(Query::Near("f", {Query::All()})), ErrorCode::kInvalidArgument);
  EXPECT_EQ(code(Query::Near("f", {Query::Or({Query::Or({Words("a")})})})),
            ErrorCode::kInvalidArgument);
  EXPECT_EQ(code(Query::Near("f", {Query::And({Words("a")})})), ErrorCode::kInvalidArgument);
  EXPECT_EQ(code(Query::Near("f", {Words("a")}, {.positions = {1}})), ErrorCode::kInvalidArgument);
  EXPECT_EQ(code(Query::Near("f", {Words("a")}, {.order = kPhrase, .positions = {1, 2}})),
            ErrorCode::kInvalidArgument);
  EXPECT_EQ(code(Query::Near("f", {Words("a")}, {.order = kPhrase, .positions = {0x7fffffff}})),
            ErrorCode::kResourceExhausted);
  EXPECT_EQ(code(Query::Near("f", {Words("a"), Words("b")}, AtLeast(3, 0))), ErrorCode::kOk);
  EXPECT_EQ(code(Query::Near("f", {Words("a")}, {.order = kOrdered, .at_least = 1})),
            ErrorCode::kInvalidArgument);
  const auto related = [](Query near, Query other) {
    return Query::NearRelated("f", std::move(near), NearRelation::kWithin, std::move(other));
  };
  EXPECT_EQ(code(related(Words("a"), Query::Near("", {Words("a")}))), ErrorCode::kOk);
  EXPECT_EQ(code(related(Words("a"), Query::All())), ErrorCode::kInvalidArgument);
  EXPECT_EQ(code(related(Query::Phrase("", {"a", "b"}), Words("a"))), ErrorCode::kInvalidArgument);
  EXPECT_EQ(code(related(related(Words("a"), Words("b")), Words("a"))),
            ErrorCode::kInvalidArgument);
  const std::pair<const char*, const char*> kWrong[] = {
      {R"({"kind":"near_related","relation":"within","near":{"kind":"term","term":"a"}})",
       "needs a \"other\""},
      {R"({"kind":"near_related","near":{"kind":"term","term":"a"}})", "needs a \"relation\""},
      {R"({"kind":"near_related","relation":"witin"})", "did you mean \"within\""},
      {R"({"kind":"near","parts":[],"at_least":-1})", "\"at_least\" must be"},
      {R"({"kind":"near"})", "needs a list of \"parts\""},
      {R"({"kind":"near","parts":[{"kind":"match_all"}]})", "a part of a near query must be"},
      {R"({"kind":"near","parts":[],"order":"orderd"})", "did you mean \"ordered\""},
      {R"({"kind":"near","parts":[],"slop":-1})", "\"slop\" must be"},
      {R"({"kind":"near","parts":[],"positions":1})", "\"positions\" must be"},
      {R"({"kind":"match_phrase","text":"a","slop":1.5})", "\"slop\" must be"}};
  for (const auto& [json, message] : kWrong) {
    const absl::Status status = Query::FromJson(json).status();
    EXPECT_EQ(CodeOf(status), ErrorCode::kInvalidArgument) << json;
    EXPECT_NE(status.message().find(message), std::string::npos) << json << "\n" << status;
  }
}

class NearRewriteTest : public QueryRewriteTest {
 protected:
  NearRewriteTest()
      : QueryRewriteTest(R"({"default":["t","k"],"fields":{
        "t":{"type":"text","analyzer":"english"},"k":{"type":"keyword"},
        "b":{"type":"text","analyzer":"english","boost":2},
        "p":{"type":"text","analyzer":"english","positions":false}}})") {}
};

TEST_F(NearRewriteTest, PartsAreTermsOfTheField) {
  EXPECT_EQ(Parsed("t:NEAR(Running Dogs, 3)"), "t:NEAR(run dog, 3)");
  EXPECT_EQ(Parsed("t:NEAR(Jaz* (Dogs RUN~1), 3)"), "t:NEAR(jaz* (dog run~1), 3)");
  EXPECT_EQ(Parsed("t:NEAR(wi-fi x)"), "t:NEAR(wi fi x, 10)");
  EXPECT_EQ(Parsed("t:NEAR((wi-fi dogs) x)"), "t:NEAR((wi fi dog) x, 10)");
  EXPECT_EQ(Parsed("b:NEAR(dogs cats, 3)"), "b:NEAR(dog cat, 3)^2");
  EXPECT_EQ(Parsed("t:\"dogs cats\"~2"), "t:PHRASE(dog cat, 2)");
  EXPECT_EQ(Parsed("t:\"dogs of cats\"~2"), "t:PHRASE(dog ? cat, 2)");
}

TEST_F(NearRewriteTest, PhrasesKeepTheirPlaces) {
  EXPECT_EQ(Parsed("t:\"dogs of ca\"*"), "t:PHRASE(dog ? ca*, 0)");
  EXPECT_EQ(Parsed("t:PHRASE(dogs cats)"), "t:\"dog cat\"");
  EXPECT_EQ(Parsed("t:PHRASE(dogs the cats)"), "t:\"dog ? cat\"");
  EXPECT_EQ(Parsed("t:PHRASE(wi-fi x (a1 b1))"), "t:PHRASE(wi fi x (a1 b1), 0)");
  EXPECT_EQ(Rewritten(Query::Near("t", {Words("x"), Words("y"), Words("z")},
                                  {.order = kPhrase, .positions = {3, 1, 3}})),
            "t:PHRASE(y ? (x z), 0)");
}

TEST_F(NearRewriteTest, OnePartIsThatPart) {
  EXPECT_EQ(Parsed("t:NEAR(dogs)"), "t:dog");
  EXPECT_EQ(Parsed("t:NEAR(dogs the, 3)"), "t:dog");
  EXPECT_EQ(Parsed("t:NEAR((dogs cats))"), "t:dog t:cat");
  EXPECT_EQ(Parsed("t:NEAR(the of)"), "none()");
  EXPECT_EQ(diagnostics_.size(), 1u);
}

TEST_F(NearRewriteTest, SomeOfThem) {
  EXPECT_EQ(Parsed("t:ATLEAST(2, Dogs cats pigs, 3)"), "t:ATLEAST(2, dog cat pig, 3)");
  EXPECT_EQ(Parsed("t:ATLEAST(2, dogs cats the, 3)"), "t:NEAR(dog cat, 3)");
  EXPECT_EQ(Parsed("t:ATLEAST(3, dogs cats the, 3)"), "t:NEAR(dog cat, 3)");
  EXPECT_EQ(Parsed("t:ATLEAST(2, wi-fi dogs, 3)"), "t:ATLEAST(2, wi fi dog, 3)");
  EXPECT_EQ(Parsed("t:ATLEAST(1, dogs the, 3)"), "t:dog");
  EXPECT_TRUE(diagnostics_.empty());
  EXPECT_EQ(Parsed("p:ATLEAST(2, dogs cats pigs, 3)"), "(p:dog p:cat p:pig)@2");
  EXPECT_EQ(diagnostics_.size(), 1u);
  EXPECT_EQ(Parsed("t:ATLEAST(3, dogs cats)"), "none()");
  ASSERT_EQ(diagnostics_.size(), 1u);
  EXPECT_NE(diagnostics_[0].message.find("at least 3 of 2 words"), std::string::npos);
}

TEST_F(NearRewriteTest, Relations) {
  EXPECT_EQ(Parsed("t:CONTAINING(NEAR(Dogs cats, 3), pigs)"),
            "t:CONTAINING(NEAR(dog cat, 3), PHRASE(pig, 0))");
  EXPECT_EQ(Parsed("b:WITHIN(\"Dogs of cats\", (pigs x*))"),
            "b:WITHIN(PHRASE(dog ? cat, 0), PHRASE((pig x*), 0))^2");
  EXPECT_EQ(Parsed("WITHIN(dogs, cats)"), "t:WITHIN(PHRASE(dog, 0), PHRASE(cat, 0))");
  EXPECT_TRUE(diagnostics_.empty());
}

TEST_F(NearRewriteTest, RelationsWithoutAPart) {
  const std::pair<const char*, const char*> kTexts[] = {
      {"t:WITHIN(NEAR(dogs cats, 3), the)", "t:NEAR(dog cat, 3)"},
      {"t:NOT_WITHIN(dogs, the)", "t:dog"},
      {"t:WITHIN(the, dogs)", "none()"},
      {"t:WITHIN(dogs, ATLEAST(3, a1 b1))", "none()"},
      {"t:NOT_WITHIN(dogs, ATLEAST(3, a1 b1))", "t:dog"},
      {"t:WITHIN(ATLEAST(3, a1 b1), dogs)", "none()"},
      {"p:CONTAINING(NEAR(dogs cats), pigs)", "+p:dog +p:cat +p:pig"},
      {"p:NOT_CONTAINING(NEAR(dogs cats), pigs)", "+p:dog +p:cat"},
      {"k:WITHIN(dogs, cats)", "none()"}};
  for (const auto& [text, rewritten] : kTexts) {
    EXPECT_EQ(Parsed(text), rewritten) << text;
    EXPECT_EQ(diagnostics_.size(), 1u) << text;
  }
}

TEST_F(NearRewriteTest, FieldsWithoutPositions) {
  EXPECT_EQ(Parsed("p:NEAR(dogs (cats pig*))"), "+p:dog +(p:cat p:pig*)");
  ASSERT_EQ(diagnostics_.size(), 1u);
  EXPECT_NE(diagnostics_[0].message.find("keeps no positions"), std::string::npos);
  EXPECT_EQ(Parsed("NEAR(dogs cats)"), "t:NEAR(dog cat, 10)");  // not in the keywords
  EXPECT_TRUE(diagnostics_.empty());
  EXPECT_EQ(Parsed("k:NEAR(dogs cats)"), "none()");
  ASSERT_EQ(diagnostics_.size(), 1u);
  EXPECT_NE(diagnostics_[0].message.find("'k' is of type keyword"), std::string::npos);
}

}  // namespace
}  // namespace segue

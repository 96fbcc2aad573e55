// SPDX-License-Identifier: Apache-2.0
//
// Documents like a text: how such queries are read, printed, checked and rewritten. What they find
// is in tests/oracle and tests/index.
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/limits.h"
#include "engine/base/strings.h"
#include "segue/query.h"
#include "segue/query_parser.h"
#include "segue/status.h"
#include "tests/query/query_testing.h"

namespace segue {
namespace {

TEST(LikeParserTest, TextAndOptions) {
  ExpectRead("LIKE(kind of blue)", Query::Like("", "kind of blue"));
  ExpectRead("f:LIKE(\"so (what)\", max_terms=10)^2",
             Query::Boost(Query::Like("f", "so (what)", {.max_terms = 10}), 2));
  ExpectRead(
      "+LIKE( a\\,b  \"c \\\"d\" , min_term_freq=2, min_doc_freq=5 , max_doc_freq=1000, "
      "min_match_percent=50 ) -x",
      Query::Boolean({{Occur::kMust, Query::Like("", "a,b c \"d",
                                                 {.min_term_freq = 2,
                                                  .min_doc_freq = 5,
                                                  .max_doc_freq = 1000,
                                                  .min_match_percent = 50})},
                      {Occur::kMustNot, Query::Match("", "x")}}));
  ExpectRead("LIKE()", Query::Like("", ""));
  EXPECT_EQ(ParseQuery("{t u^2}:LIKE(a)").query,
            Query::DisjunctionMax({Query::Like("t", "a"), Query::Boost(Query::Like("u", "a"), 2)}));
}

// What is not such a query is text, and one message says why.
TEST(LikeParserTest, WhatIsNone) {
  const std::pair<const char*, const char*> kTexts[] = {
      {"LIKE(a b", "no ')' closes LIKE"},
      {"LIKE(a (b))", "need quotes"},
      {"LIKE(a, max_terms)", "no option 'max_terms'"},
      {"LIKE(a, max_term=3)", "no option 'max_term'"},
      {"LIKE(a, max_terms=x)", "max_terms needs a whole number"},
      {"LIKE(a, max_terms=0)", "max_terms of 1 or more"},
      {"LIKE(a, max_terms=1025)", "at most 1024"},
      {"LIKE(a, min_match_percent=101)", "in 0..100"},
      {"LIKE(a, max_doc_freq=18446744073709551614)", "below 2^63"},
      {"LIKE(a, max_terms=3 4)", "no ')' closes LIKE"},
      {"LIKE(a)b", "a space must follow"}};
  for (const auto& [text, message] : kTexts) {
    const ParsedQuery parsed = ParseQuery(text);
    EXPECT_EQ(parsed.query.ToJson().find("\"like\""), std::string::npos) << text;
    ASSERT_FALSE(parsed.diagnostics.empty()) << text;
    EXPECT_NE(parsed.diagnostics[0].message.find(message), std::string::npos)
        << text << ": " << parsed.diagnostics[0].message;
  }
  for (const char* text : {"like(a)", "LIKE (a)", "ALIKE(a)"}) {
    EXPECT_EQ(ParseQuery(text).query.ToJson().find("\"kind\":\"like\""), std::string::npos) << text;
  }
  std::string hostile;
  while (hostile.size() < 65000) hostile += "LIKE(a ";
  EXPECT_GT(ParseQuery(hostile).query.leaf_count(), 100u);
}

TEST(LikeQueryTest, FormsComeBack) {
  const LikeOptions options{.max_terms = 3,
                            .min_term_freq = 2,
                            .min_doc_freq = 0,
                            .max_doc_freq = INT64_MAX,
                            .min_match_percent = 100};
  const std::vector<Query> queries = {
      Query::Like("f", "a b"),
      Query::Like("f", "a\xff", options),
      Query::Like("f", "a b", {.max_terms = 24}),
      Query::LikeTerms({{"f", "a", 1}, {"g", "\xff", 2.5f}}),
      Query::LikeTerms({{"f", "a", 1}, {"g", "\xff", 2.5f}}, options),
      Query::CombinedTerms({{"f", "a", 1}, {"g", "\xff", 2.5f}}),
  };
  for (const Query& query : queries) {
    const absl::StatusOr<Query> back = Query::FromJson(query.ToJson());
    ASSERT_TRUE(back.ok()) << query.ToJson() << back.status();
    EXPECT_EQ(*back, query) << query.ToJson();
    for (const Query& other : queries) EXPECT_EQ(query == other, &query == &other);
  }
  EXPECT_EQ(Query::LikeTerms({{"f", "a", 1}, {"g", "b", 2.5f}}, {.max_terms = 3}).ToString(),
            "like(f:a g:b^2.5, max_terms=3)");
  const std::pair<const char*, const char*> kWrong[] = {
      {R"({"kind":"like"})", "needs a \"text\""},
      {R"({"kind":"like","text":"a","max_term":3})", "max_terms"},
      {R"({"kind":"like","text":"a","max_terms":-3})", "\"max_terms\" must be"},
      {R"({"kind":"like_terms","text":"a"})", "text"},
      {R"({"kind":"like_terms"})", "needs a list of \"terms\""}};
  for (const auto& [json, message] : kWrong) {
    const absl::Status status = Query::FromJson(json).status();
    EXPECT_EQ(CodeOf(status), ErrorCode::kInvalidArgument) << json;
    EXPECT_NE(status.message().find(message), std::string::npos) << json << "\n" << status;
  }
}

TEST(LikeQueryTest, Rules) {
  const auto code = [](const Query& query) { return CodeOf(Query::Or({query}).Validate()); };
  EXPECT_EQ(code(Query::Like("f", std::string(kMaxQueryBytes, 'a'))), ErrorCode::kOk);
  EXPECT_EQ(code(Query::Like("f", std::string(kMaxQueryBytes + 1, 'a'))),
            ErrorCode::kResourceExhausted);
  EXPECT_EQ(code(Query::Like("f", "a", {.max_terms = 1024})), ErrorCode::kOk);
  EXPECT_EQ(code(Query::Like("f", "a", {.max_terms = 1025})), ErrorCode::kResourceExhausted);
  EXPECT_EQ(code(Query::Like("f", "a", {.max_terms = UINT64_MAX})), ErrorCode::kResourceExhausted);
  EXPECT_EQ(code(Query::Like("f", "a", {.max_terms = 0})), ErrorCode::kInvalidArgument);
  EXPECT_EQ(code(Query::Like("f", "a", {.max_doc_freq = UINT64_MAX - 1})),
            ErrorCode::kInvalidArgument);
  EXPECT_EQ(code(Query::Like("f", "a", {.min_match_percent = 101})), ErrorCode::kInvalidArgument);
  const auto terms = [](size_t count) {
    return Query::LikeTerms(std::vector<CombinedTerm>(count, {"f", "a", 1}));
  };
  EXPECT_EQ(code(terms(kMaxLikeTokens)), ErrorCode::kOk);
  EXPECT_EQ(code(terms(kMaxLikeTokens + 1)), ErrorCode::kResourceExhausted);
  EXPECT_EQ(code(Query::LikeTerms({{"f", "a", 0}})), ErrorCode::kInvalidArgument);
  EXPECT_EQ(code(Query::LikeTerms({{"f", std::string(kMaxTermBytes + 1, 'a'), 1}})),
            ErrorCode::kResourceExhausted);
  // Each may open so many lists, and looks into the dictionaries as patterns do.
  EXPECT_EQ(code(Query::Or(std::vector<Query>(41, Query::Like("f", "a")))),
            ErrorCode::kResourceExhausted);
  EXPECT_EQ(code(Query::Or(std::vector<Query>(65, Query::Like("f", "a", {.max_terms = 1})))),
            ErrorCode::kResourceExhausted);
}

class LikeRewriteTest : public QueryRewriteTest {
 protected:
  LikeRewriteTest()
      : QueryRewriteTest(R"({"default":["t","k"],"fields":{
        "t":{"type":"text","analyzer":"english"},"k":{"type":"keyword"},
        "b":{"type":"text","analyzer":"english","boost":2},"n":{"type":"int64"}}})") {}
};

TEST_F(LikeRewriteTest, TermsOfTheFieldWithTheirFrequencies) {
  EXPECT_EQ(Parsed("t:LIKE(\"Running dogs ran; the dog runs\", max_terms=2)"),
            "like(t:dog^2 t:ran t:run^2, max_terms=2)");
  EXPECT_EQ(Parsed("t:LIKE(\"Running dogs ran; the dog runs\", min_term_freq=2)"),
            "like(t:dog^2 t:run^2, min_term_freq=2)");
  EXPECT_EQ(Parsed("k:LIKE(\"Running dogs\")"), "like(k:\"Running dogs\")");
  EXPECT_EQ(Parsed("LIKE(Dogs)"), "(like(t:dog) | like(k:Dogs))");
  const Query boosted = Query::Like("b", "dogs dog cat");
  std::vector<Diagnostic> diagnostics;
  EXPECT_EQ(Rewrite(boosted, context_, &diagnostics)->ToString(), "like(b:cat^2 b:dog^4)");
  EXPECT_EQ(Rewritten(Query::LikeTerms({{"t", "b", 1}, {"k", "z", 2}, {"t", "b", 2}})),
            "like(k:z^2 t:b^3)");
  EXPECT_TRUE(diagnostics_.empty());
}

TEST_F(LikeRewriteTest, WhatIsLikeNothing) {
  const std::pair<const char*, const char*> kTexts[] = {
      {"t:LIKE(the of)", "no searchable words"},
      {"t:LIKE(a dog, min_term_freq=2)", "no word stands 2 times"},
      {"n:LIKE(7)", "has no words"},
      {"z:LIKE(7)", "no field 'z'"}};
  for (const auto& [text, message] : kTexts) {
    EXPECT_EQ(Parsed(text), "none()") << text;
    ASSERT_EQ(diagnostics_.size(), 1u) << text;
    EXPECT_NE(diagnostics_[0].message.find(message), std::string::npos) << diagnostics_[0].message;
  }
  EXPECT_EQ(Rewritten(Query::LikeTerms({{"n", "7"}, {"z", "a"}})), "none()");
  EXPECT_EQ(diagnostics_.size(), 2u);
}

TEST_F(LikeRewriteTest, OnlySoMuchOfAText) {
  std::string text = "first ";
  for (size_t i = 0; i < kMaxLikeTokens; ++i) text += i < kMaxLikeTokens - 1 ? "dog " : "last ";
  const Query rewritten = *Rewrite(Query::Like("t", text), context_, &diagnostics_);
  EXPECT_EQ(rewritten.ToString(), Cat("like(t:dog^", kMaxLikeTokens - 1, " t:first)"));
}

}  // namespace
}  // namespace segue

// SPDX-License-Identifier: Apache-2.0
//
// Where a construct of the query language ends and text begins: what nearly is an operator, a
// field, a range, a pattern or a function reads as the same text written without doubt.
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/strings.h"
#include "segue/query.h"
#include "segue/query_parser.h"

namespace segue {
namespace {

struct Reading {
  std::string_view text;
  std::string_view plain;  // what says the same
};

// Without a message.
template <size_t N>
void ExpectSame(const Reading (&readings)[N]) {
  for (const auto& [text, plain] : readings) {
    const ParsedQuery parsed = ParseQuery(text);
    const ParsedQuery wanted = ParseQuery(plain);
    EXPECT_EQ(parsed.query, wanted.query) << text << " is read as " << parsed.query.ToJson()
                                          << "\n and " << plain << " as " << wanted.query.ToJson();
    for (const ParsedQuery& one : {parsed, wanted}) {
      for (const Diagnostic& diagnostic : one.diagnostics) {
        ADD_FAILURE() << text << ": " << diagnostic.message;
      }
    }
  }
}

TEST(QueryReadingTest, WhiteSpace) {
  ExpectSame({{"a\rb\fc\vd", "a b c d"},
              {"a\xe3\x80\x80(b)", "a b"},
              {"a\xe3\x80\x81+b", "text(\"a\xe3\x80\x81+b\")"},
              {"a\xe3", "text(\"a\xe3\")"}});
}

TEST(QueryReadingTest, Operators) {
  ExpectSame({{"a AND(b c)", "a AND (b c)"},
              {"a AND\"b c\"", "a AND \"b c\""},
              {"(a b)NOT(c)", "(a b) NOT (c)"},
              {"a AND^2", "a \\AND^2"},
              {"a NOT^0.5(b c)", "a NOT^0.5 (b c)"},
              {"a NOT^0.5", "a \\NOT^0.5"},
              {"(a NOT^0.5)", "(a \\NOT^0.5)"},
              {"a NOT^0.5^2 b", "a \\NOT^0.5^2 b"},
              {"a NOT^0.5\"b\"", "a NOT\\^0.5 \"b\""},
              {"(a b c)@1.5", "(a b c)@2"},
              {"(a)@1", "a"},
              {"a^1.2.3", "a\\^1.2.3"}});
}

TEST(QueryReadingTest, Fields) {
  ExpectSame({{"a f:", "a f\\:"},
              {"(a f:)", "(a f\\:)"},
              {"a {f}:", "a \\{f}:"},
              {"(a {f}:)", "(a \\{f}:)"},
              {"{f g}:a\"b\"", "{f g}:a \"b\""}});
}

TEST(QueryReadingTest, PhrasesAndPatterns) {
  ExpectSame({{"\"a b\"*^2", "PHRASE(a b*)^2"},
              {"\"a b\"*~1", "PHRASE(a b*, 1)"},
              {"\"a b\"*c?d", "\"a b\" *c?d"},
              {"a*\\", "a*\\\\"},
              {"/a b/", "\\/a b\\/"},
              {"/a\\", "\\/a\\\\"},
              {"/a\\ b/", "/a\\x{20}b/"}});
  EXPECT_EQ(ParseQuery("a*b*").query, Query::Wildcard("", "a*b*"));
  EXPECT_EQ(ParseQuery("*:*x").query, Query::Wildcard("*", "*x"));
}

TEST(QueryReadingTest, Ranges) {
  ExpectSame({{"f:[]", "f:\\[]"},
              {"f:[", "f:\\["},
              {"f:[a b]", "f:\\[a b]"},
              {"f:[a TO", "f:\\[a TO"},
              {"f:[a TO ]", "f:\\[a TO ]"},
              {"f:[a TO b c]", "f:\\[a TO b c]"},
              {"f:[a TO b\\", "f:\\[a TO b\\\\"},
              {"f:[\"a TO b]", "f:[\"\\\"a\" TO b]"},
              {"f:>\"a b\"^2", "f:{\"a b\" TO *]^2"},
              {"f:>\"a b\"c", "f:\\> \"a b\" c"}});
}

// Each is left out or read as text, and one message says why.
TEST(QueryReadingTest, WhatCannotBeMeant) {
  const struct {
    std::string_view text;
    std::string_view plain;
    std::string_view place;
    std::string_view message;
  } kTexts[] = {
      {"(a -)", "a", "-", "a lone '-' means nothing; left out"},
      {"a !", "a", "!", "a lone '!' means nothing; left out"},
      {"a NOT AND b", "a -b", "AND", "this operator needs a clause on its left; left out"},
      {"a +NOT^0.5 b", "a +b", "NOT^0.5", "one of + - ! NOT is enough for a clause; left out"},
      {"f:>\"a", "f:>\\\"a", "\"", "no second '\"' follows; read as text"},
      {"a^sqrt(n)x b^sqrt(n)", "a\\^sqrt(n)x b\\^sqrt(n)", "^sqrt(n)",
       "a space must follow a score function; read as text"}};
  for (const auto& [text, plain, place, message] : kTexts) {
    const ParsedQuery parsed = ParseQuery(text);
    EXPECT_EQ(parsed.query, ParseQuery(plain).query)
        << text << " is read as " << parsed.query.ToJson();
    ASSERT_EQ(parsed.diagnostics.size(), 1u) << text;
    const Diagnostic& diagnostic = parsed.diagnostics[0];
    EXPECT_EQ(diagnostic.message, message);
    EXPECT_EQ(text.substr(diagnostic.begin_byte, diagnostic.end_byte - diagnostic.begin_byte),
              place);
  }
}

TEST(QueryReadingTest, SuffixesBehindNothing) {
  for (const std::string_view suffix : {"^2", "^sqrt(n)", "@2"}) {
    const std::string text = Cat(")", suffix, " a");
    const ParsedQuery parsed = ParseQuery(text);
    EXPECT_EQ(parsed.query, Query::Text("a")) << text;
    ASSERT_EQ(parsed.diagnostics.size(), 2u) << text;
    EXPECT_EQ(parsed.diagnostics[0].message, "no '(' stands before this; left out");
    EXPECT_EQ(parsed.diagnostics[1].message,
              "there is no clause that this could belong to; left out");
    EXPECT_EQ(parsed.diagnostics[1].end_byte, 1 + suffix.size()) << text;
  }
}

TEST(QueryReadingTest, EscapedOperatorsAreWords) {
  EXPECT_EQ(EscapeQueryText("AND ANDREW OR NOT"), "\\AND \\ANDREW \\OR \\NOT");
  EXPECT_EQ(EscapeQueryText("xAND"), "xAND");
  EXPECT_EQ(EscapeQueryText("a\xe3\x80\x80OR"), "a\xe3\x80\x80\\OR");
  EXPECT_EQ(EscapeQueryText("a\xe3\x80\x81OR"), "a\xe3\x80\x81OR");
}

TEST(QueryReadingTest, LimitsThatAreNone) {
  ParseOptions options;
  options.limits.clauses = 0;
  const ParsedQuery parsed = ParseQuery("a b", options);
  EXPECT_EQ(parsed.query, Query::None());
  ASSERT_EQ(parsed.diagnostics.size(), 1u);
  EXPECT_EQ(parsed.diagnostics[0].message, options.limits.Validate().message());
  EXPECT_FALSE(ParseQueryStrict("a b", options).ok());
}

TEST(QueryReadingTest, PatternsThatAreTooLongAreText) {
  ParseOptions options;
  options.limits.pattern_bytes = 4;
  EXPECT_EQ(ParseQuery("a?cd", options).query, Query::Wildcard("", "a?cd"));
  const ParsedQuery parsed = ParseQuery("a?cde", options);
  EXPECT_EQ(parsed.query, Query::Text("a?cde"));
  ASSERT_EQ(parsed.diagnostics.size(), 1u);
  EXPECT_EQ(parsed.diagnostics[0].message,
            "a pattern may have 4 bytes, this one has 5; it is read as text");
}

}  // namespace
}  // namespace segue

// SPDX-License-Identifier: Apache-2.0
//
// Prefixes, wildcards, fuzzy words, regular expressions and ranges of terms: how they are read,
// printed, checked and rewritten. What they find is in tests/oracle and tests/index.
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/strings.h"
#include "engine/query/rewrite.h"
#include "engine/query/term_pattern.h"
#include "segue/query.h"
#include "segue/query_parser.h"
#include "segue/status.h"
#include "tests/query/query_testing.h"

namespace segue {
namespace {

void ExpectText(std::string_view text, std::string_view message = {}) {
  const ParsedQuery parsed = ParseQuery(text);
  EXPECT_EQ(parsed.query, Query::Text(text)) << parsed.query.ToJson();
  ASSERT_EQ(parsed.diagnostics.size(), message.empty() ? 0u : 1u) << text;
  if (message.empty()) return;
  EXPECT_NE(parsed.diagnostics[0].message.find(message), std::string::npos)
      << text << ": " << parsed.diagnostics[0].message;
  EXPECT_FALSE(ParseQueryStrict(text).ok()) << text;
}

FuzzyOptions Edits(uint32_t edits) { return {.edits = edits}; }

TermBounds Bounds(std::optional<std::string> from, std::optional<std::string> to,
                  bool include_from = true, bool include_to = true) {
  return {std::move(from), std::move(to), include_from, include_to};
}

TEST(PatternParserTest, PrefixesAndWildcards) {
  ExpectRead("jaz*", Query::Prefix("", "jaz"));
  ExpectRead("title:jaz*", Query::Prefix("title", "jaz"));
  ExpectRead("jaz*^2", Query::Boost(Query::Prefix("", "jaz"), 2));
  ExpectRead("C++*", Query::Prefix("", "C++"));
  ExpectRead("AC/D*", Query::Prefix("", "AC/D"));
  ExpectRead(R"(a\**)", Query::Prefix("", "a*"));
  ExpectRead(R"(a\ b*)", Query::Prefix("", "a b"));
  ExpectRead("j?zz", Query::Wildcard("", "j?zz"));
  ExpectRead("w*d", Query::Wildcard("", "w*d"));
  ExpectRead("*d", Query::Wildcard("", "*d"));
  ExpectRead("?a", Query::Wildcard("", "?a"));
  ExpectRead("jaz*?", Query::Wildcard("", "jaz*?"));
}

TEST(PatternParserTest, WhatIsNoWildcard) {
  ExpectText("jazz?");
  ExpectText("jazz?!");
  ExpectText("**");
  ExpectText("****");
  ExpectText("??");
  EXPECT_EQ(ParseQuery(R"(j\?zz)").query, Query::Text("j?zz"));
  EXPECT_EQ(ParseQuery("*").query, Query::All());
}

TEST(PatternParserTest, FuzzyWords) {
  ExpectRead("jazz~", Query::Fuzzy("", "jazz"));
  ExpectRead("jazz~1", Query::Fuzzy("", "jazz", Edits(1)));
  ExpectRead("title:jazz~2^3", Query::Boost(Query::Fuzzy("title", "jazz", Edits(2)), 3));
  EXPECT_EQ(ParseQuery("jazz~0").query, Query::Text("jazz"));
  EXPECT_EQ(ParseQuery("jazz~0.8").query, Query::Text("jazz"));  // less than one edit
  EXPECT_EQ(ParseQuery("jazz~0.5").query, Query::Fuzzy("", "jazz", Edits(2)));
  EXPECT_EQ(ParseQuery("coltrane~0.1").query, Query::Fuzzy("", "coltrane", Edits(2)));
  const ParsedQuery many = ParseQuery("jazz~7");
  EXPECT_EQ(many.query, Query::Fuzzy("", "jazz", Edits(2)));
  ASSERT_EQ(many.diagnostics.size(), 1u);
  EXPECT_NE(many.diagnostics[0].message.find("at most 2 edits"), std::string::npos);
  const ParsedQuery both = ParseQuery("jaz*~1");
  EXPECT_EQ(both.query, Query::Prefix("", "jaz"));
  ASSERT_EQ(both.diagnostics.size(), 1u);
  EXPECT_NE(both.diagnostics[0].message.find("cannot be fuzzy"), std::string::npos);
}

TEST(PatternParserTest, RegularExpressions) {
  ExpectRead("/ja(z|s)+/", Query::Regexp("", "ja(z|s)+"));
  ExpectRead("title:/[a-c].*/^2", Query::Boost(Query::Regexp("title", "[a-c].*"), 2));
  ExpectRead(R"(/a\/b\.c/)", Query::Regexp("", R"(a/b\.c)"));
  ExpectText("/usr/bin");
  ExpectText("//");
  ExpectText("/or");
  ExpectText("/[a/", "no ']' closes");
  ExpectText("/" + std::string(1001, 'a') + "/", "may have 1000 bytes");
}

// Each byte by its number stands for itself, and for no other, whatever it means in an expression.
TEST(PatternParserTest, BytesByTheirNumbersInRegularExpressions) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  for (size_t byte = 0; byte < 0x80; ++byte) {
    const std::string text =
        Cat("/\\x{", kDigits.substr(byte / 16, 1), kDigits.substr(byte % 16, 1), "}/");
    const ParsedQuery parsed = ParseQuery(text);
    EXPECT_TRUE(parsed.diagnostics.empty()) << text;
    ASSERT_EQ(parsed.query.kind(), QueryKind::kRegexp) << text;
    const absl::StatusOr<TermPattern> pattern = TermPattern::Of(parsed.query);
    ASSERT_TRUE(pattern.ok()) << text;
    TermPattern::Test test(*pattern);
    for (size_t other = 0; other < 0x80; ++other) {
      const char term = static_cast<char>(other);
      EXPECT_EQ(test(std::string_view(&term, 1)).has_value(), other == byte)
          << text << " " << other;
    }
  }
  EXPECT_EQ(ParseQuery(R"(/\x{c3}\x{a9}/)").query, Query::Regexp("", "é"));
}

TEST(PatternParserTest, Ranges) {
  ExpectRead("f:[a TO b]", Query::TermRange("f", Bounds("a", "b")));
  ExpectRead("f:{a TO b}", Query::TermRange("f", Bounds("a", "b", false, false)));
  ExpectRead("f:[a TO b}", Query::TermRange("f", Bounds("a", "b", true, false)));
  ExpectRead("f:[ * TO  b ]", Query::TermRange("f", Bounds(std::nullopt, "b")));
  ExpectRead("f:[a TO *]", Query::TermRange("f", Bounds("a", std::nullopt)));
  ExpectRead("f:[\"a b\" TO \"c]\"]", Query::TermRange("f", Bounds("a b", "c]")));
  ExpectRead("f:[a TO b]^2", Query::Boost(Query::TermRange("f", Bounds("a", "b")), 2));
  EXPECT_EQ(ParseQuery("f:>=a").query, Query::TermRange("f", Bounds("a", std::nullopt)));
  EXPECT_EQ(ParseQuery("f:>a").query, Query::TermRange("f", Bounds("a", std::nullopt, false)));
  EXPECT_EQ(ParseQuery("f:<=\"a b\"").query, Query::TermRange("f", Bounds(std::nullopt, "a b")));
  EXPECT_EQ(
      ParseQuery("f:<a b").query,
      Query::Or({Query::TermRange("f", Bounds(std::nullopt, "a", true, false)), Query::Text("b")}));
  EXPECT_EQ(ParseQuery("f:[a").query, Query::Match("f", "[a"));
  EXPECT_EQ(ParseQuery("f:[a TO").query, Query::Or({Query::Match("f", "[a"), Query::Text("TO")}));
  EXPECT_EQ(ParseQuery("f:[a TO b]c").query.clauses().size(), 3u);
  EXPECT_EQ(ParseQuery("f:<").query, Query::Match("f", "<"));
}

TEST(PatternParserTest, TooManyAreReadAsText) {
  std::string text;
  for (int i = 0; i < 65; ++i) text += "a* ";
  const ParsedQuery parsed = ParseQuery(text);
  EXPECT_TRUE(parsed.query.Validate().ok());
  ASSERT_EQ(parsed.diagnostics.size(), 1u);
  EXPECT_NE(parsed.diagnostics[0].message.find("more than 64"), std::string::npos);
  EXPECT_EQ(parsed.query.clauses().back().query, Query::Text("a*"));
}

// The one that is allowed is the prefix before it.
TEST(PatternParserTest, EachKindIsReadAsTextWhereThereAreTooMany) {
  const std::pair<const char*, const char*> kTexts[] = {{"b?c", "b\\?c"},
                                                        {"b~1", "b"},
                                                        {"/b/", "\\/b\\/"},
                                                        {"f:[b TO c]", "f:\\[b TO c\\]"},
                                                        {"f:>=b", "f:\\>=b"},
                                                        {"f:IN [b]", "f:IN \\[b]"},
                                                        {"\"b c\"*", "\"b c\" \\*"},
                                                        {"LIKE(b)", "\\LIKE (b)"},
                                                        {"NEAR(b~1 c, 3)", "NEAR(b c, 3)"}};
  for (const auto& [pattern, as_text] : kTexts) {
    ParseOptions options;
    options.limits.patterns = 2;
    EXPECT_TRUE(ParseQuery(Cat("a* ", pattern), options).diagnostics.empty()) << pattern;
    options.limits.patterns = 1;
    const ParsedQuery parsed = ParseQuery(Cat("a* ", pattern), options);
    EXPECT_EQ(parsed.query, ParseQuery(Cat("a* ", as_text)).query)
        << pattern << " is read as " << parsed.query.ToString();
    ASSERT_EQ(parsed.diagnostics.size(), 1u) << pattern;
    EXPECT_EQ(
        parsed.diagnostics[0].message,
        "the query has more than 1 prefixes, patterns, fuzzy words and sets; further ones are "
        "read as text");
  }
}

TEST(PatternQueryTest, Limits) {
  const auto code = [](const Query& query) { return CodeOf(Query::Or({query}).Validate()); };
  EXPECT_EQ(code(Query::Wildcard("f", std::string(1000, '*'))), ErrorCode::kOk);
  EXPECT_EQ(code(Query::Wildcard("f", std::string(1001, '*'))), ErrorCode::kResourceExhausted);
  EXPECT_EQ(code(Query::Regexp("f", std::string(1001, 'a'))), ErrorCode::kResourceExhausted);
  EXPECT_EQ(code(Query::Regexp("f", "(.{1000}){1000}")), ErrorCode::kResourceExhausted);
  EXPECT_EQ(code(Query::Regexp("f", "(a")), ErrorCode::kInvalidArgument);
  EXPECT_EQ(code(Query::Fuzzy("f", "a", Edits(2))), ErrorCode::kOk);
  EXPECT_EQ(code(Query::Fuzzy("f", "a", Edits(3))), ErrorCode::kInvalidArgument);
  EXPECT_EQ(code(Query::Prefix("f", std::string(32768, 'a'))), ErrorCode::kResourceExhausted);
  EXPECT_EQ(code(Query::TermRange("f", Bounds(std::string(32768, 'a'), std::nullopt))),
            ErrorCode::kResourceExhausted);
  EXPECT_TRUE(Query::Or(std::vector<Query>(64, Query::Prefix("f", "a"))).Validate().ok());
  EXPECT_EQ(code(Query::Or(std::vector<Query>(65, Query::Prefix("f", "a")))),
            ErrorCode::kResourceExhausted);
}

TEST(PatternQueryTest, JsonErrorsNameTheMistake) {
  const std::pair<const char*, const char*> kWrong[] = {
      {R"({"kind":"prefix"})", "needs a \"prefix\""},
      {R"({"kind":"wildcard","text":"a"})", "unknown member \"text\""},
      {R"({"kind":"regexp","pattern":"("})", "no ')' closes"},
      {R"({"kind":"fuzzy","term":"a","edits":3})", "3 edits"},
      {R"({"kind":"fuzzy","term":"a","edits":"1"})", "\"edits\" must be"},
      {R"({"kind":"term_range","from":1})", "\"from\" must be a string"},
      {R"({"kind":"term_range","include_to":1})", "\"include_to\" must be"}};
  for (const auto& [json, message] : kWrong) {
    const absl::Status status = Query::FromJson(json).status();
    EXPECT_EQ(CodeOf(status), ErrorCode::kInvalidArgument) << json;
    EXPECT_NE(status.message().find(message), std::string::npos) << json << "\n" << status;
  }
}

TEST(PatternQueryTest, EditsFollowTheLength) {
  const auto edits = [](std::string_view word) { return EditsOf(word, {}); };
  EXPECT_EQ(edits("ab"), 0u);
  EXPECT_EQ(edits("abc"), 1u);
  EXPECT_EQ(edits("éééé"), 1u);
  EXPECT_EQ(edits("abcde"), 1u);
  EXPECT_EQ(edits("abcdef"), 2u);
  EXPECT_EQ(EditsOf("ab", Edits(2)), 2u);
}

class PatternRewriteTest : public QueryRewriteTest {
 protected:
  PatternRewriteTest()
      : QueryRewriteTest(R"({"default":["t","k"],"fields":{
        "t":{"type":"text"},"e":{"type":"text","analyzer":"english","boost":2},
        "s":{"type":"text","analyzer":"simple"},"w":{"type":"text","analyzer":"whitespace"},
        "k":{"type":"keyword"},"n":{"type":"int64"}}})") {}
};

TEST_F(PatternRewriteTest, LiteralsAreWrittenAsTheTermsAre) {
  EXPECT_EQ(Parsed("t:JAZ*"), "t:jaz*");
  EXPECT_EQ(Parsed("e:Running*"), "e:running*^2");  // not stemmed
  EXPECT_EQ(Parsed("s:JAZ*"), "s:jaz*");
  EXPECT_EQ(Parsed("w:JAZ*"), "w:JAZ*");
  EXPECT_EQ(Parsed("k:JAZ*"), "k:JAZ*");
  EXPECT_EQ(Parsed("t:J?Z*É"), "t:j?z*é");
  EXPECT_EQ(Parsed(R"(t:A\*?B)"), R"(t:a\*?b)");
  EXPECT_EQ(Parsed("t:[A TO B}"), "t:[a TO b}");
  EXPECT_EQ(Parsed("t:/A./"), "t:/A./");
  EXPECT_EQ(Parsed("JAZ*"), "(t:jaz* | k:JAZ*)");
}

TEST_F(PatternRewriteTest, WhatStandsForOneTermBecomesIt) {
  EXPECT_EQ(Parsed("t:JA~"), "t:ja");
  EXPECT_EQ(Parsed("t:JAZ~"), "t:jaz~1");
  EXPECT_EQ(Parsed("t:Coltrane~"), "t:coltrane~2");
  std::vector<Diagnostic> none;
  EXPECT_EQ(Rewrite(Query::Wildcard("t", "A\\?"), context_, &none)->ToString(), "t:\"a?\"");
  EXPECT_EQ(*Rewrite(Query::Wildcard("t", "A*"), context_, &none), Query::Prefix("t", "a"));
}

TEST_F(PatternRewriteTest, FieldsWithoutTermsHaveNone) {
  EXPECT_EQ(Parsed("n:1*"), "none()");
  ASSERT_EQ(diagnostics_.size(), 1u);
  EXPECT_NE(diagnostics_[0].message.find("is of type int64 and has no terms"), std::string::npos);
  EXPECT_EQ(diagnostics_[0].begin_byte, 2u);
}

TEST_F(PatternRewriteTest, MorePatternsThanFieldsTimesLimitAreRefused) {
  std::string text;
  for (int i = 0; i < 100; ++i) text += "a* ";
  std::vector<Diagnostic> diagnostics;
  EXPECT_EQ(CodeOf(Rewrite(ParseQuery(text + "b*").query, context_, &diagnostics).status()),
            ErrorCode::kOk);  // equal ones are merged
  text.clear();
  for (int i = 0; i < 100; ++i) text += "a" + std::to_string(i) + "* ";
  EXPECT_EQ(CodeOf(Rewrite(ParseQuery(text).query, context_, &diagnostics).status()),
            ErrorCode::kResourceExhausted);
}

TEST(TermPatternTest, IntervalsOfBounds) {
  const auto holds = [](const TermBounds& bounds, std::string_view term) {
    const Query query = Query::TermRange("f", bounds);
    const absl::StatusOr<TermPattern> pattern = TermPattern::Of(query);
    EXPECT_TRUE(pattern.ok());
    return TermPattern::Test(*pattern)(term).has_value();
  };
  for (const char* term : {"", "a", "b", "c"}) {
    for (const char* from : {"", "a", "b"}) {
      for (const char* to : {"", "a", "b"}) {
        for (int include = 0; include < 4; ++include) {
          const bool first = (include & 1) != 0, last = (include & 2) != 0;
          const std::string_view t = term, f = from, u = to;
          EXPECT_EQ(holds(Bounds(from, to, first, last), term),
                    (first ? t >= f : t > f) && (last ? t <= u : t < u))
              << term << " in " << from << " " << to << " " << include;
        }
      }
    }
    EXPECT_TRUE(holds({}, term));
  }
}

}  // namespace
}  // namespace segue

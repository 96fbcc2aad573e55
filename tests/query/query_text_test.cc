// SPDX-License-Identifier: Apache-2.0
//
// What ToString prints of a parsed query, the parser reads as that query.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "engine/base/strings.h"
#include "engine/base/utf8.h"
#include "engine/query/written_text.h"
#include "segue/query_parser.h"
#include "tests/support/has_none.h"
#include "tests/support/seeded_random.h"

namespace segue {
namespace {

bool IsShown(std::string_view text) {
  for (const char c : text) {
    if (static_cast<uint8_t>(c) < 0x20 || c == 0x7f) return false;
  }
  return IsValidUtf8(text);
}

// Whether there was anything to compare.
bool ReadsBack(std::string_view text, DefaultOperator default_operator) {
  const ParsedQuery parsed = ParseQuery(text, {.default_operator = default_operator});
  if (HasNone(parsed.query)) return false;
  const std::string printed = parsed.query.ToString();
  EXPECT_TRUE(IsShown(printed)) << Quoted(printed);
  const ParsedQuery back = ParseQuery(printed);
  EXPECT_EQ(back.query, parsed.query)
      << Quoted(text, 1000) << "\n printed " << printed << "\n reads as " << back.query.ToJson()
      << "\n and not " << parsed.query.ToJson();
  if (parsed.diagnostics.empty()) {
    EXPECT_TRUE(back.diagnostics.empty()) << printed << ": " << back.diagnostics[0].message;
  }
  return true;
}

TEST(QueryTextTest, EveryKindOfQueryReadsBack) {
  for (const char* text : {"jazz",
                           "\\AND",
                           "\\OR b",
                           "AC/DC P!nk",
                           "a\\ b",
                           "größe \xe6\x9d\xb1\xe4\xba\xac",
                           "\"a\\x{0a}b\"",
                           "\"größe \\\"so\\\" \\\\ what\"~2^3",
                           "a\\\xe3\x80\x80z",
                           "f:\\*",
                           "\\*:*",
                           "a\\:b:c",
                           "a\\ b:\"c\"",
                           "x*y:z",
                           "jaz*",
                           "j?z\\*z*",
                           "j?z?\\..",
                           "\\x{01}a*",
                           "a\\,b*",
                           "jazz~",
                           "a\\~b~1",
                           "/ja(zz|ck)/",
                           "/a\\/b\\ c\\x{01}\\./",
                           "/\\d+\\x{2a}/",
                           "t:[a TO *}",
                           "t:{\"a b\" TO \"*\"]",
                           "t:>=a^2",
                           "t:IN [a \"b]\" \\x{02}]",
                           "t:*",
                           "{}:*",
                           "{}:[a TO b]",
                           "{}:IN [a b]",
                           "{}:jazz",
                           "{a^2 b}:jazz",
                           "{a^2 b}:\"so what\"~2",
                           "{a \"b c\"^0.25}:/x/",
                           "{a b}:NEAR(x y, 3)^2",
                           "{a b}:*",
                           "{a b}:(x \"y z\" w*)",
                           "NEAR(a\\,b* \"c d\" (e f~) \"\\x{01}\" h~1, 4)",
                           "ATLEAST(2, a b c)",
                           "NOT_WITHIN(a, PHRASE(b c*, 1))",
                           "LIKE(\"a, b\\x{00}\", max_terms=3)^2",
                           "jazz^log1p(plays)",
                           "(a b)^2^gauss(t, origin=\"a,b\", scale=30d, missing=x)^3",
                           "(a^2)^3",
                           "((a^2)^3)^4",
                           "a^0.0000001",
                           "a^99999999",
                           "a b NOT^0.00001 c",
                           "(a NOT^0.5 b)^2 NOT^0.25 (c d)",
                           "(a b c)@2^3",
                           "a (-b)",
                           "+a -(b +c) (d)@2",
                           "a OR b AND c",
                           "*:*^2 -x",
                           "text(\"AC/DC\")^2",
                           "text(\"\")",
                           "f:text(\"a b\")"}) {
    for (const auto default_operator : {DefaultOperator::kOr, DefaultOperator::kAnd}) {
      EXPECT_TRUE(ReadsBack(text, default_operator)) << text;
    }
  }
}

TEST(QueryTextTest, TextIsReadAsItIs) {
  EXPECT_EQ(ParseQuery("text(\"AC/DC\")").query, Query::Text("AC/DC"));
  EXPECT_EQ(ParseQuery("f:text(\"a \\\" \\x{0a}\")").query, Query::Match("f", "a \" \n"));
  EXPECT_EQ(ParseQuery("\"a\\x{0a}b\"").query, Query::MatchPhrase("", "a\nb"));
  // What only looks so.
  EXPECT_EQ(ParseQuery("\"\\x{a} \\x{0g} \\x0a\"").query, Query::MatchPhrase("", "x{a} x{0g} x0a"));
  EXPECT_EQ(ParseQuery("text (\"a b\")").query,
            Query::Or({Query::Text("text"), Query::MatchPhrase("", "a b")}));
  EXPECT_EQ(ParseQuery("text(\"a\" b)").query.ToString(), "text (\"a\" b)");
  EXPECT_EQ(ParseQuery("text(\"a\")b").query.ToString(), "text \"a\" b");
  EXPECT_EQ(ParseQuery("text(\"a").query.ToString(), "text text(\"\\\"a\")");
}

// Pieces of the language, with all that is hard to print between them.
std::string RandomText(SeededRandom* random) {
  static constexpr std::string_view kPieces[] = {"a",
                                                 "b",
                                                 "word",
                                                 " ",
                                                 " ",
                                                 " ",
                                                 "(",
                                                 ")",
                                                 "\"",
                                                 "\"",
                                                 "\\",
                                                 "+",
                                                 "-",
                                                 "AND",
                                                 "OR",
                                                 "NOT",
                                                 "f:",
                                                 "{f g^2}:",
                                                 "{}:",
                                                 "^2",
                                                 "^0.001",
                                                 "~2",
                                                 "~",
                                                 "@2",
                                                 "*",
                                                 "*:*",
                                                 "?",
                                                 "/",
                                                 "[",
                                                 "]",
                                                 " TO ",
                                                 "{",
                                                 "}",
                                                 "IN [",
                                                 "NEAR(",
                                                 ", 3)",
                                                 "ATLEAST(2, ",
                                                 "CONTAINING(",
                                                 ",",
                                                 "LIKE(",
                                                 "text(\"",
                                                 "\")",
                                                 "\\x{0a}",
                                                 "\\x{e3}",
                                                 "\x01",
                                                 "\n",
                                                 "\x7f",
                                                 "\xc2\x9b",
                                                 "\xff",
                                                 "\xe3",
                                                 "\xe3\x80\x80",
                                                 "ö",
                                                 "^log1p(n)",
                                                 "^sqrt(n, bias=",
                                                 "NOT^0.5 ",
                                                 ">=",
                                                 std::string_view("\0", 1),
                                                 "\\*",
                                                 "\\:",
                                                 ".",
                                                 "=",
                                                 "\xef\xbf\xbd",
                                                 "\xcc\x81",
                                                 "1"};
  std::string text;
  for (uint64_t pieces = random->Between(1, 24); pieces > 0; --pieces) {
    text += kPieces[random->Below(std::size(kPieces))];
  }
  return text;
}

TEST(QueryTextTest, RandomQueriesReadBack) {
  SeededRandom random(61);
  size_t compared = 0;
  for (int round = 0; round < 50'000 && !HasFailure(); ++round) {
    const bool is_and = random.OneIn(4);
    compared +=
        ReadsBack(RandomText(&random), is_and ? DefaultOperator::kAnd : DefaultOperator::kOr);
  }
  EXPECT_GT(compared, 40'000u);
}

// Any bytes, in each of the places where text may stand.
TEST(QueryTextTest, RandomTextReadsBackWhereverItStands) {
  SeededRandom random(62);
  for (int round = 0; round < 20'000 && !HasFailure(); ++round) {
    std::string text;
    for (uint64_t bytes = random.Between(1, 8); bytes > 0; --bytes) {
      constexpr std::string_view kHard = " \n\t\x01\x7f\"\\\xe3\x80\xff*?:()[]{}/~^,";
      text += random.OneIn(2) ? kHard[random.Below(kHard.size())]
                              : static_cast<char>(random.Below(256));
    }
    const std::string quoted = QuotedText(text), word = EscapedWord(text);
    EXPECT_EQ(ParseQuery(Cat("text(", quoted, ")")).query, Query::Text(text)) << Quoted(text);
    EXPECT_EQ(ParseQuery(Cat(word, "*")).query, Query::Prefix("", text)) << Quoted(text);
    EXPECT_EQ(ParseQuery(Cat(word, ":*")).query, Query::Exists(text)) << Quoted(text);
    EXPECT_EQ(ParseQuery(Cat(word, "~1")).query, Query::Fuzzy("", text, {.edits = 1}));
    EXPECT_EQ(ParseQuery(Cat("f:[", quoted, " TO *]")).query,
              Query::TermRange("f", {.from = text, .to = std::nullopt}));
    for (const Query& query :
         {Query::Match("f", text), Query::Combined({{text, 2}, {"g", 1}}, text),
          Query::MatchPhrase(text, Cat("a", text)), Query::In("f", {text, "b"}),
          Query::Near("f", {Query::Match({}, text), Query::Fuzzy({}, text)}, {.slop = 3}),
          Query::Like("f", text, {}), Query::Boost(Query::Match(text, "a"), 0.5f)}) {
      EXPECT_EQ(ParseQuery(query.ToString()).query, query) << query.ToString();
    }
  }
}

}  // namespace
}  // namespace segue

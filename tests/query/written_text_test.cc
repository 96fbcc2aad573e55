// SPDX-License-Identifier: Apache-2.0
//
// Texts, words, numbers and patterns as they are written in the query language: by hand, and each
// character of Unicode in each place.
#include "engine/query/written_text.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/strings.h"
#include "engine/base/utf8.h"
#include "engine/query/query_scanner.h"
#include "engine/query/query_text.h"
#include "segue/query_parser.h"
#include "tests/support/seeded_random.h"

namespace segue {
namespace {

TEST(WrittenTextTest, ByHand) {
  const struct {
    const char* text;
    const char* quoted;
    const char* plain;    // PlainOrQuoted; nullptr: as quoted
    const char* word;     // WrittenWord; nullptr: text(quoted)
    const char* escaped;  // EscapedWord
  } cases[] = {
      {"jazz", "\"jazz\"", "jazz", "jazz", "jazz"},
      {"3.14_a", "\"3.14_a\"", "3.14_a", "3.14_a", "3.14_a"},
      {"größe", "\"größe\"", "größe", "größe", "größe"},
      {"日本", "\"日本\"", "日本", "日本", "日本"},
      {"so what", "\"so what\"", nullptr, nullptr, "so\\ what"},
      {"a\"b", "\"a\\\"b\"", nullptr, nullptr, "a\\\"b"},
      {"a\\b", "\"a\\\\b\"", nullptr, nullptr, "a\\\\b"},
      {"a,b", "\"a,b\"", nullptr, nullptr, "a\\,b"},
      {"a\nb", "\"a\\x{0a}b\"", nullptr, nullptr, "a\\x{0a}b"},
      {"\x7f", "\"\\x{7f}\"", nullptr, nullptr, "\\x{7f}"},
      {"\xff", "\"\\x{ff}\"", nullptr, nullptr, "\\x{ff}"},
      {"\xe3\x80", "\"\\x{e3}\\x{80}\"", nullptr, nullptr, "\\x{e3}\\x{80}"},
      {"a\u3000z", "\"a\u3000z\"", nullptr, nullptr, "a\\x{e3}\\x{80}\\x{80}z"},
      {"\u0085", "\"\\x{c2}\\x{85}\"", nullptr, nullptr, "\\x{c2}\\x{85}"},
      {"", "\"\"", "\"\"", "text(\"\")", ""},
      {"AND", "\"AND\"", "\"AND\"", "text(\"AND\")", "\\AND"},
      {"and", "\"and\"", "and", "and", "and"},
  };
  for (const auto& [text, quoted, plain, word, escaped] : cases) {
    EXPECT_EQ(QuotedText(text), quoted);
    EXPECT_EQ(PlainOrQuoted(text), plain == nullptr ? quoted : plain) << text;
    EXPECT_EQ(WrittenWord(text), word == nullptr ? Cat("text(", quoted, ")") : word) << text;
    EXPECT_EQ(EscapedWord(text), escaped) << text;
  }
}

// Each character between two letters, in each form of a query that holds text: none is an operator
// there, a space, or lost.
TEST(WrittenTextTest, EveryCharacterIsReadBack) {
  const auto check = [](const std::string& text) {
    for (const Query& query :
         {Query::Match("", text), Query::Prefix("f", text),
          Query::MatchPhrase("f", Cat(text, " b")), Query::Fuzzy("", text, {.edits = 1})}) {
      const ParsedQuery back = ParseQuery(query.ToString());
      ASSERT_EQ(back.query, query) << query.ToString();
      ASSERT_TRUE(back.diagnostics.empty()) << query.ToString();
    }
  };
  for (char32_t cp = 0; cp < 0x3100; ++cp) {
    if (cp > 0x300 && cp < 0x2000 && cp % 7 != 0) continue;  // letters alike
    std::string character;
    AppendUtf8(cp, &character);
    check(Cat("a", character, "b"));
    if (cp < 0x100 || (cp >= 0x2000 && cp < 0x2070) || cp == 0x3000) {
      check(character);
      check(Cat(character, "b"));
      check(Cat("a", character));
    }
  }
  for (int byte = 0; byte < 256; ++byte) check(std::string(1, static_cast<char>(byte)));
}

// White space of the language, and what only looks like it.
TEST(WrittenTextTest, SpacesAreTheOnesThatAreNamed) {
  for (char32_t cp = 0; cp < 0x3100; ++cp) {
    std::string character;
    AppendUtf8(cp, &character);
    const std::string text = Cat("a", character, "b");
    const bool is_space = cp == ' ' || (cp >= '\t' && cp <= '\r') || cp == 0x3000;
    EXPECT_EQ(QuerySpaceBytes(text, 1), is_space ? character.size() : 0) << uint32_t{cp};
    EXPECT_EQ(SplitWords(text).size(), is_space ? 2u : 1u) << uint32_t{cp};
  }
  // A byte of a space is none, nor a cut one.
  for (const char* text : {"\xe3", "\xe3\x80", "\x80\x80"}) EXPECT_EQ(QuerySpaceBytes(text, 0), 0u);
  EXPECT_TRUE(SplitWords("").empty());
  EXPECT_TRUE(SplitWords(" \t\u3000").empty());
  EXPECT_EQ(SplitWords("  a\u3000\u3000b c "), (std::vector<std::string_view>{"a", "b", "c"}));
}

TEST(WrittenTextTest, EscapesByNumberAreTwoDigitsInBraces) {
  const struct {
    const char* text;
    const char* stands_for;
    size_t bytes;
  } cases[] = {{"\\x{41}b", "A", 6}, {"\\x{0a}", "\n", 6}, {"\\x{FF}", "\xff", 6},
               {"\\x{4}", "x", 2},   {"\\x{041}", "x", 2}, {"\\x{4g}", "x", 2},
               {"\\x41", "x", 2},    {"\\x", "x", 2},      {"\\\\", "\\", 2},
               {"\\*", "*", 2},      {"\\a", "a", 2}};
  for (const auto& [text, stands_for, bytes] : cases) {
    std::string out = "before ";
    EXPECT_EQ(AppendEscaped(text, 0, &out), bytes) << text;
    EXPECT_EQ(out, Cat("before ", stands_for)) << text;
  }
}

TEST(WrittenTextTest, NumbersHaveNoExponentAndComeBack) {
  const std::pair<float, const char*> cases[] = {{0, "0"},
                                                 {1, "1"},
                                                 {0.1f, "0.1"},
                                                 {2.5f, "2.5"},
                                                 {1e-7f, "0.0000001"},
                                                 {16777216, "16777216"}};
  for (const auto& [number, text] : cases) EXPECT_EQ(WrittenNumber(number), text);
  SeededRandom random(861);
  for (int round = 0; round < 3000; ++round) {
    const float number = std::abs(std::bit_cast<float>(random.U32()));
    if (!std::isfinite(number)) continue;
    const std::string text = WrittenNumber(number);
    EXPECT_EQ(text.find_first_not_of("0123456789."), std::string::npos) << text;
    EXPECT_EQ(std::strtof(text.c_str(), nullptr), number) << text;
    // The parser takes none that is greater.
    if (number > 1e30f) continue;
    const Query boosted = Query::Boost(Query::Match("", "a"), number);
    EXPECT_EQ(ParseQuery(boosted.ToString()).query, boosted) << text;
  }
}

TEST(WrittenTextTest, RegularExpressionsKeepTheirBackslashes) {
  const std::pair<const char*, const char*> cases[] = {
      {"ab|c", "/ab|c/"},      {"a/b", "/a\\/b/"},        {"a\\/b", "/a\\/b/"},
      {"a b", "/a\\ b/"},      {"\\\\/", "/\\\\\\//"},    {"\\d+\\.", "/\\d+\\./"},
      {"a\nb", "/a\\x{0a}b/"}, {"a\\\nb", "/a\\x{0a}b/"}, {"", "//"},
  };
  for (const auto& [pattern, written] : cases) EXPECT_EQ(WrittenRegexp(pattern), written);
}

TEST(WrittenTextTest, NamesOfFields) {
  const std::pair<const char*, const char*> cases[] = {
      {"title", "title"}, {"title_*", "title_*"}, {"*", "\\*"},         {"größe", "größe"},
      {"a b", "a\\ b"},   {"a:b", "a\\:b"},       {"a b*", "a\\ b\\*"}, {"-a", "\\-a"},
  };
  for (const auto& [field, written] : cases) EXPECT_EQ(WrittenField(field), written) << field;
}

// In messages: short, one line, whatever was typed.
TEST(ShownTextTest, IsCutAndCleaned) {
  EXPECT_EQ(ShownText("jazz"), "'jazz'");
  EXPECT_EQ(ShownText(""), "''");
  EXPECT_EQ(ShownText("a\nb\tc"), "'a b c'");
  EXPECT_EQ(ShownText("a\xff"), "'a\ufffd'");
  EXPECT_EQ(ShownText(std::string(60, 'x')), Cat("'", std::string(60, 'x'), "'"));
  EXPECT_EQ(ShownText(std::string(61, 'x')), Cat("'", std::string(60, 'x'), "…'"));
  SeededRandom random(862);
  for (int round = 0; round < 500; ++round) {
    std::string text;
    for (uint64_t left = random.Below(200); left > 0; --left) {
      AppendUtf8(static_cast<char32_t>(random.Below(random.OneIn(2) ? 0x80 : 0x11000)), &text);
    }
    const std::string shown = ShownText(text);
    EXPECT_TRUE(IsValidUtf8(shown));
    EXPECT_LE(shown.size(), 70u);
    EXPECT_EQ(shown.find_first_of("\n\r\t"), std::string::npos);
  }
}

TEST(FunctionTextTest, OnlyWhatIsNotAsUsual) {
  const std::pair<ScoreFunction, const char*> cases[] = {
      {{.field = "plays"}, "value(plays)"},
      {{.kind = ScoreFunctionKind::kLog1p, .field = "plays", .factor = 2.5},
       "log1p(plays, factor=2.5)"},
      {{.kind = ScoreFunctionKind::kSaturation,
        .field = "a b",
        .pivot = 100,
        .combination = ScoreCombination::kAdd},
       "saturation(\"a b\", pivot=100, combine=add)"},
      {{.kind = ScoreFunctionKind::kGauss,
        .field = "t",
        .origin = Value(std::string("so what")),
        .offset = 1,
        .scale = 2,
        .decay = 0.25,
        .weight = 3,
        .bias = 0.5,
        .combination = ScoreCombination::kReplace,
        .missing = Value(int64_t{-7})},
       "gauss(t, origin=\"so what\", offset=1, scale=2, decay=0.25, weight=3, bias=0.5, "
       "missing=\"-7\", combine=replace)"},
  };
  for (const auto& [function, text] : cases) {
    EXPECT_EQ(FunctionText(function), text);
    const Query query = Query::FunctionScore(Query::Match("", "a"), function);
    EXPECT_EQ(ParseQuery(query.ToString()).query.ToString(), query.ToString());
  }
}

}  // namespace
}  // namespace segue

// SPDX-License-Identifier: Apache-2.0
//
// What each construct means, as ToString prints it; what is said about text that
// has no meaning; and properties that hold for any bytes.
#include "segue/query_parser.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>
#include <fstream>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/json.h"
#include "segue/status.h"

namespace segue {
namespace {

std::string Parsed(std::string_view text, const ParseOptions& options = {}) {
  ParsedQuery parsed = ParseQuery(text, options);
  EXPECT_TRUE(parsed.query.Validate().ok()) << parsed.query.Validate();
  return parsed.query.ToString();
}

// Parses without diagnostics to `wanted`.
void ExpectClean(std::string_view text, std::string_view wanted, const ParseOptions& options = {}) {
  EXPECT_EQ(Parsed(text, options), wanted) << text;
  for (const Diagnostic& diagnostic : ParseQuery(text, options).diagnostics) {
    ADD_FAILURE() << text << ": " << diagnostic.message;
  }
}

// Parses to `wanted` with one diagnostic, at `place` of the text and with
// `part` in its message.
void ExpectDiagnosed(std::string_view text, std::string_view wanted, std::string_view place,
                     std::string_view part, const ParseOptions& options = {}) {
  ParsedQuery parsed = ParseQuery(text, options);
  EXPECT_EQ(parsed.query.ToString(), wanted) << text;
  ASSERT_EQ(parsed.diagnostics.size(), 1u) << text;
  const Diagnostic& diagnostic = parsed.diagnostics[0];
  EXPECT_EQ(text.substr(diagnostic.begin_byte, diagnostic.end_byte - diagnostic.begin_byte), place)
      << text;
  EXPECT_NE(diagnostic.message.find(part), std::string::npos) << text << ": " << diagnostic.message;
}

TEST(QueryParserTest, Words) {
  ExpectClean("jazz", "jazz");
  ExpectClean("kind of blue", "kind of blue");
  ExpectClean(
      "  kind\t\nof\xe3\x80\x80"
      "blue ",
      "kind of blue");
  EXPECT_EQ(ParseQuery("kind blue").query, Query::Or({Query::Text("kind"), Query::Text("blue")}));
  ExpectClean("größe", "größe");
}

// Plain words are read without the parser proper, which reads them where they stand in a group.
TEST(QueryParserTest, PlainWordsMeanTheSameInAGroup) {
  for (const auto default_operator : {DefaultOperator::kOr, DefaultOperator::kAnd}) {
    const ParseOptions options{.default_operator = default_operator};
    for (const std::string text : {"jazz", "kind of blue", " Kind\tOf  Blue ", "Or not And 1959"}) {
      const Query plain = ParseQuery(text, options).query;
      EXPECT_EQ(plain, ParseQuery("(" + text + ")", options).query) << text;
      if (plain.kind() != QueryKind::kBoolean) continue;
      EXPECT_EQ(plain.source_begin(), 0u);
      EXPECT_EQ(plain.source_end(), text.size());
      for (const QueryClause& clause : plain.clauses()) {
        const Query& word = clause.query;
        EXPECT_EQ(text.substr(word.source_begin(), word.source_end() - word.source_begin()),
                  word.text());
      }
    }
  }
}

TEST(QueryParserTest, SpecialCharactersInsideWordsAreText) {
  for (const char* word :
       {"wi-fi", "AC/DC", "P!nk",  "don't",   "AT&T",        "a+b", "C++", "F#",  "x=y",   "1,5",
        "50%",   "$5",    "a||b",  "a&&b",    "std::string", "a^b", "~5",  "5~x", "jazz?", "what?!",
        ":",     ":x",    "@home", "me@home", "[a]",         "{",   "}",   "-",   "a\\"}) {
    if (std::string_view(word) == "-") continue;
    EXPECT_EQ(ParseQuery(word).query, Query::Text(word)) << word;
  }
}

TEST(QueryParserTest, Signs) {
  ExpectClean("+a b -c !d", "+a b -c -d");
  ExpectClean("+a", "a");
  ExpectClean("+a +b", "+a +b");
  ExpectClean("a NOT b", "a -b");
  ExpectClean("+\"a b\" -(c d)", "+\"a b\" -(c d)");
  ExpectClean("a -5", "a -5");
}

TEST(QueryParserTest, AndBindsTighterThanOr) {
  ExpectClean("a AND b", "+a +b");
  ExpectClean("a && b", "+a +b");
  ExpectClean("a OR b", "a b");
  ExpectClean("a || b", "a b");
  ExpectClean("a OR b AND c", "a (+b +c)");
  ExpectClean("a AND b OR c AND d", "(+a +b) (+c +d)");
  ExpectClean("a b AND c", "a (+b +c)");
  ExpectClean("a AND NOT b", "+a -b");
  ExpectClean("NOT a AND b", "-a +b");
  ExpectClean("a AND -b AND +c", "+a -b +c");
  ExpectClean("x NOT a AND NOT b", "x -a -b");
  ExpectClean("(a OR b) AND c", "+(a b) +c");
  ExpectClean("and or not And", "and or not And");
}

TEST(QueryParserTest, DefaultOperatorAnd) {
  ParseOptions all{.default_operator = DefaultOperator::kAnd};
  ExpectClean("a b", "+a +b", all);
  ExpectClean("a b OR c", "(+a +b) c", all);
  ExpectClean("a -b", "+a -b", all);
  ExpectClean("a (b c)", "+a +(+b +c)", all);
  ExpectClean("a", "a", all);
}

TEST(QueryParserTest, Groups) {
  ExpectClean("(a)", "a");
  ExpectClean("((a b))", "a b");
  ExpectClean("a (b c)", "a (b c)");
  ExpectClean("a(b)c", "a b c");
  ExpectClean("+(a b) -c", "+(a b) -c");
}

TEST(QueryParserTest, MinShouldMatch) {
  ExpectClean("(a b c)@2", "(a b c)@2");
  ExpectClean("x (a b c)@2^3", "x (a b c)@2^3");
  ExpectClean("x (a b c)^3@2", "x (a b c)@2^3");
  ExpectClean("(a b)@0", "a b");
  ExpectClean("(+a b c)@1", "(+a b c)@1");
  ExpectDiagnosed("(a b)@3", "(a b)@3", "(a b)", "more than the 2 clauses");
  ExpectClean("a@2", "text(\"a@2\")");
}

TEST(QueryParserTest, Phrases) {
  ExpectClean("\"kind of blue\"", "\"kind of blue\"");
  ExpectClean("\"a\"b", "\"a\" b");
  ExpectClean("a\"b c\"d", "a \"b c\" d");
  EXPECT_EQ(ParseQuery(R"("a \"b\" \\ \c")").query, Query::MatchPhrase("", R"(a "b" \ c)"));
  ExpectDiagnosed("\"\" a", "a", "\"\"", "nothing between these quotes");
  ExpectDiagnosed("a \"b", "a text(\"\\\"b\")", "\"", "no second '\"'");
  ExpectDiagnosed("6\" vinyl", "text(\"6\\\"\") vinyl", "\"", "no second");
}

TEST(QueryParserTest, Fields) {
  ExpectClean("title:jazz", "title:jazz");
  ExpectClean("title:\"so what\" x", "title:\"so what\" x");
  ExpectClean("title:(a b) c", "(title:a title:b) c");
  EXPECT_EQ(ParseQuery("t:(a x:b (c)) d").query.ToString(), "(t:a x:b t:c) d");
  ExpectClean("-year:1959 a", "-year:1959 a");
  ExpectClean("year:-5", "year:text(\"-5\")");
  ExpectClean("t:2024-01-01T00:00:00Z", "t:text(\"2024-01-01T00:00:00Z\")");
  ExpectClean("t:AND", "t:text(\"AND\")");
  EXPECT_EQ(ParseQuery(R"(a\:b:c)").query, Query::Match("a:b", "c"));
  ExpectClean("note: a", "text(\"note:\") a");
}

TEST(QueryParserTest, FieldsOfASchema) {
  Schema schema;
  ASSERT_TRUE(schema.AddField("title", {}).ok());
  ParseOptions options;
  options.schema = &schema;
  ExpectClean("title:jazz", "title:jazz", options);
  ExpectDiagnosed("at 12:30", "at text(\"12:30\")", "12:", "no field '12'", options);
  ExpectDiagnosed("titel:jazz", "text(\"titel:jazz\")", "titel:", "did you mean 'title'?", options);
  ParsedQuery url = ParseQuery("http://x:80/", options);
  EXPECT_EQ(url.query, Query::Text("http://x:80/"));
  EXPECT_EQ(url.diagnostics.size(), 1u);
  EXPECT_EQ(url.diagnostics[0].message.find("mean"), std::string::npos);
}

TEST(QueryParserTest, Boosts) {
  ExpectClean("a^2 b", "a^2 b");
  ExpectClean("a^0.5", "a^0.5");
  ExpectClean("\"a b\"^3", "\"a b\"^3");
  ExpectClean("x (a b)^2", "x (a b)^2");
  ExpectClean("a^2^3", "a^6");
  ExpectClean("t:a^2", "t:a^2");
  ExpectClean("a^1", "a");
  ExpectClean("*:*^2", "*:*^2");
  ExpectClean("a^9999999999999999999999999999999999999999", "a^1000000015047466219876688855040");
  ExpectClean("^2", "text(\"^2\")");
  ExpectClean("a^", "text(\"a^\")");
  ExpectClean("a^-1", "text(\"a^-1\")");
  ExpectClean("a^2x", "text(\"a^2x\")");
}

TEST(QueryParserTest, All) {
  ExpectClean("*:*", "*:*");
  ExpectClean(" * ", "*:*");
  ExpectClean("*:* -a", "*:* -a");
  ExpectClean("2 * 3", "2 text(\"*\") 3");
}

TEST(QueryParserTest, Escapes) {
  EXPECT_EQ(ParseQuery(R"(\+a)").query, Query::Text("+a"));
  EXPECT_EQ(ParseQuery(R"(\AND)").query, Query::Text("AND"));
  EXPECT_EQ(ParseQuery(R"(a\ b)").query, Query::Text("a b"));
  EXPECT_EQ(ParseQuery(R"(\(a\))").query, Query::Text("(a)"));
  EXPECT_EQ(ParseQuery(R"(a\^2)").query, Query::Text("a^2"));
  EXPECT_EQ(ParseQuery(R"(\\)").query, Query::Text("\\"));
  EXPECT_EQ(ParseQuery(R"(jaz\*)").query, Query::Text("jaz*"));
  EXPECT_TRUE(ParseQuery(R"(jaz\*)").diagnostics.empty());
  EXPECT_EQ(ParseQuery(R"(a\x{2a}b)").query, Query::Text("a*b"));
  EXPECT_EQ(ParseQuery(R"(a\x{zz}b)").query, Query::Text("ax{zz}b"));
  EXPECT_EQ(ParseQuery(R"(a\x{2z}b)").query, Query::Text("ax{2z}b"));
}

TEST(QueryParserTest, ProhibitedClausesOnly) {
  ExpectDiagnosed("-a -b", "-a -b", "-a -b", "all clauses prohibit");
  ExpectDiagnosed("NOT a AND NOT b", "-a -b", "NOT a AND NOT b", "all clauses prohibit");
  ExpectDiagnosed("a (-b)", "a (-b)", "(-b)", "all clauses prohibit");
}

TEST(QueryParserTest, WhatHasNoMeaningIsLeftOut) {
  ExpectDiagnosed("a - b", "a b", "-", "a lone '-'");
  ExpectDiagnosed("a (b", "a b", "(", "no ')' closes this");
  ExpectDiagnosed("a) b", "a b", ")", "no '(' stands before this");
  ExpectDiagnosed("a () b", "a b", "()", "nothing between these parentheses");
  ExpectDiagnosed("AND a", "a", "AND", "needs a clause on its left");
  ExpectDiagnosed("a OR", "a", "OR", "needs a clause on its right");
  ExpectDiagnosed("a AND OR b", "+a +b", "OR", "on its left");
  ExpectDiagnosed("a NOT", "a", "NOT", "no clause follows this");
  ExpectDiagnosed("(a AND) b", "a b", "AND", "on its right");
  ExpectDiagnosed("a +-b", "a +b", "-", "one of + - ! NOT is enough");
}

TEST(QueryParserTest, OtherEnginesSyntaxIsNamed) {
  ExpectDiagnosed("\"a b\"~", "\"a b\"", "~", "needs a number");
  ExpectClean("a <3 [b]", "a text(\"<3\") text(\"[b]\")");
}

TEST(QueryParserTest, NothingButOperatorsIsText) {
  ParsedQuery parsed = ParseQuery("AND OR");
  EXPECT_EQ(parsed.query, Query::Text("AND OR"));
  EXPECT_EQ(parsed.diagnostics.size(), 3u);
  ExpectDiagnosed("", "none()", "", "the query is empty");
  ExpectDiagnosed(" \t", "none()", " \t", "the query is empty");
}

TEST(QueryParserTest, ClausesKnowTheirPlace) {
  ParsedQuery parsed = ParseQuery("a +title:\"b c\"^2");
  ASSERT_EQ(parsed.query.clauses().size(), 2u);
  const Query& boost = parsed.query.clauses()[1].query;
  EXPECT_EQ(boost.source_begin(), 9u);
  EXPECT_EQ(boost.children()[0].source_begin(), 9u);
  EXPECT_EQ(boost.children()[0].source_end(), 14u);
}

TEST(QueryParserTest, TooLongTextIsRefusedByEverySearch) {
  EXPECT_TRUE(ParseQuery(std::string(65536, 'a')).query.Validate().ok());
  ParsedQuery parsed = ParseQuery(std::string(65537, 'a'));
  EXPECT_EQ(CodeOf(parsed.query.Validate()), ErrorCode::kResourceExhausted);
  ASSERT_EQ(parsed.diagnostics.size(), 1u);
  EXPECT_NE(parsed.diagnostics[0].message.find("65537 bytes"), std::string::npos);
  EXPECT_EQ(CodeOf(ParseQueryStrict(std::string(65537, 'a')).status()),
            ErrorCode::kResourceExhausted);
  std::string words;
  for (int i = 0; i < 1025; ++i) words += "a ";
  EXPECT_EQ(CodeOf(ParseQuery(words).query.Validate()), ErrorCode::kResourceExhausted);
}

TEST(QueryParserTest, Strict) {
  ASSERT_TRUE(ParseQueryStrict("+a b").ok());
  EXPECT_EQ(ParseQueryStrict("+a b")->ToString(), "+a b");
  absl::Status status = ParseQueryStrict("a (b").status();
  EXPECT_EQ(CodeOf(status), ErrorCode::kInvalidArgument);
  EXPECT_EQ(status.message(), "query, byte 2: no ')' closes this; the group ends with the text");
}

TEST(QueryParserTest, DeepGroupsAreFlattened) {
  std::string deep = std::string(64, '(') + "a b" + std::string(64, ')');
  ExpectClean(deep, "a b");
  ExpectDiagnosed("(" + deep + ")", "a b", "(", "deeper than 64");
  // Every level with a chain and a boost: 64 of them make a query too deep.
  std::string heavy = "a";
  for (int i = 0; i < 60; ++i) heavy = "(" + heavy + " AND b c)^2";
  ParsedQuery parsed = ParseQuery(heavy);
  EXPECT_TRUE(parsed.query.Validate().ok());
  EXPECT_LE(parsed.query.depth(), 60u);
  EXPECT_EQ(parsed.diagnostics.size(), 1u);
}

TEST(QueryParserTest, DiagnosticsAreLimited) {
  std::string many;
  for (int i = 0; i < 1000; ++i) many += ") ";
  ParsedQuery parsed = ParseQuery(many + "a");
  EXPECT_EQ(parsed.diagnostics.size(), 65u);
  EXPECT_NE(parsed.diagnostics.back().message.find("more like this"), std::string::npos);
}

// ---- The query set of the public search benchmark ----

struct Shape {
  const char* text;
  Query query;
};

TEST(QueryParserTest, ShapesOfTheBenchmarkMeanWhatLucenesParserMeans) {
  auto word = [](const char* text) { return Query::Text(text); };
  const Shape shapes[] = {
      {"the", word("the")},
      {"griffith observatory", Query::Or({word("griffith"), word("observatory")})},
      {"+griffith +observatory", Query::And({word("griffith"), word("observatory")})},
      {"\"griffith observatory\"", Query::MatchPhrase("", "griffith observatory")},
      {"wildfire +risk maps", Query::Boolean({{Occur::kShould, word("wildfire")},
                                              {Occur::kMust, word("risk")},
                                              {Occur::kShould, word("maps")}})},
      {"+python -snake -monty", Query::Boolean({{Occur::kMust, word("python")},
                                                {Occur::kMustNot, word("snake")},
                                                {Occur::kMustNot, word("monty")}})},
      {"+\"the who\" +uk", Query::And({Query::MatchPhrase("", "the who"), word("uk")})},
  };
  for (const Shape& shape : shapes) {
    ParsedQuery parsed = ParseQuery(shape.text);
    EXPECT_EQ(parsed.query, shape.query) << shape.text;
    EXPECT_TRUE(parsed.diagnostics.empty()) << shape.text;
  }
}

// Reads the query by the little grammar that the set's own description gives:
// words or quoted phrases, each with + or - or nothing before it.
Query ParseByHand(const std::string& text) {
  std::vector<QueryClause> clauses;
  for (size_t at = 0; at < text.size();) {
    Occur occur = Occur::kShould;
    if (text[at] == '+') occur = Occur::kMust;
    if (text[at] == '-') occur = Occur::kMustNot;
    if (occur != Occur::kShould) ++at;
    bool is_phrase = text[at] == '"';
    if (is_phrase) ++at;
    size_t end = text.find(is_phrase ? '"' : ' ', at);
    if (end == std::string::npos) end = text.size();
    std::string operand = text.substr(at, end - at);
    clauses.push_back({occur, is_phrase ? Query::MatchPhrase("", operand) : Query::Text(operand)});
    at = text.find_first_not_of("\" ", end);
    if (at == std::string::npos) break;
    while (text[at - 1] != ' ') --at;
  }
  return clauses.size() == 1 ? clauses[0].query : Query::Boolean(clauses);
}

TEST(QueryParserTest, AllQueriesOfTheBenchmark) {
  const char* data = std::getenv("SEGUE_DATA");
  std::ifstream in((data == nullptr ? std::string("../shared/data") : std::string(data)) +
                   "/queries.jsonl");
  if (!in) GTEST_SKIP() << "no queries.jsonl; set SEGUE_DATA";
  std::string line;
  int queries = 0;
  while (std::getline(in, line)) {
    absl::StatusOr<JsonValue> json = ParseJson(line);
    ASSERT_TRUE(json.ok()) << line;
    std::string text(json->Find("query")->string_value());
    ParsedQuery parsed = ParseQuery(text);
    EXPECT_EQ(parsed.query, ParseByHand(text)) << text;
    EXPECT_TRUE(parsed.diagnostics.empty()) << text;
    ++queries;
  }
  EXPECT_EQ(queries, 425);
}

// ---- Any bytes ----

uint64_t Seed() {
  const char* given = std::getenv("SEGUE_SEED");
  uint64_t seed = given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device()();
  std::printf("SEGUE_SEED=%llu\n", static_cast<unsigned long long>(seed));
  return seed;
}

// Text made of the language's own pieces, most of it nonsense.
std::string RandomText(std::mt19937_64* random) {
  static const char* const kPieces[] = {
      "a",  "b",    "word", " ",    " ",   "  ", "(",  ")",           "\"", "\\", "+",
      "-",  "!",    "AND",  "OR",   "NOT", "&&", "||", ":",           "f:", "^2", "^",
      "~2", "~",    "@2",   "*",    "*:*", "?",  "/",  "[",           "]",  "TO", "\xff",
      "\0", "\xe3", "ö",    "^1.5", "@",   ">=", "'",  "\xe3\x80\x80"};
  std::string text;
  size_t pieces = (*random)() % 40;
  for (size_t i = 0; i < pieces; ++i) {
    text += kPieces[(*random)() % std::size(kPieces)];
  }
  return text;
}

void CheckProperties(const std::string& text) {
  for (DefaultOperator op : {DefaultOperator::kOr, DefaultOperator::kAnd}) {
    ParsedQuery parsed = ParseQuery(text, {.default_operator = op});
    ASSERT_TRUE(parsed.query.Validate().ok()) << text;
    size_t last = 0;
    for (const Diagnostic& diagnostic : parsed.diagnostics) {
      ASSERT_LE(last, diagnostic.begin_byte);
      ASSERT_LE(diagnostic.begin_byte, diagnostic.end_byte);
      ASSERT_LE(diagnostic.end_byte, text.size());
      last = diagnostic.begin_byte;
    }
    absl::StatusOr<Query> back = Query::FromJson(parsed.query.ToJson());
    ASSERT_TRUE(back.ok()) << back.status();
    ASSERT_EQ(*back, parsed.query);
    // Strict agrees, or complains exactly where there was a diagnostic.
    absl::StatusOr<Query> strict = ParseQueryStrict(text, {.default_operator = op});
    ASSERT_EQ(strict.ok(), parsed.diagnostics.empty()) << text;
    if (strict.ok()) {
      ASSERT_EQ(*strict, parsed.query);
    }
  }
}

void AppendWords(const Query& query, std::string* words) {
  if (query.kind() == QueryKind::kMatch) *words += query.text() + " ";
  for (const QueryClause& clause : query.clauses()) {
    EXPECT_EQ(clause.occur, Occur::kShould);
    AppendWords(clause.query, words);
  }
}

TEST(QueryParserPropertyTest, RandomText) {
  std::mt19937_64 random(Seed());
  for (int i = 0; i < 20'000; ++i) {
    std::string text = RandomText(&random);
    CheckProperties(text);
    if (HasFatalFailure()) return;
  }
}

TEST(QueryParserPropertyTest, RandomBytes) {
  std::mt19937_64 random(Seed());
  for (int i = 0; i < 5'000; ++i) {
    std::string text;
    size_t size = random() % 60;
    for (size_t j = 0; j < size; ++j) text += static_cast<char>(random());
    CheckProperties(text);
    if (HasFatalFailure()) return;
  }
}

TEST(QueryParserPropertyTest, EscapedTextIsPlainWords) {
  std::mt19937_64 random(Seed());
  for (int i = 0; i < 20'000; ++i) {
    std::string text = RandomText(&random);
    ParsedQuery parsed = ParseQuery(EscapeQueryText(text));
    std::string words;
    AppendWords(parsed.query, &words);
    // The same text, with one space for any white space.
    std::string wanted;
    for (size_t at = 0; at < text.size(); ++at) {
      bool is_space = std::string_view(" \t\n\r\f\v").find(text[at]) != std::string_view::npos;
      bool is_wide = text.compare(at, 3, "\xe3\x80\x80") == 0;
      if (is_wide) at += 2;
      if (!is_space && !is_wide) {
        wanted += text[at];
      } else if (!wanted.empty() && wanted.back() != ' ') {
        wanted += ' ';
      }
    }
    if (!wanted.empty() && wanted.back() != ' ') wanted += ' ';
    ASSERT_EQ(words, wanted) << text;
    if (!wanted.empty()) {
      ASSERT_TRUE(parsed.diagnostics.empty()) << text << ": " << parsed.diagnostics[0].message;
    }
  }
}

// 64 KiB of each: quadratic time would take minutes, recursion the stack.
TEST(QueryParserPropertyTest, HostileTextTakesLinearTime) {
  for (std::string_view piece :
       {"(",     ")",     "\"",      "+",       "-",           "!",      "\\",           "^",
        "^1",    "~",     "~1",      "@",       ":",           "a:",     "a:(",          "(a AND ",
        "(a^1 ", "+ ",    "AND ",    "NOT ",    "a AND ",      "\\\"",   "\"a\" ",       "a\"",
        "*",     "*:* ",  "f:* ",    "()",      "(-",          "\xe3",   "\xe3\x80\x80", "1.",
        "a ",    "(a)^1", "(a)@1^1", "text(\"", "text(\"\\\"", "\\x{0a}"}) {
    std::string text;
    while (text.size() + piece.size() <= 65536) text += piece;
    const std::clock_t start = std::clock();  // of this process: others may be busy, too
    ParsedQuery parsed = ParseQuery(text);
    EXPECT_FALSE(parsed.query.ToString().empty());
    EXPECT_LT(std::clock() - start, 2 * CLOCKS_PER_SEC) << piece;
  }
}

}  // namespace
}  // namespace segue

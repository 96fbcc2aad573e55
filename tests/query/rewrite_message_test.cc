// SPDX-License-Identifier: Apache-2.0
//
// What rewriting tells the user: each message with the place in the text that it is about, and what
// is searched instead.
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "engine/base/limits.h"
#include "engine/base/strings.h"
#include "engine/query/query_scanner.h"
#include "segue/status.h"
#include "tests/query/query_testing.h"

namespace segue {
namespace {

class RewriteMessageTest : public QueryRewriteTest {
 protected:
  RewriteMessageTest()
      : QueryRewriteTest(R"({"default":["title"],"fields":{
            "title":{"type":"text"},
            "body":{"type":"text","analyzer":"english"},
            "plain":{"type":"text","positions":false},
            "hidden":{"type":"text","indexed":false},
            "tag":{"type":"keyword"},
            "year":{"type":"int64"},
            "price":{"type":"float64"},
            "live":{"type":"bool"},
            "added":{"type":"timestamp"},
            "cover":{"type":"bytes"}}})") {}

  // The only message, with the piece of the text that it points to.
  std::string Only(std::string_view text) {
    if (diagnostics_.size() != 1) return Cat(diagnostics_.size(), " messages");
    const Diagnostic& one = diagnostics_[0];
    EXPECT_LE(one.begin_byte, one.end_byte);
    EXPECT_LE(one.end_byte, text.size());
    return Cat(text.substr(one.begin_byte, one.end_byte - one.begin_byte), ": ", one.message);
  }
};

TEST_F(RewriteMessageTest, ByText) {
  const struct {
    const char* text;
    const char* rewritten;
    const char* message;  // nullptr: none
  } cases[] = {
      {"title:jazz", "title:jazz", nullptr},
      // Fields
      {"x titel:jazz", "title:x", "jazz: there is no field 'titel'; did you mean 'title'?"},
      {"x +titel:jazz", "none()", "jazz: there is no field 'titel'; did you mean 'title'?"},
      {"hidden:jazz", "none()", "jazz: the field 'hidden' is not indexed and cannot be searched"},
      {"a cover:AA", "title:a", "AA: the field 'cover' is not indexed and cannot be searched"},
      // Words
      {"body:the", "none()", "the: 'the' has no searchable words in the field 'body'; left out"},
      {"jazz + % x", "title:jazz title:x", "%: '%' has no searchable words; left out"},
      // Values
      {"year:soon", "none()", "soon: 'soon' is no value of the field 'year' (int64)"},
      {"x year:19.5", "title:x", "19.5: '19.5' is no value of the field 'year' (int64)"},
      {"price:dear", "none()", "dear: 'dear' is no value of the field 'price' (float64)"},
      {"live:maybe", "none()", "maybe: 'maybe' is no value of the field 'live' (bool)"},
      {"added:2024-13-01", "none()",
       "2024-13-01: '2024-13-01' is no value of the field 'added' (timestamp)"},
      // Phrases
      {"plain:\"so what\"", "+plain:so +plain:what",
       "\"so what\": the field 'plain' keeps no positions; the words of the phrase are searched "
       "anywhere in it"},
      {"x plain:NEAR(so what, 3)", "title:x (+plain:so +plain:what)",
       "NEAR(so what, 3): the field 'plain' keeps no positions; the words are searched anywhere in "
       "it"},
      {"plain:ATLEAST(2, a b c)", "(plain:a plain:b plain:c)@2",
       "ATLEAST(2, a b c): the field 'plain' keeps no positions; the words are searched anywhere "
       "in "
       "it"},
      {"plain:CONTAINING(NEAR(a b, 3), c)", "+plain:a +plain:b +plain:c",
       "CONTAINING(NEAR(a b, 3), c): the field 'plain' keeps no positions; the words are searched "
       "anywhere in it"},
      {"title:ATLEAST(5, a b)", "none()",
       "ATLEAST(5, a b): at least 5 of 2 words cannot be near each other; nothing matches"},
      // Text to be like
      {"LIKE(\"so what\", min_term_freq=2)", "none()",
       "LIKE(\"so what\", min_term_freq=2): no word stands 2 times in the text, as min_term_freq "
       "asks; nothing is like it"},
      // Scores
      {"jazz^log1p(tag)", "title:jazz", nullptr},
      {"jazz^gauss(year, origin=soon)", "title:jazz",
       "jazz: 'soon' is no value of the field 'year' (int64); its score "
       "function is left out"},
  };
  for (const auto& [text, rewritten, message] : cases) {
    EXPECT_EQ(Parsed(text), rewritten) << text;
    if (message != nullptr) {
      EXPECT_EQ(Only(text), message);
    } else if (std::string_view(text).find('^') == std::string_view::npos) {
      EXPECT_TRUE(diagnostics_.empty()) << text << ": " << diagnostics_[0].message;
    }
  }
}

// The same mistake is told once for each place where it is made, in the order of the text.
TEST_F(RewriteMessageTest, EachPlaceOnceInOrder) {
  const std::string text = "titel:a year:x titel:b body:the live:y";
  Parsed(text);
  size_t last = 0;
  for (const Diagnostic& diagnostic : diagnostics_) {
    EXPECT_GE(diagnostic.begin_byte, last) << diagnostic.message;
    last = diagnostic.begin_byte;
  }
  EXPECT_GE(diagnostics_.size(), 4u);
}

TEST_F(RewriteMessageTest, QueriesThatOnlyCodeCanBuild) {
  const struct {
    Query query;
    const char* rewritten;
    const char* message;
  } cases[] = {
      {Query::Equals("title", "x"), "none()",
       "the field 'title' is text, which has words but no value to be equal to"},
      {Query::Equals("year", 1959.5), "none()", "'1959.5' is no value of the field 'year' (int64)"},
      {Query::Equals("live", 1), "none()", "'1' is no value of the field 'live' (bool)"},
      {Query::Term("title", std::string(kMaxTermBytes, 'x')), nullptr, nullptr},
      {Query::Near("year", {Query::Term("", "a"), Query::Term("", "b")}), "none()", ""},
      {Query::Phrase("tag", {"a", "b"}), "none()", ""},
      {Query::Combined({{"titel", 1}}, "jazz"), "none()",
       "there is no field 'titel'; did you mean 'title'?"},
      {Query::Combined({{"title", 1}, {"year", 1}}, "jazz"), nullptr, ""},
      {Query::Ids({"1"}), "none()", ""},
      {Query::Boolean({{Occur::kMustNot, Query::Match("title", "a")}}), "none()", ""},
      {Query::FunctionScore(Query::Match("title", "a"), {.field = "title"}), "title:a", ""},
      {Query::FunctionScore(Query::Match("title", "a"), {.field = "plays"}), "title:a", ""},
  };
  for (const auto& [query, rewritten, message] : cases) {
    const std::string found = Rewritten(query);
    if (rewritten != nullptr) {
      EXPECT_EQ(found, rewritten) << query.ToString();
    }
    if (message == nullptr) {
      EXPECT_TRUE(diagnostics_.empty()) << query.ToString();
      continue;
    }
    ASSERT_FALSE(diagnostics_.empty()) << query.ToString() << " is passed over in silence";
    EXPECT_NE(diagnostics_[0].message.find(message), std::string::npos) << diagnostics_[0].message;
    EXPECT_EQ(diagnostics_[0].end_byte, 0u) << "it stood in no text";
  }
}

// Of a word that no index can hold.
TEST_F(RewriteMessageTest, WordsThatAreTooLong) {
  const std::string longest(kMaxTermBytes, 'x');
  EXPECT_EQ(Rewritten(Query::Match("tag", longest)), Cat("tag:", longest));
  EXPECT_TRUE(diagnostics_.empty());
  EXPECT_EQ(Rewritten(Query::Match("tag", longest + "x")), "none()");
  ASSERT_EQ(diagnostics_.size(), 1u);
  EXPECT_EQ(diagnostics_[0].message,
            "a word of 32768 bytes is in no index; at most 32767 are kept");
}

TEST_F(RewriteMessageTest, TextsOfTooManyWordsAreRefused) {
  std::string text;
  for (int i = 0; i < 100; ++i) text += "w ";
  EXPECT_TRUE(Rewrite(Query::Text(text), context_, &diagnostics_, {.text_tokens = 100}).ok());
  const absl::Status status =
      Rewrite(Query::Text(text), context_, &diagnostics_, {.text_tokens = 99}).status();
  EXPECT_EQ(CodeOf(status), ErrorCode::kResourceExhausted);
  EXPECT_NE(status.message().find("a text of more than 99 tokens; search for a shorter one"),
            std::string::npos)
      << status;
  // And a query that only its words make too large.
  const absl::Status clauses =
      Rewrite(Query::Text("a b c d"), context_, &diagnostics_, {.clauses = 3}).status();
  EXPECT_EQ(CodeOf(clauses), ErrorCode::kResourceExhausted);
  EXPECT_TRUE(Rewrite(Query::Text("a b c"), context_, &diagnostics_, {.clauses = 3}).ok());
}

// --- What the parser tells ---

TEST(ParserMessageTest, MoreThanThereAre) {
  const struct {
    const char* text;
    size_t optional;  // what is asked for are more; 0: no message
    const char* asked;
  } cases[] = {
      {"(b c)@3", 2, "@3"},        {"a (b c)@5", 2, "@5"}, {"(+a b)@2", 1, "@2"},
      {"(+a -b c d)@3", 2, "@3"},  {"(b c)@2", 0, ""},     {"(b c)@0", 0, ""},
      {"(b \"c d\" e*)@3", 0, ""},
  };
  for (const auto& [text, optional, asked] : cases) {
    const ParsedQuery parsed = ParseQuery(text);
    if (optional == 0) {
      EXPECT_TRUE(parsed.diagnostics.empty()) << text;
      continue;
    }
    ASSERT_EQ(parsed.diagnostics.size(), 1u) << text;
    EXPECT_EQ(parsed.diagnostics[0].message, Cat(asked, " asks for more than the ", optional,
                                                 " clauses without + or -, so nothing matches"));
    EXPECT_LT(parsed.diagnostics[0].begin_byte, parsed.diagnostics[0].end_byte);
    EXPECT_LE(parsed.diagnostics[0].end_byte, std::string_view(text).size());
  }
}

// What is too much is left out and told, and never so often that the messages are too many.
TEST(ParserMessageTest, TooManyOfAKind) {
  std::string deep(200, '(');
  deep += "a";
  std::string functions = "a";
  for (int i = 0; i < 200; ++i) functions += "^log1p(n)";
  for (const auto& [text, part] :
       {std::pair(deep, "parentheses nest deeper than "),
        std::pair(functions, " score functions and NOT^; further ones are left out")}) {
    const ParsedQuery parsed = ParseQuery(text);
    size_t told = 0;
    for (const Diagnostic& diagnostic : parsed.diagnostics) {
      told += diagnostic.message.find(part) != std::string::npos ? 1 : 0;
    }
    EXPECT_GE(told, 1u) << text;
    EXPECT_LE(parsed.diagnostics.size(), DiagnosticList::kMax + 1) << text;
    EXPECT_TRUE(parsed.query.Validate().ok()) << parsed.query.Validate();
  }
}

}  // namespace
}  // namespace segue

// SPDX-License-Identifier: Apache-2.0
#include "tools/text_layout.h"

#include <gtest/gtest.h>

#include "tools/console.h"
#include "tools/snippet.h"

namespace segue {
namespace {

TEST(TextLayout, WidthCountsColumns) {
  EXPECT_EQ(DisplayWidth("abc"), 3u);
  EXPECT_EQ(DisplayWidth("å"), 1u);
  EXPECT_EQ(DisplayWidth("a\u030a"), 1u);  // a letter and its combining ring
  EXPECT_EQ(DisplayWidth("青い"), 4u);
  EXPECT_EQ(DisplayWidth("a\n\tb"), 4u);  // they become blanks
}

TEST(TextLayout, CleanTextCannotSteerTheTerminal) {
  EXPECT_EQ(Clean("a\033[31mb"), "a [31mb");
  EXPECT_EQ(Clean("  a \t\n b\x7f "), "a b");
  EXPECT_EQ(Clean("a\u202eb"), "a b");
  EXPECT_EQ(Clean("a\xff"), "a\uFFFD");
}

TEST(TextLayout, FitCutsAtColumns) {
  EXPECT_EQ(Fit("abcdef", 6), "abcdef");
  EXPECT_EQ(Fit("abcdef", 4), "abc…");
  EXPECT_EQ(Fit("青い列車", 6), "青い…");
  EXPECT_EQ(Fit("abc", 0), "");
}

TEST(TextLayout, TablesKeepToTheirWidth) {
  using Align = TextTable::Align;
  TextTable table({Align::kRight, Align::kLeft, Align::kLeft});
  table.AddRow({"1", "short", std::string(100, 'x')});
  table.AddRow({"22", "a longer cell", "y"});
  const std::string text = table.ToText(40);
  EXPECT_EQ(text.substr(0, text.find('\n')), " 1  short          " + std::string(20, 'x') + "…");
  for (size_t at = 0; at < text.size();) {
    const size_t end = text.find('\n', at);
    EXPECT_LE(DisplayWidth(std::string_view(text).substr(at, end - at)), 40u);
    at = end + 1;
  }
  EXPECT_NE(table.ToText(200).find(std::string(100, 'x')), std::string::npos);
}

TEST(Console, NumbersForPeople) {
  EXPECT_EQ(Grouped(0), "0");
  EXPECT_EQ(Grouped(999), "999");
  EXPECT_EQ(Grouped(63666), "63,666");
  EXPECT_EQ(Grouped(1234567), "1,234,567");
  EXPECT_EQ(Megabytes(512), "512 B");
  EXPECT_EQ(Megabytes(31'400'000), "31.4 MB");
  EXPECT_EQ(Duration(45), "45 µs");
  EXPECT_EQ(Duration(1234), "1.23 ms");
  EXPECT_EQ(Duration(3'200'000), "3.20 s");
}

class SnippetTest : public ::testing::Test {
 protected:
  SnippetTest() {
    EXPECT_TRUE(schema_.AddField("title", {.type = FieldType::kText, .stored = true}).ok());
    EXPECT_TRUE(
        schema_.AddField("text", {.type = FieldType::kText, .analyzer = "english", .stored = true})
            .ok());
  }
  std::string Snippet(const Query& query, std::string_view text, size_t columns = 40) {
    SnippetMaker maker(schema_, query);
    Document document;
    document.Add("title", "fox").Add("text", text);
    return maker.Snippet(document, "title", columns, kMarks);
  }
  static constexpr Style kMarks = {"", "", "[", "", "]"};
  Schema schema_;
};

TEST_F(SnippetTest, MarksWhatMatchesAsTheFieldIsAnalysed) {
  EXPECT_EQ(Snippet(Query::Text("foxes den"), "The Fox has a den."), "The [Fox] has a [den].");
  EXPECT_EQ(Snippet(Query::Match("title", "fox"), "The fox."), "The fox.");
  EXPECT_EQ(Snippet(Query::Boolean({{Occur::kMust, Query::Match("text", "has")},
                                    {Occur::kMustNot, Query::Match("text", "den")}}),
                    "The fox has a den"),
            "The fox [has] a den");
  // Any white space stays a blank.
  EXPECT_EQ(Snippet(Query::Text("fox den"), "fox\tden\x1b fox"), "[fox] [den] [fox]");
}

TEST_F(SnippetTest, ShowsTheBestPlace) {
  std::string text;
  for (int i = 0; i < 50; ++i) text += "filler words here. ";
  text += "the fox found its den in the wood ";
  for (int i = 0; i < 50; ++i) text += "filler words here. ";
  const std::string snippet = Snippet(Query::Text("fox den"), text);
  EXPECT_NE(snippet.find("[fox] found its [den]"), std::string::npos) << snippet;
  EXPECT_TRUE(snippet.starts_with("…")) << snippet;
  EXPECT_TRUE(snippet.ends_with("…")) << snippet;
  EXPECT_LE(DisplayWidth(snippet), 40u + 4u) << snippet;
}

TEST_F(SnippetTest, SurvivesAnyText) {
  EXPECT_EQ(Snippet(Query::Text("x"), ""), "");
  EXPECT_FALSE(Snippet(Query::Text("x"), std::string(100'000, 'x')).empty());
  EXPECT_FALSE(Snippet(Query::Text("x"), "\xff\xfe x \x01").empty());
  EXPECT_FALSE(Snippet(Query::All(), "some text").empty());
}

TEST(Snippet, TitleFields) {
  Schema schema;
  EXPECT_EQ(TitleField(schema), "");
  EXPECT_TRUE(schema.AddField("body", {.type = FieldType::kText, .stored = true}).ok());
  EXPECT_EQ(TitleField(schema), "body");
  EXPECT_TRUE(schema.AddField("name", {.type = FieldType::kText, .stored = true}).ok());
  EXPECT_EQ(TitleField(schema), "name");
}

}  // namespace
}  // namespace segue

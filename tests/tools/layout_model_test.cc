// SPDX-License-Identifier: Apache-2.0
//
// Text on a terminal, for any text: what is cut, cleaned and marked is what was there, in its
// columns.
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

#include "engine/base/strings.h"
#include "engine/base/utf8.h"
#include "tests/support/seeded_random.h"
#include "tools/console.h"
#include "tools/snippet.h"
#include "tools/text_layout.h"

namespace segue {
namespace {

using Align = TextTable::Align;

std::string RandomText(SeededRandom* random, uint64_t most) {
  static const char* const kParts[] = {"a",  "fox",  " ",       "\n",   "\t",   "é",
                                       "青", "い",   "\x1b",    "[31m", "\xff", "\u202e",
                                       "…",  "\x7f", "e\u0301", "😀",    "den "};
  std::string text;
  for (uint64_t left = random->Below(most + 1); left > 0; --left) {
    text += kParts[random->Below(std::size(kParts))];
  }
  return text;
}

TEST(LayoutModel, FitIsTheLongestFrontThatFits) {
  SeededRandom random(901);
  for (int round = 0; round < 3000; ++round) {
    const std::string text = Clean(RandomText(&random, 20));
    const size_t columns = random.Below(25);
    const std::string fitted = Fit(text, columns);
    ASSERT_LE(DisplayWidth(fitted), columns) << text;
    if (DisplayWidth(text) <= columns) {
      ASSERT_EQ(fitted, text);
      continue;
    }
    if (columns == 0) continue;
    constexpr std::string_view kEllipsis = "…";
    ASSERT_TRUE(fitted.ends_with(kEllipsis)) << fitted;
    const std::string front = fitted.substr(0, fitted.size() - kEllipsis.size());
    ASSERT_TRUE(text.starts_with(front)) << text << "\n" << fitted;
    ASSERT_TRUE(IsValidUtf8(fitted)) << "no character is cut";
    // One more character would be too much.
    size_t next = front.size() + 1;
    while (next < text.size() && (static_cast<uint8_t>(text[next]) & 0xc0) == 0x80) ++next;
    EXPECT_GT(DisplayWidth(text.substr(0, next)) + 1, columns) << text << "\n" << fitted;
  }
}

TEST(LayoutModel, CleanTextIsOneLineWithoutControls) {
  SeededRandom random(902);
  for (int round = 0; round < 2000; ++round) {
    const std::string text = RandomText(&random, 20), clean = Clean(text);
    ASSERT_TRUE(IsValidUtf8(clean));
    ASSERT_EQ(Clean(clean), clean) << "once is enough";
    for (size_t i = 0; i < clean.size(); ++i) {
      const auto byte = static_cast<uint8_t>(clean[i]);
      ASSERT_TRUE(byte >= 0x20 && byte != 0x7f) << Quoted(clean);
      ASSERT_FALSE(clean.compare(i, 2, "  ") == 0) << Quoted(clean);
    }
    EXPECT_FALSE(clean.starts_with(' ') || clean.ends_with(' ')) << Quoted(clean);
    // All letters that were there, in their order.
    const auto letters = [](const std::string& from) {
      std::string only;
      std::copy_if(from.begin(), from.end(), std::back_inserter(only),
                   [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); });
      return only;
    };
    EXPECT_EQ(letters(clean), letters(text));
  }
}

TEST(LayoutModel, TablesHaveARowALineAndTheirColumnsBelowEachOther) {
  SeededRandom random(903);
  for (int round = 0; round < 300; ++round) {
    std::vector<Align> aligns;
    for (uint64_t left = random.Between(1, 5); left > 0; --left) {
      aligns.push_back(random.OneIn(2) ? Align::kLeft : Align::kRight);
    }
    TextTable table(aligns);
    const size_t rows = random.Between(1, 6);
    for (size_t row = 0; row < rows; ++row) {
      std::vector<std::string> cells;
      for (size_t i = 0; i < aligns.size(); ++i) cells.push_back(RandomText(&random, 12));
      table.AddRow(cells);
    }
    // No column need be narrower than four.
    const size_t least = aligns.size() * 4 + 2 * (aligns.size() - 1);
    for (const size_t width : {least, size_t{40}, size_t{80}, size_t{1000}}) {
      const std::string text = table.ToText(width);
      ASSERT_EQ(static_cast<size_t>(std::count(text.begin(), text.end(), '\n')), rows);
      std::istringstream lines(text);
      for (std::string line; std::getline(lines, line);) {
        EXPECT_LE(DisplayWidth(line), std::max(width, least)) << line;
        EXPECT_FALSE(line.ends_with(' ')) << "nothing stands behind the last cell";
      }
    }
  }
}

TEST(LayoutModel, TablesByHand) {
  TextTable table({Align::kRight, Align::kLeft, Align::kRight});
  table.AddRow({"#", "name", "n"});
  table.AddRow({"1", "青い", "7"});
  table.AddRow({"12", "", "12345"});
  EXPECT_EQ(table.ToText(80),
            " #  name      n\n"
            " 1  青い      7\n"
            "12        12345\n");
  EXPECT_EQ(TextTable({}).ToText(80), "");
}

// --- Marked text ---

class MarkedTextTest : public testing::Test {
 protected:
  MarkedTextTest() {
    EXPECT_TRUE(schema_.AddField("title", {.stored = true}).ok());
    EXPECT_TRUE(schema_.AddField("text", {.analyzer = "english", .stored = true}).ok());
    EXPECT_TRUE(schema_.AddField("all", {.from = {"title", "text"}}).ok());
    EXPECT_TRUE(schema_.AddField("tag", {.type = FieldType::kKeyword, .stored = true}).ok());
  }

  std::string Marked(const Query& query, std::string_view field, std::string_view value) {
    return SnippetMaker(schema_, query).Highlight(field, value, kMarks);
  }

  static constexpr Style kMarks = {"", "", "\x02", "", "\x03"};
  Schema schema_;
};

std::string WithBrackets(std::string text) {
  std::replace(text.begin(), text.end(), '\x02', '[');
  std::replace(text.begin(), text.end(), '\x03', ']');
  return text;
}

TEST_F(MarkedTextTest, EachKindOfQueryMarksItsWords) {
  const struct {
    Query query;
    const char* field;
    const char* marked;
  } cases[] = {
      {Query::Match("text", "foxes"), "text", "The [Fox] and the foxy [foxes]"},
      {Query::Match("title", "foxes"), "title", "The Fox and the foxy [foxes]"},
      {Query::Match("title", "foxes"), "text", "The Fox and the foxy foxes"},
      {Query::Text("fox"), "title", "The [Fox] and the foxy foxes"},
      {Query::Term("title", "fox"), "title", "The [Fox] and the foxy foxes"},
      {Query::Term("title", "Fox"), "title", "The Fox and the foxy foxes"},  // no term of it
      {Query::Phrase("title", {"fox", "and"}), "title", "The [Fox] [and] the foxy foxes"},
      {Query::MatchPhrase("title", "the fox"), "title", "[The] [Fox] and [the] foxy foxes"},
      {Query::Combined({{"title", 2}}, "foxy"), "title", "The Fox and the [foxy] foxes"},
      {Query::CombinedTerms({{"title", "and"}}), "title", "The Fox [and] the foxy foxes"},
      {Query::Boost(Query::Match("title", "and"), 2), "title", "The Fox [and] the foxy foxes"},
      {Query::ConstantScore(Query::Match("title", "and"), 2), "title",
       "The Fox [and] the foxy foxes"},
      {Query::DisjunctionMax({Query::Match("title", "and"), Query::Match("title", "fox")}), "title",
       "The [Fox] [and] the foxy foxes"},
      {Query::FunctionScore(Query::Match("title", "and"), {.field = "n"}), "title",
       "The Fox [and] the foxy foxes"},
      // What prohibits or demotes is not what was found.
      {Query::Demote(Query::Match("title", "and"), Query::Match("title", "fox"), 0.5f), "title",
       "The Fox [and] the foxy foxes"},
      {Query::Boolean({{Occur::kMust, Query::Match("title", "and")},
                       {Occur::kMustNot, Query::Match("title", "fox")}}),
       "title", "The Fox [and] the foxy foxes"},
      // A field that is filled from others shows its matches in those.
      {Query::Match("all", "foxy"), "title", "The Fox and the [foxy] foxes"},
      {Query::All(), "title", "The Fox and the foxy foxes"},
      {Query::Match("unknown", "fox"), "title", "The Fox and the foxy foxes"},
      {Query::Equals("tag", "fox"), "title", "The Fox and the foxy foxes"},
  };
  for (const auto& [query, field, marked] : cases) {
    EXPECT_EQ(WithBrackets(Marked(query, field, "The Fox and the foxy foxes")), marked)
        << query.ToString();
  }
}

// Terms that an index knows of a pattern.
TEST_F(MarkedTextTest, TermsFromTheCollectionAreMarked) {
  Statistics statistics;
  statistics.AddTerm("title", "foxy", 1);
  statistics.AddTerm("nowhere", "fox", 1);
  SnippetMaker maker(schema_, Query::Prefix("title", "fo"));
  maker.AddTerms(statistics);
  EXPECT_EQ(WithBrackets(maker.Highlight("title", "a foxy fox", kMarks)), "a [foxy] fox");
}

TEST_F(MarkedTextTest, MarksAreAllThatIsAdded) {
  SeededRandom random(904);
  const Query query = Query::Text("fox den a");
  for (int round = 0; round < 1000; ++round) {
    const std::string text = RandomText(&random, 25);
    for (const char* field : {"title", "text"}) {
      std::string marked = Marked(query, field, text);
      // Each mark is closed before the next one opens.
      int open = 0;
      for (const char c : marked) {
        open += c == '\x02' ? 1 : c == '\x03' ? -1 : 0;
        ASSERT_TRUE(open == 0 || open == 1) << Quoted(marked, 1000);
      }
      ASSERT_EQ(open, 0);
      std::erase_if(marked, [](char c) { return c == '\x02' || c == '\x03'; });
      EXPECT_EQ(Clean(marked), Clean(text)) << Quoted(text, 1000);
      EXPECT_TRUE(IsValidUtf8(marked));
    }
  }
}

TEST_F(MarkedTextTest, SnippetsKeepToTheirColumns) {
  SeededRandom random(905);
  SnippetMaker maker(schema_, Query::Text("fox den"));
  const Style plain = {};
  for (int round = 0; round < 600; ++round) {
    Document document;
    const std::string text = RandomText(&random, random.OneIn(4) ? 200 : 30);
    document.Add("title", RandomText(&random, 5)).Add("text", text).Add("tag", "fox");
    const size_t columns = random.Between(20, 90);
    const std::string snippet = maker.Snippet(document, "title", columns, plain);
    EXPECT_LE(DisplayWidth(snippet), columns + 1) << Quoted(snippet, 1000);
    EXPECT_TRUE(IsValidUtf8(snippet));
    EXPECT_EQ(snippet.find_first_of("\n\t\x1b"), std::string::npos) << Quoted(snippet, 1000);
  }
  EXPECT_EQ(maker.Snippet(Document(), "title", 40, plain), "");
  // The title is shown anyway.
  EXPECT_EQ(maker.Snippet(Document().Add("title", "the fox"), "title", 40, plain), "");
  // Of several texts one with a match, of those the longest.
  EXPECT_EQ(maker.Snippet(Document().Add("text", "some longer text").Add("title", "a fox"), "", 40,
                          plain),
            "a fox");
}

}  // namespace
}  // namespace segue

// SPDX-License-Identifier: Apache-2.0
#include "corpus/game_query.h"

#include <gtest/gtest.h>

#include "corpus/game_given.h"
#include "tests/corpus/game_testing.h"

namespace segue {
namespace {

using Strings = std::vector<std::string>;

std::string ClassOfText(std::string_view text) {
  const absl::StatusOr<std::vector<GameClause>> clauses = ParseGameQuery(text);
  return clauses.ok() ? std::string(ClassOf(*clauses)) : std::string(MessageOf(clauses.status()));
}

std::string Rewritten(std::string_view text) {
  GameQuery query;
  query.clauses = *ParseGameQuery(text);
  return QueryText(query);
}

TEST(GameQuery, ParsesAndPrints) {
  for (const char* text :
       {"the", "+a +b", "a b c", "\"a b\"", "+a b -c", "+\"the who\" +uk", "-\"a b\" +c"}) {
    EXPECT_EQ(Rewritten(text), text);
  }
  EXPECT_EQ(Rewritten("  +New   +\"York  CITY\"\t-1st "), "+new +\"york city\" -1st");
  EXPECT_EQ(Rewritten("+\"who\" Dvořák"), "+who dvorak");
  EXPECT_EQ(Rewritten("\"a b\"c"), "\"a b\" c");
}

TEST(GameQuery, WhatIsNoQuery) {
  const auto message = [](std::string_view text) {
    return std::string(MessageOf(ParseGameQuery(text).status()));
  };
  EXPECT_EQ(message(" "), "an empty query");
  EXPECT_EQ(message("a \"b c"), "a quote is never closed");
  EXPECT_EQ(message("\" \""), "an empty phrase");
  EXPECT_NE(message("e-mail").find("does not stay one word"), std::string::npos);
  EXPECT_NE(message("+ a").find("does not stay one word"), std::string::npos);
  EXPECT_NE(message("title:a").find("title:a"), std::string::npos);
  EXPECT_NE(message("\"a don't\"").find("don't"), std::string::npos);
  EXPECT_NE(message("\xff").find("\\xff"), std::string::npos);
  EXPECT_NE(message("--a").find("ok"), 0u);
}

TEST(GameQuery, ClassesByForm) {
  EXPECT_EQ(ClassOfText("the"), "term");
  EXPECT_EQ(ClassOfText("+the"), "term");
  EXPECT_EQ(ClassOfText("+a +b"), "and2");
  EXPECT_EQ(ClassOfText("+a +b +c"), "and3");
  EXPECT_EQ(ClassOfText("+a +b +c +d"), "and_more");
  EXPECT_EQ(ClassOfText("a b"), "or2");
  EXPECT_EQ(ClassOfText("a b c"), "or3");
  EXPECT_EQ(ClassOfText("a b c d e f g h i"), "or_more");
  EXPECT_EQ(ClassOfText("a b c d e f g h i j"), "long_or");
  EXPECT_EQ(ClassOfText("\"a b\""), "phrase");
  EXPECT_EQ(ClassOfText("+\"a b\""), "phrase");
  EXPECT_EQ(ClassOfText("a +b c"), "must_should");
  EXPECT_EQ(ClassOfText("+a -b"), "negated");
  EXPECT_EQ(ClassOfText("a -\"b c\""), "negated");
  EXPECT_EQ(ClassOfText("+\"the who\" +uk"), "two_phase");
  EXPECT_EQ(ClassOfText("+\"the who\" uk"), "two_phase");
  EXPECT_EQ(ClassOfText("-a"), "");
  EXPECT_EQ(ClassOfText("\"a b\" c"), "");
}

TEST(GameQuery, Lines) {
  GameQuery query;
  query.clauses = *ParseGameQuery("+new +\"york city\"");
  query.tags = {"two_phase", "x"};
  EXPECT_EQ(QueryLine(query), R"({"query":"+new +\"york city\"","tags":["two_phase","x"]})");
  query.filter = "rare";
  EXPECT_EQ(QueryLine(query),
            R"({"query":"+new +\"york city\"","tags":["two_phase","x"],"filter":"rare"})");
}

TEST(GivenQueries, AreNormalisedClassedAndCounted) {
  const TempFolder folder;
  const std::string file = folder.Write(
      "q.jsonl", R"({"query":"the","tags":["term"]})"
                 "\n"
                 R"({"query":"+Griffith +Observatory","tags":["intersection","global"]})"
                 "\n"
                 R"({"query":"e-mail server","tags":["union"]})"
                 "\n"
                 R"({"query":"a b"})"
                 "\nno JSON\n"
                 R"({"query":"+a +b","tags":["x"],"filter":"half"})"
                 "\n"
                 R"({"query":"a","filter":"some"})"
                 "\n"
                 R"({"tags":["union"]})"
                 "\n");
  Strings dropped, lines;
  const absl::StatusOr<GivenQueries> given =
      ReadGivenQueries({file}, [&dropped, &file](const absl::Status& why) {
        dropped.emplace_back(MessageOf(why).substr(file.size(), 3));
      });
  ASSERT_TRUE(given.ok()) << given.status();
  for (const GameQuery& query : given->queries) lines.push_back(QueryLine(query));
  EXPECT_EQ(
      lines,
      (Strings{R"({"query":"the","tags":["term"]})",
               R"({"query":"+griffith +observatory","tags":["and2","intersection","global"]})",
               R"({"query":"a b","tags":["or2"]})",
               R"({"query":"+a +b","tags":["filtered_half","and2","x"],"filter":"half"})"}));
  EXPECT_EQ(given->dropped, 4u);
  EXPECT_EQ(dropped, (Strings{":3:", ":5:", ":7:", ":8:"}));
  EXPECT_FALSE(ReadGivenQueries({folder.File("none")}, [](const absl::Status&) {}).ok());
}

}  // namespace
}  // namespace segue

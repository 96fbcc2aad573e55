// SPDX-License-Identifier: Apache-2.0
//
// Runs every example of docs/query-language.md.
#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "segue/query.h"
#include "segue/query_parser.h"

namespace segue {
namespace {

struct Block {
  std::string language;
  std::vector<std::string> lines;
};

std::vector<Block> ReadBlocks() {
  std::ifstream in(SEGUE_SOURCE_DIR "/docs/query-language.md");
  EXPECT_TRUE(in) << "docs/query-language.md is missing";
  std::vector<Block> blocks;
  bool is_inside = false;
  std::string line;
  while (std::getline(in, line)) {
    if (line.substr(0, 3) == "```") {
      is_inside = !is_inside;
      if (is_inside) blocks.push_back({line.substr(3), {}});
    } else if (is_inside) {
      blocks.back().lines.push_back(line);
    }
  }
  return blocks;
}

void CheckExample(const std::string& line, const std::vector<std::string>& wanted_messages) {
  constexpr std::string_view kArrow = "→ ";
  size_t arrow = line.find(kArrow);
  ASSERT_NE(arrow, std::string::npos) << line;
  std::string text = line.substr(0, line.find_last_not_of(' ', arrow - 1) + 1);
  ParsedQuery parsed = ParseQuery(text);
  EXPECT_EQ(parsed.query.ToString(), line.substr(arrow + kArrow.size())) << text;
  ASSERT_EQ(parsed.diagnostics.size(), wanted_messages.size()) << text;
  for (size_t i = 0; i < wanted_messages.size(); ++i) {
    EXPECT_NE(parsed.diagnostics[i].message.find(wanted_messages[i]), std::string::npos)
        << text << ": " << parsed.diagnostics[i].message;
  }
}

TEST(QueryLanguageDocTest, QueriesReadAsWritten) {
  int examples = 0;
  for (const Block& block : ReadBlocks()) {
    if (block.language != "query") continue;
    for (size_t i = 0; i < block.lines.size(); ++examples) {
      const std::string& example = block.lines[i++];
      std::vector<std::string> messages;
      while (i < block.lines.size() && block.lines[i][0] == '!') {
        messages.push_back(block.lines[i++].substr(2));
      }
      CheckExample(example, messages);
    }
  }
  EXPECT_GT(examples, 40);
}

TEST(QueryLanguageDocTest, JsonIsCanonical) {
  int examples = 0;
  for (const Block& block : ReadBlocks()) {
    if (block.language != "json") continue;
    for (const std::string& line : block.lines) {
      absl::StatusOr<Query> query = Query::FromJson(line);
      ASSERT_TRUE(query.ok()) << line << ": " << query.status();
      EXPECT_EQ(query->ToJson(), line);
      ++examples;
    }
  }
  EXPECT_GE(examples, 11);
}

// The C++ example, word for word.
TEST(QueryLanguageDocTest, CodeCompilesAndMeansWhatItSays) {
  const char* const kLines[] = {
      "Query query = Query::Boolean({",
      "    {Occur::kMust, Query::Match(\"title\", \"kind of blue\")},",
      "    {Occur::kFilter, Query::Equals(\"year\", 1959)},",
      "    {Occur::kMustNot, Query::Term(\"format\", \"cassette\")},",
      "});",
  };
  for (const Block& block : ReadBlocks()) {
    if (block.language != "cpp") continue;
    EXPECT_EQ(block.lines, std::vector<std::string>(std::begin(kLines), std::end(kLines)));
  }
  Query query = Query::Boolean({
      {Occur::kMust, Query::Match("title", "kind of blue")},
      {Occur::kFilter, Query::Equals("year", 1959)},
      {Occur::kMustNot, Query::Term("format", "cassette")},
  });
  EXPECT_EQ(query.ToString(), "+title:text(\"kind of blue\") #year:=1959 -format:cassette");
}

}  // namespace
}  // namespace segue

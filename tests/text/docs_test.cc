// SPDX-License-Identifier: Apache-2.0
//
// Runs the examples of docs/analysis.md: the code blocks marked `analysis`. The first line of a
// block is an analyzer's name or definition, each other line a value (a JSON string), "->" and its
// tokens:
//   [term]          a token
//   [term]NUM@3-7   its type and the bytes of the value it came from, where these matter
//   _               a position that was left out
//   +[term]         a token on the position of the one before
#include <fstream>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/json.h"
#include "engine/base/strings.h"
#include "tests/text/text_test_util.h"

namespace segue {
namespace {

struct Example {
  std::string analyzer, line;
  int line_number = 0;
};

std::vector<Example> ReadExamples() {
  std::vector<Example> examples;
  std::ifstream in(SEGUE_SOURCE_DIR "/docs/analysis.md");
  EXPECT_TRUE(in) << "docs/analysis.md is missing";
  bool inside = false;
  std::string analyzer;
  int number = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    if (!inside) {
      inside = line == "```analysis";
      analyzer.clear();
    } else if (line == "```") {
      inside = false;
    } else if (analyzer.empty()) {
      analyzer = line;
    } else {
      examples.push_back({analyzer, line, number});
    }
  }
  return examples;
}

// The tokens in the notation of the examples; `like` says, token by token, how much of each is
// told.
std::string Render(const std::vector<AnalyzedToken>& tokens, std::string_view like) {
  std::string out;
  uint32_t next_position = 0;
  for (const AnalyzedToken& token : tokens) {
    const bool is_on_top = token.position < next_position;
    for (; next_position < token.position; ++next_position) out += " _";
    next_position = token.position + 1;
    const std::string term = Cat("[", token.term, "]");
    const std::string with_type = term + std::string(TokenTypeName(token.type));
    const std::string span = Cat("@", token.start_byte, "-", token.end_byte);
    out += is_on_top ? " +" : " ";
    if (like.find(with_type + span) != like.npos) {
      out += with_type + span;
    } else if (like.find(term + span) != like.npos) {
      out += term + span;
    } else if (like.find(with_type) != like.npos) {
      out += with_type;
    } else {
      out += term;
    }
  }
  return out;
}

TEST(DocsTest, ExamplesOfAnalysis) {
  const std::vector<Example> examples = ReadExamples();
  EXPECT_GT(examples.size(), 20u);
  for (const Example& example : examples) {
    const size_t arrow = example.line.find(" ->");
    ASSERT_NE(arrow, std::string::npos) << "line " << example.line_number;
    const auto value = ParseJson(std::string_view(example.line).substr(0, arrow));
    ASSERT_TRUE(value.ok() && value->is_string()) << "line " << example.line_number;
    const std::string_view expected = std::string_view(example.line).substr(arrow + 3);
    EXPECT_EQ(Render(Analyze(example.analyzer, value->string_value()), expected), expected)
        << "line " << example.line_number;
  }
}

// Each part that is registered has its place in the page.
TEST(DocsTest, EveryPartIsDescribed) {
  std::ifstream in(SEGUE_SOURCE_DIR "/docs/analysis.md");
  std::set<std::string> described;
  for (std::string line; std::getline(in, line);) {
    if (!line.starts_with("### `")) continue;
    // One or several names, each in backticks.
    for (size_t at = line.find('`'); at != line.npos; at = line.find('`', at)) {
      const size_t end = line.find('`', at + 1);
      described.insert(line.substr(at + 1, end - at - 1));
      at = end + 1;
    }
  }
  const AnalyzerRegistry& registry = AnalyzerRegistry::BuiltIn();
  for (const auto& names : {registry.AnalyzerNames(), registry.CharFilterNames(),
                            registry.TokenizerNames(), registry.TokenFilterNames()}) {
    for (const std::string& name : names) EXPECT_TRUE(described.contains(name)) << name;
  }
}

}  // namespace
}  // namespace segue

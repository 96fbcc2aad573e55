// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <vector>

#include "engine/base/limits.h"
#include "engine/base/strings.h"
#include "segue/status.h"
#include "tests/support/seeded_random.h"
#include "tests/text/text_test_util.h"

namespace segue {
namespace {

std::string Pattern(std::string_view options) {
  return Cat(R"({"tokenizer":{"type":"pattern",)", options, "}}");
}

// term:start-end, or ? for a token that is not one behind the one before.
std::string Described(std::string_view options, std::string_view text) {
  std::string out;
  uint32_t next = 0;
  for (const AnalyzedToken& token : Analyze(Pattern(options), text)) {
    CatTo(&out, out.empty() ? "" : " ", token.term, token.position == next++ ? ":" : "?",
          token.start_byte, "-", token.end_byte);
  }
  return out;
}

TEST(PatternTokenizerTest, SplitsUnlessToldOtherwise) {
  EXPECT_EQ(Terms(R"({"tokenizer":"pattern"})", "a-b, c_d  é2!"), (Strings{"a", "b", "c_d", "2"}));
  EXPECT_EQ(Described(R"("pattern":"[,;] *")", "x, y;;z u,"), "x:0-1 y:3-4 z u:6-9");
  EXPECT_EQ(Described(R"("pattern":"x")", "xx"), "");
  EXPECT_EQ(Described(R"("pattern":"x")", ""), "");
  EXPECT_EQ(Described(R"("pattern":"x")", "é日"), "é日:0-5");
}

TEST(PatternTokenizerTest, OrGivesWhatMatches) {
  EXPECT_EQ(Described(R"("pattern":"[A-Z]{2}-\\d+","split":false)", "see AB-12, xCD-3AB-4."),
            "AB-12:4-9 CD-3:12-16 AB-4:16-20");
  EXPECT_EQ(Described(R"("pattern":"é|éa+","split":false)", "éaaé"), "éaa:0-4 é:4-6");
}

TEST(PatternTokenizerTest, WhatIsMalformedIsInNoToken) {
  const std::string text =
      "a\xff"
      "b\xef\xbf\xbd,c\xe6\x97";
  EXPECT_EQ(Described(R"("pattern":",")", text), "a:0-1 b:2-3 c:7-8");
  EXPECT_EQ(Described(R"("pattern":".+","split":false)", text), "a:0-1 b:2-3 ,c:6-8");
}

TEST(PatternTokenizerTest, LongTokensAreCut) {
  EXPECT_EQ(Described(R"("pattern":" ","max_token_length":3)", "abcdefg hi 😀😀"),
            "abc:0-3 def:3-6 g:6-7 hi:8-10 😀:11-15 😀:15-19");
  EXPECT_EQ(Described(R"("pattern":"[a-z]+","split":false,"max_token_length":2)", "abc-d"),
            "ab:0-2 c:2-3 d:4-5");
}

// Offsets are those of the value in front of char filters, too.
TEST(PatternTokenizerTest, BehindACharFilter) {
  const auto tokens = Analyze(
      R"({"char_filters":[{"type":"mapping","mappings":["ß => ss"]}],
          "tokenizer":{"type":"pattern","pattern":"\\W+"}})",
      "Maß, x");
  ASSERT_EQ(tokens.size(), 2u);
  EXPECT_EQ(tokens[0].term, "Mass");
  EXPECT_EQ(tokens[0].end_byte, 4u);
  EXPECT_EQ(tokens[1].start_byte, 6u);
}

// Longer than a chunk of the finder and than a batch of tokens.
TEST(PatternTokenizerTest, LongTexts) {
  SeededRandom random(43);
  std::string text;
  Strings words;
  while (text.size() < 100'000) {
    std::string& word = words.emplace_back();
    for (uint64_t left = random.OneIn(100) ? random.Between(1000, 5000) : random.Between(1, 9);
         left > 0; --left) {
      word += random.OneIn(20) ? "é" : "w";
    }
    text += word;
    for (uint64_t left = random.OneIn(100) ? 3000 : 1; left > 0; --left) {
      text += random.OneIn(2) ? " " : "日";
    }
  }
  EXPECT_EQ(Terms(Pattern(R"("pattern":"[ 日]+","max_token_length":6000)"), text), words);
  EXPECT_EQ(Terms(Pattern(R"("pattern":"[wé]+","split":false,"max_token_length":6000)"), text),
            words);
}

TEST(PatternTokenizerTest, WhatIsNoPatternIsSaid) {
  const std::pair<std::string, std::string> wrong[] = {
      {R"("pattern":"a(")", "no ')' closes this"},
      {R"("pattern":"")", "matches no character"},
      {R"("pattern":"^a")", "pieces of a text are found, '^' means nothing here"},
      {R"("pattern":"a$")", "pieces of a text are found, '$' means nothing here"},
      {R"("pattern":"a{257}")", "at most 256 are allowed"},
      {Cat(R"("pattern":")", std::string(kMaxPatternBytes + 1, 'a'), "\""),
       "has 1001 bytes; at most 1000 are allowed"},
  };
  for (const auto& [options, message] : wrong) {
    const absl::Status status = AnalyzerRegistry::BuiltIn().Make(Pattern(options)).status();
    EXPECT_FALSE(status.ok()) << options;
    EXPECT_NE(status.message().find(message), std::string::npos) << status;
    EXPECT_NE(status.message().find("pattern"), std::string::npos) << status;
  }
}

}  // namespace
}  // namespace segue

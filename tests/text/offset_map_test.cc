// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <vector>

#include "tests/text/text_test_util.h"

namespace segue {
namespace {

TEST(OffsetMapTest, Identity) {
  OffsetMap map;
  EXPECT_TRUE(map.identity());
  EXPECT_EQ(map.StartBefore(7), 7u);
  EXPECT_EQ(map.EndBefore(7), 7u);
}

TEST(OffsetMapTest, ReplacementsDeletionsInsertions) {
  OffsetMap map;
  map.Add(2, 5, 2, 3);    // "abXYZcd" -> "abxcd…"
  map.Add(7, 9, 5, 5);    // two bytes deleted
  map.Add(10, 11, 6, 9);  // one byte becomes three
  const std::vector<std::pair<uint32_t, uint32_t>> starts = {
      {0, 0}, {1, 1}, {2, 2}, {3, 5}, {4, 6}, {5, 9}, {6, 10}, {7, 10}, {8, 10}, {9, 11}, {10, 12}};
  for (const auto& [out, in] : starts) EXPECT_EQ(map.StartBefore(out), in) << out;
  const std::vector<std::pair<uint32_t, uint32_t>> ends = {
      {0, 0}, {2, 2}, {3, 5}, {4, 6}, {5, 7}, {6, 10}, {7, 11}, {8, 11}, {9, 11}, {10, 12}};
  for (const auto& [out, in] : ends) EXPECT_EQ(map.EndBefore(out), in) << out;
}

TEST(MappingTest, LongestKeyWins) {
  EXPECT_EQ(Terms(R"({"char_filters":[{"type":"mapping",
                      "mappings":["a => x","abc => y","ab => z","ß=>ss"," - =>"]}],
                      "tokenizer":"keyword"})",
                  "abcabaß a-b"),
            (std::vector<std::string>{"yzxss xb"}));
}

TEST(MappingTest, OffsetsPointIntoTheOriginal) {
  const std::string definition = R"({"char_filters":[
      {"type":"mapping","mappings":["& => \\u0020and\\u0020","\\u00ad =>","ﬁ => fi"]}],
      "tokenizer":"standard"})";
  const std::string text = "R&D ﬁne co\u00adop";
  std::vector<std::string> pieces;
  for (const AnalyzedToken& token : Analyze(definition, text)) {
    pieces.push_back(token.term + "=" +
                     text.substr(token.start_byte, token.end_byte - token.start_byte));
  }
  EXPECT_EQ(pieces,
            (std::vector<std::string>{"R=R", "and=&", "D=D", "fine=ﬁne", "coop=co\u00adop"}));
}

TEST(MappingTest, ChainedFiltersMapBackThroughAll) {
  const std::string definition = R"({"char_filters":[
      {"type":"mapping","mappings":["one => 1"]},{"type":"mapping","mappings":["1 => uno"]}],
      "tokenizer":"standard"})";
  const auto tokens = Analyze(definition, "a one b");
  ASSERT_EQ(tokens.size(), 3u);
  EXPECT_EQ(tokens[1].term, "uno");
  EXPECT_EQ(tokens[1].start_byte, 2u);
  EXPECT_EQ(tokens[1].end_byte, 5u);
  EXPECT_EQ(tokens[2].start_byte, 6u);
}

TEST(MappingTest, OffsetsAreAlwaysWithinTheValue) {
  SeededRandom random(3);
  const auto analyzer = MakeAnalyzer(R"({"char_filters":[{"type":"mapping","mappings":
      ["a =>","b => bbb","word => w","é => e",". => \\u0020",", => x"]}],
      "tokenizer":"standard","filters":["lowercase"]})");
  for (int round = 0; round < 300; ++round) {
    const std::string text = RandomText(&random, random.Between(1, 300), 7);
    const auto tokens = analyzer->Analyze(text);
    ASSERT_TRUE(tokens.ok());
    uint32_t last_start = 0;
    for (const AnalyzedToken& token : *tokens) {
      ASSERT_LE(token.start_byte, token.end_byte);
      ASSERT_LE(token.end_byte, text.size());
      ASSERT_LE(last_start, token.start_byte);
      last_start = token.start_byte;
    }
  }
}

}  // namespace
}  // namespace segue

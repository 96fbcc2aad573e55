// SPDX-License-Identifier: Apache-2.0
#include "engine/query/phrase_readings.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "tests/support/seeded_random.h"

namespace segue {
namespace {

// "a b_ c": words with a blank between, an underscore for each position left out before the word.
std::string Text(const std::vector<PhraseTerm>& reading) {
  std::string text;
  uint32_t next = 0;
  for (const PhraseTerm& term : reading) {
    if (!text.empty()) text += ' ';
    for (; next < term.position; ++next) text += "_ ";
    text += term.term;
    next = term.position + 1;
  }
  return text;
}

std::vector<std::string> Readings(const std::vector<PlacedWord>& words, size_t most = 16,
                                  bool expect_more = false) {
  bool more = false;
  std::vector<std::string> texts;
  for (const auto& reading : ReadingsOf(words, most, &more)) texts.push_back(Text(reading));
  EXPECT_EQ(more, expect_more);
  return texts;
}

using Strings = std::vector<std::string>;

TEST(PhraseReadingsTest, WordsInARow) {
  EXPECT_EQ(Readings({{"a", 3}, {"b", 4}, {"c", 6}}), (Strings{"a b _ c"}));
  EXPECT_EQ(Readings({{"a", 0}}), (Strings{"a"}));
  EXPECT_EQ(Readings({}), Strings());
}

TEST(PhraseReadingsTest, AlternativesAtAPosition) {
  EXPECT_EQ(Readings({{"a", 0}, {"b", 0}, {"c", 1}, {"d", 1}}),
            (Strings{"a c", "a d", "b c", "b d"}));
  EXPECT_EQ(Readings({{"a", 0}, {"a", 0}}), (Strings{"a"}));
}

TEST(PhraseReadingsTest, ManyWordsForOne) {
  // dns (domain name service) server
  EXPECT_EQ(Readings({{"dns", 0, 3}, {"domain", 0}, {"name", 1}, {"service", 2}, {"server", 3}}),
            (Strings{"dns server", "domain name service server"}));
  // Two side paths.
  EXPECT_EQ(Readings({{"x", 0, 3}, {"a", 0, 1}, {"c", 0, 2}, {"b", 1, 2}, {"d", 2, 1}, {"z", 3}}),
            (Strings{"x z", "a b z", "c d z"}));
  // A gap behind the graph stays as wide as it is.
  EXPECT_EQ(Readings({{"x", 0, 2}, {"a", 0}, {"b", 1}, {"z", 4}}),
            (Strings{"x _ _ z", "a b _ _ z"}));
}

TEST(PhraseReadingsTest, ShinglesAndPairsAddNothing) {
  EXPECT_EQ(Readings({{"a", 0, 1, TokenType::kIdeographic},
                      {"ab", 0, 2, TokenType::kIdeographic},
                      {"b", 1, 1, TokenType::kIdeographic}}),
            (Strings{"a b"}));
  // But where their parts are not there.
  EXPECT_EQ(Readings({{"a b", 0, 2, TokenType::kShingle}, {"c", 2}}), (Strings{"a b c"}));
}

TEST(PhraseReadingsTest, TooManyAreCut) {
  std::vector<PlacedWord> words;
  for (uint32_t i = 0; i < 4000; ++i) {
    words.push_back({"a", i});
    words.push_back({"b", i});
  }
  bool more = false;
  const auto readings = ReadingsOf(words, 16, &more);
  EXPECT_TRUE(more);
  ASSERT_EQ(readings.size(), 16u);
  ASSERT_EQ(readings[0].size(), 4000u);
  for (const PhraseTerm& term : readings[0]) EXPECT_EQ(term.term, "a");
}

// All paths by trying every subset of the words.
std::set<std::string> ByBruteForce(const std::vector<PlacedWord>& words) {
  std::set<std::string> texts;
  const auto first_from = [&](uint64_t node) -> uint64_t {
    for (const PlacedWord& word : words) {
      if (word.position >= node) return word.position;
    }
    return UINT64_MAX;
  };
  for (uint32_t subset = 1; subset < uint32_t{1} << words.size(); ++subset) {
    std::vector<PhraseTerm> reading;
    uint64_t node = 0;
    uint32_t slot = 0;
    bool is_path = true;
    for (size_t i = 0; i < words.size() && is_path; ++i) {
      if ((subset >> i & 1) == 0) continue;
      is_path = words[i].position == first_from(node);
      if (!reading.empty()) slot += 1 + static_cast<uint32_t>(words[i].position - node);
      reading.push_back({words[i].term, slot});
      node = uint64_t{words[i].position} + words[i].position_length;
    }
    if (is_path && first_from(node) == UINT64_MAX) texts.insert(Text(reading));
  }
  return texts;
}

TEST(PhraseReadingsTest, AreAllPathsOfRandomGraphs) {
  SeededRandom random(41);
  for (int round = 0; round < 500; ++round) {
    std::vector<PlacedWord> words;
    uint32_t position = 0;
    for (uint64_t n = random.Between(1, 8); n > 0; --n) {
      if (!words.empty()) position += static_cast<uint32_t>(random.Below(3));
      words.push_back({std::string(1, static_cast<char>('a' + words.size())), position,
                       static_cast<uint32_t>(random.Between(1, 3))});
    }
    bool more = false;
    std::set<std::string> texts;
    for (const auto& reading : ReadingsOf(words, 1000, &more)) texts.insert(Text(reading));
    EXPECT_EQ(texts, ByBruteForce(words));
    EXPECT_FALSE(more);
  }
}

}  // namespace
}  // namespace segue

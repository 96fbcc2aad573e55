// SPDX-License-Identifier: Apache-2.0
#include "engine/automata/fuzzy_matcher.h"

#include <string>
#include <vector>

#include "tests/automata/naive_matching.h"
#include "tests/automata/walk_test_util.h"

namespace segue {
namespace {

bool IsNear(std::string_view word, std::string_view term, uint32_t edits, size_t exact = 0) {
  FuzzyMatcher matcher(word, edits, exact);
  for (const char32_t character : NaiveCharacters(term)) {
    if (!matcher.Push(character)) return false;
  }
  return matcher.Accepts();
}

TEST(FuzzyMatcherTest, EditsByHand) {
  EXPECT_TRUE(IsNear("jazz", "jazz", 1));
  EXPECT_TRUE(IsNear("jazz", "jzz", 1));    // one left out
  EXPECT_TRUE(IsNear("jazz", "jazzy", 1));  // one more
  EXPECT_TRUE(IsNear("jazz", "fazz", 1));   // another
  EXPECT_TRUE(IsNear("jazz", "jzaz", 1));   // two swapped
  EXPECT_FALSE(IsNear("jazz", "fuzz", 1));
  EXPECT_TRUE(IsNear("jazz", "fuzz", 2));
  EXPECT_FALSE(IsNear("ca", "abc", 2));    // no part is edited twice
  EXPECT_TRUE(IsNear("café", "cafe", 1));  // characters, not bytes
  EXPECT_TRUE(IsNear("日本語", "日語", 1));
}

TEST(FuzzyMatcherTest, FewerEditsThanCharacters) {
  EXPECT_FALSE(IsNear("a", "b", 1));
  EXPECT_FALSE(IsNear("a", "abc", 2));
  EXPECT_FALSE(IsNear("a", "ab", 1));
  EXPECT_TRUE(IsNear("ab", "a", 0) == false && IsNear("ab", "ac", 1));
  EXPECT_FALSE(IsNear("ab", "cd", 2));
  EXPECT_TRUE(IsNear("", "", 2));
  EXPECT_FALSE(IsNear("", "a", 2));
}

TEST(FuzzyMatcherTest, TheExactPrefixIsNotEdited) {
  EXPECT_FALSE(IsNear("jazz", "fazz", 1, 1));
  EXPECT_TRUE(IsNear("jazz", "jozz", 1, 1));
  EXPECT_FALSE(IsNear("jazz", "ajzz", 2, 2));
  EXPECT_FALSE(IsNear("abcd", "acbd", 1, 2));  // a swap across its end
  EXPECT_TRUE(IsNear("jazz", "jazzy", 1, 9));  // longer than the word
  EXPECT_FALSE(IsNear("jazz", "jazy", 1, 9));
}

TEST(FuzzyMatcherTest, ClosenessCountsEditsOfTheShorter) {
  FuzzyMatcher matcher("jazz", 2, 0);
  for (const char32_t character : std::u32string(U"jazzy")) ASSERT_TRUE(matcher.Push(character));
  EXPECT_EQ(matcher.Closeness(), 0.75f);
  matcher.Cut(4);
  EXPECT_EQ(matcher.Closeness(), 1.0f);
  matcher.Cut(3);
  EXPECT_EQ(matcher.Closeness(), 1.0f - 1.0f / 3.0f);
}

TEST(FuzzyMatcherTest, RandomDictionariesGiveWhatTheWholeTableGives) {
  SeededRandom random(3);
  size_t found = 0;
  for (int round = 0; round < 60; ++round) {
    const TestDictionary terms(RandomTerms(random, 400));
    for (int i = 0; i < 12; ++i) {
      const std::string word = RandomTerms(random, 1)[0];
      const auto edits = static_cast<uint32_t>(random.Below(kMaxFuzzyEdits + 1));
      const size_t exact = random.OneIn(2) ? 0 : random.Below(4);
      std::vector<std::pair<std::string, float>> wanted;
      for (const auto& [term, meta] : terms.vocabulary) {
        const std::optional<uint32_t> away = NaiveFuzzy(word, term, edits, exact);
        if (!away.has_value()) continue;
        const size_t shorter = std::min(NaiveCharacters(word).size(), NaiveCharacters(term).size());
        wanted.emplace_back(
            term,
            *away == 0 ? 1.0f : 1.0f - static_cast<float>(*away) / static_cast<float>(shorter));
      }
      FuzzyMatcher matcher(word, edits, exact);
      ASSERT_EQ(WalkAll(terms, &matcher).found, wanted)
          << Quoted(word) << " edits " << edits << " exact " << exact;
      found += wanted.size();
    }
  }
  EXPECT_GT(found, 1000u);
}

}  // namespace
}  // namespace segue

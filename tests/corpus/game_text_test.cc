// SPDX-License-Identifier: Apache-2.0
#include "corpus/game_text.h"

#include <gtest/gtest.h>

#include "corpus/game_sentences.h"
#include "tests/support/seeded_random.h"

namespace segue {
namespace {

std::string Normal(std::string_view text) {
  std::string out;
  AppendGameText(text, &out);
  return out;
}

using Views = std::vector<std::string_view>;

TEST(GameText, AsciiLettersAndDigits) {
  EXPECT_EQ(Normal("The U.S.A. in 2008: 3.14 & don't\t\r\nSTOP!"),
            "the u s a in 2008 3 14 don t stop");
  EXPECT_EQ(Normal(""), "");
  EXPECT_EQ(Normal(" \n--- !?"), "");
  EXPECT_EQ(Normal(std::string_view("a\0b\x7f_c", 6)), "a b c");
}

TEST(GameText, LettersFoldToAsciiAndMarksVanish) {
  EXPECT_EQ(Normal("Dvořák Łódź STRASSE Straße Æsir"), "dvorak lodz strasse strasse aesir");
  EXPECT_EQ(Normal("re\u0301sume\u0301"), "resume");  // combining accents
  EXPECT_EQ(Normal("\u0301"), "");
}

TEST(GameText, EverythingElseSeparates) {
  EXPECT_EQ(Normal("one\u2014two\u2019s km\u00b2 \u00bd"), "one two s km");  // dash, quote, ², ½
  EXPECT_EQ(Normal("x\u0436y \u6771\u4eac z"), "x y z");                     // Cyrillic, Han
  EXPECT_EQ(Normal("a\xff"
                   "b \xe2\x82 c\xc3"),
            "a b c");  // malformed
}

TEST(GameText, LongWordsAreDropped) {
  const std::string just(kMaxGameWordBytes, 'x'), over(kMaxGameWordBytes + 1, 'x');
  EXPECT_EQ(Normal("a " + over + " b"), "a b");
  EXPECT_EQ(Normal(over + " b " + just), "b " + just);
  EXPECT_EQ(Normal("a " + just), "a " + just);
  std::string out;
  EXPECT_EQ(AppendGameText("a " + over + " b", &out), 2u);
  // A folded letter may be two.
  std::string ligatures;
  for (size_t i = 0; i <= kMaxGameWordBytes / 2; ++i) ligatures += "\u00e6";
  EXPECT_EQ(Normal(ligatures), "");
}

TEST(GameText, AppendsToWords) {
  std::string out;
  EXPECT_EQ(AppendGameText("Title", &out), 1u);
  EXPECT_EQ(AppendGameText("some text", &out), 2u);
  EXPECT_EQ(AppendGameText("...", &out), 0u);
  EXPECT_EQ(out, "title some text");
}

TEST(GameText, WhatIsMadeIsRecognised) {
  for (const std::string_view good : {"a", "a b2", "0"}) EXPECT_TRUE(IsGameText(good)) << good;
  for (const std::string& bad :
       {std::string(), std::string(" "), std::string("a  b"), std::string("a "), std::string(" a"),
        std::string("A"), std::string("a-b"), std::string("é"), std::string("a\0b", 3),
        std::string(kMaxGameWordBytes + 1, 'a')}) {
    EXPECT_FALSE(IsGameText(bad)) << bad;
  }
  for (uint64_t seed = 0; seed < 2000; ++seed) {
    SeededRandom random(seed);
    std::string bytes;
    for (uint64_t i = random.Below(100); i > 0; --i) {
      bytes += random.Below(2) == 0 ? static_cast<char>(random.Below(256)) : 'x';
    }
    const std::string text = Normal(bytes);
    EXPECT_TRUE(text.empty() || IsGameText(text)) << seed;
    EXPECT_EQ(Normal(text), text) << seed;
  }
}

TEST(Sentences, EndBeforeUpperCaseAndDigits) {
  EXPECT_EQ(SplitSentences("It was in Rome. He went there. 3 came! Why? Écoute.", {0}),
            (Views{"It was in Rome.", "He went there.", "3 came!", "Why?", "Écoute."}));
  EXPECT_EQ(SplitSentences("About 3.5 km, e.g. here... or there.", {0}),
            (Views{"About 3.5 km, e.g. here... or there."}));
  // Without white space nothing ends, whatever its kind something does.
  EXPECT_EQ(SplitSentences("At example.Com now.\tThen", {0}),
            (Views{"At example.Com now.", "Then"}));
  // The rule is simple: it knows no abbreviation, and no quotes.
  EXPECT_EQ(SplitSentences("Mr. Smith \"left.\" Bye", {0}), (Views{"Mr.", "Smith \"left.\" Bye"}));
}

TEST(Sentences, LinesEndThem) {
  EXPECT_EQ(SplitSentences("one\n\n two \r\nthree. four\n", {0}),
            (Views{"one", "two", "three. four"}));
  EXPECT_TRUE(SplitSentences("", {0}).empty());
  EXPECT_TRUE(SplitSentences("\n \n", {0}).empty());
}

TEST(Sentences, ShortOnesAreLeftOut) {
  const std::string long_enough(20, 'x'), too_short(19, 'y');
  const std::string text = too_short + "\n" + long_enough;
  EXPECT_EQ(SplitSentences(text, {}), Views{long_enough});
  std::string umlauts;  // characters, not bytes
  for (int i = 0; i < 19; ++i) umlauts += "ü";
  EXPECT_TRUE(SplitSentences(umlauts, {}).empty());
  EXPECT_EQ(SplitSentences(umlauts + "ü", {}).size(), 1u);
}

TEST(Sentences, AHugeLineIsLinear) {
  std::string text;
  for (int i = 0; i < 500'000; ++i) text += "A b. ";
  EXPECT_EQ(SplitSentences(text, {0}).size(), 500'000u);
  EXPECT_EQ(SplitSentences(std::string(2'000'000, '.'), {0}).size(), 1u);
  EXPECT_EQ(SplitSentences(std::string(2'000'000, ' '), {0}).size(), 0u);
}

}  // namespace
}  // namespace segue

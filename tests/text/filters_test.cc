// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>
#include <vector>

#include "engine/text/porter_stemmer.h"
#include "engine/text/snowball_filter.h"
#include "engine/text/unicode.h"
#include "engine/text/word_filters.h"
#include "tests/text/text_test_util.h"

namespace segue {
namespace {

TEST(LowercaseTest, OneCodePointToOne) {
  EXPECT_EQ(Terms(WithFilter(R"("lowercase")"), "ABC Ünï ΑΣ ΟΔΟΣ ẞ İ K Ⱥ 𐐀 ǅ"),
            (Strings{"abc", "ünï", "ασ", "οδοσ", "ß", "i", "k", "ⱥ", "𐐨", "ǆ"}));
}

TEST(LowercaseTest, OffsetsStayWhenTheLengthChanges) {
  const auto tokens = Analyze(WithFilter(R"("lowercase")"), "ȺȺ İx");
  ASSERT_EQ(tokens.size(), 2u);
  EXPECT_EQ(tokens[0].term, "ⱥⱥ");
  EXPECT_EQ(tokens[0].end_byte, 4u);
  EXPECT_EQ(tokens[1].term, "ix");
  EXPECT_EQ(tokens[1].start_byte, 5u);
  EXPECT_EQ(tokens[1].end_byte, 8u);
}

TEST(CaseFoldTest, Full) {
  EXPECT_EQ(Terms(WithFilter(R"("casefold")"), "Straße STRASSE ΟΔΟΣ οδος ﬃ İ"),
            (Strings{"strasse", "strasse", "οδοσ", "οδοσ", "ffi", "i\u0307"}));
}

TEST(AsciiFoldingTest, DropsDiacritics) {
  EXPECT_EQ(Terms(WithFilter(R"("asciifolding")"),
                  "Crème brûlée Łódź Ørsted naïve cafe\u0301 ﬁn Æon дом \u0301"),
            (Strings{"Creme", "brulee", "Lodz", "Orsted", "naive", "cafe", "fin", "AEon", "дом",
                     "\u0301"}));
}

TEST(StopTest, LeavesGaps) {
  const auto tokens = Analyze(WithFilter(R"("stop")"), "to be or fox and the dog");
  ASSERT_EQ(tokens.size(), 2u);
  EXPECT_EQ(tokens[0].term, "fox");
  EXPECT_EQ(tokens[0].position, 3u);
  EXPECT_EQ(tokens[1].term, "dog");
  EXPECT_EQ(tokens[1].position, 6u);
}

TEST(StopTest, GapsCrossBatchesAndTheEnd) {
  const auto analyzer = MakeAnalyzer(WithFilter(R"("stop")"));
  const auto stream = analyzer->NewStream();
  std::string text = "fox ";
  for (int i = 0; i < 5000; ++i) text += "the ";
  text += "dog and the";
  for (int round = 0; round < 2; ++round) {
    ASSERT_TRUE(stream->Start(text).ok());
    uint32_t position = 0, trailing = 0;
    std::vector<std::pair<std::string, uint32_t>> found;
    while (const TokenBatch* batch = stream->Next()) {
      EXPECT_EQ(trailing, 0u);
      for (size_t i = 0; i < batch->size(); ++i) {
        position += (*batch)[i].position_increment;
        found.emplace_back(batch->term(i), position);
      }
      trailing = batch->trailing_increment();
    }
    EXPECT_EQ(found, (std::vector<std::pair<std::string, uint32_t>>{{"fox", 1}, {"dog", 5002}}));
    EXPECT_EQ(trailing, 2u);
  }
}

TEST(StopTest, OnlyStopWordsStillReportsTheGap) {
  const auto stream = MakeAnalyzer(WithFilter(R"("stop")"))->NewStream();
  ASSERT_TRUE(stream->Start("to be or not").ok());
  const TokenBatch* batch = stream->Next();
  ASSERT_NE(batch, nullptr);
  EXPECT_TRUE(batch->empty());
  EXPECT_EQ(batch->trailing_increment(), 4u);
  EXPECT_EQ(stream->Next(), nullptr);
}

TEST(StopTest, OwnWords) {
  EXPECT_EQ(Terms(WithFilter(R"({"type":"stop","words":["foo","bar","été"]})"), "a foo bar été x"),
            (Strings{"a", "x"}));
  EXPECT_EQ(Terms(WithFilter(R"({"type":"stop","words":["_english_","x"]})"), "the x y"),
            (Strings{"y"}));
  EXPECT_EQ(Terms(WithFilter(R"({"type":"stop","words":[]})"), "the x"), (Strings{"the", "x"}));
}

TEST(WordSetTest, ManyWords) {
  std::vector<std::string> words;
  for (int i = 0; i < 2000; ++i) words.push_back("w" + std::to_string(i * 7));
  const WordSet set(words);
  for (int i = 0; i < 14000; ++i) {
    EXPECT_EQ(set.Contains("w" + std::to_string(i)), i % 7 == 0) << i;
  }
  EXPECT_FALSE(set.Contains(""));
  EXPECT_FALSE(WordSet({}).Contains("a"));
}

TEST(LengthTest, CountsCodePoints) {
  EXPECT_EQ(
      Terms(WithFilter(R"({"type":"length","min":2,"max":3})"), "a bb ccc dddd éé 𐐀 中文字語"),
      (Strings{"bb", "ccc", "éé"}));
}

TEST(PossessiveTest, AllApostrophes) {
  EXPECT_EQ(Terms(WithFilter(R"("possessive")"), "dog's DOG'S cat’s cat＇s s' dogs 's it's' s é’s"),
            (Strings{"dog", "DOG", "cat", "cat", "s'", "dogs", "'s", "it's'", "s", "é"}));
}

std::string Porter(std::string word) {
  word.resize(PorterStem(word.data(), word.size()));
  return word;
}

TEST(PorterTest, ExamplesOfThePaper) {
  for (const auto& [word, stem] :
       std::vector<std::pair<std::string, std::string>>{{"caresses", "caress"},
                                                        {"ponies", "poni"},
                                                        {"ties", "ti"},
                                                        {"caress", "caress"},
                                                        {"cats", "cat"},
                                                        {"feed", "feed"},
                                                        {"agreed", "agre"},
                                                        {"plastered", "plaster"},
                                                        {"bled", "bled"},
                                                        {"motoring", "motor"},
                                                        {"sing", "sing"},
                                                        {"conflated", "conflat"},
                                                        {"troubled", "troubl"},
                                                        {"sized", "size"},
                                                        {"hopping", "hop"},
                                                        {"tanned", "tan"},
                                                        {"falling", "fall"},
                                                        {"hissing", "hiss"},
                                                        {"fizzed", "fizz"},
                                                        {"failing", "fail"},
                                                        {"filing", "file"},
                                                        {"happy", "happi"},
                                                        {"sky", "sky"},
                                                        {"relational", "relat"},
                                                        {"conditional", "condit"},
                                                        {"rational", "ration"},
                                                        {"digitizer", "digit"},
                                                        {"vietnamization", "vietnam"},
                                                        {"operator", "oper"},
                                                        {"feudalism", "feudal"},
                                                        {"hopefulness", "hope"},
                                                        {"triplicate", "triplic"},
                                                        {"formative", "form"},
                                                        {"electrical", "electr"},
                                                        {"goodness", "good"},
                                                        {"revival", "reviv"},
                                                        {"allowance", "allow"},
                                                        {"adjustable", "adjust"},
                                                        {"replacement", "replac"},
                                                        {"adjustment", "adjust"},
                                                        {"dependent", "depend"},
                                                        {"adoption", "adopt"},
                                                        {"probate", "probat"},
                                                        {"rate", "rate"},
                                                        {"cease", "ceas"},
                                                        {"controll", "control"},
                                                        {"roll", "roll"},
                                                        {"generalizations", "gener"},
                                                        {"oscillators", "oscil"}}) {
    EXPECT_EQ(Porter(word), stem) << word;
  }
}

TEST(PorterTest, CornerCases) {
  for (const auto& [word, stem] :
       std::vector<std::pair<std::string, std::string>>{{"", ""},
                                                        {"s", "s"},
                                                        {"is", "is"},
                                                        {"as", "as"},
                                                        {"ies", "i"},
                                                        {"ion", "ion"},
                                                        {"aed", "a"},
                                                        {"eed", "eed"},
                                                        {"ing", "ing"},
                                                        {"sss", "sss"},
                                                        {"yyy", "yyi"},
                                                        {"possibly", "possibl"},
                                                        {"psychology", "psycholog"}}) {
    EXPECT_EQ(Porter(word), stem) << word;
  }
}

TEST(PorterTest, CharactersBeyondAsciiAreConsonants) {
  // Doubled letters and consonant-vowel-consonant are seen by character, not by byte.
  EXPECT_EQ(Terms(WithFilter(R"("porter")"), "naïves façades éées çoçing oççing 𐐨𐐨ed"),
            (Strings{"naïv", "façad", "éée", "çoçe", "oç", "𐐨𐐨ed"}));
}

TEST(PorterTest, SnowballPorterDiffersOnlyInTheKnownWays) {
  const std::string path = SharedDataFile("snowball/porter.tsv.xz");
  if (path.empty()) GTEST_SKIP() << kNoSharedData;
  size_t words = 0, departures = 0;
  ForEachLine(path, [&](std::string_view line) {
    const size_t tab = line.find('\t');
    const std::string word(line.substr(0, tab)), stem(line.substr(tab + 1));
    if (!IsAscii(word)) return;
    ++words;
    if (Porter(word) == stem) return;
    ++departures;
    EXPECT_TRUE(word.size() <= 2 || word.find("bl") != word.npos || word.find("log") != word.npos)
        << word;
  });
  EXPECT_GT(words, 3000u);
  EXPECT_LT(departures, words / 100);
}

class SnowballTest : public testing::TestWithParam<std::string> {};

TEST_P(SnowballTest, Vocabulary) {
  const std::string path = SharedDataFile("snowball/" + GetParam() + ".tsv.xz");
  if (path.empty()) GTEST_SKIP() << kNoSharedData;
  const auto known = SnowballLanguages();
  if (std::find(known.begin(), known.end(), GetParam()) == known.end()) {
    // Variants that libstemmer leaves out unless it is built with all algorithms.
    ASSERT_TRUE(GetParam() == "german2" || GetParam() == "kraaij_pohlmann" ||
                GetParam() == "lovins");
    GTEST_SKIP() << "the libstemmer here was built without " << GetParam();
  }
  const auto analyzer =
      MakeAnalyzer(R"({"tokenizer":"keyword","filters":[{"type":"snowball","language":")" +
                   GetParam() + R"("}]})");
  const auto stream = analyzer->NewStream();
  size_t words = 0;
  ForEachLine(path, [&](std::string_view line) {
    const size_t tab = line.find('\t');
    ASSERT_NE(tab, line.npos);
    ASSERT_TRUE(stream->Start(line.substr(0, tab)).ok());
    const TokenBatch* batch = stream->Next();
    ASSERT_NE(batch, nullptr);
    ASSERT_EQ(batch->size(), 1u);
    const std::string_view stem = line.substr(tab + 1);
    // A stemmer that leaves nothing is not obeyed: the word stays.
    EXPECT_EQ(batch->term(0), stem.empty() ? line.substr(0, tab) : stem) << line;
    ++words;
  });
  EXPECT_GT(words, 500u);
}

INSTANTIATE_TEST_SUITE_P(AllLanguages, SnowballTest,
                         testing::Values("armenian", "basque", "catalan", "danish", "dutch",
                                         "english", "finnish", "french", "german", "german2",
                                         "greek", "hindi", "hungarian", "indonesian", "irish",
                                         "italian", "kraaij_pohlmann", "lithuanian", "lovins",
                                         "nepali", "norwegian", "porter", "portuguese", "romanian",
                                         "russian", "serbian", "spanish", "swedish", "turkish",
                                         "yiddish"),
                         [](const auto& info) { return info.param; });

TEST(SnowballTest, MalformedBytesStay) {
  EXPECT_EQ(Terms(R"({"tokenizer":"keyword","filters":["snowball"]})",
                  "run\xff"
                  "s"),
            (Strings{"run\xff"
                     "s"}));
  EXPECT_EQ(Terms(R"({"tokenizer":"standard","filters":["lowercase","snowball"]})", "Running dogs"),
            (Strings{"run", "dog"}));
}

}  // namespace
}  // namespace segue

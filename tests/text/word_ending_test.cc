// SPDX-License-Identifier: Apache-2.0
//
// What is cut from the ends of words, and what they sound like: elision, apostrophes, possessives,
// the case of languages, Metaphone; by hand in each language, and promises over random words.
#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/strings.h"
#include "engine/base/utf8.h"
#include "engine/text/elision_filters.h"
#include "engine/text/metaphone_filter.h"
#include "engine/text/word_filters.h"
#include "tests/text/naive_tokens.h"

namespace segue {
namespace {

std::string Joined(const Strings& terms) {
  std::string all;
  for (const std::string& term : terms) CatTo(&all, all.empty() ? "" : " ", term);
  return all;
}

const Strings kApostrophes = {"'", "’", "＇"};

TEST(ElisionWordsTest, EveryWordOfEveryLanguage) {
  for (const std::string& language : ElisionLanguages()) {
    const std::string definition =
        WithFilter(Cat(R"({"type":"elision","articles":["_)", language, R"(_"]})"));
    for (const std::string& word : ElidedWordsOf(language)) {
      for (const std::string& apostrophe : kApostrophes) {
        std::string capital = word;
        capital[0] = static_cast<char>(capital[0] - 'a' + 'A');
        EXPECT_EQ(Terms(definition, Cat(word, apostrophe, "été")), Strings{"été"}) << language;
        EXPECT_EQ(Terms(definition, Cat(capital, apostrophe, "Été")), Strings{"Été"}) << language;
        // Neither alone, nor as a part of a longer word.
        EXPECT_EQ(Terms(definition, Cat(word, apostrophe)), Strings{Cat(word, apostrophe)});
        EXPECT_EQ(Terms(definition, Cat("z", word, apostrophe, "a")),
                  Strings{Cat("z", word, apostrophe, "a")});
      }
    }
  }
  EXPECT_TRUE(ElidedWordsOf("german").empty());
}

// A hit shows the whole word, article and all.
TEST(ElisionWordsTest, OffsetsStayThoseOfTheWhole) {
  const Tokens tokens = Analyze(WithFilter(R"("elision")"), "à l’avion qu'il");
  ASSERT_EQ(tokens.size(), 3u);
  EXPECT_EQ(tokens[1], NaiveToken("avion", 1, 3, 12));
  EXPECT_EQ(tokens[2], NaiveToken("il", 2, 13, 18));
}

TEST(WordEndingTest, ByHand) {
  const struct {
    const char* filter;
    const char* text;
    const char* wanted;
  } cases[] = {
      {R"("apostrophe")", "İstanbul'da Ankara’nın O'Neill'in", "İstanbul Ankara O"},
      {R"("apostrophe")", "kitap 'tek a' ’", "kitap 'tek a ’"},
      {R"("possessive")", "dogs dog's DOG'S boss's Jess’s x＇s", "dogs dog DOG boss Jess x"},
      {R"("possessive")", "s 's ’S a's's ss'", "s 's ’S a's ss'"},
      {R"({"type":"lowercase","language":"turkish"})", "I İ ı i IĞDIR İĞNE", "ı i ı i ığdır iğne"},
      {R"({"type":"lowercase","language":"turkish"})", "TITLE ŞİİR", "tıtle şiir"},
      {R"({"type":"lowercase","language":"irish"})", "nÓr tÚr nár tÉan bhÉal",
       "n-ór t-úr nár t-éan bhéal"},
      {R"("lowercase")", "I İ NÓR ΣΑΣ", "i i nór σασ"},
      {R"("lowercase",{"type":"snowball","language":"german"})", "Häuser Bücher laufenden",
       "haus buch laufend"},
      {R"("lowercase",{"type":"snowball","language":"spanish"})", "niños corriendo", "niñ corr"},
      {R"("lowercase",{"type":"snowball","language":"russian"})", "книгами", "книг"},
      {R"("lowercase",{"type":"snowball","language":"finnish"})", "taloissa", "talo"},
  };
  for (const auto& [filter, text, wanted] : cases) {
    EXPECT_EQ(Joined(Terms(WithFilter(filter), text)), wanted) << filter << " of " << text;
  }
}

// No filter of the endings makes a word of nothing, moves it, or gives it other bytes of the value.
TEST(WordEndingTest, WordsStayWhereTheyAre) {
  SeededRandom random(921);
  const Strings parts = {"a", "s", "S", "'", "’", "＇", "l",    "qu",  "é", "I",
                         "İ", "n", "t", "Ó", " ", " ",  "\xff", "ing", "日"};
  for (const char* filter :
       {R"("elision")", R"("apostrophe")", R"("possessive")",
        R"({"type":"lowercase","language":"turkish"})",
        R"({"type":"lowercase","language":"irish"})", R"("porter")",
        R"({"type":"snowball","language":"french"})", R"("asciifolding")", R"("diacriticfolding")",
        R"("nfkc_casefold")", R"({"type":"metaphone","preserve_original":false})"}) {
    const std::string definition = WithFilter(filter);
    for (int round = 0; round < 60; ++round) {
      const std::string text = RandomOf(&random, parts, 0, 25);
      const Tokens before = Analyze(R"({"tokenizer":"whitespace"})", text);
      const Tokens after = Analyze(definition, text);
      ASSERT_EQ(after.size(), before.size()) << filter << " " << text;
      for (size_t i = 0; i < after.size(); ++i) {
        EXPECT_FALSE(after[i].term.empty()) << filter << " " << before[i].term;
        EXPECT_EQ(after[i].position, before[i].position) << filter;
        EXPECT_EQ(after[i].start_byte, before[i].start_byte) << filter;
        EXPECT_EQ(after[i].end_byte, before[i].end_byte) << filter;
      }
    }
  }
}

// --- Sets of words ---

TEST(WordSetModel, HoldsItsWordsAndNoOthers) {
  SeededRandom random(922);
  for (int round = 0; round < 30; ++round) {
    Strings words;
    for (uint64_t left = random.Below(300); left > 0; --left) {
      // Lengths about eight, where words begin to be kept elsewhere; zeros at their ends.
      std::string word = RandomOf(&random, {"a", "b", "é", std::string(1, '\0')}, 0, 12);
      if (random.OneIn(50)) word.append(300, 'x');
      words.push_back(word);
    }
    const std::set<std::string> model(words.begin(), words.end());
    const WordSet set(words);
    for (int i = 0; i < 300; ++i) {
      const std::string word =
          random.OneIn(2) && !words.empty()
              ? words[random.Below(words.size())]
              : RandomOf(&random, {"a", "b", "é", std::string(1, '\0')}, 0, 12);
      // The empty word is none, as no term is empty.
      const bool wanted = !word.empty() && model.count(word) != 0;
      ASSERT_EQ(set.Contains(word), wanted) << Quoted(word);
      const std::string with_slack = word + std::string(8, static_cast<char>(random.Below(256)));
      EXPECT_EQ(set.ContainsSlack(std::string_view(with_slack).substr(0, word.size())), wanted);
    }
  }
}

// --- Sounds ---

TEST(MetaphoneRulesTest, EachRuleOfThePaper) {
  const std::pair<const char*, const char*> cases[] = {
      // Beginnings
      {"aeronaut", "ERNT"},
      {"gnome", "NM"},
      {"knee", "N"},
      {"pneumonia", "NMN"},
      {"wrist", "RST"},
      {"xenon", "SNN"},
      {"whale", "WL"},
      // B behind M at the end
      {"bob", "BB"},
      {"dumb", "TM"},
      {"number", "NMBR"},
      // C
      {"social", "SXL"},
      {"chip", "XP"},
      {"cell", "SL"},
      {"city", "ST"},
      {"cycle", "SKL"},
      {"cat", "KT"},
      {"scene", "SN"},
      {"scheme", "SKM"},
      {"chrome", "KRM"},
      {"back", "BK"},
      // D
      {"judge", "JJ"},
      {"dog", "TK"},
      {"badge", "BJ"},
      // G
      {"gem", "JM"},
      {"gin", "JN"},
      {"go", "K"},
      {"signed", "SNT"},
      {"high", "H"},
      {"ghost", "KST"},
      {"egg", "EK"},
      // H
      {"hat", "HT"},
      {"ah", "A"},
      {"rhythm", "R0M"},
      // P, Q, S, T, V, W, X, Y, Z
      {"phase", "FS"},
      {"pat", "PT"},
      {"queen", "KN"},
      {"ship", "XP"},
      {"asian", "AXN"},

      {"thin", "0N"},
      {"action", "AKXN"},
      {"catch", "KX"},
      {"partial", "PRXL"},
      {"vet", "FT"},
      {"way", "W"},
      {"law", "L"},
      {"box", "BKS"},
      {"yes", "YS"},
      {"zoo", "S"},
      // Doubled letters count once, but for C; vowels only in front.
      {"hello", "HL"},
      {"accident", "AKSTNT"},
      {"idea", "IT"},
  };
  MetaphoneEncoder encoder;
  for (const auto& [word, code] : cases) EXPECT_EQ(encoder.Encode(word), code) << word;
}

TEST(MetaphoneRulesTest, CaseAndOtherCharactersSayNothing) {
  SeededRandom random(923);
  MetaphoneEncoder encoder;
  for (int round = 0; round < 2000; ++round) {
    std::string word, disguised;
    for (uint64_t left = random.Below(10); left > 0; --left) {
      const char letter = static_cast<char>('a' + random.Below(26));
      word += letter;
      disguised += random.OneIn(2) ? letter : static_cast<char>(letter - 'a' + 'A');
      if (random.OneIn(3)) disguised += RandomOf(&random, {"-", "é", "1", "\xff", "'"}, 1, 2);
    }
    const std::string code(encoder.Encode(word));
    EXPECT_EQ(encoder.Encode(disguised), code) << word << " " << disguised;
    // Capitals and the sound of th; never much longer than the word.
    EXPECT_EQ(code.find_first_not_of("0ABCDEFGHIJKLMNOPQRSTUVWXYZ"), std::string::npos);
    EXPECT_LE(code.size(), 2 * word.size());
  }
}

}  // namespace
}  // namespace segue

// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "engine/base/utf8.h"
#include "engine/text/elision_filters.h"
#include "engine/text/snowball_filter.h"
#include "engine/text/stop_words.h"
#include "tests/text/text_test_util.h"

namespace segue {
namespace {

using Strings = std::vector<std::string>;

std::string WithFilter(std::string_view filter) {
  return R"({"tokenizer":"whitespace","filters":[)" + std::string(filter) + "]}";
}

TEST(StopWordsTest, ListsAreCleanAndForLanguagesThatAreStemmed) {
  const Strings stemmed = SnowballLanguages();
  const Strings languages = StopWordLanguages();
  EXPECT_TRUE(std::is_sorted(languages.begin(), languages.end()));
  for (const std::string& language : languages) {
    if (language != "persian") {  // has no stemmer
      EXPECT_TRUE(std::binary_search(stemmed.begin(), stemmed.end(), language)) << language;
    }
    const Strings words = StopWordsOf(language);
    EXPECT_GE(words.size(), 33u) << language;
    EXPECT_EQ(std::set<std::string>(words.begin(), words.end()).size(), words.size()) << language;
    for (const std::string& word : words) {
      EXPECT_FALSE(word.empty()) << language;
      EXPECT_TRUE(IsValidUtf8(word)) << language;
      EXPECT_EQ(Terms(WithFilter(R"("lowercase")"), word), Strings{word}) << language;
    }
  }
  EXPECT_EQ(StopWordsOf("english").size(), 33u);
  EXPECT_TRUE(StopWordsOf("klingon").empty());
  EXPECT_TRUE(StopWordsOf("").empty());
}

// Through the whole chain: what its tokenizer, case and elision make of a stop word is one.
TEST(LanguageAnalyzersTest, RemoveTheirStopWords) {
  const Strings known = AnalyzerRegistry::BuiltIn().AnalyzerNames();
  for (const std::string& language : StopWordLanguages()) {
    ASSERT_TRUE(std::binary_search(known.begin(), known.end(), language)) << language;
    for (const std::string& word : StopWordsOf(language)) {
      EXPECT_EQ(Terms(language, word), Strings()) << language << " " << word;
    }
  }
}

TEST(LanguageAnalyzersTest, StemAsSnowballDoes) {
  for (const auto& [language, word] :
       std::vector<std::pair<std::string, std::string>>{{"danish", "undersøgelserne"},
                                                        {"finnish", "taloissamme"},
                                                        {"german", "aufeinanderfolgenden"},
                                                        {"greek", "βιβλιοθήκες"},
                                                        {"hungarian", "házakban"},
                                                        {"spanish", "corriendo"},
                                                        {"tamil", "வீடுகள்"}}) {
    const Strings stem =
        Terms(WithFilter(R"({"type":"snowball","language":")" + language + R"("})"), word);
    EXPECT_EQ(Terms(language, word), stem) << language;
    EXPECT_NE(stem, Strings{word}) << language;
  }
}

TEST(ElisionTest, DropsTheWordAndTheApostrophe) {
  EXPECT_EQ(
      Terms(WithFilter(R"("elision")"),
            "l'avion L’Avion QU'il jusqu＇ici l' 'l aujourd'hui l'l'a x'y lavion"),
      (Strings{"avion", "Avion", "il", "ici", "l'", "'l", "aujourd'hui", "l'a", "x'y", "lavion"}));
  EXPECT_EQ(Terms(WithFilter(R"({"type":"elision","articles":["x","_italian_"]})"),
                  "x'y dell'arte l'arte qu'il"),
            (Strings{"y", "arte", "arte", "qu'il"}));
  for (const std::string& language : ElisionLanguages()) {
    EXPECT_FALSE(ElidedWordsOf(language).empty());
  }
}

TEST(ElisionTest, LongFrontsAreNotElided) {
  const std::string word(17, 'a');
  EXPECT_EQ(Terms(WithFilter(R"({"type":"elision","articles":[")" + word + R"("]})"), word + "'b"),
            Strings{word + "'b"});
  const std::string most(16, 'a');
  EXPECT_EQ(Terms(WithFilter(R"({"type":"elision","articles":[")" + most + R"("]})"), most + "'b"),
            Strings{"b"});
}

TEST(ApostropheTest, DropsTheEnding) {
  EXPECT_EQ(Terms(WithFilter(R"("apostrophe")"), "Ankara'da Ankara’da Ankara＇da 'a ' a'b'c"),
            (Strings{"Ankara", "Ankara", "Ankara", "'a", "'", "a"}));
}

TEST(LanguageCaseTest, Turkish) {
  EXPECT_EQ(Terms(WithFilter(R"({"type":"lowercase","language":"turkish"})"),
                  "IŞIK İZMİR I\u0307zmir ABC ıi ÇÖĞ \xffI"),
            (Strings{"ışık", "izmir", "izmir", "abc", "ıi", "çöğ", "ı"}));
  EXPECT_EQ(MakeAnalyzer("turkish")->Normalize("IŞI"), "ışı");
}

TEST(LanguageCaseTest, Irish) {
  EXPECT_EQ(Terms(WithFilter(R"({"type":"lowercase","language":"irish"})"),
                  "nAthair tÉan nathair Nathair n t nBean NAthair"),
            (Strings{"n-athair", "t-éan", "nathair", "nathair", "n", "t", "nbean", "nathair"}));
}

TEST(LanguageCaseTest, LowercaseWithoutLanguageKeepsItsDefinition) {
  EXPECT_EQ(MakeAnalyzer(WithFilter(R"("lowercase")"))->Definition().find("language"),
            std::string::npos);
}

TEST(LanguagePartsTest, Mistakes) {
  const auto mistake = [](std::string_view filter) {
    const auto made = AnalyzerRegistry::BuiltIn().Make(WithFilter(filter));
    return made.ok() ? std::string() : std::string(made.status().message());
  };
  EXPECT_NE(mistake(R"({"type":"stop","words":["_frensh_"]})").find("did you mean \"french\""),
            std::string::npos);
  EXPECT_NE(mistake(R"({"type":"elision","articles":["_spanish_"]})").find("no language"),
            std::string::npos);
  EXPECT_NE(mistake(R"({"type":"lowercase","language":"turkisch"})").find("\"turkish\""),
            std::string::npos);
  EXPECT_NE(mistake(R"({"type":"lowercase","langage":"turkish"})").find("\"language\""),
            std::string::npos);
  // An underscore or two are words.
  EXPECT_EQ(mistake(R"({"type":"stop","words":["_","__","_a"]})"), "");
}

}  // namespace
}  // namespace segue

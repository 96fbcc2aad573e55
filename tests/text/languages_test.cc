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

constexpr char kFourLanguages[] = R"({"tokenizer":"standard","filters":["lowercase",
    {"type":"language_stem","languages":["english","german","french","russian"]}]})";

TEST(LanguageStemTest, TheLanguageOfAValueIsGuessed) {
  EXPECT_EQ(Terms(kFourLanguages, "the houses of the cities are running"),
            (Strings{"the", "hous", "of", "the", "citi", "are", "run"}));
  EXPECT_EQ(Terms(kFourLanguages, "die Häuser und die Gärten sind schön"),
            (Strings{"die", "haus", "und", "die", "gart", "sind", "schon"}));
  EXPECT_EQ(Terms(kFourLanguages, "les maisons et les villes sont grandes"),
            (Strings{"le", "maison", "et", "le", "vill", "sont", "grand"}));
  // The script alone decides.
  EXPECT_EQ(Terms(kFourLanguages, "Книги"), (Strings{"книг"}));
}

TEST(LanguageStemTest, UndecidedGivesAllStems) {
  const auto tokens = Analyze(kFourLanguages, "houses xyz");
  Strings at_first;
  for (const AnalyzedToken& token : tokens) {
    if (token.position == 0) at_first.push_back(token.term);
  }
  EXPECT_EQ(at_first, (Strings{"hous", "houses"}));  // English and French; German; Russian
  EXPECT_EQ(tokens.back().term, "xyz");
  EXPECT_EQ(tokens.back().position, 1u);
}

TEST(LanguageStemTest, WithoutGuessASearchFindsWhatEachLanguageMade) {
  const std::string search = R"({"tokenizer":"standard","filters":["lowercase",{
      "type":"language_stem","languages":["english","german","french","russian"],"guess":false}]})";
  for (const auto& [value, word] :
       std::vector<std::pair<std::string, std::string>>{{"the houses are here", "house"},
                                                        {"die Häuser und die Gärten", "haus"},
                                                        {"les maisons et les villes", "maison"},
                                                        {"книги и журналы", "книга"}}) {
    const Strings indexed = Terms(kFourLanguages, value);
    const Strings searched = Terms(search, word);
    EXPECT_TRUE(std::any_of(searched.begin(), searched.end(), [&](const std::string& term) {
      return std::find(indexed.begin(), indexed.end(), term) != indexed.end();
    })) << word;
  }
}

TEST(LanguageStemTest, TheFirstWordsDecideForAll) {
  std::string text = "the ";
  for (int i = 0; i < 300; ++i) text += "word ";
  for (int i = 0; i < 300; ++i) text += "und der Häuser ";
  EXPECT_EQ(Terms(kFourLanguages, text).back(), "häuser");  // as English leaves it
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
  EXPECT_NE(mistake(R"({"type":"language_stem","languages":["englisch"]})").find("\"english\""),
            std::string::npos);
  EXPECT_NE(mistake(R"({"type":"language_stem","languages":["porter"]})"), "");
  EXPECT_NE(mistake(R"({"type":"language_stem","languages":[]})"), "");
  // An underscore or two are words.
  EXPECT_EQ(mistake(R"({"type":"stop","words":["_","__","_a"]})"), "");
}

}  // namespace
}  // namespace segue

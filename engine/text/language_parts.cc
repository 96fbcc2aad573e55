// SPDX-License-Identifier: Apache-2.0
//
// Parts that know a language, and the analyzers that put them together. A list of words may name
// the list of a language: "_french_".
#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/limits.h"
#include "engine/base/nearest_name.h"
#include "engine/base/status.h"
#include "engine/base/strings.h"
#include "engine/text/case_filters.h"
#include "engine/text/elision_filters.h"
#include "engine/text/language_case_filters.h"
#include "engine/text/language_stem_filter.h"
#include "engine/text/part_makers.h"
#include "engine/text/snowball_filter.h"
#include "engine/text/stop_words.h"
#include "engine/text/unicode.h"
#include "engine/text/word_filters.h"

namespace segue {
namespace {

absl::Status UnknownLanguage(std::string_view part, std::string_view name,
                             const std::vector<std::string>& known) {
  const std::string nearest = NearestName(name, known);
  return Error(ErrorCode::kInvalidArgument,
               Cat("\"", part, "\": there is no language ", Quoted(name),
                   nearest.empty() ? "" : Cat("; did you mean \"", nearest, "\"?")));
}

// The lists that a part has by language.
struct WordLists {
  std::string_view part;
  std::vector<std::string> (*languages)();
  std::vector<std::string> (*words_of)(std::string_view language);
};

// The words of an option, each "_language_" replaced by its list.
absl::StatusOr<std::shared_ptr<const WordSet>> ReadWords(const WordLists& lists,
                                                         const std::vector<std::string>& given) {
  std::vector<std::string> words;
  for (const std::string& word : given) {
    if (word.size() < 3 || word.front() != '_' || word.back() != '_') {
      words.push_back(word);
      continue;
    }
    const std::string_view language = std::string_view(word).substr(1, word.size() - 2);
    const std::vector<std::string> list = lists.words_of(language);
    if (list.empty()) return UnknownLanguage(lists.part, language, lists.languages());
    words.insert(words.end(), list.begin(), list.end());
  }
  return std::make_shared<const WordSet>(words);
}

FilterSource MakeStop(PartOptions& options) {
  const std::vector<std::string> given = options.StringList("words", {"_english_"});
  // The English words are older than the version, and will not change.
  if (std::any_of(given.begin(), given.end(), [](const std::string& word) {
        return word.starts_with('_') && word != "_english_";
      })) {
    options.DependsOn("stop_words", kStopWordsVersion);
  }
  SEGUE_ASSIGN_OR_RETURN(const auto set,
                         ReadWords({"stop", StopWordLanguages, StopWordsOf}, given));
  return PartSource<TokenFilter>([set] { return std::make_unique<StopFilter>(set); });
}

FilterSource MakeElision(PartOptions& options) {
  SEGUE_ASSIGN_OR_RETURN(const auto set, ReadWords({"elision", ElisionLanguages, ElidedWordsOf},
                                                   options.StringList("articles", {"_french_"})));
  return PartSource<TokenFilter>([set] { return std::make_unique<ElisionFilter>(set); });
}

FilterSource MakeLowercase(PartOptions& options) {
  options.DependsOn("unicode", UnicodeVersion());
  const std::string language = options.OptionalString("language");
  if (language.empty()) {
    return PartSource<TokenFilter>(
        [] { return std::make_unique<LowercaseFilter>(ActiveAsciiWordKernels()); });
  }
  if (language == "irish") {
    return PartSource<TokenFilter>(
        [] { return std::make_unique<IrishLowercaseFilter>(ActiveAsciiWordKernels()); });
  }
  if (language == "turkish") {
    return PartSource<TokenFilter>([] { return std::make_unique<TurkishLowercaseFilter>(); });
  }
  return UnknownLanguage("lowercase", language, {"irish", "turkish"});
}

FilterSource MakeSnowball(PartOptions& options) {
  options.DependsOn("snowball", SnowballVersion());
  const std::string language = options.String("language", "english");
  const std::vector<std::string> known = SnowballLanguages();
  if (std::find(known.begin(), known.end(), language) == known.end()) {
    return UnknownLanguage("snowball", language, known);
  }
  return PartSource<TokenFilter>([language] { return std::make_unique<SnowballFilter>(language); });
}

FilterSource MakeLanguageStem(PartOptions& options) {
  options.DependsOn("snowball", SnowballVersion());
  options.DependsOn("stop_words", kStopWordsVersion);
  const bool guesses = options.Bool("guess", true);
  const std::vector<std::string> languages = options.StringList("languages", {"english"});
  const std::vector<std::string> stemmed = SnowballLanguages();
  for (const std::string& language : languages) {
    if (StopWordsOf(language).empty() ||
        std::find(stemmed.begin(), stemmed.end(), language) == stemmed.end()) {
      return UnknownLanguage("language_stem", language, stemmed);
    }
  }
  if (languages.empty() || languages.size() > kMaxChosenLanguages) {
    return Error(ErrorCode::kInvalidArgument,
                 Cat("\"language_stem\": \"languages\" must be 1 to ", kMaxChosenLanguages));
  }
  const auto choice = std::make_shared<const LanguageChoice>(languages);
  return PartSource<TokenFilter>(
      [choice, guesses] { return std::make_unique<LanguageStemFilter>(choice, guesses); });
}

// What the analyzer of a language does before its stop words.
std::string_view FirstFiltersOf(std::string_view language) {
  if (language == "arabic") return R"("lowercase","decimal_digit")";
  if (language == "catalan") return R"({"type":"elision","articles":["_catalan_"]},"lowercase")";
  if (language == "french") return R"({"type":"elision","articles":["_french_"]},"lowercase")";
  if (language == "hindi" || language == "nepali" || language == "tamil") {
    return R"("lowercase","decimal_digit","indic_normalization")";
  }
  if (language == "irish") {
    return R"({"type":"elision","articles":["_irish_"]},{"type":"lowercase","language":"irish"})";
  }
  if (language == "italian") return R"({"type":"elision","articles":["_italian_"]},"lowercase")";
  if (language == "turkish") return R"("apostrophe",{"type":"lowercase","language":"turkish"})";
  return R"("lowercase")";
}

// And behind them. Stop words are compared as they are written; the stemmer of Hindi knows endings
// by their vowels, which its normalization shortens.
std::string LastFiltersOf(std::string_view language) {
  const std::string stemmer = Cat(R"({"type":"snowball","language":")", language, R"("})");
  if (language == "arabic") return R"("arabic_normalization",)" + stemmer;
  if (language == "hindi") return stemmer + R"(,"hindi_normalization")";
  return stemmer;
}

}  // namespace

void RegisterLanguageParts(AnalyzerRegistry* registry) {
  registry->RegisterTokenFilter("apostrophe", MakePlain<TokenFilter, ApostropheFilter>);
  registry->RegisterTokenFilter("elision", MakeElision);
  registry->RegisterTokenFilter("language_stem", MakeLanguageStem);
  registry->RegisterTokenFilter("lowercase", MakeLowercase);
  registry->RegisterTokenFilter("snowball", MakeSnowball);
  registry->RegisterTokenFilter("stop", MakeStop);
}

void AddLanguageAnalyzers(std::map<std::string, std::string>* analyzers) {
  for (const std::string& language : SnowballLanguages()) {
    // Algorithms beside a language's own have no words; `english` is Lucene's.
    if (language == "english" || StopWordsOf(language).empty()) continue;
    (*analyzers)[language] =
        Cat(R"({"tokenizer":"standard","filters":[)", FirstFiltersOf(language),
            R"(,{"type":"stop","words":["_)", language, R"(_"]},)", LastFiltersOf(language), "]}");
  }
  // Snowball has no stemmer for it. The joiner stands within words, where others put a space.
  (*analyzers)["persian"] =
      R"({"char_filters":[{"type":"mapping","mappings":["\\u200c => \\u0020"]}],
          "tokenizer":"standard",
          "filters":["lowercase","decimal_digit","arabic_normalization","persian_normalization",
                     {"type":"stop","words":["_persian_"]}]})";
}

}  // namespace segue

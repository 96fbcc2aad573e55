// SPDX-License-Identifier: Apache-2.0
#include "tests/text/language_text.h"

#include <unicode/datefmt.h>
#include <unicode/locdspnm.h>
#include <unicode/numberformatter.h>
#include <unicode/rbnf.h>
#include <unicode/uchar.h>
#include <unicode/uloc.h>
#include <unicode/ulocdata.h>
#include <unicode/uniset.h>
#include <unicode/unistr.h>

#include <cstring>
#include <map>
#include <memory>

namespace segue {
namespace {

// What one locale has to say.
class LanguageText {
 public:
  explicit LanguageText(const std::string& language)
      : locale_(language.c_str()), names_(icu::LocaleDisplayNames::createInstance(locale_)) {
    UErrorCode code = U_ZERO_ERROR;
    numbers_ = std::make_unique<icu::RuleBasedNumberFormat>(icu::URBNF_SPELLOUT, locale_, code);
    for (int32_t i = 0; i < numbers_->getNumberOfRuleSetNames(); ++i) {
      rule_sets_.push_back(numbers_->getRuleSetName(i));
    }
    dates_.reset(icu::DateFormat::createDateTimeInstance(icu::DateFormat::kFull,
                                                         icu::DateFormat::kFull, locale_));
    ReadSigns(language);
  }

  icu::UnicodeString Piece(SeededRandom* random) const {
    icu::UnicodeString piece;
    UErrorCode code = U_ZERO_ERROR;
    switch (random->Below(5)) {
      case 0: {
        const auto number = static_cast<int64_t>(random->Below(uint64_t{10} << random->Below(30)));
        icu::FieldPosition nowhere(icu::FieldPosition::DONT_CARE);
        if (rule_sets_.empty()) return numbers_->format(number, piece);
        return numbers_->format(number, rule_sets_[random->Below(rule_sets_.size())], piece,
                                nowhere, code);
      }
      case 1:  // within a hundred years
        return dates_->format(static_cast<UDate>(random->Below(uint64_t{1} << 42)), piece);
      case 2: {
        const char* const* const regions = uloc_getISOCountries();
        return names_->regionDisplayName(regions[random->Below(CountOf(regions))], piece);
      }
      case 3: {
        const char* const* const languages = uloc_getISOLanguages();
        return names_->languageDisplayName(languages[random->Below(CountOf(languages))], piece);
      }
      default: {
        const char16_t* const currencies[] = {u"EUR", u"USD", u"JPY", u"INR", u"SEK"};
        const icu::CurrencyUnit currency(currencies[random->Below(std::size(currencies))], code);
        return icu::number::NumberFormatter::withLocale(locale_)
            .unit(currency)
            .unitWidth(UNUM_UNIT_WIDTH_FULL_NAME)
            .formatDouble(static_cast<double>(random->Below(10'000'000)) / 100, code)
            .toString(code);
      }
    }
  }

  // What stands between two pieces.
  icu::UnicodeString Between(SeededRandom* random) const {
    icu::UnicodeString between;
    if (!random->OneIn(3)) between += signs_[random->Below(signs_.size())];
    if (between.isEmpty() || !random->OneIn(4)) between += u' ';
    return between;
  }

  icu::UnicodeString InQuotes(const icu::UnicodeString& piece) const {
    return quotes_[0] + piece + quotes_[1];
  }

 private:
  static size_t CountOf(const char* const* names) {
    size_t count = 0;
    while (names[count] != nullptr) ++count;
    return count;
  }

  void ReadSigns(const std::string& language) {
    UErrorCode code = U_ZERO_ERROR;
    ULocaleData* const data = ulocdata_open(language.c_str(), &code);
    icu::UnicodeSet punctuation;
    ulocdata_getExemplarSet(data, punctuation.toUSet(), 0, ULOCDATA_ES_PUNCTUATION, &code);
    punctuation.removeAllStrings();
    for (int32_t i = 0; i < punctuation.size(); ++i) signs_.push_back(punctuation.charAt(i));
    char16_t quote[8];
    for (const auto& [side, kind] :
         {std::pair{0, ULOCDATA_QUOTATION_START}, std::pair{1, ULOCDATA_QUOTATION_END}}) {
      const int32_t units = ulocdata_getDelimiter(data, kind, quote, std::size(quote), &code);
      quotes_[side] = icu::UnicodeString(quote, units);
    }
    ulocdata_close(data);
  }

  icu::Locale locale_;
  std::unique_ptr<icu::LocaleDisplayNames> names_;
  std::unique_ptr<icu::RuleBasedNumberFormat> numbers_;
  std::vector<icu::UnicodeString> rule_sets_;
  std::unique_ptr<icu::DateFormat> dates_;
  std::vector<UChar32> signs_;
  icu::UnicodeString quotes_[2];
};

}  // namespace

std::vector<std::string> LanguagesWithText() {
  std::vector<std::string> languages;
  int32_t count = 0;
  const icu::Locale* const locales = icu::Locale::getAvailableLocales(count);
  for (int32_t i = 0; i < count; ++i) {
    const icu::Locale& locale = locales[i];
    if (std::strlen(locale.getCountry()) + std::strlen(locale.getScript()) != 0) continue;
    // A language without words of its own has those of the root, which are English.
    UErrorCode code = U_ZERO_ERROR;
    const icu::RuleBasedNumberFormat numbers(icu::URBNF_SPELLOUT, locale, code);
    icu::UnicodeString seven;
    numbers.format(7, seven);
    const bool is_english = std::strcmp(locale.getLanguage(), "en") == 0;
    if (u_isalpha(seven.char32At(0)) && (is_english || seven != icu::UnicodeString(u"seven"))) {
      languages.push_back(locale.getName());
    }
  }
  return languages;
}

std::string RandomTextOf(const std::string& language, SeededRandom* random) {
  static auto& known = *new std::map<std::string, std::unique_ptr<LanguageText>>;
  std::unique_ptr<LanguageText>& of = known[language];
  if (of == nullptr) of = std::make_unique<LanguageText>(language);
  icu::UnicodeString text;
  for (uint64_t pieces = random->Between(1, 12); pieces > 0; --pieces) {
    const icu::UnicodeString piece = of->Piece(random);
    text += random->OneIn(8) ? of->InQuotes(piece) : piece;
    text += of->Between(random);
  }
  std::string utf8;
  text.toUTF8String(utf8);
  return utf8;
}

}  // namespace segue

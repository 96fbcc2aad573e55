// SPDX-License-Identifier: Apache-2.0
//
// Spellings of one word in a script become one: `arabic_normalization`, `persian_normalization`,
// `indic_normalization`, `hindi_normalization`, `decimal_digit`.
#ifndef SEGUE_TEXT_SCRIPT_FILTERS_H_
#define SEGUE_TEXT_SCRIPT_FILTERS_H_

#include <string>

#include "segue/analysis.h"

namespace segue {

// What stands for a character; 0: nothing does. ASCII is never asked for.
using CharacterMap = char32_t (*)(char32_t cp);

// Alef with hamza or madda becomes alef, dotless yeh yeh, teh marbuta heh; tatweel, the short
// vowels and the other marks vanish.
char32_t NormalizeArabic(char32_t cp);
// The letters of Persian and Urdu that Arabic keyboards lack become the Arabic ones: yeh, keheh,
// heh goal; hamza above vanishes.
char32_t NormalizePersian(char32_t cp);
// After Larkey, Connell and AbdulJaleel, "Hindi CLIR in thirty days" (2003): nukta, virama and the
// joiners vanish, candrabindu becomes anusvara, long vowels short ones.
char32_t NormalizeHindi(char32_t cp);
// Decimal digits of any script become ASCII.
char32_t NormalizeDigit(char32_t cp);

class CharacterMapFilter final : public TokenFilter {
 public:
  explicit CharacterMapFilter(CharacterMap map) : map_(map) {}
  void Start() override {}
  bool MapsCharacters() const override { return true; }
  void Filter(TokenBatch* batch, bool end_of_value) override;

 private:
  const CharacterMap map_;
  std::string buffer_;
};

// A vowel that was typed as another and a sign (अ and ा for आ) becomes itself, in the scripts of
// India that have one layout; joiners vanish.
class IndicFilter final : public TokenFilter {
 public:
  void Start() override {}
  bool MapsCharacters() const override { return true; }
  void Filter(TokenBatch* batch, bool end_of_value) override;

 private:
  std::string buffer_;
};

}  // namespace segue

#endif  // SEGUE_TEXT_SCRIPT_FILTERS_H_

// SPDX-License-Identifier: Apache-2.0
//
// Tables of a few dozen characters, as switches.
#include "engine/text/script_filters.h"

#include "engine/text/term_mapping.h"
#include "engine/text/utf8_inline.h"
#include "utf8proc.h"

namespace segue {
namespace {

constexpr char32_t kZeroWidthNonJoiner = 0x200c, kZeroWidthJoiner = 0x200d;

bool IsJoiner(char32_t cp) { return cp == kZeroWidthNonJoiner || cp == kZeroWidthJoiner; }

// The scripts of India have blocks of 128 characters with one layout, from Devanagari to Malayalam.
constexpr char32_t kFirstIndic = 0x900, kEndOfIndic = 0xd80;

// The independent vowel that `vowel` and the sign behind it are typed for; 0: none.
char32_t ComposeVowel(char32_t vowel, char32_t sign) {
  if (vowel < kFirstIndic || vowel >= kEndOfIndic || vowel / 128 != sign / 128) return 0;
  const char32_t block = vowel / 128 * 128;
  if (vowel - block == 0x05) {  // a
    switch (sign - block) {
      case 0x3e:
        return block + 0x06;  // aa
      case 0x45:
      case 0x49:
        return block + 0x11;  // candra o
      case 0x4a:
        return block + 0x12;  // short o
      case 0x4b:
        return block + 0x13;  // o
      case 0x4c:
        return block + 0x14;  // au
      default:
        return 0;
    }
  }
  if (vowel - block == 0x06) {  // aa
    switch (sign - block) {
      case 0x45:
        return block + 0x11;
      case 0x46:
        return block + 0x12;
      case 0x47:
        return block + 0x13;
      case 0x48:
        return block + 0x14;
      default:
        return 0;
    }
  }
  return 0;
}

}  // namespace

char32_t NormalizeArabic(char32_t cp) {
  switch (cp) {
    case 0x622:  // alef with madda above
    case 0x623:  // alef with hamza above
    case 0x625:  // alef with hamza below
    case 0x671:  // alef wasla
      return 0x627;
    case 0x649:  // dotless yeh
      return 0x64a;
    case 0x629:  // teh marbuta
      return 0x647;
    case 0x640:  // tatweel
    case 0x670:  // superscript alef
      return 0;
    default:
      return cp >= 0x64b && cp <= 0x655 ? 0 : cp;
  }
}

char32_t NormalizePersian(char32_t cp) {
  switch (cp) {
    case 0x6cc:  // Farsi yeh
    case 0x6d2:  // yeh barree
      return 0x64a;
    case 0x6a9:  // keheh
      return 0x643;
    case 0x6c0:  // heh with yeh above
    case 0x6c1:  // heh goal
      return 0x647;
    case 0x654:  // hamza above
      return 0;
    default:
      return cp;
  }
}

char32_t NormalizeHindi(char32_t cp) {
  if (IsJoiner(cp)) return 0;
  // Letters with a nukta of their own.
  static constexpr char32_t kPlainLetters[] = {0x915, 0x916, 0x917, 0x91c,
                                               0x921, 0x922, 0x92b, 0x92f};
  if (cp >= 0x958 && cp <= 0x95f) return kPlainLetters[cp - 0x958];
  switch (cp) {
    case 0x93c:  // nukta
    case 0x94d:  // virama
      return 0;
    case 0x929:
      return 0x928;
    case 0x931:
      return 0x930;
    case 0x934:
      return 0x933;
    case 0x901:  // candrabindu
      return 0x902;
    case 0x906:  // aa
      return 0x905;
    case 0x908:  // ii
      return 0x907;
    case 0x90a:  // uu
      return 0x909;
    case 0x960:  // vocalic rr
      return 0x90b;
    case 0x961:  // vocalic ll
      return 0x90c;
    case 0x90d:
    case 0x90e:
    case 0x910:
      return 0x90f;
    case 0x911:
    case 0x912:
    case 0x914:
      return 0x913;
    case 0x940:  // the signs of the same vowels
      return 0x93f;
    case 0x942:
      return 0x941;
    case 0x944:
      return 0x943;
    case 0x963:
      return 0x962;
    case 0x945:
    case 0x946:
    case 0x948:
      return 0x947;
    case 0x949:
    case 0x94a:
    case 0x94c:
      return 0x94b;
    default:
      return cp;
  }
}

// Digits stand in runs of ten, or of tens side by side, each from zero on.
char32_t NormalizeDigit(char32_t cp) {
  const auto is_digit = [](char32_t c) {
    return utf8proc_category(static_cast<int32_t>(c)) == UTF8PROC_CATEGORY_ND;
  };
  if (!is_digit(cp)) return cp;
  char32_t first = cp;
  while (is_digit(first - 1)) --first;
  return '0' + (cp - first) % 10;
}

void CharacterMapFilter::Filter(TokenBatch* batch, bool) {
  ForNonAscii(batch, [&](size_t i) {
    MapTerm(batch->term(i), &buffer_, [&](char32_t cp, std::string* out) {
      const char32_t mapped = cp < 0x80 ? cp : map_(cp);
      if (mapped != 0 || cp == 0) AppendUtf8(mapped, out);
    });
    SetMappedTerm(batch, i, buffer_);
  });
}

void IndicFilter::Filter(TokenBatch* batch, bool) {
  ForNonAscii(batch, [&](size_t i) {
    // The last character, and where it was written to.
    char32_t last = 0;
    size_t last_begin = 0, last_end = 0;
    MapTerm(batch->term(i), &buffer_, [&](char32_t cp, std::string* out) {
      if (IsJoiner(cp)) return;
      // Malformed bytes may stand between.
      const char32_t composed = last_end == out->size() ? ComposeVowel(last, cp) : 0;
      if (composed != 0) {
        out->resize(last_begin);
        cp = composed;
      }
      last = cp;
      last_begin = out->size();
      AppendUtf8(cp, out);
      last_end = out->size();
    });
    SetMappedTerm(batch, i, buffer_);
  });
}

}  // namespace segue

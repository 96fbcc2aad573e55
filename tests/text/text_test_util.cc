// SPDX-License-Identifier: Apache-2.0
#include "tests/text/text_test_util.h"

#include "engine/base/utf8.h"

namespace segue {
namespace {

constexpr std::string_view kAsciiPieces[] = {
    "a",   "B",   "word", "Words", "x1",  "42", "7",  "_",    "__",
    ".",   "'",   ":",    ",",     ";",   "\"", "#",  "*",    "-",
    "(",   " ",   " ",    " ",     "\n",  "\t", "\r", "3.14", "a.b",
    "1,0", "o'c", "a:b",  "1;2",   "1:2", "a,", ".5", "_a_",  "abcdefghijklmnopqrstuvwxyz",
    "/",   "@",   "+",    "~",     "\x7f"};

constexpr std::string_view kOtherPieces[] = {"é",
                                             "Ü",
                                             "ß",
                                             "İ",
                                             "Σ",
                                             "ж",
                                             "Дом",
                                             "א",
                                             "ב\"ג",
                                             "ع",
                                             "ก",
                                             "ไทย",
                                             "ລາວ",
                                             "中",
                                             "文字",
                                             "あ",
                                             "カ",
                                             "カタカナ",
                                             "ﾊﾟ",
                                             "が",
                                             "か\u3099",
                                             "e\u0301\u0323",
                                             "ﬁ",
                                             "Ⅷ",
                                             "㎏",
                                             "ﷺ",
                                             "हिन्दी",
                                             "अा",
                                             "कि",
                                             "أحمد",
                                             "مُ",
                                             "کی",
                                             "۴",
                                             "ی\u200cه",
                                             "ที่",
                                             "\u00ad",
                                             "İI",
                                             "Ａ",
                                             "각",
                                             "\u1161",
                                             "\u11a8",
                                             "ｶ",
                                             "한",
                                             "글",
                                             "ᄀ",
                                             "\xcc\x81",
                                             "\xe2\x80\x8d",
                                             "\xe2\x80\x8b",
                                             "\xe2\x80\x99",
                                             "\xc2\xb7",
                                             "\xef\xbc\x87",
                                             "\xef\xbc\x8e",
                                             "１",
                                             "٣",
                                             "\xe2\x80\xaf",
                                             "\xc2\xad",
                                             "😀",
                                             "👨\xe2\x80\x8d👩",
                                             "👍🏽",
                                             "🇩🇪",
                                             "🇫",
                                             "❤\xef\xb8\x8f",
                                             "©",
                                             "1\xe2\x83\xa3",
                                             "#\xef\xb8\x8f\xe2\x83\xa3",
                                             "🏴\xf3\xa0\x81\xa7\xf3\xa0\x81\xbf",
                                             "\xe2\x80\x93",
                                             "“",
                                             "”",
                                             "\xc2\xa0",
                                             "𐐀",
                                             "𝒳",
                                             "\xff",
                                             "\xc3",
                                             "\xe2\x80",
                                             "\xf0\x9f",
                                             "\x80",
                                             std::string_view("\0", 1)};

}  // namespace

std::string RandomText(SeededRandom* random, size_t pieces, uint64_t ascii_share) {
  std::string text;
  for (size_t i = 0; i < pieces; ++i) {
    if (random->OneIn(200)) {
      // A run about as long as the limit on tokens, or as a region.
      const char c = "a1_. "[random->Below(5)];
      text.append(random->OneIn(4) ? random->Between(3000, 3200) : random->Between(240, 270), c);
    } else if (random->OneIn(100)) {
      AppendUtf8(static_cast<char32_t>(random->Below(0x110000)), &text);
    } else if (random->Below(10) < ascii_share) {
      text += kAsciiPieces[random->Below(std::size(kAsciiPieces))];
    } else {
      text += kOtherPieces[random->Below(std::size(kOtherPieces))];
    }
  }
  return text;
}

}  // namespace segue

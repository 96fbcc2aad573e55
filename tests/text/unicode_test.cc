// SPDX-License-Identifier: Apache-2.0
//
// The character tables against an independent reading of the same standard: utf8proc.
#include "engine/text/unicode.h"

#include <cstdlib>

#include "gtest/gtest.h"
#include "utf8proc.h"

namespace segue {
namespace {

bool SameVersion() { return UnicodeVersion() == utf8proc_unicode_version(); }

TEST(UnicodeTest, LowerCaseAgreesWithUtf8proc) {
  if (!SameVersion()) GTEST_SKIP() << "utf8proc knows Unicode " << utf8proc_unicode_version();
  for (char32_t cp = 0; cp < 0x110000; ++cp) {
    ASSERT_EQ(ToLower(cp), static_cast<char32_t>(utf8proc_tolower(static_cast<int>(cp))))
        << std::hex << static_cast<uint32_t>(cp);
  }
}

TEST(UnicodeTest, FoldingAgreesWithUtf8proc) {
  if (!SameVersion()) GTEST_SKIP() << "utf8proc knows Unicode " << utf8proc_unicode_version();
  for (char32_t cp = 0; cp < 0x110000; ++cp) {
    if (cp >= 0xd800 && cp < 0xe000) continue;
    utf8proc_int32_t expected[8];
    int boundary = 0;
    const utf8proc_ssize_t count = utf8proc_decompose_char(
        static_cast<utf8proc_int32_t>(cp), expected, 8, UTF8PROC_CASEFOLD, &boundary);
    if (count < 0) continue;  // not assigned
    char32_t actual[3];
    ASSERT_EQ(FoldCase(cp, actual), static_cast<size_t>(count));
    for (utf8proc_ssize_t i = 0; i < count; ++i) {
      ASSERT_EQ(actual[i], static_cast<char32_t>(expected[i]))
          << std::hex << static_cast<uint32_t>(cp);
    }
  }
}

TEST(UnicodeTest, LettersAgreeWithUtf8proc) {
  if (!SameVersion()) GTEST_SKIP() << "utf8proc knows Unicode " << utf8proc_unicode_version();
  for (char32_t cp = 0; cp < 0x110000; ++cp) {
    const utf8proc_category_t category = utf8proc_category(static_cast<utf8proc_int32_t>(cp));
    ASSERT_EQ(IsLetter(cp), category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO)
        << std::hex << static_cast<uint32_t>(cp);
  }
}

TEST(UnicodeTest, Whitespace) {
  for (char32_t cp : {0x9, 0xa, 0xb, 0xc, 0xd, 0x1c, 0x1f, 0x20, 0x1680, 0x2003, 0x2028, 0x3000}) {
    EXPECT_TRUE(IsWhitespace(cp)) << std::hex << static_cast<uint32_t>(cp);
  }
  // Not those that do not break, nor zero width space, a format character.
  for (char32_t cp : {0x0, 0x8, 0x1b, 0x21, 0x85, 0xa0, 0x2007, 0x202f, 0x200b, 0xfeff}) {
    EXPECT_FALSE(IsWhitespace(cp)) << std::hex << static_cast<uint32_t>(cp);
  }
}

TEST(UnicodeTest, ValuesBeyondUnicodeHaveNoProperties) {
  for (char32_t cp : {char32_t{0x110000}, char32_t{0x7fffffff}, char32_t{0xffffffff}}) {
    EXPECT_FALSE(IsLetter(cp));
    EXPECT_FALSE(IsWhitespace(cp));
    EXPECT_EQ(ToLower(cp), cp);
    EXPECT_EQ(ToAscii(cp), "");
    char32_t folded[3];
    EXPECT_EQ(FoldCase(cp, folded), 1u);
    EXPECT_EQ(folded[0], cp);
  }
}

TEST(UnicodeTest, ToAscii) {
  EXPECT_EQ(ToAscii(U'é'), "e");
  EXPECT_EQ(ToAscii(U'Å'), "A");
  EXPECT_EQ(ToAscii(U'ß'), "ss");
  EXPECT_EQ(ToAscii(U'æ'), "ae");
  EXPECT_EQ(ToAscii(U'ł'), "l");
  EXPECT_EQ(ToAscii(U'ø'), "o");
  EXPECT_EQ(ToAscii(U'ﬁ'), "fi");
  EXPECT_EQ(ToAscii(U'Ế'), "E");
  EXPECT_EQ(ToAscii(U'ж'), "");
  EXPECT_EQ(ToAscii(U'e'), "");
  EXPECT_TRUE(IsDiacritic(0x301));
  EXPECT_FALSE(IsDiacritic('a'));
  EXPECT_FALSE(IsDiacritic(0x5b0));  // a Hebrew vowel is no decoration
}

}  // namespace
}  // namespace segue

// SPDX-License-Identifier: Apache-2.0
//
// Normal forms against Unicode's own test file, and against ICU character by character.
#include "engine/text/normal_form.h"

#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include "engine/base/limits.h"
#include "engine/base/utf8.h"
#include "engine/text/script_filters.h"
#include "tests/text/text_test_util.h"
#include "utf8proc.h"
#ifdef SEGUE_HAVE_ICU
#include "unicode/normalizer2.h"
#include "unicode/uchar.h"
#include "unicode/unistr.h"
#include "unicode/uvernum.h"
#endif

namespace segue {
namespace {

std::string Normalized(NormalForm form, std::string_view text) {
  std::string out;
  Normalizer(form).Append(text, &out, nullptr);
  return out;
}

std::string OneCharacter(char32_t cp) {
  std::string text;
  AppendUtf8(cp, &text);
  return text;
}

// The lines of NormalizationTest.txt: five columns of code points.
std::vector<Strings> ReadTestLines() {
  std::vector<Strings> lines;
  FILE* pipe = popen("bzip2 -dc /usr/share/unicode/NormalizationTest.txt.bz2 2>/dev/null", "r");
  if (pipe == nullptr) return lines;
  char buffer[4096];
  bool same_version = false;
  while (std::fgets(buffer, sizeof(buffer), pipe) != nullptr) {
    const std::string_view line(buffer);
    if (line.starts_with("# NormalizationTest-")) {
      same_version = line.find(utf8proc_unicode_version()) != line.npos;
    }
    if (!same_version || line.empty() || line[0] == '#' || line[0] == '@') continue;
    Strings columns(1);
    for (const char* at = buffer; columns.size() <= 5;) {
      char* end = nullptr;
      AppendUtf8(static_cast<char32_t>(std::strtoul(at, &end, 16)), &columns.back());
      if (*end == ';') {
        columns.emplace_back();
        ++end;
      }
      at = end;
    }
    columns.pop_back();
    lines.push_back(std::move(columns));
  }
  pclose(pipe);
  return lines;
}

TEST(NormalFormTest, UnicodesOwnTests) {
  const std::vector<Strings> lines = ReadTestLines();
  if (lines.empty()) {
    GTEST_SKIP() << "no NormalizationTest.txt of Unicode " << utf8proc_unicode_version();
  }
  EXPECT_GT(lines.size(), 18000u);
  for (const Strings& line : lines) {
    for (int column : {0, 1, 2}) {
      ASSERT_EQ(Normalized(NormalForm::kNfc, line[column]), line[1]) << line[0];
    }
    for (int column : {3, 4}) {
      ASSERT_EQ(Normalized(NormalForm::kNfc, line[column]), line[3]) << line[0];
    }
    for (int column : {0, 1, 2, 3, 4}) {
      ASSERT_EQ(Normalized(NormalForm::kNfkc, line[column]), line[3]) << line[0];
    }
  }
}

#ifdef SEGUE_HAVE_ICU
std::string ByIcu(const icu::Normalizer2* normalizer, std::string_view text) {
  UErrorCode code = U_ZERO_ERROR;
  const icu::UnicodeString in = icu::UnicodeString::fromUTF8(
      icu::StringPiece(text.data(), static_cast<int32_t>(text.size())));
  std::string out;
  normalizer->normalize(in, code).toUTF8String(out);
  EXPECT_TRUE(U_SUCCESS(code));
  return out;
}

bool IcuHasSameUnicode() {
  return std::string_view(utf8proc_unicode_version()).starts_with(U_UNICODE_VERSION);
}

TEST(NormalFormTest, AgreesWithIcuOnEveryCharacterAndOnRandomText) {
  if (!IcuHasSameUnicode()) GTEST_SKIP() << "ICU knows Unicode " << U_UNICODE_VERSION;
  UErrorCode code = U_ZERO_ERROR;
  const std::pair<NormalForm, const icu::Normalizer2*> forms[] = {
      {NormalForm::kNfc, icu::Normalizer2::getNFCInstance(code)},
      {NormalForm::kNfkc, icu::Normalizer2::getNFKCInstance(code)},
      {NormalForm::kNfkcCasefold, icu::Normalizer2::getNFKCCasefoldInstance(code)}};
  ASSERT_TRUE(U_SUCCESS(code));
  for (const auto& [form, icu] : forms) {
    for (char32_t cp = 0; cp < 0x110000; ++cp) {
      if ((cp >= 0xd800 && cp < 0xe000) || !u_isdefined(static_cast<UChar32>(cp))) continue;
      const std::string text = OneCharacter(cp);
      ASSERT_EQ(Normalized(form, text), ByIcu(icu, text)) << std::hex << uint32_t{cp};
    }
    SeededRandom random(31);
    for (int round = 0; round < 3000; ++round) {
      std::string text;
      for (uint64_t n = random.Between(1, 12); n > 0; --n) {
        // Letters, marks, Hangul and kana meet.
        static constexpr std::pair<char32_t, char32_t> kRanges[] = {
            {0x41, 0x17f},    {0x300, 0x34f},   {0x391, 0x3c9},   {0x5b0, 0x5ea},
            {0x64b, 0x655},   {0x905, 0x94d},   {0x9be, 0x9d7},   {0x1100, 0x1112},
            {0x1161, 0x1175}, {0x11a8, 0x11c2}, {0x1e00, 0x1fff}, {0x3041, 0x309a},
            {0xac00, 0xad00}, {0xff01, 0xffee}};
        const auto& [first, last] = kRanges[random.Below(std::size(kRanges))];
        AppendUtf8(static_cast<char32_t>(random.Between(first, last)), &text);
      }
      ASSERT_EQ(Normalized(form, text), ByIcu(icu, text)) << testing::PrintToString(text);
    }
  }
}

TEST(DecimalDigitTest, AgreesWithIcu) {
  if (!IcuHasSameUnicode()) GTEST_SKIP() << "ICU knows Unicode " << U_UNICODE_VERSION;
  for (char32_t cp = 0x80; cp < 0x110000; ++cp) {
    const int32_t digit = u_charDigitValue(static_cast<UChar32>(cp));
    const bool is_decimal = u_charType(static_cast<UChar32>(cp)) == U_DECIMAL_DIGIT_NUMBER;
    ASSERT_EQ(NormalizeDigit(cp), is_decimal ? static_cast<char32_t>('0' + digit) : cp)
        << std::hex << uint32_t{cp};
  }
}
#endif

TEST(NormalFormTest, MalformedBytesStay) {
  for (const NormalForm form : {NormalForm::kNfc, NormalForm::kNfkc, NormalForm::kNfkcCasefold,
                                NormalForm::kNoDiacritics, NormalForm::kPlainWidth}) {
    EXPECT_EQ(Normalized(form, "a\xff\xcc\x81z\xe2\x80"), "a\xff\xcc\x81z\xe2\x80");
    EXPECT_EQ(Normalized(form, ""), "");
  }
}

TEST(NormalFormTest, Diacritics) {
  EXPECT_EQ(Normalized(NormalForm::kNoDiacritics, "Crème brûlée Ελλάδα Россия ё й שָׁלוֹם مُحَمَّد"),
            "Creme brulee Ελλαδα Россия е и שלום محمد");
  // What makes another letter stays: voiced kana, vowel signs, nukta, virama, Thai.
  EXPECT_EQ(Normalized(NormalForm::kNoDiacritics, "が パ हिन्दी क़ ภาษาไทยที่ 한국어"),
            "が パ हिन्दी क\u093c ภาษาไทยที่ 한국어");
  EXPECT_EQ(Normalized(NormalForm::kNoDiacritics, "\u0301"), "\u0301");
}

TEST(NormalFormTest, Width) {
  EXPECT_EQ(Normalized(NormalForm::kPlainWidth, "ＡＢＣ１２３　ｶﾞｷﾞﾊﾟｱ ﾡ cafe\u0301 ﬁ"),
            "ABC123 ガギパア ᄀ cafe\u0301 ﬁ");
}

// Of marks without end each part is put in order by itself; nothing is lost and it takes no longer.
TEST(NormalFormTest, LongRunsAreBounded) {
  std::string text = "a";
  for (size_t i = 0; i < 40000; ++i) text += i % 2 == 0 ? "\u0301" : "\u0323";
  const std::string out = Normalized(NormalForm::kNfc, text);
  EXPECT_GE(out.size(), text.size() - 10 * (text.size() / kMaxNormalizedRun));
  EXPECT_TRUE(IsValidUtf8(out));
  EXPECT_EQ(Normalized(NormalForm::kNfc, "x" + text), "x" + out);
}

TEST(NormalFormTest, OffsetsOfCharFilters) {
  const auto tokens = Analyze(R"({"char_filters":["nfkc_casefold"],"tokenizer":"whitespace"})",
                              "ﬁx e\u0301t\u00adé ㎏ K");
  ASSERT_EQ(tokens.size(), 4u);
  EXPECT_EQ(tokens[0].term, "fix");
  EXPECT_EQ(tokens[0].end_byte, 4u);
  EXPECT_EQ(tokens[1].term, "été");
  EXPECT_EQ(tokens[1].start_byte, 5u);
  EXPECT_EQ(tokens[1].end_byte, 13u);
  EXPECT_EQ(tokens[2].term, "kg");
  EXPECT_EQ(tokens[2].start_byte, 14u);
  EXPECT_EQ(tokens[3].term, "k");
}

TEST(ScriptFiltersTest, Arabic) {
  EXPECT_EQ(
      Terms(WithFilter(R"("arabic_normalization")"), "أحمد إلى آمن مدرسة مُحَمَّد الـــله هدى abc"),
      (Strings{"احمد", "الي", "امن", "مدرسه", "محمد", "الله", "هدي", "abc"}));
}

TEST(ScriptFiltersTest, Persian) {
  EXPECT_EQ(Terms(WithFilter(R"("persian_normalization")"), "کتاب یک خانۀ"),
            (Strings{"كتاب", "يك", "خانه"}));
  EXPECT_EQ(Terms("persian", "کتاب‌های من"), Terms("persian", "كتاب هاي من"));
}

TEST(ScriptFiltersTest, Hindi) {
  // One word as it is spelled with and without long vowels, candrabindu, nukta.
  EXPECT_EQ(Terms(WithFilter(R"("hindi_normalization")"), "हिंदी हिन्दी फ़िल्म आँख"),
            (Strings{"हिंदि", "हिनदि", "फिलम", "अंख"}));
}

TEST(ScriptFiltersTest, Indic) {
  EXPECT_EQ(Terms(WithFilter(R"("indic_normalization")"), "अा अो आे অা અૉ क\u200dष aा"),
            (Strings{"आ", "ओ", "ओ", "আ", "ઑ", "कष", "aा"}));
  EXPECT_EQ(Terms(R"({"tokenizer":"keyword","filters":["indic_normalization"]})", "अ\xffा"),
            (Strings{"अ\xffा"}));
}

TEST(ScriptFiltersTest, Digits) {
  EXPECT_EQ(Terms(WithFilter(R"("decimal_digit")"), "١٢٣ ۴۵۶ ७८ ０ 𝟛 x² 9"),
            (Strings{"123", "456", "78", "0", "3", "x²", "9"}));
}

std::string Pairs(std::string_view options) {
  return R"({"tokenizer":"standard","filters":[{"type":"cjk_bigram")" + std::string(options) +
         "}]}";
}

std::string Described(const std::vector<AnalyzedToken>& tokens) {
  std::string out;
  for (const AnalyzedToken& token : tokens) {
    out += (out.empty() ? "" : " ") + token.term + "@" + std::to_string(token.position) + "+" +
           std::to_string(token.position_length) + ":" + std::to_string(token.start_byte) + "-" +
           std::to_string(token.end_byte);
  }
  return out;
}

TEST(CjkBigramTest, PairsAndSingles) {
  EXPECT_EQ(Described(Analyze(Pairs(""), "東京都 a 人")),
            "東京@0+1:0-6 京都@1+1:3-9 a@3+1:10-11 人@4+1:12-15");
  EXPECT_EQ(Described(Analyze(Pairs(R"(,"unigrams":true)"), "東京都 人")),
            "東@0+1:0-3 東京@0+2:0-6 京@1+1:3-6 京都@1+2:3-9 都@2+1:6-9 人@3+1:10-13");
}

TEST(CjkBigramTest, AcrossScriptsButNotAcrossSpaces) {
  EXPECT_EQ(Terms(Pairs(""), "東京タワー、한국"),
            (Strings{"東京", "京タ", "タワ", "ワー", "한국"}));
  EXPECT_EQ(Terms(Pairs(R"(,"scripts":["han"])"), "東京タワー"), (Strings{"東京", "タワー"}));
}

TEST(CjkBigramTest, MarksBelongToTheirCharacter) {
  EXPECT_EQ(Terms(Pairs(R"(,"scripts":["southeast_asian"])"), "ที่นี่"), (Strings{"ที่นี่"}));
  EXPECT_EQ(Terms("thai", "ที่นี่"), (Strings{"ที่", "ที่นี่", "นี่"}));
}

TEST(CjkAnalyzersTest, OneCharacterIsFound) {
  const Strings document = Terms("cjk", "東京タワーへ行く");
  for (const char* query : {"東", "京", "東京", "タワー", "行く", "く"}) {
    for (const std::string& term : Terms("cjk_search", query)) {
      EXPECT_NE(std::find(document.begin(), document.end(), term), document.end()) << term;
    }
  }
  // Half-width Katakana is Katakana, and its offsets are those of the value.
  EXPECT_EQ(Described(Analyze("cjk_search", "ｶﾞｷﾞ")), "ガギ@0+1:0-12");
}

}  // namespace
}  // namespace segue

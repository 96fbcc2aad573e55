// SPDX-License-Identifier: Apache-2.0
//
// The `standard` tokenizer against the annex: the test file of Unicode (Debian's package
// unicode-data), and ICU's word iterator on random text (where ICU was there to build with).
#include <cstdlib>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/strings.h"
#include "engine/base/utf8.h"
#include "tests/text/text_test_util.h"

#ifdef SEGUE_HAVE_ICU
#include <unicode/brkiter.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/uscript.h>
#include <unicode/uversion.h>
#endif

namespace segue {
namespace {

constexpr std::string_view kUnicodeFolder = "/usr/share/unicode/";
constexpr std::string_view kPlain = R"({"tokenizer":"standard"})";

using Piece = std::pair<size_t, size_t>;  // byte offsets

std::vector<Piece> TokenPieces(const Analyzer& analyzer, std::string_view text) {
  std::vector<Piece> pieces;
  auto tokens = analyzer.Analyze(text);
  EXPECT_TRUE(tokens.ok());
  for (const AnalyzedToken& token : *tokens) pieces.push_back({token.start_byte, token.end_byte});
  return pieces;
}

// Reads "A..B ; Value" lines.
void ReadProperty(const std::string& file, std::string_view wanted, std::set<char32_t>* out) {
  std::ifstream in(std::string(kUnicodeFolder) + file);
  for (std::string line; std::getline(in, line);) {
    char value[64];
    unsigned first, last;
    if (std::sscanf(line.c_str(), "%x..%x ; %63[A-Za-z_]", &first, &last, value) != 3) {
      if (std::sscanf(line.c_str(), "%x ; %63[A-Za-z_]", &first, value) != 2) continue;
      last = first;
    }
    if (value != wanted) continue;
    for (unsigned cp = first; cp <= last; ++cp) out->insert(cp);
  }
}

// A segment of the annex is a token if it holds one of `makers`, or two regional indicators.
struct TokenMakers {
  std::set<char32_t> makers, flags;
  bool Make(const std::u32string& segment) const {
    size_t flags_found = 0;
    for (char32_t cp : segment) {
      if (makers.contains(cp)) return true;
      flags_found += flags.contains(cp);
    }
    return flags_found == 2;
  }
};

// Lines of WordBreakTest.txt where the tokenizer wants something else, and why. The annex keeps an
// emoji with a joiner before it in one segment whatever stands before the joiner (WB3c); emoji
// sequences here begin with an emoji, as in Lucene.
const std::map<std::string, std::string>& Explained() {
  static const auto* explained = new std::map<std::string, std::string>{
      {"0061 200D 1F6D1", "emoji joined to a letter"},
      {"0061 200D 2701", "emoji joined to a letter"},
  };
  return *explained;
}

TEST(WordBreakTest, UnicodeTestFile) {
  std::ifstream in(std::string(kUnicodeFolder) + "auxiliary/WordBreakTest.txt");
  if (!in) GTEST_SKIP() << "no WordBreakTest.txt; it is in Debian's package unicode-data";
  TokenMakers makers;
  for (std::string_view value : {"ALetter", "Hebrew_Letter", "Numeric", "Katakana"}) {
    ReadProperty("auxiliary/WordBreakProperty.txt", value, &makers.makers);
  }
  ReadProperty("emoji/emoji-data.txt", "Extended_Pictographic", &makers.makers);
  ReadProperty("auxiliary/WordBreakProperty.txt", "Regional_Indicator", &makers.flags);
  ASSERT_GT(makers.makers.size(), 20000u);

  const auto analyzer = MakeAnalyzer(kPlain);
  size_t lines = 0;
  std::set<std::string> deviating;
  for (std::string line; std::getline(in, line);) {
    std::istringstream words(line.substr(0, line.find('#')));
    std::string text, codes;
    std::u32string segment;
    std::vector<Piece> expected;
    size_t begin = 0;
    for (std::string word; words >> word;) {
      if (word == "\xc3\xb7") {  // the division sign: a boundary
        if (makers.Make(segment)) expected.push_back({begin, text.size()});
        begin = text.size();
        segment.clear();
      } else if (word != "\xc3\x97") {
        const char32_t cp = static_cast<char32_t>(std::strtoul(word.c_str(), nullptr, 16));
        AppendUtf8(cp, &text);
        segment += cp;
        codes += (codes.empty() ? "" : " ") + word;
      }
    }
    if (text.empty()) continue;
    ++lines;
    const bool same = TokenPieces(*analyzer, text) == expected;
    if (!same) deviating.insert(codes);
    EXPECT_EQ(same, !Explained().contains(codes)) << line;
  }
  EXPECT_GT(lines, 1500u);
  EXPECT_EQ(deviating.size(), Explained().size());
}

#ifdef SEGUE_HAVE_ICU

// Characters whose segments ICU finds by dictionary, or where emoji rules differ
// (docs/analysis.md), and those that ICU treats otherwise than the annex: the at sign joins, colons
// do not.
bool LeaveOut(char32_t cp) {
  const auto c = static_cast<UChar32>(cp);
  if (c >= 0xd800 && c < 0xe000) return true;
  const int script = u_getIntPropertyValue(c, UCHAR_SCRIPT);
  const int line_break = u_getIntPropertyValue(c, UCHAR_LINE_BREAK);
  return script == USCRIPT_HAN || script == USCRIPT_HIRAGANA || script == USCRIPT_KATAKANA ||
         script == USCRIPT_HANGUL || u_getIntPropertyValue(c, UCHAR_WORD_BREAK) == U_WB_KATAKANA ||
         line_break == U_LB_COMPLEX_CONTEXT || u_hasBinaryProperty(c, UCHAR_EMOJI) ||
         u_hasBinaryProperty(c, UCHAR_EXTENDED_PICTOGRAPHIC) ||
         u_getIntPropertyValue(c, UCHAR_WORD_BREAK) == U_WB_REGIONAL_INDICATOR || cp == 0x20e3 ||
         cp == 0x200d || cp == '@' || cp == ':' || cp == 0xfe55 || cp == 0xff1a;
}

// A segment is a token if a character that makes words is in it.
bool MakesToken(const icu::UnicodeString& segment) {
  for (int32_t i = 0; i < segment.length(); i = segment.moveIndex32(i, 1)) {
    const int kind = u_getIntPropertyValue(segment.char32At(i), UCHAR_WORD_BREAK);
    if (kind == U_WB_ALETTER || kind == U_WB_HEBREW_LETTER || kind == U_WB_NUMERIC) return true;
  }
  return false;
}

// Where the tokenizer, as Lucene, reads the annex with less context (docs/analysis.md): quotes
// behind Hebrew letters.
bool HasHebrewQuote(const icu::UnicodeString& text) {
  bool after_hebrew = false;
  for (int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1)) {
    const int kind = u_getIntPropertyValue(text.char32At(i), UCHAR_WORD_BREAK);
    if (kind == U_WB_EXTEND || kind == U_WB_FORMAT) continue;
    if (after_hebrew && (kind == U_WB_SINGLE_QUOTE || kind == U_WB_DOUBLE_QUOTE)) return true;
    after_hebrew = kind == U_WB_HEBREW_LETTER;
  }
  return false;
}

TEST(WordBreakTest, AgreesWithIcuOnRandomText) {
  if (U_UNICODE_VERSION != std::string_view("15.0")) {
    GTEST_SKIP() << "ICU knows Unicode " U_UNICODE_VERSION;
  }
  // A pool with all kinds of word break alike, so that rules meet often.
  std::map<int, std::vector<char32_t>> by_kind;
  for (char32_t cp = 0; cp < 0x30000; ++cp) {
    if (LeaveOut(cp)) continue;
    by_kind[u_getIntPropertyValue(static_cast<UChar32>(cp), UCHAR_WORD_BREAK)].push_back(cp);
  }
  std::vector<std::vector<char32_t>> pool;
  for (auto& [kind, codes] : by_kind) pool.push_back(codes);
  ASSERT_GT(pool.size(), 10u);

  UErrorCode code = U_ZERO_ERROR;
  std::unique_ptr<icu::BreakIterator> words(
      icu::BreakIterator::createWordInstance(icu::Locale::getRoot(), code));
  ASSERT_TRUE(U_SUCCESS(code));
  SeededRandom random(8);
  const auto analyzer = MakeAnalyzer(kPlain);
  for (int round = 0; round < 100000; ++round) {
    std::string text;
    for (uint64_t i = random.Between(1, 12); i > 0; --i) {
      const auto& codes = pool[random.Below(pool.size())];
      AppendUtf8(random.OneIn(4) ? codes[0] : codes[random.Below(codes.size())], &text);
    }
    const icu::UnicodeString utf16 = icu::UnicodeString::fromUTF8(text);
    if (HasHebrewQuote(utf16)) continue;
    words->setText(utf16);
    std::vector<Piece> expected;
    size_t at = 0;
    for (int32_t begin = words->first(), end = words->next(); end != icu::BreakIterator::DONE;
         begin = end, end = words->next()) {
      const icu::UnicodeString segment = utf16.tempSubStringBetween(begin, end);
      std::string bytes;
      segment.toUTF8String(bytes);
      if (MakesToken(segment)) expected.push_back({at, at + bytes.size()});
      at += bytes.size();
    }
    ASSERT_EQ(TokenPieces(*analyzer, text), expected) << Quoted(text) << " round " << round;
  }
}

#else

TEST(WordBreakTest, AgreesWithIcuOnRandomText) {
  GTEST_SKIP() << "ICU was not there when the tests were configured (package libicu-dev)";
}

#endif

}  // namespace
}  // namespace segue

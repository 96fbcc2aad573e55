// SPDX-License-Identifier: Apache-2.0
//
// Tokens and their bytes beside those of ICU and of SQLite's FTS5, on text of many languages
// (language_text.h) and on vocabularies of Snowball. Where the others mean something else by a word
// (docs/analysis.md), a rule here turns their tokens into ours or ours into theirs, exactly; there
// is no list of words that may differ.
#include <gtest/gtest.h>

#ifdef SEGUE_HAVE_OTHER_TOKENIZERS

#include <unicode/brkiter.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/uscript.h>
#include <unicode/uversion.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/strings.h"
#include "engine/base/utf8.h"
#include "tests/text/fts5_tokenizer.h"
#include "tests/text/language_text.h"
#include "tests/text/text_test_util.h"

namespace segue {
namespace {

using Piece = std::pair<size_t, size_t>;  // byte offsets

// Character by character of a text: its place, and what ICU says of it.
struct Character {
  UChar32 code;
  size_t begin, end;
  int word_break;
};

std::vector<Character> CharactersOf(std::string_view text) {
  std::vector<Character> characters;
  const auto* const bytes = reinterpret_cast<const uint8_t*>(text.data());
  for (size_t at = 0; at < text.size();) {
    char32_t code = 0;
    const size_t end = at + DecodeUtf8(bytes + at, bytes + text.size(), &code);
    const auto c = static_cast<UChar32>(code);
    characters.push_back({c, at, end, u_getIntPropertyValue(c, UCHAR_WORD_BREAK)});
    at = end;
  }
  return characters;
}

bool GoesWithTheOneBefore(const Character& c) {
  return c.word_break == U_WB_EXTEND || c.word_break == U_WB_FORMAT || c.word_break == U_WB_ZWJ;
}

// How words of a script are found.
enum class Writing {
  kSpaced,     // the annex says where they end
  kRun,        // Thai and the like: ICU has a dictionary, here a run is a token
  kKatakana,   // the same, of Katakana
  kCharacter,  // Han, Hiragana: ICU has a dictionary, here each character is a token
};

Writing WritingOf(const Character& c) {
  if (u_getIntPropertyValue(c.code, UCHAR_LINE_BREAK) == U_LB_COMPLEX_CONTEXT) return Writing::kRun;
  if (c.word_break == U_WB_KATAKANA) return Writing::kKatakana;
  const int script = u_getIntPropertyValue(c.code, UCHAR_SCRIPT);
  const bool is_character = script == USCRIPT_HAN || script == USCRIPT_HIRAGANA;
  const bool is_letter = u_isalpha(c.code) || u_hasBinaryProperty(c.code, UCHAR_IDEOGRAPHIC);
  return is_character && is_letter ? Writing::kCharacter : Writing::kSpaced;
}

bool MakesToken(const Character& c) {
  return c.word_break == U_WB_ALETTER || c.word_break == U_WB_HEBREW_LETTER ||
         c.word_break == U_WB_NUMERIC || WritingOf(c) != Writing::kSpaced;
}

// Where the tokenizer, as Lucene, reads the annex with less context: quotes behind Hebrew letters.
bool HasHebrewQuote(std::string_view text) {
  bool after_hebrew = false;
  for (const Character& c : CharactersOf(text)) {
    if (GoesWithTheOneBefore(c)) continue;
    const bool is_quote = c.word_break == U_WB_SINGLE_QUOTE || c.word_break == U_WB_DOUBLE_QUOTE;
    if (after_hebrew && is_quote) return true;
    after_hebrew = c.word_break == U_WB_HEBREW_LETTER;
  }
  return false;
}

// The text as ICU is to see it, unit for unit: without the characters that it would look up in a
// dictionary. Those of scripts without spaces become signs that end words; Hangul, whose words the
// annex finds as any others, becomes a letter. And without the two signs that ICU has rules of its
// own for: the at sign becomes another sign, and the colon, which joins letters in the annex but in
// ICU only those of Finnish and Swedish, the middle dot, which joins them in both.
icu::UnicodeString ShownToIcu(std::string_view text, bool colons_join) {
  icu::UnicodeString shown;
  for (const Character& c : CharactersOf(text)) {
    const Writing writing = WritingOf(c);
    if (writing == Writing::kRun || writing == Writing::kCharacter) {
      shown.append(icu::UnicodeString(U16_LENGTH(c.code), u'#', U16_LENGTH(c.code)));
    } else if (u_getIntPropertyValue(c.code, UCHAR_SCRIPT) == USCRIPT_HANGUL) {
      shown.append(u'a');
    } else if ((c.code == ':' && !colons_join) || c.code == 0xfe55 || c.code == 0xff1a) {
      shown.append(u'\u00b7');
    } else if (c.code == '@') {
      shown.append(u'#');
    } else {
      shown.append(c.code);
    }
  }
  return shown;
}

// ICU's words that hold something to search for; runs of Katakana, Thai and the like in one piece.
std::vector<Piece> ExpectedByIcu(icu::BreakIterator* words, bool colons_join,
                                 std::string_view text) {
  const icu::UnicodeString shown = ShownToIcu(text, colons_join);
  words->setText(shown);
  std::vector<Piece> tokens;
  Piece word{0, 0};
  bool is_token = false;
  Writing before = Writing::kSpaced;
  int32_t unit = 0;
  for (const Character& c : CharactersOf(text)) {
    const Writing writing = WritingOf(c);
    const bool in_run =
        writing == before && (writing == Writing::kRun || writing == Writing::kKatakana);
    if (words->isBoundary(unit) && !in_run) {
      if (is_token) tokens.push_back(word);
      word.first = c.begin;
      is_token = false;
    }
    unit += U16_LENGTH(c.code);
    word.second = c.end;
    is_token |= MakesToken(c);
    if (!GoesWithTheOneBefore(c) || writing == Writing::kRun) before = writing;
  }
  if (is_token) tokens.push_back(word);
  return tokens;
}

std::vector<Piece> PiecesOf(const std::vector<AnalyzedToken>& tokens) {
  std::vector<Piece> pieces;
  for (const AnalyzedToken& token : tokens) pieces.push_back({token.start_byte, token.end_byte});
  return pieces;
}

// What FTS5 calls a character of a word, here with the marks that Indian scripts need.
constexpr const char* kCategories = "L* N* Co M*";
bool IsInFts5Words(const Character& c) {
  return (U_GET_GC_MASK(c.code) & (U_GC_L_MASK | U_GC_N_MASK | U_GC_M_MASK | U_GC_CO_MASK)) != 0;
}

// What may be inside of words for the annex, whether FTS5 takes it for a letter or not: letters,
// digits and what joins them.
bool MayBeInWords(const Character& c) {
  return c.word_break != U_WB_OTHER && c.word_break != U_WB_WSEGSPACE && c.word_break != U_WB_CR &&
         c.word_break != U_WB_LF && c.word_break != U_WB_NEWLINE;
}

// Our tokens as FTS5 has them: cut at signs that join; joined where only the script changes; and
// with the numbers that are no digits (as ²), and marks behind no letter, which are in no token of
// ours.
std::vector<Piece> ExpectedOfFts5(const std::vector<Piece>& tokens, std::string_view text) {
  std::vector<Piece> pieces;
  size_t next = 0;  // token
  bool was_ours = false;
  Writing last = Writing::kSpaced;
  for (const Character& c : CharactersOf(text)) {
    while (next < tokens.size() && tokens[next].second <= c.begin) ++next;
    const bool is_ours = next < tokens.size() && tokens[next].first <= c.begin;
    const bool begins = is_ours && tokens[next].first == c.begin;
    const bool is_theirs =
        is_ours ? !MayBeInWords(c) || IsInFts5Words(c) : IsInFts5Words(c) && !MakesToken(c);
    if (!is_theirs) continue;
    const bool changes = WritingOf(c) != last || WritingOf(c) == Writing::kCharacter;
    const bool touches = !pieces.empty() && pieces.back().second == c.begin;
    if (touches && (changes || !is_ours || !was_ours || !begins)) {
      pieces.back().second = c.end;
    } else {
      pieces.push_back({c.begin, c.end});
    }
    was_ours = is_ours;
    if (!GoesWithTheOneBefore(c)) last = WritingOf(c);
  }
  return pieces;
}

std::string Folded(std::string_view term) {
  std::string folded;
  icu::UnicodeString::fromUTF8(icu::StringPiece(term.data(), static_cast<int32_t>(term.size())))
      .foldCase()
      .toUTF8String(folded);
  return folded;
}

// Texts by language.
using Texts = std::map<std::string, std::vector<std::string>>;

Texts TextsOfIcu() {
  SeededRandom random(51);
  Texts texts;
  for (const std::string& language : LanguagesWithText()) {
    for (int i = 0; i < 100; ++i) texts[language].push_back(RandomTextOf(language, &random));
  }
  return texts;
}

// Words of the vocabularies, with this and that between them.
Texts TextsOfSnowball() {
  static constexpr const char* kBetween[] = {" ", " ", ", ", "-", "/", "’", "'",
                                             ".", "_", " 2", "(", ":", "@"};
  SeededRandom random(52);
  Texts texts;
  if (SharedDataFile("snowball").empty()) return texts;
  for (const auto& entry : std::filesystem::directory_iterator(SharedDataFile("snowball"))) {
    const std::string name = entry.path().filename().string();
    if (!name.ends_with(".tsv.xz")) continue;
    std::string text;
    std::vector<std::string>& of_language = texts[name.substr(0, name.find('.'))];
    ForEachLine(entry.path().string(), [&](std::string_view line) {
      text += line.substr(0, line.find('\t'));
      text += kBetween[random.Below(std::size(kBetween))];
      if (random.OneIn(12)) of_language.push_back(std::exchange(text, {}));
    });
    of_language.push_back(text);
  }
  return texts;
}

// ICU's locale of a vocabulary; the root's rules for languages that have none of their own.
icu::Locale LocaleOf(const std::string& language) {
  if (language == "finnish") return icu::Locale("fi");
  if (language == "swedish") return icu::Locale("sv");
  return language.size() > 3 ? icu::Locale::getRoot() : icu::Locale(language.c_str());
}

// The standard tokenizer, which cuts no word of these texts: the others have no longest token, and
// written-out numbers of Finnish may be longer than the usual one.
std::shared_ptr<const Analyzer> MakeStandardAnalyzer(std::string_view filters) {
  return MakeAnalyzer(
      Cat(R"({"tokenizer":{"type":"standard","max_token_length":10922},"filters":)", filters, "}"));
}

void CompareWithIcu(const Texts& texts) {
  EXPECT_GE(texts.size(), 20u);
  const auto analyzer = MakeStandardAnalyzer(R"(["lowercase"])");
  for (const auto& [language, of_language] : texts) {
    const icu::Locale locale = LocaleOf(language);
    UErrorCode code = U_ZERO_ERROR;
    const std::unique_ptr<icu::BreakIterator> words(
        icu::BreakIterator::createWordInstance(locale, code));
    ASSERT_TRUE(U_SUCCESS(code)) << language;
    const bool colons_join = locale.getLanguage() == std::string_view("fi") ||
                             locale.getLanguage() == std::string_view("sv");
    size_t tokens = 0;
    for (const std::string& text : of_language) {
      if (HasHebrewQuote(text)) continue;
      const std::vector<Piece> pieces = PiecesOf(*analyzer->Analyze(text));
      EXPECT_EQ(pieces, ExpectedByIcu(words.get(), colons_join, text)) << language << " " << text;
      tokens += pieces.size();
    }
    EXPECT_GT(tokens, 500u) << language;
  }
}

// The terms, by their places, in FTS5 and with the full case folding of Unicode, of which FTS5 has
// the simple one (which leaves `ß`).
std::map<Piece, std::string> TermsOfFts5(const Fts5Tokenizer& fts5, std::string_view text) {
  std::map<Piece, std::string> terms;
  for (const Fts5Token& token : fts5.Tokens(text)) {
    terms[{token.start_byte, token.end_byte}] = Folded(token.term);
  }
  return terms;
}

void CompareWithFts5(const Texts& texts) {
  const auto analyzer = MakeStandardAnalyzer(R"(["casefold"])");
  const Fts5Tokenizer fts5({"remove_diacritics", "0", "categories", kCategories});
  size_t languages = 0;  // whose words are mostly the same without any rule
  for (const auto& [language, of_language] : texts) {
    size_t tokens = 0, same = 0;
    for (const std::string& text : of_language) {
      const std::vector<AnalyzedToken> ours = *analyzer->Analyze(text);
      const std::map<Piece, std::string> theirs = TermsOfFts5(fts5, text);
      std::vector<Piece> their_pieces;
      for (const auto& [piece, term] : theirs) their_pieces.push_back(piece);
      EXPECT_EQ(ExpectedOfFts5(PiecesOf(ours), text), their_pieces) << language << " " << text;
      for (const AnalyzedToken& token : ours) {
        const auto their = theirs.find({token.start_byte, token.end_byte});
        if (their == theirs.end()) continue;
        EXPECT_EQ(token.term, their->second) << language << " " << text;
        ++same;
      }
      tokens += ours.size();
    }
    EXPECT_GT(tokens, 500u) << language;
    languages += same * 2 > tokens;
  }
  EXPECT_GE(languages, 20u);
}

bool IsLatin(std::string_view text) {
  const std::vector<Character> characters = CharactersOf(text);
  return std::all_of(characters.begin(), characters.end(), [](const Character& c) {
    return !u_isalpha(c.code) || u_getIntPropertyValue(c.code, UCHAR_SCRIPT) == USCRIPT_LATIN;
  });
}

// Without diacritics: FTS5 takes them from Latin letters only.
void CompareLatinWithFts5(const Texts& texts) {
  const auto analyzer = MakeStandardAnalyzer(R"(["casefold","diacriticfolding"])");
  const Fts5Tokenizer fts5({"remove_diacritics", "2", "categories", kCategories});
  size_t languages = 0;  // with words that lose something
  for (const auto& [language, of_language] : texts) {
    size_t changed = 0;
    for (const std::string& text : of_language) {
      const std::map<Piece, std::string> theirs = TermsOfFts5(fts5, text);
      const std::vector<AnalyzedToken> ours = *analyzer->Analyze(text);
      for (const AnalyzedToken& token : ours) {
        const Piece piece{token.start_byte, token.end_byte};
        const std::string word = text.substr(piece.first, piece.second - piece.first);
        const auto their = theirs.find(piece);
        if (their == theirs.end() || !IsLatin(word)) continue;
        EXPECT_EQ(token.term, their->second) << language << " " << word;
        changed += Folded(word) != token.term;
      }
    }
    languages += changed >= 20;
  }
  EXPECT_GE(languages, 10u);
}

#define SKIP_UNLESS_ICU_HAS_OUR_UNICODE()                   \
  if (U_UNICODE_VERSION != std::string_view("15.0")) {      \
    GTEST_SKIP() << "ICU knows Unicode " U_UNICODE_VERSION; \
  }

TEST(OtherTokenizersTest, WordsAreThoseOfIcu) {
  SKIP_UNLESS_ICU_HAS_OUR_UNICODE();
  CompareWithIcu(TextsOfIcu());
}

TEST(OtherTokenizersTest, WordsAreThoseOfFts5) {
  SKIP_UNLESS_ICU_HAS_OUR_UNICODE();
  CompareWithFts5(TextsOfIcu());
}

TEST(OtherTokenizersTest, LatinWordsWithoutDiacriticsAreThoseOfFts5) {
  SKIP_UNLESS_ICU_HAS_OUR_UNICODE();
  CompareLatinWithFts5(TextsOfIcu());
}

TEST(OtherTokenizersTest, WordsOfVocabulariesAreTheSame) {
  SKIP_UNLESS_ICU_HAS_OUR_UNICODE();
  const Texts texts = TextsOfSnowball();
  if (texts.empty()) GTEST_SKIP() << kNoSharedData;
  CompareWithIcu(texts);
  CompareWithFts5(texts);
  CompareLatinWithFts5(texts);
}

}  // namespace
}  // namespace segue

#else

TEST(OtherTokenizersTest, WordsAreTheSame) {
  GTEST_SKIP()
      << "ICU or SQLite was not there when the tests were configured (packages libicu-dev, "
         "libsqlite3-dev)";
}

#endif

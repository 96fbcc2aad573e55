// SPDX-License-Identifier: Apache-2.0
//
// What filters do to single characters of scripts: each of them by hand, and promises over all of
// Unicode. And pairs of characters of scripts without spaces, against a model.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/strings.h"
#include "engine/base/utf8.h"
#include "engine/text/script_filters.h"
#include "tests/text/naive_tokens.h"
#include "utf8proc.h"

namespace segue {
namespace {

template <typename Fn>
void ForEachCharacter(Fn&& fn) {
  for (char32_t cp = 0x80; cp < 0x110000; ++cp) {
    if (cp < 0xd800 || cp >= 0xe000) fn(cp);
  }
}

TEST(ScriptMapTest, ArabicByHand) {
  const std::pair<char32_t, char32_t> cases[] = {
      {U'آ', U'ا'},   {U'أ', U'ا'},   {U'إ', U'ا'},   {U'ٱ', U'ا'},
      {U'ا', U'ا'},   {U'ى', U'ي'},   {U'ي', U'ي'},   {U'ة', U'ه'},
      {U'ه', U'ه'},   {U'\u0640', 0}, {U'\u064b', 0}, {U'\u064e', 0},
      {U'\u0651', 0}, {U'\u0652', 0}, {U'\u0655', 0}, {U'\u0656', U'\u0656'},
      {U'\u0670', 0}, {U'ب', U'ب'},   {U'ک', U'ک'},   {U'\u0660', U'\u0660'},
      {U'é', U'é'},   {U'ء', U'ء'},   {U'ؤ', U'ؤ'},
  };
  for (const auto& [from, to] : cases) EXPECT_EQ(uint32_t{NormalizeArabic(from)}, uint32_t{to});
}

TEST(ScriptMapTest, PersianByHand) {
  const std::pair<char32_t, char32_t> cases[] = {
      {U'ی', U'ي'}, {U'ے', U'ي'},   {U'ک', U'ك'}, {U'ۀ', U'ه'},
      {U'ہ', U'ه'}, {U'\u0654', 0}, {U'پ', U'پ'}, {U'ي', U'ي'},
  };
  for (const auto& [from, to] : cases) EXPECT_EQ(uint32_t{NormalizePersian(from)}, uint32_t{to});
}

// Only what a filter is for changes: letters of other scripts, and what it made itself, stay.
TEST(ScriptMapTest, EachStaysInItsScriptAndIsDoneAfterOnce) {
  const struct {
    CharacterMap map;
    char32_t first, last;  // what may change
    const char* name;
  } maps[] = {{NormalizeArabic, 0x600, 0x6ff, "arabic"},
              {NormalizePersian, 0x600, 0x6ff, "persian"},
              {NormalizeHindi, 0x900, 0x200d, "hindi"}};
  for (const auto& [map, first, last, name] : maps) {
    size_t changed = 0;
    ForEachCharacter([&, map = map, first = first, last = last, name = name](char32_t cp) {
      const char32_t mapped = map(cp);
      if (mapped == cp) return;
      ++changed;
      EXPECT_TRUE(cp >= first && cp <= last) << name << " " << Hex(cp);
      EXPECT_TRUE(mapped == 0 || map(mapped) == mapped) << name << Hex(cp);
    });
    EXPECT_GT(changed, 5u) << name;
    EXPECT_LT(changed, 60u) << name;
  }
}

// By the numbers that Unicode gives to digits.
TEST(ScriptMapTest, EveryDecimalDigitIsTheOneOfItsValue) {
  size_t digits = 0, zeros = 0;
  ForEachCharacter([&](char32_t cp) {
    const bool is_digit =
        utf8proc_category(static_cast<utf8proc_int32_t>(cp)) == UTF8PROC_CATEGORY_ND;
    const char32_t mapped = NormalizeDigit(cp);
    if (!is_digit) {
      ASSERT_EQ(uint32_t{mapped}, uint32_t{cp});
      return;
    }
    ++digits;
    zeros += mapped == '0' ? 1 : 0;
    ASSERT_TRUE(mapped >= '0' && mapped <= '9') << Hex(cp);
    // They stand in a row: the next one is one more, but for a nine.
    const bool has_next =
        utf8proc_category(static_cast<utf8proc_int32_t>(cp + 1)) == UTF8PROC_CATEGORY_ND;
    if (mapped == '9') return;
    ASSERT_TRUE(has_next) << Hex(cp);
    ASSERT_EQ(uint32_t{NormalizeDigit(cp + 1)}, uint32_t{mapped} + 1) << Hex(cp);
  });
  EXPECT_EQ(digits, 10 * zeros);
  EXPECT_GT(zeros, 50u);
}

TEST(ScriptMapTest, WholeWords) {
  const struct {
    const char* filter;
    const char* text;
    const char* wanted;
  } cases[] = {
      {"arabic_normalization", "إسلام إلى مدرسة كِتَاب محمّد", "اسلام الي مدرسه كتاب محمد"},
      {"arabic_normalization", "العـــربية", "العربيه"},
      {"persian_normalization", "کتاب یک ہے", "كتاب يك هي"},
      {"hindi_normalization", "अँगरेज़ी हिन्दी", "अंगरेजि हिनदि"},
      {"hindi_normalization", "क़लम ज़रा", "कलम जरा"},
      {"hindi_normalization", "क\u094d\u200dष", "कष"},
      {"indic_normalization", "अाम अॉ आॅ", "आम ऑ ऑ"},
      {"indic_normalization", "অাম", "আম"},
      {"indic_normalization", "க\u200ck", "கk"},
      {"decimal_digit", "١٢٣ ७८ ๙ 𝟘 ① ²", "123 78 9 0 ① ²"},
      // Nothing of its script: it stays.
      {"arabic_normalization", "abc é", "abc é"},
      {"hindi_normalization", "abc é", "abc é"},
      // A word of nothing else would become empty: it stays.
      {"arabic_normalization", "\u064e\u064f", "\u064e\u064f"},
      {"hindi_normalization", "\u093c", "\u093c"},
  };
  for (const auto& [filter, text, wanted] : cases) {
    std::string all;
    for (const std::string& term : Terms(WithFilter(Cat("\"", filter, "\"")), text)) {
      CatTo(&all, all.empty() ? "" : " ", term);
    }
    EXPECT_EQ(all, wanted) << filter;
  }
}

// What a filter does to a word, it does to a part of it: a prefix that is typed is found.
TEST(ScriptMapTest, PartsOfWordsAreMappedAlike) {
  for (const char* filter : {"arabic_normalization", "persian_normalization", "hindi_normalization",
                             "decimal_digit", "indic_normalization"}) {
    const auto analyzer = MakeAnalyzer(WithFilter(Cat("\"", filter, "\"")));
    for (const char* word : {"إسلام", "کتاب", "क़लम", "١٢٣", "abc"}) {
      EXPECT_EQ(analyzer->Normalize(word), Terms(WithFilter(Cat("\"", filter, "\"")), word)[0])
          << filter << " " << word;
    }
  }
}

// --- Pairs ---

// Characters with their marks, in runs that touch; other words in between.
struct Piece {
  const char* text;
  TokenType type;
};

constexpr Piece kPieces[] = {{"東", TokenType::kIdeographic}, {"京", TokenType::kIdeographic},
                             {"あ", TokenType::kHiragana},    {"カ", TokenType::kKatakana},
                             {"한", TokenType::kHangul},      {"abc", TokenType::kAlphanum},
                             {" ", TokenType::kAlphanum},     {" ", TokenType::kAlphanum}};

// One position for each character that is paired, and one for each other word.
Tokens NaivePairs(const Tokens& tokens, bool unigrams, const std::vector<TokenType>& paired) {
  const auto is_paired = [&](const AnalyzedToken& token) {
    return std::find(paired.begin(), paired.end(), token.type) != paired.end();
  };
  Tokens out;
  for (size_t i = 0; i < tokens.size(); ++i) {
    const auto adjoins = [&](size_t a, size_t b) {
      return is_paired(tokens[a]) && is_paired(tokens[b]) &&
             tokens[a].end_byte == tokens[b].start_byte;
    };
    const bool has_next = i + 1 < tokens.size() && adjoins(i, i + 1);
    const bool has_last = i > 0 && adjoins(i - 1, i);
    if (!is_paired(tokens[i]) || unigrams || (!has_next && !has_last)) out.push_back(tokens[i]);
    if (!has_next) continue;
    AnalyzedToken pair = tokens[i];
    pair.term += tokens[i + 1].term;
    pair.end_byte = tokens[i + 1].end_byte;
    pair.position_length = unigrams ? 2 : 1;
    out.push_back(pair);
  }
  return out;
}

TEST(CjkBigramModel, NeighboursOfTheChosenScripts) {
  SeededRandom random(911);
  const struct {
    const char* options;
    bool unigrams;
    std::vector<TokenType> paired;
  } cases[] = {
      {"",
       false,
       {TokenType::kIdeographic, TokenType::kHiragana, TokenType::kKatakana, TokenType::kHangul}},
      {R"(,"unigrams":true)",
       true,
       {TokenType::kIdeographic, TokenType::kHiragana, TokenType::kKatakana, TokenType::kHangul}},
      {R"(,"scripts":["han"])", false, {TokenType::kIdeographic}},
      {R"(,"scripts":["han","hiragana"],"unigrams":true)",
       true,
       {TokenType::kIdeographic, TokenType::kHiragana}},
  };
  for (const auto& [options, unigrams, paired] : cases) {
    const std::string definition =
        Cat(R"({"tokenizer":"standard","filters":[{"type":"cjk_bigram")", options, "}]}");
    for (int round = 0; round < 150; ++round) {
      // As the tokenizer gives single characters; runs of Katakana and Hangul have one each here.
      std::string text;
      Tokens characters;
      const Piece* last = nullptr;
      for (uint64_t left = random.Below(14); left > 0; --left) {
        const Piece* const piece = &kPieces[random.Below(std::size(kPieces))];
        const bool is_run = last != nullptr && piece->type == last->type &&
                            piece->type != TokenType::kIdeographic &&
                            piece->type != TokenType::kHiragana && *piece->text != ' ';
        if (is_run) continue;
        if (*piece->text != ' ') {
          // Letters beside other scripts are tokens of their own.
          characters.push_back(NaiveToken(piece->text, characters.size(), text.size(),
                                          text.size() + std::string_view(piece->text).size()));
          characters.back().type = piece->type;
        }
        text += piece->text;
        last = piece;
      }
      // The tokenizer joins letters and Hangul; such texts say nothing here.
      if (Analyze(R"({"tokenizer":"standard"})", text) != characters) continue;
      ASSERT_EQ(Analyze(definition, text), NaivePairs(characters, unigrams, paired))
          << definition << "\n"
          << text;
    }
  }
}

}  // namespace
}  // namespace segue

// SPDX-License-Identifier: Apache-2.0
//
// The tokenizer against examples, and its fast way against the automaton alone.
#include "engine/text/standard_tokenizer.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/utf8.h"
#include "engine/text/word_automaton.h"
#include "tests/text/text_test_util.h"

namespace segue {
namespace {

constexpr std::string_view kPlain = R"({"tokenizer":"standard"})";

// "term/TYPE" of each token.
Strings TypedTerms(std::string_view text) {
  Strings out;
  for (const AnalyzedToken& token : Analyze(kPlain, text)) {
    out.push_back(token.term + "/" + std::string(TokenTypeName(token.type)));
  }
  return out;
}

// What the tokenizer promises, straight from the automaton.
std::vector<AnalyzedToken> ExpectedTokens(std::string_view text, size_t max_units) {
  std::vector<AnalyzedToken> out;
  const uint8_t* const begin = reinterpret_cast<const uint8_t*>(text.data());
  const uint8_t* const end = begin + text.size();
  for (const uint8_t* p = begin; p < end;) {
    const WordMatch match = MatchWord(p, end, max_units);
    if (match.bytes == 0) {
      char32_t ignored;
      p += DecodeUtf8(p, end, &ignored);
      continue;
    }
    const uint32_t start = static_cast<uint32_t>(p - begin);
    const uint32_t stop = start + static_cast<uint32_t>(match.bytes);
    out.push_back({std::string(text.substr(start, match.bytes)), static_cast<uint32_t>(out.size()),
                   1, start, stop, match.type});
    p += match.bytes;
  }
  return out;
}

std::vector<AnalyzedToken> ActualTokens(StandardTokenizer* tokenizer, std::string_view text) {
  std::vector<AnalyzedToken> out;
  TokenBatch batch;
  tokenizer->Start(text);
  uint32_t position = 0;
  for (bool more = true; more;) {
    batch.Clear();
    more = tokenizer->Next(&batch);
    EXPECT_EQ(batch.trailing_increment(), 0u);
    for (size_t i = 0; i < batch.size(); ++i) {
      const Token& token = batch[i];
      EXPECT_EQ(token.position_increment, 1u);
      EXPECT_LE(token.term_end(), batch.bytes_used());
      const std::string term(batch.term(i));
      EXPECT_TRUE(token.may_be_non_ascii ||
                  std::all_of(term.begin(), term.end(), [](char c) { return c >= 0; }));
      EXPECT_TRUE(!token.may_be_non_ascii || batch.may_have_non_ascii());
      out.push_back(
          {term, position++, token.position_length, token.start_byte, token.end_byte, token.type});
    }
  }
  return out;
}

TEST(StandardTokenizerTest, EnglishText) {
  EXPECT_EQ(Terms(kPlain, "The 2 quick brown-foxes jumped over the lazy dog's bone."),
            (Strings{"The", "2", "quick", "brown", "foxes", "jumped", "over", "the", "lazy",
                     "dog's", "bone"}));
  EXPECT_EQ(Terms(kPlain, "O'Reilly you're she's jim's don't"),
            (Strings{"O'Reilly", "you're", "she's", "jim's", "don't"}));
  EXPECT_EQ(
      Terms(kPlain, "AT&T cb@example.com 21.35 R2D2 216.239.63.104 2,5 3;4"),
      (Strings{"AT", "T", "cb", "example.com", "21.35", "R2D2", "216.239.63.104", "2,5", "3;4"}));
  EXPECT_EQ(
      Terms(kPlain, "snake_case _x __ a_ a:b 1:2 a;b a,b .a a. a..b"),
      (Strings{"snake_case", "_x", "a_", "a:b", "1", "2", "a", "b", "a", "b", "a", "a", "a", "b"}));
}

TEST(StandardTokenizerTest, NothingToFind) {
  for (std::string_view text :
       {"", " ", "...", "__", "- \t\n", "\"'", "\xff\xfe", "\xe2\x80\x94"}) {
    EXPECT_EQ(Terms(kPlain, text), Strings{}) << testing::PrintToString(text);
  }
}

TEST(StandardTokenizerTest, Types) {
  EXPECT_EQ(TypedTerms("a1 1a 12 1.2 _1 1_2 _"),
            (Strings{"a1/ALPHANUM", "1a/ALPHANUM", "12/NUM", "1.2/NUM", "_1/NUM", "1_2/NUM"}));
  EXPECT_EQ(TypedTerms("我是中国人"), (Strings{"我/IDEOGRAPHIC", "是/IDEOGRAPHIC", "中/IDEOGRAPHIC",
                                               "国/IDEOGRAPHIC", "人/IDEOGRAPHIC"}));
  EXPECT_EQ(TypedTerms("ひらカタカナ"),
            (Strings{"ひ/HIRAGANA", "ら/HIRAGANA", "カタカナ/KATAKANA"}));
  EXPECT_EQ(TypedTerms("안녕하세요 한글입니다"),
            (Strings{"안녕하세요/HANGUL", "한글입니다/HANGUL"}));
  EXPECT_EQ(TypedTerms("การที่ได้ต้องแสดงว่างานดี"), (Strings{"การที่ได้ต้องแสดงว่างานดี/SOUTHEAST_ASIAN"}));
  EXPECT_EQ(TypedTerms("Это дом ٣٤"), (Strings{"Это/ALPHANUM", "дом/ALPHANUM", "٣٤/NUM"}));
  // A mark goes with what stands before it.
  EXPECT_EQ(TypedTerms("さ\u3099か"), (Strings{"さ\u3099/HIRAGANA", "か/HIRAGANA"}));
  EXPECT_EQ(TypedTerms("中\u0301"), (Strings{"中\u0301/IDEOGRAPHIC"}));
}

TEST(StandardTokenizerTest, Hebrew) {
  EXPECT_EQ(Terms(kPlain, "צה\"ל"), (Strings{"צה\"ל"}));
  EXPECT_EQ(Terms(kPlain, "ג' צ\""), (Strings{"ג'", "צ"}));
}

TEST(StandardTokenizerTest, EmojiSequences) {
  for (std::string_view emoji : {"😀", "👨‍👩‍👧‍👦", "👍🏽", "🇩🇪", "❤️",
                                 "1️⃣", "#⃣", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "©"}) {
    const std::string text = "a " + std::string(emoji) + " b";
    EXPECT_EQ(TypedTerms(text),
              (Strings{"a/ALPHANUM", std::string(emoji) + "/EMOJI", "b/ALPHANUM"}));
  }
  EXPECT_EQ(Terms(kPlain, "🇩🇪🇫🇷😀👍"), (Strings{"🇩🇪", "🇫🇷", "😀", "👍"}));
  EXPECT_EQ(Terms(kPlain, "💩💩Mail"), (Strings{"💩", "💩", "Mail"}));
}

TEST(StandardTokenizerTest, LongTokensAreCut) {
  const auto lengths = [](std::string_view text) {
    std::vector<size_t> out;
    for (const std::string& term : Terms(kPlain, text)) out.push_back(term.size());
    return out;
  };
  EXPECT_EQ(lengths(std::string(255, 'a')), (std::vector<size_t>{255}));
  EXPECT_EQ(lengths(std::string(256, 'a')), (std::vector<size_t>{255, 1}));
  EXPECT_EQ(lengths(std::string(600, '1')), (std::vector<size_t>{255, 255, 90}));
  // The letter that would make the full stop part of the word is beyond the limit.
  EXPECT_EQ(lengths(std::string(254, 'a') + ".b"), (std::vector<size_t>{254, 1}));
  EXPECT_EQ(lengths(std::string(253, 'a') + ".b"), (std::vector<size_t>{255}));
  // The limit counts UTF-16 units and cuts no character.
  EXPECT_EQ(lengths(std::string(254, 'a') + "𐐀"), (std::vector<size_t>{254, 4}));
  EXPECT_EQ(lengths(std::string(253, 'a') + "𐐀"), (std::vector<size_t>{257}));
  // Leading underscores belong to the word as far as the limit reaches.
  EXPECT_EQ(lengths(std::string(1000, '_') + "a"), (std::vector<size_t>{255}));
  EXPECT_EQ(lengths(std::string(5000, '_')), (std::vector<size_t>{}));
}

TEST(StandardTokenizerTest, LengthLimitIsAnOption) {
  EXPECT_EQ(Terms(R"({"tokenizer":{"type":"standard","max_token_length":3}})", "abcdefgh ij 中"),
            (Strings{"abc", "def", "gh", "ij", "中"}));
  EXPECT_EQ(Terms(R"({"tokenizer":{"type":"standard","max_token_length":1}})", "ab.c"),
            (Strings{"a", "b", "c"}));
}

TEST(StandardTokenizerTest, HugeTokens) {
  const size_t kMiB = size_t{1} << 20;
  for (std::string_view unit : {"a", "1", "é", "中", "ไ", "_", "😀", "\xe2\x80\x8d", "a."}) {
    std::string text;
    while (text.size() < kMiB) text += unit;
    StandardTokenizer tokenizer(255, ActiveAsciiWordKernels());
    const auto tokens = ActualTokens(&tokenizer, text);
    EXPECT_EQ(tokens, ExpectedTokens(text, 255)) << unit;
  }
}

TEST(StandardTokenizerTest, NulAndMalformedBytesSeparate) {
  EXPECT_EQ(Terms(kPlain, std::string_view("a\0b", 3)), (Strings{"a", "b"}));
  EXPECT_EQ(Terms(kPlain, "caf\xc3 au\xff lait\xe2\x80"), (Strings{"caf", "au", "lait"}));
  EXPECT_EQ(Terms(kPlain,
                  "a\xff"
                  "b"),
            (Strings{"a", "b"}));
}

TEST(StandardTokenizerTest, FastWayEqualsAutomaton) {
  SeededRandom random(1);
  for (int round = 0; round < 3000; ++round) {
    const uint64_t ascii_share = random.OneIn(3) ? 10 : random.Between(1, 10);
    const size_t pieces = random.OneIn(10) ? random.Between(500, 3000) : random.Between(1, 60);
    const std::string text = RandomText(&random, pieces, ascii_share);
    const size_t max_units = random.OneIn(4) ? random.Between(1, 20) : 255;
    const auto expected = ExpectedTokens(text, max_units);
    for (const AsciiWordKernels& kernels : AllAsciiWordKernels()) {
      StandardTokenizer tokenizer(max_units, kernels);
      ASSERT_EQ(ActualTokens(&tokenizer, text), expected)
          << kernels.name << " round " << round << " limit " << max_units;
    }
  }
}

// Every string of up to five characters over an alphabet with one of each ASCII kind.
TEST(StandardTokenizerTest, ShortAsciiStringsExhaustively) {
  constexpr std::string_view kAlphabet = "aZ0_.:,' \"#";
  StandardTokenizer tokenizer(255, ActiveAsciiWordKernels());
  for (int length = 0; length <= 4; ++length) {
    std::vector<size_t> digits(length, 0);
    for (;;) {
      std::string text;
      for (size_t d : digits) text += kAlphabet[d];
      // Also at the seam of two blocks.
      for (size_t padding : {0, 62}) {
        const std::string padded = std::string(padding, ' ') + text;
        ASSERT_EQ(ActualTokens(&tokenizer, padded), ExpectedTokens(padded, 255)) << padded;
      }
      size_t i = 0;
      while (i < digits.size() && ++digits[i] == kAlphabet.size()) digits[i++] = 0;
      if (i == digits.size()) break;
    }
  }
}

TEST(StandardTokenizerTest, SeamsOfRegions) {
  // A word at every offset about the end of a region.
  StandardTokenizer tokenizer(255, ActiveAsciiWordKernels());
  for (std::string_view word : {"word", "3.14", "don't", "é", "中文", "a_b", "1\xe2\x83\xa3"}) {
    for (size_t padding = 3072 - 80; padding < 3072 + 16; ++padding) {
      for (char filler : {' ', 'x', '.'}) {
        const std::string text = std::string(padding, filler) + std::string(word) + " end";
        ASSERT_EQ(ActualTokens(&tokenizer, text), ExpectedTokens(text, 255))
            << word << " after " << padding << " of '" << filler << "'";
      }
    }
  }
}

}  // namespace
}  // namespace segue

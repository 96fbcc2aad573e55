// SPDX-License-Identifier: Apache-2.0
//
// `whitespace` beside a naive one that looks at one character at a time.
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "engine/base/strings.h"
#include "engine/base/utf8.h"
#include "engine/text/unicode.h"
#include "tests/support/seeded_random.h"
#include "tests/text/text_test_util.h"

namespace segue {
namespace {

std::vector<AnalyzedToken> NaiveTokens(std::string_view text, size_t max_units) {
  std::vector<AnalyzedToken> tokens;
  const auto* const bytes = reinterpret_cast<const uint8_t*>(text.data());
  size_t begin = 0, units = 0;
  const auto add = [&](size_t end) {
    if (units == 0) return;
    AnalyzedToken token;
    token.term = std::string(text.substr(begin, end - begin));
    token.position = static_cast<uint32_t>(tokens.size());
    token.start_byte = static_cast<uint32_t>(begin);
    token.end_byte = static_cast<uint32_t>(end);
    tokens.push_back(token);
    units = 0;
  };
  for (size_t at = 0; at < text.size();) {
    char32_t cp;
    const size_t length = DecodeUtf8(bytes + at, bytes + text.size(), &cp);
    const size_t cp_units = cp >= 0x10000 ? 2 : 1;
    if (cp == 0xfffd || IsWhitespace(cp)) {
      add(at);
    } else {
      if (units > 0 && units + cp_units > max_units) add(at);
      if (units == 0) begin = at;
      units += cp_units;
    }
    at += length;
  }
  add(text.size());
  return tokens;
}

// Runs of a few kinds of characters, of lengths around those of blocks and of tokens.
std::string RandomText(SeededRandom& random) {
  constexpr std::string_view kCharacters[] = {"a",      "Z",        "7",
                                              "-",      ".",        "\"",
                                              "#",      "_",        std::string_view("\0", 1),
                                              "\x7f",   " ",        "\t",
                                              "\n",     "\x1c",     "\x1b",
                                              "é",      "\u00a0",   "\u2003",
                                              "\u3000", "語",       "𐀀",
                                              "\xff",   "\xe2\x80", "\xed\xa0\x80"};
  std::string text;
  const bool mostly_ascii = random.OneIn(2);
  for (uint64_t runs = random.Below(40); runs > 0; --runs) {
    const size_t kinds = mostly_ascii && !random.OneIn(20) ? 13 : std::size(kCharacters);
    const std::string_view character = kCharacters[random.Below(kinds)];
    const uint64_t length = random.OneIn(8)   ? random.Between(50, 300)
                            : random.OneIn(3) ? random.Between(1, 70)
                                              : 1;
    for (uint64_t i = 0; i < length; ++i) text += character;
  }
  return text;
}

TEST(RunTokenizerTest, WhitespaceIsAsCharacterByCharacter) {
  SeededRandom random(7);
  for (const size_t max_units : {size_t{255}, size_t{1}, size_t{2}, size_t{64}, size_t{100}}) {
    const std::string analyzer =
        Cat(R"({"tokenizer":{"type":"whitespace","max_token_length":)", max_units, "}}");
    for (int i = 0; i < 1000; ++i) {
      const std::string text = RandomText(random);
      ASSERT_EQ(Analyze(analyzer, text), NaiveTokens(text, max_units)) << Quoted(text, 5000);
    }
  }
}

// Short words, so that batches are full in the middle of a block, and far between, so that blocks
// hold none.
TEST(RunTokenizerTest, WhitespaceOverManyBatches) {
  SeededRandom random(8);
  for (const uint64_t gap : {1, 3, 200}) {
    std::string text;
    for (int i = 0; i < 3000; ++i) {
      text.append(random.Between(1, gap), ' ');
      text.append(random.Between(1, 3), 'x');
    }
    ASSERT_EQ(Analyze("whitespace", text), NaiveTokens(text, 255));
  }
}

// What no token lies in takes no room in a batch.
TEST(RunTokenizerTest, WhiteSpaceIsNotKept) {
  const std::string text = "a" + std::string(1 << 20, ' ') + "b";
  const auto stream = MakeAnalyzer("whitespace")->NewStream();
  ASSERT_TRUE(stream->Start(text).ok());
  size_t tokens = 0;
  while (const TokenBatch* batch = stream->Next()) {
    tokens += batch->size();
    EXPECT_LE(batch->bytes_used(), 64 * (batch->size() + 1));
  }
  EXPECT_EQ(tokens, 2u);
}

}  // namespace
}  // namespace segue

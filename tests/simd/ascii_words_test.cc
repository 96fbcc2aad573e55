// SPDX-License-Identifier: Apache-2.0
#include "engine/simd/ascii_words.h"

#include <cctype>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "gtest/gtest.h"
#include "tests/support/seeded_random.h"

namespace segue {
namespace {

bool Has(uint64_t mask, int bit) { return (mask >> bit & 1) != 0; }

TEST(AsciiWordsTest, ScalarSaysWhatTheHeaderSays) {
  for (int c = 0; c < 256; ++c) {
    uint8_t text[64];
    std::memset(text, c, 64);
    AsciiWordBlock block;
    ScalarAsciiWordKernels().classify(text, 1, &block);
    const bool ascii = c < 128;
    const auto in = [&](std::string_view set) {
      return ascii && c != 0 && set.find(static_cast<char>(c)) != set.npos;
    };
    for (int bit : {0, 31, 32, 63}) {
      EXPECT_EQ(Has(block.letters, bit), ascii && std::isalpha(c)) << c;
      EXPECT_EQ(Has(block.digits, bit), ascii && std::isdigit(c)) << c;
      EXPECT_EQ(Has(block.connectors, bit), c == '_') << c;
      EXPECT_EQ(Has(block.between_letters, bit), in(".':")) << c;
      EXPECT_EQ(Has(block.between_digits, bit), in(".',;")) << c;
      EXPECT_EQ(Has(block.high, bit), !ascii) << c;
      EXPECT_EQ(Has(block.separators, bit), ascii && !std::isalnum(c) && !in("_.':,;\"#*")) << c;
      EXPECT_EQ(Has(block.blanks, bit), c == ' ') << c;
    }
  }
}

void ExpectEqualToScalar(const AsciiWordKernels& vector) {
  const AsciiWordKernels& scalar = ScalarAsciiWordKernels();
  SeededRandom random(2);
  for (int round = 0; round < 500; ++round) {
    const size_t blocks = random.Below(20);
    std::vector<uint8_t> text(64 * blocks + 96);
    for (uint8_t& c : text) c = static_cast<uint8_t>(random.Below(random.OneIn(2) ? 128 : 256));
    const size_t shift = random.Below(32);
    std::vector<AsciiWordBlock> expected(blocks), actual(blocks);
    scalar.classify(text.data() + shift, blocks, expected.data());
    vector.classify(text.data() + shift, blocks, actual.data());
    if (blocks > 0) {
      ASSERT_EQ(std::memcmp(expected.data(), actual.data(), blocks * sizeof(AsciiWordBlock)), 0);
    }
    const size_t bytes = random.Below(64 * blocks + 1);
    std::vector<uint8_t> other = text;
    scalar.lower(text.data() + shift, bytes);
    vector.lower(other.data() + shift, bytes);
    ASSERT_TRUE(std::equal(text.begin(), text.begin() + shift + bytes, other.begin()));
    // Before the text, and 31 bytes behind it, nothing changes.
    const size_t beyond = shift + bytes + 31;
    ASSERT_TRUE(std::equal(text.begin() + beyond, text.end(), other.begin() + beyond));
  }
}

TEST(AsciiWordsTest, VectorEqualsScalar) {
  for (const AsciiWordKernels& kernels : AllAsciiWordKernels()) {
    SCOPED_TRACE(kernels.name);
    ExpectEqualToScalar(kernels);
  }
}

TEST(AsciiWordsTest, LowerChangesCapitalsOnly) {
  for (const AsciiWordKernels& kernels : AllAsciiWordKernels()) {
    std::vector<uint8_t> text(256 + 32);
    for (int c = 0; c < 256; ++c) text[c] = static_cast<uint8_t>(c);
    kernels.lower(text.data(), 256);
    for (int c = 0; c < 256; ++c) {
      EXPECT_EQ(text[c], c >= 'A' && c <= 'Z' ? c + 32 : c) << kernels.name;
    }
  }
}

}  // namespace
}  // namespace segue

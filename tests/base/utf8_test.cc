// SPDX-License-Identifier: Apache-2.0
#include "engine/base/utf8.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace segue {
namespace {

std::vector<char32_t> Decode(std::string_view bytes) {
  std::vector<char32_t> points;
  const uint8_t* p = reinterpret_cast<const uint8_t*>(bytes.data());
  const uint8_t* end = p + bytes.size();
  while (p < end) {
    char32_t cp = 0;
    p += DecodeUtf8(p, end, &cp);
    points.push_back(cp);
  }
  return points;
}

constexpr char32_t kBad = kReplacementCharacter;

TEST(Utf8Test, EveryScalarValueRoundTrips) {
  for (char32_t cp = 0; cp <= 0x10ffff; ++cp) {
    if (cp >= 0xd800 && cp <= 0xdfff) continue;
    std::string bytes;
    AppendUtf8(cp, &bytes);
    ASSERT_EQ(Decode(bytes), std::vector<char32_t>{cp});
    ASSERT_TRUE(IsValidUtf8(bytes));
  }
}

TEST(Utf8Test, AppendReplacesWhatIsNoScalarValue) {
  for (const char32_t cp : {char32_t{0xd800}, char32_t{0xdfff}, char32_t{0x110000}}) {
    std::string bytes;
    AppendUtf8(cp, &bytes);
    EXPECT_EQ(bytes, "\xef\xbf\xbd");
  }
}

TEST(Utf8Test, MaximalSubparts) {
  // Unicode 15, tables 3-8 to 3-11.
  EXPECT_EQ(Decode("\xc0\xaf\xe0\x80\xbf\xf0\x81\x82\x41"),
            (std::vector<char32_t>{kBad, kBad, kBad, kBad, kBad, kBad, kBad, kBad, 'A'}));
  EXPECT_EQ(Decode("\xed\xa0\x80\xed\xbf\xbf\xed\xaf\x41"),
            (std::vector<char32_t>{kBad, kBad, kBad, kBad, kBad, kBad, kBad, kBad, 'A'}));
  EXPECT_EQ(Decode("\xf4\x91\x92\x93\xff\x41\x80\xbf\x42"),
            (std::vector<char32_t>{kBad, kBad, kBad, kBad, kBad, 'A', kBad, kBad, 'B'}));
  EXPECT_EQ(Decode("\xe1\x80\xe2\xf0\x91\x92\xf1\xbf\x41"),
            (std::vector<char32_t>{kBad, kBad, kBad, kBad, 'A'}));
}

TEST(Utf8Test, CutSequencesAtTheEnd) {
  EXPECT_EQ(Decode("a\xc3"), (std::vector<char32_t>{'a', kBad}));
  EXPECT_EQ(Decode("\xe2\x82"), (std::vector<char32_t>{kBad}));
  EXPECT_EQ(Decode("\xf0\x9f\x98"), (std::vector<char32_t>{kBad}));
  EXPECT_EQ(Decode("\xf0"), (std::vector<char32_t>{kBad}));
}

TEST(Utf8Test, ValidityAgreesWithDecodingOnAllShortInputs) {
  // Every string of three bytes from a set that has one of each class.
  const std::string classes =
      "a\x80\x8f\x90\x9f\xa0\xbf\xc1\xc2\xe0\xe1\xed\xef\xf0\xf3\xf4\xf5\xff";
  for (const char a : classes) {
    for (const char b : classes) {
      for (const char c : classes) {
        const std::string bytes = {a, b, c};
        std::string rebuilt;
        for (const char32_t cp : Decode(bytes)) AppendUtf8(cp, &rebuilt);
        EXPECT_EQ(IsValidUtf8(bytes), rebuilt == bytes);
        EXPECT_EQ(ToValidUtf8(bytes), rebuilt);
        EXPECT_TRUE(IsValidUtf8(rebuilt));
      }
    }
  }
}

TEST(Utf8Test, LongAsciiRunsWithOneBadByte) {
  for (size_t at = 0; at < 40; ++at) {
    std::string bytes(40, 'x');
    EXPECT_TRUE(IsValidUtf8(bytes));
    bytes[at] = '\xff';
    EXPECT_FALSE(IsValidUtf8(bytes));
    EXPECT_EQ(ToValidUtf8(bytes).size(), 42u);
  }
}

}  // namespace
}  // namespace segue

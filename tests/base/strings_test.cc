// SPDX-License-Identifier: Apache-2.0
#include "engine/base/strings.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <limits>
#include <string>
#include <string_view>

#include "engine/base/types.h"

namespace segue {
namespace {

TEST(CatTest, JoinsEveryKind) {
  const std::string_view view = "view";
  const std::string text = "text";
  EXPECT_EQ(Cat(view, " ", text, ' ', 'c', " ", true, " ", -5, " ", 5u), "view text c true -5 5");
  EXPECT_EQ(Cat(), "");
}

TEST(CatTest, BytesAreNumbers) { EXPECT_EQ(Cat(uint8_t{65}, " ", int8_t{-3}), "65 -3"); }

TEST(CatTest, ExtremeIntegers) {
  EXPECT_EQ(Cat(std::numeric_limits<int64_t>::min(), " ", std::numeric_limits<uint64_t>::max()),
            "-9223372036854775808 18446744073709551615");
}

TEST(CatTest, FloatingPointReadsBack) {
  for (const double value : {0.1, 1e300, -2.5e-308, 3.0, 1.0 / 3.0}) {
    EXPECT_EQ(std::strtod(Cat(value).c_str(), nullptr), value);
  }
  EXPECT_EQ(Cat(0.1f), "0.1");
}

TEST(CatTest, CatToAppends) {
  std::string out = "a";
  CatTo(&out, 1, "b");
  EXPECT_EQ(out, "a1b");
}

TEST(HexTest, PadsToWidth) {
  EXPECT_EQ(Hex(0), "0");
  EXPECT_EQ(Hex(0xdeadbeef), "deadbeef");
  EXPECT_EQ(Hex(10, 4), "000a");
  EXPECT_EQ(Hex(UINT64_MAX, 16), "ffffffffffffffff");
  EXPECT_EQ((SegmentId{255}).ToString(), "00000000000000ff");
}

TEST(QuotedTest, EscapesAndCuts) {
  EXPECT_EQ(Quoted("plain"), "\"plain\"");
  EXPECT_EQ(Quoted("a\"b\\"), "\"a\\\"b\\\\\"");
  EXPECT_EQ(Quoted(std::string_view("\0\n\xff", 3)), "\"\\x00\\x0a\\xff\"");
  EXPECT_EQ(Quoted("abcdef", 3), "\"abc\"…");
}

}  // namespace
}  // namespace segue

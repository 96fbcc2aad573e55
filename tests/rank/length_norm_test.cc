// SPDX-License-Identifier: Apache-2.0
#include "engine/rank/length_norm.h"

#include <gtest/gtest.h>

namespace segue {
namespace {

TEST(LengthNormTest, ShortLengthsAreExact) {
  for (uint32_t length = 0; length <= 40; ++length) {
    EXPECT_EQ(DecodeLength(EncodeLength(length)), length);
  }
  for (int norm = 0; norm < 40; ++norm) {
    EXPECT_TRUE(IsExactLength(static_cast<uint8_t>(norm)));
    EXPECT_EQ(DecodeLength(static_cast<uint8_t>(norm)), static_cast<uint32_t>(norm));
  }
  EXPECT_FALSE(IsExactLength(40));
}

// Computed with Lucene's SmallFloat.
TEST(LengthNormTest, KnownValues) {
  EXPECT_EQ(EncodeLength(41), 40);
  EXPECT_EQ(DecodeLength(40), 40u);
  EXPECT_EQ(DecodeLength(41), 42u);
  EXPECT_EQ(DecodeLength(48), 56u);
  EXPECT_EQ(EncodeLength(100), 57);
  EXPECT_EQ(DecodeLength(57), 96u);
  EXPECT_EQ(DecodeLength(255), 2013265944u);
  EXPECT_EQ(EncodeLength(kMaxFieldLength), 255);
}

TEST(LengthNormTest, EveryByteIsItsOwnShortestLength) {
  for (int norm = 0; norm < 256; ++norm) {
    uint8_t byte = static_cast<uint8_t>(norm);
    EXPECT_EQ(EncodeLength(DecodeLength(byte)), byte);
    if (norm > 0) {
      EXPECT_GT(DecodeLength(byte), DecodeLength(byte - 1));
      EXPECT_EQ(EncodeLength(DecodeLength(byte) - 1), byte - 1);
    }
  }
}

TEST(LengthNormTest, RoundsDownByLessThanAnEighth) {
  for (uint32_t length = 1; length < 3'000'000; length += 1 + length / 5000) {
    uint32_t decoded = DecodeLength(EncodeLength(length));
    EXPECT_LE(decoded, length);
    EXPECT_GT(decoded + decoded / 8 + 1, length);
  }
}

TEST(LengthNormTest, LengthsAboveTheMaximumAreTheMaximum) {
  EXPECT_EQ(EncodeLength(UINT32_MAX), 255);
  EXPECT_EQ(EncodeLength(kMaxFieldLength + 1), 255);
}

}  // namespace
}  // namespace segue

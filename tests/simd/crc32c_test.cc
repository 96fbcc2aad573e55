// SPDX-License-Identifier: Apache-2.0
#include "engine/simd/crc32c.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace segue {
namespace {

// The definition, one bit at a time.
uint32_t BitByBit(std::string_view bytes) {
  uint32_t crc = 0xffffffff;
  for (const char c : bytes) {
    crc ^= static_cast<uint8_t>(c);
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0x82f63b78 : 0);
  }
  return ~crc;
}

std::string RandomBytes(size_t size, uint32_t seed) {
  std::mt19937 random(seed);
  std::string bytes(size, '\0');
  for (char& c : bytes) c = static_cast<char>(random());
  return bytes;
}

using Function = uint32_t (*)(uint32_t, const void*, size_t);

std::vector<Function> AllTwins() {
  std::vector<Function> twins = {Crc32c, crc32c_internal::Portable};
  if (crc32c_internal::HasHardware()) twins.push_back(crc32c_internal::Hardware);
  return twins;
}

TEST(Crc32cTest, KnownValues) {
  std::string ascending;
  for (int i = 0; i < 32; ++i) ascending += static_cast<char>(i);
  const std::string descending(ascending.rbegin(), ascending.rend());
  for (const Function crc : AllTwins()) {
    // RFC 3720, appendix B.4.
    EXPECT_EQ(crc(0, std::string(32, '\0').data(), 32), 0x8a9136aau);
    EXPECT_EQ(crc(0, std::string(32, '\xff').data(), 32), 0x62a8ab43u);
    EXPECT_EQ(crc(0, ascending.data(), 32), 0x46dd794eu);
    EXPECT_EQ(crc(0, descending.data(), 32), 0x113fdb5cu);
    EXPECT_EQ(crc(0, "123456789", 9), 0xe3069283u);
    EXPECT_EQ(crc(0, "", 0), 0u);
  }
}

TEST(Crc32cTest, EveryLengthAndAlignmentAgreesWithTheDefinition) {
  const std::string bytes = RandomBytes(1200, 1);
  for (size_t begin = 0; begin < 9; ++begin) {
    for (size_t size = 0; size + begin <= bytes.size(); size += (size < 80 ? 1 : 37)) {
      const uint32_t expected = BitByBit(std::string_view(bytes).substr(begin, size));
      for (const Function crc : AllTwins()) {
        ASSERT_EQ(crc(0, bytes.data() + begin, size), expected) << begin << " " << size;
      }
    }
  }
}

TEST(Crc32cTest, LongInputsTakeEveryLaneSize) {
  for (const size_t size : {3 * 256, 3 * 256 - 1, 3 * 4096, 3 * 4096 + 7, 65536, 65537, 200000}) {
    const std::string bytes = RandomBytes(size, static_cast<uint32_t>(size));
    const uint32_t expected = BitByBit(bytes);
    for (const Function crc : AllTwins()) EXPECT_EQ(crc(0, bytes.data(), size), expected) << size;
  }
}

TEST(Crc32cTest, SeedContinues) {
  const std::string bytes = RandomBytes(40000, 2);
  const uint32_t whole = BitByBit(bytes);
  for (const Function crc : AllTwins()) {
    for (const size_t cut : {0, 1, 7, 8, 1000, 12288, 39999, 40000}) {
      EXPECT_EQ(crc(crc(0, bytes.data(), cut), bytes.data() + cut, bytes.size() - cut), whole);
    }
  }
}

TEST(Crc32cTest, CombineJoins) {
  const std::string bytes = RandomBytes(70000, 3);
  const uint32_t whole = Crc32c(0, bytes.data(), bytes.size());
  for (const size_t cut : {0, 1, 63, 64, 4464, 69999, 70000}) {
    const uint32_t a = Crc32c(0, bytes.data(), cut);
    const uint32_t b = Crc32c(0, bytes.data() + cut, bytes.size() - cut);
    EXPECT_EQ(Crc32cCombine(a, b, bytes.size() - cut), whole) << cut;
    EXPECT_EQ(Crc32cCombiner(bytes.size() - cut).Combine(a, b), whole) << cut;
  }
}

TEST(Crc32cTest, CombineOverHugeLengthsIsAssociative) {
  // (A B) C == A (B C) with lengths far beyond memory; wraps nowhere.
  const uint64_t length_b = (uint64_t{1} << 40) + 12345;
  const uint64_t length_c = (uint64_t{1} << 35) + 99;
  const uint32_t a = 0x12345678;
  const uint32_t b = 0x9abcdef0;
  const uint32_t c = 0x0fedcba9;
  EXPECT_EQ(Crc32cCombine(Crc32cCombine(a, b, length_b), c, length_c),
            Crc32cCombine(a, Crc32cCombine(b, c, length_c), length_b + length_c));
}

TEST(Crc32cTest, EverySingleBitFlipChangesIt) {
  std::string bytes = RandomBytes(256, 4);
  const uint32_t before = Crc32c(0, bytes.data(), bytes.size());
  for (size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    bytes[bit / 8] ^= static_cast<char>(1 << bit % 8);
    ASSERT_NE(Crc32c(0, bytes.data(), bytes.size()), before) << bit;
    bytes[bit / 8] ^= static_cast<char>(1 << bit % 8);
  }
}

}  // namespace
}  // namespace segue

// SPDX-License-Identifier: Apache-2.0
// ByteReader against ByteWriter, and against hostile bytes.
#include "engine/base/byte_reader.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/byte_writer.h"

namespace segue {
namespace {

TEST(ByteReaderTest, ReadsBackWhatWasWritten) {
  ByteWriter writer;
  writer.PutU8(0xab);
  writer.PutU16(0x1234);
  writer.PutU32(0xdeadbeef);
  writer.PutU64(0x0123456789abcdef);
  writer.PutVarint32(300);
  writer.PutLengthPrefixed("text");
  writer.PutBytes("raw");
  const std::string bytes = writer.Take();
  EXPECT_EQ(writer.size(), 0u);

  ByteReader reader(bytes);
  uint8_t u8;
  uint16_t u16;
  uint32_t u32;
  uint64_t u64;
  std::string_view text;
  EXPECT_TRUE(reader.ReadU8(&u8) && u8 == 0xab);
  EXPECT_TRUE(reader.ReadU16(&u16) && u16 == 0x1234);
  EXPECT_TRUE(reader.ReadU32(&u32) && u32 == 0xdeadbeef);
  EXPECT_TRUE(reader.ReadU64(&u64) && u64 == 0x0123456789abcdef);
  EXPECT_TRUE(reader.ReadVarint32(&u32) && u32 == 300);
  EXPECT_TRUE(reader.ReadLengthPrefixed(&text) && text == "text");
  EXPECT_TRUE(reader.ReadBytes(3, &text) && text == "raw");
  EXPECT_TRUE(reader.done());
  EXPECT_EQ(reader.position(), bytes.size());
}

TEST(ByteReaderTest, FixedIntegersAreLittleEndian) {
  ByteWriter writer;
  writer.PutU32(0x04030201);
  EXPECT_EQ(writer.view(), std::string_view("\1\2\3\4"));
}

TEST(ByteReaderTest, VarintsOfEveryLength) {
  for (int bits = 0; bits <= 64; ++bits) {
    const uint64_t top = bits == 64 ? UINT64_MAX : (uint64_t{1} << bits) - 1;
    for (const uint64_t value : {top, top / 2, top + (bits < 64 ? 1 : 0)}) {
      ByteWriter writer;
      writer.PutVarint64(value);
      ByteReader reader(writer.view());
      uint64_t read = 0;
      EXPECT_TRUE(reader.ReadVarint64(&read));
      EXPECT_EQ(read, value);
      EXPECT_TRUE(reader.done());
      ByteReader narrow(writer.view());
      uint32_t read32 = 0;
      EXPECT_EQ(narrow.ReadVarint32(&read32), value <= UINT32_MAX);
      EXPECT_EQ(read32, value <= UINT32_MAX ? value : 0);
    }
  }
}

TEST(ByteReaderTest, OverlongVarintsFail) {
  uint64_t value = 1;
  ByteReader eleven(std::string_view("\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x00", 11));
  EXPECT_FALSE(eleven.ReadVarint64(&value));
  EXPECT_EQ(value, 0u);
  ByteReader too_large(std::string_view("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02", 10));
  EXPECT_FALSE(too_large.ReadVarint64(&value));
  ByteReader cut(std::string_view("\x80\x80", 2));
  EXPECT_FALSE(cut.ReadVarint64(&value));
  EXPECT_EQ(cut.position(), 0u);
}

TEST(ByteReaderTest, FailureIsStickyAndKeepsThePlace) {
  ByteReader reader(std::string_view("\1\2\3", 3));
  uint8_t u8;
  uint32_t u32 = 9;
  EXPECT_TRUE(reader.ReadU8(&u8));
  EXPECT_FALSE(reader.ReadU32(&u32));
  EXPECT_EQ(u32, 0u);
  EXPECT_EQ(reader.position(), 1u);
  EXPECT_FALSE(reader.ReadU8(&u8));
  EXPECT_EQ(u8, 0u);
  EXPECT_FALSE(reader.Skip(0));
  EXPECT_FALSE(reader.ok());
  std::string_view bytes = "old";
  EXPECT_FALSE(reader.ReadBytes(0, &bytes));
  EXPECT_TRUE(bytes.empty());
  ByteReader short_reader(std::string_view("ab"));
  EXPECT_FALSE(short_reader.ReadBytes(3, &bytes));
  EXPECT_EQ(short_reader.position(), 0u);
  ByteReader at_its_end(std::string_view("a"));
  EXPECT_TRUE(at_its_end.Skip(1));
  EXPECT_FALSE(at_its_end.ReadU8(&u8));
  EXPECT_FALSE(at_its_end.done()) << "all was read, but something failed";
}

TEST(ByteReaderTest, LengthsBeyondTheEndFail) {
  std::string_view text = "old";
  ByteReader reader(std::string_view("\x05only", 5));
  EXPECT_FALSE(reader.ReadLengthPrefixed(&text));
  EXPECT_TRUE(text.empty());
  EXPECT_EQ(reader.position(), 0u);
  // A length near 2^64 must not wrap.
  ByteReader huge(std::string_view("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01x", 11));
  EXPECT_FALSE(huge.ReadLengthPrefixed(&text));
  ByteReader skip(std::string_view("abc"));
  EXPECT_FALSE(skip.Skip(SIZE_MAX));
}

TEST(ByteReaderTest, EmptyReader) {
  ByteReader reader;
  uint8_t u8;
  EXPECT_TRUE(reader.done());
  EXPECT_FALSE(reader.ReadU8(&u8));
}

// Every operation on random bytes stays inside them (the sanitizers watch) and moves forward only
// by what it returns.
TEST(ByteReaderTest, RandomBytesNeverReadBeyond) {
  std::mt19937 random(20240501);
  for (int round = 0; round < 2000; ++round) {
    std::vector<uint8_t> bytes(random() % 40);
    for (uint8_t& byte : bytes) byte = static_cast<uint8_t>(random() % 3 == 0 ? 0xff : random());
    ByteReader reader{std::span<const uint8_t>(bytes)};
    while (reader.ok() && reader.remaining() > 0) {
      const size_t before = reader.position();
      uint64_t value;
      std::string_view view;
      switch (random() % 4) {
        case 0:
          reader.ReadVarint64(&value);
          break;
        case 1:
          reader.ReadLengthPrefixed(&view);
          break;
        case 2:
          reader.ReadU64(&value);
          break;
        default:
          reader.Skip(random() % 5 + 1);
      }
      ASSERT_TRUE(reader.ok() ? reader.position() > before : reader.position() == before);
      ASSERT_LE(reader.position(), bytes.size());
    }
  }
}

TEST(ByteWriterTest, PadAndPatch) {
  ByteWriter writer;
  writer.PutU8(1);
  writer.PadTo(8);
  EXPECT_EQ(writer.size(), 8u);
  writer.PadTo(8);
  EXPECT_EQ(writer.size(), 8u);
  writer.PatchU32(4, 0x01020304);
  EXPECT_EQ(writer.view(), std::string_view("\1\0\0\0\4\3\2\1", 8));
}

}  // namespace
}  // namespace segue

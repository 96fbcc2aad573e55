// SPDX-License-Identifier: Apache-2.0
//
// The bytes of a frame by themselves: what is encoded is decoded, any other bit is noticed, and no
// number of a footer is believed that does not fit the file. And the Env that syncs nothing.
#include "engine/io/frame_layout.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "engine/io/fault_env.h"
#include "engine/io/framed_file.h"
#include "engine/io/no_sync_env.h"
#include "engine/simd/crc32c.h"
#include "segue/status.h"
#include "tests/support/seeded_random.h"

namespace segue {
namespace {

constexpr FileKind kKind = FileKind::Of("test");

FrameHeader HeaderOf(uint32_t version, uint64_t segment) {
  FrameHeader header{.kind = kKind, .version = version, .segment = SegmentId{segment}};
  header.crc = HeaderCrcField(header.Encode());
  return header;
}

TEST(FrameLayoutTest, HeadersComeBack) {
  SeededRandom random(511);
  for (int i = 0; i < 100; ++i) {
    const FrameHeader header = HeaderOf(random.U32(), random.Next());
    const std::string bytes = header.Encode();
    ASSERT_EQ(bytes.size(), kFrameHeaderBytes);
    ASSERT_EQ(header.crc, Crc32c(0, bytes.data(), 60));
    const auto read = DecodeHeader(bytes, "file");
    ASSERT_TRUE(read.ok()) << read.status();
    EXPECT_EQ(read->kind, kKind);
    EXPECT_EQ(read->version, header.version);
    EXPECT_EQ(read->segment, header.segment);
    EXPECT_EQ(read->crc, header.crc);
  }
}

TEST(FrameLayoutTest, EveryBitOfAHeaderIsUnderItsChecksum) {
  const std::string bytes = HeaderOf(1, 7).Encode();
  for (size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
    std::string other = bytes;
    other[bit / 8] = static_cast<char>(other[bit / 8] ^ (1 << (bit % 8)));
    const absl::Status status = DecodeHeader(other, "some/file").status();
    ASSERT_EQ(CodeOf(status), ErrorCode::kDataLoss) << "bit " << bit;
    ASSERT_EQ(status.message().find("some/file: "), 0U) << status;
  }
}

// A body of any length has a tail of the length that its footer's reader expects.
TEST(FrameLayoutTest, TailsOfEveryLength) {
  SeededRandom random(512);
  for (const uint64_t body :
       {uint64_t{0}, uint64_t{1}, uint64_t{7}, uint64_t{8}, uint64_t{9}, uint64_t{65535},
        uint64_t{65536}, uint64_t{65537}, uint64_t{200000}}) {
    const uint64_t blocks = (body + 65535) / 65536;
    EXPECT_EQ(BlockCount(body), blocks);
    const FrameHeader header = HeaderOf(1, 7);
    const uint64_t length = kFrameHeaderBytes + body + TailBytes(body);
    const FrameFooter footer{body, length, header.crc, static_cast<uint32_t>(blocks)};
    std::vector<uint32_t> crcs(blocks + 1);
    for (uint32_t& crc : crcs) crc = random.U32();
    const std::string tail = EncodeTail(footer, crcs.data());
    ASSERT_EQ(tail.size(), TailBytes(body));
    EXPECT_EQ((body + tail.size()) % 4, 0U);
    const std::string_view end = std::string_view(tail).substr(tail.size() - kFrameFooterBytes);
    const auto read = DecodeFooter(end, length, header, "file");
    ASSERT_TRUE(read.ok()) << read.status();
    EXPECT_EQ(read->body_length, body);
    EXPECT_EQ(read->file_length, length);
    EXPECT_EQ(read->block_count, blocks);

    // The same footer at the end of another file, or behind another header.
    EXPECT_EQ(CodeOf(DecodeFooter(end, length + 8, header, "file").status()), ErrorCode::kDataLoss);
    EXPECT_EQ(CodeOf(DecodeFooter(end, length, HeaderOf(1, 8), "file").status()),
              ErrorCode::kDataLoss);
  }
}

TEST(FrameLayoutTest, NumbersOfAFooterThatDoNotFitAreRefused) {
  SeededRandom random(513);
  const FrameHeader header = HeaderOf(1, 7);
  const uint64_t body = 100000, length = kFrameHeaderBytes + body + TailBytes(body);
  const FrameFooter right{body, length, header.crc, 2};
  const auto decode = [&](const FrameFooter& footer) {
    // A tail that is a footer alone, into which the other numbers are written.
    std::string end = EncodeTail({0, footer.file_length, footer.header_crc, 0}, nullptr);
    for (size_t i = 0; i < 8; ++i) end[i] = static_cast<char>(footer.body_length >> (8 * i));
    for (size_t i = 0; i < 4; ++i) end[20 + i] = static_cast<char>(footer.block_count >> (8 * i));
    return DecodeFooter(end, length, header, "file").status();
  };
  ASSERT_TRUE(decode(right).ok()) << decode(right);
  for (int i = 0; i < 200; ++i) {
    FrameFooter footer = right;
    switch (random.Below(3)) {
      case 0:
        footer.body_length = random.OneIn(2) ? random.Next() : body + 1 + random.Below(4000);
        break;
      case 1:
        footer.file_length = random.OneIn(2) ? random.Next() : length - 1 - random.Below(4000);
        break;
      default:
        footer.block_count = random.OneIn(2) ? random.U32() : 3;
        break;
    }
    if (footer.block_count == 2 && footer.body_length == body && footer.file_length == length) {
      continue;
    }
    ASSERT_EQ(CodeOf(decode(footer)), ErrorCode::kDataLoss)
        << footer.body_length << " " << footer.file_length << " " << footer.block_count;
  }
}

// The checksum of a file, from those of its parts.
TEST(FrameLayoutTest, TheWholeChecksumFollowsFromTheParts) {
  SeededRandom random(514);
  for (const size_t size : {size_t{0}, size_t{5}, size_t{65536}, size_t{150001}}) {
    std::string body(size, '\0');
    for (char& byte : body) byte = static_cast<char>(random.Next());
    const std::string file = FrameBytes(kKind, 1, SegmentId{7}, body);
    std::vector<uint32_t> crcs;
    for (size_t at = 0; at < size; at += 65536) {
      const std::string_view block = std::string_view(body).substr(at, 65536);
      crcs.push_back(Crc32c(0, block.data(), block.size()));
    }
    const std::string_view all = file;
    EXPECT_EQ(FrameCrc(all.substr(0, 64), size, crcs, all.substr(64 + size)),
              Crc32c(0, file.data(), file.size()));
  }
}

// --- NoSyncEnv -----------------------------------------------------------------------------------

TEST(NoSyncEnvTest, PassesEverythingOnButSyncs) {
  FaultEnv disk;
  NoSyncEnv env(&disk);
  ASSERT_TRUE(env.CreateDir("dir").ok());
  auto file = env.NewWritable("dir/a");
  ASSERT_TRUE(file.ok()) << file.status();
  ASSERT_TRUE((*file)->Append("bytes").ok());
  ASSERT_TRUE((*file)->Sync().ok());
  ASSERT_TRUE((*file)->Close().ok());
  ASSERT_TRUE(env.SyncFile("dir/a").ok());
  ASSERT_TRUE(env.SyncDir("dir").ok());
  EXPECT_EQ(*env.FileSize("dir/a"), 5U);
  EXPECT_TRUE(*env.Exists("dir/a"));
  ASSERT_TRUE(env.Rename("dir/a", "dir/b").ok());
  EXPECT_EQ(*env.List("dir"), std::vector<std::string>{"b"});
  const auto source = env.OpenSource("dir/b", ReadMode::kPread);
  ASSERT_TRUE(source.ok()) << source.status();
  EXPECT_EQ((*source)->size(), 5U);
  EXPECT_FALSE(env.NewWritable("dir/b").ok()) << "it is there";
  EXPECT_TRUE(env.Lock("dir/lock", "me").ok());
  const uint64_t now = env.NowMicros();
  EXPECT_GE(disk.NowMicros(), now);
  ASSERT_TRUE(env.Remove("dir/b").ok());
  EXPECT_FALSE(*disk.Exists("dir/b"));
}

// What is asked to be synced would fail; nothing is.
TEST(NoSyncEnvTest, AsksTheDiskForNoSync) {
  FaultEnv disk;
  NoSyncEnv env(&disk);
  auto file = env.NewWritable("a");
  ASSERT_TRUE(file.ok()) << file.status();
  ASSERT_TRUE((*file)->Append("bytes").ok());
  const uint64_t before = disk.op_count();
  ASSERT_TRUE((*file)->Sync().ok());
  ASSERT_TRUE(env.SyncFile("a").ok());
  ASSERT_TRUE(env.SyncDir(".").ok());
  EXPECT_EQ(disk.op_count(), before);
}

}  // namespace
}  // namespace segue

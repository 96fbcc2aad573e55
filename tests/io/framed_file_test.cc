// SPDX-License-Identifier: Apache-2.0
// Frames through every Env and both ways of reading.
#include "engine/io/framed_file.h"

#include <gtest/gtest.h>

#include <cstring>
#include <random>
#include <string>
#include <string_view>
#include <thread>
#include <tuple>
#include <vector>

#include "engine/base/status.h"
#include "engine/base/strings.h"
#include "engine/simd/crc32c.h"
#include "tests/io/test_env.h"

namespace segue {
namespace {

constexpr FileKind kKind = FileKind::Of("test");
constexpr SegmentId kSegment{7};

std::string RandomBytes(size_t size, uint32_t seed = 1) {
  std::mt19937 random(seed);
  std::string bytes(size, '\0');
  for (char& c : bytes) c = static_cast<char>(random());
  return bytes;
}

class FramedFileTest : public ::testing::TestWithParam<std::tuple<const char*, ReadMode>> {
 protected:
  FramedFileTest() : test_(std::get<0>(GetParam())) {
    options_.read_mode = std::get<1>(GetParam());
  }

  FileInfo Write(std::string_view name, std::string_view body, uint32_t version = 1) {
    auto writer = FramedWriter::Create(test_.env(), test_.Path(name), kKind, version, kSegment);
    EXPECT_TRUE(writer.ok()) << writer.status().ToString();
    EXPECT_TRUE((*writer)->Append(body).ok());
    EXPECT_EQ((*writer)->offset(), body.size());
    auto info = (*writer)->Finish();
    EXPECT_TRUE(info.ok()) << info.status().ToString();
    return *info;
  }
  absl::StatusOr<Section> Open(std::string_view name) {
    return OpenFramed(test_.env(), test_.Path(name), kKind, kSegment, options_);
  }
  ErrorCode OpenCode(std::string_view name) { return CodeOf(Open(name).status()); }

  TestEnv test_;
  OpenOptions options_;
};

// Header and tail end with checksums of their own, which makes each the same to a sum over it. So
// the checksum of the whole tells bodies apart, and nothing else: that a file is the one it was
// taken for is told by kind, version and number, which are compared one by one.
TEST_P(FramedFileTest, TheChecksumOfTheWholeIsThatOfTheBody) {
  const auto crc_of = [](FileKind kind, uint32_t version, uint64_t segment, std::string_view body) {
    const std::string file = FrameBytes(kind, version, SegmentId{segment}, body);
    return Crc32c(0, file.data(), file.size());
  };
  const std::string body = RandomBytes(70000);
  const uint32_t crc = crc_of(kKind, 1, 7, body);
  EXPECT_EQ(crc_of(FileKind::Of("post"), 1, 7, body), crc);
  EXPECT_EQ(crc_of(kKind, 2, 7, body), crc);
  EXPECT_EQ(crc_of(kKind, 1, 8, body), crc);
  for (const size_t byte : {0, 65535, 65536, 69999}) {
    std::string other = body;
    other[byte] ^= 1;
    EXPECT_NE(crc_of(kKind, 1, 7, other), crc) << byte;
  }
  EXPECT_NE(crc_of(kKind, 1, 7, body + '\0'), crc);

  options_.expected_crc32c = Write("file", body).crc32c;
  EXPECT_TRUE(Open("file").ok());
  const auto open = [&](FileKind kind, uint64_t segment) {
    return CodeOf(
        OpenFramed(test_.env(), test_.Path("file"), kind, SegmentId{segment}, options_).status());
  };
  EXPECT_EQ(open(FileKind::Of("post"), 7), ErrorCode::kDataLoss);
  EXPECT_EQ(open(kKind, 8), ErrorCode::kDataLoss);
  options_.min_version = options_.max_version = 2;
  EXPECT_EQ(open(kKind, 7), ErrorCode::kVersion);
}

TEST_P(FramedFileTest, BodiesOfEverySizeComeBack) {
  for (const size_t size : {0, 1, 7, 8, 9, 63, 64, 100, 65535, 65536, 65537, 131072, 3000001}) {
    const std::string body = RandomBytes(size, static_cast<uint32_t>(size));
    const std::string name = Cat("f", size);
    const FileInfo info = Write(name, body);
    EXPECT_EQ(info.name, name);
    const std::string file = test_.Contents(name);
    EXPECT_EQ(info.length, file.size());
    EXPECT_EQ(info.crc32c, Crc32c(0, file.data(), file.size()));
    EXPECT_EQ(file, FrameBytes(kKind, 1, kSegment, body));
    auto section = Open(name);
    ASSERT_TRUE(section.ok()) << section.status().ToString();
    ASSERT_EQ(section->size(), size);
    auto bytes = section->PinAll();
    ASSERT_TRUE(bytes.ok()) << bytes.status().ToString();
    EXPECT_TRUE(bytes->view() == body);
    EXPECT_TRUE(VerifyFile(test_.env(), test_.Path(name), info).ok());
  }
}

TEST_P(FramedFileTest, ManySmallAppendsAreOneBody) {
  auto writer = FramedWriter::Create(test_.env(), test_.Path("a"), kKind, 1, kSegment);
  ASSERT_TRUE(writer.ok());
  std::string body;
  std::mt19937 random(3);
  while (body.size() < 2500000) {
    const std::string piece = RandomBytes(random() % 5000, static_cast<uint32_t>(body.size()));
    ASSERT_TRUE((*writer)->Append(piece).ok());
    body += piece;
    if (random() % 20 == 0) {
      const uint64_t alignment = uint64_t{1} << (random() % 9);
      ASSERT_TRUE((*writer)->AlignTo(alignment).ok());
      body.resize((body.size() + alignment - 1) / alignment * alignment, '\0');
    }
    ASSERT_EQ((*writer)->offset(), body.size());
  }
  auto info = (*writer)->Finish();
  ASSERT_TRUE(info.ok());
  EXPECT_TRUE(test_.Contents("a") == FrameBytes(kKind, 1, kSegment, body));
}

TEST_P(FramedFileTest, PinsAnywhereWithSlackAndAlignment) {
  const std::string body = RandomBytes(300000);
  Write("a", body);
  std::mt19937 random(5);
  for (int round = 0; round < 300; ++round) {
    auto section = Open("a");
    ASSERT_TRUE(section.ok());
    for (int i = 0; i < 3; ++i) {
      const size_t offset = random() % body.size();
      const size_t length = random() % std::min<size_t>(body.size() - offset, 150000) + 1;
      auto bytes = section->Pin(offset, length);
      ASSERT_TRUE(bytes.ok()) << bytes.status().ToString();
      ASSERT_TRUE(bytes->view() == std::string_view(body).substr(offset, length));
      EXPECT_EQ(reinterpret_cast<uintptr_t>(bytes->data()) % 64, offset % 64);
      // The slack may hold anything but must be readable.
      unsigned sum = 0;
      for (size_t slack = 1; slack <= kPinSlackBytes; ++slack) {
        sum += bytes->data()[-static_cast<ptrdiff_t>(slack)];
        sum += bytes->data()[length - 1 + slack];
      }
      EXPECT_LT(sum, 64u * 2 * 256);
    }
  }
}

TEST_P(FramedFileTest, SubsectionsBoundWhatIsPinned) {
  const std::string body = RandomBytes(1000);
  Write("a", body);
  const Section section = Open("a").value();
  const Section sub = section.Sub(100, 200).value();
  EXPECT_EQ(sub.size(), 200u);
  EXPECT_EQ(sub.offset(), 100u);
  EXPECT_EQ(sub.Pin(10, 5)->view(), body.substr(110, 5));
  const Section sub_sub = sub.Sub(50, 150).value();
  EXPECT_EQ(sub_sub.PinAll()->view(), body.substr(150, 150));
  EXPECT_EQ(CodeOf(sub.Pin(199, 2).status()), ErrorCode::kDataLoss);
  EXPECT_EQ(CodeOf(sub.Pin(UINT64_MAX, 2).status()), ErrorCode::kDataLoss);
  EXPECT_EQ(CodeOf(sub.Sub(1, 200).status()), ErrorCode::kDataLoss);
  EXPECT_EQ(CodeOf(sub.Sub(2, UINT64_MAX).status()), ErrorCode::kDataLoss);
  EXPECT_EQ(CodeOf(sub.Sub(201, 0).status()), ErrorCode::kDataLoss);
  EXPECT_EQ(sub.mapped(), std::get<1>(GetParam()) == ReadMode::kMmap);
  EXPECT_TRUE(sub.Sub(200, 0).ok());
  EXPECT_TRUE(sub.Pin(200, 0).ok());
  EXPECT_EQ(CodeOf(sub.Corrupt(3, "bad tag")), ErrorCode::kDataLoss);
  EXPECT_EQ(MessageOf(sub.Corrupt(3, "bad tag")),
            test_.Path("a") + ": bad tag at byte 103 of the body");
}

TEST_P(FramedFileTest, ASectionKeepsItsFileOpen) {
  const std::string body = RandomBytes(100000);
  Write("a", body);
  Section kept;
  {
    const Section section = Open("a").value();
    kept = section.Sub(70000, 100).value();
  }
  ASSERT_TRUE(test_.env()->Remove(test_.Path("a")).ok());
  EXPECT_EQ(kept.PinAll()->view(), body.substr(70000, 100));
}

TEST_P(FramedFileTest, EveryBitFlipIsFound) {
  // Two blocks, so that a flip in one leaves the other readable; every bit of a 1.1 KiB sample of
  // the file, frame included.
  const std::string body = RandomBytes(65536 + 500);
  const FileInfo info = Write("a", body);
  const std::string good = test_.Contents("a");
  size_t tested = 0;
  for (size_t byte = 0; byte < good.size(); ++byte) {
    if (byte > 200 && byte < 65536 && byte % 4001 != 0) continue;
    for (int bit = 0; bit < 8; ++bit) {
      std::string bad = good;
      bad[byte] = static_cast<char>(bad[byte] ^ (1 << bit));
      test_.Rewrite("a", bad);
      const absl::Status verified = VerifyFile(test_.env(), test_.Path("a"), info);
      ASSERT_FALSE(verified.ok()) << "byte " << byte << " bit " << bit;
      const ErrorCode code = CodeOf(verified);
      ASSERT_TRUE(code == ErrorCode::kDataLoss) << verified.ToString();
      auto section = Open("a");
      const bool in_body = byte >= 64 && byte < 64 + body.size();
      ASSERT_EQ(section.ok(), in_body) << "byte " << byte;
      if (in_body) {
        const size_t at = byte - 64;
        auto pinned = section->Pin(at, 1);
        ASSERT_EQ(CodeOf(pinned.status()), ErrorCode::kDataLoss);
        ASSERT_TRUE(section->Pin(at < 65536 ? 65536 : 0, 10).ok());
        ASSERT_FALSE(section->Pin(at, 1).ok());  // and stays found
      }
      ++tested;
    }
  }
  EXPECT_GT(tested, 6000u);
}

TEST_P(FramedFileTest, EveryTruncationIsFound) {
  const FileInfo info = Write("a", RandomBytes(400));
  const std::string good = test_.Contents("a");
  for (size_t size = 0; size < good.size(); ++size) {
    test_.Rewrite("a", good.substr(0, size));
    ASSERT_EQ(OpenCode("a"), ErrorCode::kDataLoss) << size;
  }
  test_.Rewrite("a", good + "x");
  EXPECT_EQ(OpenCode("a"), ErrorCode::kDataLoss);
  options_.expected_length = info.length;
  const std::string message(MessageOf(Open("a").status()));
  EXPECT_NE(
      message.find(Cat("is ", good.size() + 1, " bytes long, the manifest says ", good.size())),
      std::string::npos)
      << message;
}

TEST_P(FramedFileTest, ErrorsTellWhatIsWrong) {
  const auto message = [&] { return std::string(MessageOf(Open("a").status())); };
  EXPECT_EQ(OpenCode("a"), ErrorCode::kNotFound);
  test_.Rewrite("a", std::string(1000, 'x'));
  EXPECT_EQ(OpenCode("a"), ErrorCode::kDataLoss);
  EXPECT_NE(message().find("not a file of segue"), std::string::npos) << message();

  test_.Rewrite("a", FrameBytes(FileKind::Of("othr"), 1, kSegment, "body"));
  EXPECT_EQ(OpenCode("a"), ErrorCode::kDataLoss);
  EXPECT_NE(message().find("kind of file at byte 8: found \"othr\", expected \"test\""),
            std::string::npos)
      << message();

  test_.Rewrite("a", FrameBytes(kKind, 1, SegmentId{8}, "body"));
  EXPECT_EQ(OpenCode("a"), ErrorCode::kDataLoss);
  EXPECT_NE(message().find("another segment"), std::string::npos) << message();

  test_.Rewrite("a", FrameBytes(kKind, 2, kSegment, "body"));
  EXPECT_EQ(OpenCode("a"), ErrorCode::kVersion);
  uint32_t version = 0;
  options_.version = &version;
  options_.max_version = 2;
  EXPECT_TRUE(Open("a").ok());
  EXPECT_EQ(version, 2u);

  test_.Rewrite("a", FrameBytes(kKind, 1, kSegment, "body"));
  EXPECT_TRUE(Open("a").ok());
  options_.min_version = 2;
  EXPECT_EQ(OpenCode("a"), ErrorCode::kVersion);
  EXPECT_NE(message().find("index the documents again"), std::string::npos) << message();
  options_.min_version = 1;

  test_.Rewrite("a", FrameBytes(kKind, 0, kSegment, "body"));
  EXPECT_EQ(OpenCode("a"), ErrorCode::kDataLoss);
}

// The frame of "body" with another byte in its header, and a checksum that says so.
std::string WithHeaderByte(size_t at, char byte) {
  std::string bytes = FrameBytes(kKind, 1, kSegment, "body");
  bytes[at] = byte;
  const uint32_t crc = Crc32c(0, bytes.data(), 60);
  std::memcpy(bytes.data() + 60, &crc, 4);
  return bytes;
}

TEST_P(FramedFileTest, ANewerFrameIsAVersionError) {
  test_.Rewrite("a", WithHeaderByte(24, 2));
  EXPECT_EQ(OpenCode("a"), ErrorCode::kVersion);
}

TEST_P(FramedFileTest, FrameVersion0OtherBlocksAndReservedBytesAreRefused) {
  for (const auto& [at, byte] : {std::pair<size_t, char>{24, 0}, {28, 1}, {32, 1}, {59, 1}}) {
    test_.Rewrite("a", WithHeaderByte(at, byte));
    const absl::Status status = Open("a").status();
    EXPECT_EQ(CodeOf(status), ErrorCode::kDataLoss) << at;
    EXPECT_NE(MessageOf(status).find("header fields at byte 24"), std::string_view::npos) << at;
  }
}

TEST_P(FramedFileTest, ATailOfAnotherFileDoesNotPass) {
  const std::string a = FrameBytes(kKind, 1, SegmentId{1}, "same size");
  const std::string b = FrameBytes(kKind, 1, kSegment, "same size");
  test_.Rewrite("a", b.substr(0, 64 + 9) + a.substr(64 + 9));
  EXPECT_EQ(OpenCode("a"), ErrorCode::kDataLoss);
}

// A re-sealed tail that lies about lengths must be refused by arithmetic, not by luck.
TEST_P(FramedFileTest, HostileFootersAreRefused) {
  const std::string good = FrameBytes(kKind, 1, kSegment, RandomBytes(1000));
  const size_t footer = good.size() - 64;
  const uint64_t values[] = {
      0, 1, 999, 1001, 1000000, UINT64_MAX, UINT64_MAX - 127, uint64_t{1} << 63};
  for (const size_t field : {footer, footer + 8, footer + 16, footer + 20}) {
    for (const uint64_t value : values) {
      std::string bad = good;
      std::memcpy(bad.data() + field, &value, field < footer + 16 ? 8 : 4);
      const size_t tail = 64 + 1000;
      const uint32_t crc = Crc32c(0, bad.data() + tail, bad.size() - 4 - tail);
      std::memcpy(bad.data() + bad.size() - 4, &crc, 4);
      test_.Rewrite("a", bad);
      ASSERT_EQ(OpenCode("a"), bad == good ? ErrorCode::kOk : ErrorCode::kDataLoss)
          << field - footer << " " << value;
    }
  }
}

TEST_P(FramedFileTest, TheManifestsChecksumIsComparedWithoutTheBody) {
  const FileInfo info = Write("a", RandomBytes(200000));
  options_.expected_length = info.length;
  options_.expected_crc32c = info.crc32c;
  EXPECT_TRUE(Open("a").ok());
  // Another valid file of the same length and name.
  test_.Rewrite("a", FrameBytes(kKind, 1, kSegment, RandomBytes(200000, 9)));
  EXPECT_EQ(OpenCode("a"), ErrorCode::kDataLoss);
  EXPECT_NE(MessageOf(Open("a").status()).find("another file than the manifest's"),
            std::string_view::npos);
}

TEST_P(FramedFileTest, Policies) {
  std::string bytes = FrameBytes(kKind, 1, kSegment, RandomBytes(200000));
  bytes[64 + 150000] = static_cast<char>(bytes[64 + 150000] ^ 1);
  test_.Rewrite("a", bytes);
  options_.verify = VerifyPolicy::kOnOpen;
  EXPECT_EQ(OpenCode("a"), ErrorCode::kDataLoss);
  Write("whole", RandomBytes(200000));
  EXPECT_EQ(OpenCode("whole"), ErrorCode::kOk);
  options_.verify = VerifyPolicy::kNever;
  EXPECT_TRUE(Open("a").value().PinAll().ok());
  options_.verify = VerifyPolicy::kOnFirstTouch;
  const Section section = Open("a").value();
  EXPECT_TRUE(section.Pin(0, 131072).ok());
  const absl::Status status = section.PinAll().status();
  EXPECT_EQ(CodeOf(status), ErrorCode::kDataLoss);
  EXPECT_NE(MessageOf(status).find("checksum of block 2 at byte 131136: found "),
            std::string_view::npos)
      << status.ToString();
}

TEST_P(FramedFileTest, ReadFrameInfoDescribesAFile) {
  const FileInfo info = Write("a", RandomBytes(70000), 3);
  const FrameInfo frame = ReadFrameInfo(test_.env(), test_.Path("a")).value();
  EXPECT_EQ(frame.kind, kKind);
  EXPECT_EQ(frame.version, 3u);
  EXPECT_EQ(frame.segment, kSegment);
  EXPECT_EQ(frame.body_length, 70000u);
  EXPECT_EQ(frame.file, info);
}

TEST_P(FramedFileTest, WhatIsNoFrameHasNoInfo) {
  test_.Write("a", "short");
  EXPECT_EQ(CodeOf(ReadFrameInfo(test_.env(), test_.Path("a")).status()), ErrorCode::kDataLoss);
  const FileInfo info = Write("b", "body");
  EXPECT_EQ(CodeOf(VerifyFile(test_.env(), test_.Path("b"), {"b", info.length, info.crc32c + 1})),
            ErrorCode::kDataLoss);
}

TEST(SectionTest, AnEmptyOne) {
  const Section none;
  EXPECT_TRUE(none.mapped());
  EXPECT_EQ(none.name(), "empty section");
  EXPECT_EQ(none.PinAll()->size(), 0u);
  EXPECT_EQ(MessageOf(none.Pin(1, 2).status()),
            "empty section: 2 bytes wanted at byte 1 of the body, but the section ends at 0");
  const Section bytes = Section::FromBytes("");
  EXPECT_EQ(bytes.size(), 0u);
  EXPECT_EQ(bytes.PinAll()->size(), 0u);
}

TEST_P(FramedFileTest, AnUnfinishedFileIsRemoved) {
  {
    auto writer = FramedWriter::Create(test_.env(), test_.Path("a"), kKind, 1, kSegment);
    ASSERT_TRUE(writer.ok());
    ASSERT_TRUE((*writer)->Append("body").ok());
  }
  EXPECT_FALSE(test_.env()->Exists(test_.Path("a")).value());
  Write("a", "body");
  EXPECT_EQ(CodeOf(FramedWriter::Create(test_.env(), test_.Path("a"), kKind, 1, kSegment).status()),
            ErrorCode::kFailedPrecondition);
  EXPECT_TRUE(Open("a").ok());  // the failed Create removed nothing
}

TEST_P(FramedFileTest, ManyThreadsVerifyAtOnce) {
  const std::string body = RandomBytes(1000000);
  Write("a", body);
  const Section section = Open("a").value();
  std::vector<int> good(4, 0);
  std::vector<std::thread> threads;
  for (size_t t = 0; t < good.size(); ++t) {
    threads.emplace_back([&, t] {
      std::mt19937 random(static_cast<uint32_t>(t));
      for (int i = 0; i < 300; ++i) {
        const size_t offset = random() % (body.size() - 1000);
        const auto bytes = section.Pin(offset, 1000);
        good[t] += bytes.ok() && bytes->view() == std::string_view(body).substr(offset, 1000);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const int count : good) EXPECT_EQ(count, 300);
}

INSTANTIATE_TEST_SUITE_P(Envs, FramedFileTest,
                         ::testing::Combine(::testing::Values("posix", "memory", "fault"),
                                            ::testing::Values(ReadMode::kMmap, ReadMode::kPread)),
                         [](const auto& info) {
                           return std::string(std::get<0>(info.param)) +
                                  (std::get<1>(info.param) == ReadMode::kMmap ? "Mmap" : "Pread");
                         });

TEST(SectionTest, FromBytesNeedsNoFile) {
  const Section section = Section::FromBytes("some bytes", "a test");
  EXPECT_EQ(section.PinAll()->view(), "some bytes");
  EXPECT_EQ(section.Pin(5, 3)->view(), "byt");
  EXPECT_TRUE(section.mapped());
  EXPECT_EQ(CodeOf(section.Pin(5, 6).status()), ErrorCode::kDataLoss);
  EXPECT_EQ(section.name(), "a test");
}

TEST(SectionTest, TheEmptySectionPinsNothing) {
  const Section section;
  EXPECT_EQ(section.size(), 0u);
  const PinnedBytes bytes = section.PinAll().value();
  EXPECT_EQ(bytes.size(), 0u);
  EXPECT_EQ(bytes.data()[-64] + bytes.data()[63], 0);
  EXPECT_FALSE(section.Pin(0, 1).ok());
  EXPECT_FALSE(section.name().empty());
}

TEST(FileKindTest, PrintsItsFourCharacters) {
  EXPECT_EQ(FileKind::Of("post").ToString(), "\"post\"");
  EXPECT_EQ((FileKind{0x00ff0a41}).ToString(), "\"A\\x0a\\xff\\x00\"");
}

}  // namespace
}  // namespace segue

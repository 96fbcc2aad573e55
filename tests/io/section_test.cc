// SPDX-License-Identifier: Apache-2.0
//
// Sections cut from sections, over plain memory and over framed files, against the same cuts of a
// string; and numbers from a damaged file, which are refused wherever they point.
#include "engine/io/section.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/io/framed_file.h"
#include "engine/io/memory_env.h"
#include "segue/status.h"
#include "tests/support/seeded_random.h"

namespace segue {
namespace {

constexpr uint64_t kHuge[] = {
    1, 63, 64, 65536, uint64_t{1} << 32, UINT64_MAX / 2, UINT64_MAX - 1, UINT64_MAX};

std::string RandomBytes(SeededRandom* random, size_t size) {
  std::string bytes(size, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random->Next());
  return bytes;
}

// The body of a file, and the same in memory.
class SectionsTest : public ::testing::Test {
 protected:
  std::vector<Section> Open(const std::string& body) {
    std::vector<Section> sections = {Section::FromBytes(body, "in memory")};
    for (const ReadMode mode : {ReadMode::kMmap, ReadMode::kPread}) {
      const std::string name = "file" + std::to_string(files_++);
      auto writer = FramedWriter::Create(env_.get(), name, FileKind::Of("test"), 1, SegmentId{3});
      EXPECT_TRUE(writer.ok()) << writer.status();
      EXPECT_TRUE((*writer)->Append(body).ok() && (*writer)->Finish().ok());
      OpenOptions options;
      options.read_mode = mode;
      auto section = OpenFramed(env_.get(), name, FileKind::Of("test"), SegmentId{3}, options);
      EXPECT_TRUE(section.ok()) << section.status();
      sections.push_back(*section);
    }
    return sections;
  }

  std::unique_ptr<Env> env_ = NewMemoryEnv();
  int files_ = 0;
};

TEST_F(SectionsTest, CutAsStringsAre) {
  SeededRandom random(501);
  // The edges of a block of 64 KiB are inside, too.
  for (const size_t size : {size_t{0}, size_t{1}, size_t{63}, size_t{64}, size_t{65535},
                            size_t{65536}, size_t{65537}, size_t{140000}}) {
    const std::string body = RandomBytes(&random, size);
    for (const Section& whole : Open(body)) {
      ASSERT_EQ(whole.size(), size);
      ASSERT_EQ(whole.PinAll()->view(), body);
      Section section = whole;
      std::string_view want = body;
      uint64_t offset = 0;
      for (int depth = 0; depth < 6; ++depth) {
        const uint64_t begin = random.Below(want.size() + 1);
        const uint64_t length = random.Below(want.size() - begin + 1);
        const auto pinned = section.Pin(begin, length);
        ASSERT_TRUE(pinned.ok()) << pinned.status();
        ASSERT_EQ(pinned->view(), want.substr(begin, length));
        // Bytes around may be read, whatever they are.
        volatile uint8_t around = pinned->data()[-static_cast<ptrdiff_t>(kPinSlackBytes)];
        around = pinned->data()[length + kPinSlackBytes - 1];
        (void)around;
        const auto sub = section.Sub(begin, length);
        ASSERT_TRUE(sub.ok()) << sub.status();
        offset += begin;
        section = *sub;
        want = want.substr(begin, length);
        ASSERT_EQ(section.size(), want.size());
        ASSERT_EQ(section.offset(), offset);
        ASSERT_EQ(section.name(), whole.name());
        ASSERT_EQ(section.PinAll()->view(), want);
      }
    }
  }
}

// Whatever lies past the end of a section is refused, even if the file goes on there, and whatever
// wraps around.
TEST_F(SectionsTest, RefuseWhatLiesOutside) {
  SeededRandom random(502);
  const std::string body = RandomBytes(&random, 1000);
  for (const Section& whole : Open(body)) {
    const Section middle = *whole.Sub(100, 500);
    for (const Section& section : {whole, middle}) {
      const uint64_t size = section.size();
      ASSERT_TRUE(section.Pin(size, 0).ok());
      ASSERT_TRUE(section.Sub(size, 0).ok());
      for (const uint64_t more : kHuge) {
        for (const auto& [offset, length] :
             {std::pair(size, more), std::pair(more, size), std::pair(uint64_t{0}, size + more),
              std::pair(size + more, uint64_t{0}), std::pair(UINT64_MAX - more + 1, more)}) {
          // What wraps around to nothing is inside.
          if (offset <= size && length <= size - offset) continue;
          ASSERT_EQ(CodeOf(section.Sub(offset, length).status()), ErrorCode::kDataLoss)
              << offset << " " << length;
          ASSERT_EQ(CodeOf(section.Pin(offset, length).status()), ErrorCode::kDataLoss)
              << offset << " " << length;
        }
      }
    }
  }
}

TEST_F(SectionsTest, ErrorsNameTheFileAndThePlaceInItsBody) {
  const std::string body(1000, 'x');
  for (const Section& whole : Open(body)) {
    const Section middle = *whole.Sub(100, 500);
    const std::string wrong(middle.Corrupt(7, "a wrong number").message());
    EXPECT_NE(wrong.find(whole.name() + ": a wrong number at byte 107"), std::string::npos)
        << wrong;
    const std::string outside(middle.Pin(490, 20).status().message());
    EXPECT_NE(outside.find(whole.name()), std::string::npos) << outside;
  }
}

// What was pinned stays when the section that it came from is gone, as long as any of the file is
// there, or it is a copy.
TEST_F(SectionsTest, PinnedBytesOutliveTheirSection) {
  const std::string body(70000, 'y');
  for (Section whole : Open(body)) {
    const Section kept = *whole.Sub(0, 1);
    PinnedBytes pinned = *(*whole.Sub(65000, 2000)).PinAll();
    whole = Section();
    EXPECT_EQ(pinned.view(), std::string(2000, 'y'));
    const PinnedBytes moved = std::move(pinned);
    EXPECT_EQ(moved.view(), std::string(2000, 'y'));
  }
}

// Damage in one block fails what touches it and nothing else, whichever way the file is read.
TEST_F(SectionsTest, OnlyWhatTouchesADamagedBlockFails) {
  SeededRandom random(503);
  const std::string body = RandomBytes(&random, 5 * 65536 + 100);
  for (const ReadMode mode : {ReadMode::kMmap, ReadMode::kPread}) {
    std::string bytes = FrameBytes(FileKind::Of("test"), 1, SegmentId{3}, body);
    const size_t at = 2 * 65536 + random.Below(65536);
    bytes[64 + at] = static_cast<char>(bytes[64 + at] ^ 0x10);
    const std::string name = "damaged" + std::to_string(files_++);
    auto file = env_->NewWritable(name);
    ASSERT_TRUE((*file)->Append(bytes).ok() && (*file)->Close().ok());
    OpenOptions options;
    options.read_mode = mode;
    const auto section = OpenFramed(env_.get(), name, FileKind::Of("test"), SegmentId{3}, options);
    ASSERT_TRUE(section.ok()) << section.status();
    for (int i = 0; i < 300; ++i) {
      const uint64_t begin = random.Below(body.size());
      const uint64_t length = 1 + random.Below(std::min<uint64_t>(body.size() - begin, 90000));
      const bool touches = begin < 3 * 65536 && begin + length > 2 * 65536;
      const auto pinned = section->Pin(begin, length);
      ASSERT_EQ(pinned.ok(), !touches) << begin << " " << length;
      if (touches) {
        ASSERT_EQ(CodeOf(pinned.status()), ErrorCode::kDataLoss);
      } else {
        ASSERT_EQ(pinned->view(), std::string_view(body).substr(begin, length));
      }
    }
  }
}

}  // namespace
}  // namespace segue

// SPDX-License-Identifier: Apache-2.0
//
// What the tests of the format layer share: writing a file of some kind in memory and opening its
// body, mapped and not, and damaging bytes in a way that checksums do not see.
#ifndef SEGUE_TESTS_FORMAT_FORMAT_TEST_UTIL_H_
#define SEGUE_TESTS_FORMAT_FORMAT_TEST_UTIL_H_

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>

#include "engine/base/status.h"
#include "engine/io/framed_file.h"
#include "engine/io/memory_env.h"
#include "engine/io/section.h"
#include "tests/support/seeded_random.h"

namespace segue {

// A file being written in memory. Usage: write to file(), call Body() once.
class TestFile {
 public:
  TestFile() : env_(NewMemoryEnv()) {
    auto file = FramedWriter::Create(env_.get(), "file", FileKind::Of("test"), 1, SegmentId{7});
    EXPECT_TRUE(file.ok()) << file.status();
    if (file.ok()) file_ = *std::move(file);
  }

  FramedWriter* file() { return file_.get(); }

  // Finishes the file and gives its body back, as a file or, checksums aside, as plain bytes.
  Section Body(ReadMode mode = ReadMode::kMmap) {
    EXPECT_TRUE(file_->Finish().ok());
    OpenOptions options;
    options.read_mode = mode;
    auto section = OpenFramed(env_.get(), "file", FileKind::Of("test"), SegmentId{7}, options);
    EXPECT_TRUE(section.ok()) << section.status();
    return section.ok() ? *section : Section();
  }
  std::string Bytes() {
    const Section body = Body();
    auto bytes = body.PinAll();
    EXPECT_TRUE(bytes.ok()) << bytes.status();
    return std::string(bytes->view());
  }

 private:
  std::unique_ptr<Env> env_;
  std::unique_ptr<FramedWriter> file_;
};

// The body of a file of which one block of 64 KiB is not as it was written: reading there fails,
// and nowhere else.
inline Section WithBadBlockAt(std::string_view body, size_t at) {
  const std::unique_ptr<Env> env = NewMemoryEnv();
  const FileKind kind = FileKind::Of("test");
  std::string bytes = FrameBytes(kind, 1, SegmentId{7}, body);
  bytes[64 + at] = static_cast<char>(bytes[64 + at] ^ 1);
  auto file = env->NewWritable("file");
  EXPECT_TRUE((*file)->Append(bytes).ok() && (*file)->Close().ok());
  auto section = OpenFramed(env.get(), "file", kind, SegmentId{7}, {});
  EXPECT_TRUE(section.ok()) << section.status();
  return section.ok() ? *section : Section();
}

// One random damage: a bit, a byte, a swapped, removed or repeated stretch, a long run.
inline std::string Damaged(std::string bytes, SeededRandom* random) {
  if (bytes.empty()) return "x";
  const size_t at = random->Below(bytes.size());
  const size_t n = 1 + random->Below(std::min<size_t>(16, bytes.size() - at));
  switch (random->Below(6)) {
    case 0:
      bytes[at] = static_cast<char>(bytes[at] ^ (1 << random->Below(8)));
      break;
    case 1:
      bytes[at] = static_cast<char>(random->Next());
      break;
    case 2:
      for (size_t i = 0; i < n; ++i) bytes[at + i] = static_cast<char>(random->Next());
      break;
    case 3:
      for (size_t i = 0; i < n; ++i) bytes[at + i] = random->OneIn(2) ? '\xff' : '\0';
      break;
    case 4:
      bytes.erase(at, n);
      break;
    default:
      bytes.insert(at, bytes.substr(random->Below(bytes.size()), n));
      break;
  }
  return bytes;
}

}  // namespace segue

#endif  // SEGUE_TESTS_FORMAT_FORMAT_TEST_UTIL_H_

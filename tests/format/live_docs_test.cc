// SPDX-License-Identifier: Apache-2.0
//
// Live documents: round trips of any size, and every way in which a file can contradict itself.
#include "engine/format/live_docs.h"

#include <gtest/gtest.h>

#include "engine/base/limits.h"
#include "engine/io/fault_env.h"
#include "tests/format/format_test_util.h"

namespace segue {
namespace {

Bitset RandomLive(size_t doc_count, uint64_t deleted_one_in, SeededRandom* random) {
  Bitset live(doc_count, true);
  for (size_t doc = 0; doc < doc_count; ++doc) {
    if (random->OneIn(deleted_one_in)) live.Clear(doc);
  }
  return live;
}

std::string BytesOf(const Bitset& live) {
  TestFile file;
  EXPECT_TRUE(WriteLiveDocs(file.file(), live).ok());
  return file.Bytes();
}

TEST(LiveDocs, ComeBackForAnyNumberOfDocuments) {
  SeededRandom random(30);
  for (size_t docs : {0, 1, 63, 64, 65, 511, 512, 513, 100000}) {
    for (uint64_t deleted_one_in : {1, 2, 100}) {
      const Bitset live = RandomLive(docs, deleted_one_in, &random);
      TestFile file;
      ASSERT_TRUE(WriteLiveDocs(file.file(), live).ok());
      const auto read = ReadLiveDocs(file.Body(), static_cast<DocId>(docs));
      ASSERT_TRUE(read.ok()) << read.status();
      EXPECT_TRUE(read->bits == live);
      EXPECT_EQ(read->live_count, live.Count());
    }
  }
}

TEST(LiveDocs, ContradictionsAreDataLoss) {
  SeededRandom random(31);
  const std::string bytes = BytesOf(RandomLive(70, 3, &random));
  const auto code = [](const std::string& damaged, DocId doc_count) {
    return CodeOf(ReadLiveDocs(Section::FromBytes(damaged), doc_count).status());
  };
  EXPECT_EQ(code(bytes, 70), ErrorCode::kOk);
  EXPECT_EQ(code(bytes, 71), ErrorCode::kDataLoss) << "of another segment";
  EXPECT_EQ(code(bytes, 300), ErrorCode::kDataLoss);
  EXPECT_EQ(code(bytes, kEndOfDocs), ErrorCode::kDataLoss);
  EXPECT_EQ(code(bytes + '\0', 70), ErrorCode::kDataLoss);
  EXPECT_EQ(code(bytes.substr(0, 10), 70), ErrorCode::kDataLoss);
  EXPECT_EQ(code("", 0), ErrorCode::kDataLoss);
  std::string damaged = bytes;
  damaged[16] = static_cast<char>(damaged[16] | 0x40);  // document 70
  EXPECT_EQ(code(damaged, 70), ErrorCode::kDataLoss);
  EXPECT_EQ(CodeOf(ReadLiveDocs(WithBadBlockAt(bytes, 9), 70).status()), ErrorCode::kDataLoss);
}

TEST(LiveDocs, AFileThatCouldNotBeWrittenTakesNone) {
  FaultEnv env;
  const auto file = FramedWriter::Create(&env, "file", FileKind::Of("test"), 1, SegmentId{7});
  ASSERT_TRUE(file.ok()) << file.status();
  env.ClearOps();
  env.FailAt(0, FaultEnv::DiskFull());
  ASSERT_FALSE((*file)->Append(std::string(kWriteBufferBytes, 'x')).ok());
  const absl::Status status = WriteLiveDocs(file->get(), Bitset(70, true));
  EXPECT_EQ(CodeOf(status), ErrorCode::kIo);
  EXPECT_TRUE(MessageOf(status).starts_with("file: No space left on device")) << status;
}

// No single bit can change without notice.
TEST(LiveDocs, EveryFlippedBitIsDataLoss) {
  SeededRandom random(32);
  const std::string bytes = BytesOf(RandomLive(130, 4, &random));
  for (size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    std::string damaged = bytes;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << bit % 8));
    const auto read = ReadLiveDocs(Section::FromBytes(damaged), 130);
    EXPECT_EQ(CodeOf(read.status()), ErrorCode::kDataLoss) << "bit " << bit;
  }
}

}  // namespace
}  // namespace segue

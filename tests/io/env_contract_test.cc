// SPDX-License-Identifier: Apache-2.0
// What segue/env.h promises, of every Env.
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "engine/base/status.h"
#include "tests/io/test_env.h"

namespace segue {
namespace {

class EnvContractTest : public ::testing::TestWithParam<const char*> {
 protected:
  EnvContractTest() : test_(GetParam()) {}
  Env* env() const { return test_.env(); }
  TestEnv test_;
};

using Names = std::vector<std::string>;

TEST_P(EnvContractTest, WritesAndReadsBack) {
  auto file = env()->NewWritable(test_.Path("a"));
  ASSERT_TRUE(file.ok());
  ASSERT_TRUE((*file)->Append("hello ").ok());
  ASSERT_TRUE((*file)->Append("").ok());
  ASSERT_TRUE((*file)->Append("world").ok());
  ASSERT_TRUE((*file)->Sync().ok());
  ASSERT_TRUE((*file)->Close().ok());
  EXPECT_EQ(test_.Contents("a"), "hello world");
  EXPECT_EQ(env()->FileSize(test_.Path("a")).value(), 11u);
}

TEST_P(EnvContractTest, SyncsAndRemovesSeveral) {
  std::vector<std::unique_ptr<WritableFile>> files;
  std::vector<WritableFile*> pointers;
  std::vector<std::string> paths;
  for (const char* name : {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"}) {
    paths.push_back(test_.Path(name));
    auto file = env()->NewWritable(paths.back());
    ASSERT_TRUE(file.ok());
    ASSERT_TRUE((*file)->Append(name).ok());
    files.push_back(*std::move(file));
    pointers.push_back(files.back().get());
  }
  EXPECT_TRUE(env()->SyncAll({}).ok());
  EXPECT_TRUE(env()->SyncAll(pointers).ok());
  files.clear();
  paths[7] = test_.Path("missing");
  EXPECT_TRUE(env()->RemoveAll({}).empty());
  const std::vector<absl::Status> statuses = env()->RemoveAll(paths);
  ASSERT_EQ(statuses.size(), paths.size());
  for (size_t i = 0; i < paths.size(); ++i) {
    EXPECT_EQ(CodeOf(statuses[i]), i == 7 ? ErrorCode::kNotFound : ErrorCode::kOk) << paths[i];
  }
  EXPECT_EQ(env()->List(test_.dir()).value(), Names{"h"});
}

TEST_P(EnvContractTest, CreatingAnExistingFileFails) {
  test_.Write("a", "1");
  EXPECT_EQ(CodeOf(env()->NewWritable(test_.Path("a")).status()), ErrorCode::kFailedPrecondition);
  EXPECT_EQ(test_.Contents("a"), "1");
}

TEST_P(EnvContractTest, MissingThingsAreNotFoundAndNamed) {
  const std::string path = test_.Path("missing");
  const absl::Status statuses[] = {
      env()->OpenSource(path, ReadMode::kAuto).status(),
      env()->FileSize(path).status(),
      env()->Remove(path),
      env()->Rename(path, test_.Path("b")),
      env()->List(path).status(),
      env()->SyncDir(path),
      env()->SyncFile(path),
      env()->NewWritable(path + "/file").status(),
      env()->CreateDir(path + "/dir"),
  };
  for (const absl::Status& status : statuses) {
    EXPECT_EQ(CodeOf(status), ErrorCode::kNotFound) << status.ToString();
    EXPECT_NE(MessageOf(status).find("missing"), std::string_view::npos) << status.ToString();
  }
  EXPECT_FALSE(env()->Exists(path).value());
}

TEST_P(EnvContractTest, ReadsInBothModes) {
  test_.Write("a", "0123456789");
  for (const ReadMode mode : {ReadMode::kAuto, ReadMode::kMmap, ReadMode::kPread}) {
    auto source = env()->OpenSource(test_.Path("a"), mode);
    ASSERT_TRUE(source.ok());
    EXPECT_EQ((*source)->size(), 10u);
    if (mode != ReadMode::kAuto) {
      EXPECT_EQ((*source)->data() != nullptr, mode == ReadMode::kMmap);
    }
    if ((*source)->data() != nullptr) {
      EXPECT_EQ(reinterpret_cast<uintptr_t>((*source)->data()) % 64, 0u);
      EXPECT_EQ((*source)->data()[9], '9');
    }
    uint8_t bytes[4] = {};
    EXPECT_TRUE((*source)->Read(6, 4, bytes).ok());
    EXPECT_EQ(std::string(bytes, bytes + 4), "6789");
    EXPECT_TRUE((*source)->Read(10, 0, bytes).ok());
    EXPECT_EQ(CodeOf((*source)->Read(7, 4, bytes)), ErrorCode::kDataLoss);
    EXPECT_EQ(CodeOf((*source)->Read(UINT64_MAX, 2, bytes)), ErrorCode::kDataLoss);
    for (const AccessPattern pattern : {AccessPattern::kRandom, AccessPattern::kSequential,
                                        AccessPattern::kWillNeed, AccessPattern::kNormal}) {
      (*source)->Advise(3, 100, pattern);
      (*source)->Advise(1000, 1, pattern);
    }
    EXPECT_TRUE((*source)->Read(0, 4, bytes).ok());
  }
}

TEST_P(EnvContractTest, EmptyFile) {
  test_.Write("a", "");
  for (const ReadMode mode : {ReadMode::kAuto, ReadMode::kMmap, ReadMode::kPread}) {
    auto source = env()->OpenSource(test_.Path("a"), mode);
    ASSERT_TRUE(source.ok());
    EXPECT_EQ((*source)->size(), 0u);
    uint8_t byte;
    EXPECT_FALSE((*source)->Read(0, 1, &byte).ok());
  }
}

TEST_P(EnvContractTest, AnOpenFileOutlivesItsName) {
  test_.Write("a", "old");
  test_.Write("b", "new");
  for (const ReadMode mode : {ReadMode::kMmap, ReadMode::kPread}) {
    test_.Rewrite("a", "old");
    test_.Rewrite("b", "new");
    auto removed = env()->OpenSource(test_.Path("a"), mode);
    ASSERT_TRUE(removed.ok());
    ASSERT_TRUE(env()->Rename(test_.Path("b"), test_.Path("a")).ok());
    ASSERT_TRUE(env()->Remove(test_.Path("a")).ok());
    uint8_t bytes[3];
    ASSERT_TRUE((*removed)->Read(0, 3, bytes).ok());
    EXPECT_EQ(std::string(bytes, bytes + 3), "old");
  }
}

TEST_P(EnvContractTest, RenameReplaces) {
  test_.Write("a", "1");
  test_.Write("b", "2");
  ASSERT_TRUE(env()->Rename(test_.Path("a"), test_.Path("b")).ok());
  EXPECT_FALSE(env()->Exists(test_.Path("a")).value());
  EXPECT_EQ(test_.Contents("b"), "1");
}

TEST_P(EnvContractTest, ListIsSortedAndShallow) {
  EXPECT_EQ(env()->List(test_.dir()).value(), Names{});
  test_.Write("b", "");
  test_.Write("a", "");
  ASSERT_TRUE(env()->CreateDir(test_.Path("sub")).ok());
  ASSERT_TRUE(env()->CreateDir(test_.Path("sub")).ok());  // twice is fine
  test_.Write("sub/inner", "");
  EXPECT_EQ(env()->List(test_.dir()).value(), (Names{"a", "b", "sub"}));
  EXPECT_EQ(env()->List(test_.dir() + "/").value(), (Names{"a", "b", "sub"}));
  EXPECT_EQ(env()->List(test_.Path("sub")).value(), Names{"inner"});
  EXPECT_TRUE(env()->Exists(test_.Path("sub")).value());
  EXPECT_TRUE(env()->SyncDir(test_.dir()).ok());
  EXPECT_TRUE(env()->SyncFile(test_.Path("a")).ok());
}

TEST_P(EnvContractTest, OnePlaceManySpellings) {
  test_.Write("a", "x");
  EXPECT_TRUE(env()->Exists(test_.dir() + "//a").value());
  EXPECT_TRUE(env()->Exists(test_.dir() + "/./a").value());
  EXPECT_EQ(test_.Contents("./a"), "x");
  EXPECT_EQ(CodeOf(env()->NewWritable(test_.Path("./a")).status()), ErrorCode::kFailedPrecondition);
  EXPECT_TRUE(env()->Rename(test_.Path("./a"), test_.Path("b")).ok());
  EXPECT_EQ(env()->List(test_.dir() + "/./").value(), Names{"b"});
}

TEST_P(EnvContractTest, ADirectoryWhereAFileIs) {
  test_.Write("a", "");
  EXPECT_EQ(CodeOf(env()->CreateDir(test_.Path("a"))), ErrorCode::kFailedPrecondition);
}

TEST_P(EnvContractTest, LockExcludesAndNamesTheHolder) {
  const std::string path = test_.Path("segue.lock");
  auto first = env()->Lock(path, "the first");
  ASSERT_TRUE(first.ok());
  const auto second = env()->Lock(path, "the second");
  EXPECT_EQ(CodeOf(second.status()), ErrorCode::kLocked);
  EXPECT_NE(MessageOf(second.status()).find("the first"), std::string_view::npos)
      << second.status().ToString();
  first->reset();
  EXPECT_TRUE(env()->Lock(path, "the third").ok());
}

TEST_P(EnvContractTest, TheClockNeverStepsBack) {
  uint64_t before = env()->NowMicros();
  for (int i = 0; i < 1000; ++i) {
    const uint64_t now = env()->NowMicros();
    ASSERT_GE(now, before);
    before = now;
  }
}

INSTANTIATE_TEST_SUITE_P(Envs, EnvContractTest, ::testing::Values("posix", "memory", "fault"),
                         [](const auto& info) { return std::string(info.param); });

}  // namespace
}  // namespace segue

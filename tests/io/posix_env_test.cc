// SPDX-License-Identifier: Apache-2.0
// What only the real system can show.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <string>
#include <vector>

#include "engine/base/strings.h"
#include "segue/status.h"
#include "tests/io/test_env.h"

namespace segue {
namespace {

class PosixEnvTest : public ::testing::Test {
 protected:
  TestEnv test_{"posix"};
};

TEST_F(PosixEnvTest, LockDiesWithItsProcess) {
  const std::string path = test_.Path("segue.lock");
  int ready[2];
  ASSERT_EQ(::pipe(ready), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const auto lock = PosixEnv()->Lock(path, "child");
    const char answer = lock.ok() ? 'y' : 'n';
    (void)!::write(ready[1], &answer, 1);
    for (;;) ::pause();
  }
  char answer = 0;
  ASSERT_EQ(::read(ready[0], &answer, 1), 1);
  ASSERT_EQ(answer, 'y');
  const auto refused = PosixEnv()->Lock(path, "parent");
  EXPECT_EQ(CodeOf(refused.status()), ErrorCode::kLocked);
  const std::string message(MessageOf(refused.status()));
  EXPECT_NE(message.find(Cat("process ", child, " on ")), std::string::npos) << message;
  EXPECT_NE(message.find("child"), std::string::npos) << message;
  ASSERT_EQ(::kill(child, SIGKILL), 0);
  ASSERT_EQ(::waitpid(child, nullptr, 0), child);
  EXPECT_TRUE(PosixEnv()->Lock(path, "parent").ok());
  ::close(ready[0]);
  ::close(ready[1]);
}

TEST_F(PosixEnvTest, OwnerNoteOfAnotherProgramIsNotTrusted) {
  const std::string path = test_.Path("segue.lock");
  const auto lock = PosixEnv()->Lock(path, "x");
  ASSERT_TRUE(lock.ok());
  const int fd = ::open(path.c_str(), O_WRONLY | O_TRUNC);
  const std::string note = std::string("\x1b[31m\x01") + std::string(10000, 'z');
  ASSERT_EQ(::write(fd, note.data(), note.size()), static_cast<ssize_t>(note.size()));
  ::close(fd);
  const auto refused = PosixEnv()->Lock(path, "y");
  ASSERT_EQ(CodeOf(refused.status()), ErrorCode::kLocked);
  EXPECT_EQ(MessageOf(refused.status()).find('\x1b'), std::string_view::npos);
  EXPECT_LT(MessageOf(refused.status()).size(), path.size() + 300);
}

TEST_F(PosixEnvTest, TruncationUnderPreadIsAStatus) {
  test_.Write("a", std::string(100000, 'x'));
  auto source = PosixEnv()->OpenSource(test_.Path("a"), ReadMode::kPread);
  ASSERT_TRUE(source.ok());
  ASSERT_EQ(::truncate(test_.Path("a").c_str(), 50000), 0);
  std::vector<uint8_t> bytes(100000);
  EXPECT_EQ(CodeOf((*source)->Read(0, bytes.size(), bytes.data())), ErrorCode::kDataLoss);
  EXPECT_TRUE((*source)->Read(0, 50000, bytes.data()).ok());
}

TEST_F(PosixEnvTest, ADirectoryIsNoFile) {
  EXPECT_EQ(CodeOf(PosixEnv()->OpenSource(test_.dir(), ReadMode::kAuto).status()), ErrorCode::kIo);
  EXPECT_EQ(CodeOf(PosixEnv()->List(test_.Path("a")).status()), ErrorCode::kNotFound);
  test_.Write("a", "");
  EXPECT_EQ(CodeOf(PosixEnv()->List(test_.Path("a")).status()), ErrorCode::kNotFound);
}

TEST_F(PosixEnvTest, RunningOutOfDescriptorsIsAResourceError) {
  test_.Write("a", "x");
  rlimit before;
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  rlimit low = before;
  low.rlim_cur = 40;
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &low), 0);
  std::vector<std::unique_ptr<ByteSource>> open;
  absl::Status status;
  for (int i = 0; i < 60 && status.ok(); ++i) {
    auto source = PosixEnv()->OpenSource(test_.Path("a"), ReadMode::kPread);
    status = source.status();
    if (source.ok()) open.push_back(*std::move(source));
  }
  open.clear();
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
  EXPECT_EQ(CodeOf(status), ErrorCode::kResourceExhausted);
  EXPECT_NE(MessageOf(status).find("ulimit -n"), std::string_view::npos);
}

TEST_F(PosixEnvTest, MappingsHoldNoDescriptor) {
  test_.Write("a", "x");
  rlimit before;
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  rlimit low = before;
  low.rlim_cur = 40;
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &low), 0);
  std::vector<std::unique_ptr<ByteSource>> open;
  for (int i = 0; i < 100; ++i) {
    auto source = PosixEnv()->OpenSource(test_.Path("a"), ReadMode::kMmap);
    if (source.ok()) open.push_back(*std::move(source));
  }
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
  EXPECT_EQ(open.size(), 100u);
}

TEST_F(PosixEnvTest, AWriteThatFailsNamesCallAndFile) {
  rlimit before;
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  rlimit low = before;
  low.rlim_cur = 1000;
  ::signal(SIGXFSZ, SIG_IGN);
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &low), 0);
  auto file = PosixEnv()->NewWritable(test_.Path("a"));
  const absl::Status status = (*file)->Append(std::string(5000, 'x'));
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  ::signal(SIGXFSZ, SIG_DFL);
  EXPECT_EQ(CodeOf(status), ErrorCode::kIo);
  EXPECT_NE(MessageOf(status).find(test_.Path("a") + ": write: "), std::string_view::npos);
}

TEST_F(PosixEnvTest, ReadsFromAReadOnlyDirectory) {
  test_.Write("a", "x");
  ASSERT_EQ(::chmod(test_.dir().c_str(), 0555), 0);
  EXPECT_EQ(test_.Contents("a"), "x");
  if (::geteuid() != 0) {
    EXPECT_EQ(CodeOf(PosixEnv()->NewWritable(test_.Path("b")).status()), ErrorCode::kIo);
  }
  ASSERT_EQ(::chmod(test_.dir().c_str(), 0755), 0);
}

}  // namespace
}  // namespace segue

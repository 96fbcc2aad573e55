// SPDX-License-Identifier: Apache-2.0
//
// A writing process is killed (SIGKILL) at random moments, on a real file system, again and again
// in the same index. Through a pipe it says what it is about to commit, and what has been
// committed; the index must hold one of the two, sound, every time.
//
// SEGUE_KILLS: how many cycles; 200 by default.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "engine/base/check.h"
#include "engine/base/strings.h"
#include "engine/simd/crc32c.h"
#include "tests/crash/workload.h"
#include "tests/support/seeded_random.h"

namespace segue {
namespace {

namespace fs = std::filesystem;

uint64_t Cycles() {
  const char* wish = std::getenv("SEGUE_KILLS");
  return wish == nullptr ? (SEGUE_CHECKS_ON ? 40 : 200) : std::strtoull(wish, nullptr, 10);
}

// Microseconds that a writer has, at most; slow builds open an index in tens of milliseconds.
constexpr uint64_t kLongestLife = SEGUE_CHECKS_ON ? 250000 : 40000;

// What a generation is known by on the other side of the pipe.
struct Digest {
  char what = 0;  // 'B'egun, 'C'ommitted
  uint32_t crc = 0;
  uint64_t number = 0;
};

Digest DigestOf(char what, const Generation& generation) {
  std::string text = Cat(generation.payload, "\n");
  for (const auto& [key, document] : generation.documents) text += Cat(key, "=", document, "\n");
  return {what, Crc32c(0, text.data(), text.size()), generation.number};
}

// The process that is killed. Whatever goes wrong shows on the other side as a missing message.
[[noreturn]] void Write(const std::string& folder, uint64_t seed, bool syncs, int pipe) {
  SeededRandom random(seed);
  absl::StatusOr<Generation> start = ReadGeneration(PosixEnv(), folder);
  if (!start.ok()) ::_exit(3);
  WriterOptions options;
  options.durability = syncs ? Durability::kSync : Durability::kNoSync;
  const std::unique_ptr<Executor> merges = *NewBackgroundThread();
  if (random.OneIn(2)) options.merge_executor = merges.get();
  WorkloadRun run(PosixEnv(), folder, *std::move(start), options);
  run.on_commit = [pipe](const Generation& next) {
    const Digest begun = DigestOf('B', next);
    if (::write(pipe, &begun, sizeof begun) != sizeof begun) ::_exit(4);
  };
  for (;;) {
    for (const Step& step : DrawSteps(random, 30)) {
      const uint64_t before = run.committed().number;
      if (!run.Perform(step).ok()) ::_exit(5);
      if (run.committed().number == before) continue;
      const Digest committed = DigestOf('C', run.committed());
      if (::write(pipe, &committed, sizeof committed) != sizeof committed) ::_exit(4);
    }
  }
}

class KillTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = (fs::temp_directory_path() / Cat("segue-kill-test-", getpid())).string();
    fs::remove_all(folder_);
    last_ = DigestOf('C', CreateEmptyIndex(PosixEnv(), folder_));
  }
  void TearDown() override { fs::remove_all(folder_); }

  // Starts a writer and kills it after so long; then checks.
  void Cycle(uint64_t seed, useconds_t microseconds, bool syncs) {
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      ::close(ends[0]);
      Write(folder_, seed, syncs, ends[1]);
    }
    ::close(ends[1]);
    ::usleep(microseconds);
    ASSERT_EQ(::kill(child, SIGKILL), 0);
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status)) << "the writer ended by itself: " << WEXITSTATUS(status);
    std::optional<Digest> begun;
    for (Digest digest; ::read(ends[0], &digest, sizeof digest) == sizeof digest;) {
      if (digest.what == 'C') {
        last_ = digest;
        begun.reset();
        ++commits_;
      } else {
        begun = digest;
      }
    }
    ::close(ends[0]);
    Check(begun);
  }

  void Check(const std::optional<Digest>& begun) {
    const absl::StatusOr<Generation> found = ReadGeneration(PosixEnv(), folder_);
    ASSERT_TRUE(found.ok()) << found.status();
    const Digest digest = DigestOf('C', *found);
    if (digest.number == last_.number) {
      ASSERT_EQ(digest.crc, last_.crc) << "another content in generation " << digest.number;
    } else {
      ASSERT_TRUE(begun.has_value()) << "generation " << digest.number << " after " << last_.number;
      ASSERT_EQ(digest.number, begun->number);
      ASSERT_EQ(digest.crc, begun->crc);
      ++unanswered_;
    }
    ASSERT_EQ(CheckIndex(PosixEnv(), folder_, *found, std::nullopt), "");
    last_ = digest;
  }

  std::string folder_;
  Digest last_;
  uint64_t commits_ = 0;
  uint64_t unanswered_ = 0;  // commits that were there, though nobody had been told
};

TEST_F(KillTest, TheIndexIsAlwaysWhole) {
  SeededRandom random(77);
  for (uint64_t cycle = 0; cycle < Cycles() && !HasFatalFailure(); ++cycle) {
    SCOPED_TRACE(Cat("cycle ", cycle));
    Cycle(cycle, static_cast<useconds_t>(random.Between(1000, kLongestLife)), cycle % 2 == 0);
  }
  std::printf("%llu kills, %llu commits, %llu of them unanswered\n",
              static_cast<unsigned long long>(Cycles()), static_cast<unsigned long long>(commits_),
              static_cast<unsigned long long>(unanswered_));
  EXPECT_GT(commits_, Cycles() / 20) << "the writers hardly got to work";
}

}  // namespace
}  // namespace segue

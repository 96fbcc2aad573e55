// SPDX-License-Identifier: Apache-2.0
//
// Readers in other processes, which take no lock, while a writer commits, merges and removes files:
// each snapshot stays what it was when it was opened, and newer ones are newer.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "engine/base/strings.h"
#include "segue/index.h"
#include "segue/query.h"
#include "segue/status.h"
#include "tests/crash/workload.h"
#include "tests/support/seeded_random.h"

namespace segue {
namespace {

namespace fs = std::filesystem;

constexpr int kReaders = 3;
constexpr int kCommits = 150;

// All that a snapshot says.
std::string Everything(const Snapshot& snapshot) {
  std::string text = Cat(snapshot.generation(), " ", snapshot.payload());
  for (uint64_t doc = 0; doc < snapshot.doc_count(); ++doc) {
    const auto stored = snapshot.Stored(doc);
    text +=
        stored.ok() ? stored->ToJson(snapshot.schema()) : std::string(MessageOf(stored.status()));
  }
  const auto result = snapshot.Search(Query::Text("common word1 word2"), {.k = 100});
  if (!result.ok()) return Cat("search: ", MessageOf(result.status()));
  for (const Hit& hit : result->hits) text += Cat(" ", hit.doc, ":", hit.score);
  return text;
}

// Exit codes: 0 all is well, 1 an old snapshot has changed, 2 it cannot be read, 3 going back.
[[noreturn]] void Read(const std::string& folder, int stop_pipe) {
  struct Held {
    std::shared_ptr<const Snapshot> snapshot;
    std::string everything;
  };
  std::vector<Held> held;
  uint64_t last = 0;
  for (size_t round = 0;; ++round) {
    const auto index = Index::Open(folder);
    if (!index.ok()) ::_exit(2);
    const auto snapshot = index->OpenSnapshot();
    if (!snapshot.ok()) ::_exit(2);
    if ((*snapshot)->generation() < last) ::_exit(3);
    last = (*snapshot)->generation();
    const Held now = {*snapshot, Everything(**snapshot)};
    // Eight are kept: the oldest has lived through many commits.
    if (held.size() < 8) {
      held.push_back(now);
    } else {
      held[round % held.size()] = now;
    }
    for (const Held& old : held) {
      if (Everything(*old.snapshot) != old.everything) ::_exit(1);
    }
    char byte;
    if (::read(stop_pipe, &byte, 1) == 0) ::_exit(0);  // the writer has closed its end
  }
}

TEST(Readers, InOtherProcessesAreNotDisturbed) {
  const std::string folder =
      (fs::temp_directory_path() / Cat("segue-readers-test-", getpid())).string();
  fs::remove_all(folder);
  WorkloadRun run(PosixEnv(), folder, CreateEmptyIndex(PosixEnv(), folder));
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_NONBLOCK), 0);
  std::vector<pid_t> readers;
  for (int i = 0; i < kReaders; ++i) {
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      ::close(ends[1]);
      Read(folder, ends[0]);
    }
    readers.push_back(child);
  }
  ::close(ends[0]);
  SeededRandom random(5);
  for (int commits = 0; commits < kCommits;) {
    for (const Step& step : DrawSteps(random, 10)) {
      const uint64_t before = run.committed().number;
      const absl::Status status = run.Perform(step);
      ASSERT_TRUE(status.ok()) << status;
      commits += run.committed().number > before ? 1 : 0;
    }
  }
  ::close(ends[1]);
  for (const pid_t reader : readers) {
    int status = 0;
    ASSERT_EQ(::waitpid(reader, &status, 0), reader);
    EXPECT_TRUE(WIFEXITED(status)) << "signal " << WTERMSIG(status);
    EXPECT_EQ(WEXITSTATUS(status), 0);
  }
  run.Close();
  EXPECT_EQ(CheckIndex(PosixEnv(), folder, run.committed(), std::nullopt), "");
  fs::remove_all(folder);
}

}  // namespace
}  // namespace segue

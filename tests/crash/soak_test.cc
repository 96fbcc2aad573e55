// SPDX-License-Identifier: Apache-2.0
//
// Everything at once, for a while: a writing process with upserts, deletes, commits and merges that
// is killed at random moments, a reading process of eight threads, two more of one. After each kill
// the index holds what was acknowledged last, or the commit under way as well, every document of it
// whole; memory, open files and files of the index do not grow.
//
// SEGUE_SOAK_SECONDS: how long; some seconds by default.
#include "tests/crash/soak.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <optional>

#include "engine/base/check.h"
#include "engine/base/strings.h"
#include "engine/format/manifest_io.h"
#include "engine/verify/verify.h"
#include "segue/status.h"
#include "tests/support/seeded_random.h"

namespace segue::soak {
namespace {

namespace fs = std::filesystem;

// Merges beside a writer may be behind by so many (IsBehind, merge_policy.h): three times the eight
// of one size class, and those of the last commits.
constexpr size_t kMostSegments = 32;

double SoakSeconds() {
  const char* wish = std::getenv("SEGUE_SOAK_SECONDS");
  return wish == nullptr ? (SEGUE_CHECKS_ON ? 8 : 4) : std::strtod(wish, nullptr);
}

// What the writer has said, as far as it has been read.
struct Said {
  std::string bytes;  // not taken apart yet
  std::optional<uint32_t> begun;
  std::vector<Change> changes;  // of the commit that has begun
};

class SoakTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = (fs::temp_directory_path() / Cat("segue-soak-", ::getpid())).string();
    fs::remove_all(folder_);
    ASSERT_TRUE(Index::Create(folder_, SoakSchema()).ok());
  }
  void TearDown() override { fs::remove_all(folder_); }

  double Now() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - began_).count();
  }

  void StartReaders(int threads) {
    int report[2];
    ASSERT_EQ(::pipe(report), 0);
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      ::close(stop_[1]);
      Read(folder_, threads, seconds_, stop_[0], report[1]);
    }
    ::close(report[1]);
    readers_.push_back({child, report[0]});
  }

  // A writer lives for a while.
  void Cycle(uint64_t seed, double lifetime) {
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    const pid_t writer = ::fork();
    ASSERT_GE(writer, 0);
    if (writer == 0) {
      ::close(ends[0]);
      ::close(stop_[1]);
      Write(folder_, seed, version_ + 1, ends[1]);
    }
    ::close(ends[1]);
    Said said;
    const double end = Now() + lifetime;
    while (Now() < end && Listen(ends[0], end - Now(), &said)) {
    }
    const Usage usage = UsageOf(writer);
    writer_memory_.Add(Now(), usage.anonymous_mib);
    ASSERT_EQ(::kill(writer, SIGKILL), 0);
    int status = 0;
    ASSERT_EQ(::waitpid(writer, &status, 0), writer);
    ASSERT_TRUE(WIFSIGNALED(status)) << "the writer ended by itself: " << WEXITSTATUS(status);
    while (Listen(ends[0], 0, &said)) {
    }
    ::close(ends[0]);
    ++kills_;
    Check(said);
  }

  // Takes what there is to read within the time; false at the end.
  bool Listen(int pipe, double seconds, Said* said) {
    pollfd end = {.fd = pipe, .events = POLLIN, .revents = 0};
    if (::poll(&end, 1, static_cast<int>(seconds * 1000)) == 0) return seconds > 0;
    char buffer[65536];
    const ssize_t count = ::read(pipe, buffer, sizeof buffer);
    if (count <= 0) return false;
    said->bytes.append(buffer, static_cast<size_t>(count));
    while (TakeMessage(said)) {
    }
    return true;
  }

  bool TakeMessage(Said* said) {
    Message message;
    if (said->bytes.size() < sizeof message) return false;
    std::memcpy(&message, said->bytes.data(), sizeof message);
    const size_t bytes = message.changes * sizeof(Change);
    if (said->bytes.size() < sizeof message + bytes) return false;
    if (message.what == 'B') {
      said->begun = message.version;
      said->changes.resize(message.changes);
      std::memcpy(said->changes.data(), said->bytes.data() + sizeof message, bytes);
    } else {
      Acknowledge(said);
      ++acknowledged_;
    }
    said->bytes.erase(0, sizeof message + bytes);
    return true;
  }

  void Acknowledge(Said* said) {
    Apply(said->changes, *said->begun, &model_);
    version_ = *std::exchange(said->begun, std::nullopt);
    changes_ += said->changes.size();
  }

  // The index holds the acknowledged documents, or those of the commit under way.
  void Check(Said said) {
    const auto index = Index::Open(folder_);
    ASSERT_TRUE(index.ok()) << index.status();
    const auto snapshot = *index->OpenSnapshot();
    const std::string& payload = snapshot->payload();
    if (said.begun.has_value() && payload == std::to_string(*said.begun)) {
      Acknowledge(&said);
      ++unanswered_;
    }
    ASSERT_EQ(payload, version_ == 0 ? "" : std::to_string(version_));
    ASSERT_EQ(snapshot->live_doc_count(), model_.size());
    for (uint64_t doc = 0; doc < snapshot->doc_count(); ++doc) {
      const auto stored = snapshot->Stored(doc);
      if (CodeOf(stored.status()) == ErrorCode::kNotFound) continue;  // deleted
      ASSERT_TRUE(stored.ok()) << stored.status();
      const auto key = static_cast<uint32_t>(std::stoul(snapshot->Key(doc)->substr(1)));
      ASSERT_TRUE(model_.contains(key)) << "key " << key << " should be gone";
      ASSERT_EQ(std::get<std::string>(*stored->Find("text")), TextOf(key, model_[key]));
    }
    if (kills_ % 8 == 1) Verify();
    const auto files = std::distance(fs::directory_iterator(folder_), fs::directory_iterator());
    files_.Add(Now(), static_cast<double>(files));
  }

  // Once a writer has been there, the folder has the files of the index and no others.
  void CleanUp() {
    auto index = Index::Open(folder_);
    ASSERT_TRUE(index.ok()) << index.status();
    WriterOptions options;
    options.lock_wait_ms = 10000;
    ASSERT_TRUE(index->OpenWriter(options).ok());
    const auto newest = ReadNewestManifest(PosixEnv(), folder_);
    ASSERT_TRUE(newest.ok()) << newest.status();
    EXPECT_EQ(*ListOrphans(PosixEnv(), folder_, *newest), std::vector<std::string>{});
    EXPECT_LE(newest->segments.size(), kMostSegments);
  }

  void Verify() {
    const auto report = VerifyIndex(PosixEnv(), folder_);
    ASSERT_TRUE(report.ok()) << report.status();
    ASSERT_TRUE(report->ok()) << report->problems[0];
  }

  void EndReaders() {
    ::close(stop_[1]);
    for (const auto& [process, pipe] : readers_) {
      ReaderReport report;
      EXPECT_EQ(::read(pipe, &report, sizeof report), static_cast<ssize_t>(sizeof report));
      ::close(pipe);
      int status = 0;
      ASSERT_EQ(::waitpid(process, &status, 0), process);
      EXPECT_TRUE(WIFEXITED(status)) << "signal " << WTERMSIG(status);
      EXPECT_EQ(WEXITSTATUS(status), 0);
      std::printf(
          "readers: %llu snapshots, %llu searches; %.1f MiB early, %.1f late; "
          "%.0f files early, %.0f late\n",
          static_cast<unsigned long long>(report.snapshots),
          static_cast<unsigned long long>(report.searches), report.memory_early, report.memory_late,
          report.files_early, report.files_late);
      EXPECT_GT(report.snapshots, 0u);
      EXPECT_TRUE(report.flat) << "memory or open files of readers grow";
    }
  }

  const double seconds_ = SoakSeconds();
  const std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
  std::string folder_;
  int stop_[2] = {-1, -1};
  std::vector<std::pair<pid_t, int>> readers_;  // and where they report
  Model model_;
  uint32_t version_ = 0;  // of the last commit that is known to be there
  uint64_t kills_ = 0, acknowledged_ = 0, unanswered_ = 0, changes_ = 0;
  Trend files_{seconds_}, writer_memory_{seconds_};
};

TEST_F(SoakTest, NothingIsLostAndNothingGrows) {
  ASSERT_EQ(::pipe(stop_), 0);
  StartReaders(8);
  StartReaders(1);
  StartReaders(1);
  SeededRandom random(99);
  for (uint64_t seed = 0; Now() < seconds_ && !HasFatalFailure(); ++seed) {
    // Now and then a writer is killed while it starts.
    const double longest = random.OneIn(4) ? 0.1 : seconds_ < 60 ? 2 : 8;
    Cycle(seed, longest * static_cast<double>(random.Between(1, 1000)) / 1000);
  }
  Verify();
  EndReaders();
  CleanUp();
  std::printf(
      "%.0f s: %llu kills, %llu commits acknowledged, %llu more found, %llu changes, %zu "
      "documents; "
      "writer %.1f MiB early, %.1f late; index %.0f files early, %.0f late\n",
      Now(), static_cast<unsigned long long>(kills_),
      static_cast<unsigned long long>(acknowledged_), static_cast<unsigned long long>(unanswered_),
      static_cast<unsigned long long>(changes_), model_.size(), writer_memory_.early(),
      writer_memory_.late(), files_.early(), files_.late());
  EXPECT_GT(acknowledged_, 0u) << "the writers hardly got to work";
  // Sanitizers keep what is freed for a while.
  EXPECT_TRUE(SEGUE_CHECKS_ON || writer_memory_.IsFlat(/*slack=*/32));
  // A short run sees few kills, each at another moment between two merges.
  EXPECT_TRUE(files_.IsFlat(/*slack=*/kMostSegments * 10));
}

}  // namespace
}  // namespace segue::soak

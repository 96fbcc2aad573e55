// SPDX-License-Identifier: Apache-2.0
//
// The budget of a writer is kept as the system counts it: anonymous memory of the process, with all
// that an allocator loses, while documents are added, flushed and merged.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "engine/base/strings.h"
#include "engine/write/index_writer.h"
#include "segue/env.h"
#include "tests/write/write_test_util.h"

namespace segue {
namespace {

// 0 where the system does not tell.
uint64_t AnonymousBytes() {
  constexpr std::string_view kName = "RssAnon:";
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(kName)) return std::stoull(line.substr(kName.size())) * 1024;
  }
  return 0;
}

// Whether what is touched counts as the 2 MiB around it, wherever it is.
bool EverythingIsInHugePages() {
  std::ifstream setting("/sys/kernel/mm/transparent_hugepage/enabled");
  std::string line;
  return std::getline(setting, line) && line.find("[always]") != std::string::npos;
}

// Looks at the process's memory again and again, and keeps the most.
class PeakWatch {
 public:
  explicit PeakWatch(uint64_t before) : before_(before), thread_([this] { Watch(); }) {}
  ~PeakWatch() {
    if (thread_.joinable()) thread_.join();
  }
  // What came on top of `before`.
  uint64_t Stop() {
    stop_ = true;
    thread_.join();
    return peak_ - std::min(before_, peak_);
  }

 private:
  void Watch() {
    while (!stop_) {
      peak_ = std::max(peak_, AnonymousBytes());
      std::this_thread::sleep_for(std::chrono::microseconds(300));
    }
  }

  const uint64_t before_;
  uint64_t peak_ = 0;
  std::atomic<bool> stop_ = false;
  std::thread thread_;
};

// A quarter of the words are new ones, so that the vocabulary grows with the input.
Document WordyDocument(std::mt19937_64& random, uint64_t number) {
  Document document;
  document.Add("id", Cat("key", number));
  document.Add("title", RandomText(random, 4, 100000));
  std::string body = RandomText(random, 60, 30000);
  for (int i = 0; i < 20; ++i) body += Cat(" ", random() >> 20);
  document.Add("body", body);
  document.Add("year", static_cast<int64_t>(random() % 3000));
  document.Add("ratings", static_cast<int64_t>(random() % 5));
  return document;
}

class WriterMemoryTest : public testing::Test {
 protected:
  void SetUp() override {
#ifdef SEGUE_SANITIZED
    GTEST_SKIP() << "a sanitizer takes memory of its own";
#endif
    if (AnonymousBytes() == 0) GTEST_SKIP() << "the system does not tell";
    if (EverythingIsInHugePages()) GTEST_SKIP() << "the system counts whole huge pages";
    folder_ = testing::TempDir() + "segue_writer_memory";
    std::filesystem::remove_all(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  // Of the process, before any test: what an allocator keeps afterwards counts.
  static inline const uint64_t before_ = AnonymousBytes();
  std::string folder_;
};

TEST_F(WriterMemoryTest, StaysWithinTheBudgetAndATenth) {
  constexpr uint64_t kBudget = uint64_t{32} << 20;
  constexpr size_t kBatch = 256;
  for (const uint32_t threads : {1u, 2u}) {
    SCOPED_TRACE(Cat(threads, " threads"));
    std::filesystem::remove_all(folder_);
    ASSERT_TRUE(IndexWriter::Create(PosixEnv(), folder_, FullSchema()).ok());
    std::mt19937_64 random(TestSeed(91));
    PeakWatch watch(before_);
    uint64_t segments = 0;
    {
      auto writer = OpenOrDie(PosixEnv(), folder_,
                              {.memory_bytes = kBudget, .auto_merge = false, .threads = threads});
      std::vector<Document> batch;
      uint64_t before = 0;
      for (uint64_t number = 0; segments < 2; ++number) {
        batch.push_back(WordyDocument(random, number));
        if (batch.size() < kBatch) continue;
        ASSERT_TRUE(writer->AddBatch(batch).ok());
        batch.clear();
        const uint64_t held = writer->MemoryBytes();
        if (held < before) ++segments;
        before = held;
      }
      ASSERT_TRUE(writer->ForceMerge(1).ok());
    }
    const uint64_t peak = watch.Stop();
    std::cout << peak / 1e6 << " MB, " << segments << " flushes\n";
    EXPECT_GT(peak, kBudget / 2) << "the budget was hardly used";
    EXPECT_LE(peak, kBudget + kBudget / 10);
  }
}

}  // namespace
}  // namespace segue

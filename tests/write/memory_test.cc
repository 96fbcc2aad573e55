// SPDX-License-Identifier: Apache-2.0
//
// The budget of a writer is kept as the system counts it: anonymous memory of the process, with all
// that an allocator loses, while documents are added, flushed and merged.
#include <gtest/gtest.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

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
#include "engine/format/manifest_io.h"
#include "engine/segment/segment.h"
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
#ifdef __GLIBC__
    ::malloc_trim(0);  // of what tests before have freed
#endif
    if (AnonymousBytes() == 0) GTEST_SKIP() << "the system does not tell";
    if (EverythingIsInHugePages()) GTEST_SKIP() << "the system counts whole huge pages";
    folder_ = testing::TempDir() + "segue_writer_memory";
    std::filesystem::remove_all(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  // Of the process, before any test: what an allocator keeps of a test counts.
  static inline const uint64_t before_ = AnonymousBytes();
  std::string folder_;
};

// The most that a writer takes which flushes `flushes` times, and merges in the end.
uint64_t PeakOf(const std::string& folder, const Schema& schema, const IndexWriterOptions& options,
                uint64_t before, uint64_t flushes) {
  constexpr size_t kBatch = 256;
  std::filesystem::remove_all(folder);
  EXPECT_TRUE(IndexWriter::Create(PosixEnv(), folder, schema).ok());
  std::mt19937_64 random(TestSeed(91));
  PeakWatch watch(before);
  uint64_t segments = 0;
  {
    auto writer = OpenOrDie(PosixEnv(), folder, options);
    std::vector<Document> batch;
    uint64_t held_before = 0;
    for (uint64_t number = 0; segments < flushes; ++number) {
      batch.push_back(WordyDocument(random, number));
      if (batch.size() < kBatch) continue;
      EXPECT_TRUE(writer->AddBatch(batch).ok());
      batch.clear();
      const uint64_t held = writer->MemoryBytes();
      if (held < held_before) ++segments;
      held_before = held;
    }
    EXPECT_TRUE(writer->ForceMerge(1).ok());
  }
  const uint64_t peak = watch.Stop();
  std::cout << peak / 1e6 << " MB, " << segments << " flushes\n";
  return peak;
}

TEST_F(WriterMemoryTest, StaysWithinTheBudgetAndATenth) {
  constexpr uint64_t kBudget = uint64_t{32} << 20;
  for (const uint32_t threads : {1u, 2u}) {
    SCOPED_TRACE(Cat(threads, " threads"));
    const uint64_t peak =
        PeakOf(folder_, FullSchema(),
               {.memory_bytes = kBudget, .auto_merge = false, .threads = threads}, before_, 2);
    EXPECT_GT(peak, kBudget / 2) << "the budget was hardly used";
    EXPECT_LE(peak, kBudget + kBudget / 10);
  }
}

// More stored blocks than there is memory for.
TEST_F(WriterMemoryTest, DocumentsAreReorderedWithinIt) {
  constexpr uint64_t kBudget = uint64_t{32} << 20;
  constexpr size_t kBatch = 500, kBatches = 200;
  const Schema schema = *Schema::FromJson(
      R"({"fields":{"text":{"type":"text"},"year":{"type":"int64"},
                    "more":{"type":"text","indexed":false,"stored":true}}})");
  ASSERT_TRUE(IndexWriter::Create(PosixEnv(), folder_, schema).ok());
  std::mt19937_64 random(TestSeed(92));
  auto writer = OpenOrDie(PosixEnv(), folder_, {.memory_bytes = kBudget, .auto_merge = false});
  std::vector<Document> batch(kBatch);
  for (size_t i = 0; i < kBatches; ++i) {
    for (Document& document : batch) {
      document = Document();
      document.Add("text", RandomText(random, 12, 20000));
      document.Add("year", static_cast<int64_t>(random() % 3000));
      document.Add("more", RandomText(random, 1, 1000) + std::string(500, 'x'));
    }
    ASSERT_TRUE(writer->AddBatch(batch).ok());
  }
  ASSERT_TRUE(writer->Commit().ok());
  for (const ForceMergeOptions& order :
       {ForceMergeOptions{.order = DocumentOrder::kQuick},
        ForceMergeOptions{.order = DocumentOrder::kDescending, .order_field = "year"}}) {
    PeakWatch watch(before_);
    ASSERT_TRUE(writer->ForceMerge(1, order).ok());
    const uint64_t peak = watch.Stop();
    std::cout << peak / 1e6 << " MB\n";
    EXPECT_GT(peak, kBudget / 4);
    EXPECT_LE(peak, kBudget + kBudget / 10);
  }
}

// The least memory with which dictionaries are trained, and documents of which hardly more is kept
// than what is stored.
TEST_F(WriterMemoryTest, DictionariesAreTrainedWithinIt) {
  constexpr uint64_t kBudget = uint64_t{128} << 20;
  Schema schema = *Schema::FromJson(
      R"({"key":"id","stored_compression":"zstd",
          "fields":{"id":{"type":"keyword","stored":true},"title":{"type":"text"},
                    "body":{"type":"text","indexed":false,"stored":true}}})");
  const uint64_t peak =
      PeakOf(folder_, schema, {.memory_bytes = kBudget, .auto_merge = false}, before_, 1);
  EXPECT_LE(peak, kBudget + kBudget / 10);
  const auto manifest = ReadNewestManifest(PosixEnv(), folder_);
  ASSERT_TRUE(manifest.ok()) << manifest.status();
  const auto segment = Segment::Open(PosixEnv(), folder_, manifest->segments[0], {});
  ASSERT_TRUE(segment.ok()) << segment.status();
  EXPECT_GT((*segment)->meta().stored->dictionary_bytes, 0u);
}

}  // namespace
}  // namespace segue

// SPDX-License-Identifier: Apache-2.0
//
// AddBatch with any number of threads writes what adding one by one writes.
#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "engine/base/strings.h"
#include "engine/io/fault_env.h"
#include "engine/io/memory_env.h"
#include "engine/write/index_writer.h"
#include "engine/write/worker_pool.h"
#include "tests/write/index_dump.h"
#include "tests/write/write_test_util.h"

namespace segue {
namespace {

constexpr char kDir[] = "index";

TEST(WorkerPool, DoesEachItemOnce) {
  for (const size_t threads : {1, 3}) {
    WorkerPool pool(threads);
    for (const size_t count : {0, 1, 2, 500}) {
      std::vector<std::atomic<int>> done(count);
      std::atomic<size_t> greatest_worker{0};
      pool.Start(count, [&](size_t worker, size_t item) {
        ++done[item];
        size_t seen = greatest_worker;
        while (worker > seen && !greatest_worker.compare_exchange_weak(seen, worker)) {
        }
      });
      pool.Wait();
      pool.Wait();
      for (const auto& times : done) EXPECT_EQ(times, 1);
      EXPECT_LE(greatest_worker, pool.threads());
    }
  }
}

TEST(WorkerPool, PassesOnWhatAJobThrows) {
  WorkerPool pool(2);
  pool.Start(50, [](size_t, size_t item) {
    if (item == 20) throw std::runtime_error("twenty");
  });
  EXPECT_THROW(pool.Wait(), std::runtime_error);
  pool.Start(1, [](size_t, size_t) {});
  EXPECT_NO_THROW(pool.Wait());
}

// Good documents with every ninth one bad in some way.
std::vector<Document> Mixed(size_t count) {
  std::vector<Document> documents = RandomDocuments(TestSeed(51), count);
  for (size_t i = 0; i < count; i += 9) {
    switch (i % 4) {
      case 0:
        documents[i] = Document().Add("body", "no key");
        break;
      case 1:
        documents[i].Add("year", "a text");
        break;
      case 2:
        documents[i] = documents[i / 2 + 1];  // a key that is taken
        break;
      default:
        documents[i].AddTokens("lines", "x", {{"t", ~0u, 0, 1}});
    }
  }
  return documents;
}

TEST(AddBatch, ThreadsDoNotMatter) {
  const std::vector<Document> documents = Mixed(2500);
  std::map<std::string, std::string> one_by_one;
  std::vector<size_t> refused_one_by_one;
  for (const uint32_t threads : {0, 1, 2, 4}) {
    SCOPED_TRACE(Cat(threads, " threads"));
    const auto env = NewMemoryEnv();
    ASSERT_TRUE(IndexWriter::Create(env.get(), kDir, FullSchema()).ok());
    IndexWriterOptions options;
    options.memory_bytes = uint64_t{1} << 20;
    options.threads = threads == 0 ? 1 : threads;
    auto writer = OpenOrDie(env.get(), kDir, options);
    std::vector<size_t> refused;
    if (threads == 0) {
      for (size_t i = 0; i < documents.size(); ++i) {
        if (!writer->Add(documents[i]).ok()) refused.push_back(i);
      }
    } else {
      constexpr size_t kBatch = 700;
      for (size_t begin = 0; begin < documents.size(); begin += kBatch) {
        const auto batch =
            std::span(documents).subspan(begin, std::min(kBatch, documents.size() - begin));
        size_t taken = 0;
        const absl::Status added = writer->AddBatch(
            batch, false,
            [&](size_t index, const absl::Status& why) {
              EXPECT_FALSE(why.ok());
              refused.push_back(begin + index);
            },
            &taken);
        ASSERT_TRUE(added.ok()) << added;
        EXPECT_EQ(taken, batch.size());
      }
    }
    const auto info = writer->Commit();
    ASSERT_TRUE(info.ok()) << info.status();
    EXPECT_EQ(info->added, documents.size() - refused.size());
    const auto files = AllFiles(env.get(), kDir);
    if (threads == 0) {
      one_by_one = files;
      refused_one_by_one = refused;
      EXPECT_GT(refused.size(), 200u);
      EXPECT_GT(files.size(), 9u) << "several flushes";
    } else {
      EXPECT_EQ(refused, refused_one_by_one);
      EXPECT_TRUE(files == one_by_one);
    }
  }
}

// An index of the documents, made in one flush.
std::unique_ptr<Env> InOneFlush(const std::vector<Document>& documents, bool replace,
                                uint32_t threads) {
  auto env = NewMemoryEnv();
  EXPECT_TRUE(IndexWriter::Create(env.get(), kDir, FullSchema()).ok());
  IndexWriterOptions options;
  options.memory_bytes = uint64_t{64} << 20;
  options.threads = threads;
  auto writer = OpenOrDie(env.get(), kDir, options);
  EXPECT_TRUE(writer->AddBatch(documents, replace).ok());
  EXPECT_TRUE(writer->Commit().ok());
  return env;
}

// One flush whose fields are sorted in several parts, of which threads encode slices; of "lines"
// one term has a quarter of the tokens and more, so that no buffer holds it.
TEST(AddBatch, ThreadsDoNotMatterToALargeFlush) {
  std::vector<Document> documents = RandomDocuments(TestSeed(53), 6000);
  for (size_t i = 7; i < documents.size(); i += 11) documents[i] = documents[i / 2];  // replaced
  std::map<std::string, std::string> of_one;
  for (const uint32_t threads : {1, 2, 4}) {
    SCOPED_TRACE(Cat(threads, " threads"));
    const auto env = InOneFlush(documents, /*replace=*/true, threads);
    const auto files = AllFiles(env.get(), kDir);
    if (threads == 1) {
      of_one = files;
    } else {
      EXPECT_TRUE(files == of_one);
    }
  }
}

// While a flush sorts them, postings take 32 bits each if the greatest document and the greatest
// position fit, and 64 if not.
TEST(AddBatch, PositionsAroundWhatFitsAFlush) {
  const std::vector<Document> documents = RandomDocuments(TestSeed(54), 3000);
  // Documents take 12 bits. A value begins 101 positions behind the one-word value before it.
  constexpr size_t kFits = size_t{1} << 20, kStep = 101;
  for (const size_t positions : {kFits - 1, kFits, kFits + 1, 2 * kFits + 7}) {
    for (const uint32_t threads : {1, 2}) {
      SCOPED_TRACE(Cat(positions, " positions, ", threads, " threads"));
      std::vector<Document> added = documents;
      Document& longest = added[1234] = Document().Add("id", "one of its own");
      for (size_t i = 0; i < (positions - 1) / kStep; ++i) longest.Add("lines", "wolf");
      std::string last = "wolf";
      for (size_t i = 0; i < (positions - 1) % kStep; ++i) last += " wolf";
      longest.Add("lines", last);
      const auto env = InOneFlush(added, /*replace=*/false, threads);
      EXPECT_EQ(Difference(*DumpIndex(env.get(), kDir), *ModelIndex(FullSchema(), added)), "");
    }
  }
}

TEST(AddBatch, UpsertsInOrder) {
  const auto env = NewMemoryEnv();
  ASSERT_TRUE(IndexWriter::Create(env.get(), kDir, FullSchema()).ok());
  IndexWriterOptions options;
  options.threads = 2;
  auto writer = OpenOrDie(env.get(), kDir, options);
  std::mt19937_64 random(TestSeed(52));
  std::vector<Document> documents;
  for (int i = 0; i < 1000; ++i) {
    documents.push_back(RandomDocument(random, Cat("key", random() % 100)));
  }
  ASSERT_TRUE(writer->AddBatch(documents, true).ok());
  ASSERT_TRUE(writer->Commit().ok());
  std::vector<Document> last;
  for (size_t i = 0; i < documents.size(); ++i) {
    bool replaced = false;
    for (size_t j = i + 1; j < documents.size() && !replaced; ++j) {
      replaced = *documents[j].Find("id") == *documents[i].Find("id");
    }
    if (!replaced) last.push_back(documents[i]);
  }
  EXPECT_EQ(Difference(*DumpIndex(env.get(), kDir), *ModelIndex(FullSchema(), last)), "");
}

TEST(AddBatch, WithoutACallbackTheFirstRefusalEndsIt) {
  const std::vector<Document> documents = Mixed(40);
  for (const uint32_t threads : {1, 2}) {
    const auto env = NewMemoryEnv();
    ASSERT_TRUE(IndexWriter::Create(env.get(), kDir, FullSchema()).ok());
    IndexWriterOptions options;
    options.threads = threads;
    auto writer = OpenOrDie(env.get(), kDir, options);
    size_t taken = 99;
    EXPECT_FALSE(writer->AddBatch(documents, false, {}, &taken).ok());
    EXPECT_EQ(taken, 0u);
    const auto rest = std::span(documents).subspan(1);
    EXPECT_FALSE(writer->AddBatch(rest, false, {}, &taken).ok());
    EXPECT_EQ(taken, 8u);
    EXPECT_EQ(writer->Commit()->added, 8u);
  }
}

// A flush in the middle meets a full disk: the documents taken stay, the others
// can be added once there is space.
TEST(AddBatch, AFullDiskInTheMiddle) {
  const std::vector<Document> documents = RandomDocuments(TestSeed(53), 3000);
  FaultEnv env;
  ASSERT_TRUE(IndexWriter::Create(&env, kDir, FullSchema()).ok());
  IndexWriterOptions options;
  options.memory_bytes = uint64_t{1} << 20;
  options.threads = 2;
  auto writer = OpenOrDie(&env, kDir, options);
  env.FailFrom(env.op_count() + 30, FaultEnv::DiskFull());
  size_t taken = 0;
  const absl::Status full = writer->AddBatch(documents, false, {}, &taken);
  ASSERT_FALSE(full.ok());
  EXPECT_GT(taken, 0u);
  EXPECT_LT(taken, documents.size());
  env.ClearFaults();
  ASSERT_TRUE(writer->AddBatch(std::span(documents).subspan(taken), false).ok());
  ASSERT_TRUE(writer->Commit().ok());
  EXPECT_EQ(Difference(*DumpIndex(&env, kDir), *ModelIndex(FullSchema(), documents)), "");
}

}  // namespace
}  // namespace segue

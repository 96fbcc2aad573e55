// SPDX-License-Identifier: Apache-2.0
//
// One writer, several readers, one snapshot shared by all: run under ThreadSanitizer in CI.
#include <atomic>
#include <thread>
#include <vector>

#include "engine/base/strings.h"
#include "engine/io/memory_env.h"
#include "gtest/gtest.h"
#include "segue/index.h"
#include "segue/query.h"

namespace segue {
namespace {

Schema SmallSchema() {
  Schema schema;
  EXPECT_TRUE(schema.AddField("id", {.type = FieldType::kKeyword}).ok());
  EXPECT_TRUE(schema.AddField("title", {.type = FieldType::kText, .stored = true}).ok());
  EXPECT_TRUE(schema.SetKey("id").ok());
  return schema;
}

Document NumberedDoc(int number) {
  Document document;
  document.Add("id", std::string_view(Cat(number)));
  document.Add("title", std::string_view(Cat("all word", number % 10, " word", number % 3)));
  return document;
}

TEST(ThreadsTest, OneSnapshotManySearchers) {
  const auto env = NewMemoryEnv();
  auto index = Index::Create("shared", SmallSchema(), {.env = env.get()});
  ASSERT_TRUE(index.ok()) << index.status();
  {
    auto writer = index->OpenWriter();
    ASSERT_TRUE(writer.ok());
    for (int i = 0; i < 6000; ++i) ASSERT_TRUE((*writer)->Add(NumberedDoc(i)).ok());
    ASSERT_TRUE((*writer)->Commit().ok());
  }
  const auto snapshot = *index->OpenSnapshot();
  const Query query = Query::Text("all word3 word1");
  const std::vector<Hit> expected = index->OpenSnapshot().value()->Search(query)->hits;
  std::atomic<int> wrong = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 50; ++i) {
        const auto result = snapshot->Search(query);
        if (!result.ok() || result->hits != expected) ++wrong;
        if (!snapshot->Stored(static_cast<uint64_t>(i)).ok()) ++wrong;
        if (!snapshot->FindKey(Cat(i)).ok()) ++wrong;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

// Two threads change, two look: every change that has returned is seen.
TEST(ThreadsTest, SnapshotsOfABusyWriter) {
  const auto env = NewMemoryEnv();
  auto index = Index::Create("busy", SmallSchema(), {.env = env.get()});
  ASSERT_TRUE(index.ok()) << index.status();
  const auto writer = *index->OpenWriter();
  constexpr int kDocuments = 400;
  std::atomic<int> added[2] = {0, 0};
  std::atomic<int> wrong = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 2; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kDocuments; ++i) {
        if (!writer->Add(NumberedDoc(t * kDocuments + i)).ok()) ++wrong;
        ++added[t];
        if (i % 90 == 89 && !writer->Commit().ok()) ++wrong;
      }
    });
    threads.emplace_back([&] {
      for (int seen = 0; seen < 2 * kDocuments;) {
        const int least = added[0] + added[1];
        const auto snapshot = writer->OpenSnapshot();
        const auto result = snapshot.ok() ? (*snapshot)->Search(Query::Text("all"))
                                          : absl::StatusOr<SearchResult>(snapshot.status());
        if (!result.ok()) {
          ++wrong;
          return;
        }
        seen = static_cast<int>(result->total->value);
        if (seen < least) ++wrong;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

TEST(ThreadsTest, ReadersSeeWholeGenerationsWhileAWriterCommits) {
  const auto env = NewMemoryEnv();
  auto index = Index::Create("busy", SmallSchema(), {.env = env.get()});
  ASSERT_TRUE(index.ok()) << index.status();
  std::atomic<bool> done = false;
  std::atomic<int> wrong = 0;
  std::atomic<int> opened = 0;
  std::vector<std::thread> readers;
  for (int t = 0; t < 3; ++t) {
    readers.emplace_back([&] {
      uint64_t last = 0;
      while (!done || opened < 20) {
        const auto snapshot = index->OpenSnapshot();
        if (!snapshot.ok()) {
          ++wrong;
          return;
        }
        const auto result = (*snapshot)->Search(Query::Text("all"));
        // Every commit adds ten documents or replaces some.
        if (!result.ok() || result->total->value != (*snapshot)->live_doc_count() ||
            result->total->value % 10 != 0 || (*snapshot)->generation() < last) {
          ++wrong;
        }
        last = (*snapshot)->generation();
        ++opened;
      }
    });
  }
  {
    auto writer = index->OpenWriter();
    ASSERT_TRUE(writer.ok());
    for (int commit = 0; commit < 30; ++commit) {
      for (int i = 0; i < 10; ++i) {
        ASSERT_TRUE((*writer)->Add(NumberedDoc(commit * 10 + i)).ok());
      }
      ASSERT_TRUE((*writer)->Upsert(NumberedDoc(commit)).ok());
      ASSERT_TRUE((*writer)->Commit().ok());
    }
  }
  done = true;
  for (std::thread& reader : readers) reader.join();
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace segue

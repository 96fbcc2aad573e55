// SPDX-License-Identifier: Apache-2.0
//
// Searches on lent threads: the same results, whatever the executor does with its tasks.
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "engine/io/memory_env.h"
#include "segue/index.h"
#include "segue/query.h"
#include "segue/status.h"
#include "tests/support/seeded_random.h"

namespace segue {
namespace {

class ThreadPerTask : public Executor {
 public:
  ~ThreadPerTask() override {
    for (std::thread& thread : threads_) thread.join();
  }
  void Schedule(std::function<void()> task) override {
    const std::lock_guard<std::mutex> lock(mutex_);
    threads_.emplace_back(std::move(task));
  }

 private:
  std::mutex mutex_;
  std::vector<std::thread> threads_;
};

class AtOnce : public Executor {
 public:
  void Schedule(std::function<void()> task) override { task(); }
};

// Keeps the tasks until it is destroyed, long after the searches.
class TooLate : public Executor {
 public:
  ~TooLate() override {
    for (const auto& task : tasks_) task();
  }
  void Schedule(std::function<void()> task) override { tasks_.push_back(std::move(task)); }

 private:
  std::vector<std::function<void()>> tasks_;
};

class SideBySideTest : public ::testing::Test {
 protected:
  void SetUp() override {
    Schema schema;
    ASSERT_TRUE(schema.AddField("text", {.type = FieldType::kText}).ok());
    auto index = Index::Create("index", schema, {.env = env_.get()});
    ASSERT_TRUE(index.ok()) << index.status();
    auto writer = index->OpenWriter({.auto_merge = false});
    ASSERT_TRUE(writer.ok()) << writer.status();
    SeededRandom random(5);
    for (int segment = 0; segment < 5; ++segment) {
      for (int i = 0; i < 300; ++i) {
        std::string text;
        for (int w = 0; w < 8; ++w) text += "w" + std::to_string(random.Below(12)) + " ";
        ASSERT_TRUE((*writer)->Add(Document().Add("text", text)).ok());
      }
      ASSERT_TRUE((*writer)->Commit().ok());
    }
    auto snapshot = index->OpenSnapshot();
    ASSERT_TRUE(snapshot.ok());
    snapshot_ = *snapshot;
    ASSERT_EQ(snapshot_->segments().size(), 5u);
  }

  void ExpectTheSame(Executor* executor) {
    for (const uint32_t k : {0u, 1u, 10u, 2000u}) {
      for (const CountMode count : {CountMode::kNone, CountMode::kExact, CountMode::kAtLeast}) {
        for (const Query& query :
             {Query::Match("text", "w1 w2"), Query::Term("text", "w3"),
              Query::Phrase("text", {"w4", "w5"}), Query::Term("text", "nowhere")}) {
          SearchOptions options{.k = k, .count = count, .count_at_least = 100};
          const auto alone = snapshot_->Search(query, options);
          options.executor = executor;
          const auto together = snapshot_->Search(query, options);
          ASSERT_TRUE(alone.ok() && together.ok()) << alone.status() << together.status();
          EXPECT_EQ(alone->hits, together->hits);
          EXPECT_EQ(alone->total, together->total);
        }
      }
    }
  }

  std::unique_ptr<Env> env_ = NewMemoryEnv();
  std::shared_ptr<const Snapshot> snapshot_;
};

TEST_F(SideBySideTest, Threads) {
  ThreadPerTask executor;
  ExpectTheSame(&executor);
}

TEST_F(SideBySideTest, OnTheCallersThread) {
  AtOnce executor;
  ExpectTheSame(&executor);
}

TEST_F(SideBySideTest, TasksThatComeTooLateDoNothing) {
  TooLate executor;
  ExpectTheSame(&executor);
}

TEST_F(SideBySideTest, ErrorsComeBack) {
  ThreadPerTask executor;
  const auto result = snapshot_->Search(Query::Match("text", "w1 w2"),
                                        {.memory_limit_bytes = 1, .executor = &executor});
  EXPECT_EQ(CodeOf(result.status()), ErrorCode::kResourceExhausted) << result.status();
  const auto one_term = snapshot_->Search(Query::Term("text", "w1"), {.memory_limit_bytes = 1});
  EXPECT_EQ(CodeOf(one_term.status()), ErrorCode::kResourceExhausted) << one_term.status();
  std::atomic<bool> cancel = true;
  const auto cancelled =
      snapshot_->Search(Query::Term("text", "w1"), {.cancel = &cancel, .executor = &executor});
  EXPECT_EQ(CodeOf(cancelled.status()), ErrorCode::kCancelled) << cancelled.status();
}

}  // namespace
}  // namespace segue

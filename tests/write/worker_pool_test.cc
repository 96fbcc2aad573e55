// SPDX-License-Identifier: Apache-2.0
//
// What WorkerPool promises of its order, of its errors and of its end.
#include "engine/write/worker_pool.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>
#include <vector>

namespace segue {
namespace {

// Each item is begun behind all those before it: what comes first is never last.
TEST(WorkerPoolOrder, ItemsAreTakenInAscendingOrder) {
  for (const size_t threads : {1, 2, 4}) {
    WorkerPool pool(threads);
    EXPECT_EQ(pool.threads(), threads);
    for (const size_t count : {size_t{1}, threads, size_t{300}}) {
      std::mutex mutex;
      std::vector<size_t> begun;
      pool.Start(count, [&](size_t, size_t item) {
        const std::lock_guard lock(mutex);
        begun.push_back(item);
      });
      pool.Wait();
      ASSERT_EQ(begun.size(), count);
      // An item is taken before it comes here, by one of so many threads and the helper.
      for (size_t i = 0; i < count; ++i) {
        EXPECT_LE(begun[i], i + threads) << "one was taken long before its turn";
      }
      std::sort(begun.begin(), begun.end());
      for (size_t i = 0; i < count; ++i) EXPECT_EQ(begun[i], i);
    }
  }
}

// A worker's number is its own at any time, so that each may have buffers of its own.
TEST(WorkerPoolOrder, NoTwoWorkersHaveOneNumber) {
  constexpr size_t kThreads = 3;
  WorkerPool pool(kThreads);
  std::vector<std::atomic<int>> busy(kThreads + 1);
  std::atomic<int> clashes = 0;
  for (int job = 0; job < 20; ++job) {
    pool.Start(50, [&](size_t worker, size_t) {
      if (worker > kThreads || busy[worker].fetch_add(1) != 0) ++clashes;
      std::this_thread::yield();
      busy[worker].fetch_sub(1);
    });
    pool.Wait();
  }
  EXPECT_EQ(clashes, 0);
}

TEST(WorkerPoolOrder, TheThreadThatWaitsHelps) {
  // Its only worker is held up by the first item until the last one is done.
  WorkerPool pool(1);
  std::atomic<bool> is_begun = false, is_last_done = false;
  std::set<size_t> helped;
  pool.Start(10, [&](size_t worker, size_t item) {
    if (worker == 0) {
      is_begun = true;
      while (!is_last_done) std::this_thread::yield();
      return;
    }
    EXPECT_EQ(worker, pool.threads());
    helped.insert(item);
    if (item == 9) is_last_done = true;
  });
  while (!is_begun) std::this_thread::yield();
  pool.Wait();
  EXPECT_GE(helped.size(), 9u);
}

TEST(WorkerPoolErrors, TheOthersAreDoneAllTheSame) {
  WorkerPool pool(2);
  for (const size_t bad : {0, 7, 19}) {
    std::vector<std::atomic<int>> done(20);
    pool.Start(done.size(), [&](size_t, size_t item) {
      ++done[item];
      if (item == bad) throw std::runtime_error("bad");
    });
    EXPECT_THROW(pool.Wait(), std::runtime_error);
    for (const auto& times : done) EXPECT_EQ(times, 1);
    EXPECT_NO_THROW(pool.Wait()) << "it is told once";
  }
  // If all throw, one of them is told.
  pool.Start(30, [](size_t, size_t) { throw std::logic_error("all"); });
  EXPECT_THROW(pool.Wait(), std::logic_error);
}

// An error that nobody asked for is forgotten with its job.
TEST(WorkerPoolErrors, ANewJobForgetsThem) {
  WorkerPool pool(1);
  std::atomic<int> done = 0;
  {
    const WaitAtEnd wait(&pool);
    pool.Start(3, [&](size_t, size_t) -> void {
      ++done;
      throw std::runtime_error("on its way already");
    });
  }
  EXPECT_EQ(done, 3) << "the scope waited";
  pool.Start(2, [&](size_t, size_t) { ++done; });
  EXPECT_NO_THROW(pool.Wait());
  EXPECT_EQ(done, 5);
}

TEST(WorkerPoolEnd, WaitsForTheJobUnderWay) {
  std::vector<std::atomic<int>> done(200);
  {
    WorkerPool pool(2);
    pool.Start(done.size(), [&](size_t, size_t item) {
      std::this_thread::yield();
      ++done[item];
    });
  }
  for (const auto& times : done) EXPECT_EQ(times, 1) << "nothing is dropped at the end";
  // And a pool that never had one.
  const WorkerPool idle(3);
}

TEST(WorkerPoolEnd, WaitAtEndWaitsAlsoWhereAScopeIsLeftByAnException) {
  WorkerPool pool(2);
  std::atomic<int> done = 0;
  try {
    std::vector<int> in_scope(100, 1);
    const WaitAtEnd wait(&pool);
    pool.Start(in_scope.size(), [&](size_t, size_t item) { done += in_scope[item]; });
    throw std::runtime_error("the scope is left");
  } catch (const std::runtime_error&) {
    EXPECT_EQ(done, 100);
  }
  const WaitAtEnd nothing(nullptr);
}

}  // namespace
}  // namespace segue

// SPDX-License-Identifier: Apache-2.0
//
// WorkerPool: a few threads that carry out one job at a time, in the background
// of the thread that gave it.
//
//   pool.Start(count, [&](size_t worker, size_t item) { … });
//   … other work …
//   pool.Wait();
//
// Items are taken in ascending order, each by whichever worker is free; the
// thread in Wait helps, as worker number threads(). What a job throws is thrown
// again by Wait. Start, Wait and the destructor belong to one thread.
#ifndef SEGUE_WRITE_WORKER_POOL_H_
#define SEGUE_WRITE_WORKER_POOL_H_

#include <condition_variable>
#include <cstddef>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace segue {

class WorkerPool {
 public:
  using Job = std::function<void(size_t worker, size_t item)>;

  // REQUIRES: threads > 0.
  explicit WorkerPool(size_t threads);
  // Waits for the job under way.
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  size_t threads() const { return threads_.size(); }

  // REQUIRES: no job is under way.
  void Start(size_t count, Job job);
  // Returns at once if there is none.
  void Wait();

 private:
  void Work(size_t worker);
  // Takes the next item and carries it out. REQUIRES: next_ < count_.
  void DoOne(size_t worker, std::unique_lock<std::mutex>& lock);

  std::mutex mutex_;
  std::condition_variable work_;  // there is an item, or the end
  std::condition_variable done_;  // the last item is done
  Job job_;
  size_t count_ = 0;
  size_t next_ = 0;
  size_t unfinished_ = 0;
  bool stop_ = false;
  std::exception_ptr thrown_;
  std::vector<std::thread> threads_;
};

// Waits at the end of a scope for a job that uses what lies in it, also when the
// scope is left by an error or an exception. `pool` may be nullptr.
class WaitAtEnd {
 public:
  explicit WaitAtEnd(WorkerPool* pool) : pool_(pool) {}
  ~WaitAtEnd() {
    if (pool_ == nullptr) return;
    try {
      pool_->Wait();
    } catch (...) {
      // On the regular way out the job was waited for before; here an earlier
      // failure is on its way to the caller already.
    }
  }
  WaitAtEnd(const WaitAtEnd&) = delete;
  WaitAtEnd& operator=(const WaitAtEnd&) = delete;

 private:
  WorkerPool* const pool_;
};

}  // namespace segue

#endif  // SEGUE_WRITE_WORKER_POOL_H_

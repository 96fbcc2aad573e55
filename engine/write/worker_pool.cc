// SPDX-License-Identifier: Apache-2.0
#include "engine/write/worker_pool.h"

#include <utility>

#include "engine/base/check.h"

namespace segue {

WorkerPool::WorkerPool(size_t threads) {
  for (size_t worker = 0; worker < threads; ++worker) {
    threads_.emplace_back([this, worker] { Work(worker); });
  }
}

WorkerPool::~WorkerPool() {
  {
    std::unique_lock lock(mutex_);
    done_.wait(lock, [this] { return unfinished_ == 0; });
    stop_ = true;
  }
  work_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void WorkerPool::Start(size_t count, Job job) {
  {
    const std::lock_guard lock(mutex_);
    SEGUE_DCHECK_EQ(unfinished_, 0u);
    job_ = std::move(job);
    count_ = unfinished_ = count;
    next_ = 0;
    thrown_ = nullptr;
  }
  work_.notify_all();
}

void WorkerPool::Wait() {
  std::unique_lock lock(mutex_);
  while (next_ < count_) DoOne(threads_.size(), lock);
  done_.wait(lock, [this] { return unfinished_ == 0; });
  if (thrown_ != nullptr) {
    std::rethrow_exception(std::exchange(thrown_, nullptr));
  }
}

void WorkerPool::DoOne(size_t worker, std::unique_lock<std::mutex>& lock) {
  const size_t item = next_++;
  std::exception_ptr thrown;
  lock.unlock();
  try {
    job_(worker, item);
  } catch (...) {
    thrown = std::current_exception();
  }
  lock.lock();
  if (thrown != nullptr) thrown_ = thrown;
  if (--unfinished_ == 0) done_.notify_all();
}

void WorkerPool::Work(size_t worker) {
  std::unique_lock lock(mutex_);
  for (;;) {
    work_.wait(lock, [this] { return stop_ || next_ < count_; });
    if (stop_) return;
    DoOne(worker, lock);
  }
}

}  // namespace segue

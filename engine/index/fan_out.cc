// SPDX-License-Identifier: Apache-2.0
#include "engine/index/fan_out.h"

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <new>

namespace segue {
namespace {

// Outlives the call, for tasks that come too late. They find no number left, and touch nothing
// else.
struct Shared {
  explicit Shared(size_t numbers) : count(numbers) {}

  const size_t count;
  std::atomic<size_t> next{0};
  std::mutex mutex;
  std::condition_variable all_done;
  size_t done = 0;  // guarded by mutex
};

void Work(Shared* shared, const std::function<void(size_t)>* fn) {
  while (true) {
    const size_t number = shared->next.fetch_add(1, std::memory_order_relaxed);
    if (number >= shared->count) return;
    (*fn)(number);
    const std::lock_guard<std::mutex> lock(shared->mutex);
    if (++shared->done == shared->count) shared->all_done.notify_one();
  }
}

}  // namespace

void FanOut(Executor* executor, size_t count, const std::function<void(size_t)>& fn) {
  const auto shared = std::make_shared<Shared>(count);
  // Without memory for more helpers the work is done all the same; leaving now, by the exception,
  // would take `fn` away from those that there are.
  try {
    for (size_t i = 1; i < count; ++i) {
      executor->Schedule([shared, fn = &fn] { Work(shared.get(), fn); });
    }
  } catch (const std::bad_alloc&) {
  }
  Work(shared.get(), &fn);
  std::unique_lock<std::mutex> lock(shared->mutex);
  shared->all_done.wait(lock, [&] { return shared->done == shared->count; });
}

}  // namespace segue

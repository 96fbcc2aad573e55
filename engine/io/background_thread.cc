// SPDX-License-Identifier: Apache-2.0
//
// One thread and a queue. It lowers its own priority, which on Linux is that of a thread, not of
// the process, and also decides how soon the disk serves it.
#include <condition_variable>
#include <deque>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

#if defined(__linux__)
#include <sys/resource.h>
#endif

#include "engine/base/guard.h"
#include "engine/base/status.h"
#include "engine/base/strings.h"
#include "segue/executor.h"

namespace segue {
namespace {

#if defined(__linux__)
// About a tenth of a processor that others want, too.
constexpr int kNice = 10;
void GiveWay() { (void)::setpriority(PRIO_PROCESS, 0, kNice); }
#else
void GiveWay() {}
#endif

class BackgroundThread final : public Executor {
 public:
  BackgroundThread() : thread_([this] { Work(); }) {}

  ~BackgroundThread() override {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      stop_ = true;
    }
    changed_.notify_one();
    thread_.join();
  }

  void Schedule(std::function<void()> task) override {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      tasks_.push_back(std::move(task));
    }
    changed_.notify_one();
  }

 private:
  void Work() {
    GiveWay();
    std::unique_lock<std::mutex> lock(mutex_);
    for (;;) {
      changed_.wait(lock, [this] { return stop_ || !tasks_.empty(); });
      if (stop_) return;
      {
        const std::function<void()> task = std::move(tasks_.front());
        tasks_.pop_front();
        lock.unlock();
        task();
      }
      lock.lock();
    }
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> tasks_;
  bool stop_ = false;
  std::thread thread_;  // last: it uses the others
};

}  // namespace

absl::StatusOr<std::unique_ptr<Executor>> NewBackgroundThread() {
  return Guarded([]() -> absl::StatusOr<std::unique_ptr<Executor>> {
    try {
      return std::make_unique<BackgroundThread>();
    } catch (const std::system_error& e) {
      return Error(ErrorCode::kResourceExhausted, Cat("no thread can be started: ", e.what()));
    }
  });
}

}  // namespace segue

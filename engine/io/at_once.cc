// SPDX-License-Identifier: Apache-2.0
#include "engine/io/at_once.h"

#include <atomic>
#include <new>
#include <system_error>
#include <thread>

namespace segue {
namespace {

// A segment has nine files or so.
constexpr size_t kMostThreads = 8;

}  // namespace

std::vector<absl::Status> DoAtOnce(size_t count, const std::function<absl::Status(size_t)>& call) {
  std::vector<absl::Status> statuses(count);
  std::atomic<size_t> next = 0;
  std::atomic<bool> out_of_memory = false;
  const auto work = [&] {
    for (size_t i; (i = next.fetch_add(1)) < count;) {
      try {
        statuses[i] = call(i);
      } catch (const std::bad_alloc&) {  // for the words of an error
        out_of_memory = true;
      }
    }
  };
  std::vector<std::thread> threads;
  threads.reserve(kMostThreads);
  try {
    while (threads.size() < kMostThreads && threads.size() + 1 < count) threads.emplace_back(work);
  } catch (const std::system_error&) {  // no more threads to have
  } catch (const std::bad_alloc&) {
  }
  work();
  for (std::thread& thread : threads) thread.join();
  if (out_of_memory) throw std::bad_alloc();
  return statuses;
}

}  // namespace segue

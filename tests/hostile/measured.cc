// SPDX-License-Identifier: Apache-2.0
//
// Memory is what operator new gives: all of the library's, but for what other libraries take by
// malloc. Counted by thread, so that what others do meanwhile does not matter; what one thread
// takes and another gives back only makes that one's count too small.
#include "tests/hostile/measured.h"

#include <gtest/gtest.h>
#include <malloc.h>
#include <pthread.h>
#include <time.h>

#include <algorithm>

#include "engine/base/strings.h"
#include "tests/support/replaced_new.h"

namespace {

thread_local int64_t held_bytes = 0;
thread_local int64_t peak_bytes = 0;

double ThreadMilliseconds() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

}  // namespace

void* segue::replaced_new::Allocate(size_t bytes, size_t alignment) {
  void* memory = AllocateFromSystem(bytes, alignment);
  if (memory != nullptr) {
    held_bytes += static_cast<int64_t>(::malloc_usable_size(memory));
    peak_bytes = std::max(peak_bytes, held_bytes);
  }
  return memory;
}

void segue::replaced_new::Free(void* memory) {
  if (memory != nullptr) held_bytes -= static_cast<int64_t>(::malloc_usable_size(memory));
  std::free(memory);
}

namespace segue {

std::string Cost::ToString() const { return Cat(milliseconds, " ms, ", peak_bytes / 1024, " KiB"); }

bool IsWithin(const Cost& cost, const Cost& limit) {
  return cost.milliseconds <= limit.milliseconds && cost.peak_bytes <= limit.peak_bytes;
}

void RunOnSmallStack(const std::function<void()>& call) {
  pthread_attr_t attributes;
  ASSERT_EQ(::pthread_attr_init(&attributes), 0);
  ASSERT_EQ(::pthread_attr_setstacksize(&attributes, kSmallStackBytes), 0);
  pthread_t thread{};
  const auto run = [](void* argument) -> void* {
    (*static_cast<const std::function<void()>*>(argument))();
    return nullptr;
  };
  auto* argument = const_cast<std::function<void()>*>(&call);
  ASSERT_EQ(::pthread_create(&thread, &attributes, run, argument), 0);
  ::pthread_attr_destroy(&attributes);
  ASSERT_EQ(::pthread_join(thread, nullptr), 0);
}

Cost Measure(const std::function<void()>& call) {
  const int64_t held_before = held_bytes;
  peak_bytes = held_bytes;
  const double began = ThreadMilliseconds();
  call();
  return {.milliseconds = ThreadMilliseconds() - began,
          .peak_bytes = static_cast<uint64_t>(peak_bytes - held_before)};
}

}  // namespace segue

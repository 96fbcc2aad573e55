// SPDX-License-Identifier: Apache-2.0
//
// Who takes a stream leaves an empty slot, so that another thread with the same slot makes its own.
#include "engine/text/stream_pool.h"

#include <utility>

namespace segue {

StreamPool::StreamPool(std::shared_ptr<const Analyzer> analyzer) : analyzer_(std::move(analyzer)) {}

StreamPool::~StreamPool() {
  for (Slot& slot : slots_) delete slot.stream.load(std::memory_order_acquire);
}

StreamPool::Slot& StreamPool::OwnSlot() {
  static std::atomic<size_t> threads{0};
  thread_local const size_t number = threads.fetch_add(1, std::memory_order_relaxed);
  return slots_[number % kSlots];
}

std::unique_ptr<AnalysisStream> StreamPool::Take() {
  AnalysisStream* const kept = OwnSlot().stream.exchange(nullptr, std::memory_order_acquire);
  return kept != nullptr ? std::unique_ptr<AnalysisStream>(kept) : analyzer_->NewStream();
}

void StreamPool::Return(std::unique_ptr<AnalysisStream> stream) {
  stream.reset(OwnSlot().stream.exchange(stream.release(), std::memory_order_acq_rel));
}

}  // namespace segue

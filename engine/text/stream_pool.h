// SPDX-License-Identifier: Apache-2.0
//
// StreamPool: keeps analysis streams of one analyzer between two uses.
//
// A stream is some ten kilobytes in several pieces; making one costs more than analysing the few
// words of a query. Few are kept: as many as threads that search at once usually are.
#ifndef SEGUE_TEXT_STREAM_POOL_H_
#define SEGUE_TEXT_STREAM_POOL_H_

#include <array>
#include <atomic>
#include <cstddef>
#include <memory>

#include "segue/analysis.h"

namespace segue {

// Thread-safe, without locks.
class StreamPool {
 public:
  explicit StreamPool(std::shared_ptr<const Analyzer> analyzer);
  ~StreamPool();
  StreamPool(const StreamPool&) = delete;
  StreamPool& operator=(const StreamPool&) = delete;

  const Analyzer& analyzer() const { return *analyzer_; }

  // A stream that nobody else has: a kept one, or a new one.
  std::unique_ptr<AnalysisStream> Take();
  // Keeps it, or lets it go where one is kept already.
  void Return(std::unique_ptr<AnalysisStream> stream);

 private:
  static constexpr size_t kSlots = 8;
  // A cache line of its own, so that threads do not disturb each other.
  struct alignas(64) Slot {
    std::atomic<AnalysisStream*> stream{nullptr};
  };

  // The slot of the calling thread; threads may share one.
  Slot& OwnSlot();

  std::shared_ptr<const Analyzer> analyzer_;
  std::array<Slot, kSlots> slots_;
};

}  // namespace segue

#endif  // SEGUE_TEXT_STREAM_POOL_H_

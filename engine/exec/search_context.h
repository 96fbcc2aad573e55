// SPDX-License-Identifier: Apache-2.0
//
// What one search may spend and what it has spent: deadline, cancellation, memory, counters, and
// the first error that any scorer met.
//
// Scorers report failure here instead of returning a Status from their loops: they call Fail()
// and go on with an empty result; the loop over windows looks at ok() once per window and ends.
#ifndef SEGUE_EXEC_SEARCH_CONTEXT_H_
#define SEGUE_EXEC_SEARCH_CONTEXT_H_

#include <cstdint>
#include <memory>

#include "absl/status/status.h"
#include "engine/exec/search_scratch.h"
#include "segue/search.h"

namespace segue::exec {

// OK, or why a search should end now: kCancelled, kDeadlineExceeded.
absl::Status StopReason(const SearchOptions& options);

// One per segment searched; used by one thread at a time.
class SearchContext {
 public:
  explicit SearchContext(const SearchOptions& options);
  ~SearchContext();
  SearchContext(const SearchContext&) = delete;
  SearchContext& operator=(const SearchContext&) = delete;

  // Takes `bytes` of the memory limit for the rest of the search. kResourceExhausted past it.
  absl::Status Charge(uint64_t bytes);

  // Called once per window (at most a few thousand postings per clause): notices that the
  // deadline has passed or that the caller cancelled. Cost: a load, and a clock read.
  bool KeepGoing();

  // Remembers the first error.
  void Fail(absl::Status status);
  bool ok() const { return status_.ok(); }
  const absl::Status& status() const { return status_; }

  SearchCounters& counters() { return counters_; }

  SearchScratch& scratch() { return *scratch_; }

 private:
  const SearchOptions& options_;
  uint64_t bytes_left_;
  absl::Status status_;
  SearchCounters counters_;
  std::unique_ptr<SearchScratch> scratch_;
};

}  // namespace segue::exec

#endif  // SEGUE_EXEC_SEARCH_CONTEXT_H_

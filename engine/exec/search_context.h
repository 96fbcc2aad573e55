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

// OK, or why a search should end now: kCancelled, kDeadlineExceeded; kResourceExhausted if it has
// read so many postings that its limit is passed.
absl::Status StopReason(const SearchOptions& options, uint64_t postings);

// One per segment searched; used by one thread at a time.
class SearchContext {
 public:
  // `postings_before`: what of options.postings_limit is spent.
  explicit SearchContext(const SearchOptions& options, uint64_t postings_before = 0);
  ~SearchContext();
  SearchContext(const SearchContext&) = delete;
  SearchContext& operator=(const SearchContext&) = delete;

  // Takes `bytes` of the memory limit for the rest of the search. kResourceExhausted past it.
  absl::Status Charge(uint64_t bytes);

  // Called once per window (at most a few thousand postings per clause): notices that the
  // deadline has passed, that the caller cancelled, or that postings_limit is passed. Cost: a load,
  // and a clock read.
  bool KeepGoing();
  // KeepGoing, once so many postings have been gone through by its callers since it last was asked.
  bool KeepGoingAfter(uint64_t postings) {
    unasked_postings_ += postings;
    return unasked_postings_ < kPostingsBetweenChecks ? status_.ok() : KeepGoing();
  }
  // Whether the search should end for one of these reasons, so that what it has found is sound.
  bool stopped() const { return stopped_; }

  // Remembers the first error.
  void Fail(absl::Status status);
  bool ok() const { return status_.ok(); }
  const absl::Status& status() const { return status_; }

  SearchCounters& counters() { return counters_; }
  // Adds postings that no counter has.
  void Spend(uint64_t postings) { postings_before_ += postings; }
  // Those of options.postings_limit that are spent.
  uint64_t PostingsSpent() const;

  SearchScratch& scratch() { return *scratch_; }

 private:
  // Some tens of microseconds.
  static constexpr uint64_t kPostingsBetweenChecks = 16384;

  const SearchOptions& options_;
  uint64_t bytes_left_;
  uint64_t postings_before_;
  uint64_t unasked_postings_ = 0;
  bool stopped_ = false;
  absl::Status status_;
  SearchCounters counters_;
  std::unique_ptr<SearchScratch> scratch_;
};

}  // namespace segue::exec

#endif  // SEGUE_EXEC_SEARCH_CONTEXT_H_

// SPDX-License-Identifier: Apache-2.0
#include "engine/exec/search_context.h"

#include <chrono>
#include <utility>

#include "engine/base/limits.h"
#include "engine/base/status.h"
#include "engine/base/strings.h"

namespace segue::exec {

static_assert(SearchOptions().memory_limit_bytes == kDefaultQueryArenaBytes);

absl::Status StopReason(const SearchOptions& options, uint64_t postings) {
  if (options.cancel != nullptr && options.cancel->load(std::memory_order_relaxed)) {
    return Error(ErrorCode::kCancelled, "the search was cancelled by its caller");
  }
  if (options.deadline.has_value() && std::chrono::steady_clock::now() >= *options.deadline) {
    return Error(ErrorCode::kDeadlineExceeded,
                 "the search did not finish before its deadline; give it more time or a more "
                 "selective query");
  }
  if (postings > options.postings_limit) {
    return Error(ErrorCode::kResourceExhausted,
                 Cat("the search has read more postings than its limit of ", options.postings_limit,
                     "; make the query more selective, or raise SearchOptions::postings_limit"));
  }
  return absl::OkStatus();
}

SearchContext::SearchContext(const SearchOptions& options, uint64_t postings_before)
    : options_(options),
      bytes_left_(options.memory_limit_bytes),
      postings_before_(postings_before),
      scratch_(SearchScratch::Borrow()) {}

SearchContext::~SearchContext() { SearchScratch::Return(std::move(scratch_)); }

absl::Status SearchContext::Charge(uint64_t bytes) {
  if (bytes > bytes_left_) {
    return Error(ErrorCode::kResourceExhausted,
                 Cat("the query needs more than its memory limit of ", options_.memory_limit_bytes,
                     " bytes; use fewer clauses, or raise SearchOptions::memory_limit_bytes"));
  }
  bytes_left_ -= bytes;
  return absl::OkStatus();
}

bool SearchContext::KeepGoing() {
  unasked_postings_ = 0;
  if (!status_.ok()) return false;
  Fail(StopReason(options_, PostingsSpent()));
  stopped_ = !status_.ok();
  return !stopped_;
}

uint64_t SearchContext::PostingsSpent() const {
  return postings_before_ + counters_.blocks_decoded * kBlockPostings + counters_.documents_scored;
}

void SearchContext::Fail(absl::Status status) {
  if (status_.ok()) status_ = std::move(status);
}

}  // namespace segue::exec

// SPDX-License-Identifier: Apache-2.0
//
// One after the other, segments share one top-k, whose threshold later ones profit from, and one
// counter. Side by side each has its own, and the hits are merged in the order of all hits.
#include "engine/index/segment_searches.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "engine/base/guard.h"
#include "engine/exec/search_context.h"
#include "engine/exec/segment_search.h"
#include "engine/exec/top_k.h"
#include "engine/index/fan_out.h"

namespace segue {
namespace {

void Add(const SearchCounters& part, SearchCounters* sum) {
  sum->postings += part.postings;
  sum->blocks_decoded += part.blocks_decoded;
  sum->documents_scored += part.documents_scored;
  sum->positions_bytes += part.positions_bytes;
  sum->phrase_candidates += part.phrase_candidates;
}

// Of a search through one segment or several, one after the other.
struct Progress {
  SearchCounters counters;
  uint64_t postings_spent = 0;
  bool stopped = false;  // and may give what it has
};

absl::Status SearchOne(const QueryPlan& plan, const SearchedSnapshot& snapshot, size_t number,
                       const SearchOptions& options, exec::TopK* top_k, exec::MatchCounter* counter,
                       Progress* progress) {
  // A context per segment: the memory of one segment's scorers is free again for the next.
  exec::SearchContext context(options, progress->postings_spent);
  absl::Status status;
  if (context.KeepGoing()) {
    const Segment& segment = *snapshot.segments[number];
    status = plan.Search(number, {snapshot.bases[number], segment.doc_count(), segment.live()},
                         options.exhaustive, &context, top_k, counter);
  }
  if (context.stopped()) status = context.status();
  progress->stopped = context.stopped() && options.allow_partial;
  if (!progress->stopped) SEGUE_RETURN_IF_ERROR(status);
  progress->postings_spent = context.PostingsSpent();
  Add(context.counters(), &progress->counters);
  return absl::OkStatus();
}

// What counting found before the search was stopped.
void MakeLowerBound(std::optional<TotalHits>* total) {
  if (total->has_value()) (*total)->relation = TotalRelation::kGreaterOrEqual;
}

// What the search of one segment gives.
struct Part {
  absl::Status status;
  SearchResult result;
};

absl::Status SearchSideBySide(const QueryPlan& plan, const SearchedSnapshot& snapshot,
                              const SearchOptions& options, SearchResult* result) {
  std::vector<Part> parts(snapshot.segments.size());
  FanOut(options.executor, parts.size(), [&](size_t number) {
    Part& part = parts[number];
    part.status = Guarded([&]() -> absl::Status {
      exec::TopK top_k(options.k);
      exec::MatchCounter counter(options.count, options.count_at_least);
      Progress progress;
      SEGUE_RETURN_IF_ERROR(
          SearchOne(plan, snapshot, number, options, &top_k, &counter, &progress));
      part.result.counters = progress.counters;
      part.result.partial = progress.stopped;
      part.result.hits = top_k.Take();
      part.result.total = counter.Total();
      return absl::OkStatus();
    });
  });
  for (const Part& part : parts) SEGUE_RETURN_IF_ERROR(part.status);
  if (options.count != CountMode::kNone) result->total = TotalHits{};
  for (Part& part : parts) {
    result->hits.insert(result->hits.end(), part.result.hits.begin(), part.result.hits.end());
    if (part.result.total.has_value()) result->total->value += part.result.total->value;
    Add(part.result.counters, &result->counters);
    result->partial = result->partial || part.result.partial;
  }
  if (result->partial) MakeLowerBound(&result->total);
  const size_t kept = std::min<size_t>(options.k, result->hits.size());
  std::partial_sort(result->hits.begin(), result->hits.begin() + static_cast<ptrdiff_t>(kept),
                    result->hits.end(), RanksBefore);
  result->hits.resize(kept);
  return absl::OkStatus();
}

}  // namespace

absl::Status SearchSegments(const QueryPlan& plan, const SearchedSnapshot& snapshot,
                            const SearchOptions& options, SearchResult* result) {
  if (options.executor != nullptr && snapshot.segments.size() > 1 &&
      options.count != CountMode::kAtLeast) {
    return SearchSideBySide(plan, snapshot, options, result);
  }
  exec::TopK top_k(options.k);
  exec::MatchCounter counter(options.count, options.count_at_least);
  Progress progress;
  for (size_t i = 0; i < snapshot.segments.size() && !progress.stopped; ++i) {
    SEGUE_RETURN_IF_ERROR(SearchOne(plan, snapshot, i, options, &top_k, &counter, &progress));
  }
  result->counters = progress.counters;
  result->partial = progress.stopped;
  result->hits = top_k.Take();
  result->total = counter.Total();
  if (result->partial) MakeLowerBound(&result->total);
  return absl::OkStatus();
}

}  // namespace segue

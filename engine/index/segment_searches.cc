// SPDX-License-Identifier: Apache-2.0
//
// One after the other, segments share one top-k, whose threshold later ones profit from, and one
// counter. Side by side each has its own, and the hits are merged in the order of all hits.
#include "engine/index/segment_searches.h"

#include <algorithm>
#include <utility>

#include "engine/exec/search_context.h"
#include "engine/exec/segment_search.h"
#include "engine/exec/top_k.h"
#include "engine/index/fan_out.h"
#include "engine/index/guard.h"

namespace segue {
namespace {

void Add(const SearchCounters& part, SearchCounters* sum) {
  sum->postings += part.postings;
  sum->blocks_decoded += part.blocks_decoded;
  sum->documents_scored += part.documents_scored;
  sum->positions_bytes += part.positions_bytes;
  sum->phrase_candidates += part.phrase_candidates;
}

absl::Status SearchOne(const QueryPlan& plan, const SearchedSnapshot& snapshot, size_t number,
                       const SearchOptions& options, exec::TopK* top_k, exec::MatchCounter* counter,
                       SearchCounters* counters) {
  // A context per segment: the memory of one segment's scorers is free again for the next.
  exec::SearchContext context(options);
  if (!context.KeepGoing()) return context.status();
  const Segment& segment = *snapshot.segments[number];
  const exec::SearchedSegment searched{snapshot.bases[number], segment.doc_count(), segment.live()};
  SEGUE_RETURN_IF_ERROR(
      plan.Search(number, searched, options.exhaustive, &context, top_k, counter));
  Add(context.counters(), counters);
  return absl::OkStatus();
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
      SEGUE_RETURN_IF_ERROR(
          SearchOne(plan, snapshot, number, options, &top_k, &counter, &part.result.counters));
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
  }
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
  for (size_t i = 0; i < snapshot.segments.size(); ++i) {
    SEGUE_RETURN_IF_ERROR(
        SearchOne(plan, snapshot, i, options, &top_k, &counter, &result->counters));
  }
  result->hits = top_k.Take();
  result->total = counter.Total();
  return absl::OkStatus();
}

}  // namespace segue

// SPDX-License-Identifier: Apache-2.0
//
// What a search takes and what it gives back.
#ifndef SEGUE_SEARCH_H_
#define SEGUE_SEARCH_H_

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "segue/executor.h"
#include "segue/export.h"
#include "segue/limits.h"
#include "segue/similarity.h"
#include "segue/statistics.h"
#include "segue/types.h"

namespace segue {

struct SearchOptions {
  // How many hits to return: 0 (only count) to limits.hits.
  uint32_t k = 10;

  CountMode count = CountMode::kExact;
  // With CountMode::kAtLeast: count exactly up to this number of matches.
  uint64_t count_at_least = 1000;

  // Score with these statistics instead of the snapshot's own. Must outlive the call.
  const Statistics* statistics = nullptr;

  // Similarity and its parameters for all fields of this search, instead of the schema's.
  std::optional<Similarity> similarity = std::nullopt;
  std::optional<float> k1 = std::nullopt;
  std::optional<float> b = std::nullopt;
  std::optional<float> delta = std::nullopt;
  std::optional<float> mu = std::nullopt;

  // Give up (kDeadlineExceeded) when this moment has passed; looked at between batches of postings,
  // every few thousand of them.
  std::optional<std::chrono::steady_clock::time_point> deadline = std::nullopt;
  // Give up (kCancelled) when this becomes true. Must outlive the call.
  const std::atomic<bool>* cancel = nullptr;
  // Give up (kResourceExhausted) when more postings than this have been read or scored; looked at
  // as the deadline is, so that some more may be. Frequent terms are bitmaps: of those only what is
  // scored counts. A bound of the work that depends on no clock.
  uint64_t postings_limit = UINT64_MAX;
  // Where one of these three would end the search with an error, give what has been found so far
  // instead, and say so (SearchResult::partial).
  bool allow_partial = false;
  // Most bytes of working memory for this search; past it: kResourceExhausted.
  uint64_t memory_limit_bytes = uint64_t{64} << 20;
  // What the query may be, at most.
  QueryLimits limits = {};

  // Threads to search several segments side by side; nullptr: the caller's alone. The result is the
  // same; the limits of memory and postings then hold for each segment. Not used with
  // CountMode::kAtLeast, which stops early. Must outlive the call and all tasks given to it.
  Executor* executor = nullptr;

  // Testing and comparison: score every matching document instead of skipping those that cannot
  // enter the top k. The results are the same.
  bool exhaustive = false;
};

// What a search did; for benchmarks and curiosity.
struct SearchCounters {
  uint64_t postings = 0;           // sum of the document frequencies of the query's terms
  uint64_t blocks_decoded = 0;     // posting blocks (128 documents) decoded
  uint64_t documents_scored = 0;   // (document, term) scores computed
  uint64_t positions_bytes = 0;    // bytes of position data decoded
  uint64_t phrase_candidates = 0;  // documents whose positions were compared
};

struct SearchResult {
  std::vector<Hit> hits;           // score descending, then document ascending
  std::optional<TotalHits> total;  // empty with CountMode::kNone
  std::vector<Diagnostic> diagnostics;
  SearchCounters counters;
  // Some prefix, pattern or fuzzy word stands for more terms than are scored; a diagnostic says
  // which. Documents with only such a term have score 0 for it.
  bool expansions_cut = false;
  // The search ended early (SearchOptions::allow_partial). Each hit matches and has its true score;
  // better ones may be missing, and the total is a lower bound.
  bool partial = false;
};

// The k best hits of several shards' results, as one index over all of them would give them: each
// shard searched with the merged statistics. A hit's document number becomes
// doc + shard_bases[shard]; shards are in ascending order of their bases.
SEGUE_EXPORT std::vector<Hit> MergeTopK(std::span<const SearchResult> shards,
                                        std::span<const uint64_t> shard_bases, uint32_t k);

}  // namespace segue

#endif  // SEGUE_SEARCH_H_

// SPDX-License-Identifier: Apache-2.0
#include "engine/exec/top_k.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "segue/search.h"

namespace segue::exec {

TopK::TopK(uint32_t k)
    : k_(k), threshold_(k == 0 ? std::numeric_limits<float>::infinity() : kNoThreshold) {
  heap_.reserve(std::min<uint32_t>(k, 1024));
}

void TopK::Push(Hit hit) {
  heap_.push_back(hit);
  std::push_heap(heap_.begin(), heap_.end(), RanksBefore);
  if (heap_.size() == k_) threshold_ = heap_.front().score;
}

void TopK::ReplaceWorst(Hit hit) {
  std::pop_heap(heap_.begin(), heap_.end(), RanksBefore);
  heap_.back() = hit;
  std::push_heap(heap_.begin(), heap_.end(), RanksBefore);
  threshold_ = heap_.front().score;
}

std::vector<Hit> TopK::Take() {
  std::sort_heap(heap_.begin(), heap_.end(), RanksBefore);
  return std::exchange(heap_, {});
}

}  // namespace segue::exec

namespace segue {

std::vector<Hit> MergeTopK(std::span<const SearchResult> shards,
                           std::span<const uint64_t> shard_bases, uint32_t k) {
  std::vector<Hit> all;
  for (size_t s = 0; s < shards.size() && s < shard_bases.size(); ++s) {
    for (Hit hit : shards[s].hits) all.push_back({hit.doc + shard_bases[s], hit.score});
  }
  const size_t kept = std::min<size_t>(k, all.size());
  std::partial_sort(all.begin(), all.begin() + static_cast<ptrdiff_t>(kept), all.end(),
                    RanksBefore);
  all.resize(kept);
  return all;
}

}  // namespace segue

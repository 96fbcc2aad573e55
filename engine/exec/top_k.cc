// SPDX-License-Identifier: Apache-2.0
#include "engine/exec/top_k.h"

#include <algorithm>
#include <array>
#include <bit>
#include <limits>
#include <utility>

#include "engine/exec/nth_greatest.h"
#include "segue/search.h"

namespace segue::exec {

namespace {

// Selecting among fewer hits at a time would cost more than it saves.
constexpr size_t kLeastSlack = 8;

// From here on a radix sort is worth its counters.
constexpr size_t kRadixHits = 200;

uint32_t Digit(float score, int pass) { return std::bit_cast<uint32_t>(score) >> (8 * pass) & 255; }

// By descending score. Scores are not negative, so that their bits order like the numbers.
void SortByScore(std::vector<Hit>* hits) {
  std::array<std::array<uint32_t, 256>, 4> counts = {};
  for (const Hit& hit : *hits) {
    for (int pass = 0; pass < 4; ++pass)
      ++counts[static_cast<size_t>(pass)][Digit(hit.score, pass)];
  }
  std::vector<Hit> sorted(hits->size());
  for (int pass = 0; pass < 4; ++pass) {
    std::array<uint32_t, 256>& starts = counts[static_cast<size_t>(pass)];
    if (starts[Digit(hits->front().score, pass)] == hits->size()) continue;  // all the same
    uint32_t start = 0;
    for (size_t digit = 256; digit-- > 0;) {
      const uint32_t count = starts[digit];
      starts[digit] = start;
      start += count;
    }
    for (const Hit& hit : *hits) sorted[starts[Digit(hit.score, pass)]++] = hit;
    hits->swap(sorted);
  }
}

// Hits sorted by score: those of equal score by document.
void SortTies(std::vector<Hit>* hits) {
  for (size_t begin = 0, end; begin < hits->size(); begin = end) {
    end = begin + 1;
    while (end < hits->size() && (*hits)[end].score == (*hits)[begin].score) ++end;
    if (end - begin > 1) {
      std::sort(hits->begin() + static_cast<ptrdiff_t>(begin),
                hits->begin() + static_cast<ptrdiff_t>(end), RanksBefore);
    }
  }
}

}  // namespace

TopK::TopK(uint32_t k)
    : k_(k),
      threshold_(k == 0 ? std::numeric_limits<float>::infinity() : kNoThreshold),
      next_selection_(k) {
  hits_.reserve(std::min<size_t>(k + std::max<size_t>(k, kLeastSlack), 4096));
}

void TopK::Select() {
  next_selection_ = k_ + std::max<size_t>(k_, kLeastSlack);
  scores_.resize(hits_.size());
  for (size_t i = 0; i < hits_.size(); ++i) scores_[i] = hits_[i].score;
  threshold_ = NthGreatest(scores_, k_);
  // Without branches, as whether a hit is above is anyone's guess.
  ties_.resize(hits_.size() + 1);
  size_t above = 0, ties = 0;
  for (const Hit hit : hits_) {
    hits_[above] = hit;
    above += hit.score > threshold_;
    ties_[ties] = hit;
    ties += hit.score == threshold_;
  }
  KeepFirstTies(above, ties);
}

// Of the ties, those with the least documents follow the hits above them.
void TopK::KeepFirstTies(size_t above, size_t ties) {
  const auto kept = static_cast<ptrdiff_t>(k_ - above);
  const auto begin = ties_.begin(), end = begin + static_cast<ptrdiff_t>(ties);
  if (begin + kept < end) {
    std::nth_element(begin, begin + kept, end,
                     [](const Hit& a, const Hit& b) { return a.doc < b.doc; });
  }
  hits_.resize(k_);
  std::copy_n(begin, kept, hits_.begin() + static_cast<ptrdiff_t>(above));
  last_tie_ = 0;
  for (size_t i = above; i < hits_.size(); ++i) last_tie_ = std::max(last_tie_, hits_[i].doc);
}

std::vector<Hit> TopK::Take() {
  if (hits_.size() > k_) Select();
  if (hits_.size() < kRadixHits) {
    std::sort(hits_.begin(), hits_.end(), RanksBefore);
  } else {
    SortByScore(&hits_);
    SortTies(&hits_);
  }
  return std::exchange(hits_, {});
}

size_t KeepBestRows(const float* scores, uint32_t k, size_t count, uint32_t* rows, float* spare) {
  for (size_t i = 0; i < count; ++i) spare[i] = scores[rows[i]];
  const float least = ReachedBy({spare, count}, k);
  size_t kept = 0;
  for (size_t i = 0; i < count; ++i) {
    rows[kept] = rows[i];
    kept += scores[rows[i]] >= least;
  }
  return kept;
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

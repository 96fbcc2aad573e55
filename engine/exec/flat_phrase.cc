// SPDX-License-Identifier: Apache-2.0
#include "engine/exec/flat_phrase.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "engine/exec/scorer.h"

namespace segue::exec {

FlatPhrase::FlatPhrase(std::vector<std::unique_ptr<FlatList>> terms, std::vector<PhraseWord> words,
                       SearchContext* context)
    : terms_(std::move(terms)),
      context_(context),
      matcher_(ListsOf(terms_), std::move(words), this, context) {}

size_t FlatPhrase::Keep(const uint32_t* offsets, size_t count, const double* sums, float threshold,
                        uint32_t* rows, uint32_t* freqs) {
  size_t kept = 0;
  for (size_t first = 0; first < count; first += kRows) {
    Start(offsets + first, std::min(kRows, count - first));
    const size_t candidates = threshold == kNoThreshold
                                  ? count_
                                  : RowsAbove(sums == nullptr ? nullptr : sums + first, threshold);
    const size_t matches = matcher_.Match(rows_.data(), candidates, freqs + kept);
    for (size_t i = 0; i < matches; ++i) rows[kept++] = static_cast<uint32_t>(first) + rows_[i];
  }
  return kept;
}

size_t FlatPhrase::Count(const uint32_t* offsets, size_t count) {
  size_t matches = 0;
  for (size_t first = 0; first < count; first += kRows) {
    Start(offsets + first, std::min(kRows, count - first));
    matches += matcher_.Match(rows_.data(), count_, nullptr);
  }
  return matches;
}

void FlatPhrase::Start(const uint32_t* offsets, size_t count) {
  offsets_ = offsets;
  count_ = count;
  std::iota(rows_.begin(), rows_.begin() + static_cast<ptrdiff_t>(count), 0);
  matcher_.Start();
}

void FlatPhrase::Ranks(size_t term, const uint32_t* rows, size_t count, uint32_t* ranks) {
  if (count == count_) return terms_[term]->Ranks(offsets_, count, ranks);  // all rows
  std::array<uint32_t, kRows> offsets;
  for (size_t i = 0; i < count; ++i) offsets[i] = offsets_[rows[i]];
  terms_[term]->Ranks(offsets.data(), count, ranks);
}

// Leaves those in rows_ whose score may be above the threshold; returns how many.
size_t FlatPhrase::RowsAbove(const double* sums, float threshold) {
  matcher_.MostFreqs(rows_.data(), count_, most_freqs_.data());
  const FlatList& first = *terms_.front();
  ActiveKernels().score_bm25(offsets_, most_freqs_.data(), count_, first.norms(),
                             first.similarity().norm_inverse(), first.similarity().weight(),
                             bounds_.data());
  size_t above = 0;
  for (size_t i = 0; i < count_; ++i) {
    const double sum = (sums == nullptr ? 0 : sums[i]) + static_cast<double>(bounds_[i]);
    rows_[above] = static_cast<uint32_t>(i);
    above += static_cast<float>(sum) > threshold;
  }
  return above;
}

void FlatPhrase::Scores(const uint32_t* offsets, const uint32_t* freqs, size_t count,
                        float* scores) {
  const FlatList& first = *terms_.front();
  ActiveKernels().score_bm25(offsets, freqs, count, first.norms(),
                             first.similarity().norm_inverse(), first.similarity().weight(),
                             scores);
  context_->counters().documents_scored += count;
}

}  // namespace segue::exec

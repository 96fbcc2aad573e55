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

size_t FlatPhrase::Keep(const FlatList::Asked& asked, const double* sums, float threshold,
                        uint32_t* rows, uint32_t* freqs) {
  size_t kept = 0;
  for (size_t first = 0; first < asked.count; first += kRows) {
    Start(asked, first);
    const size_t candidates = threshold == kNoThreshold
                                  ? asked_.count
                                  : RowsAbove(sums == nullptr ? nullptr : sums + first, threshold);
    const size_t matches = matcher_.Match(rows_.data(), candidates, freqs + kept);
    for (size_t i = 0; i < matches; ++i) rows[kept++] = static_cast<uint32_t>(first) + rows_[i];
  }
  return kept;
}

size_t FlatPhrase::Count(const FlatList::Asked& asked) {
  size_t matches = 0;
  for (size_t first = 0; first < asked.count; first += kRows) {
    Start(asked, first);
    matches += matcher_.Match(rows_.data(), asked_.count, nullptr);
  }
  return matches;
}

void FlatPhrase::Start(const FlatList::Asked& all, size_t first) {
  asked_ = {all.offsets + first, all.rows == nullptr ? nullptr : all.rows + first,
            std::min(kRows, all.count - first)};
  std::iota(rows_.begin(), rows_.begin() + static_cast<ptrdiff_t>(asked_.count), 0);
  matcher_.Start();
}

void FlatPhrase::Ranks(size_t term, const uint32_t* rows, size_t count, uint32_t* ranks) {
  if (count == asked_.count) return terms_[term]->Ranks(asked_, ranks);  // all rows
  std::array<uint32_t, kRows> offsets, list_rows;
  for (size_t i = 0; i < count; ++i) offsets[i] = asked_.offsets[rows[i]];
  if (asked_.rows != nullptr) {
    for (size_t i = 0; i < count; ++i) list_rows[i] = asked_.rows[rows[i]];
  }
  terms_[term]->Ranks({offsets.data(), list_rows.data(), count}, ranks);
}

// Leaves those in rows_ whose score may be above the threshold; returns how many.
size_t FlatPhrase::RowsAbove(const double* sums, float threshold) {
  matcher_.MostFreqs(rows_.data(), asked_.count, most_freqs_.data());
  const FlatList& first = *terms_.front();
  ActiveKernels().score_bm25(asked_.offsets, most_freqs_.data(), asked_.count, first.norms(),
                             first.similarity().norm_inverse(), first.similarity().weight(),
                             bounds_.data());
  size_t above = 0;
  for (size_t i = 0; i < asked_.count; ++i) {
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

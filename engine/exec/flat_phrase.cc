// SPDX-License-Identifier: Apache-2.0
#include "engine/exec/flat_phrase.h"

#include <algorithm>
#include <utility>

namespace segue::exec {

FlatPhrase::FlatPhrase(std::vector<std::unique_ptr<FlatList>> terms, std::vector<PhraseWord> words,
                       SearchContext* context)
    : terms_(std::move(terms)),
      context_(context),
      matcher_(ListsOf(terms_), std::move(words), context),
      columns_(terms_.size()),
      places_(terms_.size()) {}

size_t FlatPhrase::Keep(const uint32_t* offsets, size_t count, const double* sums, float threshold,
                        uint32_t* rows, uint32_t* freqs) {
  size_t kept = 0;
  for (size_t i = 0; i < count; i += kBatch) {
    kept += KeepBatch(offsets, i, std::min(kBatch, count - i), sums, threshold, rows + kept,
                      freqs + kept);
  }
  matcher_.ReportBytes();
  return kept;
}

size_t FlatPhrase::KeepBatch(const uint32_t* offsets, size_t begin, size_t count,
                             const double* sums, float threshold, uint32_t* rows, uint32_t* freqs) {
  offsets += begin;
  for (size_t t = 0; t < terms_.size(); ++t) {
    terms_[t]->Freqs(offsets, count, columns_[t].ranks.data(), columns_[t].freqs.data());
  }
  const FlatList& first = *terms_.front();
  size_t matches = 0;
  for (size_t i = 0; i < count; ++i) {
    uint32_t least = columns_[0].freqs[i];
    for (size_t t = 1; t < terms_.size(); ++t) least = std::min(least, columns_[t].freqs[i]);
    // A phrase is at most as frequent as its rarest word.
    const float greatest = first.similarity().Score(least, first.norms()[offsets[i]]);
    const double sum = sums == nullptr ? 0 : sums[begin + i];
    if (static_cast<float>(sum + static_cast<double>(greatest)) <= threshold) continue;
    for (size_t t = 0; t < terms_.size(); ++t) {
      const uint32_t rank = std::min(columns_[t].ranks[i], terms_[t]->doc_freq() - 1);
      places_[t] = {rank / kBlockPostings, rank % kBlockPostings, columns_[t].freqs[i]};
    }
    const uint32_t freq = matcher_.Freq(places_);
    if (freq == 0) continue;
    rows[matches] = static_cast<uint32_t>(begin + i);
    freqs[matches++] = freq;
  }
  return matches;
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

// SPDX-License-Identifier: Apache-2.0
#include "engine/exec/row_filter.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <utility>

#include "engine/simd/kernels.h"

namespace segue::exec {

RowFilter::RowFilter(const Bitset* live, std::vector<FlatList*> required,
                     std::vector<FlatList*> prohibited)
    : live_(live), required_(std::move(required)), prohibited_(std::move(prohibited)) {
  for (FlatList* list : required_) list->BeginProbing();
  for (FlatList* list : prohibited_) list->BeginProbing();
}

RowFilter::~RowFilter() {
  for (FlatList* list : required_) list->EndProbing();
  for (FlatList* list : prohibited_) list->EndProbing();
}

void RowFilter::Offer(const DocId* docs, const float* scores, size_t count, float threshold,
                      uint64_t base, ScoreColumns* columns, TopK* top_k) {
  uint32_t* const rows = columns->held_rows.data();
  size_t kept = ActiveKernels().filter_greater(scores, count, threshold, rows);
  if (!passes_all()) {
    DocId* const kept_docs = columns->offsets.data();
    float* const kept_scores = columns->scores.data();
    for (size_t i = 0; i < kept; ++i) {
      kept_docs[i] = docs[rows[i]];
      kept_scores[i] = scores[rows[i]];
    }
    kept = Keep(kept_docs, kept_scores, kept);
    std::iota(rows, rows + kept, 0);
    docs = kept_docs;
    scores = kept_scores;
  }
  if (kept > kManyOffers * top_k->k()) {
    kept = KeepBestRows(scores, top_k->k(), kept, rows, columns->reaches.data());
  }
  for (size_t i = 0; i < kept; ++i) top_k->Offer({base + docs[rows[i]], scores[rows[i]]});
  top_k->TightenThreshold();
}

template <typename Score>
size_t RowFilter::Keep(DocId* docs, Score* scores, size_t count) {
  if (passes_all()) return count;
  std::array<DocId, kRows> before;
  std::copy_n(docs, count, before.begin());
  size_t left = 0;
  for (size_t i = 0; i < count; ++i) {
    docs[left] = before[i];
    left += live_ == nullptr || live_->Test(before[i]);
  }
  std::array<uint32_t, kRows> rows;
  for (FlatList* list : required_) left = list->Keep(docs, left, rows.data());
  for (FlatList* list : prohibited_) left = list->Drop(docs, left, rows.data());
  for (size_t i = 0, at = 0; i < left; ++i, ++at) {
    while (before[at] != docs[i]) ++at;
    scores[i] = scores[at];
  }
  return left;
}

template size_t RowFilter::Keep(DocId* docs, float* scores, size_t count);
template size_t RowFilter::Keep(DocId* docs, double* scores, size_t count);

}  // namespace segue::exec

// SPDX-License-Identifier: Apache-2.0
//
// Sums run over the clauses in the order of the query, in double, and are cast once (decision D3).
#include "engine/exec/flat_scorer.h"

#include <algorithm>

namespace segue::exec {

FlatScorer::FlatScorer(const std::vector<FlatClause>& clauses, SearchContext* context)
    : clauses_(clauses), kernels_(ActiveKernels()), columns_(context->scratch().columns()) {
  for (const FlatClause& clause : clauses) {
    if (clause.phrase != nullptr) phrase_ = clause.phrase.get();
    scored_ += IsScored(clause.kind);
  }
}

size_t FlatScorer::Offer(const uint64_t* mask, uint32_t words, uint32_t first, uint64_t base,
                         float threshold, TopK* top_k) {
  size_t count = kernels_.bits_to_docs(mask, words, first * kWordDocs, columns_.offsets.data());
  if (phrase_ != nullptr) {
    count = phrase_->Keep(columns_.offsets.data(), count, nullptr,
                          scored_ == 1 ? threshold : kNoThreshold, columns_.held_rows.data(),
                          columns_.phrase_freqs.data());
    for (size_t i = 0; i < count; ++i) {
      columns_.offsets[i] = columns_.offsets[columns_.held_rows[i]];
    }
  }
  if (count == 0) return 0;
  std::fill_n(columns_.sums.begin(), count, 0.0);
  for (const FlatClause& clause : clauses_) {
    if (IsScored(clause.kind)) Add(clause, count);
  }
  for (size_t i = 0; i < count; ++i) columns_.scores[i] = static_cast<float>(columns_.sums[i]);
  const size_t better = kernels_.filter_greater(columns_.scores.data(), count, top_k->threshold(),
                                                columns_.held_rows.data());
  for (size_t i = 0; i < better; ++i) {
    const uint32_t row = columns_.held_rows[i];
    top_k->Offer({base + columns_.offsets[row], columns_.scores[row]});
  }
  return count;
}

void FlatScorer::Add(const FlatClause& clause, size_t count) {
  ScoreColumns& c = columns_;
  if (clause.phrase != nullptr) {
    clause.phrase->Scores(c.offsets.data(), c.phrase_freqs.data(), count, c.scores.data());
    for (size_t i = 0; i < count; ++i) c.sums[i] += static_cast<double>(c.scores[i]);
    return;
  }
  FlatList& list = *clause.list;
  if (clause.kind == ClauseKind::kMust) {
    list.Scores(c.offsets.data(), count, c.ranks.data(), c.freqs.data(), c.scores.data());
    for (size_t i = 0; i < count; ++i) c.sums[i] += static_cast<double>(c.scores[i]);
    return;
  }
  const size_t held =
      kernels_.filter_set_indexes(list.members(), 0, c.offsets.data(), count, c.held_rows.data());
  for (size_t i = 0; i < held; ++i) c.held_offsets[i] = c.offsets[c.held_rows[i]];
  list.Scores(c.held_offsets.data(), held, c.ranks.data(), c.freqs.data(), c.scores.data());
  for (size_t i = 0; i < held; ++i) c.sums[c.held_rows[i]] += static_cast<double>(c.scores[i]);
}

}  // namespace segue::exec

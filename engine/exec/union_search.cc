// SPDX-License-Identifier: Apache-2.0
#include "engine/exec/union_search.h"

#include <algorithm>

#include "engine/exec/flat_scorer.h"

namespace segue::exec {
namespace {

// The more hits are wanted, the fewer postings bounds could leave out; and who counts, too, has to
// look at all of them anyway: half as many again.
constexpr uint64_t kFewPostings = 2048;
constexpr uint64_t kFewRowsTimesK = 64;

}  // namespace

bool UnionSearch::Suits(const std::vector<FlatClause>& clauses, const FlatParts& parts,
                        const SearchedSegment& segment, uint64_t hits, bool counts) {
  if (hits == 0 || parts.phrase != nullptr || parts.shoulds.size() < 2 ||
      parts.shoulds.size() > ScoredUnion::kMostLists) {
    return false;
  }
  const uint64_t postings = parts.InShoulds();
  if (!parts.needs_should || postings > parts.InRequired()) return false;
  const UnionFilter filter(parts.required, parts.prohibited, segment);
  if (counts && !filter.only_bitmaps()) return false;
  uint64_t few = kFewPostings + kFewRowsTimesK * hits;
  if (counts) few += few / 2;
  if (filter.Cost(postings) > std::min(few, ScoredUnion::kMostPostings)) return false;
  return FlatScorer::ScoresOnlyShoulds(clauses, parts);
}

UnionSearch::UnionSearch(const FlatParts& parts, const SearchedSegment& segment,
                         SearchContext* context)
    : segment_(segment),
      context_(context),
      wanted_(parts.required, parts.prohibited, segment),
      filter_(nullptr, wanted_.required(), wanted_.prohibited()),
      union_(parts.shoulds, wanted_, context) {}

void UnionSearch::Run(TopK* top_k, MatchCounter* counter) {
  if (!union_.Load()) return;
  while (context_->KeepGoing() && union_.Next()) {
    if (counter != nullptr && counter->wanted()) counter->Add(Count());
    Offer(top_k);
  }
}

// The documents at hand.
uint64_t UnionSearch::Count() const {
  uint64_t matches = 0;
  union_.ForEachAtHand(RowFilter::kRows, [&](const DocId*, const double* sums, size_t count) {
    for (size_t i = 0; i < count; ++i) matches += sums[i] != ScoredUnion::kMoved;
  });
  return matches;
}

void UnionSearch::Offer(TopK* top_k) {
  ScoreColumns& columns = context_->scratch().columns();
  float* const scores = columns.scores.data();
  union_.ForEachAtHand(RowFilter::kRows, [&](const DocId* docs, const double* sums, size_t count) {
    for (size_t i = 0; i < count; ++i) scores[i] = static_cast<float>(sums[i]);
    const float threshold =
        std::max(top_k->ThresholdFrom(segment_.base + docs[0]), ScoredUnion::kBelowAll);
    filter_.Offer(docs, scores, count, threshold, segment_.base, &columns, top_k);
  });
}

}  // namespace segue::exec

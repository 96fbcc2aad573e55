// SPDX-License-Identifier: Apache-2.0
//
// Where rare clauses are all that narrows the matches, their postings are united with their scores
// (scored_union.h). The k-th greatest of these sums is a threshold before any other list is read,
// and only what the other clauses can lift above it is looked up in them.
#include "engine/exec/rare_first.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>

#include "engine/exec/flat_bounds.h"
#include "engine/exec/flat_scorer.h"
#include "engine/exec/nth_greatest.h"
#include "engine/exec/row_filter.h"
#include "engine/exec/scored_union.h"
#include "engine/exec/sparse_search.h"

namespace segue::exec {
namespace {

// So many documents at most: more are sooner chosen by bounds of words. For more hits, more.
constexpr uint64_t kMostDocs = 8192;
constexpr uint64_t kMostTimesK = 64;

// Among so many times k documents k are likely to be good ones,
constexpr uint64_t kEnoughTimesK = 2;
// as good as all other words together, if these reach at most so much of what the rarest does.
constexpr double kRestOfGreatest = 0.8;

// So many postings are sooner scored than bounded, even if they are fewer than k.
constexpr uint64_t kFewPostings = 2048;

// The greatest scores of the clauses, added up.
double GreatestOf(const std::vector<FlatClause>& clauses) {
  double sum = 0;
  for (const FlatClause& clause : clauses) {
    if (IsScored(clause.kind)) sum += static_cast<double>(clause.list->MaxScore());
  }
  return sum * FlatBounds::kSumMargin;
}

uint64_t MostPostings(const SearchedSegment& segment, uint64_t k, bool unite) {
  if (!unite) return std::min(kMostDocs, SparseSearch::MostCandidates(segment.doc_count));
  return std::clamp(kMostTimesK * k, kMostDocs, ScoredUnion::kMostPostings);
}

// The documents of the rare lists, by all clauses.
class RareUnion {
 public:
  // The rare clauses are prohibited ones already, in `clauses` and `parts`; `prohibited`: without
  // them.
  RareUnion(const std::vector<FlatList*>& rare, const std::vector<FlatClause>& clauses,
            const FlatParts& parts, const std::vector<FlatList*>& prohibited,
            const SearchedSegment& segment, SearchContext* context)
      : segment_(segment),
        context_(context),
        kernels_(ActiveKernels()),
        columns_(context->scratch().columns()),
        wanted_(parts.required, prohibited, segment),
        filter_(nullptr, wanted_.required(), prohibited),
        others_(parts.shoulds),
        rest_(GreatestOf(clauses)),
        scorer_(clauses, context),
        union_(rare, wanted_, context) {
    for (FlatList* list : others_) list->BeginProbing();
    scorer_.UseBounds(nullptr);
  }
  ~RareUnion() {
    for (FlatList* list : others_) list->EndProbing();
  }
  RareUnion(const RareUnion&) = delete;
  RareUnion& operator=(const RareUnion&) = delete;

  void Run(TopK* top_k) {
    if (!union_.Load()) return;
    while (union_.Next()) {
      if (!context_->KeepGoing()) return;
    }
    if (top_k->missing() > 0) SetFloor(top_k->k());
    union_.ForEach(RowFilter::kRows, [&](const DocId* docs, const double* sums, size_t count) {
      if (context_->KeepGoing()) Offer(docs, sums, count, top_k);
    });
  }

 private:
  // What k documents reach by the rare clauses alone, if all of them match.
  void SetFloor(uint32_t k) {
    if (!filter_.passes_all() || union_.rows() < k) return;
    std::vector<uint16_t>& steps = context_->scratch().sums(union_.rows());
    double greatest = 0;
    union_.ForEach(union_.rows(), [&](const DocId*, const double* sums, size_t count) {
      for (size_t i = 0; i < count; ++i) greatest = std::max(greatest, sums[i]);
    });
    const double unit = greatest / 65535;
    if (!(unit > 0)) return;
    size_t rows = 0;
    union_.ForEach(union_.rows(), [&](const DocId*, const double* sums, size_t count) {
      for (size_t i = 0; i < count; ++i) {
        steps[rows++] = static_cast<uint16_t>(std::max(sums[i], 0.0) / unit);
      }
    });
    const uint32_t step = NthGreatest(std::span<const uint16_t>(steps.data(), rows), k, 1);
    // Below by more than the divisions rounded; who ties with the k-th may come before it.
    if (step > 0) floor_ = static_cast<float>(step * unit * (1 - 0x1p-20));
  }

  void Offer(const DocId* docs, const double* sums, size_t count, TopK* top_k) {
    ScoreColumns& c = columns_;
    const float threshold = std::max(floor_, top_k->ThresholdFrom(segment_.base + docs[0]));
    for (size_t i = 0; i < count; ++i) {
      c.reaches[i] = static_cast<float>((sums[i] + rest_) * FlatBounds::kSumMargin);
    }
    size_t kept = kernels_.filter_greater(
        c.reaches.data(), count, std::max(threshold, ScoredUnion::kBelowAll), c.held_rows.data());
    for (size_t i = 0; i < kept; ++i) {
      c.offsets[i] = docs[c.held_rows[i]];
      c.sums[i] = sums[c.held_rows[i]];
    }
    kept = filter_.Keep(c.offsets.data(), c.sums.data(), kept);
    if (kept > 0) scorer_.OfferBegun(kept, {segment_.base, 0}, threshold, top_k);
  }

  const SearchedSegment& segment_;
  SearchContext* context_;
  const Kernels& kernels_;
  ScoreColumns& columns_;
  UnionFilter wanted_;
  RowFilter filter_;
  std::vector<FlatList*> others_;
  double rest_;  // all that the others can add
  FlatScorer scorer_;
  ScoredUnion union_;
  float floor_ = kNoThreshold;
};

// The rarest lists that have few postings together, which are soon scored and make what is left
// simpler: but for one if no other clause must match.
size_t CountFew(const std::vector<FlatList*>& lists, const FlatParts& parts) {
  const size_t most = lists.size() - (parts.needs_should || parts.required.empty() ? 1 : 0);
  uint64_t postings = 0;
  size_t few = 0;
  while (few < most && (postings += lists[few]->doc_freq()) <= kFewPostings) ++few;
  return few;
}

// The lists to begin with; none if it is not worth it. `unite`: by a RareUnion.
std::vector<FlatList*> ChooseRare(const FlatParts& parts, const SearchedSegment& segment,
                                  const TopK& top_k, const std::vector<FlatClause>& clauses,
                                  bool unite) {
  std::vector<FlatList*> lists = parts.shoulds;
  if (parts.phrase != nullptr || lists.empty()) return {};
  std::stable_sort(lists.begin(), lists.end(),
                   [](FlatList* a, FlatList* b) { return a->MaxScore() > b->MaxScore(); });
  const double least =
      std::max<double>(static_cast<double>(top_k.threshold()),
                       kRestOfGreatest * static_cast<double>(lists[0]->MaxScore()));
  const uint64_t hits = ExpectedHits(segment, top_k);
  const uint64_t enough = kEnoughTimesK * hits;
  const uint64_t most = MostPostings(segment, hits, unite);
  const UnionFilter filter(unite ? parts.required : std::vector<FlatList*>(), {}, segment);
  double rest = GreatestOf(clauses);  // without what is chosen
  uint64_t docs = 0, postings = 0;
  size_t chosen = 0;
  for (; chosen < std::min(lists.size(), ScoredUnion::kMostLists); ++chosen) {
    if (docs >= enough && rest < least) break;
    postings += lists[chosen]->doc_freq();
    if (filter.Cost(postings) > most || (unite && postings > parts.InRequired())) break;
    docs = filter.Passing(postings);
    rest -= static_cast<double>(lists[chosen]->MaxScore());
  }
  // Sums of rare clauses are a threshold even if the others may reach more together.
  if (docs < enough || (!unite && rest >= least)) chosen = CountFew(lists, parts);
  lists.resize(chosen);
  return lists;
}

}  // namespace

bool SearchRareFirst(const SearchedSegment& segment, SearchContext* context, TopK* top_k,
                     std::vector<FlatClause>* clauses, FlatParts* parts) {
  const bool unite = FlatScorer::ScoresOnlyShoulds(*clauses, *parts);
  const std::vector<FlatList*> rare = ChooseRare(*parts, segment, *top_k, *clauses, unite);
  if (rare.empty()) return true;
  if (!unite) SparseSearch(rare, *clauses, *parts, segment, context).Run(top_k, nullptr);
  for (FlatClause& clause : *clauses) {
    if (std::find(rare.begin(), rare.end(), clause.list.get()) != rare.end()) {
      clause.kind = ClauseKind::kMustNot;
    }
  }
  const std::vector<FlatList*> prohibited = parts->prohibited;
  parts->Prohibit(rare);
  if (unite) RareUnion(rare, *clauses, *parts, prohibited, segment, context).Run(top_k);
  top_k->UpdateThreshold();
  return context->ok() && GreatestOf(*clauses) >= static_cast<double>(top_k->threshold());
}

}  // namespace segue::exec

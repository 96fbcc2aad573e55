// SPDX-License-Identifier: Apache-2.0
#include "engine/exec/rare_first.h"

#include <algorithm>

#include "engine/exec/flat_bounds.h"
#include "engine/exec/sparse_search.h"

namespace segue::exec {
namespace {

// So many documents at most: more are sooner chosen by bounds of words.
constexpr uint64_t kMostDocs = 8192;

// Among so many times k documents k are likely to be good ones,
constexpr uint64_t kEnoughTimesK = 2;
// as good as all other words together, if these reach at most so many times what the rarest does.
constexpr double kRestOfGreatest = 1.2;

// The greatest scores of clauses that are not among `without`, added up.
double GreatestWithout(const std::vector<FlatList*>& without,
                       const std::vector<FlatClause>& clauses) {
  double sum = 0;
  for (const FlatClause& clause : clauses) {
    if (!IsScored(clause.kind)) continue;
    if (std::find(without.begin(), without.end(), clause.list.get()) != without.end()) continue;
    sum += static_cast<double>(clause.list->MaxScore());
  }
  return sum * FlatBounds::kSumMargin;
}

// The lists to begin with; none if it is not worth it.
std::vector<FlatList*> ChooseRare(const FlatParts& parts, const SearchedSegment& segment,
                                  const TopK& top_k, const std::vector<FlatClause>& clauses) {
  std::vector<FlatList*> lists = parts.shoulds;
  if (parts.phrase != nullptr || lists.size() < 2) return {};
  std::stable_sort(lists.begin(), lists.end(),
                   [](FlatList* a, FlatList* b) { return a->MaxScore() > b->MaxScore(); });
  const double least =
      std::max<double>(static_cast<double>(top_k.threshold()),
                       kRestOfGreatest * static_cast<double>(lists[0]->MaxScore()));
  std::vector<FlatList*> chosen;
  double rest = GreatestWithout({}, clauses);  // without what is chosen
  uint64_t docs = 0;
  for (FlatList* list : lists) {
    docs += list->doc_freq();
    if (docs > kMostDocs || !SparseSearch::Suits(docs, segment.doc_count)) break;
    chosen.push_back(list);
    rest -= static_cast<double>(list->MaxScore());
    if (docs >= kEnoughTimesK * top_k.k() && rest < least) return chosen;
  }
  return {};
}

}  // namespace

bool SearchRareFirst(const SearchedSegment& segment, SearchContext* context, TopK* top_k,
                     std::vector<FlatClause>* clauses, FlatParts* parts) {
  const std::vector<FlatList*> rare = ChooseRare(*parts, segment, *top_k, *clauses);
  if (rare.empty()) return true;
  SparseSearch(rare, *clauses, *parts, segment, context).Run(top_k, nullptr);
  top_k->UpdateThreshold();
  if (!context->ok() || GreatestWithout(rare, *clauses) < static_cast<double>(top_k->threshold())) {
    return false;
  }
  for (FlatClause& clause : *clauses) {
    if (std::find(rare.begin(), rare.end(), clause.list.get()) != rare.end()) {
      clause.kind = ClauseKind::kMustNot;
    }
  }
  parts->Prohibit(rare);
  return true;
}

}  // namespace segue::exec

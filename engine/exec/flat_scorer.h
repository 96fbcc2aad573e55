// SPDX-License-Identifier: Apache-2.0
//
// FlatScorer: the scores of candidates of a flat query, one clause after the other.
//
// Candidates are rows of the ScoreColumns. The clauses that can add most come first, and after each
// of them the rows go that the rest cannot lift above the threshold: most candidates never have
// their frequencies of frequent words read, nor their positions.
#ifndef SEGUE_EXEC_FLAT_SCORER_H_
#define SEGUE_EXEC_FLAT_SCORER_H_

#include <cstdint>
#include <span>
#include <vector>

#include "engine/exec/flat_bounds.h"
#include "engine/exec/flat_clause.h"
#include "engine/exec/flat_parts.h"
#include "engine/exec/search_context.h"
#include "engine/exec/top_k.h"
#include "engine/simd/kernels.h"

namespace segue::exec {

// The chunk that rows are documents of.
struct RowOrigin {
  uint64_t base = 0;        // number of its first document in the snapshot
  uint32_t first_word = 0;  // of the segment
};

class FlatScorer {
 public:
  // Whether the scores of the clauses may be added up in any order, without a change of the sum.
  static bool SumsAreExact(const std::vector<FlatClause>& clauses);
  // The same of scores with these weights, and of constants that are added to them.
  static bool SumsAreExact(std::span<const float> weights);
  // Whether that holds and nothing but should clauses is scored.
  static bool ScoresOnlyShoulds(const std::vector<FlatClause>& clauses, const FlatParts& parts);

  FlatScorer(const std::vector<FlatClause>& clauses, SearchContext* context);
  ~FlatScorer() { ClearRowMask(); }
  FlatScorer(const FlatScorer&) = delete;
  FlatScorer& operator=(const FlatScorer&) = delete;

  // All rows of an Offer have this score before that of any clause. Requires that sums with it are
  // exact.
  void StartFrom(double score) { start_ = score; }

  // Before the first Offer that prunes. From now on scores with the bounds of words, which outlive
  // the scorer, or with those of whole lists if there are none. Call again when they were refined.
  void UseBounds(const FlatBounds* bounds);

  // Offers the rows [0, count) of the columns to the top k, those that a phrase drops excepted;
  // returns how many match. Rows: columns.offsets, ascending, of documents that match but for the
  // phrase, in the chunk that the lists have loaded. `prune`: scores not above `threshold` are of
  // no interest, and rows that cannot enter the top k may count as no matches; with bounds of words
  // the rows then have columns.bounds.
  size_t Offer(size_t count, const RowOrigin& origin, bool prune, float threshold, TopK* top_k);
  // The same where scores of other clauses are in columns.sums already, and with pruning. REQUIRES:
  // only should clauses are scored, of lists from which nothing was taken.
  size_t OfferBegun(size_t count, const RowOrigin& origin, float threshold, TopK* top_k) {
    return AddAll(count, origin, /*prune=*/true, threshold, top_k);
  }

 private:
  // One scored clause, in the order in which they are added.
  struct Step {
    const FlatClause* clause = nullptr;
    size_t scored = 0;          // its number among the scored clauses of the query
    double greatest = 0;        // of its scores
    double later_greatest = 0;  // of the clauses that come later
    bool prune = true;          // after this one
  };

  size_t AddAll(size_t count, const RowOrigin& origin, bool prune, float threshold, TopK* top_k);
  FlatList::Asked Asked(size_t count) const {
    return {columns_.offsets.data(), columns_.rows.data(), count};
  }
  double GreatestOf(const Step& step) const;
  void SetOrder();
  size_t Add(const Step& step, size_t count, float threshold);
  size_t AddPhrase(const FlatClause& clause, size_t count, float threshold);
  void AddRequired(FlatList& list, size_t count);
  void AddWhereHeld(FlatList& list, size_t count);
  bool UseRowMask(size_t count);
  void ClearRowMask();
  void TakeOffRests(const Step& step, size_t count, uint32_t first_word);
  float ReachedByNow(size_t count, uint32_t k);
  size_t Prune(const Step& step, size_t count, float threshold);
  void KeepRows(const uint32_t* rows, size_t kept);
  void OfferRows(size_t count, uint64_t base, float threshold, TopK* top_k);

  const Kernels& kernels_;
  SearchContext* context_;
  ScoreColumns& columns_;
  const FlatBounds* bounds_ = nullptr;
  double start_ = 0;
  std::vector<Step> steps_;
  bool has_phrase_ = false;
  bool probes_ = false;  // lists are probed, which know documents by columns.rows
  bool any_order_;       // sums are exact, so that clauses may come in any order
  size_t held_ = 0;      // columns.held_rows of the clause added last

  // The rows as bits of the chunk, in those groups, while they are many.
  uint64_t* row_mask_;
  bool row_mask_holds_ = false;  // the rows at hand
  uint32_t row_first_group_ = 0;
  uint32_t row_groups_ = 0;
};

}  // namespace segue::exec

#endif  // SEGUE_EXEC_FLAT_SCORER_H_

// SPDX-License-Identifier: Apache-2.0
//
// Why clauses may be added in any order (decision D3 wants that of the query): a score
// w - w / (1 + x) is a multiple of half an ulp of w. With x <= 1 the quotient is at least w / 2, so
// both are multiples of that, and their difference is exact; with x > 1 the result is above w / 2
// and as a float a multiple of it. So all scores of a query are multiples of half an ulp of the
// least weight, and while sums stay below 2^53 such units every double sum is exact.
#include "engine/exec/flat_scorer.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "absl/container/inlined_vector.h"
#include "engine/base/limits.h"
#include "engine/exec/nth_greatest.h"

namespace segue::exec {
namespace {

// A weight is below 2^25 halves of its ulp; what is left of 53 bits for their number and spread.
constexpr double kMaxWeightSpread = 1 << 27;

// The rest of a row whose bound is not known: more than the clauses can add, even when the bytes of
// all of them were taken off it.
constexpr int32_t kUnbounded = 1 << 30;
static_assert(kUnbounded - int64_t{255} * kMaxQueryClauses >= FlatBounds::kUnitsOfAll);

// Rows that cannot enter any more go when they are one in so many. Until then they are scored on
// for nothing; offered they are refused.
constexpr size_t kWorthMoving = 8;

// Rows are looked at again when this share of what was outstanding has been added.
constexpr double kWorthPruning = 1.0 / 16;

// From so many clauses on, many rows are worth being bits, too.
constexpr size_t kManyClauses = 4;

const FlatList& FirstList(const FlatClause& clause) {
  return clause.phrase != nullptr ? *clause.phrase->terms().front() : *clause.list;
}

float WeightOf(const FlatClause& clause) { return FirstList(clause).similarity().weight(); }

}  // namespace

bool FlatScorer::SumsAreExact(const std::vector<FlatClause>& clauses) {
  absl::InlinedVector<float, 8> weights;
  for (const FlatClause& clause : clauses) {
    if (IsScored(clause.kind)) weights.push_back(WeightOf(clause));
  }
  return SumsAreExact(weights);
}

bool FlatScorer::SumsAreExact(std::span<const float> weights) {
  double least = std::numeric_limits<double>::infinity(), greatest = 0;
  for (const float weight : weights) {
    least = std::min<double>(least, weight);
    greatest = std::max<double>(greatest, weight);
  }
  return static_cast<double>(weights.size()) * greatest < least * kMaxWeightSpread;
}

bool FlatScorer::ScoresOnlyShoulds(const std::vector<FlatClause>& clauses, const FlatParts& parts) {
  const auto scored = std::count_if(clauses.begin(), clauses.end(),
                                    [](const FlatClause& clause) { return IsScored(clause.kind); });
  return static_cast<size_t>(scored) == parts.shoulds.size() && SumsAreExact(clauses);
}

FlatScorer::FlatScorer(const std::vector<FlatClause>& clauses, SearchContext* context)
    : kernels_(ActiveKernels()),
      context_(context),
      columns_(context->scratch().columns()),
      row_mask_(context->scratch().TakeMask()) {
  for (const FlatClause& clause : clauses) {
    if (!IsScored(clause.kind)) continue;
    steps_.push_back({.clause = &clause, .scored = steps_.size()});
    has_phrase_ = has_phrase_ || clause.phrase != nullptr;
  }
  any_order_ = SumsAreExact(clauses);
}

void FlatScorer::UseBounds(const FlatBounds* bounds) {
  bounds_ = bounds;
  SetOrder();
}

double FlatScorer::GreatestOf(const Step& step) const {
  if (bounds_ != nullptr) return bounds_->greatest(step.scored);
  if (step.clause->list != nullptr) return step.clause->list->ScoreLimit();
  double least = std::numeric_limits<double>::infinity();
  for (const auto& term : step.clause->phrase->terms()) {
    least = std::min<double>(least, term->ScoreLimit());
  }
  return least;
}

// Phrases last, as positions cost most.
void FlatScorer::SetOrder() {
  if (steps_.size() < 2) return;
  for (Step& step : steps_) step.greatest = GreatestOf(step);
  if (any_order_) {
    std::stable_sort(steps_.begin(), steps_.end(), [&](const Step& a, const Step& b) {
      const bool a_phrase = a.clause->phrase != nullptr, b_phrase = b.clause->phrase != nullptr;
      if (a_phrase != b_phrase) return b_phrase;
      return a.greatest > b.greatest;
    });
  }
  double greatest = 0;
  for (size_t i = steps_.size(); i-- > 0;) {
    steps_[i].later_greatest = greatest;
    greatest += steps_[i].greatest;
  }
  double added = 0;
  for (Step& step : steps_) {
    added += step.greatest;
    step.prune = added >= kWorthPruning * greatest;
    if (step.prune) added = 0;
  }
}

size_t FlatScorer::Offer(size_t count, const RowOrigin& origin, bool prune, float threshold,
                         TopK* top_k) {
  std::fill_n(columns_.sums.begin(), count, start_);
  probes_ = !steps_.empty() && FirstList(*steps_.front().clause).is_probed();
  if (probes_)
    std::iota(columns_.rows.begin(), columns_.rows.begin() + static_cast<ptrdiff_t>(count), 0);
  return AddAll(count, origin, prune, threshold, top_k);
}

size_t FlatScorer::AddAll(size_t count, const RowOrigin& origin, bool prune, float threshold,
                          TopK* top_k) {
  ScoreColumns& c = columns_;
  prune = prune && steps_.size() > 1;
  const bool in_words = prune && bounds_ != nullptr;
  row_mask_holds_ = false;
  for (size_t i = 0; prune && i < count; ++i) {
    c.rests[i] = !in_words || c.bounds[i] == 255 ? kUnbounded : c.bounds[i];
  }
  for (const Step& step : steps_) {
    // What is stopped half-way has no scores yet.
    if (count == 0 || !context_->KeepGoingAfter(count)) return 0;
    const bool last = &step == &steps_.back();
    count = Add(step, count, last ? threshold : kNoThreshold);
    if (!prune || last) continue;
    if (in_words) TakeOffRests(step, count, origin.first_word);
    if (!step.prune) continue;
    if (top_k->missing() > 0) threshold = std::max(threshold, ReachedByNow(count, top_k->k()));
    if (threshold != kNoThreshold) count = Prune(step, count, threshold);
  }
  OfferRows(count, origin.base, threshold, top_k);
  return count;
}

size_t FlatScorer::Add(const Step& step, size_t count, float threshold) {
  const FlatClause& clause = *step.clause;
  if (clause.phrase != nullptr) return AddPhrase(clause, count, threshold);
  if (clause.kind == ClauseKind::kMust) {
    AddRequired(*clause.list, count);
  } else {
    AddWhereHeld(*clause.list, count);
  }
  return count;
}

size_t FlatScorer::AddPhrase(const FlatClause& clause, size_t count, float threshold) {
  ScoreColumns& c = columns_;
  const size_t kept = clause.phrase->Keep(Asked(count), c.sums.data(), threshold,
                                          c.held_rows.data(), c.phrase_freqs.data());
  if (kept < count) KeepRows(c.held_rows.data(), kept);
  clause.phrase->Scores(c.offsets.data(), c.phrase_freqs.data(), kept, c.scores.data());
  for (size_t i = 0; i < kept; ++i) c.sums[i] += static_cast<double>(c.scores[i]);
  return kept;
}

void FlatScorer::AddRequired(FlatList& list, size_t count) {
  ScoreColumns& c = columns_;
  list.Scores(Asked(count), c.ranks.data(), c.freqs.data(), c.scores.data());
  for (size_t i = 0; i < count; ++i) c.sums[i] += static_cast<double>(c.scores[i]);
}

void FlatScorer::AddWhereHeld(FlatList& list, size_t count) {
  ScoreColumns& c = columns_;
  held_ = 0;
  if (!list.MayHold(c.offsets[0], c.offsets[count - 1])) return;
  if (!list.is_probed() && UseRowMask(count)) {
    held_ = list.Select(row_mask_, row_first_group_, row_groups_, c.held_rows.data(),
                        c.held_offsets.data(), c.ranks.data());
  } else {
    held_ = list.Held(Asked(count), c.held_rows.data(), c.held_offsets.data(), c.ranks.data());
  }
  list.ScoresOfRanks(c.held_offsets.data(), c.ranks.data(), held_, c.freqs.data(), c.scores.data());
  for (size_t i = 0; i < held_; ++i) c.sums[c.held_rows[i]] += static_cast<double>(c.scores[i]);
}

// With a row or more for each word that they span, words are looked at sooner than rows; few
// clauses are not worth making them.
bool FlatScorer::UseRowMask(size_t count) {
  if (row_mask_holds_) return true;
  if (steps_.size() < kManyClauses) return false;
  ScoreColumns& c = columns_;
  const uint32_t first_group = c.offsets[0] / kGroupDocs;
  const uint32_t groups = c.offsets[count - 1] / kGroupDocs - first_group + 1;
  if (count < size_t{groups} * kGroupWords) return false;
  ClearRowMask();
  row_first_group_ = first_group;
  row_groups_ = groups;
  kernels_.set_bits(row_mask_, 0, c.offsets.data(), count);
  row_mask_holds_ = true;
  return true;
}

void FlatScorer::ClearRowMask() {
  std::fill_n(row_mask_ + size_t{row_first_group_} * kGroupWords, size_t{row_groups_} * kGroupWords,
              uint64_t{0});
  row_groups_ = 0;
  row_mask_holds_ = false;
}

// What was added is no longer outstanding.
void FlatScorer::TakeOffRests(const Step& step, size_t count, uint32_t first_word) {
  ScoreColumns& c = columns_;
  const uint8_t* part = bounds_->part(step.scored) + first_word;
  if (step.clause->kind == ClauseKind::kMust) {
    for (size_t i = 0; i < count; ++i) c.rests[i] -= part[c.offsets[i] / kWordDocs];
    return;
  }
  for (size_t i = 0; i < held_; ++i) {
    c.rests[c.held_rows[i]] -= part[c.held_offsets[i] / kWordDocs];
  }
}

// Where every row matches, so many of them score more than this whatever is added.
float FlatScorer::ReachedByNow(size_t count, uint32_t k) {
  if (has_phrase_ || count <= k) return kNoThreshold;
  ScoreColumns& c = columns_;
  float* const sums = c.reaches.data();
  for (size_t i = 0; i < count; ++i) sums[i] = static_cast<float>(c.sums[i]);
  // Rounding keeps order, so that their scores are not less; who ties with them may come before.
  return std::nextafter(ReachedBy({sums, count}, k), -std::numeric_limits<float>::infinity());
}

size_t FlatScorer::Prune(const Step& step, size_t count, float threshold) {
  ScoreColumns& c = columns_;
  // Without bounds of words all rests are kUnbounded, of any unit.
  const double unit =
      bounds_ != nullptr ? bounds_->unit() : std::numeric_limits<double>::infinity();
  kernels_.reaches(c.sums.data(), c.rests.data(), unit, step.later_greatest, FlatBounds::kSumMargin,
                   count, c.reaches.data());
  const size_t kept =
      kernels_.filter_greater(c.reaches.data(), count, threshold, c.held_rows.data());
  if (count - kept < count / kWorthMoving) return count;
  KeepRows(c.held_rows.data(), kept);
  return kept;
}

void FlatScorer::KeepRows(const uint32_t* rows, size_t kept) {
  ScoreColumns& c = columns_;
  row_mask_holds_ = false;
  for (size_t i = 0; i < kept; ++i) {
    const uint32_t row = rows[i];
    c.offsets[i] = c.offsets[row];
    c.sums[i] = c.sums[row];
    c.rests[i] = c.rests[row];
  }
  if (!probes_) return;
  for (size_t i = 0; i < kept; ++i) c.rows[i] = c.rows[rows[i]];
}

void FlatScorer::OfferRows(size_t count, uint64_t base, float threshold, TopK* top_k) {
  ScoreColumns& c = columns_;
  for (size_t i = 0; i < count; ++i) c.scores[i] = static_cast<float>(c.sums[i]);
  size_t better =
      threshold != kNoThreshold
          ? kernels_.filter_greater(c.scores.data(), count, threshold, c.held_rows.data())
          : kernels_.filter_at_least(c.scores.data(), count, top_k->threshold(),
                                     c.held_rows.data());
  if (better > kManyOffers * top_k->k()) {
    better =
        KeepBestRows(c.scores.data(), top_k->k(), better, c.held_rows.data(), c.reaches.data());
  }
  for (size_t i = 0; i < better; ++i) {
    const uint32_t row = c.held_rows[i];
    top_k->Offer({base + c.offsets[row], c.scores[row]});
  }
  top_k->TightenThreshold();
}

}  // namespace segue::exec

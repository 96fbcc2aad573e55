// SPDX-License-Identifier: Apache-2.0
//
// A list's bounds come from its window map if that was built for statistics near the query's; else
// every word that may hold the list gets the list's greatest score. Where the list is present is
// known from the map (0 means absent under any statistics) or from the documents of a short list.
#include "engine/exec/flat_bounds.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/exec/nth_greatest.h"
#include "engine/rank/score_bound.h"

namespace segue::exec {
namespace {

constexpr uint32_t kWordShift = 6;
static_assert(1u << kWordShift == kWordDocs);

// A threshold rises while documents come in: so much above the one at hand is still told apart, at
// first and once the best words have been looked at.
constexpr double kFirstHeadroom = 4;
constexpr double kHeadroom = 1.25;
constexpr double kWorthRefining = 0.6;  // less of the unit

// The map's bytes, the greatest of each word, to a row of a byte per word.
void SpreadMap(const BoundList& bounds, size_t words, uint8_t* row) {
  const std::span<const uint8_t> map = bounds.windows();
  const uint32_t shift = bounds.window_shift();
  if (shift >= kWordShift) {
    words = std::min(words, map.size() << (shift - kWordShift));
    ActiveKernels().repeat_bytes(map.data(), shift - kWordShift, words, row);
    return;
  }
  static_assert(kMinWindowShift + 1 == kWordShift && kWindowPadding % 2 == 0);
  ActiveKernels().max_of_pairs(map.data(), std::min(words, map.size() / 2), row);
}

// A float that is not below the number.
float AtLeast(double number) { return static_cast<float>(number * (1 + 0x1p-20)); }

}  // namespace

FlatBounds::FlatBounds(const std::vector<FlatClause>& clauses, bool needs_should,
                       uint32_t doc_count, float threshold, SearchScratch* scratch)
    : kernels_(ActiveKernels()),
      scratch_(scratch),
      words_((doc_count + kWordDocs - 1) / kWordDocs),
      sums_(scratch->sums(words_).data()),
      row_(scratch->TakeBytes(words_)) {
  bool must = false;
  for (const FlatClause& clause : clauses) {
    if (clause.kind == ClauseKind::kFilter) MapOf(clause.list.get(), &filters_.emplace_back());
    if (!IsScored(clause.kind)) continue;
    ScoredClause& scored = scored_.emplace_back(BoundsOf(clause));
    scored.part = scratch->TakeBytes(words_);
    must = must || scored.must;
    total_ += scored.greatest;
  }
  zero_may_match_ = !filters_.empty() && !must && !needs_should;
  unit_ = UnitFor(kFirstHeadroom * static_cast<double>(threshold));
  Fill();
}

// Each window has a document that is as good as its byte says.
float FlatBounds::ReachedBy(const TermSource& source, const Bm25Scorer& similarity, uint32_t k,
                            float above) {
  if (!source.has_map() || k == 0) return above;
  const std::span<const uint8_t> map = source.bounds->windows();
  const auto score_of = [&](uint8_t byte) { return source.ReachedInWindow(similarity, byte); };
  const uint32_t first =
      FirstByte([&](uint8_t byte) { return score_of(byte) > std::max(above, 0.0f); });
  if (first > 255) return above;
  const uint32_t byte = NthGreatest(map, k, first);
  return byte == 0 ? above : score_of(static_cast<uint8_t>(byte));
}

FlatBounds::ListBound FlatBounds::BoundOf(FlatList* list) {
  ListBound bound;
  const Bm25Scorer& similarity = list->similarity();
  const TermSource& source = list->source();
  if (source.HasUsableMap(similarity)) {
    const LinearBound linear =
        LinearWindowBound(similarity, source.bounds_built_with, source.tf_range());
    bound.step = linear.step;
    bound.offset = linear.offset;
    bound.greatest = 255 * linear.step + linear.offset;
  } else {
    bound.offset = bound.greatest = list->MaxScore();
  }
  MapOf(list, &bound);
  return bound;
}

FlatBounds::ScoredClause FlatBounds::BoundsOf(const FlatClause& clause) {
  ScoredClause scored{.must = clause.kind == ClauseKind::kMust};
  if (clause.phrase == nullptr) {
    scored.lists.push_back(BoundOf(clause.list.get()));
  } else {
    for (const auto& term : clause.phrase->terms()) scored.lists.push_back(BoundOf(term.get()));
  }
  scored.greatest = std::numeric_limits<double>::infinity();
  for (const ListBound& bound : scored.lists) {
    scored.greatest = std::min(scored.greatest, bound.greatest);
  }
  return scored;
}

// The list's map, the greatest byte of each word; where it has none, 1 in each word that may hold
// it.
void FlatBounds::MapOf(FlatList* list, ListBound* bound) {
  if (list->source().has_map() && list->source().bounds->window_shift() == kWordShift) {
    const std::span<const uint8_t> map = list->source().bounds->windows();
    bound->map = map.data();
    bound->map_words = static_cast<uint32_t>(std::min<size_t>(map.size(), words_));
    return;
  }
  std::vector<uint8_t>& row = *scratch_->TakeBytes(words_);
  bound->map = row.data();
  bound->map_words = words_;
  if (list->source().has_map()) {
    SpreadMap(*list->source().bounds, words_, row.data());
  } else if (list->is_short()) {
    std::fill(row.begin(), row.end(), uint8_t{0});
    for (const DocId doc : list->AllDocs()) row[doc >> kWordShift] = 1;
  } else {
    std::fill(row.begin(), row.end(), uint8_t{1});
  }
}

// `score`: what a sum of bytes should still reach, if it is above 0.
double FlatBounds::UnitFor(double score) const {
  // Each list may round up by one; with so many that this fills the byte, sums saturate.
  const double steps = std::max(64.0, 254.0 - static_cast<double>(scored_.size()));
  const double wanted = score > 0 ? std::min(total_, score) : total_;
  return std::max({wanted / steps, total_ / kUnitsOfAll, 1e-30});
}

void FlatBounds::Refine(float threshold) {
  const double unit = UnitFor(kHeadroom * static_cast<double>(threshold));
  if (unit > kWorthRefining * unit_) return;
  unit_ = unit;
  Fill();
}

void FlatBounds::Fill() {
  std::fill_n(sums_, words_, uint16_t{zero_may_match_});
  for (const ScoredClause& clause : scored_) {
    FillPart(clause.lists[0], clause.part);
    for (size_t i = 1; i < clause.lists.size(); ++i) {
      FillPart(clause.lists[i], row_);
      for (size_t w = 0; w < words_; ++w) {
        (*clause.part)[w] = std::min((*clause.part)[w], (*row_)[w]);
      }
    }
    AddToSums(clause);
  }
  // Once all are added: a clause that comes later may add where a required one has nothing.
  for (const ScoredClause& clause : scored_) {
    if (clause.must) kernels_.keep_where_nonzero(sums_, clause.part->data(), words_);
  }
  for (const ListBound& filter : filters_) {
    kernels_.keep_where_nonzero(sums_, filter.map, filter.map_words);
    std::fill(sums_ + filter.map_words, sums_ + words_, uint16_t{0});
  }
}

void FlatBounds::FillPart(const ListBound& bound, std::vector<uint8_t>* part) const {
  kernels_.scale_u8(bound.map, AtLeast(bound.step / unit_), AtLeast(bound.offset / unit_),
                    bound.map_words, part->data());
  std::fill(part->begin() + bound.map_words, part->end(), uint8_t{0});
}

void FlatBounds::AddToSums(const ScoredClause& clause) {
  if (clause.lists.size() == 1) {
    const ListBound& bound = clause.lists[0];
    kernels_.add_scaled_u16(sums_, bound.map, AtLeast(256 * bound.step / unit_),
                            AtLeast(256 * bound.offset / unit_), bound.map_words);
  } else {
    // 255, which bounds nothing, becomes the sum that bounds nothing.
    kernels_.add_scaled_u16(sums_, clause.part->data(), 257, 0, words_);
  }
}

namespace {

// The first of the numbers up to `greatest` of which the threshold is not known to be out of reach.
uint32_t FirstAbove(double step, float threshold, uint32_t greatest) {
  if (!(threshold >= 0)) return 0;
  const auto above = [&](double sum) {
    return static_cast<float>(sum * step * FlatBounds::kSumMargin) > threshold;
  };
  const double near = std::floor(threshold / FlatBounds::kSumMargin / step) - 1;
  double sum = std::clamp(near, 0.0, static_cast<double>(greatest));
  while (sum > 0 && above(sum - 1)) --sum;
  while (sum < greatest && !above(sum)) ++sum;
  return static_cast<uint32_t>(sum);
}

}  // namespace

uint8_t FlatBounds::LeastByte(float threshold) const {
  const uint32_t least = FirstAbove(unit_, threshold, 255);
  return static_cast<uint8_t>(std::max(least, zero_may_match_ ? 0u : 1u));
}

uint16_t FlatBounds::LeastSum(float threshold) const {
  const uint32_t base = zero_may_match_ ? 1 : 0;
  const uint32_t least = FirstAbove(unit_ / 256, threshold, 65535 - base) + base;
  return static_cast<uint16_t>(std::max(least, 1u));
}

uint16_t FlatBounds::SumOfBest(uint32_t count, uint16_t least) const {
  const std::span<const uint16_t> sums(sums_, words_);
  return static_cast<uint16_t>(std::max<uint32_t>(least, NthGreatest(sums, count, least)));
}

}  // namespace segue::exec
